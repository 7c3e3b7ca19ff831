package formats_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/undercity/undercity/twin/db"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// bigFormats write a network of n pipes and as many nodes in each format, for measuring.
var bigFormats = []struct {
	name  string
	write func(t testing.TB, dir string, n int)
}{
	{"csv", func(t testing.TB, dir string, n int) { writeSurvey(t, dir, n) }},
	{"xlsx", writeBigBook},
	{"swmm", func(t testing.TB, dir string, n int) { writeFile(t, filepath.Join(dir, "storm.inp"), bigGrid(n).swmm) }},
	{"epanet", func(t testing.TB, dir string, n int) {
		writeFile(t, filepath.Join(dir, "water.inp"), bigGrid(n).epanet)
	}},
	{"geojson", func(t testing.TB, dir string, n int) {
		writeFile(t, filepath.Join(dir, "net.geojson"), bigGrid(n).geojson)
	}},
	{"gpkg", func(t testing.TB, dir string, n int) { bigGrid(n).geopackage(t, filepath.Join(dir, "net.gpkg")) }},
}

// grid is nodes on a square grid of 30 m, and from each a link to the next.
type grid struct{ n, side int }

func bigGrid(n int) grid {
	g := grid{n: n}
	for g.side*g.side < n {
		g.side++
	}
	return g
}

func (g grid) place(i int) (e, n float64) {
	return 500000 + float64(i%g.side)*31.3 + float64(i%7)*0.013, 4150000 + float64(i/g.side)*29.7
}

func (g grid) ground(i int) float64 { return 38 + float64(i%g.side)*0.01 + float64(i/g.side)*0.004 }

// next is the node that the link from a node goes to.
func (g grid) next(i int) int {
	switch to := i + 1; {
	case to < g.n && to%g.side != 0:
		return to
	case i >= g.side:
		return i - g.side
	case i > 0:
		return i - 1
	}
	return 1
}

func writeFile(t testing.TB, path string, rows func(w io.Writer)) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	rows(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// model writes the sections that both programs have: positions of nodes, and a vertex on every fifth link.
func (g grid) model(w io.Writer) {
	fmt.Fprint(w, "[COORDINATES]\n")
	for i := range g.n {
		e, n := g.place(i)
		fmt.Fprintf(w, "N%07d %.3f %.3f\n", i, e, n)
	}
	fmt.Fprint(w, "[VERTICES]\n")
	for i := 0; i < g.n; i += 5 {
		e, n := g.place(i)
		fmt.Fprintf(w, "L%07d %.3f %.3f\n", i, e+3, n+1)
	}
}

func (g grid) swmm(w io.Writer) {
	fmt.Fprint(w, "[TITLE]\nEPSG:4549\n[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\n")
	for i := range g.n {
		fmt.Fprintf(w, "N%07d %.3f %.2f 0 0 0\n", i, g.ground(i)-3, 3+float64(i%7)*0.1)
	}
	fmt.Fprint(w, "[CONDUITS]\n")
	for i := range g.n {
		fmt.Fprintf(w, "L%07d N%07d N%07d %.1f 0.013 0 %.2f 0 0\n", i, i, g.next(i), 30+float64(i%9), float64(i%5)*0.1)
	}
	fmt.Fprint(w, "[XSECTIONS]\n")
	for i := range g.n {
		fmt.Fprintf(w, "L%07d CIRCULAR %.1f 0 0 0 1\n", i, 0.3+0.1*float64(i%8))
	}
	g.model(w)
}

func (g grid) epanet(w io.Writer) {
	fmt.Fprint(w, "[TITLE]\nEPSG:4549\n[JUNCTIONS]\n")
	for i := range g.n {
		fmt.Fprintf(w, "N%07d %.2f 0.5\n", i, g.ground(i))
	}
	fmt.Fprint(w, "[PIPES]\n")
	for i := range g.n {
		fmt.Fprintf(w, "L%07d N%07d N%07d %.1f %d 130 0 Open\n", i, i, g.next(i), 30+float64(i%9), 100+50*(i%6))
	}
	fmt.Fprint(w, "[OPTIONS]\nUNITS CMH\n")
	g.model(w)
}

func (g grid) geojson(w io.Writer) {
	fmt.Fprint(w, `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},"features":[`+"\n")
	for i := range g.n {
		e, n := g.place(i)
		fmt.Fprintf(w, `{"type":"Feature","properties":{"id":"N%07d","network":"JS","ground":%.2f},"geometry":{"type":"Point","coordinates":[%.3f,%.3f]}},`+"\n", i, g.ground(i), e, n)
	}
	for i := range g.n {
		e, n := g.place(i)
		f, m := g.place(g.next(i))
		sep := ","
		if i == g.n-1 {
			sep = "]}"
		}
		fmt.Fprintf(w, `{"type":"Feature","properties":{"id":"L%07d","network":"JS","from":"N%07d","to":"N%07d","diameter":%d},"geometry":{"type":"LineString","coordinates":[[%.3f,%.3f,%.2f],[%.3f,%.3f,%.2f]]}}%s`+"\n",
			i, i, g.next(i), 100+50*(i%6), e, n, g.ground(i)-1.5, f, m, g.ground(g.next(i))-1.5, sep)
	}
}

func (g grid) geopackage(t testing.TB, path string) {
	t.Helper()
	p := newGeoPackage(t, path)
	p.System(4549, "x", "EPSG", 4549, "")
	p.Layer("JS_POINT", 4549, "id text, ground real")
	p.Layer("JS_LINE", 4549, `id text, "from" text, "to" text, diameter integer`)
	for i := range g.n {
		e, n := g.place(i)
		p.Run("insert into JS_POINT (geom, id, ground) values ($1, $2, $3)", formatstest.Blob(1, e, n), fmt.Sprintf("N%07d", i), g.ground(i))
	}
	for i := range g.n {
		e, n := g.place(i)
		f, m := g.place(g.next(i))
		p.Run(`insert into JS_LINE (geom, id, "from", "to", diameter) values ($1, $2, $3, $4, $5)`, formatstest.Blob(2, e, n, f, m), fmt.Sprintf("L%07d", i), fmt.Sprintf("N%07d", i), fmt.Sprintf("N%07d", g.next(i)), 100+50*(i%6))
	}
	p.Close()
}

// writeBigBook writes the tables of writeSurvey as one book.
func writeBigBook(t testing.TB, dir string, n int) {
	t.Helper()
	tables := t.TempDir()
	writeSurvey(t, tables, n)
	f, err := os.Create(filepath.Join(dir, "survey.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	var sheets []formatstest.Sheet
	for _, name := range [...]string{"WSPOINT", "WSLINE"} {
		sheets = append(sheets, formatstest.Sheet{Name: name, Rows: func(yield func([]string) bool) {
			in, err := os.Open(filepath.Join(tables, name+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = in.Close() }()
			rows := csv.NewReader(in)
			for {
				cells, err := rows.Read()
				if err == io.EOF || !yield(cells) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}})
	}
	formatstest.WriteBook(t, f, sheets...)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func newGeoPackage(t testing.TB, path string) *formatstest.GeoPackage {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	return formatstest.NewGeoPackage(t, d)
}
