package tiles_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/qmuntal/gltf"

	"github.com/undercity/undercity/tiles/meshopt"
)

// glb is a decoded content.
type glb struct {
	doc   *gltf.Document
	views [][]byte // as a client has them, uncompressed
	ids   []string
}

// decode reads a GLB as a client does.
func decode(t testing.TB, b []byte) glb {
	t.Helper()
	n := binary.LittleEndian.Uint32(b[12:])
	bin := b[20+n+8:]
	if string(b[:4]) != "glTF" || int(binary.LittleEndian.Uint32(b[8:])) != len(b) || string(b[16:20]) != "JSON" || string(b[20+n+4:20+n+8]) != "BIN\x00" || int(binary.LittleEndian.Uint32(b[20+n:])) != len(bin) {
		t.Fatal("not a GLB")
	}
	d := glb{doc: new(gltf.Document)}
	if err := json.Unmarshal(b[20:20+n], d.doc); err != nil {
		t.Fatal(err)
	}
	for _, v := range d.doc.BufferViews {
		d.views = append(d.views, viewOf(t, v, bin))
	}
	var ext struct {
		PropertyTables []struct {
			Count      int
			Properties map[string]struct {
				Values, StringOffsets int
				StringOffsetType      string
			}
		}
	}
	d.extension(t, d.doc.Extensions, "EXT_structural_metadata", &ext)
	id := ext.PropertyTables[0].Properties["id"]
	text, offs := d.views[id.Values], d.views[id.StringOffsets]
	at := func(i int) int {
		if id.StringOffsetType == "UINT16" {
			return int(binary.LittleEndian.Uint16(offs[2*i:]))
		}
		return int(binary.LittleEndian.Uint32(offs[4*i:]))
	}
	for i := range ext.PropertyTables[0].Count {
		d.ids = append(d.ids, string(text[at(i):at(i+1)]))
	}
	return d
}

func (d glb) extension(t testing.TB, e gltf.Extensions, name string, v any) {
	t.Helper()
	raw, ok := e[name].(json.RawMessage)
	if !ok {
		t.Fatalf("no %s", name)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatal(err)
	}
}

// viewOf is a buffer view without its compression.
func viewOf(t testing.TB, v *gltf.BufferView, bin []byte) []byte {
	t.Helper()
	raw, ok := v.Extensions["EXT_meshopt_compression"].(json.RawMessage)
	if !ok {
		if v.Buffer != 0 {
			t.Fatalf("a view of buffer %d", v.Buffer)
		}
		return bin[v.ByteOffset : v.ByteOffset+v.ByteLength]
	}
	var m struct {
		Buffer, ByteOffset, ByteLength, ByteStride, Count int
		Mode, Filter                                      string
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if v.Buffer != 1 || m.Mode != "ATTRIBUTES" {
		t.Fatalf("buffer %d, mode %s", v.Buffer, m.Mode)
	}
	rows, err := meshopt.DecodeAttributes(bin[m.ByteOffset:m.ByteOffset+m.ByteLength], m.Count, m.ByteStride)
	if err != nil || len(rows) != v.ByteLength {
		t.Fatalf("%d bytes of %d, %v", len(rows), v.ByteLength, err)
	}
	switch m.Filter {
	case "EXPONENTIAL":
		for i := 0; i < len(rows); i += 4 {
			f := meshopt.Float(binary.LittleEndian.Uint32(rows[i:]))
			binary.LittleEndian.PutUint32(rows[i:], math.Float32bits(f))
		}
	case "QUATERNION":
		for i := 0; i < len(rows); i += 8 {
			var q [4]int16
			for k := range q {
				q[k] = int16(binary.LittleEndian.Uint16(rows[i+2*k:]))
			}
			for k, x := range meshopt.Turn(q) {
				binary.LittleEndian.PutUint16(rows[i+2*k:], uint16(x))
			}
		}
	}
	return rows
}

// numbers are those of an accessor, normalised where it says so.
func (d glb) numbers(t testing.TB, accessor int) (list []float64) {
	t.Helper()
	a := d.doc.Accessors[accessor]
	width := map[gltf.ComponentType]int{gltf.ComponentByte: 1, gltf.ComponentUbyte: 1, gltf.ComponentShort: 2, gltf.ComponentUshort: 2, gltf.ComponentUint: 4, gltf.ComponentFloat: 4}[a.ComponentType]
	each := map[gltf.AccessorType]int{gltf.AccessorScalar: 1, gltf.AccessorVec3: 3, gltf.AccessorVec4: 4}[a.Type]
	stride := d.doc.BufferViews[*a.BufferView].ByteStride
	if stride == 0 {
		stride = width * each
	}
	b := d.views[*a.BufferView]
	for i := range a.Count {
		for k := range each {
			raw := b[a.ByteOffset+i*stride+k*width:]
			var v, one float64
			switch a.ComponentType {
			case gltf.ComponentByte:
				v, one = float64(int8(raw[0])), 127
			case gltf.ComponentUbyte:
				v, one = float64(raw[0]), 255
			case gltf.ComponentShort:
				v, one = float64(int16(binary.LittleEndian.Uint16(raw))), 32767
			case gltf.ComponentUshort:
				v, one = float64(binary.LittleEndian.Uint16(raw)), 65535
			case gltf.ComponentUint:
				v = float64(binary.LittleEndian.Uint32(raw))
			case gltf.ComponentFloat:
				v = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw)))
			}
			if a.Normalized {
				v /= one
			}
			list = append(list, v)
		}
	}
	return list
}

// features are those of the instances of a node: by its attribute, or each its own number where there is none.
func (d glb) features(t testing.TB, node *gltf.Node) (list []int) {
	t.Helper()
	var ext struct {
		FeatureIDs []struct{ Attribute *int }
	}
	d.extension(t, node.Extensions, "EXT_instance_features", &ext)
	attributes := d.attributes(t, node)
	if ext.FeatureIDs[0].Attribute == nil {
		for i := range d.doc.Accessors[attributes["TRANSLATION"]].Count {
			list = append(list, i)
		}
		return list
	}
	for _, v := range d.numbers(t, attributes["_FEATURE_ID_0"]) {
		list = append(list, int(v))
	}
	return list
}

func (d glb) attributes(t testing.TB, node *gltf.Node) map[string]int {
	t.Helper()
	var in struct{ Attributes map[string]int }
	d.extension(t, node.Extensions, "EXT_mesh_gpu_instancing", &in)
	return in.Attributes
}

// place is one instance: where, how turned, how large.
type place struct {
	at, scale [3]float64
	turn      [4]float64 // x y z w
}

// apply takes a point of the unit to where the instance has it.
func (p place) apply(v [3]float64) [3]float64 {
	r := turned(p.turn, [3]float64{v[0] * p.scale[0], v[1] * p.scale[1], v[2] * p.scale[2]})
	return [3]float64{r[0] + p.at[0], r[1] + p.at[1], r[2] + p.at[2]}
}

// turned is v + 2w(q×v) + 2q×(q×v).
func turned(q [4]float64, v [3]float64) [3]float64 {
	cx, cy, cz := q[1]*v[2]-q[2]*v[1], q[2]*v[0]-q[0]*v[2], q[0]*v[1]-q[1]*v[0]
	dx, dy, dz := q[1]*cz-q[2]*cy, q[2]*cx-q[0]*cz, q[0]*cy-q[1]*cx
	return [3]float64{v[0] + 2*(q[3]*cx+dx), v[1] + 2*(q[3]*cy+dy), v[2] + 2*(q[3]*cz+dz)}
}

// instancesOf lists the instances of a node; ok is false when it has none.
func (d glb) instancesOf(t testing.TB, node *gltf.Node) (list []place, ok bool) {
	t.Helper()
	if _, ok := node.Extensions["EXT_mesh_gpu_instancing"]; !ok {
		return nil, false
	}
	attributes := d.attributes(t, node)
	at := d.numbers(t, attributes["TRANSLATION"])
	var scale, turn []float64
	if a, ok := attributes["SCALE"]; ok {
		scale = d.numbers(t, a)
	}
	if a, ok := attributes["ROTATION"]; ok {
		turn = d.numbers(t, a)
	}
	list = make([]place, len(at)/3)
	for i := range list {
		p := &list[i]
		p.scale, p.turn = [3]float64{1, 1, 1}, [4]float64{0, 0, 0, 1}
		copy(p.at[:], at[3*i:])
		if scale != nil {
			copy(p.scale[:], scale[3*i:])
		}
		if turn != nil {
			copy(p.turn[:], turn[4*i:])
		}
	}
	return list, true
}

// verticesOf reads the positions of every primitive of a node's mesh, below the node.
func (d glb) verticesOf(t testing.TB, node *gltf.Node) (vs [][3]float64) {
	t.Helper()
	for _, p := range d.doc.Meshes[*node.Mesh].Primitives {
		v := d.numbers(t, p.Attributes[gltf.POSITION])
		for i := 0; i < len(v); i += 3 {
			x := [3]float64{v[i], v[i+1], v[i+2]}
			if node.Scale != [3]float64{} {
				for k := range x {
					x[k] = x[k]*node.Scale[k] + node.Translation[k]
				}
			}
			vs = append(vs, x)
		}
	}
	return vs
}

// ecef takes a position below the root node to geocentric coordinates, as a client does: the node's rotation and translation, then Y up to Z up.
func (d glb) ecef(p [3]float64) [3]float64 {
	root := d.doc.Nodes[0]
	v := turned(root.Rotation, p)
	for i := range v {
		v[i] += root.Translation[i]
	}
	return [3]float64{v[0], -v[2], v[1]}
}
