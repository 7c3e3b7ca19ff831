package cjj61_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

func utf16le(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// TestSameSurvey reads one survey in the forms that tables come in.
func TestSameSurvey(t *testing.T) {
	pair := func(change func(string) string) []formats.File {
		return []formats.File{formatstest.File("WSPOINT.csv", change(points)), formatstest.File("WSLINE.csv", change(lines))}
	}
	for name, files := range map[string][]formats.File{
		"UTF-16 with a mark":     pair(utf16le),
		"lines that end with CR": pair(func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }),
		"CR LF":                  pair(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }),
		"semicolons":             pair(func(s string) string { return strings.ReplaceAll(s, ",", ";") }),
		"tabs":                   pair(func(s string) string { return strings.ReplaceAll(s, ",", "\t") }),
		"a title before": pair(func(s string) string {
			return "某市地下管线普查成果表,,,,,,\n探测单位：某院,,,,,,\n" + s
		}),
		"full-width digits":     pair(func(s string) string { return strings.ReplaceAll(s, "38.123", "３８.１２３") }),
		"empty rows behind":     pair(func(s string) string { return s + ",,,,,,\n,,,,,,\n" }),
		"quoted":                pair(func(s string) string { return strings.ReplaceAll(s, "人民路", "\"人民路\"") }),
		"both tables in a file": {formatstest.File("WS.csv", points+"\n"+lines)},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, files...)
			if err != nil {
				t.Fatalf("%v %v", err, rep.Refused)
			}
			check(t, tw)
		})
	}
}
