package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// The inside of manholes after 06MS201 and 20S515: a cover of 700 mm, a shaft below it, a cone or slab, and a chamber of 1.8 m to work in.
const (
	coverSize  = 0.7
	coneHeight = 0.5
	workHeight = 1.8
	leastNeck  = 0.2
	sumpDepth  = 0.3 // GB 50014 5.4.11: 0.3 to 0.5 m in rain manholes that keep back sand
	dropLevel  = 1.0 // GB 50014 5.5.1: a difference from which a manhole is a drop manhole
)

var cover = geometry.Plan{Round: true, Width: coverSize}

// build is a form of chamber that many share.
type build struct {
	section geometry.Section
	neck    int16 // height of the shaft, tenths of a metre
	bearing int16 // tens of degrees, of a plan that is not round
	form    form
}

type form uint8

const (
	plainForm form = iota // straight walls up to the cover: the section says it all
	drainForm             // shaft, cone, chamber
	sandForm              // the same with a sump
	slabForm              // a neck on a slab over the chamber: valves, ducts
)

// structure is the inside of a chamber of a form; equal ones are one structure, which is kept once.
func (m *maker) structure(k build) *geometry.Structure {
	if k.form == plainForm {
		return nil
	}
	if m.lastBuilt != nil && k == m.lastBuild {
		return m.lastBuilt
	}
	m.lastBuild = k
	if m.lastBuilt = m.builds[k]; m.lastBuilt != nil {
		return m.lastBuilt
	}
	s := &geometry.Structure{Chamber: newChamber(k.section, k.form, float64(k.neck)/10, float64(k.bearing)*10)}
	m.builds[k], m.lastBuilt = s, s
	return s
}

func newChamber(sec geometry.Section, f form, neck, bearing float64) *geometry.Chamber {
	c := &geometry.Chamber{Bearing: bearing, Lid: cover, Wall: sec.Wall, Rungs: true}
	bottom := geometry.Layer{Name: "chamber", Plan: geometry.Plan{Round: sec.IsRound(), Width: sec.Width}}
	if !sec.IsRound() {
		bottom.Plan.Length = sec.Height
	}
	c.Layers = append(c.Layers, geometry.Layer{Name: "shaft", Plan: cover, Height: neck})
	switch f {
	case slabForm:
		c.Slab = 0.15
	default:
		c.Layers = append(c.Layers, geometry.Layer{Name: "cone", Plan: bottom.Plan, Height: coneHeight, Cone: true})
	}
	c.Layers = append(c.Layers, bottom)
	if f == sandForm {
		c.Sump = sumpDepth
	}
	return c
}

// neck is how high the shaft of a drain's manhole of a depth is.
func neck(depth float64) float64 {
	if twin.IsUnknown(depth) {
		return leastNeck
	}
	return max(leastNeck, depth-coneHeight-workHeight)
}

// drainBuild is the shared form of a drain's manhole; its shaft is told to 0.2 m, so that few forms do for a city.
func drainBuild(sec geometry.Section, depth float64, sand bool) build {
	f := drainForm
	if sand {
		f = sandForm
	}
	return build{section: sec, form: f, neck: int16(2 * math.Floor(neck(depth)/0.2))}
}

// waiting is a chamber that is put down when all that opens into it is known.
type waiting struct {
	key     waitKey
	until   int // column of crossings after which nothing comes any more
	a       twin.Asset
	line    [1]geometry.Point
	ground  [1]float64
	chamber *geometry.Chamber
}

type waitKey struct {
	t      trade
	number int
}

// wait keeps back the chamber that was just made, to give it its own inside with the openings of its pipes.
func (m *maker) wait(t trade, number, until int, inside []geometry.InsidePart) {
	w := &waiting{key: waitKey{t, number}, until: until, a: m.a}
	w.line[0], w.ground[0] = m.a.Line[0], m.a.Ground[0]
	w.a.Line, w.a.Ground = w.line[:], w.ground[:]
	depth := w.ground[0] - w.a.Bottom
	w.chamber = newChamber(w.a.Section, drainForm, round(neck(depth), 100), 0)
	if !twin.IsUnknown(w.a.Bottom) {
		w.chamber.Inside = inside
	}
	w.a.Structure = &geometry.Structure{Chamber: w.chamber}
	m.waiting = append(m.waiting, w)
	m.open[w.key] = w
}

// opening notes where the segment that was just made goes through the wall of a chamber that waits for it.
func (m *maker) opening(t trade, here, there end, out bool) {
	w := m.open[waitKey{t, here.number}]
	if w == nil {
		return
	}
	bearing := math.Atan2(there.at.e-here.at.e, there.at.n-here.at.n) * 180 / math.Pi
	if bearing < 0 {
		bearing += 360
	}
	w.chamber.Openings = append(w.chamber.Openings, geometry.Opening{Bearing: round(bearing, 10), Invert: round(here.h, 1000), Diameter: round(m.a.Section.Height, 1000), Out: out, Asset: m.a.ID})
}

// settled puts down the chambers that nothing more opens into after a column of crossings.
func (m *maker) settled(column int) {
	kept := m.waiting[:0]
	for _, w := range m.waiting {
		if w.until > column {
			kept = append(kept, w)
			continue
		}
		delete(m.open, w.key)
		w.deepen()
		w.widen()
		if w.drop() >= dropLevel {
			w.a.Appurtenance = "跌水井"
		}
		m.a = w.a
		m.put()
	}
	clear(m.waiting[len(kept):])
	m.waiting = kept
}

// deepen puts the floor below the lowest pipe, where a street comes in deeper than the one the chamber was made for.
func (w *waiting) deepen() {
	for _, o := range w.chamber.Openings {
		if floor := o.Invert - 0.05; floor < w.a.Bottom {
			w.a.Bottom = round(floor, 1000)
		}
	}
}

// widen gives a round chamber the size that its largest pipe needs: 06MS201-3 has 1.0 m up to DN600, 1.25 m up to DN800 and 1.5 m up to DN1000. Its shaft
// begins above the highest pipe.
func (w *waiting) widen() {
	last := &w.chamber.Layers[len(w.chamber.Layers)-1]
	if !last.Plan.Round {
		return
	}
	size := last.Plan.Width
	shaft := &w.chamber.Layers[0]
	for _, o := range w.chamber.Openings {
		shaft.Height = min(shaft.Height, max(leastNeck, round(w.line[0].H-coneHeight-o.Invert-1.2*o.Diameter, 100)))
		switch d := o.Diameter; {
		case d > 1.0:
			size = max(size, d+0.6)
		case d > 0.8:
			size = max(size, 1.5)
		case d > 0.6:
			size = max(size, 1.25)
		case d > 0.4:
			size = max(size, 1.0)
		}
	}
	for i := range w.chamber.Layers {
		if l := &w.chamber.Layers[i]; l.Plan.Width == last.Plan.Width && i > 0 {
			l.Plan.Width = size
		}
	}
	w.a.Section.Width, w.a.Section.Height = size, size
}

// drop is how far above the lowest outlet the highest drain comes in; gullies and house drains do not count.
func (w *waiting) drop() float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, o := range w.chamber.Openings {
		switch {
		case o.Out:
			low = min(low, o.Invert)
		case o.Diameter >= 0.3:
			high = max(high, o.Invert)
		}
	}
	if math.IsInf(low, 0) || math.IsInf(high, 0) {
		return 0
	}
	return high - low
}
