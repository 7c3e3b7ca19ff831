package formats_test

import (
	"strconv"
	"testing"

	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
)

// TestProgressMoves: in every format an import tells how far it is while it reads, never goes back, and ends at the whole.
func TestProgressMoves(t *testing.T) {
	n := net{}
	for i := range 5000 {
		n.nodes = append(n.nodes, netNode{"N" + itoa(i), itoa(500000 + 7*(i%70)), itoa(4150000 + 9*(i/70)), "38.25"})
		if i > 0 {
			n.links = append(n.links, netLink{"L" + itoa(i), "N" + itoa(i-1), "N" + itoa(i)})
		}
	}
	for format, write := range hands {
		t.Run(format, func(t *testing.T) {
			var told []formats.Progress
			o := formats.Options{CRS: formatstest.CRS(t, "EPSG:4549"), Progress: func(p formats.Progress) { told = append(told, p) }}
			if _, err := formats.Import(t.Context(), formatstest.Twin(t), everyReader, filesOf(write(t, n)), o); err != nil {
				t.Fatal(err)
			}
			steps := 4
			if format == "cjj61 book" {
				steps = 2 // how long it is unpacked is a guess
			}
			reading, stages := map[int]bool{}, map[string]bool{}
			last := formats.Progress{}
			for _, p := range told {
				if p.Done < last.Done || p.Rows < last.Rows {
					t.Fatalf("from %+v back to %+v", last, p)
				}
				if p.Stage == "reading" {
					reading[int(p.Done*100)] = true
				}
				stages[p.Stage], last = true, p
			}
			if last.Done != 1 || last.Rows != 9999 || len(reading) < steps || len(stages) != 4 {
				t.Errorf("told %d times, %d steps of reading, stages %v, last %+v", len(told), len(reading), stages, last)
			}
		})
	}
}

func itoa(i int) string { return strconv.Itoa(i) }
