package draw

import (
	"math"
	"slices"

	"github.com/undercity/undercity/geometry"
)

// mostVertices is how many vertices of a line are drawn at most. A line that has more is drawn with those that its shape needs most: no screen shows the
// others, and one asset would be a content of many megabytes.
const mostVertices = 2000

// finestTolerance is where simplifying begins, metres; it doubles until few enough vertices are left.
const finestTolerance = 0.005

// simplified returns a line of at most mostVertices: the vertices from which the line between their neighbours is farthest (Douglas and Peucker 1973).
func simplified(line []geometry.Point) []geometry.Point {
	for tolerance := finestTolerance; len(line) > mostVertices; tolerance *= 2 {
		line = within(line, tolerance)
	}
	return line
}

// within drops vertices that lie nearer than a tolerance to the line without them.
func within(line []geometry.Point, tolerance float64) []geometry.Point {
	keep := make([]bool, len(line))
	last := len(line) - 1
	keep[0], keep[last] = true, true
	todo := [][2]int{{0, last}}
	for len(todo) > 0 {
		a, b := todo[len(todo)-1][0], todo[len(todo)-1][1]
		todo = todo[:len(todo)-1]
		far, at := tolerance, -1
		for i := a + 1; i < b; i++ {
			if d := distance(line[i], line[a], line[b]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			todo = append(todo, [2]int{a, at}, [2]int{at, b})
		}
	}
	var list []geometry.Point
	for i, p := range line {
		if keep[i] {
			list = append(list, p)
		}
	}
	return list
}

// distance is that of p from the straight from a to b, or from a where these are one, as in a ring.
func distance(p, a, b geometry.Point) float64 {
	d := b.Sub(a)
	l := d.Dot(d)
	if l == 0 {
		return p.Dist(a)
	}
	t := max(0, min(1, p.Sub(a).Dot(d)/l))
	return p.Dist(a.Add(d.Scale(t)))
}

// longest is how long a piece is drawn straight, metres: over as much the earth falls 3 mm below its chord.
const longest = 400

// cutLong puts points into the line that begins at from so that no piece is longer than longest: what is level in the frame follows the curve of the earth.
func cutLong(line []geometry.Point, from int) []geometry.Point {
	last := len(line) - 1
	for i := from; i < last; i++ {
		if line[i].Dist(line[i+1]) > longest {
			axis := slices.Clone(line[from:])
			line = line[:from+1]
			for k := 1; k < len(axis); k++ {
				n := math.Ceil(axis[k-1].Dist(axis[k]) / longest)
				for j := 1.0; j < n; j++ {
					line = append(line, axis[k-1].Lerp(axis[k], j/n))
				}
				line = append(line, axis[k])
			}
			return line
		}
	}
	return line
}
