package vector

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Prepared assets lie on a grid of the web's Mercator projection that is finer than the units of the finest tile, so that a tile of any zoom has their
// cells by a shift: a part is 0.6 mm at the equator.
const (
	fineZoom = 24
	unitBits = 12 // log2 of mvt.Extent
)

// straight is a segment of two vertices, decoded and projected once for all tiles. It says what is true of the asset, whoever sees it.
type straight struct {
	x, y   int32  // of its beginning, in parts of the grid from the block's origin
	dx, dy int32  // to its end
	text   uint32 // where its number and its ID begin in the block's texts

	look              uint16 // in the words of the store
	name, cover, year uint16 // as look, 0 for none
	number, id        uint8  // lengths in the texts
	from              uint8  // zoom
	asset             uint8  // place in the block
}

// bend is a segment of more than two vertices. Its x, y and dx, dy are the corner and the size of the rectangle around them.
type bend struct {
	straight
	first, n uint32 // of the block's vertices
}

// block is the assets of one block of the twin, prepared.
type block struct {
	x, y          int64 // origin: parts of the grid from the world's north-west corner
	partsPerMetre float64
	handles       []twin.Handle // of the twin
	straights     []straight
	bends         []bend
	vertices      []mvt.Cell // of the bends, in parts from the origin
	texts         []byte
	points        []uint8 // nodes and chambers, by their place
	others        []uint8
}

// traits are the attributes of an asset that many have together.
type traits struct {
	network  string
	layer    string
	kind     twin.Kind
	status   twin.Status
	level    twin.Level
	assumed  twin.Assumed
	material string
}

func traitsOf(r twin.Record, material string) traits {
	return traits{r.Network(), r.Layer(), r.Kind(), r.Status(), r.Level(), r.Assumed(), material}
}

// look is what many segments have together.
type look struct {
	traits
	width    float64 // metres
	diameter float64 // metres, 0 where it is not known
}

// preparer prepares the assets of a block.
type preparer struct {
	words *words
	sheet *sheet
	plan  twin.Plan
	cells []mvt.Cell // of the asset, in parts from the block's origin
	block *block
}

// prepare decodes the assets of a block, whoever may see them.
func prepare(snap *twin.Snapshot, w *words, of twin.Blocks, i int) *block {
	snap = snap.Whole()
	p := preparer{words: w, block: &block{handles: of.Handles(i)}}
	p.place(snap, of.Box(i))
	for k, h := range p.block.handles {
		r := snap.Record(h)
		switch {
		case r.Kind().IsPoint():
			p.block.points = append(p.block.points, uint8(k))
		case r.Kind() != twin.KindSegment || !p.segment(r, uint8(k)):
			p.block.others = append(p.block.others, uint8(k))
		}
	}
	b := p.block
	b.straights, b.bends, b.vertices, b.texts = fitting(b.straights), fitting(b.bends), fitting(b.vertices), fitting(b.texts)
	return b
}

// fitting is a copy without room to spare.
func fitting[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

// place fits a sheet to the box of the block; without one no asset is a straight.
func (p *preparer) place(snap *twin.Snapshot, box geometry.Box) {
	x, y := worldOf(snap.Frame().LonLat(box.Center().E, box.Center().N))
	if !(x >= 0 && x < 1 && y >= 0 && y < 1) {
		return
	}
	box.Min.E, box.Min.N, box.Max.E, box.Max.N = box.Min.E-1, box.Min.N-1, box.Max.E+1, box.Max.N+1
	s := &sheet{frame: snap.Frame(), tile: Address{fineZoom, uint32(math.Ldexp(x, fineZoom)), uint32(math.Ldexp(y, fineZoom))}, box: box}
	if !s.fit() {
		return
	}
	p.sheet = s
	p.block.x, p.block.y, p.block.partsPerMetre = int64(s.tile.X)<<unitBits, int64(s.tile.Y)<<unitBits, s.unitsPerMeter
}

// segment takes a segment in, unless it reaches too far or is too unlike others.
func (p *preparer) segment(r twin.Record, asset uint8) bool {
	pl := &p.plan
	r.Plan(pl)
	if p.sheet == nil || len(pl.Line) < 2 || len(pl.ID) > math.MaxUint8-8 || !p.project() {
		return false
	}
	s := straight{from: shownFrom(r), asset: asset}
	var ok [4]bool
	s.look, ok[0] = p.words.look(look{traitsOf(r, pl.Material), planWidth(r, &pl.Drawn), diameterOf(pl)})
	s.name, ok[1] = p.words.name(pl.Name)
	s.cover, ok[2] = p.words.number(coverTag(pl.Cover))
	s.year, ok[3] = p.words.number(yearTag(pl.Installed))
	if ok != [4]bool{true, true, true, true} {
		return false
	}
	b := p.block
	s.text = uint32(len(b.texts))
	b.texts = mvt.AppendNumber(b.texts, numberOf(pl.ID))
	s.number = uint8(len(b.texts) - int(s.text))
	b.texts = mvt.AppendText(b.texts, pl.ID)
	s.id = uint8(len(b.texts) - int(s.text) - int(s.number))
	p.put(s)
	return true
}

// project takes the vertices to the grid, unless they lie too far from the block's origin.
func (p *preparer) project() bool {
	p.cells = p.cells[:0]
	for _, q := range p.plan.Line {
		v := p.sheet.at(q)
		if !(math.Abs(v.X) < math.MaxInt32/4 && math.Abs(v.Y) < math.MaxInt32/4) {
			return false
		}
		p.cells = append(p.cells, mvt.CellOf(v))
	}
	return true
}

// put takes a segment in whose vertices have been projected.
func (p *preparer) put(s straight) {
	b, c := p.block, p.cells
	if len(c) == 2 {
		s.x, s.y, s.dx, s.dy = c[0].X, c[0].Y, c[1].X-c[0].X, c[1].Y-c[0].Y
		b.straights = append(b.straights, s)
		return
	}
	low, high := c[0], c[0]
	for _, v := range c {
		low, high = mvt.Cell{X: min(low.X, v.X), Y: min(low.Y, v.Y)}, mvt.Cell{X: max(high.X, v.X), Y: max(high.Y, v.Y)}
	}
	s.x, s.y, s.dx, s.dy = low.X, low.Y, high.X-low.X, high.Y-low.Y
	b.bends = append(b.bends, bend{s, uint32(len(b.vertices)), uint32(len(c))})
	b.vertices = append(b.vertices, c...)
}

// size is about what the block takes in memory, bytes.
func (b *block) size() int {
	return 256 + 32*cap(b.straights) + 40*cap(b.bends) + 8*cap(b.vertices) + cap(b.texts) + cap(b.points) + cap(b.others)
}
