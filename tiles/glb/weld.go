package glb

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// corner is a vertex as it is sent: where it is in steps, and its normal.
type corner struct {
	at     [3]int32
	normal [3]int8
}

// welded is a mesh in which vertices that are sent alike are one: sweeping leaves up to four at each corner. step is what positions are rounded to.
func welded(m geometry.Mesh, step float64) geometry.Mesh {
	out := geometry.Mesh{Positions: make([]geometry.Point, 0, len(m.Positions)/2), Normals: make([]geometry.Point, 0, len(m.Positions)/2), Indices: make([]uint32, 0, len(m.Indices))}
	known := make(map[corner]uint32, len(m.Positions)/2)
	place := make([]uint32, len(m.Positions))
	for i, p := range m.Positions {
		n := m.Normals[i]
		c := corner{[3]int32{steps32(p.E / step), steps32(p.N / step), steps32(p.H / step)}, bytesNormal(n)}
		k, ok := known[c]
		if !ok {
			k = uint32(len(out.Positions))
			known[c] = k
			out.Positions, out.Normals = append(out.Positions, p), append(out.Normals, n)
		}
		place[i] = k
	}
	for i := 0; i+2 < len(m.Indices); i += 3 {
		a, b, c := place[m.Indices[i]], place[m.Indices[i+1]], place[m.Indices[i+2]]
		if a != b && b != c && c != a {
			out.Indices = append(out.Indices, a, b, c)
		}
	}
	return out
}

func steps32(v float64) int32 { return int32(math.Round(v)) }

// bytesNormal is a normal in bytes.
func bytesNormal(n geometry.Point) [3]int8 {
	return [3]int8{int8(math.Round(127 * n.E)), int8(math.Round(127 * n.N)), int8(math.Round(127 * n.H))}
}
