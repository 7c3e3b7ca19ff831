package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestStructuresOverTheWire creates one asset of each structure, reads it, and puts it back unchanged.
func TestStructuresOverTheWire(t *testing.T) {
	c := newCity(t, 200)
	s := c.twin.Snapshot()
	m := s.Extent().Center()
	lon, lat := s.Frame().LonLat(m.E, m.N)
	line := map[string]any{"type": "LineString", "coordinates": [][]float64{{lon, lat, -8}, {lon + 0.001, lat, -8.5}}}
	point := map[string]any{"type": "Point", "coordinates": []float64{lon, lat, 4}}
	ring := map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{lon, lat, 4}, {lon + 0.0005, lat, 4}, {lon + 0.0005, lat + 0.0005, 4}, {lon, lat, 4}}}}
	box := map[string]any{"shape": "rectangle", "width": 6, "height": 3, "wall": 0.4}
	with := func(sec map[string]any, key string, v any) map[string]any {
		out := map[string]any{key: v}
		for k, x := range sec {
			out[k] = x
		}
		return out
	}
	for kind, asset := range map[string]map[string]any{
		"segment": {"geometry": line, "section": map[string]any{"shape": "ductBank", "width": 0.5, "height": 0.4, "cols": 2, "rows": 1},
			"structure": map[string]any{"pipe": map[string]any{"holes": []any{map[string]any{"x": -0.1, "y": 0, "diameter": 0.11}}}}},
		"chamber": {"geometry": point, "bottom": 1.5, "section": map[string]any{"shape": "circle", "diameter": 1.2},
			"structure": map[string]any{"chamber": map[string]any{"lid": map[string]any{"round": true, "width": 0.7}, "layers": []any{map[string]any{"plan": map[string]any{"round": true, "width": 1.2}}}}}},
		"gallery": {"geometry": line, "section": with(box, "compartments", []any{map[string]any{"name": "电力舱", "left": -2.8, "floor": -1.5, "width": 2.4, "height": 3}}),
			"structure": map[string]any{"gallery": map[string]any{"fireDoors": []float64{20}}}},
		"tunnel": {"geometry": line, "section": with(box, "tubes", []any{map[string]any{"across": -7, "shape": "circle", "width": 5.5, "height": 5.5, "wall": 0.35}})},
		"bridge": {"geometry": line, "structure": map[string]any{"bridge": map[string]any{"deck": map[string]any{"width": 12, "thickness": 0.4}}}},
		"zone":   {"geometry": ring, "structure": map[string]any{"space": map[string]any{"storeys": []any{map[string]any{"name": "B1", "floor": 0.2, "ceiling": 3.4}}}}},
		"solid": {"geometry": ring, "structure": map[string]any{"solid": map[string]any{"vertices": [][]float64{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
			"faces": [][]int{{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}}}}},
	} {
		t.Run(kind, func(t *testing.T) {
			id := "ZH-" + kind
			asset["id"], asset["kind"], asset["network"] = id, kind, "ZH"
			if a := c.change(map[string]any{"op": "create", "asset": asset}); a.status != http.StatusOK {
				t.Fatalf("%d %s", a.status, a.body)
			}
			got := c.asset(id)
			if got["structure"] == nil && kind != "tunnel" {
				t.Errorf("%v", got)
			}
			if sec, _ := got["section"].(map[string]any); kind == "gallery" && len(sec["compartments"].([]any)) != 1 || kind == "tunnel" && len(sec["tubes"].([]any)) != 1 {
				t.Errorf("%v", sec)
			}
			if a := c.change(map[string]any{"op": "update", "asset": got, "version": 1}); a.status != http.StatusOK {
				t.Fatalf("update: %d %s", a.status, a.body)
			}
			after := c.asset(id)
			for _, k := range []string{"section", "structure", "geometry"} {
				x, _ := json.Marshal(got[k])
				y, _ := json.Marshal(after[k])
				if string(x) != string(y) {
					t.Errorf("%s changed on the way there and back: %s, %s", k, x, y)
				}
			}
		})
	}
	for pointer, asset := range map[string]map[string]any{
		"/changes/0/asset/section/compartments/0/width": {"kind": "gallery", "geometry": line, "section": with(box, "compartments", []any{map[string]any{"left": -2, "floor": -1, "width": 0, "height": 2}})},
		"/changes/0/asset/section/tubes/0/shape":        {"kind": "tunnel", "geometry": line, "section": with(box, "tubes", []any{map[string]any{"across": 0, "shape": "heart", "width": 2, "height": 2}})},
		"/changes/0/asset/structure/solid/faces":        {"kind": "solid", "geometry": ring, "structure": map[string]any{"solid": map[string]any{"vertices": [][]float64{{0, 0, 0}}, "faces": [][]int{{0, 0, 0}}}}},
		"/changes/0/asset":                              {"kind": "chamber", "geometry": point, "structure": map[string]any{"bridge": map[string]any{"deck": map[string]any{"width": 12, "thickness": 0.4}}}},
	} {
		asset["id"], asset["network"] = "ZH-bad", "ZH"
		a := c.change(map[string]any{"op": "create", "asset": asset})
		if a.status != http.StatusUnprocessableEntity || len(a.problem.Errors) == 0 || !strings.HasPrefix(a.problem.Errors[0].Pointer, pointer) {
			t.Errorf("%s: %d %s", pointer, a.status, a.body)
		}
	}
}
