package formats_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/store"
)

// writeSurvey writes the point and line tables of a survey of n pipes and as many manholes, as cities keep them.
func writeSurvey(t testing.TB, dir string, n int) []formats.File {
	t.Helper()
	side := 1
	for side*side < n {
		side++
	}
	write := func(name string, rows func(w *bufio.Writer)) formats.File {
		path := filepath.Join(dir, name)
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
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return formats.File{Name: name, Size: info.Size(), Open: func() (formats.Content, error) { return os.Open(path) }}
	}
	ground := func(i int) float64 { return 38 + float64(i%side)*0.01 + float64(i/side)*0.004 }
	points := write("WSPOINT.csv", func(w *bufio.Writer) {
		fmt.Fprint(w, "物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深,井盖材质,权属单位\n")
		for i := range n {
			fmt.Fprintf(w, "WS%d,%.3f,%.3f,%.3f,,检查井,%.2f,铸铁,第%d排水公司\n", i, 4150000+float64(i/side)*29.7, 500000+float64(i%side)*31.3, ground(i), 2.1+float64(i%7)*0.1, i%9)
		}
	})
	lines := write("WSLINE.csv", func(w *bufio.Writer) {
		fmt.Fprint(w, "起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,权属单位,埋设年代,使用状况\n")
		for i := range n {
			to := i + 1
			if to%side == 0 || to >= n {
				if to = i - side; to < 0 {
					to = i - 1
				}
			}
			fmt.Fprintf(w, "WS%d,WS%d,%.2f,%.2f,DN%d,混凝土,第%d大街,第%d排水公司,%d,在用\n", i, to, 1.6+float64(i%5)*0.1, 1.7+float64(i%5)*0.1, 300+100*(i%8), i/side%400, i%9, 1980+i%40)
		}
	})
	return []formats.File{points, lines}
}

func bigOptions(t testing.TB) formats.Options {
	t.Helper()
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	return formats.Options{CRS: c}
}

// durable is an installation whose commits reach the disk.
func durable(t testing.TB, dir string) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// nowhere takes what a reader finds and keeps nothing: what is measured with it is the reading alone.
type nowhere struct{ rows int }

func (*nowhere) Transform(_ string, c *crs.CRS, _ *crs.Unit, _ [][2]float64) (*crs.Transform, error) {
	if c == nil {
		var err error
		if c, err = crs.Parse("EPSG:4549"); err != nil {
			return nil, err
		}
	}
	f, err := crs.NewFrame(c, "unknown", 0)
	if err != nil {
		return nil, err
	}
	return crs.NewTransform(crs.Source{CRS: c}, f)
}
func (*nowhere) Adopt(string, *crs.Frame) error       { return nil }
func (*nowhere) Asset(*twin.Asset, formats.Row) error { return nil }
func (*nowhere) Refuse(r formats.Row) error           { return fmt.Errorf("%v", r) }
func (*nowhere) Note(formats.Row)                     {}
func (*nowhere) Base(*twin.Base)                      {}
func (n *nowhere) Rows(k int, _ float64)              { n.rows += k }
func (*nowhere) Find(twin.ID) (*twin.Asset, bool)     { return nil, false }
func (*nowhere) Catalog() *twin.Catalog               { return twin.Standard() }

const benchPipes = 100_000

// BenchmarkParseSurvey is reading alone; the goal is 200,000 rows a second.
func BenchmarkParseSurvey(b *testing.B) {
	files := writeSurvey(b, b.TempDir(), benchPipes)
	b.ReportAllocs()
	n := &nowhere{}
	for b.Loop() {
		if err := (cjj61.Reader{}).Read(b.Context(), files, bigOptions(b), n); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n.rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkImportSurvey is a whole import, stored with history; the goal is 60,000 assets a second.
func BenchmarkImportSurvey(b *testing.B) {
	files := writeSurvey(b, b.TempDir(), benchPipes)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		tw := durable(b, b.TempDir())
		b.StartTimer()
		rep, err := formats.Import(b.Context(), tw, readers, files, bigOptions(b))
		if err != nil {
			b.Fatal(err)
		}
		n += rep.Created
		b.StopTimer()
		if err := tw.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "assets/s")
}
