// Package draw turns assets of a snapshot into the contents of tiles: straight pipes, lids, shafts and whatever else stands many times as instances, the
// rest as meshes. Whatever it knows of an asset by its ID is in the table of the content alone.
//
// Contents draw structures with fewer of their small things than models do: the rungs of a chamber are in its model and in cut-outs alone, and there walls
// are cut open at pipes, shafts and passages, while contents, in which chambers of one make share one shape, have a collar around the pipe,
// which runs on to the middle of the chamber: where it ends would depend on the chamber, so that a content would have to be made anew, and
// tagged anew, with each change of a chamber that it does not hold, and both ends of each of its pipes be looked up. A structure that is too much for a
// content (structureRoom) has some of its walls as boxes there and fewer of its small things; its model has all.
package draw

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/glb"
	"github.com/undercity/undercity/tiles/likeness"
	"github.com/undercity/undercity/tiles/local"
	"github.com/undercity/undercity/twin"
)

// drawing is an asset decoded once for its content.
type drawing struct {
	rec    twin.Record
	axis   []geometry.Point
	drawn  geometry.Section
	row    glb.Row
	hatch  int
	plain  bool
	stands *likeness.Shape // of what stands at a node, nil of anything else
	foot   geometry.Point
}

// Content builds the GLB of some assets, in an order of their own so that equal contents have equal bytes: plain pipes first, then by ID.
func Content(s *twin.Snapshot, handles []twin.Handle, layer string, axes bool) ([]byte, error) {
	list := decode(s, handles)
	box := geometry.EmptyBox()
	straight := 0
	for i := range list {
		for _, p := range list[i].axis {
			box = box.Add(p)
		}
		if list[i].plain {
			straight++
		}
	}
	b := builders.Get().(*builder)
	defer builders.Put(b)
	b.reset(local.NewPlace(s.Frame(), box), axes)
	b.table.Grow(len(list))
	b.units[glb.UnitPipe][0][stancePlain].Grow(straight)
	for _, first := range [...]bool{true, false} {
		for i := range list {
			if list[i].plain == first {
				b.add(&list[i])
			}
		}
	}
	b.drawRepeats()
	n, _ := s.Catalog().Network(layer)
	return b.glb(Linear(n.ColourDark))
}

// decode reads the assets in order of ID.
func decode(s *twin.Snapshot, handles []twin.Handle) []drawing {
	order := byID(s, handles)
	list := make([]drawing, len(order))
	for i := range order {
		list[i].rec = order[i].rec
	}
	points := make([]geometry.Point, 0, 2*len(list))
	cat := s.Catalog()
	known := likeness.Standing{}
	var a twin.Asset
	for i := range list {
		d := &list[i]
		from := len(points)
		points, d.drawn = d.rec.DrawingOf(&a, points)
		if d.rec.Kind().IsLine() && d.rec.Structure() == nil {
			points = cutLong(points, from)
		}
		if len(points)-from > mostVertices {
			points = append(points[:from], simplified(points[from:])...)
		}
		d.axis = points[from:len(points):len(points)]
		d.hatch = Hatch(d.rec)
		d.plain = d.isPlain()
		d.row = rowOf(cat, d.rec, &a)
		if a.Kind == twin.KindNode {
			d.stands, d.foot = known.At(cat, &a, d.axis[0])
		}
	}
	return list
}

// keyed is a record with the beginning of its ID as numbers, so that most comparisons look at these alone.
type keyed struct {
	high, low uint64
	rec       twin.Record
}

// byID sorts assets by ID. Mostly that is the order of their handles too, which is quickly made, and a list in order is quickly sorted.
func byID(s *twin.Snapshot, handles []twin.Handle) []keyed {
	list := make([]keyed, len(handles))
	id := make([]byte, 0, 64)
	handles = slices.Clone(handles)
	slices.Sort(handles)
	for i, h := range handles {
		r := s.Record(h)
		id = append(r.AppendID(id[:0]), make([]byte, 16)...)
		list[i] = keyed{binary.BigEndian.Uint64(id), binary.BigEndian.Uint64(id[8:]), r}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		switch {
		case a.high != b.high:
			return cmp.Compare(a.high, b.high)
		case a.low != b.low:
			return cmp.Compare(a.low, b.low)
		}
		return a.rec.CompareID(b.rec)
	})
	return list
}

// Linear turns "#3DA5FF" into linear red, green and blue.
func Linear(s string) [3]float64 {
	v, err := strconv.ParseUint(s[min(1, len(s)):], 16, 32)
	if err != nil {
		v = 0x9f9f9f
	}
	var c [3]float64
	for i := range c {
		x := float64(v>>(16-8*i)&255) / 255
		if c[i] = x / 12.92; x > 0.04045 {
			c[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
		c[i] = math.Round(c[i]*1e4) / 1e4
	}
	return c
}
