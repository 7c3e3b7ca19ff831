package cjj61_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// part is one file of a book made by hand.
type part struct{ name, text string }

const (
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relNS    = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relType  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	xmlStart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// archive packs parts.
func archive(t testing.TB, parts ...part) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// frameOf is the parts of a book around its sheets: names[i] is that of sheet i+1, with more attributes behind a bar.
func frameOf(names ...string) []part {
	var sheets, rels string
	for i, n := range names {
		n, more, _ := strings.Cut(n, "|")
		sheets += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d" %s/>`, n, i+1, i+1, more)
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relType, i+1)
	}
	rels += `<Relationship Id="rIdS" Type="` + relType + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rIdT" Type="` + relType + `styles" Target="styles.xml"/>`
	return []part{
		{"[Content_Types].xml", xmlStart + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"_rels/.rels", xmlStart + `<Relationships ` + relNS + `><Relationship Id="rId1" Type="` + relType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlStart + `<workbook ` + mainNS + `><workbookPr/><sheets>` + sheets + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlStart + `<Relationships ` + relNS + `>` + rels + `</Relationships>`},
	}
}

func sheetXML(data string) string {
	return xmlStart + `<worksheet ` + mainNS + `><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" width="9"/></cols><sheetData>` + data + `</sheetData><mergeCells count="1"><mergeCell ref="A1:F1"/></mergeCells></worksheet>`
}

// inline is rows of inline text, with or without the names of rows and cells.
func inline(text string, named bool) string {
	var b strings.Builder
	for r, l := range strings.Split(strings.TrimSpace(text), "\n") {
		if named {
			fmt.Fprintf(&b, `<row r="%d">`, r+1)
		} else {
			b.WriteString("<row>")
		}
		for c, v := range strings.Split(l, ",") {
			if named {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t xml:space="preserve"> %s</t></is></c>`, 'A'+c, r+1, v)
			} else {
				fmt.Fprintf(&b, `<c t="str"><v>%s</v></c>`, v)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}

// TestForeignBooks reads the same survey from books as other programs write them.
func TestForeignBooks(t *testing.T) {
	pair := func(names ...string) []part { return frameOf(names...) }
	two := func(p, l string) []part {
		return append(pair("WSPOINT", "WSLINE"), part{"xl/worksheets/sheet1.xml", p}, part{"xl/worksheets/sheet2.xml", l})
	}
	prefixed := strings.NewReplacer("<row", "<x:row", "</row", "</x:row", "<c ", "<x:c ", "</c>", "</x:c>", "<v>", "<x:v>", "</v>", "</x:v>")
	backslash := func(list []part) []part {
		for i := range list {
			list[i].name = strings.ReplaceAll(list[i].name, "/", `\`)
		}
		return list
	}
	office := append(pair("说明", "WS_POINT", "旧点表|state=\"hidden\"", "污水线表"), officeParts()...)
	for name, book := range map[string]string{
		"inline text":      archive(t, two(sheetXML(inline(points, true)), sheetXML(inline(lines, true)))...),
		"unnamed cells":    archive(t, two(sheetXML(inline(points, false)), sheetXML(inline(lines, false)))...),
		"prefixed tags":    archive(t, two(prefixed.Replace(sheetXML(inline(points, false))), sheetXML(inline(lines, true)))...),
		"backslash names":  archive(t, backslash(two(sheetXML(inline(points, true)), sheetXML(inline(lines, true))))...),
		"strict":           strictBook(t),
		"office":           archive(t, office...),
		"excelize, stream": streamed(t),
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("survey.xlsx", book))
			if err != nil {
				t.Fatalf("%v, %v", err, rep.Refused)
			}
			if rep.Created != 3 {
				t.Errorf("created %d", rep.Created)
			}
			check(t, tw)
		})
	}
}

func strictBook(t *testing.T) string {
	list := append(frameOf("WSPOINT", "WSLINE"), part{"xl/worksheets/sheet1.xml", sheetXML(inline(points, true))}, part{"xl/worksheets/sheet2.xml", sheetXML(inline(lines, true))})
	for i := range list {
		list[i].text = strings.NewReplacer("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main").Replace(list[i].text)
	}
	return archive(t, list...)
}

// officeParts are sheets as Excel, LibreOffice and WPS keep them: shared and rich text, formulas with their values, numbers for ids and with
// binary rounding, styled empty cells, a title over merged cells, a hidden sheet.
func officeParts() []part {
	shared := xmlStart + `<sst ` + mainNS + ` count="4000000000" uniqueCount="-5"><si><t>污水管点成果表</t></si><si><t>物探点号</t></si>` +
		`<si><r><rPr><b/><sz val="11"/></rPr><t>X</t></r><r><t xml:space="preserve">坐标 </t></r><r><t>(m)</t></r><rPh sb="0" eb="1"><t>zuobiao</t></rPh></si>` +
		`<si><t>Y坐标(m)</t></si><si><t>地面高程(m)</t></si><si><t>附属物</t></si><si><t>井底埋深</t></si><si><t>检查井</t></si><si><t/></si><si><t>WS1</t></si><si><t><![CDATA[WS2]]></t></si>` +
		`<si><t>混凝土</t></si><si><t>人民路</t></si></sst>`
	styles := xmlStart + `<styleSheet ` + mainNS + `><numFmts count="2"><numFmt numFmtId="176" formatCode="0.000_ ;[Red]\-0.000\ "/><numFmt numFmtId="177" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>` +
		`<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>`
	pts := `<row r="1" ht="20" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1" s="1"/></row>` +
		`<row r="3" spans="1:6"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="s"><v>3</v></c><c r="D3" t="s"><v>4</v></c><c r="E3" t="s"><v>5</v></c><c r="F3" t="s"><v>6</v></c></row>` +
		`<row r="4"><c r="A4" t="s"><v>9</v></c><c r="B4" s="1"><v>3459000.1250000001</v></c><c r="C4" s="1"><f>C5-30</f><v>500100.25</v></c><c r="D4"><v>38.122999999999998</v></c><c r="E4" t="s"><v>7</v></c><c r="F4"><v>3.0</v></c></row>` +
		`<row r="5"><c r="A5" t="s"><v>10</v></c><c r="B5"><v>3.459040125E6</v></c><c r="C5" t="str"><f>"500130"&amp;".25"</f><v>500130.25</v></c><c r="D5"><v>38.5</v></c><c r="E5" t="s"><v>8</v></c></row>`
	for i := 6; i < 400; i++ {
		pts += fmt.Sprintf(`<row r="%d" hidden="1"><c r="A%d" s="1"/><c r="XFD%d" s="2"/></row>`, i, i, i)
	}
	lns := strings.NewReplacer("<v>H1</v>", `<v>1</v>`).Replace(inline("起点点号,终点点号,起点埋深,终点埋深,管径,材质,道路名称,建设年代", true)) +
		`<row r="2"><c r="A2" t="s"><v>9</v></c><c r="B2" t="s"><v>10</v></c><c r="C2"><v>2.3450000000000002</v></c><c r="D2"><v>2.801</v></c><c r="E2"><v>300</v></c><c r="F2" t="s"><v>11</v></c><c r="G2" t="s"><v>12</v></c><c r="H2" s="2"><v>40179</v></c></row>`
	return []part{
		{"xl/sharedStrings.xml", shared}, {"xl/styles.xml", styles},
		{"xl/worksheets/sheet1.xml", sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>本表由某某单位提供</t></is></c></row>`)},
		{"xl/worksheets/sheet2.xml", sheetXML(pts)},
		{"xl/worksheets/sheet3.xml", sheetXML(inline(points, true))},
		{"xl/worksheets/sheet4.xml", sheetXML(lns)},
	}
}

// streamed is a book of excelize's StreamWriter.
func streamed(t *testing.T) string {
	x := excelize.NewFile()
	for _, s := range []struct{ name, text string }{{"WSPOINT", points}, {"WSLINE", lines}} {
		if _, err := x.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		w, err := x.NewStreamWriter(s.name)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range strings.Split(strings.TrimSpace(s.text), "\n") {
			var row []any
			for _, c := range strings.Split(l, ",") {
				row = append(row, c)
			}
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCellValues reads cells as a person sees them.
func TestCellValues(t *testing.T) {
	styles := xmlStart + `<styleSheet ` + mainNS + `><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="4"/></cellXfs></styleSheet>`
	for i, c := range []struct{ cell, want string }{
		{`<c r="D2"><v>1001</v></c>`, "1001"},
		{`<c r="D2"><v>1001.0</v></c>`, "1001"},
		{`<c r="D2" t="n"><v>1.001E3</v></c>`, "1001"},
		{`<c r="D2"><v>38517052.123000003</v></c>`, "38517052.123"},
		{`<c r="D2"><v>0.30000000000000004</v></c>`, "0.3"},
		{`<c r="D2" s="1"><v>40179</v></c>`, "2010-01-01"},
		{`<c r="D2" s="2"><v>40179.75</v></c>`, "2010-01-01"},
		{`<c r="D2" s="3"><v>40179</v></c>`, "40179"},
		{`<c r="D2" t="d"><v>2010-01-01</v></c>`, "2010-01-01"},
		{`<c r="D2" t="b"><v>1</v></c>`, "TRUE"},
		{`<c r="D2" t="e"><v>#N/A</v></c>`, "#N/A"},
		{`<c r="D2" t="str"><f>A&amp;B</f><v>a&lt;&#26032;&#x65B0;&amp;_x000D_b_x</v></c>`, "a<新新&\rb_x"},
		{`<c r="D2" t="inlineStr"><is><r><t>富</t></r><r><rPr/><t xml:space="preserve">文本 </t></r><rPh><t>x</t></rPh></is></c>`, "富文本"},
		{`<c r="D2" t="str"><v>'0012</v></c>`, "0012"},
	} {
		row := inline("物探点号,X,Y,自用", true) + `<row r="2"><c r="A2"><v>1001.0</v></c><c r="B2"><v>3459000</v></c><c r="C2"><v>500100</v></c>` + c.cell + `</row>`
		tw := formatstest.Twin(t)
		list := append(frameOf("JS_POINT"), part{"xl/worksheets/sheet1.xml", sheetXML(row)}, part{"xl/styles.xml", styles})
		if _, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("a.xlsx", archive(t, list...))); err != nil {
			t.Errorf("%d: %v", i, err)
			continue
		}
		a, ok := tw.Snapshot().Get("JS-1001")
		if !ok {
			t.Errorf("%d: the point is not there", i)
			continue
		}
		if v, _ := a.Attr("自用"); v != c.want {
			t.Errorf("%s gives %q, want %q", c.cell, v, c.want)
		}
	}
}

// TestFormulaWithoutResult: programs that do not reckon write formulas without results. Such a cell is not empty, and not unknown.
func TestFormulaWithoutResult(t *testing.T) {
	head := inline("物探点号,X,Y,地面高程,自用", true) + `<row r="2"><c r="A2"><v>1001</v></c><c r="B2"><v>3459000</v></c><c r="C2"><v>500100</v></c>`
	for name, c := range map[string]struct{ cells, want string }{
		"openpyxl":            {`<c r="D2"><f>B2-C2&amp;1</f><v></v></c></row>`, `a.xlsx [JS_POINT], line 2, 地面高程 "=B2-C2&1": the book holds a formula here without its result`},
		"no value":            {`<c r="D2" t="str"><f>B2-C2</f></c></row>`, `地面高程 "=B2-C2": the book holds`},
		"shared":              {`<c r="D2"><f t="shared" si="0"/></c></row>`, `地面高程 "=": the book holds`},
		"an empty text":       {`<c r="D2" t="str"><f>IF(A2=0,1,"")</f><v></v></c></row>`, ""},
		"a result":            {`<c r="D2"><f>30+8</f><v>38</v></c></row>`, ""},
		"a column of nothing": {`<c r="E2"><f>30+8</f></c></row>`, ""},
		"a row of nothing":    {`</row><row r="3"><c r="A3"><f>A2+1</f></c><c r="B3"><f>B2+1</f></c></row>`, ""},
	} {
		tw := formatstest.Twin(t)
		list := append(frameOf("JS_POINT"), part{"xl/worksheets/sheet1.xml", sheetXML(head + c.cells)})
		rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("a.xlsx", archive(t, list...)))
		switch {
		case c.want == "" && (err != nil || rep.Created != 1):
			t.Errorf("%s: %v, %d created", name, err, rep.Created)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v\nwant %s", name, err, c.want)
		}
		if a, ok := tw.Snapshot().Get("JS-1001"); ok && len(a.Attributes) > 0 {
			t.Errorf("%s: attributes %v", name, a.Attributes)
		}
	}
}

// TestAllNetworksInOneBook reads pairs of sheets named in the ways of cities.
func TestAllNetworksInOneBook(t *testing.T) {
	names := []string{"JSPOINT", "JSLINE", "燃气点", "燃气线", "通信管点成果表", "通信管线成果表", "P_DL", "L_DL", "热力", "热力管线"}
	codes := []string{"JS", "RQ", "TX", "DL", "RL"}
	list := frameOf(names...)
	for i := range names {
		text := "物探点号,X,Y\n1001,3459000,500100\n1002,3459050,500100\n"
		if i%2 == 1 {
			text = "起点点号,终点点号,管径\n1001,1002,200\n"
		}
		list = append(list, part{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), sheetXML(inline(text, true))})
	}
	tw := formatstest.Twin(t)
	rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("全市.xlsx", archive(t, list...)))
	if err != nil {
		t.Fatalf("%v, %v", err, rep.Refused)
	}
	for _, c := range codes {
		if _, ok := tw.Snapshot().Get(c + "-1001~1002"); !ok {
			t.Errorf("%s is missing", c)
		}
	}
	if rep.Created != 15 {
		t.Errorf("created %d", rep.Created)
	}
}

// TestHostileBooks answers each with one sentence, and changes nothing.
func TestHostileBooks(t *testing.T) {
	good := append(frameOf("WSPOINT", "WSLINE"), part{"xl/worksheets/sheet1.xml", sheetXML(inline(points, true))}, part{"xl/worksheets/sheet2.xml", sheetXML(inline(lines, true))})
	with := func(name, text string) string {
		list := append([]part{}, good...)
		for i := range list {
			if list[i].name == name {
				list[i].text = text
				return archive(t, list...)
			}
		}
		return archive(t, append(list, part{name, text})...)
	}
	whole := archive(t, good...)
	entities := `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`
	first := sheetXML(inline(points, true))
	for name, c := range map[string]struct{ file, want string }{
		"truncated":            {whole[:len(whole)/2], "is not a whole .xlsx book"},
		"old book":             {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "before 2007"},
		"another archive":      {archive(t, part{"xl/readme.txt", "nothing"}), "is an archive, but no .xlsx book"},
		"no survey":            {archive(t, append(frameOf("Sheet1"), part{"xl/worksheets/sheet1.xml", sheetXML(inline("姓名,电话\n张三,1", true))})...), "has no header"},
		"only a hidden one":    {archive(t, append(frameOf(`WSPOINT|state="veryHidden"`), part{"xl/worksheets/sheet1.xml", first})...), "hidden"},
		"bomb":                 {with("xl/worksheets/sheet1.xml", first[:len(first)-10]+strings.Repeat(" ", 80<<20)), "which no table does"},
		"missing part":         {archive(t, frameOf("WSPOINT", "WSLINE")...), "is missing"},
		"path out of it":       {with("xl/_rels/workbook.xml.rels", strings.Replace(good[3].text, "worksheets/sheet1.xml", "../../../../etc/passwd", 1)), `its part "etc/passwd" is missing`},
		"entities in a sheet":  {with("xl/worksheets/sheet1.xml", xmlStart+entities+first[len(xmlStart):]), "survey.xlsx [WSPOINT], row 1: the sheet cannot be read: it declares a document type"},
		"entities in the book": {with("xl/workbook.xml", xmlStart+entities+good[2].text[len(xmlStart):]), "document type"},
		"sheet cut off":        {with("xl/worksheets/sheet1.xml", first[:strings.Index(first, "500130")]), "survey.xlsx [WSPOINT], row 3: the sheet cannot be read: it ends in the middle"},
		"sheet without end":    {with("xl/worksheets/sheet1.xml", first[:strings.Index(first, "</sheetData>")]), "survey.xlsx [WSPOINT], row 4: the sheet cannot be read: it ends in the middle"},
		"wrong row":            {with("xl/worksheets/sheet1.xml", strings.Replace(first, `<row r="2"`, `<row r="99999999"`, 1)), "not the number of a row"},
		"wrong cell":           {with("xl/worksheets/sheet1.xml", strings.Replace(first, `r="A2"`, `r="ZZZZZZZZ2"`, 1)), "not the name of a cell"},
		"shared text missing":  {with("xl/worksheets/sheet1.xml", strings.Replace(first, `<row r="2">`, `<row r="2"><c r="H2" t="s"><v>7</v></c>`, 1)), "shared text"},
		"long cell":            {with("xl/worksheets/sheet1.xml", strings.Replace(first, "WS1", strings.Repeat("9", 1_000_000), 1)), "row 2: the sheet cannot be read: a text or a tag is longer"},
		"deep":                 {with("xl/worksheets/sheet1.xml", strings.Replace(first, "<sheetData>", strings.Repeat("<a>", 1000), 1)), "tags do not match"},
		"many sheets":          {archive(t, frameOf(strings.Split(strings.Repeat("s,", 600), ",")...)...), "sheets, more than 500"},
		"not XML":              {with("xl/workbook.xml", "\x00\x01\x02"), "xl/workbook.xml"},
		"number as text":       {with("xl/worksheets/sheet1.xml", strings.Replace(first, "500130.250", "#REF!", 1)), `survey.xlsx [WSPOINT], line 3, Y坐标(m) "#REF!"`},
	} {
		t.Run(name, func(t *testing.T) {
			tw := formatstest.Twin(t)
			rep, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("survey.xlsx", c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "survey.xlsx") {
				t.Fatalf("want %q, got %v", c.want, err)
			}
			if twin.KindOf(err) != twin.Invalid || strings.Contains(err.Error(), "\n") || tw.Snapshot().Len() != 0 {
				t.Errorf("%v, %v", err, rep)
			}
		})
	}
}

// TestDateSystems reads days that are counted from 1904.
func TestDateSystems(t *testing.T) {
	for from1904, want := range map[string]int{`date1904="1"`: 2014, `date1904="false"`: 2010} {
		list := append(frameOf("WSPOINT", "WSLINE"), officeParts()...)
		list[2].text = strings.Replace(list[2].text, "<workbookPr/>", "<workbookPr "+from1904+"/>", 1)
		list[2].text = strings.Replace(strings.Replace(list[2].text, `r:id="rId1"`, `r:id="rId9"`, 1), `r:id="rId2"`, `r:id="rId4"`, 1)
		list[3].text = strings.Replace(list[3].text, `rId1"`, `rId7"`, 1)
		list[3].text = strings.Replace(list[3].text, `</Relationships>`, `<Relationship Id="rId9" Type="`+relType+`worksheet" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="rId4" Type="`+relType+`worksheet" Target="worksheets/sheet4.xml"/></Relationships>`, 1)
		tw := formatstest.Twin(t)
		if _, err := load(t, tw, formats.Options{CRS: formatstest.CRS(t, "EPSG:4547")}, formatstest.File("survey.xlsx", archive(t, list...))); err != nil {
			t.Fatal(err)
		}
		a, ok := tw.Snapshot().Get("WS-WS1~WS2")
		if !ok || a.ValidFrom.Year() != want || math.Abs(a.Invert(0)-35.778) > 5e-4 {
			t.Errorf("%s: %+v", from1904, a)
		}
	}
}
