package glb

import (
	"encoding/json"
	"math"
)

// Table holds one row a feature, as columns of EXT_structural_metadata.
type Table struct {
	count    int
	ids      []byte
	offsets  []uint32
	kind     []uint8
	diameter []uint16 // millimetres
	cover    []int16  // centimetres
	material []uint8
	year     []uint16
	status   []uint8
	quality  []uint8
	assumed  []uint16
}

// Values that stand for "not known" in columns of numbers.
const (
	NoDiameter = math.MaxUint16
	NoCover    = math.MinInt16
)

// Grow makes room for n rows.
func (t *Table) Grow(n int) {
	t.ids, t.offsets = make([]byte, 0, 12*n), make([]uint32, 0, n+1)
	t.kind, t.status, t.quality = make([]uint8, 0, n), make([]uint8, 0, n), make([]uint8, 0, n)
	t.material, t.year = make([]uint8, 0, n), make([]uint16, 0, n)
	t.diameter, t.cover, t.assumed = make([]uint16, 0, n), make([]int16, 0, n), make([]uint16, 0, n)
}

// Row is the row of a feature, beside its ID. What is not known is NoDiameter, NoCover, and 0 as a material or year.
type Row struct {
	Kind     uint8
	Diameter uint16 // millimetres
	Cover    int16  // centimetres
	Material uint8  // its number in the catalog
	Year     uint16
	Status   uint8
	Quality  uint8
	Assumed  uint16
}

// Reset empties the table.
func (t *Table) Reset() { t.count = 0 }

// Add appends a row, with the ID of its asset, and returns its feature ID.
func (t *Table) Add(r *Row, id []byte) int {
	if t.count == 0 {
		t.offsets = append(t.offsets[:0], 0)
	}
	t.ids = append(t.ids, id...)
	t.offsets = append(t.offsets, uint32(len(t.ids)))
	t.kind = append(t.kind, r.Kind)
	t.diameter = append(t.diameter, r.Diameter)
	t.cover = append(t.cover, r.Cover)
	t.material = append(t.material, r.Material)
	t.year = append(t.year, r.Year)
	t.status = append(t.status, r.Status)
	t.quality = append(t.quality, r.Quality)
	t.assumed = append(t.assumed, r.Assumed)
	t.count++
	return t.count - 1
}

// assetSchema is the schema of the property table, the same in every content and therefore short. diameter is the clear width and cover the least cover:
// metres once a client has applied the scale, in steps of a millimetre and a centimetre; kind, status and quality count in the order of the twin's names;
// material is 0 where it is not known, else one more than its place in the catalog's list, 255 for what the list does not have; installed is a year; assumed
// has one bit a value.
var assetSchema = json.RawMessage(`{"id":"undercity","classes":{"asset":{"properties":{"id":{"type":"STRING","required":true},` +
	`"kind":{"type":"SCALAR","componentType":"UINT8","required":true},` +
	`"diameter":{"type":"SCALAR","componentType":"UINT16","normalized":true,"scale":65.535,"noData":65535},` +
	`"cover":{"type":"SCALAR","componentType":"INT16","normalized":true,"scale":327.67,"noData":-32768},` +
	`"material":{"type":"SCALAR","componentType":"UINT8","noData":0},` +
	`"installed":{"type":"SCALAR","componentType":"UINT16","noData":0},` +
	`"status":{"type":"SCALAR","componentType":"UINT8","required":true},` +
	`"quality":{"type":"SCALAR","componentType":"UINT8","required":true},` +
	`"assumed":{"type":"SCALAR","componentType":"UINT16","required":true}}}}}`)

// metadata writes the property table; every column begins at a multiple of 8 bytes. Nothing of it is compressed, so that whoever reads a content for its
// ids needs to know of metadata alone. The offsets are the last of a content (see package compress).
func (w *writer) metadata(t *Table) {
	w.used[extMetadata] = true
	col := func(b []byte) column { return column{w.view(b, 8, 0, 0)} }
	w.last = bytesOf(t.offsets)
	w.doc.Extensions = docExtensions{metadata{Schema: assetSchema, Tables: [1]metadataTable{{Class: "asset", Count: t.count, Properties: tableColumns{
		ID:   stringColumn{Values: w.view(t.ids, 8, 0, 0), Offsets: w.view(nil, 1, 0, 0)},
		Kind: col(t.kind), Diameter: col(bytesOf(t.diameter)), Cover: col(bytesOf(t.cover)), Material: col(t.material), Installed: col(bytesOf(t.year)),
		Status: col(t.status), Quality: col(t.quality), Assumed: col(bytesOf(t.assumed)),
	}}}}}
	w.lastView = w.doc.Extensions.Metadata.Tables[0].Properties.ID.Offsets
}
