package swmm_test

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
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/swmm"
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

// TestRealModels holds every model of other hands against its own sections: each node and link once, inverts and grounds to 1 mm.
func TestRealModels(t *testing.T) {
	tests := []struct {
		name, crs    string
		unit         *crs.Unit
		nodes, links int // of the README where it states them
	}{
		{"Example1.inp", "local:122.1,37.5,30", nil, 14, 13},
		{"Pump_Control_Model.inp", "local:-84.5,38.2", &crs.USFoot, 34, 33},
		{"model_full_features_network_xy.inp", "local:-71,42", nil, 0, 0},
		{"model_state_plane.inp", "", &crs.USFoot, 45, 44},
		{"test_inlet_drains.inp", "local:122.1,37.5", nil, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := formatstest.Shared(t, root, "01_swmm/"+test.name)
			want := rows(t, f)
			s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{CRS: formatstest.CRS(t, test.crs), Unit: test.unit}, f)
			nodes, links := 0, 0
			for _, n := range [...]string{"JUNCTIONS", "OUTFALLS", "DIVIDERS", "STORAGE"} {
				nodes += len(want[n])
			}
			for _, n := range [...]string{"CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS"} {
				links += len(want[n])
			}
			if test.nodes > 0 && (nodes != test.nodes || links != test.links) {
				t.Fatalf("the file has %d nodes and %d links, its README says %d and %d", nodes, links, test.nodes, test.links)
			}
			if rep.Created != nodes+links || s.Len() != nodes+links || rep.Rows != nodes+links || rep.RefusedCount != 0 {
				t.Errorf("%d created, %d rows, %d refused, want %d: %v", rep.Created, rep.Rows, rep.RefusedCount, nodes+links, rep.Refused)
			}
			heights(t, s, want)
		})
	}
}

// heights compares inverts, lids and pipe ends of a model in feet with offsets by depth.
func heights(t *testing.T, s *twin.Snapshot, want map[string][][]string) {
	t.Helper()
	invert := map[string]float64{}
	for _, n := range [...]string{"JUNCTIONS", "STORAGE", "OUTFALLS"} {
		for _, r := range want[n] {
			invert[r[0]] = num(t, r[1]) * 0.3048
			a := formatstest.Get(t, s, twin.NewID("PS", r[0]))
			got := a.Bottom
			if n == "OUTFALLS" {
				got = a.Line[0].H
			} else if d := num(t, r[2]); d > 0 && math.Abs(a.GroundAt(0)-invert[r[0]]-d*0.3048) > 1e-3 {
				t.Errorf("%s: ground %v, depth %v ft over %v m", r[0], a.GroundAt(0), d, invert[r[0]])
			}
			if math.Abs(got-invert[r[0]]) > 1e-3 {
				t.Errorf("%s: invert %v, want %v", r[0], got, invert[r[0]])
			}
		}
	}
	for _, r := range want["CONDUITS"] {
		a, ok := s.Get(twin.NewID("PS", r[0]))
		if _, node := invert[r[0]]; node || !ok {
			a = formatstest.Get(t, s, twin.NewSegmentID("PS", r[1], r[2])) // the number is a node's too
		}
		if a.SourceNumber != r[0] {
			t.Errorf("%s is %q", a.ID, a.SourceNumber)
		}
		for i, end := range [...]int{0, len(a.Line) - 1} {
			if h, ok := invert[r[1+i]]; ok && math.Abs(a.Invert(end)-h-num(t, r[5+i])*0.3048) > 1e-3 && a.Section.Known() {
				t.Errorf("%s: invert %v at end %d, want %v", r[0], a.Invert(end), i, h+num(t, r[5+i])*0.3048)
			}
		}
	}
}

func TestStatePlaneNeedsItsUnit(t *testing.T) {
	f := formatstest.Shared(t, root, "01_swmm/model_state_plane.inp")
	for _, o := range []formats.Options{{}, {Unit: &crs.Metre}} {
		tw := formatstest.Twin(t)
		_, err := formats.Import(t.Context(), tw, []formats.Reader{swmm.Reader{}}, []formats.File{f}, o)
		if err == nil || twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), "model_state_plane.inp") || !strings.Contains(err.Error(), "--crs-unit ftUS") || tw.Snapshot().Revision() != 0 {
			t.Errorf("%+v: %v, revision %d", o, err, tw.Snapshot().Revision())
		}
	}
	s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{Unit: &crs.USFoot}, f)
	if c := s.Frame().CRS.Code(); c != "EPSG:2817" {
		t.Errorf("the frame is %s", c)
	}
}

// TestFullFeaturesRefusals: rows without a place, and the links that end at them, are refused one by one.
func TestFullFeaturesRefusals(t *testing.T) {
	f := formatstest.Shared(t, root, "01_swmm/model_full_features_network.inp")
	want := rows(t, f)
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, []formats.Reader{swmm.Reader{}}, []formats.File{f}, formats.Options{CRS: formatstest.CRS(t, "local:1,1"), SkipBadRows: true})
	if err != nil {
		t.Fatal(err)
	}
	placed := map[string]bool{}
	for _, r := range want["COORDINATES"] {
		placed[r[0]] = true
	}
	good, bad := 0, 0
	count := func(ok bool) {
		if ok {
			good++
		} else {
			bad++
		}
	}
	there := map[string]bool{}
	for _, n := range [...]string{"JUNCTIONS", "OUTFALLS", "DIVIDERS", "STORAGE"} {
		for _, r := range want[n] {
			there[r[0]] = placed[r[0]]
			count(placed[r[0]])
		}
	}
	for _, n := range [...]string{"CONDUITS", "PUMPS", "ORIFICES", "WEIRS", "OUTLETS"} {
		for _, r := range want[n] {
			count(there[r[1]] && there[r[2]])
		}
	}
	if rep.Created != good || rep.RefusedCount != bad {
		t.Errorf("%d created, %d refused, want %d and %d: %v", rep.Created, rep.RefusedCount, good, bad, rep.Refused)
	}
}

// model makes a model of two manholes 100 m apart with one conduit, in SI units.
func model(options, xsection, more string) string {
	return "[TITLE]\nA model in EPSG:4549\n[OPTIONS]\nFLOW_UNITS CMS\n" + options + "\n[JUNCTIONS]\nA 10.000 3 0 0 0\nB 9.500 3.25 0 0 0\n[CONDUITS]\nC A B 100 0.013 0 0\n[XSECTIONS]\n" + xsection +
		"\n[COORDINATES]\nA 500000 4150000\nB 500100 4150000\n" + more
}

func TestOffsets(t *testing.T) {
	tests := []struct {
		mode, in, out string
		from, to      float64
		note          string
	}{
		{"", "0.123", "0.5", 10.123, 10.0, ""},
		{"LINK_OFFSETS DEPTH", "*", "*", 10, 9.5, ""},
		{"LINK_OFFSETS DEPTH", "", "", 10, 9.5, ""},
		{"LINK_OFFSETS ELEVATION", "10.5", "9.777", 10.5, 9.777, ""},
		{"Link_Offsets Elevation", "*", "*", 10, 9.5, ""},
		{"LINK_OFFSETS ELEVATION", "-999", "9.5", 10, 9.5, "below its node"},
		{"LINK_OFFSETS DEPTH", "-0.4", "0", 10, 9.5, "below its node"},
	}
	for _, test := range tests {
		t.Run(test.mode+" "+test.in, func(t *testing.T) {
			text := strings.Replace(model(test.mode, "C CIRCULAR 0.6", ""), "0.013 0 0", "0.013 "+test.in+" "+test.out, 1)
			s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", text))
			a := formatstest.Get(t, s, "PS-C")
			if math.Abs(a.Invert(0)-test.from) > 1e-3 || math.Abs(a.Invert(1)-test.to) > 1e-3 {
				t.Errorf("inverts %v and %v, want %v and %v", a.Invert(0), a.Invert(1), test.from, test.to)
			}
			if test.note == "" != !formatstest.Noted(rep, 0, "below its node") {
				t.Errorf("notes %v", rep.Notes)
			}
		})
	}
}

func TestUnitsOfFlow(t *testing.T) {
	for flow, unit := range map[string]float64{"CFS": 0.3048, "GPM": 0.3048, "MGD": 0.3048, "CMS": 1, "LPS": 1, "MLD": 1, "lps": 1, "": 0.3048} {
		t.Run(flow, func(t *testing.T) {
			text := strings.Replace(model("", "C CIRCULAR 0.6", ""), "FLOW_UNITS CMS", strings.TrimSpace("FLOW_UNITS "+flow), 1)
			if flow == "" {
				text = strings.Replace(text, "FLOW_UNITS\n", "\n", 1)
			}
			s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", text))
			a, c := formatstest.Get(t, s, "PS-A"), formatstest.Get(t, s, "PS-C")
			if math.Abs(a.Bottom-10*unit) > 1e-3 || math.Abs(a.GroundAt(0)-13*unit) > 1e-3 || math.Abs(c.Section.Width-0.6*unit) > 1e-3 {
				t.Errorf("bottom %v, ground %v, width %v", a.Bottom, a.GroundAt(0), c.Section.Width)
			}
			if l, _ := c.Attr("length"); math.Abs(num(t, l)-100*unit) > 1e-3 {
				t.Errorf("length %s", l)
			}
			if c.Line[1].E-c.Line[0].E != 100 {
				t.Errorf("the map is in the unit of its CRS whatever the flow's: %v", c.Line)
			}
		})
	}
	text := strings.Replace(model("", "C CIRCULAR 0.6", ""), "FLOW_UNITS CMS", "FLOW_UNITS BUCKETS", 1)
	if _, err := formats.Import(t.Context(), formatstest.Twin(t), []formats.Reader{swmm.Reader{}}, []formats.File{formatstest.File("m.inp", text)}, formats.Options{}); err == nil || !strings.Contains(err.Error(), `m.inp, line 4, FLOW_UNITS "BUCKETS"`) {
		t.Error(err)
	}
}

// whole has every kind of node and link.
const whole = `[TITLE]
a network
init=EPSG:4549
[OPTIONS]
FLOW_UNITS LPS
[JUNCTIONS]
J1 10 3
J2 9 0
[DIVIDERS]
D1 8.5 C3 OVERFLOW 2.5
D2 8.4 C3 CUTOFF 0.5 2.6
D3 8.3 C3 WEIR 0.5 0.2 1.5 2.7
D4 8.2 C3 TABULAR curve 2.8
[STORAGE]
S1 7 5 0 FUNCTIONAL 1000 0 0 0 0
[OUTFALLS]
O1 6.5 FREE NO
[CONDUITS]
C1 J1 J2 50 0.01 0 0
C3 D1 D2 50 0.01 0 0
C4 D3 D4 50 0.01 0 0
[PUMPS]
P1 J2 S1 curve1 ON 0 0
[ORIFICES]
R1 S1 D1 SIDE 0.25 0.65 NO 0
[WEIRS]
W1 S1 D3 TRANSVERSE 1.25 3.33 NO
[OUTLETS]
U1 S1 O1 0.5 FUNCTIONAL/DEPTH 10 0.5 NO
[XSECTIONS]
C1 CIRCULAR 0.5
C3 CIRCULAR 0.5
C4 CIRCULAR 0.5
R1 RECT_CLOSED 0.3 0.4
W1 RECT_OPEN 0.5 2
[COORDINATES]
J1 500000 4150000
J2 500100 4150000
D1 500200 4150000
D2 500300 4150000
D3 500400 4150000
D4 500500 4150000
S1 500150 4150100
O1 500150 4150200
[VERTICES]
C1 500030 4150040
C1 500060 4150040
[TAGS]
Node J1 north
Link C1 main
`

func TestEveryKind(t *testing.T) {
	s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{Network: "YS"}, formatstest.File("m.inp", whole))
	if s.Len() != 8+7 {
		t.Errorf("%d assets, want 15", s.Len())
	}
	for id, depth := range map[string]float64{"YS-J1": 13 - 10, "YS-D1": 2.5, "YS-D2": 2.6, "YS-D3": 2.7, "YS-D4": 2.8, "YS-S1": 5} {
		if a := formatstest.Get(t, s, id); a.Kind != twin.KindChamber || math.Abs(a.GroundAt(0)-a.Bottom-depth) > 1e-3 {
			t.Errorf("%s: %v, %v deep, want %v", id, a.Kind, a.GroundAt(0)-a.Bottom, depth)
		}
	}
	if a := formatstest.Get(t, s, "YS-J2"); !twin.IsUnknown(a.GroundAt(0)) {
		t.Errorf("a depth of 0 is not known: ground %v", a.GroundAt(0))
	}
	if a := formatstest.Get(t, s, "YS-O1"); a.Kind != twin.KindNode || a.Line[0].H != 6.5 || !twin.IsUnknown(a.GroundAt(0)) {
		t.Errorf("outfall %+v", a)
	}
	c := formatstest.Get(t, s, "YS-C1")
	if len(c.Line) != 4 || c.Line[1].E != 500030 || c.Line[1].N != 4150040 || math.Abs(c.Line[1].H-(10-50/136.569)) > 1e-3 {
		t.Errorf("vertices fall evenly from 10 to 9 over 50 + 30 + 56.6 m: %v", c.Line)
	}
	for id, want := range map[string][2]string{"YS-P1": {"curve", "curve1"}, "YS-R1": {"type", "SIDE"}, "YS-W1": {"type", "TRANSVERSE"}, "YS-U1": {"type", "FUNCTIONAL/DEPTH"}, "YS-C1": {"tag", "main"}, "YS-J1": {"tag", "north"}} {
		if v, _ := formatstest.Get(t, s, id).Attr(want[0]); v != want[1] {
			t.Errorf("%s: %s is %q, want %q", id, want[0], v, want[1])
		}
	}
	for id, h := range map[string]float64{"YS-R1": 7.25, "YS-W1": 8.25, "YS-U1": 7.5} {
		if a := formatstest.Get(t, s, id); a.Line[0].H != h || a.From != "YS-S1" {
			t.Errorf("%s begins at %v, want %v", id, a.Line[0].H, h)
		}
	}
	if a := formatstest.Get(t, s, "YS-P1"); a.HeightKnown(0) || a.Assumed&twin.AssumedGeometry == 0 {
		t.Error("the height of a pump is not in the file")
	}
}

// TestSpellings: the same model in other hands' ways of writing gives the same twin.
func TestSpellings(t *testing.T) {
	reversed := func(s string) string {
		parts := strings.Split(s, "\n[")
		for i, j := 1, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
		return strings.TrimSuffix(strings.Join(parts, "\n["), "\n") + "\n"
	}
	encode := func(e interface{ String(string) (string, error) }, s string) string {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ways := map[string]func(string) string{
		"CR LF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "tabs": func(s string) string { return strings.ReplaceAll(s, " ", "\t ") },
		"lower case": func(s string) string {
			return strings.NewReplacer("[JUNCTIONS]", "[junctions]", "[CONDUITS]", "[Conduits]", "[COORDINATES]", "[coordinates]").Replace(s)
		},
		"short": func(s string) string {
			return strings.NewReplacer("[JUNCTIONS]", "[JUNC", "[CONDUITS]", "[COND]", "[COORDINATES]", "[COORD]", "[XSECTIONS]", "[XSECTION]").Replace(s)
		},
		"comments":       func(s string) string { return strings.ReplaceAll(s, "\nC1 J1", "\n;;--- a [comment]\n  ; more\nC1 J1") },
		"comments after": func(s string) string { return strings.ReplaceAll(s, "0.01 0 0\n", "0.01 0 0;the end\n") },
		"reversed":       reversed, "quotes": func(s string) string { return strings.NewReplacer("J1", `"J1"`, "C1", `"C1"`).Replace(s) },
		"sections twice": func(s string) string {
			return strings.Replace(s, "J2 9 0", "[MAP]\nUNITS Meters\n[JUNCTIONS]\n\nJ2 9 0", 1)
		},
		"byte order mark": func(s string) string { return "\ufeff" + s }, "no end of line": func(s string) string { return strings.TrimSuffix(s, "\n") },
		"indented": func(s string) string { return strings.ReplaceAll(s, "\n", "\n   ") },
	}
	want, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{Network: "YS"}, formatstest.File("m.inp", whole))
	same := func(t *testing.T, text string, renamed func(string) string) {
		t.Helper()
		s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{Network: "YS"}, formatstest.File("m.inp", text))
		if s.Len() != want.Len() {
			t.Fatalf("%d assets, want %d", s.Len(), want.Len())
		}
		for r := range want.All {
			a := r.Asset()
			b := formatstest.Get(t, s, twin.NewID("YS", renamed(a.SourceNumber)))
			if fmt.Sprint(a.Line, a.Section, a.Ground, a.Bottom) != fmt.Sprint(b.Line, b.Section, b.Ground, b.Bottom) {
				t.Errorf("%+v\n%+v", a, b)
			}
		}
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) { same(t, way(whole), func(s string) string { return s }) })
	}
	chinese := func(s string) string { return strings.NewReplacer("J1", "雨水井1", "C1", "干管1").Replace(s) }
	t.Run("Chinese", func(t *testing.T) { same(t, chinese(whole), chinese) })
	t.Run("GB 18030", func(t *testing.T) {
		same(t, encode(simplifiedchinese.GB18030.NewEncoder(), chinese(whole)), chinese)
	})
	latin := func(s string) string { return strings.NewReplacer("J1", "Köln1", "C1", "Straße1").Replace(s) }
	t.Run("GB 18030 after much ASCII", func(t *testing.T) {
		same(t, strings.Replace(encode(simplifiedchinese.GB18030.NewEncoder(), chinese(whole)), "[JUNCTIONS]", strings.Repeat(";comment\n", 10000)+"[JUNCTIONS]", 1), chinese)
	})
	t.Run("Latin-1", func(t *testing.T) { same(t, encode(charmap.ISO8859_1.NewEncoder(), latin(whole)), latin) })
}

func TestRefusals(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"a node twice", "J2 9 0", "J2 9 0\nJ1 9 0", `m.inp, line 9, ID "J1": the name stands twice`},
		{"a link twice", "C3 D1 D2", "C1 D1 D2", `m.inp, line 20, ID "C1": a link of this name stands in line 19`},
		{"a missing node", "C3 D1 D2", "C3 D1 D9", `m.inp, line 20, to "D9": there is no such node`},
		{"a loop", "C3 D1 D2", "C3 D1 D1", `m.inp, line 20, to "D1": the link ends where it begins`},
		{"no place", "J2 500100 4150000\n", "", `m.inp, line 8, ID "J2": the node has no coordinates`},
		{"NaN", "J2 9 0", "J2 NaN 0", `m.inp, line 8, JUNCTIONS Elevation "NaN": not a number`},
		{"infinity", "J2 500100", "J2 1e999", `m.inp, line 38, COORDINATES X "1e999"`},
		{"depth", "J1 10 3", "J1 10 -3", `m.inp, line 7, JUNCTIONS MaxDepth "-3": not a depth`},
		{"offset", "C1 J1 J2 50 0.01 0 0", "C1 J1 J2 50 0.01 zero 0", `m.inp, line 19, CONDUITS InOffset "zero": not a number`},
		{"height", "J1 10 3", "J1 9999 3", `m.inp, line 7, Elevation "9999": a height of 9999 m`},
		{"out of place", "J2 500100", "J2 38500100", `m.inp, line 38, COORDINATES "38500100 4150000": `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			if !strings.Contains(whole, test.old) {
				t.Fatal("the case does not fit the model")
			}
			f := formatstest.File("m.inp", strings.Replace(whole, test.old, test.new, 1))
			_, err := formats.Import(t.Context(), tw, []formats.Reader{swmm.Reader{}}, []formats.File{f}, formats.Options{Network: "YS"})
			if err == nil || !strings.Contains(err.Error(), test.want) || twin.KindOf(err) != twin.Invalid || tw.Snapshot().Revision() != 0 {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			rep, err := formats.Import(t.Context(), tw, []formats.Reader{swmm.Reader{}}, []formats.File{f}, formats.Options{Network: "YS", SkipBadRows: true})
			if err != nil || rep.Created == 0 || rep.Created+rep.RefusedCount < 15 {
				t.Errorf("the good rows: %+v, %v", rep, err)
			}
		})
	}
}

// TestDrawingInFeet: a drawing put down at a place is as large as the unit of its map says.
func TestDrawingInFeet(t *testing.T) {
	text := strings.Replace(whole, "init=EPSG:4549", "drawing", 1)
	for unit, want := range map[string]float64{"Feet": 30.48, "Meters": 100, "None": 100} {
		s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{CRS: formatstest.CRS(t, "local:122,37")}, formatstest.File("m.inp", text+"[MAP]\nDIMENSIONS 0 0 1 1\nUnits "+unit+"\n"))
		a := formatstest.Get(t, s, "PS-C3")
		if d := a.Line[0].PlanDist(a.Line[1]); math.Abs(d-want) > 0.1 || a.Assumed&twin.AssumedPosition == 0 {
			t.Errorf("%s: %v m, want %v: %v", unit, d, want, rep.Notes)
		}
	}
}

func TestDetect(t *testing.T) {
	if n := (swmm.Reader{}).Detect("x", []byte(whole)); n < 80 {
		t.Errorf("only %d sure of a model", n)
	}
	for _, s := range []string{"", "a,b\n1,2\n", `{"type":"FeatureCollection"}`, "[PIPES]\n1 2 3\n[JUNCTIONS]\n"} {
		if n := (swmm.Reader{}).Detect("x.inp", []byte(s)); n > 0 {
			t.Errorf("%d sure of %q", n, s)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(whole)
	f.Add(model("LINK_OFFSETS ELEVATION", "C CUSTOM 1 K", "[CURVES]\nK SHAPE 0 1 1 1\n[TRANSECTS]\nX1 a 2 0 0 0 0 0 0\nGR 1 0 2 5\n[STREETS]\nS 1 2 3\n"))
	f.Add("[OPTIONS]\nFLOW_UNITS CMS\n[DIVIDERS]\nD 1 x WEIR 1 2 3 4\n[XSECTIONS]\nC ARCH 3\n[COORDINATES]\nD 500000 4150000\n")
	tw := formatstest.Twin(f)
	f.Fuzz(func(t *testing.T, s string) {
		_, err := formats.Import(t.Context(), tw, []formats.Reader{swmm.Reader{}}, []formats.File{formatstest.File("x", s)}, formats.Options{Format: "swmm", CRS: formatstest.CRS(t, "EPSG:4549"), SkipBadRows: true, DryRun: true})
		if err != nil && twin.KindOf(err) == twin.Internal {
			t.Errorf("not a sentence for people: %v", err)
		}
	})
}
