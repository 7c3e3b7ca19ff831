package cjj61_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// readAll has the reader read files into a sink that keeps nothing: it ends with assets, or with a sentence for people.
func readAll(t *testing.T, files ...formats.File) {
	t.Helper()
	err := cjj61.Reader{}.Read(context.Background(), files, formats.Options{}, formatstest.NewSilent(t, "EPSG:4547"))
	var e *twin.Error
	if err != nil && (!errors.As(err, &e) || e.Kind != twin.Invalid || strings.Contains(e.Error(), "\n")) {
		t.Errorf("not a sentence for people: %v", err)
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(points), []byte(lines))
	f.Add([]byte("起点点号;终点点号\n\"a;b"), []byte("物探点号\tX\tY\n1\t2\t3\n"))
	f.Add([]byte("图上点号,物探点号,连接点号,X,Y,地面高程,埋深,管径\n1,W1,W2,3459000,500100,38,2,300\n"), []byte("管线起点定位坐标x,管线起点定位坐标y,管线终点定位坐标x,管线终点定位坐标y\n120,31,120.1,31\n"))
	f.Add([]byte("\xff\xfe1\x00,\x00"), []byte("物探点号,X,Y\r1,2,3\r"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		readAll(t, formatstest.File("WSPOINT.csv", string(a)), formatstest.File("WSLINE.csv", string(b)))
	})
}

// parts unpacks a book.
func parts(f *testing.F, book string) map[string]string {
	z, err := zip.NewReader(bytes.NewReader([]byte(book)), int64(len(book)))
	if err != nil {
		f.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			f.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		all[p.Name] = string(b)
	}
	return all
}

// FuzzXLSX changes the parts of a book before they are packed: bytes of the archive itself seldom get past its checks.
func FuzzXLSX(f *testing.F) {
	all := parts(f, xlsx(f))
	sheet := ""
	for name, text := range all {
		if strings.Contains(name, "worksheets/") && len(text) > len(all[sheet]) {
			sheet = name
		}
	}
	f.Add(all[sheet], all["xl/sharedStrings.xml"], all["xl/workbook.xml"], all["xl/_rels/workbook.xml.rels"])
	f.Fuzz(func(t *testing.T, text, shared, book, rels string) {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for name, was := range all {
			switch name {
			case sheet:
				was = text
			case "xl/sharedStrings.xml":
				was = shared
			case "xl/workbook.xml":
				was = book
			case "xl/_rels/workbook.xml.rels":
				was = rels
			}
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, was); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		readAll(t, formatstest.File("a.xlsx", out.String()))
	})
}
