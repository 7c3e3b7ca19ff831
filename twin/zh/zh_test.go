package zh_test

import (
	"testing"

	"github.com/undercity/undercity/twin/zh"
)

func TestText(t *testing.T) {
	for en, want := range map[string]string{
		"a.csv is empty; check that the file was written to the end":                                                                                                                                                                       "a.csv 是空文件；请检查文件是否写完整",
		"JSLINE.csv, line 3, 终点点号 \"77\": there is no such point in the files or in the installation; add it, or correct the number":                                                                                                       "JSLINE.csv 第 3 行，终点点号 \"77\"：文件和系统中都没有这个点；请补充该点，或改正点号",
		"2 rows were refused and nothing was imported; first a.csv, line 2, Y \"x\": not a number; mend the rows, or import the others with --skip-bad-rows":                                                                               "2 行被拒绝，未导入任何内容；第一处：a.csv 第 2 行，Y \"x\"：不是数；请改正这些行，或跳过错误行导入其余的行",
		"a.csv: coordinates such as 500000.5, 4152000.123 do not fit EPSG:4529, but look like EPSG:4550 (CGCS2000 / 3-degree Gauss-Kruger CM 123E), which has no zone prefix; pass --crs EPSG:4550":                                        "a.csv：坐标（如 500000.5, 4152000.123）不符合 EPSG:4529，像是 EPSG:4550（CGCS2000 / 3-degree Gauss-Kruger CM 123E），其东坐标不带带号；请用 --crs EPSG:4550",
		"m.inp: coordinates such as 1, 2 do not fit EPSG:2817 in m, but do in ftUS; pass --crs-unit ftUS":                                                                                                                                  "m.inp：坐标（如 1, 2）以 m 计不符合 EPSG:2817，以 ftUS 计则符合；请用 --crs-unit ftUS",
		"2 rows were refused and nothing was imported; first a.csv, line 2, 终点 \"9\": there is no such point in the files or in the installation; add it, or correct the number; mend the rows, or import the others with --skip-bad-rows": "2 行被拒绝，未导入任何内容；第一处：a.csv 第 2 行，终点 \"9\"：文件和系统中都没有这个点；请补充该点，或改正点号；请改正这些行，或跳过错误行导入其余的行",
		"3 of 5 heights are exactly 0, which cannot be meant: they are taken as unknown":                                                                                                                                                   "5 个高程中有 3 个恰为 0，不可能是实测值，按未知处理",
		"the parameter bbox=1,2 is not west,south,east,north in degrees":                                                                                                                                                                   "参数 bbox=1,2 不是以度为单位的 西,南,东,北",
		"something nobody has translated": "something nobody has translated",
		"":                                "",
	} {
		if got := zh.Text(en); got != want {
			t.Errorf("%q\n got %q\nwant %q", en, got, want)
		}
	}
}

// FuzzText takes any text: it answers, and in bounded time.
func FuzzText(f *testing.F) {
	f.Add("a, line 3: b: c; d: e; f")
	f.Fuzz(func(t *testing.T, s string) {
		if zh.Text(s) == "" && s != "" {
			t.Errorf("%q is gone", s)
		}
	})
}

// BenchmarkLongest says the text with the most clauses that a value can smuggle in.
func BenchmarkLongest(b *testing.B) {
	s := ""
	for range 300 {
		s += "a: b; "
	}
	for b.Loop() {
		zh.Text(s)
	}
}
