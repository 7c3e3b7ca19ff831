package likeness

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// plainWords are the words of drawn_as at which nothing stands that could be seen, and those of chambers.
var plainWords = map[string]bool{"point": true, "bend": true, "tee": true, "cross": true, "reducer": true, "joint": true, "service": true, "boundary": true, "chamber_edge": true,
	"manhole": true, "valve_chamber": true, "meter_chamber": true, "hydrant_chamber": true, "weir_chamber": true, "well": true, "handhole": true, "shaft": true}

// TestEveryWordHasALikeness goes through the table of what stands at nodes.
func TestEveryWordHasALikeness(t *testing.T) {
	used := map[string]bool{}
	for _, f := range twin.Standard().PointFeatures() {
		used[f.DrawnAs] = true
		if m := likenesses()[f.DrawnAs]; (m == nil) != plainWords[f.DrawnAs] {
			t.Errorf("%s is drawn as %q, which has a likeness: %t", f.Term, f.DrawnAs, m != nil)
		}
	}
	for word := range likenesses() {
		if !used[word] {
			t.Errorf("nothing is drawn as %q", word)
		}
	}
}

// TestLikenessesAreClosed wants each likeness watertight, facing outwards, of a usual size and cheap.
func TestLikenessesAreClosed(t *testing.T) {
	for word, m := range likenesses() {
		if n := len(m.mesh.Positions); n > 320 {
			t.Errorf("%s has %d vertices", word, n)
		}
		if v := m.mesh.Volume(); v < 1e-4 {
			t.Errorf("%s has a volume of %.5f m³: it is inside out", word, v)
		}
		if s := m.Reach.Size(); m.Size > 12 || s.E < 0.02 || s.N < 0.02 || s.H < 0.02 || m.ground && (m.Reach.Min.H < -1 || m.Reach.Max.H < 0.02) {
			t.Errorf("%s reaches %v", word, m.Reach)
		}
		edges := map[[6]int]int{}
		key := func(a, b geometry.Point) [6]int {
			q := func(v float64) int { return int(math.Round(v * 1e5)) }
			return [6]int{q(a.E), q(a.N), q(a.H), q(b.E), q(b.N), q(b.H)}
		}
		for i := 0; i < len(m.mesh.Indices); i += 3 {
			for k := range 3 {
				a, b := m.mesh.Positions[m.mesh.Indices[i+k]], m.mesh.Positions[m.mesh.Indices[i+(k+1)%3]]
				edges[key(a, b)]++
				edges[key(b, a)]--
			}
			a, b, c := m.mesh.Positions[m.mesh.Indices[i]], m.mesh.Positions[m.mesh.Indices[i+1]], m.mesh.Positions[m.mesh.Indices[i+2]]
			if n := b.Sub(a).Cross(c.Sub(a)); n.Dot(m.mesh.Normals[m.mesh.Indices[i]]) <= 0 {
				t.Errorf("%s: triangle %d faces away from its normal", word, i/3)
			}
		}
		for e, n := range edges {
			if n != 0 {
				t.Errorf("%s is open at %v", word, e)
				break
			}
		}
	}
}
