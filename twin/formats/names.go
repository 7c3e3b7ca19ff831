package formats

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// distinct gives files of one name, which lay in different folders, names by which reports tell them apart.
func distinct(files []File) []File {
	files = slices.Clone(files)
	taken := map[string]bool{}
	for i := range files {
		name, ending := files[i].Name, filepath.Ext(files[i].Name)
		for n := 2; taken[files[i].Name]; n++ {
			files[i].Name = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ending), n, ending)
		}
		taken[files[i].Name] = true
	}
	return files
}
