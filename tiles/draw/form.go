package draw

import (
	"encoding/binary"
	"math"

	"github.com/undercity/undercity/geometry"
)

// chamberErr is how far a side of a chamber's curve may lie from it, metres: a shaft then has eight sides, as a client draws it from where it asks for it.
const chamberErr = 0.04

// form is a make of chamber, from the lid at the origin down, its bearing to the north. Chambers of one form are alike but for how deep they are: what is
// above the lowest layer is the same, that layer is longer, and the floor lies lower.
type form struct {
	chunks []chunk
	depth  float64 // that the chunks are of; from least on the others are as they are
	least  float64
}

// chunk is a part of a form: where it is, and how it follows the depth.
type chunk struct {
	shape        *repeated
	middle, half geometry.Point
	moves        float64 // of its middle, downwards, for each metre that a chamber is deeper
	grows        float64 // of half its height
}

// formKey is what a form follows from. A Chamber is never changed once it is shared.
type formKey struct {
	chamber *geometry.Chamber
	section geometry.Section
}

var keptForms kept[string, *form]

// formOf is the form of a chamber.
func formOf(c *geometry.Chamber, sec geometry.Section) *form {
	key := make([]byte, 0, 256)
	put := func(list ...float64) {
		for _, v := range list {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
	}
	flag := func(v bool) {
		if v {
			put(1)
		} else {
			put(0)
		}
	}
	plan := func(p geometry.Plan) { put(p.Width, p.Length); flag(p.Round) }
	plan(c.Lid)
	put(c.Wall, c.Slab, c.Sump, c.LidOffsetX, c.LidOffsetY)
	for i, l := range c.Layers {
		plan(l.Plan)
		flag(l.Cone)
		if i+1 < len(c.Layers) {
			put(l.Height)
		}
	}
	if len(c.Layers) == 0 {
		put(sec.Width, sec.Height)
		flag(sec.IsRound())
	}
	return keptForms.get(string(key), func() *form { return newForm(*c, sec) })
}

// newForm makes a chamber of two depths, and sees what has become of each part. It is nil where the two are not alike.
func newForm(c geometry.Chamber, sec geometry.Section) *form {
	c.Bearing, c.Openings, c.Inside, c.Rungs = 0, nil, nil, false
	f := &form{least: 0.1 + 2*max(c.Slab, c.Wall, 0)}
	for i, l := range c.Layers {
		if i+1 < len(c.Layers) {
			f.least += l.Height
		}
	}
	f.depth = f.least + 1
	s := geometry.Structure{Chamber: &c}
	make := func(depth float64) []geometry.Part {
		return s.Parts([]geometry.Point{{}}, sec, geometry.Detail{Err: chamberErr, Bottom: -depth})
	}
	parts, deeper := make(f.depth), make(f.depth+1)
	if len(parts) != len(deeper) || len(parts) == 0 {
		return nil
	}
	if len(parts) > 1 && parts[1].Name == "slab" && parts[1].Index == 0 && len(c.Layers) > 1 { // the lid and what it lies on are one
		parts[0].Mesh.Add(parts[1].Mesh)
		deeper[0].Mesh.Add(deeper[1].Mesh)
		parts, deeper = append(parts[:1], parts[2:]...), append(deeper[:1], deeper[2:]...)
	}
	for i := range parts {
		k := chunk{}
		if k.shape, k.middle, k.half = shapeOf(parts[i].Mesh); k.shape == nil {
			return nil
		}
		other, middle, half := shapeOf(deeper[i].Mesh)
		if other != k.shape {
			return nil
		}
		k.moves, k.grows = k.middle.H-middle.H, half.H-k.half.H
		f.chunks = append(f.chunks, k)
	}
	return f
}

// chamberOf draws a chamber by its form, and one that is too low for that as a plain shaft.
func (b *builder) chamberOf(d *drawing, s *geometry.Structure, id uint32) {
	c := s.Chamber
	k := formKey{c, d.drawn}
	f, ok := b.forms[k]
	if !ok {
		f = formOf(c, d.drawn)
		if b.forms == nil {
			b.forms = map[formKey]*form{}
		}
		b.forms[k] = f
	}
	top := d.axis[0]
	deeper := top.H - BottomOf(d.rec)
	if f == nil || !(deeper >= f.least) {
		b.chamber(d.rec, d.drawn, id, d.hatch)
		return
	}
	deeper -= f.depth
	sin, cos := math.Sincos(c.Bearing * math.Pi / 180)
	axes := [3]geometry.Point{{E: cos, N: -sin}, {E: sin, N: cos}, upwards}
	for i := range f.chunks {
		k := &f.chunks[i]
		u := use{half: k.half, axes: axes, hatch: d.hatch, id: id}
		u.middle = top.Add(axes[0].Scale(k.middle.E)).Add(axes[1].Scale(k.middle.N)).Add(geometry.Point{H: k.middle.H - deeper*k.moves})
		u.half.H += deeper * k.grows
		b.repeat(k.shape, u)
	}
	if len(c.Openings)+len(c.Inside) > 0 {
		b.fittings(d, s, id)
	}
}

// fittings draws what chambers of one form do not share: the collars of their openings, which are alike but for where they are, and what stands inside.
func (b *builder) fittings(d *drawing, s *geometry.Structure, id uint32) {
	for _, p := range s.Parts(d.axis, d.drawn, geometry.Detail{Err: chamberErr, Bottom: BottomOf(d.rec), Fittings: true}) {
		if len(p.Mesh.Positions) == 0 || p.Index >= len(s.Chamber.Openings) {
			b.parts([]geometry.Part{p}, d.hatch, id)
			continue
		}
		sin, cos := math.Sincos(s.Chamber.Openings[p.Index].Bearing * math.Pi / 180)
		axes := [3]geometry.Point{{E: sin, N: cos}, {E: -cos, N: sin}, upwards}
		into := func(v geometry.Point) geometry.Point {
			return geometry.Point{E: v.Dot(axes[0]), N: v.Dot(axes[1]), H: v.H}
		}
		o := d.axis[0]
		for i, q := range p.Mesh.Positions {
			p.Mesh.Positions[i], p.Mesh.Normals[i] = into(q.Sub(o)), into(p.Mesh.Normals[i])
		}
		k := placedOf(p.Mesh)
		if k.shape == nil {
			continue
		}
		at := o.Add(axes[0].Scale(k.middle.E)).Add(axes[1].Scale(k.middle.N)).Add(axes[2].Scale(k.middle.H))
		b.repeat(k.shape, use{middle: at, half: k.half, axes: axes, hatch: d.hatch, id: id})
	}
}
