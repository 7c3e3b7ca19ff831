package tiles

// gather lists the groups that are not empty.
func (b *builder) gather() (list []group) {
	add := func(u *unit, in *instances, hatch, stance int, axis bool) bool {
		if in.len() == 0 {
			return false
		}
		list = append(list, group{unit: u, in: in, hatch: hatch, stance: stance, axis: axis && b.axes})
		return true
	}
	for hatch := range 2 {
		for u := range b.units {
			for stance := range stances {
				in := &b.units[u][hatch][stance]
				if !add(unitFor(u, in), in, hatch, stance, stance != stanceUpright) || !isShaft(u) {
					continue
				}
				if n := len(list); n > 1 && list[n-2].lids > 0 && list[n-2].hatch == hatch {
					list[n-2].lids++
				} else {
					list[n-1].lids = 1
				}
			}
		}
		for _, m := range b.likenesses {
			add(m.unit, &m.in[hatch], hatch, stanceUpright, false)
		}
		for _, m := range b.repeated {
			for stance := range m.in[hatch] {
				add(m.unit, &m.in[hatch][stance], hatch, stance, m.line)
			}
		}
		for _, p := range b.profiles {
			add(p.unit, &p.in[hatch], hatch, stanceAlong, true)
		}
	}
	return list
}
