package inp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/inp"
)

func read(t *testing.T, text string, want ...string) *inp.File {
	t.Helper()
	f, err := inp.Read(t.Context(), formatstest.File("m.inp", text), func(int64) {}, want...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRows(t *testing.T) {
	f := read(t, "[title]\nline ; with more\n\n[Pipe] \n a\t\"b c\"  d;e\n;x\n   \n\"open f\n[X]\ny\n[PIPES\ng", "PIPES", "TAGS")
	var got [][]string
	for r := range f.Take("PIPES") {
		got = append(got, []string{fmt.Sprint(r.Line, r.Len()), r.At(0), r.At(1), r.At(2), r.At(3), r.From(1)})
	}
	want := [][]string{{"5 3", "a", "b c", "d", "", "b c d"}, {"8 2", `"open`, "f", "", "", "f"}, {"12 1", "g", "", "", "", ""}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for range f.Take("X") {
		t.Error("a section that is not wanted is kept")
	}
	for range f.Take("PIPES") {
		t.Error("rows are given once")
	}
	if f.First != 1 || f.Title[0] != "line ; with more" {
		t.Errorf("%+v", f)
	}
}

// TestJoin asks for the rows of names in every order, of names that are not there too.
func TestJoin(t *testing.T) {
	const text = "[VERTICES]\nb 1\nb 2\na 3\nd 4\nc 5\nc 6\n"
	for _, order := range []string{"abcd", "bxadc", "xdcba", "cbxxyad", "dd"} {
		j := read(t, text, "VERTICES").Join("VERTICES")
		got := ""
		for _, name := range order {
			for _, r := range j.Rows(string(name)) {
				got += r.At(0) + r.At(1) + " "
			}
		}
		rest := 0
		for range j.Rest() {
			rest++
		}
		want := map[string]string{"abcd": "a3 b1 b2 c5 c6 d4 ", "bxadc": "b1 b2 a3 d4 c5 c6 ", "xdcba": "d4 c5 c6 b1 b2 a3 ", "cbxxyad": "c5 c6 b1 b2 a3 d4 ", "dd": "d4 "}[order]
		if got != want || 3*strings.Count(want, " ")+3*rest != 18 {
			t.Errorf("%s gives %s and leaves %d, want %s", order, got, rest, want)
		}
	}
}

func TestDeclaredCRS(t *testing.T) {
	for text, want := range map[string]string{
		"[TITLE]\nin EPSG:2817 (ft)": "EPSG:2817", "[TITLE]\nCRS=epsg: 4549": "EPSG:4549", "[TITLE]\n;;EPSG::4549": "EPSG:4549", "[MAP]\n;EPSG:4549\n": "EPSG:4549", "[BACKDROP]\nFILE EPSG:4549.png\n": "EPSG:4549",
		"[TITLE]\nfrom EPSG:2817 to EPSG:4549": "", "[TITLE]\nEPSG:999999": "", "[TITLE]\nnothing": "", "[JUNCTIONS]\nEPSG:4549": "", "[TITLE]\nEPSG:2817\nEPSG:2817": "EPSG:2817",
	} {
		got := ""
		if c := read(t, text).DeclaredCRS(); c != nil {
			got = c.Code()
		}
		if got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func TestProgressGoesByBytes(t *testing.T) {
	text := "[PIPES]\n" + strings.Repeat("a b c d e f\n", 100_000)
	var seen []int64
	if _, err := inp.Read(t.Context(), formatstest.File("m.inp", text), func(n int64) { seen = append(seen, n) }, "PIPES"); err != nil {
		t.Fatal(err)
	}
	if len(seen) < 10 || !slices.IsSorted(seen) || seen[0] > int64(len(text))/5 || seen[len(seen)-1] != int64(len(text)) {
		t.Errorf("told %v of %d bytes", seen, len(text))
	}
}

func TestBad(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "m.inp is empty",
		" \n\n":                              "m.inp is empty",
		"a b c\n":                            "m.inp has no [SECTION]",
		"[PIPES]\nK\u00f6ln 1\nK\xf6ln2 2\n": "m.inp, line 3: not in the encoding of the rest of the file",
		"[PIPES]\n1\x00 2\n":                 "m.inp is not a text file: it holds a zero byte at offset 9",
		"[PIPES]\n" + strings.Repeat("x", 1_000_000): "m.inp, line 2: longer than 262144 bytes",
	} {
		_, err := inp.Read(t.Context(), formatstest.File("m.inp", text), func(int64) {}, "PIPES")
		if err == nil || !strings.HasPrefix(err.Error(), want) || twin.KindOf(err) != twin.Invalid {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("[TITLE]\nEPSG:4549\n[COORDINATES]\na 1 2\n[VERTICES]\na \"1 2\n")
	f.Add("[COOR\n\"a b\" 1e999 -0\n;\n[[]\n\t\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		file, err := inp.Read(t.Context(), formatstest.File("m.inp", s), func(int64) {}, "COORDINATES", "VERTICES")
		if err != nil {
			if twin.KindOf(err) != twin.Invalid {
				t.Errorf("not a sentence for people: %v", err)
			}
			return
		}
		file.DeclaredCRS()
		file.MapUnit()
		for _, name := range [...]string{"COORDINATES", "VERTICES"} {
			for r := range file.Take(name) {
				n := 0
				for r.At(n) != "" {
					n++
				}
				if r.Len() < n || r.Line < 1 {
					t.Errorf("line %d has %d words of %d", r.Line, n, r.Len())
				}
			}
		}
	})
}
