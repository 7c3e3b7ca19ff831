package tiles

import (
	"math"

	"github.com/undercity/undercity/twin"
)

// propertyTable holds one row a feature, as columns of EXT_structural_metadata.
type propertyTable struct {
	cat      *twin.Catalog
	count    int
	ids      []byte
	offsets  []uint32
	kind     []uint8
	diameter []float32
	cover    []float32
	status   []uint8
	quality  []uint8
	assumed  []uint16
}

// Values that stand for "not known" in columns of numbers.
const (
	noDiameter = -1
	noCover    = -9999
)

// grow makes room for n rows.
func (t *propertyTable) grow(n int) {
	t.ids, t.offsets = make([]byte, 0, 12*n), make([]uint32, 0, n+1)
	t.kind, t.status, t.quality = make([]uint8, 0, n), make([]uint8, 0, n), make([]uint8, 0, n)
	t.diameter, t.cover, t.assumed = make([]float32, 0, n), make([]float32, 0, n), make([]uint16, 0, n)
}

// columnsOf are the numbers of an asset's row, of what Heights decodes.
func columnsOf(a *twin.Asset) (diameter, cover float32) {
	diameter, cover = noDiameter, noCover
	if a.Section.Known() {
		diameter = float32(a.Section.Width)
	}
	if c := a.MinCover(); !math.IsNaN(c) {
		cover = float32(math.Round(c*1000) / 1000)
	}
	return diameter, cover
}

// add appends the row of an asset and returns its feature ID.
func (t *propertyTable) add(d *drawing) int {
	r := d.rec
	if t.count == 0 {
		t.offsets = append(t.offsets[:0], 0)
	}
	t.ids = r.AppendID(t.ids)
	t.offsets = append(t.offsets, uint32(len(t.ids)))
	t.kind = append(t.kind, uint8(r.Kind()))
	t.diameter = append(t.diameter, d.diameter)
	t.cover = append(t.cover, d.cover)
	t.status = append(t.status, uint8(r.Status()))
	t.quality = append(t.quality, uint8(r.Level()))
	t.assumed = append(t.assumed, uint16(r.Assumed()))
	t.count++
	return t.count - 1
}

// assetSchema is the schema of the property table, the same in every content and therefore short. diameter is the clear width and cover the least cover,
// metres; kind, status and quality count in the order of the twin's names; assumed has one bit a value.
var assetSchema = map[string]any{
	"id": "undercity",
	"classes": map[string]any{"asset": map[string]any{
		"properties": map[string]any{
			"id":       map[string]any{"type": "STRING", "required": true},
			"kind":     map[string]any{"type": "SCALAR", "componentType": "UINT8", "required": true},
			"diameter": map[string]any{"type": "SCALAR", "componentType": "FLOAT32", "noData": noDiameter},
			"cover":    map[string]any{"type": "SCALAR", "componentType": "FLOAT32", "noData": noCover},
			"status":   map[string]any{"type": "SCALAR", "componentType": "UINT8", "required": true},
			"quality":  map[string]any{"type": "SCALAR", "componentType": "UINT8", "required": true},
			"assumed":  map[string]any{"type": "SCALAR", "componentType": "UINT16", "required": true},
		},
	}},
}
