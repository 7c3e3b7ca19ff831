package formats_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

func linesOf(s string, f formats.Fallback) (lines []string, err error) {
	l, err := formats.NewLines("a.txt", strings.NewReader(s), f)
	if err != nil {
		return nil, err
	}
	for {
		b, _, err := l.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		lines = append(lines, string(b))
	}
}

func TestEncodings(t *testing.T) {
	must := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	gbk := func(s string) string { return must(simplifiedchinese.GB18030.NewEncoder().String(s)) }
	latin := func(s string) string { return must(charmap.Windows1252.NewEncoder().String(s)) }
	const chinese, german = "物探点号,管线\nJ1,雨水井", "Straße,Kanal\nKöln,Müller-Lüdenscheidt"
	ascii := strings.Repeat("plain,ascii\n", 10_000)
	tests := []struct {
		name, bytes, want string
		fallback          formats.Fallback
	}{
		{"UTF-8", chinese, chinese, formats.GB18030}, {"byte order mark", "\ufeff" + chinese, chinese, formats.GB18030}, {"GB 18030", gbk(chinese), chinese, formats.GB18030},
		{"UTF-16", must(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(chinese)), chinese, formats.GB18030},
		{"Latin-1", latin(german), german, formats.Latin1}, {"GB 18030 in a model", gbk(chinese), chinese, formats.Latin1},
		{"GB 18030 after the head", ascii + gbk(chinese), ascii + chinese, formats.GB18030}, {"Latin-1 after the head", ascii + latin(german), ascii + german, formats.Latin1},
		{"UTF-8 after the head", ascii + chinese, ascii + chinese, formats.Latin1}, {"CR LF", strings.ReplaceAll(chinese, "\n", "\r\n"), chinese, formats.GB18030},
	}
	for _, test := range tests {
		got, err := linesOf(test.bytes, test.fallback)
		if d := cmp.Diff(strings.Split(test.want, "\n"), got); err != nil || d != "" {
			t.Errorf("%s: %v\n%.500s", test.name, err, d)
		}
	}
	for name, bytes := range map[string]string{"GB 18030 after UTF-8": chinese + "\n" + strings.Repeat("x\n", 50_000) + gbk(chinese), "half a character": chinese + "\n\xe4\xb8"} {
		if _, err := linesOf(bytes, formats.GB18030); err == nil || !strings.Contains(err.Error(), "not in the encoding of the rest of the file") || twin.KindOf(err) != twin.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\r\nb\n\nc", false)
	f.Add("\xff\xfea\x00\n\x00", true)
	f.Add("\xb9\xdc\xcf\xdf\n\xe4\xb8\xad", true)
	f.Fuzz(func(t *testing.T, s string, latin bool) {
		fallback := formats.GB18030
		if latin {
			fallback = formats.Latin1
		}
		lines, err := linesOf(s, fallback)
		if err != nil && twin.KindOf(err) != twin.Invalid {
			t.Errorf("not a sentence for people: %v", err)
		}
		if len(lines) > strings.Count(s, "\n")+1+len(s)/2 {
			t.Errorf("%d lines of %d bytes", len(lines), len(s))
		}
		for _, l := range lines {
			if !utf8.ValidString(l) || strings.ContainsAny(l, "\n\x00") {
				t.Errorf("line %q", l)
			}
		}
	})
}
