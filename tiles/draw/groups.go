package draw

import (
	"github.com/undercity/undercity/tiles/glb"
)

// glb returns the content as a GLB. colour is the layer's, linear.
func (b *builder) glb(colour [3]float64) ([]byte, error) {
	c := glb.Content{Colour: colour, Groups: b.gather(), Surfaces: &b.surfaces, Lines: &b.lines, Table: &b.table}
	c.Turn, c.At = b.place.YUp()
	return c.Encode()
}

// gather lists the groups that are not empty.
func (b *builder) gather() (list []glb.Group) {
	add := func(u *glb.Unit, in *glb.Instances, hatch, stance int, axis bool) bool {
		if in.Len() == 0 {
			return false
		}
		list = append(list, glb.Group{Unit: u, In: in, Hatch: hatch, Whole: stance == stancePlain, Axis: axis && b.axes})
		return true
	}
	for hatch := range 2 {
		for u := range b.units {
			for stance := range stances {
				in := &b.units[u][hatch][stance]
				if !add(glb.UnitFor(u, in), in, hatch, stance, stance != stanceUpright) || !glb.IsShaft(u) {
					continue
				}
				if n := len(list); n > 1 && list[n-2].Lids > 0 && list[n-2].Hatch == hatch {
					list[n-2].Lids++
				} else {
					list[n-1].Lids = 1
				}
			}
		}
		for _, m := range b.likenesses {
			add(m.of.Unit, &m.in[hatch], hatch, stanceUpright, false)
		}
		for _, m := range b.repeated {
			for stance := range m.in[hatch] {
				add(m.unit, &m.in[hatch][stance], hatch, stance, m.line)
			}
		}
		for _, p := range b.profiles {
			add(p.unit, &p.in[hatch], hatch, stanceAlong, true)
		}
	}
	return list
}
