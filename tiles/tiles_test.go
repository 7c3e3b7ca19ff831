package tiles_test

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

func city(t testing.TB, segments int) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := generate.New(generate.Options{Segments: segments})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Load(t.Context(), tw, c); err != nil {
		t.Fatal(err)
	}
	return tw
}

// file is one available tile with its box and error from the subtree.
type file struct {
	address tiles.Address
	box     [12]float64
	err     float64
	content bool
}

// contents lists the tiles that have a content.
func contents(t testing.TB, g *tiles.Generator, v tiles.View) []file {
	t.Helper()
	return slices.DeleteFunc(everyTile(t, g, v), func(f file) bool { return !f.content })
}

// everyTile walks every subtree of every layer, reading them as a client does.
func everyTile(t testing.TB, g *tiles.Generator, v tiles.View) []file {
	t.Helper()
	root, err := g.Root(t.Context(), v, compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Root struct {
			Children []struct{ Content struct{ URI string } }
		}
	}
	if err := json.Unmarshal(root.Body, &doc); err != nil {
		t.Fatal(err)
	}
	var list []file
	for _, c := range doc.Root.Children {
		var layer string
		for i, r := range c.Content.URI {
			if r == '/' {
				layer = c.Content.URI[:i]
				break
			}
		}
		list = append(list, walk(t, g, v, tiles.Address{Layer: layer})...)
	}
	return list
}

type availability struct {
	Constant  *int
	Bitstream *int
}

type subtreeDoc struct {
	BufferViews              []struct{ ByteOffset, ByteLength int }
	TileAvailability         availability
	ContentAvailability      []availability
	ChildSubtreeAvailability availability
	PropertyTables           []struct {
		Properties map[string]struct{ Values int }
	}
}

func walk(t testing.TB, g *tiles.Generator, v tiles.View, a tiles.Address) []file {
	t.Helper()
	ts, err := g.Layer(t.Context(), v, a.Layer, "", compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	var set struct {
		Root struct {
			ImplicitTiling struct{ SubtreeLevels int }
		}
	}
	if err := json.Unmarshal(ts.Body, &set); err != nil {
		t.Fatal(err)
	}
	levels := set.Root.ImplicitTiling.SubtreeLevels
	res, err := g.Subtree(t.Context(), v, a, compress.Identity)
	if err != nil {
		t.Fatal(err)
	}
	b := res.Body
	n := binary.LittleEndian.Uint64(b[8:])
	var doc subtreeDoc
	if err := json.Unmarshal(b[24:24+n], &doc); err != nil {
		t.Fatal(err)
	}
	body := b[24+n:]
	view := func(i int) []byte {
		bv := doc.BufferViews[i]
		return body[bv.ByteOffset : bv.ByteOffset+bv.ByteLength]
	}
	has := func(av availability, bit int) bool {
		if av.Constant != nil {
			return *av.Constant == 1
		}
		return view(*av.Bitstream)[bit/8]&(1<<(bit%8)) != 0
	}
	float := func(col string, i int) float64 {
		return math.Float64frombits(binary.LittleEndian.Uint64(view(doc.PropertyTables[0].Properties[col].Values)[8*i:]))
	}
	var list []file
	row := 0
	place := func(level, m int) tiles.Address {
		x, y := uint32(0), uint32(0)
		for i := range level {
			x |= uint32(m>>(2*i)&1) << i
			y |= uint32(m>>(2*i+1)&1) << i
		}
		return tiles.Address{Layer: a.Layer, Level: a.Level + uint8(level), X: a.X<<level + x, Y: a.Y<<level + y}
	}
	for level := range levels {
		for m := range 1 << (2 * level) {
			bit := (1<<(2*level)-1)/3 + m
			if !has(doc.TileAvailability, bit) {
				continue
			}
			f := file{address: place(level, m), err: float("geometricError", row)}
			for i := range 12 {
				f.box[i] = float("boundingBox", 12*row+i)
			}
			row++
			f.content = has(doc.ContentAvailability[0], bit)
			list = append(list, f)
		}
	}
	for m := range 1 << (2 * levels) {
		if has(doc.ChildSubtreeAvailability, m) {
			list = append(list, walk(t, g, v, place(levels, m))...)
		}
	}
	return list
}

// TestContentsHoldTheCity reads every content and finds every asset in just one, each pipe where it is, everything inside its tile's box.
func TestContentsHoldTheCity(t *testing.T) {
	tw := city(t, 4000)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	seen := map[string]tiles.Address{}
	pieces := 0
	for _, f := range contents(t, g, v) {
		res, err := g.Content(t.Context(), v, f.address, compress.Identity)
		if err != nil {
			t.Fatal(err)
		}
		d := decode(t, res.Body)
		for _, id := range d.ids {
			if old, twice := seen[id]; twice {
				t.Errorf("%s is in %v and %v", id, old, f.address)
			}
			seen[id] = f.address
		}
		pieces += checkPlaces(t, s, d, f)
	}
	checkBoxes(t, everyTile(t, g, v))
	if len(seen) != s.Len() {
		t.Errorf("%d assets in contents, %d in the twin", len(seen), s.Len())
	}
	if pieces < 3000 {
		t.Errorf("only %d pipes were compared", pieces)
	}
}

// checkPlaces compares the instances of straight round pipes with their axes and holds every position against the tile's box.
func checkPlaces(t *testing.T, s *twin.Snapshot, d glb, f file) int {
	t.Helper()
	n := 0
	for _, node := range d.doc.Nodes[1:] {
		vertices := d.verticesOf(t, node)
		list, ok := d.instancesOf(t, node)
		if !ok {
			for _, v := range vertices {
				inside(t, d.ecef(v), f)
			}
			continue
		}
		features := d.features(t, node)
		for i, in := range list {
			for _, v := range vertices {
				inside(t, d.ecef(in.apply(v)), f)
			}
			r, _ := s.Find(d.ids[features[i]])
			axis := r.Axis(nil)
			if r.Kind() != twin.KindSegment || len(axis) != 2 {
				continue
			}
			if length := axis[0].Dist(axis[1]); length > 400 {
				checkPiece(t, s, d, in, r, axis, math.Ceil(length/400))
			} else {
				checkEnds(t, s, d, in, r, axis)
			}
			n++
		}
	}
	return n
}

// checkEnds holds the middle and the ends of a drawn pipe against its axis.
func checkEnds(t *testing.T, s *twin.Snapshot, d glb, in place, r twin.Record, axis []geometry.Point) {
	t.Helper()
	far := func(p [3]float64, want geometry.Point) float64 {
		w, p := s.Frame().ECEF(want), d.ecef(p)
		return math.Sqrt(sq(p[0]-w[0]) + sq(p[1]-w[1]) + sq(p[2]-w[2]))
	}
	if dist := far(in.at, axis[0].Lerp(axis[1], 0.5)); dist > 0.005 {
		t.Errorf("%s is %.4f m from its place", r.ID(), dist)
	}
	a, b := in.apply([3]float64{-1, 0, 0}), in.apply([3]float64{1, 0, 0})
	if dist := min(max(far(a, axis[0]), far(b, axis[1])), max(far(a, axis[1]), far(b, axis[0]))); dist > 0.012 {
		t.Errorf("%s ends %.4f m from where it does", r.ID(), dist)
	}
}

// checkPiece holds a piece, or the joint of two, of a long pipe that is drawn in n pieces against its axis, which follows the curve of the earth.
func checkPiece(t *testing.T, s *twin.Snapshot, d glb, in place, r twin.Record, axis []geometry.Point, n float64) {
	t.Helper()
	p, best := d.ecef(in.at), math.Inf(1)
	for k := range int(2*n) + 1 {
		w := s.Frame().ECEF(axis[0].Lerp(axis[1], float64(k)/2/n))
		best = min(best, math.Sqrt(sq(p[0]-w[0])+sq(p[1]-w[1])+sq(p[2]-w[2])))
	}
	if best > 0.02 {
		t.Errorf("%s has a piece %.4f m from its place", r.ID(), best)
	}
}

func sq(v float64) float64 { return v * v }

func inside(t *testing.T, p [3]float64, f file) {
	t.Helper()
	insideBy(t, p, f, 1e-3)
}

// insideBy allows some metres.
func insideBy(t *testing.T, p [3]float64, f file, metres float64) {
	t.Helper()
	b := f.box
	d := [3]float64{p[0] - b[0], p[1] - b[1], p[2] - b[2]}
	for a := range 3 {
		axis := b[3+3*a : 6+3*a]
		l := math.Sqrt(axis[0]*axis[0] + axis[1]*axis[1] + axis[2]*axis[2])
		if k := math.Abs(d[0]*axis[0]+d[1]*axis[1]+d[2]*axis[2]) / l; k > l+metres {
			t.Errorf("%v: %v lies %.3f m outside the tile's box", f.address, p, k-l)
		}
	}
}

// TestMainsComeFirst holds the levels against what they promise: nothing below a tile is larger than the tile's error says.
func TestMainsComeFirst(t *testing.T) {
	tw := city(t, 4000)
	s := tw.Snapshot()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: s}
	files := contents(t, g, v)
	for _, f := range files {
		for _, k := range files {
			shift := k.address.Level - f.address.Level
			if k.address.Layer != f.address.Layer || k.address.Level <= f.address.Level || k.address.X>>shift != f.address.X || k.address.Y>>shift != f.address.Y {
				continue
			}
			res, err := g.Content(t.Context(), v, k.address, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range decode(t, res.Body).ids {
				if r, _ := s.Find(id); r.Kind() == twin.KindSegment && max(r.Drawn().OuterWidth(), r.Drawn().OuterHeight()) > f.err+1e-9 {
					t.Fatalf("%s of %.3f m lies below %v, whose error is %.3f", id, r.Drawn().OuterWidth(), f.address, f.err)
				}
			}
		}
	}
}

// TestChangeTouchesItsContentsOnly widens, moves, adds and removes one pipe at a time and compares the ETags of everything.
func TestChangeTouchesItsContentsOnly(t *testing.T) {
	tw := city(t, 2000)
	g := tiles.New(tw, tiles.Options{})
	tags := func() map[tiles.Address]string {
		m := map[tiles.Address]string{}
		v := tiles.View{Snapshot: tw.Snapshot()}
		for _, f := range contents(t, g, v) {
			r, err := g.Content(t.Context(), v, f.address, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			m[f.address] = r.ETag
		}
		return m
	}
	holder := func(id string) map[tiles.Address]bool {
		v := tiles.View{Snapshot: tw.Snapshot()}
		m := map[tiles.Address]bool{}
		for _, f := range contents(t, g, v) {
			r, err := g.Content(t.Context(), v, f.address, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(decode(t, r.Body).ids, id) {
				m[f.address] = true
			}
		}
		return m
	}
	const id = "JS-000100"
	edits := []struct {
		name string
		do   func(cs *twin.ChangeSet, a *twin.Asset) error
	}{
		{"wider", func(cs *twin.ChangeSet, a *twin.Asset) error {
			a.Section = geometry.Round(1.4, 0.02)
			return cs.Update(a, a.Version)
		}},
		{"renamed", func(cs *twin.ChangeSet, a *twin.Asset) error {
			a.Status = twin.StatusOutOfUse
			return cs.Update(a, a.Version)
		}},
		{"removed", func(cs *twin.ChangeSet, a *twin.Asset) error { return cs.Remove(a.ID, a.Version) }},
	}
	for _, e := range edits {
		before, held := tags(), holder(id)
		a, _ := tw.Snapshot().Get(id)
		cs := tw.NewChangeSet("t", "")
		if err := e.do(cs, a); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
		after := tags()
		maps.Copy(held, holder(id))
		changed := 0
		for addr := range mergeKeys(before, after) {
			if before[addr] == after[addr] {
				continue
			}
			changed++
			if !held[addr] {
				t.Errorf("%s: %v changed but never held %s", e.name, addr, id)
			}
		}
		if changed == 0 || changed != len(held) {
			t.Errorf("%s: %d contents changed, %d held it", e.name, changed, len(held))
		}
	}
}

func mergeKeys(a, b map[tiles.Address]string) map[tiles.Address]bool {
	m := map[tiles.Address]bool{}
	for k := range a {
		m[k] = true
	}
	for k := range b {
		m[k] = true
	}
	return m
}

func TestPastTilesets(t *testing.T) {
	tw := city(t, 500)
	g := tiles.New(tw, tiles.Options{})
	old := tw.Snapshot()
	r, ok := old.Find("JS-000001")
	if !ok {
		t.Fatal("no JS-000001")
	}
	cs := tw.NewChangeSet("t", "")
	if err := cs.Remove(r.ID(), r.Version()); err != nil {
		t.Fatal(err)
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
	count := func(v tiles.View) (n int) {
		for _, f := range contents(t, g, v) {
			res, err := g.Content(t.Context(), v, f.address, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			n += len(decode(t, res.Body).ids)
		}
		return n
	}
	past, err := tw.AsOf(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := count(tiles.View{Snapshot: past, Past: true}), count(tiles.View{Snapshot: tw.Snapshot()}); a != old.Len() || b != old.Len()-1 {
		t.Errorf("as of 1: %d, now %d assets; want %d and %d", a, b, old.Len(), old.Len()-1)
	}
}
