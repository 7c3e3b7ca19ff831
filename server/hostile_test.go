package server_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/undercity/undercity/tiles/meshopt"
)

type object = map[string]any

// hostile is an asset that no city has: refused is the pointer to what is wrong in it, "" where it is drawn.
type hostile struct {
	name    string
	asset   object
	refused string
}

// site makes assets around the middle of a city.
type site struct{ lon, lat float64 }

func (s site) at(p [3]float64) []float64 {
	return []float64{s.lon + p[0]/88_000, s.lat + p[1]/111_000, p[2]}
}

func (s site) geometry(kind string, ps ...[3]float64) object {
	var list [][]float64
	for _, p := range ps {
		list = append(list, s.at(p))
	}
	switch kind {
	case "Point":
		return object{"type": kind, "coordinates": list[0]}
	case "Polygon":
		return object{"type": kind, "coordinates": [][][]float64{list}}
	}
	return object{"type": kind, "coordinates": list}
}

var straight = [][3]float64{{0, 0, -6}, {60, 0, -6}}

func (s site) pipe(section object, pipe object, line ...[3]float64) object {
	if line == nil {
		line = straight
	}
	a := object{"kind": "segment", "network": "YS", "section": section, "geometry": s.geometry("LineString", line...)}
	if pipe != nil {
		a["structure"] = object{"pipe": pipe}
	}
	return a
}

func (s site) bank(holes ...object) object {
	return s.pipe(object{"shape": "ductBank", "width": 1, "height": 1}, object{"holes": holes})
}

func (s site) gallery(compartments []object, more object) object {
	return object{"kind": "gallery", "network": "ZH", "geometry": s.geometry("LineString", straight...), "structure": object{"gallery": more},
		"section": object{"shape": "rectangle", "width": 6, "height": 3, "wall": 0.4, "compartments": compartments}}
}

func (s site) tunnel(tubes []object, more object) object {
	return object{"kind": "tunnel", "network": "SD", "geometry": s.geometry("LineString", straight...), "structure": object{"tunnel": more},
		"section": object{"shape": "circle", "diameter": 5.5, "wall": 0.35, "tubes": tubes}}
}

func (s site) bridge(supports ...object) object {
	return object{"kind": "bridge", "network": "QL", "geometry": s.geometry("LineString", [3]float64{0, 0, 12}, [3]float64{60, 0, 12}),
		"structure": object{"bridge": object{"deck": object{"width": 12, "thickness": 0.4}, "supports": supports}}}
}

func (s site) chamber(bottom any, more object) object {
	c := object{"lid": round(0.7), "wall": 0.2}
	for k, v := range more {
		c[k] = v
	}
	return object{"kind": "chamber", "network": "YS", "geometry": s.geometry("Point", [3]float64{0, 0, 4}), "bottom": bottom, "section": object{"shape": "circle", "diameter": 1.2},
		"structure": object{"chamber": c}}
}

func (s site) zone(storeys []object, ring ...[3]float64) object {
	return object{"kind": "zone", "network": "DK", "geometry": s.geometry("Polygon", ring...), "structure": object{"space": object{"wall": 0.3, "storeys": storeys}}}
}

func (s site) solid(vertices [][]float64, faces ...[]int) object {
	return object{"kind": "solid", "network": "DK", "geometry": s.geometry("Polygon", [3]float64{0, 0, 4}, [3]float64{4, 0, 4}, [3]float64{4, 4, 4}, [3]float64{0, 0, 4}),
		"structure": object{"solid": object{"vertices": vertices, "faces": faces}}}
}

func round(d float64) object { return object{"round": true, "width": d} }

func circle(d float64) object { return object{"shape": "circle", "diameter": d} }

func many(n int, each func(i int) object) (list []object) {
	for i := range n {
		list = append(list, each(i))
	}
	return list
}

// lines are axes and sections.
func (s site) lines() []hostile {
	box := object{"shape": "rectangle", "width": 1, "height": 1, "wall": 0.1}
	outline := func(ps ...[2]float64) object {
		var o []object
		for _, p := range ps {
			o = append(o, object{"x": p[0], "y": p[1]})
		}
		return s.pipe(object{"shape": "custom", "width": 4, "height": 3}, object{"outline": o})
	}
	high := s.pipe(circle(3), nil, [3]float64{0, 0, 4}, [3]float64{20, 0, 4})
	high["ground"] = []float64{4, 4}
	list := []hostile{
		{"an outline that crosses itself", outline([2]float64{-1, -1}, [2]float64{3, 1}, [2]float64{1, -1}, [2]float64{3, 2}, [2]float64{-1, 2}), "structure/pipe/outline"},
		{"a bow tie", outline([2]float64{-1, -1}, [2]float64{1, 1}, [2]float64{1, -1}, [2]float64{-1, 1}), "structure/pipe/outline"},
		{"an outline that lies far off", outline([2]float64{400, 0}, [2]float64{401, 0}, [2]float64{401, 1}), ""},
		{"no outline", s.pipe(object{"shape": "custom", "width": 2, "height": 2}, nil), ""},
		{"no length", s.pipe(circle(0.5), nil, [3]float64{0, 0, 0}, [3]float64{0, 0, 0}), ""},
		{"a piece of no length", s.pipe(box, nil, [3]float64{0, 0, 0}, [3]float64{5, 0, 0}, [3]float64{5, 0, 0}, [3]float64{9, 0, 0}), ""},
		{"upright", s.pipe(circle(0.5), nil, [3]float64{0, 0, 0}, [3]float64{0, 0, -5}), ""},
		{"upright and then level", s.pipe(box, nil, [3]float64{0, 0, 0}, [3]float64{0, 0, -5}, [3]float64{5, 0, -5}), ""},
		{"out of the ground", high, ""},
		{"tapers to 0", s.pipe(circle(0.5), object{"endWidth": 0, "endHeight": 0}), ""},
		{"tapers to 0 in height alone", s.pipe(circle(0.5), object{"endWidth": 0.3, "endHeight": 0}), "structure/pipe"},
		{"tapers to nearly 0", s.pipe(box, object{"endWidth": 1e-9, "endHeight": 1e-9}), ""},
		{"a wall of 50 m", s.pipe(object{"shape": "circle", "diameter": 0.1, "wall": 50}, nil), ""},
		{"sediment above the crown", s.pipe(circle(0.5), object{"sediment": 400}), ""},
		{"256 ducts across", s.pipe(object{"shape": "ductBank", "width": 1, "height": 1, "cols": 256, "rows": 1}, nil), "section/cols"},
		{"65,025 ducts", s.pipe(object{"shape": "ductBank", "width": 1, "height": 1, "cols": 255, "rows": 255}, nil), ""},
	}
	for _, radius := range []float64{0, 0.01, 5, 499} {
		list = append(list, hostile{fmt.Sprintf("turns back, radius %g", radius), s.pipe(circle(0.5), object{"bendRadius": radius}, [3]float64{0, 0, 0}, [3]float64{10, 0, 0}, [3]float64{0, 0, 0}), ""},
			hostile{fmt.Sprintf("nearly turns back, radius %g", radius), s.pipe(box, object{"bendRadius": radius}, [3]float64{0, 0, 0}, [3]float64{10, 0, 0}, [3]float64{0, 0.001, 0}), ""})
	}
	for _, v := range []any{-1, 1e308, 101, json.Number("1e999")} {
		for _, k := range []string{"width", "height", "wall", "top"} {
			sec := object{"shape": "trapezoid", "width": 1, "height": 1, k: v}
			list = append(list, hostile{fmt.Sprintf("%s of %v", k, v), s.pipe(sec, nil), "section/" + k})
		}
		if v != 101 {
			list = append(list, hostile{fmt.Sprintf("bend radius of %v", v), s.pipe(circle(0.5), object{"bendRadius": v}), "structure/pipe/bendRadius"})
		}
	}
	for _, v := range []float64{1e-9, 5e-324} {
		list = append(list, hostile{fmt.Sprintf("%g m wide", v), s.pipe(circle(v), nil), ""}, hostile{fmt.Sprintf("a box %g m high", v), s.pipe(object{"shape": "rectangle", "width": 1, "height": v}, nil), ""})
	}
	return list
}

// bodies are banks, galleries, tunnels, bridges, chambers, spaces and solids.
func (s site) bodies() []hostile {
	room := func(left, width, height any) object {
		return object{"left": left, "floor": -1.5, "width": width, "height": height}
	}
	tube := func(across float64) object {
		return object{"across": across, "shape": "circle", "width": 5.5, "height": 5.5, "wall": 0.35, "deck": 1}
	}
	two := []object{tube(-8), tube(8)}
	hole := func(x, y, d float64) object { return object{"x": x, "y": y, "diameter": d} }
	support := func(chainage float64, across, along any) object {
		return object{"chainage": chainage, "columns": 2, "column": round(1), "spacing": 5, "ground": 3, "footing": object{"across": 9, "along": 4, "height": 1.5},
			"piles": object{"across": across, "along": along, "spacing": 3, "diameter": 1, "toe": -20}}
	}
	layers := func(heights ...float64) object {
		return object{"layers": many(len(heights), func(i int) object { return object{"plan": round(0.7 + 0.5*float64(i)), "height": heights[i]} })}
	}
	opening := func(invert, d any) object {
		return object{"openings": []object{{"bearing": 0, "invert": invert, "diameter": d}}}
	}
	b1 := []object{{"name": "B1", "floor": 0.2, "ceiling": 3.4}}
	v := [][]float64{{0, 0, 0}, {4, 0, 0}, {0, 4, 0}, {0, 0, 4}}
	return []hostile{
		{"10,000 holes", s.bank(many(10_000, func(i int) object { return hole(float64(i%100)*0.0098-0.485, float64(i/100)*0.0098-0.485, 0.009) })...), ""},
		{"10,001 holes", s.bank(many(10_001, func(i int) object { return hole(0, 0, 0.1) })...), "structure/pipe/holes"},
		{"holes that overlap", s.bank(hole(0, 0, 0.2), hole(0.3, 0, 0.2), hole(0.05, 0, 0.2)), "structure/pipe/holes/2"},
		{"a hole outside the bank", s.bank(hole(0, 0, 0.2), hole(9, 0, 0.2)), "structure/pipe/holes/1"},
		{"a hole of no size", s.bank(hole(0, 0, 5e-324), hole(0.2, 0, 1e-9)), ""},
		{"a hole larger than the bank", s.bank(hole(0, 0, 5)), "structure/pipe/holes/0"},
		{"a compartment outside the walls", s.gallery([]object{room(-2.8, 2.4, 3), room(50, 2.4, 3)}, object{}), ""},
		{"compartments that overlap", s.gallery([]object{room(-2.8, 2.4, 3), room(-1, 2.4, 3)}, object{}), "section/compartments/1"},
		{"a compartment of 1e308 m", s.gallery([]object{room(-2.8, 1e308, 3)}, object{}), "section/compartments/0/width"},
		{"a fire door beyond the end", s.gallery([]object{room(-2.8, 2.4, 3)}, object{"fireDoors": []float64{20, 5000}}), "structure/gallery/fireDoors/1"},
		{"a shaft below the gallery", s.gallery([]object{room(-2.8, 2.4, 3)}, object{"shafts": []object{{"chainage": 20, "plan": round(1), "top": -100}}}), "structure/gallery/shafts/0/top"},
		{"tubes that overlap", s.tunnel([]object{tube(-1), tube(1)}, object{}), "section/tubes/1"},
		{"tubes whose walls are one", s.tunnel([]object{tube(-2.4), tube(2.4)}, object{"passages": []object{{"chainage": 30, "width": 2, "height": 2}}}), ""},
		{"a passage beyond the end", s.tunnel(two, object{"passages": []object{{"chainage": 5000, "width": 2, "height": 2}}}), "structure/tunnel/passages/0/chainage"},
		{"a passage of one tube", s.tunnel(two[:1], object{"passages": []object{{"chainage": 30, "width": 2, "height": 2}}}), "structure/tunnel/passages/0"},
		{"a passage taller than its tubes", s.tunnel(two, object{"passages": []object{{"chainage": 30, "width": 40, "height": 40}}}), ""},
		{"rings of a nanometre", s.tunnel(two, object{"lining": 1e-9}), "structure/tunnel/lining"},
		{"a support beyond the deck", s.bridge(support(30, 2, 2), support(5000, 2, 2)), "structure/bridge/supports/1/chainage"},
		{"a support just beyond the deck", s.bridge(support(60.3, 2, 2)), ""},
		{"no piles", s.bridge(support(30, 0, 0)), ""},
		{"2,500 piles", s.bridge(support(30, 50, 50)), ""},
		{"10,000 piles", s.bridge(support(30, 100, 100)), "structure/bridge/supports/0/piles/across"},
		{"one and a half piles", s.bridge(support(30, 1.5, 2)), "structure/bridge/supports/0/piles/across"},
		{"layers taller than the chamber", s.chamber(1, layers(90, 0)), "structure/chamber/layers/0/height"},
		{"layers of a chamber of unknown depth", s.chamber(nil, layers(2, 1)), ""},
		{"10,000 layers", s.chamber(1, object{"layers": many(10_000, func(i int) object { return object{"plan": round(0.7 + 0.3*float64(i%2)), "height": 0.0003} })}), ""},
		{"an opening above the ground", s.chamber(1, opening(50, 0.4)), "structure/chamber/openings/0/invert"},
		{"an opening below the floor", s.chamber(1, opening(-50, 0.4)), "structure/chamber/openings/0/invert"},
		{"an opening beyond all numbers", s.chamber(1, opening(json.Number("1e999"), 0.4)), "structure/chamber/openings/0/invert"},
		{"an opening wider than the chamber", s.chamber(1, opening(2, 40)), ""},
		{"10,000 openings", s.chamber(1, object{"openings": many(10_000, func(i int) object {
			return object{"bearing": i * 7 % 360, "invert": 1 + float64(i%25)/10, "diameter": 0.05}
		})}), ""},
		{"a chamber of no depth", s.chamber(4, object{"rungs": true}), ""},
		{"a floor above the lid", s.chamber(9, opening(2, 0.4)), ""},
		{"walls of 500 m", s.chamber(1, object{"wall": 500}), ""},
		{"a ring that crosses itself", s.zone(b1, [3]float64{0, 0, 4}, [3]float64{9, 9, 4}, [3]float64{9, 0, 4}, [3]float64{0, 9, 4}, [3]float64{0, 0, 4}), "structure/space"},
		{"a ring around nothing", s.zone(b1, [3]float64{0, 0, 4}, [3]float64{9, 0, 4}, [3]float64{0, 0, 4}, [3]float64{0, 0, 4}), "structure/space"},
		{"an open solid", s.solid(append(v, []float64{1, 1, 1}), []int{0, 2, 1}, []int{0, 1, 3}, []int{1, 2, 3}, []int{2, 0, 4}), "structure/solid/faces"},
		{"a flipped face", s.solid(v, []int{0, 1, 2}, []int{0, 1, 3}, []int{1, 2, 3}, []int{2, 0, 3}), "structure/solid/faces/1"},
		{"a solid inside out", s.solid(v, []int{0, 1, 2}, []int{0, 3, 1}, []int{1, 3, 2}, []int{2, 3, 0}), "structure/solid/faces"},
		{"a flat solid", s.solid([][]float64{{0, 0, 0}, {4, 0, 0}, {0, 4, 0}, {1, 1, 0}}, []int{0, 2, 1}, []int{0, 1, 3}, []int{1, 2, 3}, []int{2, 0, 3}), "structure/solid/faces"},
		{"a vertex below 0", s.solid(v, []int{0, 2, -1}, []int{0, 1, 3}, []int{1, 2, 3}, []int{2, 0, 3}), "structure/solid/faces/0/2"},
	}
}

var han = regexp.MustCompile(`\p{Han}`)

// TestHostileAssets sends what no city has: it is refused with a sentence and the place of what is wrong, in both languages, or it is drawn, and then every
// file that it is drawn in is sound.
func TestHostileAssets(t *testing.T) {
	c := newCity(t, 200)
	f := c.twin.Snapshot()
	m := f.Extent().Center()
	var s site
	s.lon, s.lat = f.Frame().LonLat(m.E, m.N)
	var drawn []string
	for i, h := range append(s.lines(), s.bodies()...) {
		id := fmt.Sprintf("%s-hostile%d", h.asset["network"], i)
		h.asset["id"] = id
		g := h.asset["geometry"].(object)
		g["coordinates"] = moved(g["coordinates"], float64(i/20-2)*90/88_000, float64(i%20-10)*15/111_000)
		body := object{"changes": []object{{"op": "create", "asset": h.asset}}}
		a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: body})
		if h.refused == "" {
			if a.status != http.StatusOK {
				t.Errorf("%s: %d %s", h.name, a.status, a.body)
			}
			drawn = append(drawn, id)
			continue
		}
		if a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) != 1 || a.problem.Errors[0].Pointer != "/changes/0/asset/"+h.refused {
			t.Errorf("%s: %d %.500s, want one error at %s", h.name, a.status, a.body, h.refused)
			continue
		}
		zh := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", body: body, headers: map[string]string{"Accept-Language": "zh-CN"}})
		if !han.MatchString(zh.problem.Detail) || len(zh.problem.Errors) != 1 || !han.MatchString(zh.problem.Errors[0].Detail) {
			t.Errorf("%s: not in Chinese: %s %v", h.name, zh.problem.Detail, zh.problem.Errors)
		}
	}
	c.soundFiles(drawn)
}

// moved are coordinates elsewhere.
func moved(coordinates any, lon, lat float64) any {
	switch c := coordinates.(type) {
	case []float64:
		return []float64{c[0] + lon, c[1] + lat, c[2]}
	case [][]float64:
		for i := range c {
			c[i] = moved(c[i], lon, lat).([]float64)
		}
	case [][][]float64:
		moved(c[0], lon, lat)
	}
	return coordinates
}

// soundFiles fetches everything that assets are drawn in, and reads it.
func (c *city) soundFiles(ids []string) {
	c.t.Helper()
	dir := c.t.TempDir()
	n := 0
	read := func(name, path string) {
		c.t.Helper()
		a := c.do(request{path: path, as: "planner"})
		if a.status == http.StatusUnprocessableEntity && strings.Contains(a.problem.Detail, "no size that could be drawn") {
			return
		}
		if a.status != http.StatusOK {
			c.t.Errorf("%s: %d %.300s", path, a.status, a.body)
			return
		}
		finite(c.t, path, a.body)
		if err := os.WriteFile(filepath.Join(dir, name), a.body, 0o600); err != nil {
			c.t.Fatal(err)
		}
		n++
	}
	for _, id := range ids {
		read(id+".glb", "/api/v1/assets/"+id+"/model.glb")
		c.parts(id, "")
		b := c.asset(id)["bbox"].([]any)
		const edge = 1e-6
		read("cut-"+id+".glb", fmt.Sprintf("/api/v1/model.glb?bbox=%.9f,%.9f,%.9f,%.9f", b[0].(float64)-edge, b[1].(float64)-edge, b[2].(float64)+edge, b[3].(float64)+edge))
	}
	var root struct {
		Root struct {
			Children []struct{ Content struct{ URI string } }
		}
	}
	c.do(request{path: "/3dtiles/tileset.json", as: "planner"}).json(c.t, &root)
	for _, child := range root.Root.Children {
		network, _, _ := strings.Cut(child.Content.URI, "/")
		for path := range c.contents(network) {
			read(strings.ReplaceAll(path[1:], "/", "_"), path)
		}
	}
	if _, err := os.Stat("../tiles/testdata/validator/node_modules"); err != nil {
		c.t.Log("the validator is not installed: run make test, or npm ci in tiles/testdata/validator")
		return
	}
	out, err := exec.CommandContext(c.t.Context(), "node", "../tiles/testdata/validator/validate.js", dir).CombinedOutput()
	if want := fmt.Sprintf("%d files\n", n); err != nil || string(out) != want {
		c.t.Errorf("want %q, got %v\n%.3000s", want, err, out)
	}
}

// finite reads every float of a GLB, in its accessors and in its JSON.
func finite(t *testing.T, name string, b []byte) {
	t.Helper()
	n := binary.LittleEndian.Uint32(b[12:])
	bin := b[20+n+8:]
	type view struct {
		Buffer, ByteOffset, ByteLength, ByteStride, Count int
		Mode, Filter                                      string
	}
	var doc struct {
		Accessors []struct {
			BufferView    *int
			ComponentType int
			Min, Max      []float64
		}
		BufferViews []struct {
			view
			Extensions struct {
				M *view `json:"EXT_meshopt_compression"`
			}
		}
	}
	if err := json.Unmarshal(b[20:20+n], &doc); err != nil { // JSON has no NaN
		t.Fatalf("%s: %v", name, err)
	}
	seen := map[int]bool{}
	for _, a := range doc.Accessors {
		if a.BufferView == nil || a.ComponentType != 5126 || seen[*a.BufferView] {
			continue
		}
		seen[*a.BufferView] = true
		v := doc.BufferViews[*a.BufferView]
		var raw []byte
		value := math.Float32frombits
		if m := v.Extensions.M; m != nil {
			rows, err := meshopt.DecodeAttributes(bin[m.ByteOffset:m.ByteOffset+m.ByteLength], m.Count, m.ByteStride)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if raw = rows; m.Filter == "EXPONENTIAL" {
				value = meshopt.Float
			}
		} else {
			raw = bin[v.ByteOffset : v.ByteOffset+v.ByteLength]
		}
		for i := 0; i+4 <= len(raw); i += 4 {
			if x := float64(value(binary.LittleEndian.Uint32(raw[i:]))); math.IsNaN(x) || math.Abs(x) > 1e7 {
				t.Errorf("%s: %v in a buffer view", name, x)
				return
			}
		}
	}
}
