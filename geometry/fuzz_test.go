package geometry_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
)

// FuzzStructure reads any structure, and makes the parts of those that pass their check: closed, finite, within reach.
func FuzzStructure(f *testing.F) {
	for _, s := range structures() {
		b, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, 50.0, 10.0, 1.0)
	}
	f.Add([]byte(`{"pipe":{"outline":[{"x":-1,"y":1},{"x":0,"y":-1},{"x":1,"y":1}],"open":true}}`), 1.0, 0.0, 5.0)
	f.Fuzz(func(t *testing.T, text []byte, e, n, h float64) {
		if len(text) > 4000 || !(math.Abs(e) < 300 && math.Abs(n) < 300 && math.Abs(h) < 300) {
			return
		}
		s := &geometry.Structure{}
		if json.Unmarshal(text, s) != nil || s.Check() != nil {
			return
		}
		axis := []geometry.Point{{E: 1, N: 2, H: 3}, {E: 1 + e, N: 2 + n, H: 3 + h}, {E: 1 + e + n, N: 2 + n - h, H: 3 + h}}
		if s.Space != nil {
			axis = append(axis, axis[0])
		}
		for _, sec := range []geometry.Section{{}, geometry.Round(1, 0.1), {Shape: geometry.Rectangle, Width: 4, Height: 3, Wall: 0.3}} {
			for _, p := range s.Parts(axis, sec, geometry.Detail{Bottom: 0, Err: 0.1}) {
				for _, v := range p.Whole(8).Positions {
					if !v.IsFinite() {
						t.Fatalf("%s %d: %v", p.Name, p.Index, v)
					}
				}
			}
		}
		good(t, s, axis, geometry.Section{Shape: geometry.Rectangle, Width: 4, Height: 3, Wall: 0.3}, geometry.Detail{Bottom: 0, Err: 0.1})
	})
}
