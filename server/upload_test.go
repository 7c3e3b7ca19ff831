package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
)

// zipped packs parts; a name that ends with @ is a symbolic link.
func zipped(t *testing.T, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		h := &zip.FileHeader{Name: strings.TrimSuffix(name, "@"), Method: zip.Deflate}
		if strings.HasSuffix(name, "@") {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostileUploads sends what is made to fill the memory or the disk, or to reach other files: each is refused with a sentence, and nothing is left behind.
func TestHostileUploads(t *testing.T) {
	scratch := ""
	c := newCityWith(t, 0, func(o *server.Options) { scratch = o.Scratch })
	const (
		types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
		rels  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
		wrels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
		bookX = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="JSPOINT" sheetId="1" r:id="s"/></sheets></workbook>`
	)
	book := func(more map[string]string) string {
		parts := map[string]string{"[Content_Types].xml": types, "_rels/.rels": rels, "xl/workbook.xml": bookX, "xl/_rels/workbook.xml.rels": wrels,
			"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData></sheetData></worksheet>`}
		for k, v := range more {
			parts[k] = v
		}
		return zipped(t, parts)
	}
	entities := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`
	blanks := strings.Repeat(" ", 20<<20)
	inner := zipped(t, map[string]string{"x": blanks})
	for name, f := range map[string]struct{ file, body string }{
		"a bomb":              {"b.xlsx", book(map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + blanks + "</sheetData></worksheet>"})},
		"a bomb of texts":     {"b.xlsx", book(map[string]string{"xl/sharedStrings.xml": "<sst>" + blanks + "</sst>"})},
		"a bomb in a bomb":    {"b.xlsx", book(map[string]string{"xl/inner.xlsx": inner, "xl/worksheets/sheet1.xml": inner})},
		"an archive":          {"b.zip", zipped(t, map[string]string{"a.csv": "1,2"})},
		"entities":            {"b.xlsx", book(map[string]string{"xl/workbook.xml": entities + bookX})},
		"entities in a sheet": {"b.xlsx", book(map[string]string{"xl/worksheets/sheet1.xml": entities + "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"})},
		"names that climb":    {"b.xlsx", zipped(t, map[string]string{"../../../../tmp/undercity-climbed": "x", "/etc/undercity-climbed": "x", `..\..\climbed`: "x"})},
		"a link":              {"b.xlsx", book(map[string]string{"xl/worksheets/sheet1.xml@": "/etc/passwd"})},
		"a program":           {"b.csv", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x13\xfe\xff", 5000)},
		"a page":              {"b.csv", "<!doctype html><script>alert(1)</script>"},
		"half a book":         {"b.xlsx", book(nil)[:300]},
	} {
		j := c.finished(c.upload("admin", map[string]string{"crs": "EPSG:4549"}, map[string]string{f.file: f.body}))
		if j.State != "failed" || j.Problem == nil || j.Problem.Status != http.StatusUnprocessableEntity || !strings.Contains(j.Problem.Detail, f.file[:2]) {
			t.Errorf("%s: %+v %+v", name, j, j.Problem)
		}
	}
	if c.twin.Snapshot().Len() != 0 {
		t.Error("something was imported")
	}
	left, err := filepath.Glob(filepath.Join(scratch, "upload-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	for _, p := range []string{"/tmp/undercity-climbed", "/etc/undercity-climbed", filepath.Join(scratch, "climbed")} {
		if _, err := os.Stat(p); err == nil {
			t.Errorf("%s was written", p)
		}
	}
}

// TestUploadNames shows names of files without what leads elsewhere, and hides or turns what is shown.
func TestUploadNames(t *testing.T) {
	c := newCity(t, 0)
	for name, want := range map[string]string{
		"../../etc/passwd.csv": "passwd.csv", `C:\data\a.csv`: "a.csv", "a\u202ecsv.exe": "acsv.exe", "a\u200b.csv": "a.csv", "": "file", "..": "file", "/": "file",
		strings.Repeat("x", 300) + ".csv": strings.Repeat("x", 60) + "…" + strings.Repeat("x", 56) + ".csv", "管线点.csv": "管线点.csv",
	} {
		if name == "" {
			continue // a part without a name is no file
		}
		var j struct{ Files []string }
		up := c.upload("admin", map[string]string{"crs": "EPSG:4549", "dryRun": "true"}, map[string]string{name: "1,2,3\n"})
		if up.status != http.StatusAccepted {
			t.Errorf("%q: %d %s", name, up.status, up.body)
			continue
		}
		var at struct{ URL string }
		up.json(t, &at)
		c.do(request{path: at.URL, as: "admin"}).json(t, &j)
		if len(j.Files) != 1 || j.Files[0] != want {
			t.Errorf("%q is shown as %q, want %q", name, j.Files, want)
		}
	}
	// A report of refused rows is opened in a spreadsheet.
	j := c.finished(c.upload("admin", map[string]string{"crs": "EPSG:4549"}, map[string]string{"JSPOINT.csv": points, "JSLINE.csv": "起点点号,终点点号,起点埋深,终点埋深,管径,材质\n1,\"=HYPERLINK(\"\"http://evil\"\")\",1.2,1.3,300,铸铁\n"}))
	rows, err := csv.NewReader(bytes.NewReader(c.do(request{path: "/api/v1/imports/" + j.ID + "/report.csv", as: "admin"}).body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][3] != `'=HYPERLINK("http://evil")` {
		t.Errorf("%v %v", rows, err)
	}
	var many bytes.Buffer
	for i := range 200 {
		fmt.Fprintf(&many, "--x\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\n1\r\n", i)
	}
	many.WriteString("--x--\r\n")
	if a := c.do(request{method: http.MethodPost, path: "/api/v1/imports", as: "admin", body: many.String(), headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}}); a.status != http.StatusBadRequest {
		t.Errorf("200 parts: %d", a.status)
	}
}

// TestLeftUploads removes what a server that was killed left of its uploads.
func TestLeftUploads(t *testing.T) {
	old := ""
	newCityWith(t, 0, func(o *server.Options) {
		old = filepath.Join(o.Scratch, "upload-123")
		if err := os.MkdirAll(filepath.Join(old, "deep"), 0o700); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := os.Stat(old); err == nil {
		t.Error("it is still there")
	}
}
