package epanet_test

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/epanet"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

const root = "../../.."

// rows reads the sections of a model for the test alone, the simple way.
func rows(t *testing.T, f formats.File) map[string][][]string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][]string{}
	section := ""
	for s := bufio.NewScanner(strings.NewReader(string(text))); s.Scan(); {
		line := s.Text()
		if strings.HasPrefix(line, "[") {
			section = strings.ToUpper(strings.Trim(line, "[] \r"))
		} else if w := strings.Fields(strings.Split(line, ";")[0]); len(w) > 0 {
			all[section] = append(all[section], w)
		}
	}
	return all
}

func num(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestRealModels holds every model of other hands against its own sections. All three are in gallons a minute: feet and inches.
func TestRealModels(t *testing.T) {
	tests := []struct {
		name, crs    string
		nodes, links int
	}{{"Net1.inp", "local:-84.5,38.2", 11, 13}, {"Net3.inp", "local:122.1,37.5", 97, 119}, {"ky4.inp", "EPSG:3547", 964, 1158}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := formatstest.Shared(t, root, "02_epanet/"+test.name)
			want := rows(t, f)
			nodes := len(want["JUNCTIONS"]) + len(want["RESERVOIRS"]) + len(want["TANKS"])
			links := len(want["PIPES"]) + len(want["PUMPS"]) + len(want["VALVES"])
			if nodes != test.nodes || links != test.links {
				t.Fatalf("the file has %d nodes and %d links, want %d and %d", nodes, links, test.nodes, test.links)
			}
			s, rep := formatstest.Import(t, epanet.Reader{}, formats.Options{CRS: formatstest.CRS(t, test.crs)}, f)
			if s.Len() != nodes+links || rep.Rows != nodes+links || rep.RefusedCount != 0 {
				t.Errorf("%d assets, %d rows, want %d: %v", s.Len(), rep.Rows, nodes+links, rep.Refused)
			}
			vertices := map[string]int{}
			for _, r := range want["VERTICES"] {
				vertices[r[0]]++
			}
			ends := map[string]*twin.Asset{}
			for r := range s.All {
				if a := r.Asset(); a.Kind == twin.KindSegment {
					ends[a.SourceNumber] = a
				}
			}
			for _, r := range want["PIPES"] {
				a := ends[r[0]]
				if a == nil || len(a.Line) != 2+vertices[r[0]] || a.From != twin.NewID("JS", r[1]) || a.To != twin.NewID("JS", r[2]) {
					t.Fatalf("pipe %s: %+v", r[0], a)
				}
				if math.Abs(a.Section.Width-num(t, r[4])*0.0254) > 1e-3 {
					t.Errorf("pipe %s: diameter %v, want %s inches", r[0], a.Section.Width, r[4])
				}
				unburied(t, a)
			}
			for _, r := range want["JUNCTIONS"] {
				a := formatstest.Get(t, s, twin.NewID("JS", r[0]))
				if v, _ := a.Attr("elevation"); math.Abs(num(t, v)-num(t, r[1])*0.3048) > 1e-3 {
					t.Errorf("junction %s: elevation %s, want %s ft", r[0], v, r[1])
				}
				unburied(t, a)
			}
		})
	}
}

// unburied checks that no height of a pipe was taken from the elevations of nodes: a model knows no depth.
func unburied(t *testing.T, a *twin.Asset) {
	t.Helper()
	for i := range a.Line {
		if a.HeightKnown(i) || !twin.IsUnknown(a.Cover(i)) {
			t.Errorf("%s: the height at vertex %d is said to be known: %+v", a.ID, i, a)
		}
	}
	if a.Assumed&twin.AssumedGeometry == 0 {
		t.Errorf("%s: its heights are not marked as assumed", a.ID)
	}
}

// whole has every kind of node and link.
const whole = `[TITLE]
a network
in EPSG:4549
[JUNCTIONS]
J1 10 0
J2 9.5 0
J3 9.25
J4
[RESERVOIRS]
R1 55
[TANKS]
T1 30 3 0 6 12 0
[PIPES]
P1 J1 J2 120 200 130 0 Open
P2 J2 J3 50 0.5 130 0 CV
P3 J3 T1 50 300 130 0 Closed
P4 J3 J4 50 0 130 0
[PUMPS]
U1 R1 J1 HEAD curve1 SPEED 1.2
[VALVES]
V1 J2 T1 150 PRV 40 0
[STATUS]
P3 Open
V1 Closed
[OPTIONS]
UNITS LPS
HEADLOSS H-W
[COORDINATES]
J1 500000 4150000
J2 500100 4150000
J3 500200 4150000
J4 500300 4150000
R1 500000 4150100
T1 500100 4150100
[VERTICES]
P1 500030 4150040
P1 500060 4150040
[TAGS]
NODE J1 north
LINK P1 main
`

func TestEveryKind(t *testing.T) {
	s, rep := formatstest.Import(t, epanet.Reader{}, formats.Options{}, formatstest.File("m.inp", whole))
	if s.Len() != 6+6 {
		t.Errorf("%d assets, want 12", s.Len())
	}
	for id, want := range map[string][]string{
		"JS-J1": {"type", "junction", "elevation", "10", "tag", "north"}, "JS-R1": {"type", "reservoir", "elevation", "55"}, "JS-T1": {"type", "tank", "elevation", "30"},
		"JS-P1": {"type", "pipe", "length", "120", "roughness", "130", "status", "open", "tag", "main"}, "JS-P2": {"status", "cv"}, "JS-P3": {"status", "open"},
		"JS-U1": {"type", "pump", "pump", "HEAD curve1 SPEED 1.2"}, "JS-V1": {"type", "valve", "valve", "PRV", "setting", "40", "status", "closed"},
	} {
		a := formatstest.Get(t, s, id)
		for i := 0; i < len(want); i += 2 {
			if v, _ := a.Attr(want[i]); v != want[i+1] {
				t.Errorf("%s: %s is %q, want %q", id, want[i], v, want[i+1])
			}
		}
		unburied(t, a)
	}
	p := formatstest.Get(t, s, "JS-P1")
	if p.Ground[1] <= 9.5 || p.Ground[1] >= 10 {
		t.Errorf("between the nodes the ground is taken to fall evenly: %v", p.Ground)
	}
	if len(p.Line) != 4 || p.Line[1].E != 500030 || p.Line[2].N != 4150040 || p.Section.Width != 0.2 || p.Assumed&twin.AssumedOuterDiameter == 0 {
		t.Errorf("%+v", p)
	}
	if v := formatstest.Get(t, s, "JS-V1"); v.Section.Width != 0.15 || v.Appurtenance != "阀门" {
		t.Errorf("%+v", v)
	}
	if a := formatstest.Get(t, s, "JS-P4"); a.Section.Known() || a.Assumed&twin.AssumedDiameter == 0 || !formatstest.Noted(rep, 17, "0 is no size") {
		t.Errorf("a diameter of 0 is unknown: %+v, %v", a.Section, rep.Notes)
	}
	for id, ground := range map[string]float64{"JS-J1": 10, "JS-R1": twin.Unknown(), "JS-J4": twin.Unknown()} {
		a := formatstest.Get(t, s, id)
		if a.GroundAt(0) != ground && !(twin.IsUnknown(ground) && twin.IsUnknown(a.GroundAt(0))) {
			t.Errorf("%s: ground %v, want %v", id, a.GroundAt(0), ground)
		}
		if known := !twin.IsUnknown(ground); known != (a.Assumed&twin.AssumedGround != 0) {
			t.Errorf("%s: the elevation of a node is only taken for the ground: %v", id, a.Assumed.Names())
		}
	}
}

func TestUnits(t *testing.T) {
	for unit, want := range map[string][2]float64{"CFS": {0.3048, 0.0254}, "GPM": {0.3048, 0.0254}, "MGD": {0.3048, 0.0254}, "IMGD": {0.3048, 0.0254}, "AFD": {0.3048, 0.0254},
		"LPS": {1, 0.001}, "LPM": {1, 0.001}, "MLD": {1, 0.001}, "CMH": {1, 0.001}, "CMD": {1, 0.001}, "cmh": {1, 0.001}, "": {0.3048, 0.0254}} {
		text := strings.Replace(whole, "UNITS LPS", "UNITS "+unit, 1)
		if unit == "" {
			text = strings.Replace(whole, "UNITS LPS\n", "", 1)
		}
		s, _ := formatstest.Import(t, epanet.Reader{}, formats.Options{}, formatstest.File("m.inp", text))
		p, j := formatstest.Get(t, s, "JS-P1"), formatstest.Get(t, s, "JS-J1")
		if math.Abs(p.Section.Width-200*want[1]) > 1e-3 || math.Abs(j.GroundAt(0)-10*want[0]) > 1e-3 {
			t.Errorf("%s: diameter %v, ground %v", unit, p.Section.Width, j.GroundAt(0))
		}
	}
	text := strings.Replace(whole, "UNITS LPS", "UNITS BUCKETS", 1)
	if _, err := formats.Import(t.Context(), formatstest.Twin(t), []formats.Reader{epanet.Reader{}}, []formats.File{formatstest.File("m.inp", text)}, formats.Options{}); err == nil || !strings.Contains(err.Error(), `m.inp, line 26, UNITS "BUCKETS"`) {
		t.Error(err)
	}
}

func TestBackdropUnits(t *testing.T) {
	drawing := strings.Replace(whole, "EPSG:4549", "a drawing", 1)
	for unit, want := range map[string]float64{"Feet": 30.48, "Meters": 100, "None": 100} {
		s, rep := formatstest.Import(t, epanet.Reader{}, formats.Options{CRS: formatstest.CRS(t, "local:122,37")}, formatstest.File("m.inp", drawing+"[BACKDROP]\nDIMENSIONS 0 0 1 1\nUNITS "+unit+"\n"))
		a := formatstest.Get(t, s, "JS-P2")
		if d := a.Line[0].PlanDist(a.Line[1]); math.Abs(d-want) > 0.1 {
			t.Errorf("%s: %v m, want %v: %v", unit, d, want, rep.Notes)
		}
	}
	s, _ := formatstest.Import(t, epanet.Reader{}, formats.Options{CRS: formatstest.CRS(t, "local:122,37"), Unit: &crs.Metre}, formatstest.File("m.inp", drawing+"[BACKDROP]\nUNITS Feet\n"))
	if a := formatstest.Get(t, s, "JS-P2"); math.Abs(a.Line[0].PlanDist(a.Line[1])-100) > 0.1 {
		t.Error("--crs-unit wins over the backdrop")
	}
	_, rep := formatstest.Import(t, epanet.Reader{}, formats.Options{}, formatstest.File("m.inp", whole+"[BACKDROP]\nUNITS Feet\n"))
	if !formatstest.Noted(rep, 0, "another unit than the CRS") {
		t.Errorf("notes %v", rep.Notes)
	}
}

// TestSpellings: the same model in other hands' ways of writing gives the same twin.
func TestSpellings(t *testing.T) {
	want, _ := formatstest.Import(t, epanet.Reader{}, formats.Options{}, formatstest.File("m.inp", whole))
	must := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	chinese := strings.NewReplacer("J1", "节点1", "P1", "主管1").Replace
	latin := strings.NewReplacer("J1", "Köln1", "P1", "Straße1").Replace
	plain := func(s string) string { return s }
	tests := []struct {
		name   string
		write  func(string) string
		rename func(string) string
	}{
		{"CR LF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, plain}, {"tabs", func(s string) string { return strings.ReplaceAll(s, " ", "\t") }, plain},
		{"lower case", strings.NewReplacer("[JUNCTIONS]", "[junctions]", "[PIPES]", "[Pipes]", "[COORDINATES]", "[coordinates]").Replace, plain},
		{"short", strings.NewReplacer("[JUNCTIONS]", "[JUNC]", "[RESERVOIRS]", "[RESE]", "[COORDINATES]", "[COOR]").Replace, plain},
		{"comments", func(s string) string { return strings.ReplaceAll(s, " Open\n", " Open;\t[x] 1 2 3\n;[PUMPS]\n") }, plain},
		{"sections twice", func(s string) string {
			return strings.Replace(s, "J2 9.5", "[TIMES]\nDURATION 24\n[JUNCTIONS]\nJ2 9.5", 1)
		}, plain},
		{"nodes after pipes", func(s string) string {
			i, j := strings.Index(s, "[JUNCTIONS]"), strings.Index(s, "[PIPES]")
			return s[:i] + s[j:] + s[i:j]
		}, plain},
		{"Chinese", chinese, chinese}, {"Latin letters", latin, latin},
		{"GB 18030", func(s string) string { return must(simplifiedchinese.GB18030.NewEncoder().String(chinese(s))) }, chinese},
		{"Latin-1", func(s string) string { return must(charmap.ISO8859_1.NewEncoder().String(latin(s))) }, latin},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := formatstest.Import(t, epanet.Reader{}, formats.Options{}, formatstest.File("m.inp", test.write(whole)))
			if s.Len() != want.Len() {
				t.Fatalf("%d assets, want %d", s.Len(), want.Len())
			}
			for r := range want.All {
				a := r.Asset()
				b := formatstest.Get(t, s, twin.NewID("JS", test.rename(a.SourceNumber)))
				if fmt.Sprint(a.Line, a.Section, a.Ground, a.Attributes) != fmt.Sprint(b.Line, b.Section, b.Ground, b.Attributes) {
					t.Errorf("%+v\n%+v", a, b)
				}
			}
		})
	}
}

// TestNumbersOfNodesAndLinks: models number both from 1; links then are named by their ends, and two between the same nodes stay two.
func TestNumbersOfNodesAndLinks(t *testing.T) {
	const text = "[JUNCTIONS]\n1 10\n2 10\n3 10\n[PIPES]\n1 1 2 10 100 100\n2 1 2 10 100 100\n12 2 3 10 100 100\n[COORDINATES]\n1 500000 4150000\n2 500100 4150000\n3 500200 4150000\n"
	s, _ := formatstest.Import(t, epanet.Reader{}, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}, formatstest.File("m.inp", text))
	for id, number := range map[string]string{"JS-1~2": "1", "JS-1~2.2": "2", "JS-12": "12"} {
		if a := formatstest.Get(t, s, id); a.SourceNumber != number {
			t.Errorf("%s is %q, want %q", id, a.SourceNumber, number)
		}
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"a node twice", "J2 9.5 0", "J2 9.5 0\nJ1 9 0", `m.inp, line 7, ID "J1": the name stands twice`},
		{"a link twice", "P2 J2 J3", "P1 J2 J3", `m.inp, line 15, ID "P1": a link of this name stands in line 14`},
		{"a missing node", "P2 J2 J3", "P2 J2 J9", `m.inp, line 15, to "J9": there is no such node`},
		{"no place", "J2 500100 4150000\n", "", `m.inp, line 6, ID "J2": the node has no coordinates; add it to [COORDINATES]`},
		{"NaN", "J2 9.5", "J2 nan", `m.inp, line 6, JUNCTIONS Elevation "nan": not a number`},
		{"place NaN", "J2 500100", "J2 NaN", `m.inp, line 30, COORDINATES X "NaN"`},
		{"height", "J2 9.5", "J2 9999", `m.inp, line 6, Elevation "9999": a height of 9999 m`},
		{"diameter", "120 200", "120 -200", `m.inp, line 14, PIPES Diameter "-200"`},
		{"no coordinates at all", "[COORDINATES]", "[LABELS]", `m.inp has no [COORDINATES], so nothing in it has a place`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			if !strings.Contains(whole, test.old) {
				t.Fatal("the case does not fit the model")
			}
			f := formatstest.File("m.inp", strings.Replace(whole, test.old, test.new, 1))
			_, err := formats.Import(t.Context(), tw, []formats.Reader{epanet.Reader{}}, []formats.File{f}, formats.Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) || twin.KindOf(err) != twin.Invalid || tw.Snapshot().Revision() != 0 {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestDetect(t *testing.T) {
	if n := (epanet.Reader{}).Detect("x", []byte(whole)); n < 80 {
		t.Errorf("only %d sure of a model", n)
	}
	for _, s := range []string{"", "a,b\n1,2\n", `{"type":"FeatureCollection"}`, "[JUNCTIONS]\n1 2\n[CONDUITS]\n"} {
		if n := (epanet.Reader{}).Detect("x.inp", []byte(s)); n > 0 {
			t.Errorf("%d sure of %q", n, s)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(whole)
	f.Add("[JUNCTIONS]\n1\n[PUMPS]\n1 1 1\n[VALVES]\n1 1 2\n[COORDINATES]\n1 500000 4150000\n2 1 nan\n[VERTICES]\n1 1 1\n")
	tw := formatstest.Twin(f)
	f.Fuzz(func(t *testing.T, s string) {
		_, err := formats.Import(t.Context(), tw, []formats.Reader{epanet.Reader{}}, []formats.File{formatstest.File("x", s)}, formats.Options{Format: "epanet", CRS: formatstest.CRS(t, "EPSG:4549"), SkipBadRows: true, DryRun: true})
		if err != nil && twin.KindOf(err) == twin.Internal {
			t.Errorf("not a sentence for people: %v", err)
		}
	})
}
