package glb

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/meshopt"
)

// Surface is a mesh of its own with a feature ID a vertex.
type Surface struct {
	positions []float32
	normals   []int8 // 4 a vertex, the last is padding
	feature   []float32
	indices   []uint32
}

// Lines are axes, so that what is thinner than a pixel is still drawn.
type Lines struct {
	positions []float32
	feature   []float32
}

// Add takes in a straight line.
func (l *Lines) Add(p, q geometry.Point, id uint32) {
	l.positions = append(l.positions, float32(p.E), float32(p.N), float32(p.H), float32(q.E), float32(q.N), float32(q.H))
	l.feature = append(l.feature, float32(id), float32(id))
}

// Reset empties the lines, and keeps their memory.
func (l *Lines) Reset() { l.positions, l.feature = l.positions[:0], l.feature[:0] }

// Add takes in a mesh.
func (s *Surface) Add(m geometry.Mesh, id uint32) {
	if len(m.Indices) == 0 {
		return
	}
	m = welded(m, float64(power(surfaceStep)))
	base := uint32(len(s.positions) / 3)
	for i, p := range m.Positions {
		n := m.Normals[i]
		s.positions = append(s.positions, float32(p.E), float32(p.N), float32(p.H))
		s.normals = append(s.normals, int8(math.Round(127*n.E)), int8(math.Round(127*n.N)), int8(math.Round(127*n.H)), 0)
		s.feature = append(s.feature, float32(id))
	}
	for _, i := range m.Indices {
		s.indices = append(s.indices, base+i)
	}
}

// surfaceStep is what the positions of surfaces are rounded to, as a power of two, metres: 2 mm, so that walls and holes keep their size.
const surfaceStep = -9

// grid is how the positions of the surfaces of a content are written: as shorts below a node that moves and scales them, or as floats of a fixed step.
type grid struct {
	shorts bool
	middle [3]float64
}

// gridFor chooses shorts where those of surfaceStep reach around everything.
func gridFor(surfaces *[2]Surface, l *Lines) grid {
	low, high := [3]float64{math.Inf(1), math.Inf(1), math.Inf(1)}, [3]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for _, list := range [...][]float32{surfaces[0].positions, surfaces[1].positions, l.positions} {
		for i, v := range list {
			low[i%3], high[i%3] = min(low[i%3], float64(v)), max(high[i%3], float64(v))
		}
	}
	g := grid{shorts: true}
	step := float64(power(surfaceStep))
	for k := range 3 {
		g.middle[k] = math.Round((low[k]+high[k])/2/step) * step
		if high[k]-low[k] > 2*(math.MaxInt16-1)*step {
			return grid{}
		}
	}
	return g
}

// surfaces writes the meshes that are each drawn once, and the axis lines.
func (w *writer) surfaces(surfaces *[2]Surface, l *Lines) {
	g := gridFor(surfaces, l)
	m := mesh{}
	add := func(p primitive) {
		w.used[extMeshFeatures] = true
		p.Extensions = &primitiveExtensions{featureIDs{[1]featureID{{FeatureCount: w.features, Attribute: ref(0)}}}}
		m.Primitives = append(m.Primitives, p)
	}
	for hatch := range surfaces {
		s := &surfaces[hatch]
		if len(s.indices) == 0 {
			continue
		}
		w.used[extQuantization] = true // normals in bytes
		normals := accessor{View: w.vertices(bytesOf(s.normals), 4, ""), ComponentType: typeByte, Normalized: true, Count: len(s.normals) / 4, Type: "VEC3"}
		add(primitive{Material: hatch, Indices: ref(w.indices(s)), Attributes: vertexAttributes{
			Position: w.positions(s.positions, g), Normal: ref(w.accessor(normals)), Feature: ref(w.vertexFeatures(s.feature))}})
	}
	if len(l.feature) > 0 {
		add(primitive{Mode: ref(modeLines), Attributes: vertexAttributes{Position: w.positions(l.positions, g), Feature: ref(w.vertexFeatures(l.feature))}})
	}
	if len(m.Primitives) == 0 {
		return
	}
	w.doc.Meshes = append(w.doc.Meshes, m)
	n := node{Mesh: ref(len(w.doc.Meshes) - 1)}
	if g.shorts {
		s := float64(power(surfaceStep))
		n.Translation, n.Scale = &g.middle, &[3]float64{s, s, s}
	}
	w.doc.Nodes = append(w.doc.Nodes, n)
}

// vertices is a buffer view of rows of stride bytes, one a vertex.
func (w *writer) vertices(b []byte, stride int, filter string) int {
	return w.packed(b, stride, stride, targetVertices, filter)
}

// positions is the accessor of positions of three numbers.
func (w *writer) positions(v []float32, g grid) int {
	a := accessor{ComponentType: typeFloat, Count: len(v) / 3, Type: "VEC3"}
	rows := make([]byte, 0, 12*len(v)/3)
	stepped := make([]float32, 0, 4*len(v)/3) // as a client has them, padded for bounds
	factor := float64(power(-surfaceStep))
	for i := 0; i+2 < len(v); i += 3 {
		for k := range 3 {
			n := int32(math.Round((float64(v[i+k]) - g.middle[k]) * factor))
			if g.shorts {
				rows, stepped = binary.LittleEndian.AppendUint16(rows, uint16(n)), append(stepped, float32(n))
			} else {
				rows, stepped = binary.LittleEndian.AppendUint32(rows, meshopt.Exponential(n, surfaceStep)), append(stepped, float32(n)*power(surfaceStep))
			}
		}
		stepped = append(stepped, 0)
		if g.shorts {
			rows = append(rows, 0, 0)
		}
	}
	a.Min, a.Max = bounds(stepped)
	if g.shorts {
		w.used[extQuantization] = true
		a.ComponentType, a.View = typeShort, w.vertices(rows, 8, "")
	} else {
		a.View = w.vertices(rows, 12, "EXPONENTIAL")
	}
	return w.accessor(a)
}

// vertexFeatures is the accessor of the feature of each vertex.
func (w *writer) vertexFeatures(v []float32) int {
	a := accessor{ComponentType: typeFloat, Count: len(v), Type: "SCALAR"}
	if w.features > math.MaxUint16 {
		a.View = w.vertices(bytesOf(v), 4, "")
		return w.accessor(a)
	}
	rows := make([]uint16, 2*len(v)) // each at a multiple of four bytes
	for i, id := range v {
		rows[2*i] = uint16(id)
	}
	a.ComponentType = typeUshort
	a.View = w.vertices(bytesOf(rows), 4, "")
	return w.accessor(a)
}

// indexRow is how many indices are compressed as one row: two triangles, as most sides have. From side to side all six go on by the same number, so that
// the differences of rows are nearly all alike.
const indexRow = 6

func (w *writer) indices(s *Surface) int {
	a := accessor{ComponentType: typeUint, Count: len(s.indices), Type: "SCALAR"}
	rows := slices.Clone(s.indices)
	for len(rows)%indexRow != 0 {
		rows = append(rows, 0)
	}
	if len(s.positions)/3 > math.MaxUint16 {
		a.View = w.packed(bytesOf(rows), 4*indexRow, 0, targetIndices, "")
		return w.accessor(a)
	}
	small := make([]uint16, len(rows))
	for i, v := range rows {
		small[i] = uint16(v)
	}
	a.ComponentType = typeUshort
	a.View = w.packed(bytesOf(small), 2*indexRow, 0, targetIndices, "")
	return w.accessor(a)
}

// Reset empties the surface, and keeps its memory.
func (s *Surface) Reset() {
	s.positions, s.normals, s.feature, s.indices = s.positions[:0], s.normals[:0], s.feature[:0], s.indices[:0]
}
