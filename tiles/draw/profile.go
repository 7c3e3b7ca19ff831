package draw

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/local"
)

// profile is the straight run of a section that is neither a full cylinder nor a full block (egg, arch, pipe with a bore, duct bank …), as a unit that is
// drawn many times: from −1 to 1 along X, and as wide and high as 1 on the farther side.
type profile struct {
	section       geometry.Section
	unit          *glb.Unit
	width, height float64 // metres that 1 stands for
	in            [2]glb.Instances
	part          *uint32 // the first index of the unit, of a part that repeats it
}

// outlinePoints is how many points a full turn of a curved outline has.
const outlinePoints = 24

func newProfile(s geometry.Section) *profile {
	solid := s.Profile(outlinePoints)
	p := &profile{section: s}
	for _, o := range solid.Outer {
		p.width, p.height = max(p.width, math.Abs(o.X)), max(p.height, math.Abs(o.Y))
	}
	if p.width == 0 || p.height == 0 {
		return p
	}
	for _, l := range append(solid.Bores, solid.Outer) {
		for i := range l {
			l[i].X /= p.width
			l[i].Y /= p.height
		}
	}
	p.unit = glb.NewUnit(geometry.SweepProfile([]geometry.Point{{E: -1}, {E: 1}}, solid, nil))
	return p
}

// maxProfiles bounds the profiles of a content: a city has a few sections in use, while one mesh each of a thousand measured ones would cost more than it
// saves.
const maxProfiles = 16

// extrude draws the one straight piece of an asset, unless there are too many profiles.
func (b *builder) extrude(s geometry.Section, id uint32, hatch int) bool {
	d := b.local[1].Sub(b.local[0])
	l := d.Len()
	if l < minPiece/2 {
		return true
	}
	var p *profile
	for _, have := range b.profiles {
		if have.part == nil && have.section == s {
			p = have
		}
	}
	if p == nil {
		if len(b.profiles) >= maxProfiles {
			return false
		}
		p = newProfile(s)
		b.profiles = append(b.profiles, p)
	}
	if p.unit != nil {
		turn := local.TurnAlong(d.Scale(1 / l))
		if s.IsRound() {
			turn = local.RoundTurn(d.Scale(1 / l))
		}
		p.in[hatch].Lay(b.local[0].Lerp(b.local[1], 0.5), turn, [3]float64{l / 2, p.width, p.height}, id)
	}
	return true
}
