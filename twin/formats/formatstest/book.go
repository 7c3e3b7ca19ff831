package formatstest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"testing"
)

// Sheet is one sheet of a book.
type Sheet struct {
	Name   string
	Rows   iter.Seq[[]string]
	Merged []string // areas of merged cells, such as A1:C1
}

// Book is an .xlsx book of rows held in memory.
func Book(t testing.TB, sheets ...Sheet) string {
	t.Helper()
	var b bytes.Buffer
	WriteBook(t, &b, sheets...)
	return b.String()
}

// Rows are the rows of a sheet.
func Rows(rows ...[]string) iter.Seq[[]string] { return slices.Values(rows) }

const (
	bookNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	bookRel  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	relsNS   = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	xmlFirst = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// WriteBook writes an .xlsx book as spreadsheets do: numbers as numbers, words as inline text, empty cells left out.
func WriteBook(t testing.TB, w io.Writer, sheets ...Sheet) {
	t.Helper()
	z := zip.NewWriter(w)
	add := func(name, format string, args ...any) {
		p, err := z.Create(name)
		if err == nil {
			_, err = fmt.Fprintf(p, xmlFirst+format, args...)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)
	add("_rels/.rels", `<Relationships %s><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`, relsNS, bookRel)
	add("xl/styles.xml", `<styleSheet %s/>`, bookNS)
	var names, rels string
	for i, s := range sheets {
		names += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(s.Name), i+1, i+1)
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, bookRel, i+1)
	}
	add("xl/workbook.xml", `<workbook %s xmlns:r="%s"><sheets>%s</sheets></workbook>`, bookNS, bookRel, names)
	add("xl/_rels/workbook.xml.rels", `<Relationships %s>%s</Relationships>`, relsNS, rels)
	for i, s := range sheets {
		p, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		if err == nil {
			err = writeSheet(p, s)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func writeSheet(w io.Writer, s Sheet) error {
	if _, err := fmt.Fprintf(w, `%s<worksheet %s><sheetData>`, xmlFirst, bookNS); err != nil {
		return err
	}
	var b bytes.Buffer
	n := 0
	for cells := range s.Rows {
		n++
		fmt.Fprintf(&b, `<row r="%d">`, n)
		for c, v := range cells {
			if v == "" {
				continue
			}
			if _, err := strconv.ParseFloat(v, 64); err == nil && v != "NaN" {
				fmt.Fprintf(&b, `<c r="%c%d"><v>%s</v></c>`, 'A'+c, n, v)
			} else {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+c, n, escaped(v))
			}
		}
		b.WriteString("</row>")
		if b.Len() > 1<<16 {
			if _, err := b.WriteTo(w); err != nil {
				return err
			}
		}
	}
	b.WriteString("</sheetData>")
	if len(s.Merged) > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, len(s.Merged))
		for _, m := range s.Merged {
			fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, m)
		}
		b.WriteString("</mergeCells>")
	}
	b.WriteString("</worksheet>")
	_, err := b.WriteTo(w)
	return err
}

func escaped(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}
