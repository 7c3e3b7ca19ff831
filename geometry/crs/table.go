package crs

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./gen -o epsg.txt.gz
//go:generate go run ./gen/figures -o testdata/proj.txt.gz

//go:embed epsg.txt.gz
var epsgFile []byte

// box is an area of use in degrees; west > east where it crosses the antimeridian.
type box struct{ w, s, e, n float64 }

func (b box) known() bool { return finite(b.w, b.s, b.e, b.n) && (b.n > b.s || b.e != b.w) }

// contains reports whether a position lies in b grown by margin degrees.
func (b box) contains(lon, lat, margin float64) bool {
	if lat < b.s-margin || lat > b.n+margin {
		return false
	}
	if b.w > b.e {
		return lon >= b.w-margin || lon <= b.e+margin
	}
	return lon >= b.w-margin && lon <= b.e+margin || lon+360 <= b.e+margin && lon+360 >= b.w-margin
}

func (b box) center() (lon, lat float64) {
	e := b.e
	if b.w > b.e {
		e += 360
	}
	return (b.w + e) / 2, (b.s + b.n) / 2
}

// table is the definitions, found by code and read when asked for.
type table struct {
	version    string
	geog       map[int]string
	projected  map[int]string
	other      map[int]string      // projected CRSs whose method is not built in
	shifts     map[int][]shiftLine // by source geographic CRS
	horizontal map[int]int         // geographic 3D or compound CRS to its horizontal one
	greenwich  map[int]int         // geographic CRS to that on the same datum counted from Greenwich
}

type shiftLine struct {
	shift Shift
	area  box
}

var epsg = sync.OnceValue(func() *table {
	t, err := readTable(epsgFile)
	if err != nil {
		// The table is part of the program: a test reads all of it.
		panic(err)
	}
	return t
})

func readTable(zipped []byte) (*table, error) {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, fmt.Errorf("table of CRSs: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("table of CRSs: %w", err)
	}
	t := &table{geog: map[int]string{}, projected: map[int]string{}, other: map[int]string{}, shifts: map[int][]shiftLine{}, greenwich: map[int]int{}, horizontal: map[int]int{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		f := strings.SplitN(line, "\t", 3)
		code, _ := strconv.Atoi(f[1])
		switch f[0] {
		case "V":
			t.version = f[1]
		case "G":
			t.geog[code] = line
		case "P":
			t.projected[code] = line
		case "U":
			t.other[code] = line
		case "A":
			if t.horizontal[code], err = strconv.Atoi(f[2]); err != nil {
				return nil, fmt.Errorf("table of CRSs: %w", err)
			}
		case "R":
			if t.greenwich[code], err = strconv.Atoi(f[2]); err != nil {
				return nil, fmt.Errorf("table of CRSs: %w", err)
			}
		case "H":
			src, s, err := readShift(strings.Split(line, "\t"))
			if err != nil {
				return nil, err
			}
			t.shifts[src] = append(t.shifts[src], s)
		}
	}
	return t, nil
}

// Version names the source of the definitions.
func Version() string { return epsg().version }

func readShift(f []string) (int, shiftLine, error) {
	if len(f) != 16 {
		return 0, shiftLine{}, fmt.Errorf("table of CRSs: shift %s has %d fields", f[1], len(f))
	}
	src, err := strconv.Atoi(f[3])
	v := floats(f[4:])
	s := Shift{Name: f[2], Source: "EPSG:" + f[1], Accuracy: v[0]}
	copy(s.params[:], v[1:8])
	return src, shiftLine{s, box{v[8], v[9], v[10], v[11]}}, err
}

func floats(f []string) []float64 {
	v := make([]float64, len(f))
	for i, s := range f {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			x = math.NaN()
		}
		v[i] = x
	}
	return v
}

func (t *table) geographic(code int) (*CRS, bool) {
	line, ok := t.geog[code]
	if !ok {
		return nil, false
	}
	f := strings.Split(line, "\t")
	v := floats(f[4:7])
	u := floats(f[8:])
	c := &CRS{code: fmt.Sprintf("EPSG:%d", code), name: f[2], kind: Geographic, datum: f[3], datumCode: code, ell: newEllipsoid(v[0], v[1]),
		meridian: v[2], northFirst: f[7] == "ne", unit: Unit{Name: "degree"}, angle: u[0], area: box{u[1], u[2], u[3], u[4]}}
	if math.Abs(c.angle-1) < 1e-9 {
		c.angle = 1
	} else {
		c.unit.Name = "grad"
	}
	return c, true
}

func (t *table) project(code int) (*CRS, error) {
	f := strings.Split(t.projected[code], "\t")
	gcode, err := strconv.Atoi(f[3])
	if err != nil {
		return nil, fmt.Errorf("EPSG:%d: %w", code, err)
	}
	g, ok := t.geographic(gcode)
	if !ok {
		return nil, fmt.Errorf("EPSG:%d: its datum EPSG:%d is not in the table", code, gcode)
	}
	v := floats(f[6:11])
	c := &CRS{code: fmt.Sprintf("EPSG:%d", code), name: f[2], kind: Projected, datum: g.datum, datumCode: gcode, ell: g.ell, meridian: g.meridian,
		unit: unitOf(v[0]), northFirst: f[5] == "ne" || f[5] == "sw" || f[5] == "nw", area: box{v[1], v[2], v[3], v[4]}}
	method, _ := strconv.Atoi(f[4])
	make, ok := methods[method]
	if !ok {
		return nil, fmt.Errorf("EPSG:%d: method %d is not built in", code, method)
	}
	c.method, c.params = method, floats(f[11:])
	c.proj = make(g.ell, c.params)
	c.zone = zonePrefix(c.proj)
	return c, nil
}

func unitOf(metres float64) Unit {
	for _, u := range []Unit{Metre, Foot, USFoot, Millimetre} {
		if math.Abs(u.Metres-metres) < 1e-12 {
			return u
		}
	}
	return Unit{Name: fmt.Sprintf("unit of %g m", metres), Metres: metres}
}

// quickTM returns the projection of a line when it is a transverse Mercator CRS in metres on the datum.
func (t *table) quickTM(line string, datum int) (*transverseMercator, bool) {
	f := strings.Split(line, "\t")
	if f[3] != strconv.Itoa(datum) || f[4] != "9807" || f[6] != "1" {
		return nil, false
	}
	p := floats(f[11:])
	return &transverseMercator{lon0: radians(p[1]), fe: p[3], fn: p[4]}, true
}

// ProjectedCodes lists the EPSG codes of every projected CRS that can be used.
func ProjectedCodes() []int {
	return slices.Sorted(maps.Keys(epsg().projected))
}
