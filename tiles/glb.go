package tiles

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/qmuntal/gltf"
)

// writer puts the parts of a builder into a glTF document with one buffer.
type writer struct {
	doc   *gltf.Document
	data  []byte
	used  map[string]bool
	units map[*unit]*gltf.Primitive
	axis  *int // accessor of the line along a unit
}

// number is what buffers hold.
type number interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~uint32 | ~float32
}

// bytesOf views numbers as bytes. glTF is little-endian, and so is every machine this is built for (a test says so).
func bytesOf[T number](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

func (w *writer) view(b []byte, align, stride int, target gltf.Target) int {
	for len(w.data)%align != 0 {
		w.data = append(w.data, 0)
	}
	w.doc.BufferViews = append(w.doc.BufferViews, &gltf.BufferView{ByteOffset: len(w.data), ByteLength: len(b), ByteStride: stride, Target: target})
	w.data = append(w.data, b...)
	return len(w.doc.BufferViews) - 1
}

func (w *writer) accessor(a gltf.Accessor, b []byte, stride int, target gltf.Target) int {
	a.BufferView = gltf.Index(w.view(b, 4, stride, target))
	w.doc.Accessors = append(w.doc.Accessors, &a)
	return len(w.doc.Accessors) - 1
}

func floats(v []float32, t gltf.AccessorType, n int) gltf.Accessor {
	return gltf.Accessor{ComponentType: gltf.ComponentFloat, Type: t, Count: len(v) / n}
}

func (w *writer) use(ext string) { w.used[ext] = true }

// glb returns the content as a GLB. colour is the layer's, linear.
func (b *builder) glb(colour [3]float64) ([]byte, error) {
	w := &writer{doc: &gltf.Document{Asset: gltf.Asset{Version: "2.0", Generator: "undercity"}}, used: map[string]bool{}, units: map[*unit]*gltf.Primitive{}}
	root := &gltf.Node{Matrix: b.place.yUp()}
	w.doc.Nodes = []*gltf.Node{root}
	w.materials(colour)
	for u := range b.units {
		for hatch := range b.units[u] {
			for stance := range b.units[u][hatch] {
				if in := &b.units[u][hatch][stance]; len(in.feature) > 0 {
					root.Children = append(root.Children, w.instanced(in, w.unitMesh(units[u], hatch, stance != stanceUpright && b.axes), stance, b.table.count))
				}
			}
		}
	}
	for _, p := range b.profiles {
		for hatch := range p.in {
			if in := &p.in[hatch]; len(in.feature) > 0 {
				root.Children = append(root.Children, w.instanced(in, w.unitMesh(p.unit, hatch, b.axes), stanceAlong, b.table.count))
			}
		}
	}
	if mesh := w.surfaceMesh(b); mesh >= 0 {
		w.doc.Nodes = append(w.doc.Nodes, &gltf.Node{Mesh: gltf.Index(mesh)})
		root.Children = append(root.Children, len(w.doc.Nodes)-1)
	}
	w.metadata(&b.table)
	w.doc.Scenes = []*gltf.Scene{{Nodes: []int{0}}}
	w.doc.Scene = gltf.Index(0)
	return w.encode()
}

func (w *writer) encode() ([]byte, error) {
	for _, e := range [...]string{"EXT_mesh_features", "EXT_instance_features", "EXT_structural_metadata", "EXT_mesh_gpu_instancing", "KHR_mesh_quantization"} {
		if w.used[e] {
			w.doc.ExtensionsUsed = append(w.doc.ExtensionsUsed, e)
		}
	}
	for _, e := range [...]string{"EXT_mesh_gpu_instancing", "KHR_mesh_quantization"} {
		if w.used[e] {
			w.doc.ExtensionsRequired = append(w.doc.ExtensionsRequired, e)
		}
	}
	for len(w.data)%8 != 0 {
		w.data = append(w.data, 0)
	}
	w.doc.Buffers = []*gltf.Buffer{{ByteLength: len(w.data), Data: w.data}}
	var out bytes.Buffer
	out.Grow(len(w.data) + 6000)
	if err := gltf.NewEncoder(&out).Encode(w.doc); err != nil {
		return nil, fmt.Errorf("GLB: %w", err)
	}
	return out.Bytes(), nil
}

// materials are known, assumed, and the axis lines.
func (w *writer) materials(c [3]float64) {
	for _, rough := range [...]float64{0.6, 1} {
		w.doc.Materials = append(w.doc.Materials, &gltf.Material{PBRMetallicRoughness: &gltf.PBRMetallicRoughness{
			BaseColorFactor: &[4]float64{c[0], c[1], c[2], 1}, MetallicFactor: gltf.Float(0), RoughnessFactor: gltf.Float(rough)}})
	}
}

// unitMesh is a unit as a mesh, with a line along it where axis says so: what is thinner than a pixel is then still drawn.
func (w *writer) unitMesh(u *unit, hatch int, axis bool) int {
	w.use("KHR_mesh_quantization")
	triangles := w.unitTriangles(u)
	triangles.Material = gltf.Index(hatch)
	mesh := &gltf.Mesh{Primitives: []*gltf.Primitive{triangles}}
	if axis {
		if w.axis == nil {
			a := w.accessor(gltf.Accessor{ComponentType: gltf.ComponentByte, Normalized: true, Type: gltf.AccessorVec3, Count: 2, Min: []float64{0, 0, -127}, Max: []float64{0, 0, 127}},
				bytesOf([]int8{0, 0, -127, 0, 0, 0, 127, 0}), 4, gltf.TargetArrayBuffer)
			w.axis = &a
		}
		mesh.Primitives = append(mesh.Primitives, &gltf.Primitive{Attributes: gltf.PrimitiveAttributes{gltf.POSITION: *w.axis}, Mode: gltf.PrimitiveLines, Material: gltf.Index(hatch)})
	}
	w.doc.Meshes = append(w.doc.Meshes, mesh)
	return len(w.doc.Meshes) - 1
}

// unitTriangles is the primitive of a unit; its accessors are shared.
func (w *writer) unitTriangles(u *unit) *gltf.Primitive {
	if p := w.units[u]; p != nil {
		again := *p
		return &again
	}
	n := len(u.normals) / 4
	pos := gltf.Accessor{Normalized: true, Type: gltf.AccessorVec3, Count: n}
	var p int
	if u.fine != nil {
		pos.ComponentType, pos.Min, pos.Max = gltf.ComponentShort, lowest(u.fine), highest(u.fine)
		p = w.accessor(pos, bytesOf(u.fine), 8, gltf.TargetArrayBuffer)
	} else {
		pos.ComponentType, pos.Min, pos.Max = gltf.ComponentByte, lowest(u.positions), highest(u.positions)
		p = w.accessor(pos, bytesOf(u.positions), 4, gltf.TargetArrayBuffer)
	}
	normal := p // of a sphere
	if !slices.Equal(u.positions, u.normals) {
		normal = w.accessor(gltf.Accessor{ComponentType: gltf.ComponentByte, Normalized: true, Type: gltf.AccessorVec3, Count: n}, bytesOf(u.normals), 4, gltf.TargetArrayBuffer)
	}
	w.units[u] = &gltf.Primitive{Attributes: gltf.PrimitiveAttributes{gltf.POSITION: p, gltf.NORMAL: normal}, Indices: gltf.Index(w.unitIndices(u, n))}
	again := *w.units[u]
	return &again
}

func (w *writer) unitIndices(u *unit, vertices int) int {
	a := gltf.Accessor{ComponentType: gltf.ComponentUshort, Type: gltf.AccessorScalar, Count: len(u.indices)}
	if vertices > math.MaxUint8 {
		return w.accessor(a, bytesOf(u.indices), 0, gltf.TargetElementArrayBuffer)
	}
	a.ComponentType = gltf.ComponentUbyte
	small := make([]uint8, len(u.indices))
	for i, v := range u.indices {
		small[i] = uint8(v)
	}
	return w.accessor(a, small, 0, gltf.TargetElementArrayBuffer)
}

// lowest and highest are the bounds of positions of four numbers, the last of which is padding. glTF gives those of quantised values before they are
// normalised.
func lowest[T int8 | int16](v []T) []float64 {
	b := []float64{math.Inf(1), math.Inf(1), math.Inf(1)}
	for i, x := range v {
		if i%4 < 3 {
			b[i%4] = min(b[i%4], float64(x))
		}
	}
	return b
}

func highest[T int8 | int16](v []T) []float64 {
	b := []float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for i, x := range v {
		if i%4 < 3 {
			b[i%4] = max(b[i%4], float64(x))
		}
	}
	return b
}

type featureID struct {
	FeatureCount  int  `json:"featureCount"`
	Attribute     *int `json:"attribute,omitempty"` // nil: the number of the instance
	PropertyTable int  `json:"propertyTable"`
}

type featureIDs struct {
	FeatureIDs []featureID `json:"featureIds"`
}

func (w *writer) instanced(in *instances, mesh, stance, features int) int {
	w.use("EXT_mesh_gpu_instancing")
	w.use("EXT_instance_features")
	attributes := map[string]int{
		"TRANSLATION": w.accessor(floats(in.translation, gltf.AccessorVec3, 3), bytesOf(in.translation), 0, 0),
		"SCALE":       w.accessor(floats(in.scale, gltf.AccessorVec3, 3), bytesOf(in.scale), 0, 0),
	}
	ids := featureID{FeatureCount: features}
	if stance != stancePlain {
		attributes["_FEATURE_ID_0"] = w.featureIDs(in.feature, features)
		ids.Attribute = new(int)
	}
	if len(in.rotation) > 0 {
		attributes["ROTATION"] = w.accessor(gltf.Accessor{ComponentType: gltf.ComponentShort, Normalized: true, Type: gltf.AccessorVec4, Count: len(in.rotation) / 4}, bytesOf(in.rotation), 0, 0)
	}
	w.doc.Nodes = append(w.doc.Nodes, &gltf.Node{Mesh: gltf.Index(mesh), Extensions: gltf.Extensions{
		"EXT_mesh_gpu_instancing": map[string]any{"attributes": attributes},
		"EXT_instance_features":   featureIDs{[]featureID{ids}},
	}})
	return len(w.doc.Nodes) - 1
}

// featureIDs is the accessor of the features of instances.
func (w *writer) featureIDs(ids []uint32, features int) int {
	if features <= math.MaxUint16 {
		small := make([]uint16, len(ids))
		for i, id := range ids {
			small[i] = uint16(id)
		}
		return w.accessor(gltf.Accessor{ComponentType: gltf.ComponentUshort, Type: gltf.AccessorScalar, Count: len(small)}, bytesOf(small), 0, 0)
	}
	wide := make([]float32, len(ids))
	for i, id := range ids {
		wide[i] = float32(id)
	}
	return w.accessor(floats(wide, gltf.AccessorScalar, 1), bytesOf(wide), 0, 0)
}

// surfaceMesh holds the swept surfaces and the axis lines; -1 when there are none.
func (w *writer) surfaceMesh(b *builder) int {
	mesh := &gltf.Mesh{}
	primitive := func(attributes gltf.PrimitiveAttributes) *gltf.Primitive {
		w.use("EXT_mesh_features")
		p := &gltf.Primitive{Attributes: attributes, Extensions: gltf.Extensions{"EXT_mesh_features": featureIDs{[]featureID{{FeatureCount: b.table.count, Attribute: new(int)}}}}}
		mesh.Primitives = append(mesh.Primitives, p)
		return p
	}
	for hatch := range b.surfaces {
		s := &b.surfaces[hatch]
		if len(s.indices) == 0 {
			continue
		}
		w.use("KHR_mesh_quantization") // normals in bytes
		p := primitive(gltf.PrimitiveAttributes{
			gltf.POSITION:   w.positions(s.positions),
			gltf.NORMAL:     w.accessor(gltf.Accessor{ComponentType: gltf.ComponentByte, Normalized: true, Type: gltf.AccessorVec3, Count: len(s.normals) / 4}, bytesOf(s.normals), 4, gltf.TargetArrayBuffer),
			"_FEATURE_ID_0": w.accessor(floats(s.feature, gltf.AccessorScalar, 1), bytesOf(s.feature), 0, gltf.TargetArrayBuffer),
		})
		p.Material = gltf.Index(hatch)
		p.Indices = gltf.Index(w.indices(s))
	}
	if l := &b.lines; len(l.feature) > 0 {
		p := primitive(gltf.PrimitiveAttributes{
			gltf.POSITION:   w.positions(l.positions),
			"_FEATURE_ID_0": w.accessor(floats(l.feature, gltf.AccessorScalar, 1), bytesOf(l.feature), 0, gltf.TargetArrayBuffer),
		})
		p.Mode, p.Material = gltf.PrimitiveLines, gltf.Index(0)
	}
	if len(mesh.Primitives) == 0 {
		return -1
	}
	w.doc.Meshes = append(w.doc.Meshes, mesh)
	return len(w.doc.Meshes) - 1
}

func (w *writer) positions(v []float32) int {
	a := floats(v, gltf.AccessorVec3, 3)
	a.Min, a.Max = []float64{math.Inf(1), math.Inf(1), math.Inf(1)}, []float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for i, x := range v {
		k := i % 3
		a.Min[k], a.Max[k] = min(a.Min[k], float64(x)), max(a.Max[k], float64(x))
	}
	return w.accessor(a, bytesOf(v), 0, gltf.TargetArrayBuffer)
}

func (w *writer) indices(s *surface) int {
	if len(s.positions)/3 > math.MaxUint16 {
		return w.accessor(gltf.Accessor{ComponentType: gltf.ComponentUint, Type: gltf.AccessorScalar, Count: len(s.indices)}, bytesOf(s.indices), 0, gltf.TargetElementArrayBuffer)
	}
	small := make([]uint16, len(s.indices))
	for i, v := range s.indices {
		small[i] = uint16(v)
	}
	return w.accessor(gltf.Accessor{ComponentType: gltf.ComponentUshort, Type: gltf.AccessorScalar, Count: len(small)}, bytesOf(small), 0, gltf.TargetElementArrayBuffer)
}

// metadata writes the property table; every column begins at a multiple of 8 bytes.
func (w *writer) metadata(t *propertyTable) {
	w.use("EXT_structural_metadata")
	column := func(b []byte) map[string]any { return map[string]any{"values": w.view(b, 8, 0, 0)} }
	id := column(t.ids)
	if len(t.ids) <= math.MaxUint16 {
		small := make([]byte, 0, 2*len(t.offsets))
		for _, o := range t.offsets {
			small = binary.LittleEndian.AppendUint16(small, uint16(o))
		}
		id["stringOffsets"], id["stringOffsetType"] = w.view(small, 8, 0, 0), "UINT16"
	} else {
		id["stringOffsets"], id["stringOffsetType"] = w.view(bytesOf(t.offsets), 8, 0, 0), "UINT32"
	}
	w.doc.Extensions = gltf.Extensions{"EXT_structural_metadata": map[string]any{
		"schema": assetSchema,
		"propertyTables": []any{map[string]any{"class": "asset", "count": t.count, "properties": map[string]any{
			"id": id, "kind": column(t.kind), "diameter": column(bytesOf(t.diameter)), "cover": column(bytesOf(t.cover)),
			"status": column(t.status), "quality": column(t.quality), "assumed": column(bytesOf(t.assumed)),
		}}},
	}}
}
