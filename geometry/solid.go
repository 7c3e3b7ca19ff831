package geometry

import "fmt"

// solid checks that the mesh is closed, faces outwards and has no side that hangs free: each edge is run along once in each direction.
func (c *check) solid(s *Solid) {
	if len(s.Vertices) > maxSolid || len(s.Faces) > maxSolid {
		c.fail("solid", "more than %d vertices or faces", maxSolid)
		return
	}
	if len(s.Faces) < 4 {
		c.fail("solid/faces", "%d faces close nothing", len(s.Faces))
		return
	}
	for i, v := range s.Vertices {
		for _, x := range v {
			c.within(fmt.Sprintf("solid/vertices/%d", i), x, -maxLength, maxLength)
		}
	}
	edges := make(map[[2]uint32]int, 3*len(s.Faces))
	for i, f := range s.Faces {
		for k, a := range f {
			b := f[(k+1)%3]
			if int(a) >= len(s.Vertices) || a == b {
				c.fail(fmt.Sprintf("solid/faces/%d", i), "it names vertex %d, which does not exist or twice", a)
				return
			}
			if edges[[2]uint32{a, b}]++; edges[[2]uint32{a, b}] > 1 {
				c.fail(fmt.Sprintf("solid/faces/%d", i), "another face runs along the same edge in the same direction: it is turned inside out, or doubled")
				return
			}
		}
	}
	for e := range edges {
		if edges[[2]uint32{e[1], e[0]}] == 0 {
			c.fail("solid/faces", "the mesh is open at the edge from vertex %d to %d", e[0], e[1])
			return
		}
	}
	if c.err != nil {
		return
	}
	switch v := s.Mesh(Point{}).Volume(); {
	case v < -1e-9:
		c.fail("solid/faces", "its faces look inwards; turn each around")
	case v <= 0:
		c.fail("solid/faces", "they enclose nothing")
	}
}

// used are the vertices that a face names, those of several as often: what no face names is not drawn.
func (s *Solid) used() [][3]float64 {
	list := make([][3]float64, 0, 3*len(s.Faces))
	for _, f := range s.Faces {
		for _, i := range f {
			if int(i) < len(s.Vertices) {
				list = append(list, s.Vertices[i])
			}
		}
	}
	return list
}

// Mesh is the solid put down at a point, flat-shaded.
func (s *Solid) Mesh(at Point) Mesh {
	var m Mesh
	point := func(i uint32) Point {
		v := s.Vertices[i]
		return at.Add(Point{E: v[0], N: v[1], H: v[2]})
	}
	for _, f := range s.Faces {
		a, b, d := point(f[0]), point(f[1]), point(f[2])
		n := b.Sub(a).Cross(d.Sub(a))
		if l := n.Len(); l > 0 {
			n = n.Scale(1 / l)
		} else {
			n = Point{H: 1}
		}
		base := uint32(len(m.Positions))
		m.Positions = append(m.Positions, a, b, d)
		m.Normals = append(m.Normals, n, n, n)
		m.Indices = append(m.Indices, base, base+1, base+2)
	}
	return m
}
