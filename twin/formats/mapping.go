package formats

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/undercity/undercity/twin"
)

// Mapping says for the names of columns or properties of a file which field they are. It goes before the names that are known.
type Mapping map[string]string

// Bounds of a file that maps names to fields.
const (
	maxMappings    = 1000
	maxMappingName = 200 // bytes
)

// ReadMapping reads a table of two columns, the name in the file and the field it is; a first row "name,field" and rows that begin with # are passed over.
// It fails with a *twin.Error of kind Invalid that names the line. fields are those there are.
func ReadMapping(file string, r io.Reader, fields []string) (Mapping, error) {
	c := csv.NewReader(r)
	c.Comment, c.TrimLeadingSpace, c.FieldsPerRecord = '#', true, -1
	m := Mapping{}
	for first := true; ; first = false {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: the row cannot be read as CSV", file, parse.Line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, _ := c.FieldPos(0)
		if len(row) != 2 {
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: a row has two columns, the name in the file and the field", file, line)
		}
		name, field := strings.TrimSpace(strings.TrimPrefix(row[0], "\ufeff")), strings.TrimSpace(row[1])
		_, twice := m[name]
		switch {
		case first && name == "name" && field == "field":
			continue
		case name == "" || len(name) > maxMappingName:
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: a name of 1 to %d bytes is wanted", file, line, maxMappingName)
		case !slices.Contains(fields, field):
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: %.60q is not a field", file, line, field).WithHint("use one of %s", strings.Join(fields, ", "))
		case twice:
			return nil, twin.Errorf(twin.Invalid, "%s, line %d: %q stands there twice", file, line, name)
		case len(m) == maxMappings:
			return nil, twin.Errorf(twin.Invalid, "%s has more than %d rows", file, maxMappings)
		}
		m[name] = field
	}
	if len(m) == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s maps no name to a field", file)
	}
	return m, nil
}
