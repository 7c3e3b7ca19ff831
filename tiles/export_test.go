package tiles_test

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/archive"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// archived writes a snapshot as .3tz.
func archived(t *testing.T, s *twin.Snapshot, m archive.Method, o tiles.ExportOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	a := archive.New(&out, m)
	if _, err := tiles.Export(t.Context(), s, o, a); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// reader3tz reads an archive by the specification of the format (3D Tiles Archive Format 1.3) and APPNOTE 6.3.9 alone: the index through the last entry
// of the central directory, and files through the index.
type reader3tz struct {
	t     *testing.T
	b     []byte
	index []byte
	names []string // of the central directory
}

func open3tz(t *testing.T, b []byte) *reader3tz {
	t.Helper()
	r := &reader3tz{t: t, b: b}
	le := binary.LittleEndian
	end := len(b) - 22 // no comment
	if le.Uint32(b[end:]) != 0x06054b50 || le.Uint16(b[end+20:]) != 0 {
		t.Fatal("the end of the central directory is not where it belongs")
	}
	at := int(le.Uint32(b[end+16:]))
	last := 0
	for at < end {
		if le.Uint32(b[at:]) != 0x02014b50 {
			t.Fatalf("no header of the central directory at %d", at)
		}
		n, extra, comment := int(le.Uint16(b[at+28:])), int(le.Uint16(b[at+30:])), int(le.Uint16(b[at+32:]))
		r.names = append(r.names, string(b[at+46:at+46+n]))
		if comment != 0 {
			t.Errorf("%s has a comment", r.names[len(r.names)-1])
		}
		last = at
		at += 46 + n + extra + comment
	}
	if int(le.Uint16(b[end+10:])) != len(r.names) {
		t.Errorf("%d entries are announced and %d there", le.Uint16(b[end+10:]), len(r.names))
	}
	if name := r.names[len(r.names)-1]; name != "@3dtilesIndex1@" {
		t.Fatalf("the last entry is %s", name)
	}
	name, body, method := r.local(int(le.Uint32(b[last+42:])))
	if name != "@3dtilesIndex1@" || method != 0 {
		t.Fatalf("the index is %s by method %d", name, method)
	}
	r.index = body
	return r
}

// local reads the file whose local header is at an offset.
func (r *reader3tz) local(at int) (name string, body []byte, method uint16) {
	r.t.Helper()
	b, le := r.b[at:], binary.LittleEndian
	if le.Uint32(b) != 0x04034b50 {
		r.t.Fatalf("no local header at %d", at)
	}
	flags, method := le.Uint16(b[6:]), le.Uint16(b[8:])
	crc, packed, size := le.Uint32(b[14:]), int(le.Uint32(b[18:])), int(le.Uint32(b[22:]))
	if flags&(1<<0|1<<3|1<<5|1<<13) != 0 { // encrypted, sizes after the data, patched, masked
		r.t.Errorf("flags %x", flags)
	}
	n, extra := int(le.Uint16(b[26:])), int(le.Uint16(b[28:]))
	name = string(b[30 : 30+n])
	data := b[30+n+extra:][:packed]
	var err error
	switch method {
	case 0:
		body = data
	case 8:
		body, err = io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	case 93:
		var d *zstd.Decoder
		if d, err = zstd.NewReader(nil); err == nil {
			body, err = d.DecodeAll(data, nil)
		}
	default:
		r.t.Fatalf("%s by method %d", name, method)
	}
	if err != nil || len(body) != size || crc32.ChecksumIEEE(body) != crc {
		r.t.Errorf("%s: %v, %d bytes where %d are said, or a wrong checksum", name, err, len(body), size)
	}
	return name, body, method
}

// less is the order that the specification writes out.
func less(a, b []byte) int {
	le := binary.LittleEndian.Uint64
	return cmp.Or(cmp.Compare(le(a), le(b)), cmp.Compare(le(a[8:]), le(b[8:])))
}

// get finds a file by halving the index.
func (r *reader3tz) get(name string) []byte {
	r.t.Helper()
	key := md5.Sum([]byte(name))
	low, high := 0, len(r.index)/24
	for low < high {
		mid := (low + high) / 2
		if less(r.index[24*mid:], key[:]) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if 24*low >= len(r.index) || !bytes.Equal(r.index[24*low:24*low+16], key[:]) {
		r.t.Fatalf("%s is not in the index", name)
	}
	got, body, _ := r.local(int(binary.LittleEndian.Uint64(r.index[24*low+16:])))
	if got != name {
		r.t.Fatalf("the index leads from %s to %s", name, got)
	}
	return body
}

// TestArchiveIsWhatTheServerGives reads every file of an archive by its index, and finds what the generator serves.
func TestArchiveIsWhatTheServerGives(t *testing.T) {
	tw := city(t, 3000)
	s := tw.Snapshot()
	g, v := tiles.New(tw, tiles.Options{}), tiles.View{Snapshot: s}
	for _, m := range []archive.Method{archive.Deflate, archive.Zstd, archive.Store} {
		b := archived(t, s, m, tiles.ExportOptions{Makers: 3})
		r := open3tz(t, b)
		if len(r.index) != 24*(len(r.names)-1) {
			t.Errorf("%s: the index has %d bytes for %d files", m, len(r.index), len(r.names)-1)
		}
		for i := 24; i < len(r.index); i += 24 {
			if less(r.index[i-24:], r.index[i:]) >= 0 {
				t.Errorf("%s: the index is not sorted at %d", m, i/24)
			}
		}
		files := 0
		for _, f := range contents(t, g, v) {
			a := f.address
			want, err := g.Content(t.Context(), v, a, compress.Identity)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.get(contentName(a)), want.Body) {
				t.Errorf("%s: %s is not what is served", m, contentName(a))
			}
			files++
		}
		if n := len(slices.DeleteFunc(slices.Clone(r.names), func(n string) bool { return !strings.HasSuffix(n, ".glb") })); n != files {
			t.Errorf("%s: %d contents, want %d", m, n, files)
		}
		if !bytes.Equal(b, archived(t, s, m, tiles.ExportOptions{Makers: 1})) {
			t.Errorf("%s: another export of the same revision has other bytes", m)
		}
	}
}

func contentName(a tiles.Address) string {
	return path.Join(a.Layer, "content", itoa(a.Level), itoa(a.X), itoa(a.Y)+".glb")
}

// TestArchiveLinks follows every link of an export: each is relative and leads to a file, and each file is linked to.
func TestArchiveLinks(t *testing.T) {
	r := open3tz(t, archived(t, city(t, 3000).Snapshot(), archive.Deflate, tiles.ExportOptions{}))
	seen := map[string]bool{"tileset.json": true, "@3dtilesIndex1@": true}
	var root struct {
		Asset  struct{ Version, TilesetVersion string }
		Schema struct{ Classes map[string]any } // of the subtrees, which CesiumJS looks for here
		Root   struct {
			Children []struct{ Content struct{ URI string } }
		}
	}
	if err := json.Unmarshal(r.get("tileset.json"), &root); err != nil || root.Asset.Version != "1.1" || root.Asset.TilesetVersion != "1" || len(root.Root.Children) < 5 || root.Schema.Classes["tile"] == nil {
		t.Fatalf("%v %+v", err, root)
	}
	for _, c := range root.Root.Children {
		if strings.ContainsAny(c.Content.URI, "?:") || strings.HasPrefix(c.Content.URI, "/") {
			t.Errorf("%s is no plain relative link", c.Content.URI)
		}
		var l struct {
			Root struct {
				Content        struct{ URI string }
				ImplicitTiling struct {
					AvailableLevels, SubtreeLevels int
					Subtrees                       struct{ URI string }
				}
			}
		}
		if err := json.Unmarshal(r.get(c.Content.URI), &l); err != nil {
			t.Fatal(err)
		}
		seen[c.Content.URI] = true
		fill := func(template string, level, x, y int) string {
			return path.Join(path.Dir(c.Content.URI), strings.NewReplacer("{level}", itoa(level), "{x}", itoa(x), "{y}", itoa(y)).Replace(template))
		}
		it := l.Root.ImplicitTiling
		for level := range it.AvailableLevels {
			for x := range 1 << level {
				for y := range 1 << level {
					if name := fill(l.Root.Content.URI, level, x, y); slices.Contains(r.names, name) {
						seen[name] = true
					}
					if name := fill(it.Subtrees.URI, level, x, y); level%it.SubtreeLevels == 0 && slices.Contains(r.names, name) {
						seen[name] = true
					}
				}
			}
		}
	}
	for _, n := range r.names {
		if !seen[n] {
			t.Errorf("nothing leads to %s", n)
		}
	}
}

// assetsIn are the IDs in all contents of an archive.
func assetsIn(t *testing.T, r *reader3tz) []string {
	t.Helper()
	var ids []string
	for _, n := range r.names {
		if strings.HasSuffix(n, ".glb") {
			ids = append(ids, decode(t, r.get(n)).ids...)
		}
	}
	slices.Sort(ids)
	return ids
}

// TestExportSelection holds what is exported of a box and of networks against every asset of the twin, looked at one by one.
func TestExportSelection(t *testing.T) {
	s := city(t, 3000).Snapshot()
	e := s.Extent()
	c := e.Center()
	box := geometry.Box{Min: geometry.Point{E: c.E - 120, N: c.N - 60, H: -1e9}, Max: geometry.Point{E: c.E + 40, N: c.N + 90, H: 1e9}}
	for name, sel := range map[string]tiles.Selection{
		"all": {}, "a network": {Networks: []string{"JS"}}, "two": {Networks: []string{"WS", "RQ"}}, "a box": {Box: &box}, "both": {Networks: []string{"JS", "WS"}, Box: &box},
	} {
		var want []string
		for r := range s.All {
			if (sel.Networks == nil || slices.Contains(sel.Networks, r.Network()) || slices.Contains(sel.Networks, r.Layer())) && (sel.Box == nil || r.Box().IntersectsPlan(box)) {
				want = append(want, r.ID())
			}
		}
		slices.Sort(want)
		got := assetsIn(t, open3tz(t, archived(t, s, archive.Deflate, tiles.ExportOptions{Selection: sel})))
		if !slices.Equal(got, want) || len(want) == 0 || sel.Box != nil && len(want) == s.Len() {
			t.Errorf("%s: %d assets, want %d", name, len(got), len(want))
		}
	}
	far := geometry.Box{Min: geometry.Point{E: 0, N: 0}, Max: geometry.Point{E: 1, N: 1}}
	if _, err := tiles.Export(t.Context(), s, tiles.ExportOptions{Selection: tiles.Selection{Box: &far}}, archive.New(io.Discard, archive.Store)); !errors.Is(err, tiles.ErrNothing) {
		t.Errorf("an empty selection: %v", err)
	}
}

// TestFolderIsTheArchive writes both and compares them, and reads what is compressed beside the files.
func TestFolderIsTheArchive(t *testing.T) {
	s := city(t, 1000).Snapshot()
	dir := t.TempDir()
	if _, err := tiles.Export(t.Context(), s, tiles.ExportOptions{}, archive.NewFolder(dir, archive.FolderOptions{Gzip: true})); err != nil {
		t.Fatal(err)
	}
	r := open3tz(t, archived(t, s, archive.Deflate, tiles.ExportOptions{}))
	files, gz := 0, 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, p)
		name, packed := strings.CutSuffix(filepath.ToSlash(name), ".gz")
		if packed {
			gz++
			b = gunzip(t, b)
		} else {
			files++
		}
		if !bytes.Equal(b, r.get(name)) {
			t.Errorf("%s is not as in the archive", p)
		}
		return nil
	})
	if err != nil || files != len(r.names)-1 || gz < files/2 {
		t.Errorf("%v: %d files and %d compressed, want %d", err, files, gz, len(r.names)-1)
	}
}

// full is a disk that takes so many bytes.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// TestExportEnds breaks exports off: by a disk that is full at any moment, and by the caller.
func TestExportEnds(t *testing.T) {
	s := city(t, 20000).Snapshot()
	whole := len(archived(t, s, archive.Store, tiles.ExportOptions{}))
	for _, room := range []int{0, whole / 2, whole - 1} {
		a := archive.New(&full{room}, archive.Store)
		_, err := tiles.Export(t.Context(), s, tiles.ExportOptions{Makers: 4}, a)
		if err == nil {
			err = a.Close()
		}
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: %v", room, whole, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	last := 0.0
	_, err := tiles.Export(ctx, s, tiles.ExportOptions{Progress: func(done float64) {
		if done < last || done > 1 {
			t.Errorf("%g of the work is done after %g", done, last)
		}
		if last = done; done > 0.3 {
			cancel()
		}
	}}, archive.New(io.Discard, archive.Store))
	if !errors.Is(err, context.Canceled) || last > 0.9 {
		t.Errorf("cancelled at %g: %v", last, err)
	}
}

func itoa[T ~int | ~uint8 | ~uint32](n T) string { return strconv.Itoa(int(n)) }

func gunzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
