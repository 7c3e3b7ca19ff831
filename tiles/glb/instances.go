package glb

import (
	"encoding/binary"
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/meshopt"
)

// Instances are the places of one unit mesh, in local coordinates.
type Instances struct {
	translation []float32
	rotation    []float32 // quaternions; none where all stand upright
	scale       []float32
	feature     []uint32
}

// Lay puts in a unit along an axis; scale is half the length, half the width and half the height.
func (in *Instances) Lay(at geometry.Point, turn [4]float64, scale [3]float64, id uint32) {
	for _, v := range turn {
		in.rotation = append(in.rotation, float32(v))
	}
	in.translation = placeSteps.rounded(in.translation, at.E, at.N, at.H)
	in.scale = alongSteps.roundedSize(in.scale, scale)
	in.feature = append(in.feature, id)
}

// Put puts in an upright unit.
func (in *Instances) Put(at geometry.Point, scale [3]float64, id uint32) {
	in.translation = placeSteps.rounded(in.translation, at.E, at.N, at.H)
	in.scale = uprightSteps.roundedSize(in.scale, scale)
	in.feature = append(in.feature, id)
}

// Reset empties the instances, and keeps their memory.
func (in *Instances) Reset() {
	in.translation, in.rotation, in.scale, in.feature = in.translation[:0], in.rotation[:0], in.scale[:0], in.feature[:0]
}

// Len is how many there are.
func (in *Instances) Len() int { return len(in.feature) }

// Grow makes room for n instances laid along an axis.
func (in *Instances) Grow(n int) {
	in.translation, in.rotation = make([]float32, 0, 3*n), make([]float32, 0, 4*n)
	in.scale, in.feature = make([]float32, 0, 3*n), make([]uint32, 0, n)
}

// What places and sizes are rounded to, as powers of two, metres: 4 mm in plan and 8 mm in height, which is 5 mm from the place at most and a tenth of
// what a survey knows; 0.25 mm across. Lengths go with places. Finer ones would only be more noise to send.
const (
	planStep   = -8
	heightStep = -7
	acrossStep = -12
)

// steps are those of the three numbers of a place or size.
type steps [3]int8

var (
	placeSteps   = steps{planStep, planStep, heightStep}
	alongSteps   = steps{planStep, acrossStep, acrossStep} // a size whose X is the length
	uprightSteps = steps{acrossStep, acrossStep, planStep}
)

// power is 2 to the power of n.
func power(n int8) float32 { return math.Float32frombits(uint32(127+int32(n)) << 23) }

// rounded appends three numbers, each to the nearest of its step.
func (s *steps) rounded(list []float32, x, y, z float64) []float32 {
	for i, v := range [...]float64{x, y, z} {
		step := float64(power(s[i]))
		list = append(list, float32(math.Round(v/step)*step))
	}
	return list
}

// roundedSize is like rounded, and nothing becomes 0 that is not.
func (s *steps) roundedSize(list []float32, v [3]float64) []float32 {
	for i := range v {
		v[i] = max(v[i], float64(power(s[i])))
	}
	return s.rounded(list, v[0], v[1], v[2])
}

// appendRows appends rows of three rounded numbers for the filter EXPONENTIAL.
func (s *steps) appendRows(dst []byte, list []float32) []byte {
	var factor [3]float32
	for i := range factor {
		factor[i] = power(-s[i])
	}
	for i := 0; i+2 < len(list); i += 3 {
		for k := range 3 {
			dst = binary.LittleEndian.AppendUint32(dst, meshopt.Exponential(int32(list[i+k]*factor[k]), s[k]))
		}
	}
	return dst
}

// Group is what is drawn at once: instances of one unit that are looked at in one way.
type Group struct {
	Unit  *Unit
	In    *Instances
	Hatch int
	Whole bool // each is the whole of the feature of its own number
	Axis  bool // with a line along it
	Lids  int  // how many groups from this on have a lid of their own for each instance
}

// instanceRows are the attributes of all groups one after another, so that each attribute is one buffer view however many groups there are.
type instanceRows struct {
	places, sizes, turns, features []byte
	placed, sized, turned, known   int
}

// The buffer views of the attributes.
type instanceViews struct{ places, sizes, turns, features int }

// instances writes the nodes of everything that is drawn many times.
func (w *writer) instances(groups []Group) {
	if len(groups) == 0 {
		return
	}
	w.used[extInstancing], w.used[extInstanceFeatures] = true, true
	n, turned := 0, 0
	for _, g := range groups {
		n, turned = n+g.In.Len(), turned+len(g.In.rotation)/4
	}
	rows := instanceRows{places: make([]byte, 0, 12*n), sizes: make([]byte, 0, 12*n), turns: make([]byte, 0, 8*turned), features: make([]byte, 0, 2*n+4)}
	w.columns = make([]byte, 0, 20*n)
	firsts := make([]instanceRows, len(groups))
	for i, g := range groups {
		firsts[i] = instanceRows{placed: rows.placed, sized: rows.sized, turned: rows.turned, known: rows.known}
		w.addRows(&rows, &g)
	}
	views := w.instanceViews(&rows)
	for i, g := range groups {
		w.instanced(g, firsts[i], views)
		if g.Lids > 0 {
			n := 0
			for _, l := range groups[i : i+g.Lids] {
				n += l.In.Len()
			}
			w.lids(g, firsts[i], n, views)
		}
	}
}

func (w *writer) addRows(r *instanceRows, g *Group) {
	in := g.In
	r.placed += in.Len()
	r.sized += in.Len()
	r.turned += len(in.rotation) / 4
	size := &uprightSteps
	if len(in.rotation) > 0 {
		size = &alongSteps
	}
	r.places, r.sizes = placeSteps.appendRows(r.places, in.translation), size.appendRows(r.sizes, in.scale)
	r.turns = appendTurns(r.turns, in)
	if g.Whole {
		return
	}
	r.known += in.Len()
	for _, id := range in.feature {
		if w.features <= math.MaxUint16 {
			r.features = binary.LittleEndian.AppendUint16(r.features, uint16(id))
		} else {
			r.features = binary.LittleEndian.AppendUint32(r.features, math.Float32bits(float32(id)))
		}
	}
}

// endError is how far the end of an instance may be turned aside, metres.
const endError = 0.003

// appendTurns appends rotations for the filter QUATERNION, in as many bits as the length of the instance asks for.
func appendTurns(dst []byte, in *Instances) []byte {
	for i := 0; i+3 < len(in.rotation); i += 4 {
		half := max(in.scale[i/4*3], in.scale[i/4*3+1], in.scale[i/4*3+2])
		// A step of the filter is √½/32767; an error of it turns by up to 2√2 times as much.
		drop := uint(0)
		for step := float32(2.0/32767) * half; step*float32(int(1)<<drop) < endError && drop < 7; drop++ {
		}
		for _, v := range meshopt.Quaternion([4]float32(in.rotation[i:i+4]), drop) {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(v))
		}
	}
	return dst
}

func (w *writer) instanceViews(r *instanceRows) (v instanceViews) {
	for len(r.features)%4 != 0 {
		r.features = append(r.features, 0)
	}
	v.places, v.sizes = w.packed(r.places, 12, 0, 0, "EXPONENTIAL"), w.packed(r.sizes, 12, 0, 0, "EXPONENTIAL")
	if r.turned > 0 {
		v.turns = w.packed(r.turns, 8, 0, 0, "QUATERNION")
	}
	if r.known > 0 {
		v.features = w.packed(r.features, 4, 0, 0, "")
	}
	return v
}

// packed is a compressed buffer view. It says how long it would be in the buffer that no client reads.
func (w *writer) packed(b []byte, stride, rowStride, target int, filter string) int {
	w.doc.BufferViews = append(w.doc.BufferViews, bufferView{Buffer: 1, Offset: w.unpacked, Length: len(b), Stride: rowStride, Target: target, Extensions: w.pack(b, stride, target, filter)})
	w.unpacked += (len(b) + 7) &^ 7
	return len(w.doc.BufferViews) - 1
}

// pack compresses rows: those of instances into the columns of the content, those of meshes, which have a target, before these.
func (w *writer) pack(b []byte, stride, target int, filter string) *viewExtensions {
	w.used[extMeshopt] = true
	into := &w.columns
	if target != 0 {
		into = &w.data
	}
	for len(*into)%4 != 0 {
		*into = append(*into, 0)
	}
	from := len(*into)
	*into = meshopt.AppendAttributes(*into, b, stride)
	return &viewExtensions{meshoptView{Offset: from, Length: len(*into) - from, Stride: stride, Count: len(b) / stride, Mode: "ATTRIBUTES", Filter: filter}}
}

// placePacked puts what is compressed behind everything else.
func (w *writer) placePacked() {
	w.align(4)
	for i := range w.doc.BufferViews {
		if e := w.doc.BufferViews[i].Extensions; e != nil && w.doc.BufferViews[i].Target == 0 {
			e.Meshopt.Offset += len(w.data)
		}
	}
	w.data = append(w.data, w.columns...)
}

func (w *writer) instanced(g Group, first instanceRows, v instanceViews) {
	n := g.In.Len()
	a := instanceAttributes{
		Translation: w.accessor(accessor{View: v.places, Offset: 12 * first.placed, ComponentType: typeFloat, Count: n, Type: "VEC3"}),
		Scale:       ref(w.accessor(accessor{View: v.sizes, Offset: 12 * first.sized, ComponentType: typeFloat, Count: n, Type: "VEC3"})),
	}
	if len(g.In.rotation) > 0 {
		a.Rotation = ref(w.accessor(accessor{View: v.turns, Offset: 8 * first.turned, ComponentType: typeShort, Normalized: true, Count: n, Type: "VEC4"}))
	}
	if !g.Whole {
		a.Feature = ref(w.featureAccessor(first, n, v))
	}
	w.instancedNode(w.unitMesh(g.Unit, g.Hatch, g.Axis), a)
}

// lids lays a lid on every shaft from the first on: they stand where the shafts do and are as large as they are.
func (w *writer) lids(g Group, first instanceRows, n int, v instanceViews) {
	w.instancedNode(w.unitMesh(lid, g.Hatch, false), instanceAttributes{
		Translation: w.accessor(accessor{View: v.places, Offset: 12 * first.placed, ComponentType: typeFloat, Count: n, Type: "VEC3"}),
		Feature:     ref(w.featureAccessor(first, n, v)),
	})
}

func (w *writer) featureAccessor(first instanceRows, n int, v instanceViews) int {
	a := accessor{View: v.features, Offset: 2 * first.known, ComponentType: typeUshort, Count: n, Type: "SCALAR"}
	if w.features > math.MaxUint16 {
		a.Offset, a.ComponentType = 4*first.known, typeFloat
	}
	return w.accessor(a)
}

func (w *writer) instancedNode(mesh int, a instanceAttributes) {
	id := featureID{FeatureCount: w.features}
	if a.Feature != nil {
		id.Attribute = ref(0)
	}
	w.doc.Nodes = append(w.doc.Nodes, node{Mesh: &mesh, Extensions: &nodeExtensions{instancing{a}, featureIDs{[1]featureID{id}}}})
}
