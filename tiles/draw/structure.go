package draw

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/twin"
)

const (
	// structureErr is how far a side of a structure's curve may lie from it, metres: a metro tube of 6 m then has 16 sides.
	structureErr = 0.06
	// axisErr is how far the axis of a structure may lie from the one it is drawn with, metres.
	axisErr = 0.04
	// longestPiece is the longest piece of a structure without a vertex of its own, metres: the earth falls 1 mm away from the middle of it.
	longestPiece = 200.0
)

// structure draws an asset by its structure: what stands many times as instances, the rest as meshes.
func (b *builder) structure(d *drawing, s *geometry.Structure, id uint32) {
	switch {
	case s.Chamber != nil:
		b.chamberOf(d, s, id)
		return
	case s.Pipe != nil && isBent(s.Pipe, d.drawn):
		b.bentPipe(d, s.Pipe.BendRadius, id)
		return
	case s.Pipe != nil && b.straightRun(d, s.Pipe, id):
		return
	}
	axis := d.axis
	if d.rec.Kind().IsLine() {
		if len(axis) > 2 {
			axis = within(axis, axisErr)
		}
		axis = inPieces(axis, longestPiece)
		b.axisLines(axis, id)
	}
	b.parts(s.Parts(axis, d.drawn, geometry.Detail{Err: structureErr, Bottom: BottomOf(d.rec), Closed: true}), d.hatch, id)
}

// parts draws the parts of a structure. One that is too much for a content has only as many of its walls and every so manyth of its small things as there
// is room for; of the other walls the boxes around them are drawn.
func (b *builder) parts(list []geometry.Part, hatch int, id uint32) {
	walls, things := 0, 0
	for i := range list {
		walls += wallBytes(&list[i])
		things += bytesPiece * len(list[i].Elements)
	}
	room, every := structureRoom, 1
	if walls+things > structureRoom {
		room = structureRoom - min(things, structureRoom/4)
		every = 1 + things/max(1, structureRoom-min(walls, room))
	}
	for i := range list {
		p := &list[i]
		if every > 1 {
			thinned := make([]geometry.Element, 0, len(p.Elements)/every+1)
			for k := 0; k < len(p.Elements); k += every {
				thinned = append(thinned, p.Elements[k])
			}
			p.Elements = thinned
		}
		if cost := wallBytes(p); cost <= room {
			room -= cost
			b.surfaces[hatch].Add(b.here(p.Mesh), id)
		} else if room >= 2*bytesPiece {
			room -= bytesPiece
			box := geometry.BoxOf(p.Mesh.Positions...)
			half := box.Size().Scale(0.5)
			b.stand(glb.UnitBox, hatch, b.place.At(box.Center()), [3]float64{half.E, half.N, half.H}, id)
		}
		b.elements(*p, hatch, id)
	}
}

// structureRoom is how many bytes one structure may have in a content: a metro line of ten kilometres with the joints of its lining has half as many.
const structureRoom = 600_000

// wallBytes are those of the walls of a part in a content, about.
func wallBytes(p *geometry.Part) int { return 16*len(p.Mesh.Positions) + 2*len(p.Mesh.Indices) }

// BottomOf is the height a chamber is drawn down to, NaN of anything else.
func BottomOf(r twin.Record) float64 {
	if r.Kind() == twin.KindChamber {
		return r.DrawnBottom()
	}
	return math.NaN()
}

// inPieces puts vertices into what is longer than a piece may be.
func inPieces(axis []geometry.Point, longest float64) []geometry.Point {
	out := axis[:1:1]
	for i := 1; i < len(axis); i++ {
		n := math.Ceil(axis[i].Dist(axis[i-1]) / longest)
		for k := 1.0; k < n; k++ {
			out = append(out, axis[i-1].Lerp(axis[i], k/n))
		}
		out = append(out, axis[i])
	}
	return out
}

// axisLines draws an axis, so that what is thinner than a pixel is still seen.
func (b *builder) axisLines(axis []geometry.Point, id uint32) {
	if !b.axes {
		return
	}
	for i := 1; i < len(axis); i++ {
		b.lines.Add(b.place.At(axis[i-1]), b.place.At(axis[i]), id)
	}
}

// here takes a mesh of the plane to where the content has it.
func (b *builder) here(m geometry.Mesh) geometry.Mesh {
	if len(m.Positions) == 0 {
		return m
	}
	turn := b.turning(m.Positions[0])
	for i, p := range m.Positions {
		m.Positions[i] = b.place.At(p)
		m.Normals[i] = turn(m.Normals[i])
	}
	return m
}

// turning is how directions of the plane are turned at a place: by the convergence of the meridians, and over the curve of the earth.
func (b *builder) turning(at geometry.Point) func(geometry.Point) geometry.Point {
	o := b.place.At(at)
	var axes [3]geometry.Point
	for i, d := range [...]geometry.Point{{E: 1}, {N: 1}, {H: 1}} {
		axes[i] = b.place.At(at.Add(d)).Sub(o)
		axes[i] = axes[i].Scale(1 / axes[i].Len())
	}
	return func(v geometry.Point) geometry.Point {
		return axes[0].Scale(v.E).Add(axes[1].Scale(v.N)).Add(axes[2].Scale(v.H))
	}
}

// unitOf is where an element of a part goes.
func (b *builder) unitOf(p geometry.Part, e geometry.Element, hatch int) *glb.Instances {
	switch {
	case len(p.Unit.Indices) > 0:
		last := len(b.profiles) - 1
		if last < 0 || b.profiles[last].part != &p.Unit.Indices[0] {
			b.profiles = append(b.profiles, &profile{unit: glb.NewUnit(p.Unit), part: &p.Unit.Indices[0]})
			last++
		}
		return &b.profiles[last].in[hatch]
	case e.Round:
		return &b.units[glb.UnitPipe][hatch][stanceAlong]
	}
	return &b.units[glb.UnitBox][hatch][stanceAlong]
}

// element draws an element as an instance.
func (b *builder) element(e geometry.Element, in *glb.Instances, id uint32) {
	turn := b.turning(e.At)
	x, y, z := turn(e.X), turn(e.Y), turn(e.Z)
	if e.Round { // a pipe lies along X, an element about its Z
		x, y, z = z, x, y
	}
	if x.Cross(y).Dot(z) < 0 {
		y = y.Scale(-1) // a box or cylinder is the same the other way round
	}
	lx, ly, lz := x.Len(), y.Len(), z.Len()
	if min(lx, ly, lz) <= 0 {
		return
	}
	x, y = x.Scale(1/lx), y.Scale(1/ly)
	in.Lay(b.place.At(e.At), local.Quaternion(x, y, x.Cross(y)), [3]float64{lx, ly, lz}, id)
}
