package draw

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/likeness"
)

func (b *builder) node(d *drawing, id uint32) {
	p := b.place.At(d.axis[0])
	if d.stands != nil {
		b.liken(d.stands, b.place.At(d.foot), p, d.hatch, id)
		return
	}
	size := likeness.PlainRadius
	if s := d.rec.Section(); s.Known() {
		size = s.OuterWidth() / 2
	}
	b.stand(glb.UnitSphere, d.hatch, p, [3]float64{size, size, size}, id)
}

// liken draws what stands at a node.
func (b *builder) liken(m *likeness.Shape, at, line geometry.Point, hatch int, id uint32) {
	b.likened(m, hatch).Put(at, [3]float64{m.Size, m.Size, m.Size}, id)
	if at.H-line.H > likeness.StemRadius {
		b.stand(glb.UnitPost, hatch, line.Lerp(at, 0.5), [3]float64{likeness.StemRadius, likeness.StemRadius, (at.H - line.H) / 2}, id)
	}
}

// likened are the instances of a likeness.
func (b *builder) likened(m *likeness.Shape, hatch int) *glb.Instances {
	for _, have := range b.likenesses {
		if have.of == m {
			return &have.in[hatch]
		}
	}
	in := spare(&b.spareLikenesses)
	in.of = m
	b.likenesses = append(b.likenesses, in)
	return &in.in[hatch]
}

// likenessInstances are those of one likeness, without and with a hatch.
type likenessInstances struct {
	of *likeness.Shape
	in [2]glb.Instances
}
