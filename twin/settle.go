package twin

// settle gives every unknown height of a one to draw it at, and marks what is assumed: by the known heights of the same asset where it has
// some, else by the standard cover of its network below the ground. surface answers the ground where the asset does not know it and may
// be nil; settle then reports false when it would have needed it.
func (c *Catalog) settle(a *Asset, surface func(e, n float64) float64) bool {
	a.Assumed &^= AssumedGeometry | AssumedCover | AssumedDiameter | AssumedBottom | AssumedLength
	drawn, sizeAssumed := c.DrawnSection(a)
	if sizeAssumed && a.Kind.IsLine() && !saysSize(a.Structure) {
		a.Assumed |= AssumedDiameter
	}
	if a.Kind == KindChamber && IsUnknown(a.Bottom) {
		a.Assumed |= AssumedBottom
	}
	if s := a.Section; a.Kind == KindSegment && s.Known() && s.Wall == 0 && (s.IsRound() && s.Shape.String() != "cable") {
		a.Assumed |= AssumedOuterDiameter
	}
	gaps := false
	known := -1
	for i := range a.Line {
		if a.HeightKnown(i) {
			known = i
		} else {
			gaps = true
			a.Line[i].H = Unknown()
		}
	}
	if gaps {
		a.Assumed |= AssumedGeometry
		if len(a.HeightAssumed) < len(a.Line) {
			a.HeightAssumed = append(a.HeightAssumed, make([]bool, len(a.Line)-len(a.HeightAssumed))...)
		}
		if known >= 0 {
			c.bridge(a)
		} else if !c.drawAtCover(a, drawn.CrownAboveAxis()+axisOffset(a.Reference, drawn), surface) {
			return false
		}
	}
	if a.Kind.IsLine() && hasNoLength(a.Line) {
		a.Assumed |= AssumedLength
	}
	if a.Kind == KindSegment && IsUnknown(a.MinCover()) {
		a.Assumed |= AssumedCover
	}
	return true
}

// drawAtCover sets every height so that the outer top lies at the standard cover; crown is how far it is above the stored reference.
func (c *Catalog) drawAtCover(a *Asset, crown float64, surface func(e, n float64) float64) bool {
	cover := c.StandardCover(a.Network).Value
	switch a.Kind {
	case KindChamber, KindBridge:
		cover, crown = 0, 0
	case KindNode:
		crown = 0
	case KindZone, KindSolid:
		cover, crown = 0, 0
	}
	for i := range a.Line {
		g := a.GroundAt(i)
		if IsUnknown(g) {
			if surface == nil {
				return false
			}
			if g = surface(a.Line[i].E, a.Line[i].N); IsUnknown(g) {
				g = 0
			}
		}
		a.Line[i].H = g - cover - crown
		a.HeightAssumed[i] = true
	}
	return true
}

// bridge fills the gaps between known heights along the line, and level beyond the first and last.
func (c *Catalog) bridge(a *Asset) {
	last := -1
	for i := range a.Line {
		if IsUnknown(a.Line[i].H) {
			continue
		}
		c.fill(a, last, i)
		last = i
	}
	c.fill(a, last, len(a.Line))
}

func (c *Catalog) fill(a *Asset, from, to int) {
	n := len(a.Line)
	var total float64
	if from >= 0 && to < n {
		for i := from + 1; i <= to; i++ {
			total += a.Line[i].PlanDist(a.Line[i-1])
		}
	}
	var along float64
	for i := from + 1; i < to; i++ {
		switch {
		case from < 0:
			a.Line[i].H = a.Line[to].H
		case to >= n:
			a.Line[i].H = a.Line[from].H
		default:
			along += a.Line[i].PlanDist(a.Line[i-1])
			t := 0.0
			if total > 0 {
				t = along / total
			}
			a.Line[i].H = a.Line[from].H + t*(a.Line[to].H-a.Line[from].H)
		}
		a.HeightAssumed[i] = true
	}
}
