package rights

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// rings reads the rings of a polygon or of several.
func (g Geometry) rings() ([][][2]float64, error) {
	read := func(v any) error {
		d := json.NewDecoder(bytes.NewReader(g.Coordinates))
		return d.Decode(v)
	}
	switch g.Type {
	case "Polygon":
		var rings [][]position
		if err := read(&rings); err != nil {
			return nil, errors.New("the coordinates are not those of a Polygon")
		}
		return flat(rings), nil
	case "MultiPolygon":
		var parts [][][]position
		if err := read(&parts); err != nil {
			return nil, errors.New("the coordinates are not those of a MultiPolygon")
		}
		var all [][]position
		for _, p := range parts {
			all = append(all, p...)
		}
		return flat(all), nil
	}
	return nil, fmt.Errorf("%.40q is not Polygon or MultiPolygon", g.Type)
}

// position is longitude and latitude, and what may follow them.
type position []float64

func flat(rings [][]position) [][][2]float64 {
	out := make([][][2]float64, len(rings))
	for i, r := range rings {
		for _, p := range r {
			if len(p) >= 2 {
				out[i] = append(out[i], [2]float64{p[0], p[1]})
			}
		}
	}
	return out
}

// region puts a district into the plane of the installation; nil while that has none.
func (d District) region(f *crs.Frame) (*geometry.Region, error) {
	rings, err := d.Geometry.rings()
	if err != nil || f == nil {
		return nil, err
	}
	plane := make([][]geometry.Point, len(rings))
	for i, r := range rings {
		for _, p := range r {
			e, n, err := f.Plane(p[0], p[1])
			if err != nil || math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
				return nil, fmt.Errorf("the corner %.6f, %.6f is not in the area of the installation", p[0], p[1])
			}
			plane[i] = append(plane[i], geometry.Point{E: e, N: n})
		}
	}
	region, err := geometry.NewRegion(plane)
	var ring *geometry.RingError
	if errors.As(err, &ring) && ring.Placed {
		lon, lat := f.LonLat(ring.At.E, ring.At.N)
		return nil, fmt.Errorf("%w at %.6f, %.6f", err, lon, lat)
	}
	return region, err
}

// regions makes the districts of a policy.
func (d *Doc) regions(f *crs.Frame) (map[string]*geometry.Region, error) {
	all := map[string]*geometry.Region{}
	for i, t := range d.Districts {
		r, err := t.region(f)
		if err != nil {
			e := twin.Errorf(twin.Invalid, "the district %s: %v", t.Name, err).WithHint("draw its border anew")
			e.Fields = []twin.Field{{Pointer: fmt.Sprintf("/districts/%d/geometry", i), Reason: err.Error()}}
			return nil, e
		}
		all[t.Name] = r
	}
	return all, nil
}
