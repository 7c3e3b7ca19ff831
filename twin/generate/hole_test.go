package generate_test

import (
	"math"
	"slices"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// wallVolume is the volume of the walls of an asset with a structure.
func wallVolume(a *twin.Asset, s geometry.Structure) (v float64) {
	bottom := math.NaN()
	if a.Kind == twin.KindChamber && !twin.IsUnknown(a.Bottom) {
		bottom = a.Bottom
	}
	for _, p := range s.Parts(a.Line, a.Section, geometry.Detail{Bottom: bottom}) {
		switch p.Name {
		case "lid", "floor", "slab", "opening", "rungs", "inside", "brackets", "fireDoor", "fireDoorLeaf", "passage", "portal", "roadway", "edgeLines", "laneLines":
		default:
			if p.Name != "shaft" || a.Kind == twin.KindChamber {
				v += p.Mesh.Volume()
			}
		}
	}
	return v
}

// TestWallsOfTheDemoAreOpen takes each opening, shaft and passage away in turn: with it, the walls have less volume by about the hole.
func TestWallsOfTheDemoAreOpen(t *testing.T) {
	cut, closed := map[string]int{}, map[string]int{}
	hold := func(what string, a *twin.Asset, without geometry.Structure, least float64) {
		if got := wallVolume(a, without) - wallVolume(a, *a.Structure); got > least {
			cut[what]++
		} else {
			closed[what]++
			if closed[what] < 4 {
				t.Logf("%s of %s: %.4f m³ are taken out, less than %.4f", what, a.ID, got, least)
			}
		}
	}
	some := 0
	for a := range demo(t).Assets {
		switch s := a.Structure; {
		case s == nil:
		case s.Chamber != nil:
			if some++; some%5 != 0 || twin.IsUnknown(a.Bottom) {
				continue
			}
			for i, o := range s.Chamber.Openings {
				if o.Diameter == 0 || o.Invert+1.2*o.Diameter > a.Line[0].H-0.7 {
					continue // nobody knows how large it is, or it enters where there is but the narrow shaft
				}
				c := *s.Chamber
				c.Openings = slices.Delete(slices.Clone(c.Openings), i, i+1)
				hold("opening", a, geometry.Structure{Chamber: &c}, 0.5*math.Pi/4*o.Diameter*o.Diameter*c.Wall)
			}
		case s.Gallery != nil:
			for i, h := range s.Gallery.Shafts {
				g := *s.Gallery
				g.Shafts = slices.Delete(slices.Clone(g.Shafts), i, i+1)
				hold("shaft of a gallery", a, geometry.Structure{Gallery: &g}, 0.5*h.Plan.Area()*a.Section.Wall)
			}
		case s.Tunnel != nil:
			for i, h := range s.Tunnel.Shafts {
				u := *s.Tunnel
				u.Shafts = slices.Delete(slices.Clone(u.Shafts), i, i+1)
				hold("shaft of a tunnel", a, geometry.Structure{Tunnel: &u}, 0.2*h.Plan.Width*u.Tubes[0].Wall)
			}
			for i, h := range s.Tunnel.Passages {
				u := *s.Tunnel
				u.Passages = slices.Delete(slices.Clone(u.Passages), i, i+1)
				hold("passage", a, geometry.Structure{Tunnel: &u}, h.Width*h.Height*u.Tubes[0].Wall)
			}
		}
	}
	for _, what := range []string{"opening", "shaft of a gallery", "shaft of a tunnel", "passage"} {
		if cut[what] == 0 || closed[what] > 0 {
			t.Errorf("%s: %d are open, %d closed", what, cut[what], closed[what])
		}
	}
}
