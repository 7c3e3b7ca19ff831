package formats_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/epanet"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/formats/gpkg"
	"github.com/undercity/undercity/twin/formats/swmm"
)

var everyReader = []formats.Reader{cjj61.Reader{}, swmm.Reader{}, epanet.Reader{}, geojson.Reader{}, gpkg.Reader{}}

// net is a network in the words of no format: values are text, so that they may be wrong.
type net struct {
	nodes []netNode
	links []netLink
}

type netNode struct{ id, x, y, h string }

type netLink struct{ id, from, to string }

// goodNet is ten nodes in a row, all joined.
func goodNet() net {
	var n net
	for i := range 10 {
		n.nodes = append(n.nodes, netNode{fmt.Sprint("N", i), strconv.Itoa(500100 + 30*i), strconv.Itoa(4150000 + i), "38"})
		if i > 0 {
			n.links = append(n.links, netLink{fmt.Sprint("L", i), fmt.Sprint("N", i-1), fmt.Sprint("N", i)})
		}
	}
	return n
}

func (n net) place(id string) netNode {
	for _, d := range n.nodes {
		if d.id == id {
			return d
		}
	}
	return n.nodes[0]
}

func (n net) tables() (points, lines [][]string) {
	points, lines = [][]string{{"物探点号", "X坐标", "Y坐标", "地面高程"}}, [][]string{{"起点点号", "终点点号", "管径", "起点埋深", "终点埋深"}}
	for _, d := range n.nodes {
		points = append(points, []string{d.id, d.y, d.x, d.h})
	}
	for _, l := range n.links {
		lines = append(lines, []string{l.from, l.to, "300", "1.5", "1.6"})
	}
	return points, lines
}

func csvOf(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return b.String()
}

func (n net) model(node, links, link string) string {
	var nodes, list, at strings.Builder
	for _, d := range n.nodes {
		fmt.Fprintf(&nodes, node+"\n", d.id, d.h)
		fmt.Fprintf(&at, "%s %s %s\n", d.id, d.x, d.y)
	}
	for _, l := range n.links {
		fmt.Fprintf(&list, link+"\n", l.id, l.from, l.to)
	}
	return "[TITLE]\na model\n[JUNCTIONS]\n" + nodes.String() + links + "\n" + list.String() + "[COORDINATES]\n" + at.String()
}

func (n net) json() string {
	var list []string
	for _, d := range n.nodes {
		list = append(list, fmt.Sprintf(`{"type":"Feature","properties":{"id":"%s","network":"JS","ground":%s},"geometry":{"type":"Point","coordinates":[%s,%s]}}`, d.id, d.h, d.x, d.y))
	}
	for _, l := range n.links {
		a, b := n.place(l.from), n.place(l.to)
		list = append(list, fmt.Sprintf(`{"type":"Feature","properties":{"id":"%s","network":"JS","from":"%s","to":"%s"},"geometry":{"type":"LineString","coordinates":[[%s,%s],[%s,%s]]}}`, l.id, l.from, l.to, a.x, a.y, b.x, b.y))
	}
	return "{\"type\":\"FeatureCollection\",\"features\":[\n" + strings.Join(list, ",\n") + "\n]}\n"
}

// geopackage is the network in two layers.
func (n net) geopackage(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.gpkg")
	g := newGeoPackage(t, path)
	blob := func(kind uint32, places ...netNode) []byte {
		var xy []float64
		for _, p := range places {
			for _, s := range [...]string{p.x, p.y} {
				v, err := strconv.ParseFloat(s, 64)
				if err != nil {
					v = math.NaN()
				}
				xy = append(xy, v)
			}
		}
		return formatstest.Blob(kind, xy...)
	}
	g.System(4549, "x", "EPSG", 4549, "")
	g.Layer("JS_POINT", 4549, "id text, ground")
	g.Layer("JS_LINE", 4549, `id text, "from" text, "to" text`)
	for _, p := range n.nodes {
		g.Run("insert into JS_POINT (geom, id, ground) values ($1, $2, $3)", blob(1, p), p.id, p.h)
	}
	for _, l := range n.links {
		g.Run(`insert into JS_LINE (geom, id, "from", "to") values ($1, $2, $3, $4)`, blob(2, n.place(l.from), n.place(l.to)), l.id, l.from, l.to)
	}
	g.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// written is a file of a format by name: name and bytes.
type written struct{ name, bytes string }

// hands writes a network in each format.
var hands = map[string]func(t *testing.T, n net) []written{
	"cjj61 CSV": func(_ *testing.T, n net) []written {
		p, l := n.tables()
		return []written{{"JSPOINT.csv", csvOf(p)}, {"JSLINE.csv", csvOf(l)}}
	},
	"cjj61 book": func(t *testing.T, n net) []written {
		p, l := n.tables()
		return []written{{"survey.xlsx", formatstest.Book(t, formatstest.Sheet{Name: "JSPOINT", Rows: formatstest.Rows(p...)}, formatstest.Sheet{Name: "JSLINE", Rows: formatstest.Rows(l...)})}}
	},
	"swmm": func(_ *testing.T, n net) []written {
		return []written{{"storm.inp", n.model("%s %s 3", "[OPTIONS]\nFLOW_UNITS CMS\n[CONDUITS]", "%s %s %s 30 0.01 0 0")}}
	},
	"epanet": func(_ *testing.T, n net) []written {
		return []written{{"water.inp", n.model("%s %s", "[OPTIONS]\nUNITS CMH\n[PIPES]", "%s %s %s 30 100 130")}}
	},
	"geojson": func(_ *testing.T, n net) []written { return []written{{"net.geojson", n.json()}} },
	"gpkg":    func(t *testing.T, n net) []written { return []written{{"net.gpkg", n.geopackage(t)}} },
}

// badCases are what the issue lists. change spoils the network, spoil the bytes of each file; want must stand in the sentence, beside the
// name of the file: a part of it for each format, "" of the others.
var badCases = []struct {
	name   string
	change func(n *net)
	spoil  func(s string) string
	want   map[string]string
}{
	{"empty", nil, func(string) string { return "" }, map[string]string{"": " is empty"}},
	{"blank", nil, func(string) string { return " \n\n  " }, map[string]string{"": ""}},
	{"binary renamed", nil, func(string) string { return "\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x13\xfe\xff", 5000) }, map[string]string{"": "the content is of no format that is known"}},
	{"a page of a web site", nil, func(string) string { return "<!DOCTYPE html><html><body>404</body></html>" }, map[string]string{"": "the content is of no format that is known"}},
	{"truncated", nil, func(s string) string {
		if i := strings.LastIndexByte(s[:len(s)*3/4], '\n'); strings.HasPrefix(s, "起点") {
			return s[:i-1] // inside a last cell, the least that can be seen
		}
		return s[:len(s)/2]
	}, map[string]string{"": "", "cjj61 CSV": "the file seems to end in the middle of the cell"}},
	{"truncated between cells", nil, func(s string) string {
		if i := strings.LastIndexByte(s[:len(s)*2/3], ','); strings.HasPrefix(s, "起点") {
			return s[:i]
		}
		return s[:len(s)/3]
	}, map[string]string{"": "", "cjj61 CSV": "the file ends in the middle of a row, after "}},
	{"wrong encoding", nil, func(s string) string {
		gbk, err := simplifiedchinese.GBK.NewEncoder().String("管线")
		if err != nil || strings.HasPrefix(s, "PK") || strings.HasPrefix(s, "SQLite") {
			return s[:len(s)-1] // books and data bases have one encoding of their own
		}
		s = strings.ReplaceAll(s, "N5", "节点N5") // UTF-8 first, then not
		return strings.Replace(s, "N8", "N8"+gbk+"\xff\xff", 1)
	}, map[string]string{"": "", "cjj61 CSV": "", "geojson": "not UTF-8"}},
	{"a million characters", nil, func(s string) string {
		if strings.HasPrefix(s, "PK") || strings.HasPrefix(s, "SQLite") {
			return s[:16] + strings.Repeat("a", 1_000_000)
		}
		return strings.Replace(s, "N7", "N7"+strings.Repeat("a", 1_000_000), 1)
	}, map[string]string{"": ""}},
	{"a number twice", func(n *net) { n.nodes = append(n.nodes, n.nodes[3]) }, nil, map[string]string{"": "N3", "cjj61 CSV": `JSPOINT.csv, line 12, 物探点号 "N3"`, "swmm": `storm.inp, line 14, ID "N3"`, "epanet": `water.inp, line 14, ID "N3"`, "geojson": "net.geojson, line 12"}},
	{"a missing node", func(n *net) { n.links[4].to = "N99" }, nil, map[string]string{"": "N99", "cjj61 CSV": `JSLINE.csv, line 6, 终点点号 "N99"`, "swmm": `storm.inp, line 21, to "N99"`, "epanet": `water.inp, line 21, to "N99"`, "geojson": "net.geojson, line 16"}},
	{"NaN", func(n *net) { n.nodes[3].x = "NaN" }, nil, map[string]string{"": "", "cjj61 CSV": `JSPOINT.csv, line 5, Y坐标 "NaN"`, "swmm": `COORDINATES X "NaN"`, "epanet": `COORDINATES X "NaN"`, "geojson": "net.geojson, line 5"}},
	{"infinity", func(n *net) { n.nodes[3].y = "1e999" }, nil, map[string]string{"": "", "cjj61 CSV": `JSPOINT.csv, line 5, X坐标 "1e999"`, "swmm": `COORDINATES Y "1e999"`, "epanet": `COORDINATES Y "1e999"`, "geojson": "net.geojson, line 5"}},
	{"a height of 9999", func(n *net) { n.nodes[3].h = "9999" }, nil, map[string]string{"": "9999", "cjj61 CSV": "JSPOINT.csv, line 5", "swmm": "storm.inp, line 7", "epanet": "water.inp, line 7", "geojson": "net.geojson, line 5"}},
	{"millimetres", func(n *net) { n.each(func(d *netNode) { d.x, d.y = d.x+"000", d.y+"000" }) }, nil, map[string]string{"": "--crs-unit mm"}},
	{"axes swapped", func(n *net) { n.each(func(d *netNode) { d.x, d.y = d.y, d.x }) }, nil, map[string]string{"": "axes exchanged"}},
	{"a zone prefix", func(n *net) { n.each(func(d *netNode) { d.x = "40" + d.x }) }, nil, map[string]string{"": "--crs EPSG:4528"}},
	{"degrees", func(n *net) {
		n.each(func(d *netNode) { d.x, d.y = "120.0"+d.id[1:], "37.5" })
	}, nil, map[string]string{"": "--crs EPSG:4490"}},
	{"another place", func(n *net) { n.each(func(d *netNode) { d.x, d.y = "900100", "10000" }) }, nil, map[string]string{"": "EPSG:4549"}},
}

func (n *net) each(f func(d *netNode)) {
	for i := range n.nodes {
		f(&n.nodes[i])
	}
}

// TestBadInputOfEveryFormat wants one sentence with its place for each kind of bad input in each format, and a twin that stays as it was.
func TestBadInputOfEveryFormat(t *testing.T) {
	for format, write := range hands {
		t.Run(format, func(t *testing.T) {
			tw := formatstest.Twin(t)
			o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}
			if rep, err := formats.Import(t.Context(), tw, everyReader, filesOf(write(t, goodNet())), o); err != nil || rep.Created != 19 {
				t.Fatalf("the good network: %+v, %v", rep, err)
			}
			revision, count := tw.Snapshot().Revision(), tw.Snapshot().Len()
			for _, c := range badCases {
				t.Run(c.name, func(t *testing.T) {
					n := goodNet()
					if c.change != nil {
						c.change(&n)
					}
					list := write(t, n)
					if c.spoil != nil {
						list[len(list)-1].bytes = c.spoil(list[len(list)-1].bytes)
					}
					_, err := formats.Import(t.Context(), tw, everyReader, filesOf(list), o)
					if err == nil {
						revision, count = tw.Snapshot().Revision(), tw.Snapshot().Len()
						t.Fatal("it was imported")
					}
					want, ok := c.want[format]
					if !ok {
						want = c.want[""]
					}
					named := false
					for _, f := range list {
						named = named || strings.Contains(err.Error(), f.name)
					}
					if twin.KindOf(err) != twin.Invalid || !named || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 700 {
						t.Errorf("got  %.900v\nwant %s", err, want)
					}
					if s := tw.Snapshot(); s.Revision() != revision || s.Len() != count {
						t.Errorf("the twin changed: revision %d, %d assets", s.Revision(), s.Len())
					}
				})
			}
		})
	}
}

// TestHeightThatIsNoNumber: tables and models have a column for it, so the row is refused; a property of a feature may mean anything, so it is
// noted.
func TestHeightThatIsNoNumber(t *testing.T) {
	n := goodNet()
	n.nodes[3].h = `"high"`
	for format, write := range hands {
		tw := formatstest.Twin(t)
		rep, err := formats.Import(t.Context(), tw, everyReader, filesOf(write(t, n)), formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")})
		if format == "geojson" || format == "gpkg" {
			if err != nil || !formatstest.Noted(rep, 0, "not a height in metres") {
				t.Errorf("%s: %v, %v", format, err, rep.Notes)
			}
		} else if err == nil || !strings.Contains(err.Error(), "high") || tw.Snapshot().Revision() != 0 {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func filesOf(list []written) (files []formats.File) {
	for _, w := range list {
		files = append(files, formatstest.File(w.name, w.bytes))
	}
	return files
}
