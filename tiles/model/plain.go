package model

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"

	"github.com/qmuntal/gltf"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/tiles/local"
)

// plainWriter writes a glTF model of ordinary meshes, without any extension.
type plainWriter struct {
	doc       *gltf.Document
	place     *local.Place
	data      [3][]byte // positions, normals, indices
	materials map[string]int
}

// Buffer views of a plain model, in the order of its data.
const (
	viewPositions = iota
	viewNormals
	viewIndices
)

// GLB is the model as GLB. The root of a model of one asset is its node; that of another has a node a network, and those of assets below.
func (m *Model) GLB(name string) ([]byte, error) {
	w := &plainWriter{doc: &gltf.Document{Asset: gltf.Asset{Version: "2.0", Generator: "undercity"}}, place: m.place, materials: map[string]int{}}
	w.doc.Nodes = make([]*gltf.Node, 1)
	extras := map[string]any{"georeference": m.georeference()}
	if m.alone {
		n, _ := m.snap.Catalog().Network(m.items[0].rec.Layer())
		root := w.asset(&m.items[0], n.Code, draw.Linear(n.ColourDark))
		maps.Copy(extras, m.items[0].extras())
		root.Extras = extras
		w.doc.Nodes[0] = root
	} else {
		w.doc.Nodes[0] = &gltf.Node{Name: name, Extras: extras, Children: w.networks(m)}
	}
	w.doc.Scenes = []*gltf.Scene{{Name: name, Nodes: []int{0}}}
	w.doc.Scene = gltf.Index(0)
	return w.encode()
}

// networks writes the assets of a model and returns the nodes of their networks.
func (w *plainWriter) networks(m *Model) (list []int) {
	var group *gltf.Node
	for i := range m.items {
		it := &m.items[i]
		n, _ := m.snap.Catalog().Network(it.rec.Layer())
		if group == nil || group.Name != n.Code {
			group = &gltf.Node{Name: n.Code, Extras: map[string]any{"network": n.Code, "name": n.NameEN, "nameZh": n.NameZH}}
			list = append(list, w.node(group))
		}
		group.Children = append(group.Children, w.node(w.asset(it, n.Code, draw.Linear(n.ColourDark))))
	}
	return list
}

func (w *plainWriter) node(n *gltf.Node) int {
	w.doc.Nodes = append(w.doc.Nodes, n)
	return len(w.doc.Nodes) - 1
}

// local turns a point of the plane for glTF, whose Y is up.
func (w *plainWriter) local(p geometry.Point) [3]float64 {
	q := w.place.At(p)
	return [3]float64{q.E, q.H, -q.N}
}

// asset is the node of an asset, about its own middle so that floats are exact; its parts are nodes below it when it has several.
func (w *plainWriter) asset(it *item, network string, colour [3]float64) *gltf.Node {
	at := w.local(it.box.Center())
	for i := range at {
		at[i] = math.Round(at[i]*1e3) / 1e3
	}
	n := &gltf.Node{Name: it.rec.ID(), Translation: at, Extras: it.extras()}
	material := w.material(network, colour, draw.Hatch(it.rec) > 0)
	if len(it.bodies) == 1 && it.bodies[0].name == "" {
		n.Mesh = gltf.Index(w.mesh(it.rec.ID(), it.bodies[0].mesh, at, material))
		return n
	}
	for _, b := range it.bodies {
		n.Children = append(n.Children, w.node(&gltf.Node{Name: b.name, Mesh: gltf.Index(w.mesh(it.rec.ID()+" "+b.name, b.mesh, at, material))}))
	}
	return n
}

// assumedOpacity shows what rests on assumed heights or sizes as see-through.
const assumedOpacity = 0.55

// material is that of a network, of assets whose place and size are known or not.
func (w *plainWriter) material(network string, c [3]float64, assumed bool) int {
	name, alpha, mode := network, 1.0, gltf.AlphaOpaque
	if assumed {
		name, alpha, mode = network+" assumed", assumedOpacity, gltf.AlphaBlend
	}
	if i, ok := w.materials[name]; ok {
		return i
	}
	w.doc.Materials = append(w.doc.Materials, &gltf.Material{Name: name, AlphaMode: mode, PBRMetallicRoughness: &gltf.PBRMetallicRoughness{
		BaseColorFactor: &[4]float64{c[0], c[1], c[2], alpha}, MetallicFactor: gltf.Float(0), RoughnessFactor: gltf.Float(0.7)}})
	w.materials[name] = len(w.doc.Materials) - 1
	return w.materials[name]
}

// mesh writes a mesh about a place and returns its number.
func (w *plainWriter) mesh(name string, m geometry.Mesh, at [3]float64, material int) int {
	low := []float64{math.Inf(1), math.Inf(1), math.Inf(1)}
	high := []float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	position := w.accessor(viewPositions, gltf.Accessor{ComponentType: gltf.ComponentFloat, Type: gltf.AccessorVec3, Count: len(m.Positions)})
	normal := w.accessor(viewNormals, gltf.Accessor{ComponentType: gltf.ComponentFloat, Type: gltf.AccessorVec3, Count: len(m.Positions)})
	for i, p := range m.Positions {
		q, tip := w.local(p), w.local(p.Add(m.Normals[i]))
		var d [3]float64
		l := 0.0
		for k := range q {
			d[k] = tip[k] - q[k] // by what the plane is turned and the earth is curved there
			l += d[k] * d[k]
			v := float32(q[k] - at[k])
			low[k], high[k] = min(low[k], float64(v)), max(high[k], float64(v))
			w.float(viewPositions, v)
		}
		if l < 1e-6 { // whatever a mesh has, no file has a normal that is no number
			d, l = [3]float64{0, 1, 0}, 1
		}
		for k := range d {
			w.float(viewNormals, float32(d[k]/math.Sqrt(l)))
		}
	}
	w.doc.Accessors[position].Min, w.doc.Accessors[position].Max = low, high
	primitive := &gltf.Primitive{Attributes: gltf.PrimitiveAttributes{gltf.POSITION: position, gltf.NORMAL: normal}, Indices: gltf.Index(w.triangles(m)), Material: gltf.Index(material)}
	w.doc.Meshes = append(w.doc.Meshes, &gltf.Mesh{Name: name, Primitives: []*gltf.Primitive{primitive}})
	return len(w.doc.Meshes) - 1
}

func (w *plainWriter) float(view int, v float32) {
	w.data[view] = binary.LittleEndian.AppendUint32(w.data[view], math.Float32bits(v))
}

// accessor begins at the end of a view's data.
func (w *plainWriter) accessor(view int, a gltf.Accessor) int {
	a.BufferView, a.ByteOffset = gltf.Index(view), len(w.data[view])
	w.doc.Accessors = append(w.doc.Accessors, &a)
	return len(w.doc.Accessors) - 1
}

// triangles writes the indices, two bytes each where that is enough.
func (w *plainWriter) triangles(m geometry.Mesh) int {
	a := gltf.Accessor{ComponentType: gltf.ComponentUshort, Type: gltf.AccessorScalar, Count: len(m.Indices)}
	if len(m.Positions) > math.MaxUint16 {
		a.ComponentType = gltf.ComponentUint
	}
	i := w.accessor(viewIndices, a)
	b := w.data[viewIndices]
	for _, v := range m.Indices {
		if a.ComponentType == gltf.ComponentUint {
			b = binary.LittleEndian.AppendUint32(b, v)
		} else {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
	}
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	w.data[viewIndices] = b
	return i
}

func (w *plainWriter) encode() ([]byte, error) {
	var data []byte
	for i, d := range w.data {
		v := &gltf.BufferView{ByteOffset: len(data), ByteLength: len(d), Target: gltf.TargetArrayBuffer, ByteStride: 12}
		if i == viewIndices {
			v.Target, v.ByteStride = gltf.TargetElementArrayBuffer, 0
		}
		w.doc.BufferViews = append(w.doc.BufferViews, v)
		data = append(data, d...)
	}
	w.doc.Buffers = []*gltf.Buffer{{ByteLength: len(data), Data: data}}
	var out bytes.Buffer
	out.Grow(len(data) + 1000*len(w.doc.Nodes))
	if err := gltf.NewEncoder(&out).Encode(w.doc); err != nil {
		return nil, fmt.Errorf("GLB: %w", err)
	}
	return out.Bytes(), nil
}
