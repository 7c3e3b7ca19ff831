package draw

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/local"
)

// The parts of structures are mostly alike: lids, shafts and slabs of a few makes, deeper here and wider there, banks with ducts in the same places. What has
// the same shape but for its size along three axes is drawn as one unit put many times, so that a city of manholes costs little more than one.

// repeated is a shape that may stand many times: a mesh from −1 to 1 along each axis.
type repeated struct {
	mesh  geometry.Mesh
	unit  *glb.Unit
	round bool // about its upward axis: how it is turned is not seen
}

// use is one place of a shape, in the plane: its middle, its axes and half its size along these.
type use struct {
	middle, half geometry.Point
	axes         [3]geometry.Point
	hatch        int
	id           uint32
	line         bool // it has a line along its first axis, so that it is seen where it is thinner than a pixel
}

// uses are all places of a shape in a content.
type uses struct {
	shape *repeated
	list  []use
}

const (
	// shapeSteps is how exactly shapes are compared: steps from the middle to the side.
	shapeSteps = 256
	// mostRepeated and shapeRoom bound the shapes of a content that are units of their own: each is one more thing to draw, and so many bytes together.
	// Those that come after them may be drawn each by itself as far as overflowRoom goes.
	mostRepeated = 64
	shapeRoom    = 200_000
	overflowRoom = 100_000
	// mostKept bounds what is kept from content to content: shapes, and what is made of them.
	mostKept = 4096
)

// kept keeps what was made for a key. When there is too much of it all goes, and what is needed is made again.
type kept[K comparable, V any] struct {
	mu   sync.Mutex
	list map[K]V
}

// get makes what is not there. What two make at once is that of the first of them.
func (k *kept[K, V]) get(key K, make func() V) V {
	k.mu.Lock()
	v, ok := k.list[key]
	k.mu.Unlock()
	if ok {
		return v
	}
	v = make()
	k.mu.Lock()
	defer k.mu.Unlock()
	if have, ok := k.list[key]; ok {
		return have
	}
	if k.list == nil || len(k.list) >= mostKept {
		k.list = map[K]V{}
	}
	k.list[key] = v
	return v
}

var keptShapes kept[string, *repeated]

// shapeOf is the shape of a mesh about an origin, with its middle and half its size. It is nil of what is flat.
func shapeOf(m geometry.Mesh) (s *repeated, middle, half geometry.Point) {
	box := geometry.BoxOf(m.Positions...)
	middle, half = box.Center(), box.Size().Scale(0.5)
	if len(m.Positions) > math.MaxUint16 || !(min(half.E, half.N, half.H) >= 1e-3) {
		return nil, middle, half
	}
	one := geometry.Mesh{Positions: make([]geometry.Point, len(m.Positions)), Normals: make([]geometry.Point, len(m.Normals)), Indices: m.Indices}
	key := make([]byte, 0, 6*len(m.Positions)+4*len(m.Indices))
	for i, p := range m.Positions {
		p = p.Sub(middle)
		one.Positions[i] = geometry.Point{E: p.E / half.E, N: p.N / half.N, H: p.H / half.H}
		n := m.Normals[i] // across the surface when that is made as large as 1
		n = geometry.Point{E: n.E * half.E, N: n.N * half.N, H: n.H * half.H}
		one.Normals[i] = n.Scale(1 / max(n.Len(), 1e-12))
		for _, v := range [...]float64{one.Positions[i].E, one.Positions[i].N, one.Positions[i].H} {
			key = binary.LittleEndian.AppendUint16(key, uint16(int16(math.Round(shapeSteps*v))))
		}
	}
	for _, i := range m.Indices {
		key = binary.LittleEndian.AppendUint32(key, i)
	}
	return keptShapes.get(string(key), func() *repeated {
		return &repeated{mesh: one, unit: glb.NewUnit(one), round: isRoundAbout(one)}
	}), middle, half
}

// placedShape is a shape with where its middle is and half its size.
type placedShape struct {
	shape        *repeated
	middle, half geometry.Point
}

func placedOf(m geometry.Mesh) (p placedShape) {
	p.shape, p.middle, p.half = shapeOf(m)
	return p
}

// isRoundAbout reports whether all of a shape lies on circles about its upward axis, where it is as wide as deep.
func isRoundAbout(m geometry.Mesh) bool {
	type corner struct{ far, turn int }
	seen := map[corner]bool{}
	sides := map[int]int{}
	for _, p := range m.Positions {
		k := corner{int(math.Round(1000 * math.Hypot(p.E, p.N))), int(math.Round(100 * math.Atan2(p.N, p.E)))}
		if !seen[k] {
			seen[k] = true
			sides[k.far]++
		}
	}
	for _, n := range sides {
		if n < 8 {
			return false
		}
	}
	return true
}

// upwards is the direction of the axis about which a round shape may be turned.
var upwards = geometry.Point{H: 1}

// repeat draws a shape once more.
func (b *builder) repeat(s *repeated, u use) {
	if b.repeats == nil {
		b.repeats = map[*repeated]*uses{}
	}
	k := b.repeats[s]
	if k == nil {
		k = spare(&b.spareUses)
		k.shape = s
		b.repeats[s] = k
		b.repeatOrder = append(b.repeatOrder, k)
	}
	k.list = append(k.list, u)
}

// drawRepeats makes units of the shapes that are most to draw. Where there are too many, the others are surfaces when they run along a line, as long as
// there is room, and else the boxes and cylinders around them.
func (b *builder) drawRepeats() {
	slices.SortStableFunc(b.repeatOrder, func(a, b *uses) int {
		return cmp.Compare(len(b.list)*len(b.shape.mesh.Positions), len(a.list)*len(a.shape.mesh.Positions))
	})
	room, overflow := shapeRoom, overflowRoom
	for i, k := range b.repeatOrder {
		size := k.shape.unit.Bytes()
		asUnit := i < mostRepeated && room >= size
		if asUnit {
			room -= size
		}
		g := spare(&b.spareRepeated)
		g.unit, g.line = k.shape.unit, k.list[0].line
		b.repeated = append(b.repeated, g)
		for _, u := range k.list {
			if asUnit {
				b.standing(u, k.shape.round, &g.in[u.hatch][stanceUpright], &g.in[u.hatch][stanceAlong])
				continue
			}
			if overflow -= size; !u.line || overflow < 0 {
				plain := &b.units[glb.UnitBox][u.hatch]
				if k.shape.round {
					plain = &b.units[glb.UnitPost][u.hatch]
				}
				b.standing(u, k.shape.round, &plain[stanceUpright], &plain[stanceAlong])
				continue
			}
			b.surfaces[u.hatch].Add(b.here(u.of(k.shape.mesh)), u.id)
			along := u.axes[0].Scale(u.half.E)
			b.axisLines([]geometry.Point{u.middle.Sub(along), u.middle.Add(along)}, u.id)
		}
	}
}

// smallUse is half the size, metres, up to which a use is turned as the middle of its content is: that moves its ends by 2 mm at most.
const smallUse = 3

// standing puts in a use: upright where it is round and how it is turned is not seen.
func (b *builder) standing(u use, round bool, upright, along *glb.Instances) {
	at, size := b.place.At(u.middle), [3]float64{u.half.E, u.half.N, u.half.H}
	if round && u.axes[2] == upwards && math.Abs(u.half.E-u.half.N) < 1e-3 {
		upright.Put(at, size, u.id)
		return
	}
	turn := b.turn
	if max(u.half.E, u.half.N, u.half.H) > smallUse {
		turn = b.turning(u.middle)
	}
	along.Lay(at, local.Quaternion(turn(u.axes[0]), turn(u.axes[1]), turn(u.axes[2])), size, u.id)
}

// repeatedInstances are those of one shape, by hatch and stance.
type repeatedInstances struct {
	unit *glb.Unit
	line bool
	in   [2][stanceAlong + 1]glb.Instances
}

// of is a shape where it is used and as large.
func (u use) of(shape geometry.Mesh) geometry.Mesh {
	out := func(p geometry.Point) geometry.Point {
		return u.axes[0].Scale(p.E).Add(u.axes[1].Scale(p.N)).Add(u.axes[2].Scale(p.H))
	}
	m := geometry.Mesh{Positions: make([]geometry.Point, len(shape.Positions)), Normals: make([]geometry.Point, len(shape.Normals)), Indices: shape.Indices}
	for i, p := range shape.Positions {
		m.Positions[i] = u.middle.Add(out(geometry.Point{E: p.E * u.half.E, N: p.N * u.half.N, H: p.H * u.half.H}))
		n := shape.Normals[i]
		v := out(geometry.Point{E: n.E / u.half.E, N: n.N / u.half.N, H: n.H / u.half.H})
		m.Normals[i] = v.Scale(1 / max(v.Len(), 1e-12))
	}
	return m
}
