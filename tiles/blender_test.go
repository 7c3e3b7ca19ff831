package tiles_test

import (
	"encoding/json"
	"math"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
)

// blenderObject is what Blender made of a node of a model.
type blenderObject struct {
	Name, Parent string
	Triangles    int
	Low, High    [3]float64
	Volume       float64
	Materials    []string
}

// numbered is what Blender puts behind a name that is there already.
var numbered = regexp.MustCompile(`\.\d{3}$`)

// TestBlenderReadsModels imports one model of each kind and a cut-out of all into headless Blender: it finds the same objects under the same names, each as
// large, in its place, and with the same volume, which tells a surface that is open or turned inside out.
func TestBlenderReadsModels(t *testing.T) {
	if _, err := exec.LookPath("blender"); err != nil {
		t.Skip("Blender is not installed: run make packages")
	}
	tw := open(t, yard())
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	dir := t.TempDir()
	want := map[string]*plainNode{}
	write := func(name string, r tiles.Result, err error) {
		t.Helper()
		writeModel(t, dir, name, r, err)
		want[name] = plainModel(t, r.Body)
	}
	for r := range s.All {
		m, err := g.Model(t.Context(), v, r.ID())
		write(r.ID()+".glb", m, err)
	}
	e := s.Frame().Degrees(s.Extent())
	cut, err := g.CutOut(t.Context(), v, crs.Box{West: e[0], South: e[1], East: e[2], North: e[3], Low: math.Inf(-1), High: math.Inf(1)})
	write("all.glb", cut, err)
	out, err := exec.CommandContext(t.Context(), "blender", "--background", "--factory-startup", "--python-exit-code", "3", "--python", "testdata/blender/read.py", "--", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		text, ok := strings.CutPrefix(line, "MODEL ")
		if !ok {
			continue
		}
		var got struct {
			File    string
			Objects []blenderObject
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		checkBlender(t, got.File, want[got.File], got.Objects)
		delete(want, got.File)
	}
	for name := range want {
		t.Errorf("Blender has not read %s", name)
	}
}

// checkBlender holds what Blender found in a model against what is in it. Blender has Z up and turns models so: its Y is our −Z.
func checkBlender(t *testing.T, file string, root *plainNode, got []blenderObject) {
	t.Helper()
	all := root.all()
	if len(got) != len(all) {
		t.Errorf("%s: %d objects, want %d", file, len(got), len(all))
		return
	}
	left := slices.Clone(got)
	for _, n := range all {
		best, off := -1, math.Inf(1)
		box := geometry.BoxOf(n.mesh.Positions...)
		for i, o := range left {
			if numbered.ReplaceAllString(o.Name, "") != n.name || o.Triangles != len(n.mesh.Indices)/3 {
				continue
			}
			d := 0.0
			if o.Triangles > 0 {
				for k, w := range [...][2]float64{{box.Min.E, box.Max.E}, {-box.Max.H, -box.Min.H}, {box.Min.N, box.Max.N}} {
					d = max(d, math.Abs(o.Low[k]-w[0]), math.Abs(o.High[k]-w[1]))
				}
				if len(o.Materials) != 1 {
					t.Errorf("%s: %s has materials %v", file, o.Name, o.Materials)
				}
			}
			if d < off {
				best, off = i, d
			}
		}
		if best < 0 || off > 1e-3 {
			t.Errorf("%s: %q is not there as large and in its place: off by %.4f m", file, n.name, off)
			continue
		}
		if want := n.mesh.Volume(); math.Abs(left[best].Volume-want) > 0.001*want+1e-4 {
			t.Errorf("%s: %q holds %.4f m³, want %.4f", file, n.name, left[best].Volume, want)
		}
		left = slices.Delete(left, best, best+1)
	}
}
