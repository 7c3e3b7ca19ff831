package gpkg

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/undercity/undercity/twin/formats/feature"
)

// Types of geometry in well-known binary (ISO 19125), without their Z and M.
const (
	wkbPoint = iota + 1
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
	wkbCollection
	wkbCircularString
	wkbCompoundCurve
	_
	wkbMultiCurve
)

var kinds = map[uint32]string{wkbPoint: "Point", wkbMultiPoint: "Point", wkbLineString: "LineString", wkbMultiLineString: "LineString", wkbCircularString: "LineString", wkbCompoundCurve: "LineString", wkbMultiCurve: "LineString", wkbPolygon: "Polygon", wkbMultiPolygon: "Polygon"}

var errShort = errors.New("the geometry ends too early")

// Geometry reads a GeoPackage geometry blob (OGC 12-128, 2.1.3). Of polygons only the outer rings are taken, M values are passed over,
// an empty geometry has no kind.
func Geometry(blob []byte) (feature.Geometry, error) {
	var g feature.Geometry
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return g, errors.New("it is not a GeoPackage geometry")
	}
	flags := blob[3]
	if flags&0x20 != 0 {
		return g, errors.New("it is an extended GeoPackage geometry, which only its own program reads; save the layer with plain geometries")
	}
	envelope := [...]int{0, 32, 48, 48, 64}
	e := int(flags >> 1 & 7)
	if e >= len(envelope) {
		return g, fmt.Errorf("its envelope is of kind %d, which there is not", e)
	}
	if len(blob) < 8+envelope[e] {
		return g, errShort
	}
	if flags&0x10 != 0 {
		return g, nil
	}
	w := &wkb{rest: blob[8+envelope[e]:]}
	kind, err := w.geometry(&g, 0)
	if err != nil {
		return feature.Geometry{}, err
	}
	if len(g.Parts) == 0 {
		return feature.Geometry{}, nil
	}
	g.Kind = kinds[kind]
	return g, nil
}

// wkb reads well-known binary.
type wkb struct {
	rest  []byte
	order binary.ByteOrder
}

func (w *wkb) uint32() (uint32, error) {
	if len(w.rest) < 4 {
		return 0, errShort
	}
	v := w.order.Uint32(w.rest)
	w.rest = w.rest[4:]
	return v, nil
}

// count reads a count, which cannot be of more things of size bytes than are left.
func (w *wkb) count(size int) (int, error) {
	n, err := w.uint32()
	if err != nil {
		return 0, err
	}
	if uint64(n)*uint64(size) > uint64(len(w.rest)) {
		return 0, errShort
	}
	return int(n), nil
}

// header reads the byte order and the type: without Z and M, whether it has Z, and the bytes of a position.
func (w *wkb) header() (kind uint32, z bool, size int, err error) {
	if len(w.rest) < 5 {
		return 0, false, 0, errShort
	}
	switch w.rest[0] {
	case 0:
		w.order = binary.BigEndian
	case 1:
		w.order = binary.LittleEndian
	default:
		return 0, false, 0, fmt.Errorf("its byte order is %d, which there is not", w.rest[0])
	}
	w.rest = w.rest[1:]
	t, err := w.uint32()
	if err != nil {
		return 0, false, 0, err
	}
	z, m := t&0x80000000 != 0, t&0x40000000 != 0 // as PostGIS writes them
	t &= 0x0fffffff
	switch t / 1000 {
	case 1:
		z = true
	case 2:
		m = true
	case 3:
		z, m = true, true
	}
	size = 16
	if z {
		size += 8
	}
	if m {
		size += 8
	}
	return t % 1000, z, size, nil
}

// geometry reads one geometry and appends its parts.
func (w *wkb) geometry(g *feature.Geometry, depth int) (kind uint32, err error) {
	kind, z, size, err := w.header()
	if err != nil {
		return 0, err
	}
	switch kind {
	case wkbPoint:
		return kind, w.point(g, z, size)
	case wkbLineString:
		part, err := w.positions(z, size)
		if err != nil || len(part) == 0 {
			return kind, err
		}
		g.Parts = append(g.Parts, part)
		return kind, nil
	case wkbCircularString:
		return kind, w.arcs(g, z, size)
	case wkbCompoundCurve:
		return kind, w.compound(g, depth)
	case wkbMultiCurve:
		return kind, w.curves(g, depth)
	case wkbPolygon:
		return kind, w.polygon(g, z, size)
	case wkbMultiPoint, wkbMultiLineString, wkbMultiPolygon:
		if depth > 0 {
			return kind, errors.New("it has a collection in a collection")
		}
		n, err := w.count(5)
		if err != nil {
			return kind, err
		}
		for range n {
			if part, err := w.geometry(g, depth+1); err != nil {
				return kind, err
			} else if part != kind-3 {
				return kind, errors.New("its parts are not of its type")
			}
		}
		return kind, nil
	}
	return kind, fmt.Errorf("its type is %s, which is not read; save the layer as lines or points", typeName(kind))
}

func typeName(kind uint32) string {
	names := map[uint32]string{wkbCollection: "GeometryCollection", 10: "CurvePolygon", 12: "MultiSurface", 13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}
	if n, ok := names[kind]; ok {
		return n
	}
	return fmt.Sprintf("number %d", kind)
}

func (w *wkb) position(z bool, size int) feature.Position {
	number := func(at int) float64 { return math.Float64frombits(w.order.Uint64(w.rest[at:])) }
	p := feature.Position{X: number(0), Y: number(8)}
	if z {
		if h := number(16); !math.IsNaN(h) {
			p.Z, p.HasZ = h, true
		}
	}
	w.rest = w.rest[size:]
	return p
}

// point reads a point; one without coordinates is empty.
func (w *wkb) point(g *feature.Geometry, z bool, size int) error {
	if len(w.rest) < size {
		return errShort
	}
	if p := w.position(z, size); !math.IsNaN(p.X) || !math.IsNaN(p.Y) {
		g.Parts = append(g.Parts, []feature.Position{p})
	}
	return nil
}

func (w *wkb) positions(z bool, size int) ([]feature.Position, error) {
	n, err := w.count(size)
	if err != nil {
		return nil, err
	}
	part := make([]feature.Position, n)
	for i := range part {
		part[i] = w.position(z, size)
	}
	return part, nil
}

func (w *wkb) polygon(g *feature.Geometry, z bool, size int) error {
	n, err := w.count(4)
	if err != nil {
		return err
	}
	for i := range n {
		ring, err := w.positions(z, size)
		if err != nil {
			return err
		}
		if i == 0 && len(ring) > 0 {
			g.Parts = append(g.Parts, ring)
		}
	}
	return nil
}
