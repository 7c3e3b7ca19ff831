package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "github.com/undercity/undercity"

// mayImport is which of our packages those below a folder may import, tests aside. The longest folder that fits holds; "x/..." is x and
// all below it. Relaxing a row is a decision with a reason.
var mayImport = map[string][]string{
	"geometry":         {},
	"geometry/crs":     {"geometry"},
	"geometry/crs/gen": {"geometry/crs"},
	// The domain imports metres and coordinates, and its packages their root.
	"twin":             {"geometry/..."},
	"twin/db":          {},
	"twin/zh":          {},
	"twin/store":       {"geometry/...", "twin", "twin/db"},
	"twin/storetest":   {"geometry/...", "twin"},
	"twin/generate":    {"geometry/...", "twin"},
	"twin/formats":     {"geometry/...", "twin"},
	"twin/formats/inp": {"geometry/...", "twin", "twin/formats"},
	// What the tests of all formats share.
	"twin/formats/formatstest": {"geometry/...", "twin", "twin/formats", "twin/store"},
	// Formats know nothing of each other; what several of one family share is a package of its own.
	"twin/formats/cjj61":   {"geometry/...", "twin", "twin/formats"},
	"twin/formats/swmm":    {"geometry/...", "twin", "twin/formats", "twin/formats/inp"},
	"twin/formats/epanet":  {"geometry/...", "twin", "twin/formats", "twin/formats/inp"},
	"twin/formats/feature": {"geometry/...", "twin", "twin/formats"},
	"twin/formats/geojson": {"geometry/...", "twin", "twin/formats", "twin/formats/feature"},
	// A twin's own file is read by the package that writes it, so that its tables have one owner.
	"twin/formats/gpkg": {"geometry/...", "twin", "twin/formats", "twin/formats/feature", "twin/db", "twin/store"},
	"tiles":             {"geometry/...", "twin", "tiles/..."},
	// What contents and files are made of knows no twin.
	"tiles/archive":  {"tiles/compress"},
	"tiles/compress": {},
	"tiles/glb":      {"geometry", "tiles/meshopt"},
	"tiles/local":    {"geometry/..."},
	"tiles/meshopt":  {},
	"tiles/mvt":      {},
	"tiles/subtree":  {},
	// What draws a twin stands on these, and the root on what draws: there are no arrows back.
	"tiles/likeness": {"geometry", "twin", "tiles/glb"},
	"tiles/draw":     {"geometry", "twin", "tiles/glb", "tiles/likeness", "tiles/local"},
	"tiles/model":    {"geometry/...", "twin", "tiles/draw", "tiles/likeness", "tiles/local"},
	// Vector tiles share nothing with 3D ones but who keeps them: the root imports them, and they their encoder.
	"tiles/vector":     {"geometry/...", "twin", "tiles/mvt"},
	"sensors":          {"geometry/...", "twin"},
	"server":           {"geometry/...", "twin/...", "tiles", "tiles/compress", "sensors/...", "server/..."},
	"tiles/mark":       {},
	"server/auth":      {"twin", "twin/db", "server/trail"},
	"server/trail":     {"twin", "twin/db"},
	"server/limit":     {"geometry", "twin", "twin/db"},
	"server/rights":    {"geometry/...", "twin", "server/auth"},
	"server/rest":      {"geometry/...", "twin", "twin/formats", "twin/zh", "tiles", "tiles/compress", "tiles/mark", "server/auth", "server/rights", "server/limit", "server/trail"},
	"server/rest/docs": {},
	"viewer":           {},
	"cmd/undercity":    {"geometry/...", "twin/...", "tiles", "tiles/archive", "tiles/mark", "sensors/...", "server/...", "viewer"},
}

// doors is which folders may import a heavy dependency.
var doors = map[string][]string{
	"github.com/gin-gonic/gin":            {"server"},
	"modernc.org/sqlite":                  {"twin/db"},
	"github.com/jackc/pgx":                {"twin/db"},
	"github.com/tidwall/rtree":            {"twin"},
	"github.com/tidwall/btree":            {"twin"},
	"github.com/qmuntal/gltf":             {"tiles/model"},
	"github.com/eclipse/paho.mqtt":        {"sensors/mqtt"},
	"github.com/mochi-mqtt/server":        {"sensors/mqtt"},
	"github.com/xuri/excelize":            {"twin/formats/cjj61"},
	"github.com/thedatashed/xlsxreader":   {"twin/formats/cjj61"},
	"golang.org/x/crypto":                 {"server/auth"},
	"github.com/spf13/cobra":              {"cmd/undercity"},
	"github.com/goccy/go-yaml":            {"cmd/undercity", "server/rest/docs"},
	"github.com/schollz/progressbar":      {"cmd/undercity"},
	"github.com/paulmach/orb":             {"geometry", "twin/formats", "twin/store", "tiles", "server"},
	"github.com/prometheus/client_golang": {"server"},
}

type goPackage struct {
	ImportPath string
	Doc        string
	Imports    []string
	DepOnly    bool
}

func list(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Doc,Imports"}, args...)...)
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// within reports whether a package's path lies in a folder.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func allowed(path string, rows []string) bool {
	for _, r := range rows {
		if all, ok := strings.CutSuffix(r, "/..."); ok && within(path, all) || path == r {
			return true
		}
	}
	return false
}

// TestImports holds every package to the policy, on both the viewer that is built and its placeholder.
func TestImports(t *testing.T) {
	for _, tags := range []string{"", "viewer"} {
		for _, p := range list(t, "-tags="+tags, "./...") {
			path := strings.TrimPrefix(p.ImportPath, module+"/")
			folder := ""
			for f := range mayImport {
				if within(path, f) && len(f) > len(folder) {
					folder = f
				}
			}
			if folder == "" {
				t.Errorf("%s lies in no folder of the house", path)
				continue
			}
			if p.Doc == "" {
				t.Errorf("%s has no package comment", path)
			}
			for _, i := range p.Imports {
				if mine, ok := strings.CutPrefix(i, module+"/"); ok {
					if !allowed(mine, mayImport[folder]) && mine != path {
						t.Errorf("%s imports %s, which %s may not", path, mine, folder)
					}
					continue
				}
				for dep, folders := range doors {
					if !within(i, dep) {
						continue
					}
					open := false
					for _, f := range folders {
						// The twin's root alone holds the trees; elsewhere a door is the folder with all below it.
						open = open || path == f || within(path, f) && f != "twin"
					}
					if !open {
						t.Errorf("%s imports %s, whose door is %s", path, i, strings.Join(folders, ", "))
					}
				}
			}
		}
	}
}

// TestLibcOfSQLite holds modernc.org/libc to the version that the SQLite we use was made with: another one fails at run time.
func TestLibcOfSQLite(t *testing.T) {
	version := func(file string) string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)^\s*(?:require )?modernc\.org/libc (\S+)`).FindSubmatch(b)
		if m == nil {
			t.Fatalf("%s does not name modernc.org/libc", file)
		}
		return string(m[1])
	}
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "modernc.org/sqlite")
	cmd.Dir = "../.."
	dir, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if ours, theirs := version("../../go.mod"), version(filepath.Join(strings.TrimSpace(string(dir)), "go.mod")); ours != theirs {
		t.Errorf("go.mod has modernc.org/libc %s, SQLite was made with %s", ours, theirs)
	}
}
