package draw

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/twin"
)

// How the instances of a unit stand.
const (
	stanceUpright = iota
	stanceAlong   // laid along an axis
	stancePlain   // along, and each the whole of the feature of its own number
	stances
)

// builder gathers what a content is made of. Index 1 of each pair is for assumed heights or sizes, which are drawn hatched.
type builder struct {
	place       *local.Place
	turn        func(geometry.Point) geometry.Point      // of directions, in the middle
	units       [glb.UnitCount][2][stances]glb.Instances // by unit, hatch and stance
	profiles    []*profile
	likenesses  []*likenessInstances
	repeats     map[*repeated]*uses // what stands many times, until all of it is known
	repeatOrder []*uses
	repeated    []*repeatedInstances
	runs        map[runKey]placedShape
	surfaces    [2]glb.Surface
	lines       glb.Lines
	table       glb.Table
	axes        bool // draw lines too
	buf         []geometry.Point
	local       []geometry.Point
	id          []byte
	forms       map[formKey]*form

	// Of contents before, to be used again.
	spareLikenesses []*likenessInstances
	spareUses       []*uses
	spareRepeated   []*repeatedInstances
}

// add draws one asset as the next feature.
func (b *builder) add(d *drawing) {
	r, sec := d.rec, d.drawn
	b.id = r.AppendID(b.id[:0])
	id := uint32(b.table.Add(&d.row, b.id))
	hatch := d.hatch
	b.buf = d.axis
	if st := r.Structure(); st != nil {
		b.structure(d, st, id)
		return
	}
	switch r.Kind() {
	case twin.KindNode:
		b.node(d, id)
	case twin.KindChamber:
		b.chamber(r, sec, id, hatch)
	case twin.KindZone, twin.KindSolid:
		b.zone(id, hatch)
	default:
		b.line(sec, id, hatch)
	}
}

// Hatch is 1 for what is drawn hatched because its place, size or length is assumed.
func Hatch(r twin.Record) int {
	if r.Assumed()&(twin.AssumedGeometry|twin.AssumedDiameter|twin.AssumedPosition|twin.AssumedLength) != 0 {
		return 1
	}
	return 0
}

// isPlain reports whether an asset is one straight round pipe, as most are. These come first in a content, so that the number of an instance is that of
// its feature and need not be written.
func (d *drawing) isPlain() bool {
	return d.rec.Kind().IsLine() && d.hatch == 0 && d.drawn.IsRound() && !isHollow(d.drawn) && len(d.axis) == 2 && d.axis[0].Dist(d.axis[1]) > minPiece && !d.rec.HasStructure()
}

// hollowFrom is the clear diameter, metres, from which a straight round pipe is drawn with its bore: one looks into it where it ends or is cut.
const hollowFrom = 0.8

func isHollow(s geometry.Section) bool {
	return s.IsRound() && s.Shape != geometry.Cable && s.Wall > 0 && s.Width >= hollowFrom
}

func (b *builder) toLocal() {
	b.local = b.local[:0]
	for _, p := range b.buf {
		b.local = append(b.local, b.place.At(p))
	}
}

func (b *builder) line(sec geometry.Section, id uint32, hatch int) {
	b.toLocal()
	straight := len(b.local) == 2
	if sec.IsRound() && (!straight || !isHollow(sec) || !b.extrude(sec, id, hatch)) {
		b.round(sec.OuterWidth()/2, id, hatch)
		return
	}
	if sec.IsRound() {
		return
	}
	if straight && isBlock(sec) {
		b.piece(glb.UnitBox, b.local[0], b.local[1], [2]float64{sec.OuterWidth() / 2, sec.OuterHeight() / 2}, id, hatch)
		return
	}
	if straight && b.extrude(sec, id, hatch) {
		return
	}
	b.axisLines(b.buf, id)
	b.surfaces[hatch].Add(geometry.SweepProfile(b.local, sec.Profile(outlinePoints), nil), id)
}

// isBlock reports whether a section is drawn as a full block: neither wall nor ducts are known.
func isBlock(s geometry.Section) bool {
	switch s.Shape {
	case geometry.Rectangle, geometry.Custom:
		return s.Wall <= 0
	case geometry.DuctBank:
		return s.Cols == 0 || s.Rows == 0
	}
	return false
}

func (b *builder) round(radius float64, id uint32, hatch int) {
	for i := 1; i < len(b.local); i++ {
		b.piece(glb.UnitPipe, b.local[i-1], b.local[i], [2]float64{radius, radius}, id, hatch)
		if i+1 < len(b.local) {
			b.stand(glb.UnitSphere, hatch, b.local[i], [3]float64{radius, radius, radius}, id)
		}
	}
}

// minPiece is the shortest piece of a pipe that is drawn, metres.
const minPiece = 1e-5

// piece puts a unit along the straight from p to q.
func (b *builder) piece(u int, p, q geometry.Point, half [2]float64, id uint32, hatch int) {
	d := q.Sub(p)
	l := d.Len()
	if l < minPiece/2 {
		return
	}
	d = d.Scale(1 / l)
	turn := local.TurnAlong(d)
	if u == glb.UnitPipe {
		turn = local.RoundTurn(d)
	}
	in := &b.units[u][hatch][stanceAlong]
	if u == glb.UnitPipe && hatch == 0 && len(b.local) == 2 && int(id) == b.units[u][0][stancePlain].Len() {
		in = &b.units[u][0][stancePlain]
	}
	in.Lay(p.Lerp(q, 0.5), turn, [3]float64{l / 2, half[0], half[1]}, id)
}

// stand puts an upright unit.
func (b *builder) stand(u, hatch int, at geometry.Point, scale [3]float64, id uint32) {
	b.units[u][hatch][stanceUpright].Put(at, scale, id)
}

func (b *builder) chamber(r twin.Record, sec geometry.Section, id uint32, hatch int) {
	low := b.buf[0]
	low.H = min(r.DrawnBottom(), low.H-0.05)
	top, bottom := b.place.At(b.buf[0]), b.place.At(low)
	u := glb.UnitShaftBox
	if sec.IsRound() {
		u = glb.UnitShaft
	}
	// The lid of a shaft comes with it.
	b.stand(u, hatch, top, [3]float64{sec.OuterWidth() / 2, sec.OuterHeight() / 2, top.H - bottom.H}, id)
}

// zone draws the outline of an area as a low wall.
func (b *builder) zone(id uint32, hatch int) {
	b.toLocal()
	wall := geometry.Section{Shape: geometry.Rectangle, Width: 0.1, Height: 0.4}
	b.surfaces[hatch].Add(geometry.Sweep(b.local, wall.Outline(8, true)), id)
}
