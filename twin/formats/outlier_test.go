package formats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// lids is a point table over a surface: manholes about 30 m apart.
func lids(nx, ny int, surface func(e, n float64) float64) []string {
	rnd := rand.New(rand.NewPCG(1, 2))
	rows := []string{"物探点号,X坐标(m),Y坐标(m),地面高程(m),附属物,井底埋深"}
	for i := range nx * ny {
		e, n := float64(i%nx)*30+rnd.Float64()*10, float64(i/nx)*30+rnd.Float64()*10
		rows = append(rows, fmt.Sprintf("%d,%.3f,%.3f,%.3f,检查井,%.2f", i+1, 4150000+n, 500000+e, surface(e, n)+rnd.Float64()*0.3, 1.5+rnd.Float64()*3))
	}
	return rows
}

func flat(_, _ float64) float64 { return 38 }

// standing lists the lines whose heights are reported to stand out.
func standing(rep *formats.Report) (lines []int) {
	for _, n := range rep.Notes {
		if strings.Contains(n.Reason, "stands out") {
			lines = append(lines, n.Line)
		}
	}
	return lines
}

func survey(t *testing.T, rows []string) *formats.Report {
	t.Helper()
	tw := formatstest.Twin(t)
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("WSPOINT.csv", strings.Join(rows, "\n"))}, formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// TestHonestGroundDoesNotStandOut: hills, slopes, terraces and valleys are as they are.
func TestHonestGroundDoesNotStandOut(t *testing.T) {
	for name, surface := range map[string]func(e, n float64) float64{
		"flat": flat, "slope of 30 %": func(e, _ float64) float64 { return e * 0.3 }, "slope of 100 %": func(e, n float64) float64 { return (e + n) * 0.7 },
		"hills":     func(e, n float64) float64 { return 100 * math.Sin(e/200) * math.Cos(n/150) },
		"a terrace": func(e, _ float64) float64 { return 40 * math.Floor(e/500) },
		"a peak":    func(e, n float64) float64 { return 300 * math.Exp(-((e-600)*(e-600)+(n-600)*(n-600))/20000) },
	} {
		for _, n := range [...]int{3, 12, 60} {
			if got := standing(survey(t, lids(n, n, surface))); len(got) > 0 {
				t.Errorf("%s, %d manholes: lines %v stand out", name, n*n, got)
			}
		}
	}
}

func TestHeightsThatStandOut(t *testing.T) {
	for _, n := range [...]int{2, 3, 12, 60} {
		for name, surface := range map[string]func(e, n float64) float64{"flat": flat, "slope": func(e, n float64) float64 { return 38 + e*0.1 + n*0.05 }} {
			rows := lids(n, n, surface)
			bad := map[int]string{2: "555.000"}
			if n > 3 {
				bad[n*n/2], bad[n*n-3] = "-120.5", "3800"
			}
			for line, h := range bad {
				f := strings.Split(rows[line-1], ",")
				f[3] = h
				rows[line-1] = strings.Join(f, ",")
			}
			got := standing(survey(t, rows))
			if len(got) != len(bad) {
				t.Errorf("%s, %d manholes: lines %v stand out, want %v", name, n*n, got, bad)
			}
			for _, line := range got {
				if bad[line] == "" {
					t.Errorf("%s, %d manholes: line %d stands out", name, n*n, line)
				}
			}
		}
	}
}

// TestStandOutByFormat: a height of 555 m among 38 m is named with its row in every format, and the row is kept.
func TestStandOutByFormat(t *testing.T) {
	var swmm, epanet, json strings.Builder
	for i := range 9 {
		h := 38.0
		if i == 4 {
			h = 555
		}
		fmt.Fprintf(&swmm, "N%d %g 3\n", i, h-3)
		fmt.Fprintf(&epanet, "N%d %g\n", i, h)
		fmt.Fprintf(&json, `%s{"type":"Feature","properties":{"id":"N%d","network":"JS","ground":%g},"geometry":{"type":"Point","coordinates":[%g,37.5,%g]}}`, map[bool]string{true: "", false: ",\n"}[i == 0], i, h, 122.1+float64(i)*0.0003, h-1)
	}
	var at strings.Builder
	for i := range 9 {
		fmt.Fprintf(&at, "N%d %d 4150000\n", i, 500000+30*i)
	}
	rows := lids(3, 3, flat)
	f := strings.Split(rows[5], ",")
	f[3] = "555"
	rows[5] = strings.Join(f, ",")
	tests := []struct {
		file formats.File
		crs  string
		want string
	}{
		{formatstest.File("m.inp", "[TITLE]\nEPSG:4549\n[OPTIONS]\nFLOW_UNITS CMS\n[JUNCTIONS]\n"+swmm.String()+"[CONDUITS]\n[COORDINATES]\n"+at.String()), "", `m.inp, line 10, ground "555.00": this height stands out, those around it lie at about 38.00 m`},
		{formatstest.File("m.inp", "[TITLE]\nEPSG:4549\n[OPTIONS]\nUNITS CMH\n[JUNCTIONS]\n"+epanet.String()+"[PIPES]\n[COORDINATES]\n"+at.String()), "", `m.inp, line 10, ground "555.00": this height stands out, those around it lie at about 38.00 m`},
		{formatstest.File("a.geojson", `{"type":"FeatureCollection","features":[`+json.String()+`]}`), "", `a.geojson, line 5, ground "555.00": this height stands out`},
		{formatstest.File("JSPOINT.csv", strings.Join(rows, "\n")), "EPSG:4549", `JSPOINT.csv, line 6, ground "555.`},
	}
	for _, test := range tests {
		tw := formatstest.Twin(t)
		rep, err := formats.Import(t.Context(), tw, readers, []formats.File{test.file}, formats.Options{CRS: formatstest.CRS(t, test.crs)})
		if err != nil || rep.Created != 9 || len(standing(rep)) != 1 || !formatstest.Noted(rep, 0, test.want) {
			t.Errorf("%s: %v, %v, want %s", test.file.Name, rep.Notes, err, test.want)
		}
	}
}

// TestRealHeights: nothing in a real network stands out, tanks on their towers included.
func TestRealHeights(t *testing.T) {
	for name, ref := range map[string]string{"01_swmm/Pump_Control_Model.inp": "local:-84.5,38.2", "01_swmm/Example1.inp": "local:122.1,37.5", "01_swmm/test_inlet_drains.inp": "local:122.1,37.5", "02_epanet/Net3.inp": "local:122.1,37.5", "02_epanet/ky4.inp": "EPSG:3547"} {
		t.Run(name, func(t *testing.T) {
			rep, err := formats.Import(t.Context(), formatstest.Twin(t), readers, []formats.File{formatstest.Shared(t, "../..", name)}, formats.Options{CRS: formatstest.CRS(t, ref)})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range rep.Notes {
				if strings.Contains(n.Reason, "stands out") {
					t.Error(n)
				}
			}
		})
	}
}

func TestZeros(t *testing.T) {
	nan := twin.Unknown()
	tests := []struct {
		name            string
		heights, ground []float64
		want            bool
	}{
		{"nothing", nil, nil, false}, {"only unknown", []float64{nan, nan}, nil, false}, {"no zeros", []float64{1, 2, nan}, nil, false},
		{"more than half", []float64{0, 0, 5}, nil, true}, {"half", []float64{0, 0, 5, 6}, nil, false}, {"a few", []float64{0, 3, 5, 6}, []float64{38}, false},
		{"all under ground", []float64{0, 0}, []float64{38, nan}, true}, {"all, and the ground too", []float64{0, 0}, []float64{0, 0}, false}, {"all, and no ground is known", []float64{0, 0, nan}, []float64{nan}, true},
		{"more than half, ground at 0", []float64{0, 0, 5}, []float64{0}, true},
	}
	for _, test := range tests {
		var z formats.Zeros
		for _, h := range test.heights {
			z.Height(h)
		}
		for _, g := range test.ground {
			z.Ground(g)
		}
		if z.Filled() != test.want {
			t.Errorf("%s: filled is %t", test.name, z.Filled())
		}
	}
}

// TestStraysAreRefusedRowByRow: a few points far off a good file are refused with their rows, and with them what ends at them; the file is not.
func TestStraysAreRefusedRowByRow(t *testing.T) {
	var rows, json []string
	rows = lids(5, 5, flat)
	for i := range 25 {
		json = append(json, fmt.Sprintf(`{"type":"Feature","properties":{"id":"N%d","network":"JS","ground":38},"geometry":{"type":"Point","coordinates":[%g,37.5]}}`, i, 122.1+float64(i)*0.0003))
	}
	set := func(line int, x, y string) string {
		changed := append([]string(nil), rows...)
		f := strings.Split(changed[line-1], ",")
		f[1], f[2] = x, y
		changed[line-1] = strings.Join(f, ",")
		return strings.Join(changed, "\n")
	}
	var at strings.Builder
	for i := range 25 {
		fmt.Fprintf(&at, "N%d %d 4150000\n", i, 500000+30*i)
	}
	nodes := strings.Builder{}
	for i := range 25 {
		fmt.Fprintf(&nodes, "N%d 10 3\n", i)
	}
	model := "[TITLE]\nEPSG:4549\n[JUNCTIONS]\n" + nodes.String() + "[CONDUITS]\nC1 N6 N7 30 0.01 0 0\nC2 N7 N8 30 0.01 0 0\n[XSECTIONS]\n[COORDINATES]\n" + at.String()
	json[7] = strings.Replace(json[7], "[122.1021,37.5]", "[0,0]", 1)
	tests := []struct {
		name          string
		file          formats.File
		crs           string
		good, refused int
		first         string
	}{
		{"survey, null island", formatstest.File("WSPOINT.csv", set(9, "0", "0")), "EPSG:4549", 24, 1, "WSPOINT.csv, line 9"},
		{"survey, a wrong digit", formatstest.File("WSPOINT.csv", set(9, "4650000", "500100")), "EPSG:4549", 24, 1, "WSPOINT.csv, line 9"},
		{"survey, axes swapped", formatstest.File("WSPOINT.csv", set(9, "500100", "4150000")), "EPSG:4549", 24, 1, "WSPOINT.csv, line 9"},
		{"survey, a zone prefix", formatstest.File("WSPOINT.csv", set(9, "4150000", "40500100")), "EPSG:4549", 24, 1, "WSPOINT.csv, line 9"},
		{"survey, millimetres", formatstest.File("WSPOINT.csv", set(9, "4150000000", "500100000")), "EPSG:4549", 24, 1, "WSPOINT.csv, line 9"},
		{"GeoJSON, null island", formatstest.File("a.geojson", `{"type":"FeatureCollection","features":[`+strings.Join(json, ",\n")+`]}`), "", 24, 1, "a.geojson, line 8"},
		{"SWMM", formatstest.File("m.inp", strings.Replace(model, "N7 500210 4150000", "N7 500210 4650000", 1)), "", 24, 3, "m.inp, line "},
		{"SWMM, millimetres", formatstest.File("m.inp", strings.Replace(model, "N7 500210 4150000", "N7 500210000 4150000000", 1)), "", 24, 3, "m.inp, line "},
		{"EPANET", formatstest.File("m.inp", strings.NewReplacer("[CONDUITS]", "[PIPES]", "[XSECTIONS]\n", "", "N7 500210 4150000", "N7 500210 4650000").Replace(model)), "", 24, 3, "m.inp, line "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			o := formats.Options{CRS: formatstest.CRS(t, test.crs)}
			_, err := formats.Import(t.Context(), tw, readers, []formats.File{test.file}, o)
			if err == nil || twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), "refused and nothing was imported") || !strings.Contains(err.Error(), test.first) || tw.Snapshot().Revision() != 0 {
				t.Fatalf("got %v, want %s", err, test.first)
			}
			o.SkipBadRows = true
			rep, err := formats.Import(t.Context(), tw, readers, []formats.File{test.file}, o)
			if err != nil || rep.Created != test.good || rep.RefusedCount != test.refused {
				t.Fatalf("%+v, %v, want %d created and %d refused", rep, err, test.good, test.refused)
			}
			if e := tw.Snapshot().Extent().Size(); e.E > 2000 || e.N > 2000 || tw.Snapshot().Square().Size > 4000 {
				t.Errorf("the city is %v large", e)
			}
		})
	}
}

// TestOutsideTheSquareIsRefusedRowByRow: an installation has its extent; rows outside it are refused one by one.
func TestOutsideTheSquareIsRefusedRowByRow(t *testing.T) {
	tw := formatstest.Twin(t)
	o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549"), SkipBadRows: true}
	rows := lids(3, 3, flat)
	if _, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("WSPOINT.csv", strings.Join(rows, "\n"))}, o); err != nil {
		t.Fatal(err)
	}
	more := strings.Join([]string{rows[0], "91,4150010,500010,38,检查井,2", "92,4160010,500010,38,检查井,2"}, "\n")
	rep, err := formats.Import(t.Context(), tw, readers, []formats.File{formatstest.File("WSPOINT.csv", more)}, o)
	if err != nil || rep.Created != 1 || rep.RefusedCount != 1 || !strings.Contains(rep.Refused[0].String(), `WSPOINT.csv, line 3, 物探点号 "92": it lies at 500010.0, 4160010.0, outside the installation's square`) {
		t.Errorf("%+v, %v", rep, err)
	}
}

// TestTwoTowns: a file of two towns far apart is taken whole.
func TestTwoTowns(t *testing.T) {
	rows := lids(6, 6, flat)
	for i := 20; i < len(rows); i++ {
		f := strings.Split(rows[i], ",")
		f[1] = strings.Replace(f[1], "415", "435", 1) // 200 km further north
		rows[i] = strings.Join(f, ",")
	}
	if rep := survey(t, rows); rep.Created != 36 {
		t.Errorf("%+v", rep)
	}
}

// TestOneRowAmiss: in every format one height that stands out is noted with its row, and one place far off is refused with what ends there.
func TestOneRowAmiss(t *testing.T) {
	high, far := goodNet(), goodNet()
	high.nodes[3].h, far.nodes[3].y = "555", "4650003"
	for format, write := range hands {
		t.Run(format, func(t *testing.T) {
			o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549")}
			rep, err := formats.Import(t.Context(), formatstest.Twin(t), everyReader, filesOf(write(t, high)), o)
			if err != nil || len(standing(rep)) != 1 || !formatstest.Noted(rep, 0, ": this height stands out, those around it lie at about ") {
				t.Errorf("a height: %v, %v", rep.Notes, err)
			}
			tw := formatstest.Twin(t)
			_, err = formats.Import(t.Context(), tw, everyReader, filesOf(write(t, far)), o)
			if err == nil || twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), "far off everything else") || tw.Snapshot().Revision() != 0 {
				t.Errorf("a place: %v", err)
			}
			o.SkipBadRows = true
			rep, err = formats.Import(t.Context(), tw, everyReader, filesOf(write(t, far)), o)
			if err != nil || rep.Created != 19-3 || rep.RefusedCount != 3 {
				t.Errorf("the others: %+v, %v", rep, err)
			}
		})
	}
}
