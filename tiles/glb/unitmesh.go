package glb

import "math"

// Bytes are those of a unit in a content, before compression.
func (u *Unit) Bytes() int {
	vertex, index := 8, 1
	if u.fine != nil {
		vertex = 12
	}
	if len(u.normals)/4 > math.MaxUint8 {
		index = 2
	}
	return vertex*len(u.normals)/4 + index*len(u.indices)
}

// shapes are the meshes of units in a content: the vertices of all units in one buffer view, coarse or fine, and their indices in one more.
type shapes struct {
	units   []*Unit
	meshes  []unitPrimitive // of units
	coarse  vertexView      // positions and normals in bytes
	fine    vertexView      // positions in shorts, normals in bytes
	bytes   vertexView      // indices below 256
	shorts  vertexView
	axisOf  *int
	written []*vertexView
}

type unitPrimitive struct {
	attributes vertexAttributes
	indices    int
}

// vertexView is a buffer view that is filled while units are added.
type vertexView struct {
	view   int
	data   []byte
	stride int
	target int
}

// open returns the view of rows, which it adds to the document when it is the first that is wanted.
func (w *writer) open(v *vertexView, stride, target int) *vertexView {
	if v.target == 0 {
		w.doc.BufferViews = append(w.doc.BufferViews, bufferView{Stride: stride, Target: target})
		v.view, v.stride, v.target = len(w.doc.BufferViews)-1, stride, target
		w.shapes.written = append(w.shapes.written, v)
	}
	return v
}

// write puts what was gathered into the buffer.
func (s *shapes) write(w *writer) {
	for _, v := range s.written {
		stride := v.stride
		if v.target == targetIndices {
			stride = indexBytes // the differences of rows are nearly all alike
		}
		d := &w.doc.BufferViews[v.view]
		d.Buffer, d.Offset, d.Length = 1, w.unpacked, len(v.data)
		d.Extensions = w.pack(v.data, stride, v.target, "")
		w.unpacked += (len(v.data) + 7) &^ 7
	}
}

// indexBytes are those of a row of the indices of units: four triangles of bytes, or two of shorts. Each unit begins with a row.
const indexBytes = 12

func (v *vertexView) fillRow() {
	for len(v.data)%indexBytes != 0 {
		v.data = append(v.data, 0)
	}
}

// unitMesh is a unit as a mesh, with a line along it where axis says so: what is thinner than a pixel is then still drawn.
func (w *writer) unitMesh(u *Unit, hatch int, axis bool) int {
	w.used[extQuantization] = true
	p := w.unitTriangles(u)
	m := mesh{Primitives: []primitive{{Attributes: p.attributes, Indices: ref(p.indices), Material: hatch}}}
	if axis {
		m.Primitives = append(m.Primitives, primitive{Attributes: vertexAttributes{Position: w.axisLine()}, Mode: ref(modeLines), Material: hatch})
	}
	w.doc.Meshes = append(w.doc.Meshes, m)
	return len(w.doc.Meshes) - 1
}

// axisLine is the line along X.
func (w *writer) axisLine() int {
	if w.shapes.axisOf == nil {
		v := w.open(&w.shapes.coarse, 8, targetVertices)
		w.shapes.axisOf = ref(w.accessor(accessor{View: v.view, Offset: len(v.data), ComponentType: typeByte, Normalized: true, Count: 2, Type: "VEC3",
			Min: &[3]float64{-127}, Max: &[3]float64{127}}))
		v.data = append(v.data, bytesOf([]int8{-127, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0, 0, 0, 0, 0})...)
	}
	return *w.shapes.axisOf
}

// unitTriangles adds a unit unless it has been.
func (w *writer) unitTriangles(u *Unit) unitPrimitive {
	for i, have := range w.shapes.units {
		if have == u {
			return w.shapes.meshes[i]
		}
	}
	n := len(u.normals) / 4
	position := accessor{ComponentType: typeByte, Normalized: true, Count: n, Type: "VEC3"}
	normal := position
	if u.fine != nil {
		v := w.open(&w.shapes.fine, 12, targetVertices)
		position.View, position.ComponentType, position.Offset = v.view, typeShort, len(v.data)
		position.Min, position.Max = bounds(u.fine)
		normal.View, normal.Offset = v.view, len(v.data)+8
		for i := range n {
			v.data = append(append(v.data, bytesOf(u.fine[4*i:4*i+4])...), bytesOf(u.normals[4*i:4*i+4])...)
		}
	} else {
		v := w.open(&w.shapes.coarse, 8, targetVertices)
		position.View, position.Offset = v.view, len(v.data)
		position.Min, position.Max = bounds(u.positions)
		normal.View, normal.Offset = v.view, len(v.data)+4
		for i := range n {
			v.data = append(append(v.data, bytesOf(u.positions[4*i:4*i+4])...), bytesOf(u.normals[4*i:4*i+4])...)
		}
	}
	p := unitPrimitive{attributes: vertexAttributes{Position: w.accessor(position), Normal: ref(w.accessor(normal))}, indices: w.unitIndices(u, n)}
	w.shapes.units, w.shapes.meshes = append(w.shapes.units, u), append(w.shapes.meshes, p)
	return p
}

func (w *writer) unitIndices(u *Unit, vertices int) int {
	a := accessor{ComponentType: typeUshort, Count: len(u.indices), Type: "SCALAR"}
	if vertices > math.MaxUint8 {
		v := w.open(&w.shapes.shorts, 0, targetIndices)
		a.View, a.Offset = v.view, len(v.data)
		v.data = append(v.data, bytesOf(u.indices)...)
		v.fillRow()
		return w.accessor(a)
	}
	v := w.open(&w.shapes.bytes, 0, targetIndices)
	a.View, a.Offset, a.ComponentType = v.view, len(v.data), typeUbyte
	for _, i := range u.indices {
		v.data = append(v.data, uint8(i))
	}
	v.fillRow()
	return w.accessor(a)
}

// bounds are those of positions of four numbers, the last of which is padding. glTF gives those of quantised values before they are normalised.
func bounds[T int8 | int16 | float32](v []T) (low, high *[3]float64) {
	low, high = &[3]float64{math.Inf(1), math.Inf(1), math.Inf(1)}, &[3]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for i, x := range v {
		if k := i % 4; k < 3 {
			low[k], high[k] = min(low[k], float64(x)), max(high[k], float64(x))
		}
	}
	return low, high
}
