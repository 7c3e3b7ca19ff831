package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// solids makes what came as a model from outside: foundations and tanks whose form follows no rule of ours.
func (m *maker) solids() {
	if m.dry {
		return
	}
	p := &m.c.plan
	for i := range p.us {
		for j := range p.vs {
			r, ok := p.lot(i, j)
			if m.stopped || !ok {
				continue
			}
			at := m.spot((r.u0+r.u1)/2, (r.v0+r.v1)/2)
			switch p.uses[[2]int{i, j}] {
			case monument:
				// A plinth of two steps on an octagonal block that spreads to its foot, on blinding 5 m down.
				l := line{t: spaces, net: "DK", kit: kit{material: "RCP"}, owner: "市园林局", road: p.us[i].name, installed: "1959", ref: twin.RefAxis, key: 6 << 60}
				m.solid(&l, at, "市民广场纪念碑基础", 8, []ring{{9, -5}, {9, -3.8}, {6.2, -2.2}, {6.2, 0.2}, {4.4, 0.2}, {4.4, 1.1}, {3, 1.1}, {3, 2.4}})
			case tank:
				// A clear-water tank of 2,000 m³ after 22S804: 4.5 m deep, with soil above its roof and a foot that stands out.
				l := line{t: water, net: "JS", kit: kit{material: "RCP"}, owner: owners[water], road: p.us[i].name, installed: "1994", ref: twin.RefAxis, key: 7 << 60}
				m.solid(&l, at, "清水池", 32, []ring{{13.2, -5.6}, {13.2, -5.2}, {12.4, -5.2}, {12.4, -0.9}, {0.9, -0.6}, {0.9, 0.7}})
			}
		}
	}
}

// ring is the outline of a turned body at a height above the ground.
type ring struct{ radius, up float64 }

// solid makes a closed mesh of so many sides from rings, lowest first.
func (m *maker) solid(l *line, at spot, name string, sides int, rings []ring) {
	n := m.number(l.t)
	id := l.net + "-S" + string(pad(nil, n))
	a := m.fresh(l, twin.KindSolid, id, n)
	a.Name, a.Line, a.Ground = name, []geometry.Point{{E: at.e, N: at.n, H: at.g}}, []float64{at.g}
	a.Structure = &geometry.Structure{Solid: turned(sides, rings)}
	m.put()
}

// turned is the mesh of rings about the vertical: sides, a floor and a lid, all facing outwards.
func turned(sides int, rings []ring) *geometry.Solid {
	s := &geometry.Solid{}
	for _, r := range rings {
		for k := range sides {
			sin, cos := math.Sincos(2 * math.Pi * (float64(k) + 0.5) / float64(sides))
			s.Vertices = append(s.Vertices, [3]float64{round(r.radius*cos, 1000), round(r.radius*sin, 1000), r.up})
		}
	}
	n := uint32(sides)
	top := n * uint32(len(rings)-1)
	for k := range n {
		next := (k + 1) % n
		for r := uint32(0); r < top; r += n {
			s.Faces = append(s.Faces, [3]uint32{r + k, r + next, r + n + next}, [3]uint32{r + k, r + n + next, r + n + k})
		}
		if k > 0 && k+1 < n {
			s.Faces = append(s.Faces, [3]uint32{0, k + 1, k}, [3]uint32{top, top + k, top + k + 1})
		}
	}
	return s
}
