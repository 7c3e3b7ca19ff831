package geometry

// CrossSections are what a plane across the axis at its first vertex cuts of an asset with the structure s and the section sec: one profile, or one a tube
// of a tunnel, or deck and girder of a bridge; none of what is no line. Curves have about n points in a full turn. s may be nil.
func (s *Structure) CrossSections(sec Section, n int) []Profile {
	n = max(8, n)
	var all []Profile
	switch {
	case s == nil:
		all = append(all, sec.Profile(n))
	case s.Pipe != nil:
		all = append(all, s.Pipe.Profile(sec, n, false))
	case s.Gallery != nil:
		outer, bores := s.Gallery.shell(sec)
		if bores == nil && len(s.Gallery.Compartments) > 0 {
			for _, c := range s.Gallery.Compartments {
				all = append(all, Profile{Outer: c.rect()})
			}
			break
		}
		all = append(all, Profile{Outer: outer, Bores: bores})
	case s.Tunnel != nil:
		for _, u := range s.Tunnel.Tubes {
			all = append(all, u.Section().Profile(n).moved(u.Across, u.Up))
		}
		if len(s.Tunnel.Tubes) == 0 {
			all = append(all, sec.Profile(n))
		}
	case s.Bridge != nil:
		k := s.Bridge.Deck
		all = append(all, Profile{Outer: rect(-k.Width/2, -k.Thickness, k.Width/2, 0)})
		if k.GirderDepth > 0 && k.GirderWidth > 0 {
			all = append(all, girder(k))
		}
	}
	out := all[:0]
	for _, p := range all {
		if len(p.Outer) > 2 {
			out = append(out, p)
		}
	}
	return out
}
