// Command gen makes the table of coordinate reference systems, ../epsg.txt.gz, from PROJ's data base.
//
// It reads proj.db through the sqlite3 program, because the Go driver of SQLite has its one place elsewhere. Run it with
// go generate ./geometry/crs, after apt-get install proj-data sqlite3.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
)

type row map[string]any

func (r row) text(k string) string {
	switch v := r[k].(type) {
	case string:
		return strings.Join(strings.Fields(v), " ")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	}
	return ""
}

func (r row) number(k string) float64 {
	v, err := strconv.ParseFloat(r.text(k), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func query(db, sql string) []row {
	out, err := exec.Command("sqlite3", "-json", db, sql).Output()
	if err != nil {
		log.Fatalf("sqlite3: %v", err)
	}
	if len(bytes.TrimSpace(out)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(out))
	d.UseNumber()
	var rows []row
	if err := d.Decode(&rows); err != nil {
		log.Fatalf("sqlite3's answer: %v", err)
	}
	return rows
}

// parameters in the order in which each method's file takes them, by EPSG parameter code.
var parameters = map[string][]string{
	"9807": {"8801", "8802", "8805", "8806", "8807"},
	"9808": {"8801", "8802", "8805", "8806", "8807"},
	"9801": {"8801", "8802", "8805", "8806", "8807"},
	"9826": {"8801", "8802", "8805", "8806", "8807"},
	"9802": {"8821", "8822", "8823", "8824", "8826", "8827"},
	"9803": {"8821", "8822", "8823", "8824", "8826", "8827"},
	"1051": {"8821", "8822", "8823", "8824", "8826", "8827", "1038"},
	"9809": {"8801", "8802", "8805", "8806", "8807"},
}

func main() {
	db := flag.String("db", "/usr/share/proj/proj.db", "PROJ's data base")
	out := flag.String("o", "epsg.txt.gz", "file to write")
	flag.Parse()
	units := map[string]float64{}
	for _, r := range query(*db, "select code, conv_factor from unit_of_measure where auth_name='EPSG' and conv_factor is not null") {
		units[r.text("code")] = r.number("conv_factor")
	}
	var lines []string
	meta := map[string]string{}
	for _, r := range query(*db, "select key, value from metadata") {
		meta[r.text("key")] = r.text("value")
	}
	lines = append(lines, strings.Join([]string{"V", "EPSG " + meta["EPSG.VERSION"] + " of " + meta["EPSG.DATE"] + ", from PROJ " + meta["PROJ.VERSION"]}, "\t"))
	lines = append(lines, geographic(*db, units)...)
	lines = append(lines, shifts(*db, units)...)
	lines = append(lines, rotations(*db)...)
	lines = append(lines, projected(*db, units)...)
	lines = append(lines, horizontal(*db)...)
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if _, err := z.Write([]byte(strings.Join(lines, "\n") + "\n")); err != nil {
		log.Fatal(err)
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, buf.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d lines, %d bytes\n", len(lines), buf.Len())
}

const areaColumns = ` min(e.west_lon) w, min(e.south_lat) s, max(e.east_lon) e, max(e.north_lat) n `

func num(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func short(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func area(r row) []string {
	return []string{short(r.number("w")), short(r.number("s")), short(r.number("e")), short(r.number("n"))}
}

// horizontal is the horizontal CRS of each geographic 3D and each compound one: the plane of what has heights too.
func horizontal(db string) []string {
	var lines []string
	for _, r := range query(db, `select g3.code c, min(cast(g2.code as integer)) h from geodetic_crs g3 join geodetic_crs g2
			on g2.datum_code=g3.datum_code and g2.datum_auth_name=g3.datum_auth_name and g2.type='geographic 2D' and g2.auth_name='EPSG' and g2.deprecated=0
			where g3.type='geographic 3D' and g3.auth_name='EPSG' group by g3.code
		union all select code c, horiz_crs_code h from compound_crs where auth_name='EPSG' and horiz_crs_auth_name='EPSG' order by 1`) {
		lines = append(lines, "A\t"+r.text("c")+"\t"+r.text("h"))
	}
	return lines
}

func geographic(db string, units map[string]float64) []string {
	axes := axisOrders(db)
	var lines []string
	for _, r := range query(db, `select g.code, g.name, g.coordinate_system_code cs, l.semi_major_axis a, l.uom_code lu, l.inv_flattening rf, l.semi_minor_axis b,
		m.longitude pm, m.uom_code pmu, d.name dn, `+areaColumns+` from geodetic_crs g
		join geodetic_datum d on d.code=g.datum_code and d.auth_name=g.datum_auth_name
		join ellipsoid l on l.code=d.ellipsoid_code and l.auth_name=d.ellipsoid_auth_name
		join prime_meridian m on m.code=d.prime_meridian_code and m.auth_name=d.prime_meridian_auth_name
		left join usage u on u.object_table_name='geodetic_crs' and u.object_code=g.code and u.object_auth_name=g.auth_name
		left join extent e on e.code=u.extent_code and e.auth_name=u.extent_auth_name
		where g.auth_name='EPSG' and g.type='geographic 2D' group by g.code order by cast(g.code as integer)`) {
		a := r.number("a") * units[r.text("lu")]
		rf := r.number("rf")
		if math.IsNaN(rf) {
			b := r.number("b") * units[r.text("lu")]
			if rf = 0; a != b {
				rf = a / (a - b)
			}
		}
		ax, ok := axes[r.text("cs")]
		if !ok {
			continue
		}
		f := append([]string{"G", r.text("code"), r.text("name"), r.text("dn"), num(a), num(rf), num(degrees(r.number("pm"), r.text("pmu"), units)), ax.order, num(ax.unit)}, area(r)...)
		lines = append(lines, strings.Join(f, "\t"))
	}
	return lines
}

func shifts(db string, units map[string]float64) []string {
	var lines []string
	for _, r := range query(db, `select h.code, h.name, h.source_crs_code src, h.method_code m, h.accuracy acc, tx, ty, tz, translation_uom_code tu, rx, ry, rz, rotation_uom_code ru,
		scale_difference ds, scale_difference_uom_code su, `+areaColumns+` from helmert_transformation h
		left join usage u on u.object_table_name='helmert_transformation' and u.object_code=h.code and u.object_auth_name=h.auth_name
		left join extent e on e.code=u.extent_code and e.auth_name=u.extent_auth_name
		where h.auth_name='EPSG' and h.target_crs_code='4326' and h.method_code in ('9603','9606','9607') and h.deprecated=0
		and not exists (select 1 from supersession s join helmert_transformation r on r.auth_name=s.replacement_auth_name and r.code=s.replacement_code
			where s.superseded_table_name='helmert_transformation' and s.superseded_auth_name=h.auth_name and s.superseded_code=h.code and s.same_source_target_crs=1
			and s.replacement_table_name='helmert_transformation' and r.deprecated=0 and r.method_code in ('9603','9606','9607'))
		group by h.code order by cast(h.code as integer)`) {
		tu := units[r.text("tu")]
		acc := r.number("acc")
		if acc == 999 {
			acc = math.NaN() // EPSG's word for unknown
		}
		f := []string{"H", r.text("code"), r.text("name"), r.text("src"), short(acc), num(r.number("tx") * tu), num(r.number("ty") * tu), num(r.number("tz") * tu)}
		sign := 1.0
		if r.text("m") == "9607" {
			sign = -1 // coordinate frame to position vector
		}
		for _, k := range []string{"rx", "ry", "rz"} {
			v := 0.0
			if r.text("m") != "9603" {
				v = sign * r.number(k) * units[r.text("ru")]
			}
			f = append(f, num(v))
		}
		ds := 0.0
		if r.text("m") != "9603" {
			ds = r.number("ds") * units[r.text("su")]
		}
		f = append(f, num(ds))
		lines = append(lines, strings.Join(append(f, area(r)...), "\t"))
	}
	return lines
}

// rotations pairs geographic CRSs that differ in their prime meridian alone with those from Greenwich, whose shifts hold for them too.
func rotations(db string) []string {
	var lines []string
	for _, r := range query(db, `select min(code) code, source_crs_code src, target_crs_code dst from other_transformation
		where auth_name='EPSG' and method_code='9601' and deprecated=0 group by src order by cast(src as integer)`) {
		lines = append(lines, strings.Join([]string{"R", r.text("src"), r.text("dst")}, "\t"))
	}
	return lines
}

func projected(db string, units map[string]float64) []string {
	axes := axisOrders(db)
	var lines []string
	for _, r := range query(db, `select p.code, p.name, p.coordinate_system_code cs, p.geodetic_crs_code g, p.deprecated dep, c.*, c.name cname, p.name pname, p.code pcode, `+areaColumns+` from projected_crs p
		join conversion c on c.code=p.conversion_code and c.auth_name=p.conversion_auth_name
		left join usage u on u.object_table_name='projected_crs' and u.object_code=p.code and u.object_auth_name=p.auth_name
		left join extent e on e.code=u.extent_code and e.auth_name=u.extent_auth_name
		where p.auth_name='EPSG' group by p.code order by cast(p.code as integer)`) {
		method := r.text("method_code")
		ax, ok := axes[r.text("cs")]
		want, known := parameters[method]
		if !known || !ok {
			lines = append(lines, strings.Join([]string{"U", r.text("pcode"), r.text("pname"), r.text("method_name")}, "\t"))
			continue
		}
		given := map[string]float64{}
		for i := 1; i <= 7; i++ {
			p := fmt.Sprintf("param%d_", i)
			if v := r.number(p + "value"); !math.IsNaN(v) {
				given[r.text(p+"code")] = value(v, r.text(p+"uom_code"), units)
			}
		}
		f := []string{"P", r.text("pcode"), r.text("pname"), r.text("g"), method, ax.order, num(ax.unit)}
		f = append(f, area(r)...)
		for _, k := range want {
			f = append(f, num(given[k]))
		}
		lines = append(lines, strings.Join(f, "\t"))
	}
	return lines
}

type axis struct {
	order string // "en", "ne", "ws", "sw", "nw", "wn"
	unit  float64
}

// axisOrders says of each coordinate system which axis comes first and in which unit (degrees: 0).
func axisOrders(db string) map[string]axis {
	type one struct {
		n int
		o string
		u float64
	}
	all := map[string][]one{}
	for _, r := range query(db, `select a.coordinate_system_code cs, a.coordinate_system_order n, a.orientation o, u.conv_factor f, u.type t from axis a
		join unit_of_measure u on u.code=a.uom_code and u.auth_name=a.uom_auth_name where a.coordinate_system_auth_name='EPSG'`) {
		f := r.number("f")
		if math.IsNaN(f) {
			f = math.Pi / 180 // degrees, minutes and seconds in some notation
		}
		if r.text("t") == "angle" {
			f = f * 180 / math.Pi
		}
		all[r.text("cs")] = append(all[r.text("cs")], one{int(r.number("n")), r.text("o"), f})
	}
	res := map[string]axis{}
	for cs, a := range all {
		sort.Slice(a, func(i, j int) bool { return a[i].n < a[j].n })
		if len(a) != 2 || a[0].u != a[1].u {
			continue
		}
		switch order := a[0].o[:1] + a[1].o[:1]; order {
		case "en", "ne", "ws", "sw", "nw", "wn":
			if len(a[0].o) <= 5 && len(a[1].o) <= 5 {
				res[cs] = axis{order, a[0].u}
			}
		}
	}
	return res
}

// value turns a parameter into degrees, metres or a plain number.
func value(v float64, uom string, units map[string]float64) float64 {
	switch uom {
	case "9101", "9102", "9103", "9104", "9105", "9106", "9110", "9122":
		return degrees(v, uom, units)
	}
	return v * units[uom]
}

func degrees(v float64, uom string, units map[string]float64) float64 {
	if uom != "9110" {
		if uom == "9102" || uom == "9122" {
			return v
		}
		return v * units[uom] * 180 / math.Pi
	}
	// Sexagesimal DDD.MMSSsss: read the digits, since the number itself is not exact.
	sign := 1.0
	if v < 0 {
		sign = -1
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', 12, 64)
	whole, frac, _ := strings.Cut(s, ".")
	d, _ := strconv.ParseFloat(whole, 64)
	m, _ := strconv.ParseFloat(frac[:2], 64)
	sec, _ := strconv.ParseFloat(frac[2:4]+"."+frac[4:], 64)
	return sign * (d + m/60 + sec/3600)
}
