package vector

import (
	"math"

	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// onGrid is a tile on the grid of prepared blocks.
type onGrid struct {
	x, y      int64 // its corner
	shift     uint  // from parts of the grid to units
	low, span int64 // its frame without the width of what is drawn, in parts
	least     int32 // how long what is drawn must be, in parts
}

func (d *drawer) onGrid() onGrid {
	t := d.sheet.tile
	s := uint(fineZoom - t.Z)
	return onGrid{int64(t.X) << (s + unitBits), int64(t.Y) << (s + unitBits), s, -margin << s, (mvt.Extent + 2*margin) << s, int32(d.least()) << s}
}

// segments draws the segments of a block that are seen.
func (d *drawer) segments(b *block, g onGrid) {
	l := d.layer(twin.KindSegment)
	x0, y0 := b.x-g.x, b.y-g.y
	half := int64(1) << (g.shift - 1)
	all := d.snap.AllCurrent()
	looks := d.values.words.looks
	for i := range b.straights {
		s := &b.straights[i]
		if s.from > d.sheet.tile.Z {
			continue
		}
		ax, ay := x0+int64(s.x), y0+int64(s.y)
		bx, by := ax+int64(s.dx), ay+int64(s.dy)
		// Most lie wholly inside or wholly outside: as unsigned numbers, one comparison a coordinate tells.
		if uint64(ax-g.low) > uint64(g.span) || uint64(ay-g.low) > uint64(g.span) || uint64(bx-g.low) > uint64(g.span) || uint64(by-g.low) > uint64(g.span) {
			ends := [2]mvt.Cell{{X: s.x, Y: s.y}, {X: s.x + s.dx, Y: s.y + s.dy}}
			d.long(l, b, s, g, ends[:])
			continue
		}
		if max(s.dx, -s.dx, s.dy, -s.dy) < g.least && looks[s.look].width*b.partsPerMetre < float64(g.least) {
			continue
		}
		from := mvt.Cell{X: int32((ax + half) >> g.shift), Y: int32((ay + half) >> g.shift)}
		to := mvt.Cell{X: int32((bx + half) >> g.shift), Y: int32((by + half) >> g.shift)}
		if from == to || !all && !d.snap.Current(b.handles[s.asset]) {
			continue
		}
		d.ready.A, d.ready.B = from, to
		d.describeReady(l, b, s)
		l.AddStraight(&d.ready)
	}
	for i := range b.bends {
		if s := &b.bends[i]; s.from <= d.sheet.tile.Z {
			d.long(l, b, &s.straight, g, b.vertices[s.first:s.first+s.n])
		}
	}
}

// describeReady fills in what is ready of a feature.
func (d *drawer) describeReady(l *kindLayer, b *block, s *straight) {
	f, v := &d.ready, &d.values
	text := b.texts[s.text:]
	f.Number, f.Own = text[:s.number], text[s.number:int(s.number)+int(s.id)]
	f.Tags = v.look(l, s.look, d.hides)
	f.More = f.More[:0]
	if s.cover != 0 {
		f.More = append(f.More, mvt.Tag{Key: keyCover, Value: v.number(l, s.cover)})
	}
	if s.year != 0 && !d.hides.installed {
		f.More = append(f.More, mvt.Tag{Key: keyInstalled, Value: v.number(l, s.year)})
	}
	if s.name != 0 && !d.hides.name {
		f.More = append(f.More, mvt.Tag{Key: keyName, Value: v.text(l, s.name)})
	}
}

// long draws a segment that reaches over the frame, lies outside it or has bends; cells are its vertices.
func (d *drawer) long(l *kindLayer, b *block, s *straight, g onGrid, cells []mvt.Cell) {
	x, y := b.x-g.x+int64(s.x), b.y-g.y+int64(s.y)
	side := d.values.words.looks[s.look].width * b.partsPerMetre / 2 // parts
	if g.misses(x, x+int64(s.dx), side) || g.misses(y, y+int64(s.dy), side) {
		return
	}
	if max(s.dx, -s.dx, s.dy, -s.dy) < g.least && 2*side < float64(g.least) || !d.snap.Current(b.handles[s.asset]) {
		return
	}
	k := math.Ldexp(1, -int(g.shift))
	v := d.vecs[:0]
	for _, c := range cells {
		v = append(v, mvt.Vec{X: float64(b.x-g.x+int64(c.X)) * k, Y: float64(b.y-g.y+int64(c.Y)) * k})
	}
	d.vecs = v
	l.Reset()
	if d.pencil.Line(l.Layer, d.pencil.Thin(v, d.tolerance()), mvt.Around(margin+side*k)) {
		d.describeReady(l, b, s)
		l.EndWith(&d.ready)
	}
}

// misses reports whether what reaches from a to b along one side, and some parts to each side, lies wholly beyond the frame.
func (g onGrid) misses(a, b int64, side float64) bool {
	return float64(max(a, b)-g.low) < -side || float64(min(a, b)-g.low-g.span) > side
}
