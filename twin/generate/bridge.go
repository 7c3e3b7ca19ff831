package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// An elevated railway stands on single piers in the middle strip of a main street, between the industrial line and the sewer: a deck for two tracks as of
// many metros, spans of about 30 to 45 m, and bored piles of 1.2 m at 2.7 diameters (JGJ 94: at least 2.5). Each asset is one frame of continuous spans.
const (
	viaductAside  = -0.8 // of the axis from the middle of the street
	viaductUp     = 8.3  // of the deck above the ground: more than 5 m of clearance below the girder (CJJ 11: 4.5)
	viaductSpans  = 5    // of a frame
	viaductToe    = 24.0 // of the piles below the ground
	footingBelow  = 0.8  // of the top of a pile cap below the ground
	abutmentBelow = 4.2  // the same of an abutment, whose wall goes down from the girder
	bankAt        = 26.0 // of the plan: the foot of the bank below the bridge, which leaves room for its girder
	bankHeight    = 2.2  // above the sea
	bankHalf      = 12.0
	viaductHalf   = 2.7 // of a pile cap
	tunnelApart   = tunnelHalf + viaductHalf + 3
	galleryApart  = 4.5 + viaductHalf*math.Sqrt2 + 1.5
	islandNear    = -248.0 // of the plan: the shore of the harbour island
	islandFar     = -345.0
	islandHalf    = 60.0
	islandHeight  = 4.4
	harbourBegin  = 30.0
	harbourEnd    = -249.0
	harbourSpans  = 8
	harbourRise   = 3.2 // of the deck's middle above the line between its ends
	harbourFrame  = 4   // spans of an asset
	harbourToe    = 26.0
	harbourName   = "港岛大桥"
	harbourNameEN = "Harbour Island Bridge"
)

var (
	viaductDeck = geometry.Deck{Width: 9.2, Thickness: 0.28, GirderWidth: 4.4, GirderDepth: 1.7, Parapet: 1.1}
	viaductPier = geometry.Support{Cap: geometry.Block{Across: 5.6, Along: 2.2, Height: 1.6}, Columns: 1, Column: geometry.Plan{Width: 2, Length: 2},
		Footing: geometry.Block{Across: 2 * viaductHalf, Along: 2 * viaductHalf, Height: 2}, Piles: geometry.Piles{Across: 2, Along: 2, Spacing: 3.2, Diameter: 1.2}}
	harbourDeck = geometry.Deck{Width: 15, Thickness: 0.3, GirderWidth: 8, GirderDepth: 1.7, Parapet: 1.1}
	harbourPier = geometry.Support{Cap: geometry.Block{Across: 10, Along: 2, Height: 1.5}, Columns: 2, Column: geometry.Plan{Round: true, Width: 1.6}, Spacing: 6,
		Footing: geometry.Block{Across: 10, Along: 5.4, Height: 2.2}, Piles: geometry.Piles{Across: 3, Along: 2, Spacing: 3.4, Diameter: 1.3}}
	harbourAbutment = geometry.Support{Abutment: true, Cap: geometry.Block{Across: 13, Along: 1.6, Height: 1.2},
		Footing: geometry.Block{Across: 13, Along: 5, Height: 1.8}, Piles: geometry.Piles{Across: 4, Along: 2, Spacing: 3.4, Diameter: 1.2}}
)

// island raises the sea bed to the harbour island at the far end of its bridge, and digs the bank at the near one.
func (p *plan) island(u, v, h float64) float64 {
	if p.harbour < 0 || v > 40 {
		return h
	}
	if off := math.Abs(u-p.us[p.harbour].at) - bankHalf; v > 0 {
		return min(h, max(bankHeight+max(0, v-bankAt)/1.5, bankHeight+off))
	}
	out := max(islandFar-v, v-islandNear, math.Abs(u-p.us[p.harbour].at)-islandHalf, 0)
	return max(h, islandHeight-0.8*out)
}

// bridges makes what stands on piers.
func (m *maker) bridges() {
	if m.dry {
		return
	}
	for _, i := range m.c.plan.viaducts {
		m.viaduct(i)
	}
	m.harbourBridge()
}

// stand is a place for a support.
type stand struct {
	u, v     float64
	up       float64 // height of the deck above it
	abutment bool
}

// viaductStands are the piers of the railway above a street: at the corners of its crossings and between the pitches, where no service crosses; none above
// the road tunnel or the gallery, which longer spans leave free.
func (p *plan) viaductStands(i int) (list []stand) {
	s := &p.us[i]
	for j := 0; j < s.top; j++ {
		b := p.block(i, j, false)
		for k := range b.n + 1 {
			at := stand{u: s.at + viaductAside, v: b.begin + float64(k)*b.pitch, up: viaductUp}
			if p.tunnel.there && math.Abs(at.v-p.tunnel.v) < tunnelApart || math.Abs(p.fromDiagonal(at.u, at.v)) < galleryApart {
				continue
			}
			list = append(list, at)
		}
	}
	return list
}

func (m *maker) viaduct(i int) {
	s := &m.c.plan.us[i]
	l := line{t: bridged, net: "QL", kit: kit{material: "RCP"}, owner: "市轨道交通公司", road: s.name, installed: "2021", ref: twin.RefAxis, key: 3<<60 + uint64(i)}
	list := m.c.plan.viaductStands(i)
	for k := 0; k+1 < len(list) && !m.stopped; k += viaductSpans {
		frame := list[k:min(k+viaductSpans+1, len(list))]
		pier := viaductPier
		m.frame(&l, frame, &viaductDeck, &pier, nil, k == 0, viaductToe, func(k int) float64 {
			return m.c.plan.land(frame[k].u, frame[k].v) + frame[k].up
		})
		m.a.Name, m.a.Road = "城市轻轨高架 "+m.a.ID[3:], s.name
		m.put()
	}
}

// harbourBridge carries a street over to the harbour island.
func (m *maker) harbourBridge() {
	p := &m.c.plan
	if p.harbour < 0 || m.stopped {
		return
	}
	l := line{t: bridged, net: "QL", kit: kit{material: "RCP"}, owner: "市桥梁管理处", road: harbourName, installed: "2009", ref: twin.RefAxis, key: 4 << 60}
	var list []stand
	for k := range harbourSpans + 1 {
		f := float64(k) / harbourSpans
		list = append(list, stand{u: p.us[p.harbour].at, v: harbourBegin + f*(harbourEnd-harbourBegin), abutment: k == 0 || k == harbourSpans})
	}
	first, last := p.ground(list[0].u, list[0].v)+0.15, p.ground(list[harbourSpans].u, list[harbourSpans].v)+0.15
	for k := 0; k+1 < len(list) && !m.stopped; k += harbourFrame {
		frame, begin := list[k:k+harbourFrame+1], k
		m.frame(&l, frame, &harbourDeck, &harbourPier, &harbourAbutment, k == 0, harbourToe, func(k int) float64 {
			f := float64(begin+k) / harbourSpans
			return first + f*(last-first) + 4*harbourRise*f*(1-f)
		})
		m.a.Name = harbourName
		m.put()
	}
}

// frame makes the continuous spans over some stands; first says that the first support belongs to it and not to the frame before.
func (m *maker) frame(l *line, list []stand, deck *geometry.Deck, pier, abutment *geometry.Support, first bool, toe float64, height func(k int) float64) {
	n := m.number(l.t)
	a := m.fresh(l, twin.KindBridge, l.net+"-"+string(pad(nil, n)), n)
	b := &geometry.Bridge{Deck: *deck}
	a.Section = geometry.Section{Shape: geometry.Rectangle, Width: deck.Width, Height: deck.Thickness + deck.GirderDepth}
	chain := 0.0
	for k, s := range list {
		at := m.spot(s.u, s.v)
		a.Line = append(a.Line, geometry.Point{E: at.e, N: at.n, H: height(k)})
		a.Ground = append(a.Ground, at.g)
		if k > 0 {
			chain += a.Line[k].PlanDist(a.Line[k-1])
		}
		if k == 0 && !first {
			continue
		}
		sup, below := *pier, footingBelow
		if s.abutment {
			sup, below = *abutment, abutmentBelow
		}
		sup.Chainage, sup.Ground, sup.Piles.Toe = math.Floor(chain*100)/100, round(at.g-below, 100), round(at.g-toe, 100)
		b.Supports = append(b.Supports, sup)
	}
	a.Structure = &geometry.Structure{Bridge: b}
}
