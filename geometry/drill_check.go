package geometry

// balanced reports whether each side of the triangles that are new is run along as often in each direction as those that are gone ran along it: a mesh
// that was closed is so again.
func (k *driller) balanced() bool {
	sides := make(map[[2]Point]int, len(k.gone)+len(k.out.Indices))
	count := func(indices []uint32, by int) {
		for i := 0; i+2 < len(indices); i += 3 {
			for j := range 3 {
				p, q := k.out.Positions[indices[i+j]], k.out.Positions[indices[i+(j+1)%3]]
				if before(q, p) {
					sides[[2]Point{q, p}] -= by
				} else {
					sides[[2]Point{p, q}] += by
				}
			}
		}
	}
	count(k.gone, -1)
	count(k.out.Indices, 1)
	for _, n := range sides {
		if n != 0 {
			return false
		}
	}
	return true
}

// volume is what triangles of the mesh add to its volume, seen from where the hole begins.
func (k *driller) volume(indices []uint32) float64 {
	m := Mesh{Positions: k.out.Positions, Indices: indices}
	return m.volumeFrom(k.at)
}
