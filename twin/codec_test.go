package twin_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// records is a store that hands over what it was given, however broken.
type records struct {
	*memory
	list [][]byte
}

var _ twin.RecordStore = (*records)(nil)

func (r *records) Records(context.Context, uint64, int) ([]iter.Seq2[[]byte, error], error) {
	return []iter.Seq2[[]byte, error]{func(yield func([]byte, error) bool) {
		for _, b := range r.list {
			if !yield(bytes.Clone(b), nil) {
				return
			}
		}
	}}, nil
}

var nearly = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-9)}

// drawAsset draws an asset that uses any of the fields, at the resolution that the twin keeps.
func drawAsset(t *rapid.T) *twin.Asset {
	text := rapid.SampledFrom([]string{"", "", "DN300", "供水公司", "a\"b'c", "长江路 ☂"})
	height := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-100000, 100000).Draw(t, "h")) / 10000 })
	size := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(1, 300000).Draw(t, "size")) / 100000 })
	maybe := func(name string) float64 {
		if rapid.Bool().Draw(t, name+" known") {
			return height.Draw(t, name)
		}
		return twin.Unknown()
	}
	network := rapid.SampledFrom([]string{"JS", "WS", "YS", "RQ", "DL"}).Draw(t, "network")
	number := fmt.Sprint(rapid.IntRange(1, 1_000_000).Draw(t, "number"))
	a := &twin.Asset{ID: network + "-" + number, Network: network, Kind: rapid.SampledFrom(twin.Kinds()).Draw(t, "kind"),
		SourceNumber: rapid.SampledFrom([]string{number, "其他-1", ""}).Draw(t, "source"), Name: text.Draw(t, "name"), Owner: text.Draw(t, "owner"), Material: text.Draw(t, "material"),
		Installed: text.Draw(t, "installed"), Road: text.Draw(t, "road"), Feature: text.Draw(t, "feature"), Appurtenance: text.Draw(t, "appurtenance"),
		Status: twin.Status(rapid.IntRange(0, 2).Draw(t, "status")), Secrecy: twin.Secrecy(rapid.IntRange(0, 4).Draw(t, "secrecy")), Reference: twin.Reference(rapid.IntRange(0, 3).Draw(t, "reference")), Bottom: twin.Unknown(),
		Assumed: twin.Assumed(rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "assumed")), Version: rapid.Uint32Range(1, 1<<31).Draw(t, "version"), Revision: uint64(rapid.Uint32Range(1, 1<<31).Draw(t, "revision")),
		Recorded: time.UnixMilli(rapid.Int64Range(0, 2e12).Draw(t, "recorded")).UTC()}
	switch rapid.IntRange(0, 2).Draw(t, "section") {
	case 1:
		a.Section = geometry.Round(size.Draw(t, "diameter"), size.Draw(t, "wall"))
	case 2:
		a.Section = geometry.Section{Shape: geometry.Rectangle, Width: size.Draw(t, "width"), Height: size.Draw(t, "height")}
	}
	if rapid.IntRange(0, 3).Draw(t, "structured") == 0 {
		a.Structure = structureFor(a.Kind)
	}
	n := 1
	switch {
	case a.Kind.IsLine():
		n = rapid.IntRange(2, 20).Draw(t, "vertices")
	case a.Kind == twin.KindZone || a.Kind == twin.KindSolid:
		n = rapid.IntRange(4, 12).Draw(t, "vertices")
	}
	gaps := rapid.Bool().Draw(t, "gaps")
	for range n {
		e, north := rapid.IntRange(0, 1e8).Draw(t, "e"), rapid.IntRange(0, 1e8).Draw(t, "n")
		a.Line = append(a.Line, geometry.Point{E: 500000 + float64(e)/1e4, N: 4150000 + float64(north)/1e4, H: height.Draw(t, "h")})
		a.Ground = append(a.Ground, maybe("ground"))
		if gaps {
			a.HeightAssumed = append(a.HeightAssumed, rapid.Bool().Draw(t, "gap"))
		}
	}
	if a.Kind == twin.KindChamber {
		a.Bottom = maybe("bottom")
	}
	if a.Structure != nil && a.Structure.Fit(a.Line, a.Section, a.Bottom) != nil {
		a.Structure = nil // a random place that it cannot stand in
	}
	if a.Kind == twin.KindSegment && rapid.Bool().Draw(t, "ends") {
		a.From, a.To, a.In = network+"-P1", network+"-井2", ""
	}
	if rapid.Bool().Draw(t, "quality") {
		a.Quality = twin.Quality{Level: twin.LevelB, Horizontal: size.Draw(t, "accuracy"), Source: text.Draw(t, "quality source")}
	}
	if rapid.Bool().Draw(t, "validity") {
		a.ValidFrom = time.Unix(rapid.Int64Range(-1e9, 2e9).Draw(t, "from"), 0).UTC()
	}
	for range rapid.IntRange(0, 3).Draw(t, "attributes") {
		a.Attributes = append(a.Attributes, twin.Attr{Key: "键" + text.Draw(t, "key"), Value: text.Draw(t, "value")})
	}
	return a
}

// structureFor is a structure that fits a kind, nil for a node.
func structureFor(k twin.Kind) *geometry.Structure {
	switch k {
	case twin.KindSegment:
		return &geometry.Structure{Pipe: &geometry.Pipe{BendRadius: 2, Holes: []geometry.DuctHole{{X: 0.1, Diameter: 0.1, Use: "电力"}}}}
	case twin.KindChamber:
		return &geometry.Structure{Chamber: &geometry.Chamber{Lid: geometry.Plan{Round: true, Width: 0.7}, Openings: []geometry.Opening{{Bearing: 90, Invert: 2.5}}}}
	case twin.KindGallery:
		return &geometry.Structure{Gallery: &geometry.Gallery{Compartments: []geometry.Compartment{{Left: -1, Floor: -1, Width: 2, Height: 2}}}}
	case twin.KindTunnel:
		return &geometry.Structure{Tunnel: &geometry.Tunnel{Tubes: []geometry.Tube{{Across: -6, Shape: "circle", Width: 5, Height: 5}}}}
	case twin.KindBridge:
		return &geometry.Structure{Bridge: &geometry.Bridge{Deck: geometry.Deck{Width: 9, Thickness: 0.4}}}
	case twin.KindZone:
		return &geometry.Structure{Space: &geometry.Space{Storeys: []geometry.Storey{{Name: "B1", Floor: -3, Ceiling: 0}}}}
	case twin.KindSolid:
		return &geometry.Structure{Solid: &geometry.Solid{Vertices: [][3]float64{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, Faces: [][3]uint32{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}}}}
	}
	return nil
}

// normal is a in the one form that the twin gives it: no list of gaps without a gap, no list of ground without a height.
func normal(a *twin.Asset) *twin.Asset {
	n := *a
	known, gap := false, false
	for i := range n.Line {
		known = known || !twin.IsUnknown(n.GroundAt(i))
		gap = gap || !n.HeightKnown(i)
	}
	if !known {
		n.Ground = nil
	}
	if !gap {
		n.HeightAssumed = nil
	}
	return &n
}

// TestCodecLosesNothing marshals any asset and reads it back, as itself and by way of a start from a store's records.
func TestCodecLosesNothing(t *testing.T) {
	codec := twin.NewCodec(twin.Standard())
	rapid.Check(t, func(t *rapid.T) {
		want := normal(drawAsset(t))
		b, err := codec.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.Clone(b)
		got, err := codec.Unmarshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, nearly); d != "" {
			t.Fatalf("unmarshalled: -want +got\n%s", d)
		}
		tw, err := twin.Open(context.Background(), &records{newMemory(), [][]byte{b}}, twin.Options{})
		if err != nil {
			t.Fatal(err)
		}
		started, ok := tw.Snapshot().Get(want.ID)
		if !ok {
			t.Fatalf("%s is not there after a start", want.ID)
		}
		if d := cmp.Diff(want, started, nearly); d != "" {
			t.Fatalf("started: -want +got\n%s", d)
		}
		direct := newMemory()
		direct.states[0][want.ID] = want
		if tw, err = twin.Open(context.Background(), direct, twin.Options{}); err != nil {
			t.Fatal(err)
		}
		packed, _ := tw.Snapshot().Find(want.ID)
		r, _ := (&records{newMemory(), [][]byte{b}}).open(t).Find(want.ID)
		if packed.Box() != r.Box() || packed.MinCover() != r.MinCover() && !twin.IsUnknown(r.MinCover()) {
			t.Fatalf("box %v of the record, %v of the asset", r.Box(), packed.Box())
		}
	})
}

func (r *records) open(t interface{ Fatal(...any) }) *twin.Snapshot {
	tw, err := twin.Open(context.Background(), r, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tw.Snapshot()
}

// FuzzCodec reads any bytes: they are an asset that can be marshalled again and drawn, or an error.
func FuzzCodec(f *testing.F) {
	codec := twin.NewCodec(twin.Standard())
	gen := rapid.Custom(drawAsset)
	for i := range 40 {
		b, err := codec.Marshal(gen.Example(i))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Clone(b))
		f.Add(bytes.Clone(b[:len(b)*3/4]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		// Whatever a start accepts can be read.
		if tw, err := twin.Open(t.Context(), &records{newMemory(), [][]byte{b}}, twin.Options{}); err == nil {
			for r := range tw.Snapshot().All {
				_, _, _, _ = r.Asset(), r.Box(), r.MinCover(), r.Drawn()
				_, _, _ = r.Ends()
			}
		}
		a, err := codec.Unmarshal(b)
		if err != nil {
			return
		}
		again, err := codec.Marshal(a)
		if err != nil {
			t.Fatalf("an asset that was read cannot be written: %v", err)
		}
		back, err := codec.Unmarshal(bytes.Clone(again))
		if err != nil {
			t.Fatalf("an asset that was written cannot be read: %v", err)
		}
		if d := cmp.Diff(normal(a), normal(back), nearly); d != "" {
			t.Fatalf("-first +second\n%s", d)
		}
	})
}

// TestCodecRefusesDamage changes and cuts a record byte by byte: an error or an asset, never a crash.
func TestCodecRefusesDamage(t *testing.T) {
	codec := twin.NewCodec(twin.Standard())
	whole, err := codec.Marshal(rapid.Custom(drawAsset).Example(7))
	if err != nil {
		t.Fatal(err)
	}
	whole = bytes.Clone(whole)
	for i := range whole {
		if _, err := codec.Unmarshal(whole[:i]); err == nil {
			t.Errorf("a record cut at byte %d was read", i)
		}
		for _, x := range []byte{0x01, 0x80, 0xff} {
			b := bytes.Clone(whole)
			b[i] ^= x
			if a, err := codec.Unmarshal(b); err == nil && a.ID == "" {
				t.Errorf("byte %d changed: an asset without an id", i)
			}
		}
	}
	if _, err := codec.Unmarshal(append(bytes.Clone(whole), 0)); err == nil {
		t.Error("a record with a byte more was read")
	}
}
