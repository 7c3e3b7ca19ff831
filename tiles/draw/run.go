package draw

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

const (
	// runLength is how many elements in a row are one shape, such as brackets on a wall.
	runLength = 16
	// runErr is how far an element of a run may lie from where the others say, metres.
	runErr = 0.004
	// runTurn is the sine of how far a row may run from an axis of its elements, which are turned by that.
	runTurn = 0.02
)

// elements draws those of a part: rows of them as shapes, the others each by itself.
func (b *builder) elements(p geometry.Part, hatch int, id uint32) {
	list := p.Elements
	for i := 0; i < len(list); {
		if len(p.Unit.Indices) == 0 && i+runLength <= len(list) && b.run(list[i:i+runLength], hatch, id) {
			i += runLength
			continue
		}
		b.element(list[i], b.unitOf(p, list[i], hatch), id)
		i++
	}
}

// run draws elements that stand in a row along an axis of theirs, alike and evenly. It reports false of others.
func (b *builder) run(list []geometry.Element, hatch int, id uint32) bool {
	first, last := list[0], list[len(list)-1]
	step := last.At.Sub(first.At).Scale(1 / float64(len(list)-1))
	if first.Round || step.Len() < 0.01 {
		return false
	}
	for i, e := range list {
		at := first.At.Add(step.Scale(float64(i)))
		if e.Round || max(e.At.Dist(at), e.X.Dist(first.X), e.Y.Dist(first.Y), e.Z.Dist(first.Z)) > runErr {
			return false
		}
	}
	along := step.Scale(1 / step.Len())
	half := [...]geometry.Point{first.X, first.Y, first.Z}
	for k := range half {
		x, y, z := half[k], half[(k+1)%3], half[(k+2)%3]
		if along.Cross(x).Len() > runTurn*x.Len() {
			continue
		}
		left := y.Sub(along.Scale(y.Dot(along)))
		if left.Len() == 0 || z.Len() == 0 || x.Len() == 0 {
			return false
		}
		left = left.Scale(1 / left.Len())
		s, _, size := rowShape(rowKey{x.Len(), y.Len(), z.Len(), step.Len()})
		if s == nil {
			return false
		}
		b.repeat(s, use{middle: first.At.Lerp(last.At, 0.5), half: size, axes: [3]geometry.Point{along, left, along.Cross(left)}, hatch: hatch, id: id})
		return true
	}
	return false
}

// rowKey is what the shape of a row follows from: half the size of its boxes, and how far apart they stand.
type rowKey struct{ x, y, z, step float64 }

// rowShape is a row of boxes along the east.
func rowShape(k rowKey) (s *repeated, middle, half geometry.Point) {
	k = rowKey{toMillimetre(k.x), toMillimetre(k.y), toMillimetre(k.z), toMillimetre(k.step)}
	r := keptRows.get(k, func() placedShape {
		var m geometry.Mesh
		for i := range runLength {
			m.Add(geometry.Element{At: geometry.Point{E: k.step * float64(i)}, X: geometry.Point{E: k.x}, Y: geometry.Point{N: k.y}, Z: geometry.Point{H: k.z}}.Mesh(0))
		}
		return placedOf(m)
	})
	return r.shape, r.middle, r.half
}

var keptRows kept[rowKey, placedShape]

func toMillimetre(v float64) float64 { return math.Round(v*1000) / 1000 }
