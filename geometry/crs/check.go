package crs

import (
	"fmt"
	"math"
	"strings"
)

// Misfit says that coordinates cannot be what they are declared to be, and which reading would make sense.
type Misfit struct {
	Reason  string
	Flag    string // the flag that would mend it, "" when no reading makes sense
	Outside int    // points of the sample that do not fit
	Total   int
}

// Error is the reason and what to do.
func (m *Misfit) Error() string {
	if m.Flag == "" {
		return m.Reason + "; check the CRS of the file and pass it with --crs"
	}
	return m.Reason + "; pass " + m.Flag
}

// checkSample is how many points are looked at.
const checkSample = 2000

// Check holds a sample of a file's coordinates, x east y north whatever the axis order, against what they are declared to be. It returns a
// *Misfit when most of them do not fit, so that a few points out of place in a good file can be refused one by one.
func Check(src Source, xy [][2]float64) error {
	if err := src.check(); err != nil {
		return err
	}
	step := max(1, (len(xy)+checkSample-1)/checkSample)
	var pts [][2]float64
	for i := 0; i < len(xy); i += step {
		if finite(xy[i][0], xy[i][1]) {
			pts = append(pts, xy[i])
		}
	}
	total := (len(xy) + step - 1) / step
	if m := src.disguised(pts); m != nil {
		m.Outside, m.Total = total, total
		return m
	}
	if outside := total - src.fitting(pts); total > 0 && outside*2 > total {
		m := src.diagnose(pts)
		m.Outside, m.Total = outside, total
		return m
	}
	return nil
}

// disguised finds degrees that would pass as metres next to the origin of a plane: 51.5 and -0.1 lie in the area of the British grid too, a
// few metres from its false origin.
func (s Source) disguised(pts [][2]float64) *Misfit {
	if len(pts) == 0 {
		return nil
	}
	at := sampleOf(pts)
	if s.CRS.kind != LocalPlane {
		return s.asDegrees(pts, at)
	}
	lon, lat, err := s.CRS.Inverse(0, 0)
	if err != nil {
		return nil
	}
	for _, p := range pts {
		straight := max(math.Abs(p[0]-lon), math.Abs(p[1]-lat))
		if exchanged := max(math.Abs(p[1]-lon), math.Abs(p[0]-lat)); min(straight, exchanged) > 1 {
			return nil
		}
	}
	if max(math.Abs(lon), math.Abs(lat)) < 2 {
		return nil // a drawing of a metre or two at 0, 0 is possible
	}
	return &Misfit{Reason: at + " look like degrees at the very place of " + s.CRS.code + ", not " + s.unitName() + " of a drawing", Flag: "--crs EPSG:4326"}
}

func sampleOf(pts [][2]float64) string {
	return fmt.Sprintf("coordinates such as %.10g, %.10g", pts[0][0], pts[0][1])
}

// fitting counts the points that lie in the CRS's area of use.
func (s Source) fitting(pts [][2]float64) int {
	n := 0
	for _, p := range pts {
		if s.fits(p[0], p[1]) {
			n++
		}
	}
	return n
}

// localReach is how far from its place a drawing may reach, metres.
const localReach = 200_000

func (s Source) fits(x, y float64) bool {
	if s.CRS.kind == LocalPlane {
		return math.Hypot(x*s.unit()-s.CRS.cx, y*s.unit()-s.CRS.cy) <= localReach
	}
	lon, lat, err := s.lonLat(x, y)
	if err != nil {
		return false
	}
	return s.CRS.zoneFits(x, s.unit()) && s.CRS.area.contains(lon, lat, areaMargin)
}

// zoneFits reports whether an easting carries the zone prefix that the CRS has, or none.
func (c *CRS) zoneFits(x, unit float64) bool {
	tm, ok := c.proj.(*transverseMercator)
	return !ok || math.Abs(x*unit-tm.fe) < 2e6
}

func (s Source) most(pts [][2]float64) bool {
	return len(pts) > 0 && s.fitting(pts)*10 >= len(pts)*9
}

// diagnose finds the reading that would make sense of points that do not fit.
func (s Source) diagnose(pts [][2]float64) *Misfit {
	if len(pts) == 0 {
		return &Misfit{Reason: "the coordinates are not numbers"}
	}
	c := s.CRS
	at := sampleOf(pts)
	for _, find := range []func([][2]float64, string) *Misfit{s.asPrefixed, s.asOtherUnit, s.asDegrees, s.asPlane, s.asSwapped} {
		if m := find(pts, at); m != nil {
			return m
		}
	}
	reason := fmt.Sprintf("%s do not lie in the area of %s (%s)", at, c.code, c.name)
	if c.kind == LocalPlane {
		reason = fmt.Sprintf("%s lie more than %d km from the place of %s", at, localReach/1000, c.code)
	} else if lon, lat, err := s.lonLat(pts[0][0], pts[0][1]); err == nil {
		reason += fmt.Sprintf(", but at longitude %.3f, latitude %.3f", lon, lat)
	}
	return &Misfit{Reason: reason}
}

// asPrefixed looks for the CRS whose zone prefix the eastings carry, or the one without.
func (s Source) asPrefixed(pts [][2]float64, at string) *Misfit {
	tm, ok := s.CRS.proj.(*transverseMercator)
	if !ok {
		return nil
	}
	x := pts[0][0] * s.unit()
	zone := int(x / 1e6)
	if (zone != 0) == (s.CRS.zone != 0) && zone == s.CRS.zone {
		return nil
	}
	other := epsg().sibling(s.CRS, tm, zone)
	if other == nil {
		return nil
	}
	if o := (Source{CRS: other, Unit: s.Unit}); !o.most(pts) {
		return nil
	}
	how := fmt.Sprintf("which carries the zone prefix %d", zone)
	if zone == 0 {
		how = "which has no zone prefix"
	}
	return &Misfit{Reason: fmt.Sprintf("%s do not fit %s, but look like %s (%s), %s", at, s.CRS.code, other.code, other.name, how), Flag: "--crs " + other.code}
}

// sibling is the Gauss-Krüger CRS on the same datum with a zone prefix: 6° zones 13–23 and 3° zones 25–45 of China by number; without
// prefix (zone 0) that with the same central meridian. Of several it is the one most alike by name: a 3° zone of a 3° zone.
func (t *table) sibling(of *CRS, tm *transverseMercator, zone int) *CRS {
	best, alike := 0, -1
	for code, line := range t.projected {
		c, ok := t.quickTM(line, of.datumCode)
		if !ok {
			continue
		}
		if z := zonePrefix(c); z != zone || zone == 0 && (math.Abs(c.lon0-tm.lon0) > 1e-9 || c.fe != 500000) {
			continue
		}
		n := commonPrefix(strings.SplitN(line, "\t", 4)[2], of.name)
		if n > alike || n == alike && code < best {
			best, alike = code, n
		}
	}
	if best == 0 {
		return nil
	}
	c, err := t.project(best)
	if err != nil {
		return nil
	}
	return c
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// asOtherUnit looks for the unit in which the numbers fit.
func (s Source) asOtherUnit(pts [][2]float64, at string) *Misfit {
	if s.CRS.kind != Projected {
		return nil
	}
	for _, u := range []Unit{USFoot, Foot, Metre, Millimetre} {
		if u.Metres == s.unit() {
			continue
		}
		if o := (Source{CRS: s.CRS, Unit: &u}); o.most(pts) {
			return &Misfit{Reason: fmt.Sprintf("%s do not fit %s in %s, but do in %s", at, s.CRS.code, s.unitName(), u.Name), Flag: "--crs-unit " + u.Name}
		}
	}
	return nil
}

func (s Source) unitName() string {
	if s.Unit != nil {
		return s.Unit.Name
	}
	return s.CRS.unit.Name
}

func (s Source) asDegrees(pts [][2]float64, at string) *Misfit {
	if s.CRS.kind != Projected {
		return nil
	}
	for _, p := range pts {
		if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 180 {
			return nil
		}
	}
	g, ok := epsg().geographic(s.CRS.datumCode)
	if !ok {
		return nil
	}
	if (Source{CRS: g}).most(pts) {
		return &Misfit{Reason: fmt.Sprintf("%s look like degrees, not %s of %s", at, s.unitName(), s.CRS.code), Flag: "--crs " + g.code}
	}
	if (Source{CRS: g}).most(swapped(pts)) {
		return &Misfit{Reason: fmt.Sprintf("%s look like latitude and longitude in degrees, not %s of %s", at, s.unitName(), s.CRS.code),
			Flag: "--crs " + g.code + " with the columns of X and Y exchanged"}
	}
	return nil
}

// asPlane says of a geographic CRS that its numbers are lengths.
func (s Source) asPlane(pts [][2]float64, at string) *Misfit {
	if s.CRS.kind != Geographic {
		return nil
	}
	for _, p := range pts {
		if math.Abs(p[0]) <= 360 && math.Abs(p[1]) <= 360 {
			return nil
		}
	}
	if zone := int(pts[0][0] / 1e6); zone >= 13 && zone <= 45 {
		tm := newTransverseMercator(s.CRS.ell, []float64{0, 0, 1, 0, 0})
		for _, datum := range []int{s.CRS.datumCode, 4490} {
			if c := epsg().sibling(&CRS{datumCode: datum}, tm, zone); c != nil && (Source{CRS: c}).most(pts) {
				return &Misfit{Reason: fmt.Sprintf("%s are not degrees of %s, but look like metres of %s (%s)", at, s.CRS.code, c.code, c.name), Flag: "--crs " + c.code}
			}
		}
	}
	return &Misfit{Reason: fmt.Sprintf("%s are not degrees of %s, but look like metres or feet of a projected CRS", at, s.CRS.code)}
}

func swapped(pts [][2]float64) [][2]float64 {
	sw := make([][2]float64, len(pts))
	for i, p := range pts {
		sw[i] = [2]float64{p[1], p[0]}
	}
	return sw
}

// asSwapped says that the axes are exchanged.
func (s Source) asSwapped(pts [][2]float64, at string) *Misfit {
	if sw := swapped(pts); s.most(sw) || s.asPrefixed(sw, "") != nil {
		return &Misfit{Reason: fmt.Sprintf("%s (east, north) have the axes exchanged for %s: what was read as east is north", at, s.CRS.code),
			Flag: "the file with X as northing and Y as easting, as the format asks"}
	}
	return nil
}
