package generate_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
)

// demo yields the assets of the city that the demonstration shows.
func demo(t *testing.T) *generate.City {
	t.Helper()
	c, err := generate.New(generate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDemoHasEachStructure looks for each thing that a structure can say, so that each can be seen, picked and measured.
func TestDemoHasEachStructure(t *testing.T) {
	found := map[string]int{}
	for a := range demo(t).Assets {
		if a.Structure == nil {
			continue
		}
		if err := a.Structure.Check(); err != nil {
			t.Fatalf("%s: %v", a.ID, err)
		}
		count(found, a, a.Structure)
	}
	for _, w := range strings.Fields(`gallery compartments brackets fireDoors entry ventilation hoist escape tunnel twoTubes portalAtBegin portalAtEnd passage lining deck airShaft pit
		bridge boxGirder pier abutment piles parapet oneColumn twoColumns space twoStoreys columns solid
		pipe bend taper hole freeHole chamber shaft cone slab rungs sump opening outlet inside detailed drop`) {
		if found[w] == 0 {
			t.Errorf("the demonstration has no %s", w)
		}
	}
}

// count notes what a structure shows.
func count(found map[string]int, a *twin.Asset, s *geometry.Structure) {
	has := func(w string, on bool) {
		if on {
			found[w]++
		}
	}
	switch {
	case s.Gallery != nil:
		g := s.Gallery
		has("gallery", true)
		has("compartments", len(g.Compartments) == 3)
		has("brackets", len(g.Brackets) > 0)
		has("fireDoors", len(g.FireDoors) > 0)
		for _, h := range g.Shafts {
			found[h.Use]++
		}
	case s.Tunnel != nil:
		n := s.Tunnel
		has("tunnel", true)
		has("twoTubes", len(n.Tubes) == 2 && n.Tubes[0].Shape == "circle")
		has("pit", n.Tubes[0].Shape == "rectangle")
		has("deck", n.Tubes[0].Deck > 0)
		has("lining", n.Lining > 0)
		has("passage", len(n.Passages) > 0)
		has("airShaft", len(n.Shafts) > 0)
		for _, p := range n.Portals {
			has("portalAtEnd", p.AtEnd)
			has("portalAtBegin", !p.AtEnd)
		}
	case s.Bridge != nil:
		countBridge(has, s.Bridge)
	case s.Space != nil:
		has("space", true)
		has("twoStoreys", len(s.Space.Storeys) > 1)
		has("columns", s.Space.Column > 0)
	case s.Solid != nil:
		has("solid", true)
	case s.Pipe != nil:
		has("pipe", true)
		has("bend", s.Pipe.BendRadius > 0 && len(a.Line) > 2)
		has("taper", s.Pipe.EndWidth > 0 && s.Pipe.EndWidth < a.Section.Width)
		for _, h := range s.Pipe.Holes {
			has("hole", h.Use != "")
			has("freeHole", h.Free)
		}
	case s.Chamber != nil:
		countChamber(has, a, s.Chamber)
	}
}

func countBridge(has func(string, bool), b *geometry.Bridge) {
	has("bridge", true)
	has("boxGirder", b.Deck.GirderDepth > 0)
	has("parapet", b.Deck.Parapet > 0)
	for _, s := range b.Supports {
		has("abutment", s.Abutment)
		has("pier", s.Columns > 0)
		has("oneColumn", s.Columns == 1)
		has("twoColumns", s.Columns == 2)
		has("piles", s.Piles.Across*s.Piles.Along > 1)
	}
}

func countChamber(has func(string, bool), a *twin.Asset, c *geometry.Chamber) {
	has("chamber", true)
	has("slab", c.Slab > 0)
	has("rungs", c.Rungs)
	has("sump", c.Sump > 0)
	has("inside", len(c.Inside) > 0)
	has("detailed", len(c.Openings) > 2)
	for _, l := range c.Layers {
		has(l.Name, true)
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, o := range c.Openings {
		has("opening", !o.Out)
		has("outlet", o.Out)
		if o.Out {
			low = min(low, o.Invert)
		} else if o.Diameter >= 0.3 {
			high = max(high, o.Invert)
		}
	}
	has("drop", a.Appurtenance == "跌水井" && high-low >= 1 && !math.IsInf(low, 0))
}

// TestDemoHasEachWord looks for each form that a point feature is drawn in, and that every word says what it is said to be.
func TestDemoHasEachWord(t *testing.T) {
	c := twin.Standard()
	drawn := map[string]int{}
	for a := range demo(t).Assets {
		for _, w := range [...]string{a.Feature, a.Appurtenance} {
			if w == "" {
				continue
			}
			f, ok := c.PointFeature(a.Network, w)
			if !ok || f.Kind != a.Kind || f.IsPart != (w == a.Appurtenance) {
				t.Fatalf("%s (%s): %q is no word for it, %+v", a.ID, a.Kind, w, f)
			}
			drawn[f.DrawnAs]++
		}
	}
	for _, w := range strings.Fields(`point bend tee cross reducer joint riser service cap manhole valve_chamber valve meter_chamber meter hydrant hydrant_chamber air_valve blow_off gauge
		tank pump_station inlet outfall tap gully weir_chamber gate drip_pot cabinet station compensator post vent anchor_block trap anode handhole transformer pole lamp
		shaft entrance hatch sump door`) {
		if drawn[w] == 0 {
			t.Errorf("the demonstration has no %s", w)
		}
	}
}

// TestDemoHasEachState looks for what the viewer colours by.
func TestDemoHasEachState(t *testing.T) {
	found := map[string]int{}
	first, last := 3000, 0
	for a := range demo(t).Assets {
		found[a.Status.String()]++
		found[a.Section.Shape.String()]++
		if q := a.Quality; q.Horizontal > 0 {
			found["level "+q.Level.String()]++
		}
		if y, err := strconv.Atoi(a.Installed); err == nil {
			first, last = min(first, y), max(last, y)
		}
	}
	for _, s := range twin.Statuses() {
		if found[s.String()] == 0 {
			t.Errorf("nothing is %s", s)
		}
	}
	for _, w := range strings.Fields("circle rectangle egg arch trapezoid openRectangle ductBank cable") {
		if found[w] == 0 {
			t.Errorf("nothing is %s", w)
		}
	}
	for _, l := range "ABCD" {
		if found["level "+string(l)] == 0 {
			t.Errorf("nothing has level %c with an accuracy", l)
		}
	}
	if first > 1955 || last < 2024 || last > 2026 || first < 1950 {
		t.Errorf("installed from %d to %d, want 1950 to 2026", first, last)
	}
}

// TestGalleryHoldsItsLines measures each line in the gallery against its compartment, and the gallery against GB 50838.
func TestGalleryHoldsItsLines(t *testing.T) {
	s := load(t, generate.Options{})
	held := map[string]int{}
	for r := range s.All {
		_, _, in := r.Ends()
		hall, ok := s.Find(in)
		if r.Kind() == twin.KindGallery {
			checkOpenings(t, r)
		}
		if !ok || r.Kind() != twin.KindSegment {
			continue
		}
		held[r.Network()]++
		box, d := hall.Axis(nil), r.Drawn()
		for _, p := range samples(r.Axis(nil)) {
			across, up := across(p, box)
			if !inRoom(hall.Structure().Gallery, r.Network(), across, up, d.OuterWidth()/2, d.OuterHeight()/2) {
				t.Fatalf("%s at %.2f m across, %.2f m up of %s lies in no compartment of its own", r.ID(), across, up, in)
			}
		}
	}
	for _, n := range []string{"JS", "RL", "DL", "TX", "RQ"} {
		if held[n] == 0 {
			t.Errorf("no %s lies in the gallery", n)
		}
	}
}

// across is how far a point lies to the right of an axis and above it.
func across(p geometry.Point, axis []geometry.Point) (right, up float64) {
	best := math.Inf(1)
	for i := 1; i < len(axis); i++ {
		q := nearestInPlan(p, axis[i-1], axis[i])
		d := axis[i].Sub(axis[i-1])
		if l := p.PlanDist(q); l < best {
			best, up = l, p.H-q.H
			right = math.Copysign(l, (p.E-q.E)*d.N-(p.N-q.N)*d.E)
		}
	}
	return right, up
}

func inRoom(g *geometry.Gallery, network string, across, up, wide, tall float64) bool {
	const wall = 0.02
	for _, c := range g.Compartments {
		if strings.Contains(c.Use, network) && across-wide > c.Left+wall && across+wide < c.Left+c.Width-wall && up-tall > c.Floor+wall && up+tall < c.Floor+c.Height-wall {
			return true
		}
	}
	return false
}

// TestChainagesLieOnTheAxis: what stands at a chainage beyond the end of its axis would not be drawn.
func TestChainagesLieOnTheAxis(t *testing.T) {
	seen := 0
	for a := range demo(t).Assets {
		s := a.Structure
		if s == nil {
			continue
		}
		var at []float64
		switch {
		case s.Gallery != nil:
			at = append(at, s.Gallery.FireDoors...)
			for _, h := range s.Gallery.Shafts {
				at = append(at, h.Chainage)
			}
		case s.Tunnel != nil:
			for _, h := range s.Tunnel.Shafts {
				at = append(at, h.Chainage)
			}
			for _, p := range s.Tunnel.Passages {
				at = append(at, p.Chainage)
			}
		case s.Bridge != nil:
			for _, p := range s.Bridge.Supports {
				at = append(at, p.Chainage)
			}
		}
		for _, x := range at {
			if x > a.PlanLength()+1e-6 {
				t.Errorf("%s: %.4f m of %.4f m", a.ID, x, a.PlanLength())
			}
			seen++
		}
	}
	if seen < 100 {
		t.Errorf("%d chainages were looked at", seen)
	}
}

// checkOpenings holds a part of the gallery to GB 50838: fire walls at most every 200 m, openings of the gas compartment 10 m from all others.
func checkOpenings(t *testing.T, r twin.Record) {
	t.Helper()
	if l := r.Asset().PlanLength(); l > 200 {
		t.Errorf("%s: %.1f m between fire walls", r.ID(), l)
	}
	axis, list := r.Axis(nil), r.Structure().Gallery.Shafts
	for i, a := range list {
		for _, b := range list[:i] {
			p, along := station(axis, a.Chainage)
			q, other := station(axis, b.Chainage)
			if d := aside(p, along, a.Across).PlanDist(aside(q, other, b.Across)); (a.Across < -2 || b.Across < -2) && d < 10 {
				t.Errorf("%s: openings %.1f m apart", r.ID(), d)
			}
		}
	}
}

// TestTunnelDives follows the road tunnel from portal to portal.
func TestTunnelDives(t *testing.T) {
	s := load(t, generate.Options{})
	ground := demo(t).Base().Terrain
	var line []geometry.Point
	deepest, portals := 0.0, 0
	for k := 1; ; k++ {
		r, ok := s.Find("SD-" + strings.Repeat("0", 6-len(strconv.Itoa(k))) + strconv.Itoa(k))
		if !ok {
			break
		}
		axis, n := r.Axis(nil), r.Structure().Tunnel
		if len(line) > 0 && line[len(line)-1].Dist(axis[0]) > 0.01 {
			t.Errorf("%s does not go on where the part before ends", r.ID())
		}
		line = append(line, axis[min(1, len(line)):]...)
		for _, p := range n.Portals {
			portals++
			end, next := axis[0], axis[1]
			if p.AtEnd {
				end, next = axis[len(axis)-1], axis[len(axis)-2]
			}
			u := n.Tubes[0]
			if cover := ground.Height(next.E, next.N) - next.H - u.Up - u.Height/2 - u.Wall; cover < 0.5 || cover > 4 {
				t.Errorf("%s has %.1f m of cover behind its portal", r.ID(), cover)
			}
			out := end.Sub(next)
			p := end.Add(out.Scale(30 / math.Hypot(out.E, out.N)))
			road := end.H + u.Up - u.Height/2 + u.Deck
			if d := ground.Height(p.E, p.N) - road; d < -0.5 || d > 2 {
				t.Errorf("%s: the ground 30 m before its portal lies %.1f m above its roadway", r.ID(), d)
			}
		}
	}
	if portals != 2 || len(line) < 100 {
		t.Fatalf("%d portals along %d vertices", portals, len(line))
	}
	last := 0.0
	for i := 1; i < len(line); i++ {
		slope := (line[i].H - line[i-1].H) / line[i].PlanDist(line[i-1])
		if math.Abs(slope) > 0.05 {
			t.Errorf("a slope of %.1f %%", 100*slope)
		}
		if i > 1 && math.Abs(slope-last) > 0.012 {
			t.Errorf("vertex %d: the slope changes from %.2f to %.2f %%", i, 100*last, 100*slope)
		}
		last = slope
		deepest = max(deepest, ground.Height(line[i].E, line[i].N)-line[i].H)
	}
	if deepest < 20 {
		t.Errorf("it reaches %.1f m below ground, want 20 and more", deepest)
	}
}

// TestOpeningsAreThePipes compares the openings of each detailed chamber with the segments that end at it.
func TestOpeningsAreThePipes(t *testing.T) {
	s := load(t, generate.Options{Segments: 6000})
	ends := map[string]int{}
	for r := range s.All {
		if from, to, _ := r.Ends(); r.Kind() == twin.KindSegment {
			ends[from]++
			ends[to]++
		}
	}
	seen := 0
	for r := range s.All {
		st := r.Structure()
		if st == nil || st.Chamber == nil || len(st.Chamber.Openings) == 0 {
			continue
		}
		if len(st.Chamber.Openings) != ends[r.ID()] {
			t.Errorf("%s has %d openings for %d pipes", r.ID(), len(st.Chamber.Openings), ends[r.ID()])
		}
		for _, o := range st.Chamber.Openings {
			a, ok := s.Get(o.Asset)
			if !ok {
				t.Fatalf("%s: %s is not there", r.ID(), o.Asset)
			}
			at, end, far := 0, a.To, a.Line[0]
			if o.Out {
				end, far = a.From, a.Line[len(a.Line)-1]
			} else {
				at = len(a.Line) - 1
			}
			p := a.Line[at]
			bearing := math.Mod(math.Atan2(far.E-p.E, far.N-p.N)*180/math.Pi+360, 360)
			if end != r.ID() || math.Abs(a.Invert(at)-o.Invert) > 2e-3 && a.Section.Known() || math.Abs(bearing-o.Bearing) > 0.2 {
				t.Errorf("%s: %+v is not where %s ends (%s, %.3f, %.1f)", r.ID(), o, a.ID, end, a.Invert(at), bearing)
			}
			seen++
		}
	}
	if seen < 100 {
		t.Errorf("%d openings were compared", seen)
	}
}

// TestBoxesHoldTheBodies: what a structure fills lies in the box that finds it.
func TestBoxesHoldTheBodies(t *testing.T) {
	s := load(t, generate.Options{})
	seen := 0
	for r := range s.All {
		if r.Structure() == nil {
			continue
		}
		seen++
		box := r.Box().Grow(0.02)
		for _, b := range bodies(r) {
			half := b.half
			switch r.Kind() {
			case twin.KindChamber:
				half /= math.Sqrt2 // as it is turned for clashes
			case twin.KindSolid:
				half *= math.Cos(math.Pi / 8) // the middles of its sides
			}
			for _, p := range append(b.axis, b.outline...) {
				low, high := p.H-b.tall, p.H+b.tall
				if len(b.outline) > 0 {
					low, high = b.low, b.high
				}
				if p.E-half < box.Min.E && len(b.axis) == 1 || p.E < box.Min.E || p.N > box.Max.N || low < box.Min.H || high > box.Max.H+0.03 {
					t.Errorf("%s (%s): %+v reaches beyond %+v", r.ID(), r.Kind(), p, box)
				}
			}
		}
	}
	if seen < 1000 {
		t.Errorf("%d structures were looked at", seen)
	}
}
