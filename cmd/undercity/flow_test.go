package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/tiles/meshopt"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/store"
)

// The survey of the flow: two manholes and a pipe of concrete, whose depth goes to the inner bottom.
const (
	flowPoints = "物探点号,X坐标,Y坐标,地面高程,特征,附属物,井底埋深\nWS1,4150000.125,500100.250,38.123,,检查井,3.000\nWS2,4150040.125,500130.250,38.500,,检查井,3.200\n"
	flowLines  = "起点点号,终点点号,起点埋深,终点埋深,管径,材质\nWS1,WS2,2.345,2.801,DN300,混凝土\n"
)

// flowEnds are the ends of the pipe's axis, 0.150 m above its inner bottom, in geocentric coordinates by PROJ 9.1.1:
// cs2cs EPSG:4549 EPSG:4978 of 4150000.125 500100.250 35.928 and 4150040.125 500130.250 35.849.
var flowEnds = [2][3]float64{{-2533912.70047, 4388665.03804, 3859997.46182}, {-2533926.47947, 4388628.90362, 3860029.15532}}

// flowRadius is the outer radius of the pipe: concrete of DN300 has a wall of 30 mm (tables/sections.csv, GB/T 11836-2009).
const flowRadius = 0.180

// flowLimit is how far what is drawn may lie from where the survey has it, metres.
const flowLimit = 0.005

// TestSurveyRowToTriangle takes a row of a survey through import, store, start and tile to the bytes that a client draws, and finds the pipe where
// PROJ says it lies, under its ID.
func TestSurveyRowToTriangle(t *testing.T) {
	dir := t.TempDir()
	tw := flowTwin(t, dir)
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	files := []formats.File{formatstest.File("WSLINE.csv", flowLines), formatstest.File("WSPOINT.csv", flowPoints)}
	if rep, err := formats.Import(t.Context(), tw, readers(), files, formats.Options{CRS: c}); err != nil || rep.Created != 3 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, store.StartFileName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	tw = flowTwin(t, dir) // what was stored, not what was read
	defer func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	}()
	found := 0
	for _, d := range flowContents(t, tw, "WS") {
		for _, in := range d.instances(t) {
			if d.ids[in.feature] == "WS-WS1~WS2" {
				found++
				in.check(t)
			}
		}
	}
	if found != 1 {
		t.Errorf("the pipe is drawn %d times", found)
	}
}

func flowTwin(t *testing.T, dir string) *twin.Twin {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{StartFile: filepath.Join(dir, store.StartFileName)})
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// flowContents makes every content of a layer.
func flowContents(t *testing.T, tw *twin.Twin, layer string) (list []drawn) {
	t.Helper()
	g := tiles.New(tw, tiles.Options{})
	v := tiles.View{Snapshot: tw.Snapshot()}
	for level := range uint8(8) {
		for x := range uint32(1) << level {
			for y := range uint32(1) << level {
				res, err := g.Content(t.Context(), v, tiles.Address{Layer: layer, Level: level, X: x, Y: y}, compress.Identity)
				if twin.KindOf(err) == twin.NotFound && err != nil {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, decodeGLB(t, res.Body))
			}
		}
	}
	return list
}

// drawn is a GLB as a client reads it.
type drawn struct {
	Nodes []struct {
		Rotation    [4]float64
		Translation [3]float64
		Mesh        int
		Extensions  struct {
			Instancing struct{ Attributes map[string]int }             `json:"EXT_mesh_gpu_instancing"`
			Features   struct{ FeatureIDs []struct{ Attribute *int } } `json:"EXT_instance_features"`
		}
	}
	Meshes []struct {
		Primitives []struct{ Attributes map[string]int }
	}
	Accessors []struct {
		BufferView, ByteOffset, ComponentType, Count int
		Type                                         string
	}
	BufferViews []struct {
		ByteOffset, ByteLength, ByteStride int
		Extensions                         struct {
			Meshopt *packed `json:"EXT_meshopt_compression"`
		}
	}
	Extensions struct {
		Metadata struct {
			PropertyTables []struct {
				Count      int
				Properties map[string]struct {
					Values, StringOffsets int
					StringOffsetType      string
				}
			}
		} `json:"EXT_structural_metadata"`
	}
	bin []byte
	ids []string
}

// packed is a buffer view that EXT_meshopt_compression has compressed.
type packed struct {
	ByteOffset, ByteLength, ByteStride, Count int
	Filter                                    string
}

func decodeGLB(t *testing.T, b []byte) (d drawn) {
	t.Helper()
	n := binary.LittleEndian.Uint32(b[12:])
	if err := json.Unmarshal(b[20:20+n], &d); err != nil {
		t.Fatal(err)
	}
	d.bin = b[20+n+8:]
	table := d.Extensions.Metadata.PropertyTables[0]
	id := table.Properties["id"]
	text, offsets := d.view(id.Values), d.view(id.StringOffsets)
	at := func(i int) int {
		if id.StringOffsetType == "UINT16" {
			return int(binary.LittleEndian.Uint16(offsets[2*i:]))
		}
		return int(binary.LittleEndian.Uint32(offsets[4*i:]))
	}
	for i := range table.Count {
		d.ids = append(d.ids, string(text[at(i):at(i+1)]))
	}
	return d
}

func (d drawn) view(i int) []byte {
	v := d.BufferViews[i]
	if m := v.Extensions.Meshopt; m != nil {
		return m.unpack(d.bin[m.ByteOffset : m.ByteOffset+m.ByteLength])
	}
	return d.bin[v.ByteOffset : v.ByteOffset+v.ByteLength]
}

// unpack undoes the compression and its filter; what does not come back is nil.
func (m *packed) unpack(b []byte) []byte {
	rows, err := meshopt.DecodeAttributes(b, m.Count, m.ByteStride)
	if err != nil {
		return nil
	}
	switch m.Filter {
	case "EXPONENTIAL":
		for i := 0; i < len(rows); i += 4 {
			binary.LittleEndian.PutUint32(rows[i:], math.Float32bits(meshopt.Float(binary.LittleEndian.Uint32(rows[i:]))))
		}
	case "QUATERNION":
		for i := 0; i < len(rows); i += 8 {
			var q [4]int16
			for k := range q {
				q[k] = int16(binary.LittleEndian.Uint16(rows[i+2*k:]))
			}
			for k, v := range meshopt.Turn(q) {
				binary.LittleEndian.PutUint16(rows[i+2*k:], uint16(v))
			}
		}
	}
	return rows
}

// raw is the elements of an accessor, each from a multiple of its size; those of three bytes or shorts with their padding.
func (d drawn) raw(accessor int) []byte {
	a := d.Accessors[accessor]
	b := d.view(a.BufferView)[a.ByteOffset:]
	stride := d.BufferViews[a.BufferView].ByteStride
	if stride == 0 {
		return b
	}
	size := map[int]int{5120: 4, 5122: 8}[a.ComponentType]
	var rows []byte
	for i := range a.Count {
		rows = append(rows, b[i*stride:i*stride+size]...)
	}
	return rows
}

// instance is the corners of one instanced mesh, geocentric, and its feature.
type instance struct {
	feature int
	corners [][3]float64
}

func (d drawn) instances(t *testing.T) (list []instance) {
	t.Helper()
	for _, node := range d.Nodes {
		a := node.Extensions.Instancing.Attributes
		if a == nil {
			continue
		}
		unit := d.unit(d.Meshes[node.Mesh].Primitives[0].Attributes["POSITION"])
		vec := func(name string, i int) (v [3]float64) {
			for k := range v {
				v[k] = float64(math.Float32frombits(binary.LittleEndian.Uint32(d.raw(a[name])[12*i+4*k:])))
			}
			return v
		}
		for i := range d.Accessors[a["TRANSLATION"]].Count {
			turn := [4]float64{0, 0, 0, 1}
			if r, ok := a["ROTATION"]; ok {
				for k := range turn {
					turn[k] = float64(int16(binary.LittleEndian.Uint16(d.raw(r)[8*i+2*k:]))) / 32767
				}
			}
			in := instance{feature: i}
			if f := node.Extensions.Features.FeatureIDs[0].Attribute; f != nil {
				in.feature = int(binary.LittleEndian.Uint16(d.raw(a["_FEATURE_ID_0"])[2*i:]))
			}
			for _, u := range unit {
				in.corners = append(in.corners, d.geocentric(placed(u, vec("TRANSLATION", i), vec("SCALE", i), turn)))
			}
			list = append(list, in)
		}
	}
	return list
}

// unit is the different corners of a mesh of normalised bytes or shorts.
func (d drawn) unit(accessor int) (list [][3]float64) {
	raw := d.raw(accessor)
	for i := range d.Accessors[accessor].Count {
		var v [3]float64
		for k := range v {
			if d.Accessors[accessor].ComponentType == 5122 {
				v[k] = float64(int16(binary.LittleEndian.Uint16(raw[8*i+2*k:]))) / 32767
			} else {
				v[k] = float64(int8(raw[4*i+k])) / 127
			}
		}
		if !slices.Contains(list, v) { // a seam has its corners twice
			list = append(list, v)
		}
	}
	return list
}

// placed scales, turns and moves a corner, as EXT_mesh_gpu_instancing has it.
func placed(u, at, scale [3]float64, q [4]float64) [3]float64 {
	v := [3]float64{u[0] * scale[0], u[1] * scale[1], u[2] * scale[2]}
	c := cross([3]float64(q[:3]), v)
	e := cross([3]float64(q[:3]), c)
	for k := range v {
		v[k] += 2*(q[3]*c[k]+e[k]) + at[k]
	}
	return v
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// geocentric turns and moves a place as the root node says, and turns glTF's Y up into Z up as 3D Tiles 1.1 has it.
func (d drawn) geocentric(p [3]float64) [3]float64 {
	v := placed(p, d.Nodes[0].Translation, [3]float64{1, 1, 1}, d.Nodes[0].Rotation)
	return [3]float64{v[0], -v[2], v[1]}
}

// check holds the two ends of what is drawn against those of the survey, and its corners against the pipe's radius.
func (in instance) check(t *testing.T) {
	t.Helper()
	var axis [3]float64
	for k := range axis {
		axis[k] = flowEnds[1][k] - flowEnds[0][k]
	}
	length := norm(axis)
	var sum [2][3]float64
	var n [2]int
	for _, c := range in.corners {
		var off [3]float64
		along := 0.0
		for k := range off {
			off[k] = c[k] - flowEnds[0][k]
			along += off[k] * axis[k] / length
		}
		end := 0
		if along > length/2 {
			end = 1
		}
		for k := range off {
			sum[end][k] += c[k]
			off[k] -= along * axis[k] / length
		}
		n[end]++
		// The axis is drawn too, as a line.
		if r := norm(off); r > flowLimit && math.Abs(r-flowRadius) > flowLimit {
			t.Errorf("a corner lies %.4f m from the axis, want %.3f", r, flowRadius)
		}
	}
	for end, want := range flowEnds {
		var off [3]float64
		for k := range off {
			off[k] = sum[end][k]/float64(max(n[end], 1)) - want[k]
		}
		if d := norm(off); d > flowLimit || n[end] < 3 {
			t.Errorf("end %d of the pipe lies %.4f m from its place (%d corners)", end, d, n[end])
		}
	}
}

func norm(v [3]float64) float64 { return math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2]) }
