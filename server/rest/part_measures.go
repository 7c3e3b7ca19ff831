package rest

import (
	"github.com/undercity/undercity/geometry"
)

// measure writes what the description of an asset says of a part. What only the drawing knows is not a measure.
func measure(j *partJSON, s *geometry.Structure, sec geometry.Section) {
	i := j.Index
	switch {
	case s.Gallery != nil:
		measureGallery(j, s.Gallery)
	case s.Tunnel != nil:
		measureTunnel(j, s.Tunnel)
	case s.Chamber != nil:
		measureChamber(j, s.Chamber)
	case s.Space != nil:
		if j.Name == "storey" && i < len(s.Space.Storeys) {
			t := s.Space.Storeys[i]
			j.Label, j.Use, j.Height, j.Invert = t.Name, s.Space.Use, sized(t.Ceiling-t.Floor), exact(t.Floor)
		}
	case s.Bridge != nil:
		measureBridge(j, s.Bridge)
	case s.Pipe != nil:
		measurePipe(j, s.Pipe, sec)
	}
}

func measurePipe(j *partJSON, p *geometry.Pipe, sec geometry.Section) {
	switch j.Name {
	case "duct":
		if j.Index < len(p.Holes) {
			h := p.Holes[j.Index]
			j.Diameter, j.Use, j.Area = sized(h.Diameter), h.Use, sized(circle(h.Diameter))
		}
	case "bore":
		if sec.IsRound() {
			j.Diameter, j.Area = sized(sec.Width), sized(circle(sec.Width))
		} else {
			j.Width, j.Height, j.Area = sized(sec.Width), sized(sec.Height), sized(geometry.Area(sec.Outline(64, false)))
		}
	case "sediment":
		j.Height = sized(p.Sediment)
	case "pipe":
		if sec.Wall <= 0 {
			return
		}
		if sec.IsRound() {
			j.Diameter = sized(sec.OuterWidth())
		} else {
			j.Width, j.Height = sized(sec.OuterWidth()), sized(sec.OuterHeight())
		}
	}
}

func measureGallery(j *partJSON, g *geometry.Gallery) {
	i := j.Index
	switch {
	case j.Name == "compartment" && i < len(g.Compartments):
		c := g.Compartments[i]
		j.Label, j.Use, j.Width, j.Height, j.Area = c.Name, c.Use, sized(c.Width), sized(c.Height), sized(c.Width*c.Height)
	case j.Name == "brackets" && i < len(g.Brackets):
		j.Width = sized(g.Brackets[i].Reach)
	case j.Name == "shaft" && i < len(g.Shafts):
		measureShaft(j, g.Shafts[i])
	case j.Name == "fireDoor" && i < len(g.FireDoors):
		j.Chainage = exact(g.FireDoors[i])
	}
}

func measureTunnel(j *partJSON, t *geometry.Tunnel) {
	i := j.Index
	switch {
	case (j.Name == "tube" || j.Name == "deck" || j.Name == "lining") && i < len(t.Tubes):
		u := t.Tubes[i]
		if j.Label = u.Name; j.Name == "tube" {
			j.Width, j.Height = sized(u.Width), sized(u.Height)
		}
	case j.Name == "portal" && i < len(t.Portals):
		j.Width, j.Height = sized(t.Portals[i].Width), sized(t.Portals[i].Height)
	case j.Name == "passage" && i < len(t.Passages):
		p := t.Passages[i]
		j.Width, j.Height, j.Chainage = sized(p.Width), sized(p.Height), exact(p.Chainage)
	case j.Name == "shaft" && i < len(t.Shafts):
		measureShaft(j, t.Shafts[i])
	}
}

func measureShaft(j *partJSON, s geometry.Shaft) {
	j.Use, j.Chainage = s.Use, exact(s.Chainage)
	measurePlan(j, s.Plan)
}

func measurePlan(j *partJSON, p geometry.Plan) {
	if j.Area = sized(p.Area()); p.Round {
		j.Diameter = sized(p.Width)
		return
	}
	j.Width, j.Length = sized(p.Width), sized(p.LengthOr())
}

func measureChamber(j *partJSON, c *geometry.Chamber) {
	i := j.Index
	switch {
	case j.Name == "lid":
		measurePlan(j, c.Lid)
	case j.Name == "opening" && i < len(c.Openings):
		o := c.Openings[i]
		j.Diameter, j.Invert, j.Asset = sized(o.Diameter), exact(o.Invert), o.Asset
		if j.Label = "in"; o.Out {
			j.Label = "out"
		}
	case j.Name == "inside" && i < len(c.Inside):
		j.Label = c.Inside[i].Name
	case j.Name == "slab" || j.Name == "rungs":
	case j.Name == "floor" && len(c.Layers) > 0:
		measurePlan(j, c.Layers[len(c.Layers)-1].Plan)
	case i < len(c.Layers):
		measurePlan(j, c.Layers[i].Plan)
		j.Height = sized(c.Layers[i].Height)
	}
}

func measureBridge(j *partJSON, b *geometry.Bridge) {
	switch {
	case j.Name == "deck":
		j.Width, j.Height = sized(b.Deck.Width), sized(b.Deck.Thickness)
	case j.Name == "girder":
		j.Width, j.Height = sized(b.Deck.GirderWidth), sized(b.Deck.GirderDepth)
	case j.Index >= len(b.Supports):
	case j.Name == "columns":
		measurePlan(j, b.Supports[j.Index].Column)
		j.Chainage = exact(b.Supports[j.Index].Chainage)
	case j.Name == "piles":
		j.Diameter, j.Chainage = sized(b.Supports[j.Index].Piles.Diameter), exact(b.Supports[j.Index].Chainage)
	default:
		j.Chainage = exact(b.Supports[j.Index].Chainage)
	}
}

func circle(d float64) float64 { return geometry.Plan{Round: true, Width: d}.Area() }

// exact is a value that may be 0.
func exact(v float64) *float64 { return &v }
