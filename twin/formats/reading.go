package formats

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// reading is one place of an asset and what its row says of the height there. A survey has a few of them for each asset, so they are kept small.
type reading struct {
	e, n float32 // metres from the first place of the import
	h    float32 // NaN where it is not known
	line uint32
	file uint16
	what uint8
	// drawn is of a drawing without a place of its own.
	drawn bool
}

// What a reading is the height of.
const (
	ofPosition uint8 = iota // of nothing: only the place is known
	ofGround
	ofBottom
	ofPoint
	ofLine
)

var readingNames = [...]string{"position", "ground", "bottom", "height", "height"}

// readings gathers the places of an import, to find those that stand out when all are known.
type readings struct {
	origin geometry.Point
	files  []string
	index  map[string]uint16
	chunks [][]reading
	n      int
}

const readingChunk = 1 << 14

// maxReadings bounds them: beyond that nothing more is looked at.
const maxReadings = 20_000_000

func (r *readings) add(p geometry.Point, h float64, at Row, what uint8) {
	if r.n == 0 {
		r.origin, r.index = p, map[string]uint16{}
	}
	if r.n >= maxReadings {
		return
	}
	if len(r.chunks) == 0 || len(r.chunks[len(r.chunks)-1]) == readingChunk {
		r.chunks = append(r.chunks, make([]reading, 0, readingChunk))
	}
	f, ok := r.index[at.File]
	if !ok {
		f = uint16(min(len(r.files), math.MaxUint16))
		if len(r.files) < math.MaxUint16 {
			r.files = append(r.files, at.File)
		}
		r.index[at.File] = f
	}
	last := &r.chunks[len(r.chunks)-1]
	*last = append(*last, reading{e: float32(p.E - r.origin.E), n: float32(p.N - r.origin.N), h: float32(h), line: uint32(max(0, at.Line)), file: f, what: what})
	r.n++
}

// asset takes the places of an asset: of a point its heights, of a line its ends and the vertices that lie furthest off.
func (r *readings) asset(a *twin.Asset, at Row) {
	before := r.n
	r.placesOf(a, at)
	if a.Assumed&twin.AssumedPosition != 0 {
		r.mark(r.n - before)
	}
}

// mark says of the last readings that they are of a drawing.
func (r *readings) mark(n int) {
	for c := len(r.chunks) - 1; c >= 0 && n > 0; c-- {
		for i := len(r.chunks[c]) - 1; i >= 0 && n > 0; i, n = i-1, n-1 {
			r.chunks[c][i].drawn = true
		}
	}
}

func (r *readings) placesOf(a *twin.Asset, at Row) {
	first := a.Line[0]
	if len(a.Line) == 1 {
		if g := a.GroundAt(0); !twin.IsUnknown(g) {
			r.add(first, g, at, ofGround)
		}
		switch {
		case a.Kind == twin.KindChamber && !twin.IsUnknown(a.Bottom):
			if !follows(a.Bottom, a.GroundAt(0)) {
				r.add(first, a.Bottom, at, ofBottom)
			}
		case a.Kind != twin.KindChamber && !twin.IsUnknown(first.H):
			if !follows(first.H, a.GroundAt(0)) {
				r.add(first, first.H, at, ofPoint)
			}
		case twin.IsUnknown(a.GroundAt(0)):
			r.add(first, twin.Unknown(), at, ofPosition)
		}
		return
	}
	last := len(a.Line) - 1
	far, odd := 0, 0
	for i, p := range a.Line {
		if p.PlanDist(first) > a.Line[far].PlanDist(first) {
			far = i
		}
		if math.Abs(p.H-first.H) > math.Abs(a.Line[odd].H-first.H) {
			odd = i
		}
	}
	for k, i := range [...]int{0, last, far, odd} {
		if k > 1 && (i == 0 || i == last || (k == 3 && i == far)) {
			continue
		}
		if end := [...]twin.ID{a.From, a.To}; k < 2 && end[k] != "" && follows(a.Line[i].H, a.GroundAt(i)) {
			continue // the point it ends at stands for it
		}
		if k == 1 && twin.IsUnknown(a.Line[i].H) && a.Line[far].PlanDist(first) < nearEnough {
			continue // nothing but a place, which its first point stands for
		}
		r.add(a.Line[i], a.Line[i].H, at, ofLine)
	}
}

// usualDepth is how far below the ground a height says nothing that the ground does not, metres.
const usualDepth = 15

// nearEnough is how far from its first point the places of a line say nothing more about where it lies, metres.
const nearEnough = 1000

// follows reports whether a height is a usual depth below a ground.
func follows(h, ground float64) bool { return h <= ground+1 && h >= ground-usualDepth }

func (r *readings) each(yield func(*reading)) {
	for _, c := range r.chunks {
		for i := range c {
			yield(&c[i])
		}
	}
}

// row is where a reading comes from.
func (r *readings) row(d *reading) Row { return Row{File: r.files[d.file], Line: int(d.line)} }
