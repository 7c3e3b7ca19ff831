package server_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
)

// TestFlags stores lines that are odd but can be drawn, and asks what is said of each: in the answer to the change, in the asset and where it is drawn.
func TestFlags(t *testing.T) {
	c := newCity(t, 200)
	pipe := func(id string, line ...[]float64) map[string]any {
		return map[string]any{"id": id, "kind": "segment", "network": "YS", "line": line, "section": map[string]any{"shape": "circle", "diameter": 0.6}}
	}
	high := pipe("YS-high", []float64{0, 30, 3}, []float64{9, 30, 3})
	high["ground"] = []float64{3.1, 3.1}
	over := pipe("YS-over", []float64{0, 60, 90}, []float64{9, 60, 90})
	c.lay(over, pipe("YS-none", []float64{0, 0, -3}, []float64{0, 0, -3}), pipe("YS-back", []float64{0, 10, -3}, []float64{9, 10, -3}, []float64{4, 10, -3}),
		pipe("YS-up", []float64{0, 20, -3}, []float64{0, 20, -7}, []float64{5, 20, -7}), high, pipe("YS-plain", []float64{0, 40, -3}, []float64{9, 44, -3}, []float64{9, 50, -3}))
	for id, want := range map[string]string{"YS-none": "[noLength]", "YS-back": "[turnsBack]", "YS-up": "[upright]", "YS-high": "[aboveGround]", "YS-over": "[aboveGround]", "YS-plain": "<nil>"} {
		a := c.asset(id)
		if got := fmt.Sprint(a["flags"]); got != want {
			t.Errorf("%s: flags %s, want %s", id, got, want)
		}
		if assumed := fmt.Sprint(a["assumed"]); strings.Contains(assumed, "length") != (id == "YS-none") {
			t.Errorf("%s: assumed %s", id, assumed)
		}
	}
	p := c.parts("YS-none", "")
	if len(p.Items) != 1 || math.Abs(p.Items[0].Volume-math.Pi*0.09*0.6) > 0.02 {
		t.Errorf("what has no length is drawn as long as it is wide, not as %+v", p.Items)
	}
	if a := c.do(request{path: "/api/v1/assets/YS-none/model.glb", as: "planner"}); a.status != http.StatusOK {
		t.Errorf("no model of what has no length: %d %s", a.status, a.body)
	}
	a := c.asset("YS-high")
	answer := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "admin", headers: map[string]string{"Accept-Language": "zh-CN"},
		body: map[string]any{"changes": []any{map[string]any{"op": "update", "asset": a, "version": a["version"]}}}})
	var said struct {
		Notes []struct{ Pointer, Detail string }
	}
	answer.json(t, &said)
	if len(said.Notes) != 1 || said.Notes[0].Pointer != "/changes/0/asset" || !han.MatchString(said.Notes[0].Detail) {
		t.Errorf("the change of what lies above the ground is answered with %s", answer.body)
	}
}

// TestPartsBounds asks for the parts of an asset that has more than an answer may hold, and of one with more openings than holes are cut.
func TestPartsBounds(t *testing.T) {
	c := newCity(t, 200)
	tubes := many(3000, func(i int) object {
		return object{"across": float64(i)*0.019 - 28, "shape": "circle", "width": 0.01, "height": 0.01, "wall": 0.004}
	})
	c.lay(map[string]any{"id": "SD-many", "kind": "tunnel", "network": "SD", "line": [][]float64{{0, 0, -9}, {30, 0, -9}}, "section": map[string]any{"shape": "circle", "diameter": 0.01, "tubes": tubes}},
		map[string]any{"id": "DL-ducts", "kind": "segment", "network": "DL", "line": [][]float64{{0, 60, -3}, {30, 60, -3}}, "section": object{"shape": "ductBank", "width": 1, "height": 1},
			"structure": object{"pipe": object{"holes": many(300, func(i int) object {
				return object{"x": float64(i%20)*0.048 - 0.47, "y": float64(i/20)*0.048 - 0.47, "diameter": 0.04}
			})}}},
		map[string]any{"id": "YS-holes", "kind": "chamber", "network": "YS", "at": []float64{0, 90, 4}, "bottom": 1, "section": map[string]any{"shape": "circle", "diameter": 1.2},
			"structure": object{"chamber": object{"lid": round(0.7), "wall": 0.2, "openings": many(1000, func(i int) object {
				return object{"bearing": i * 7 % 360, "invert": 1 + float64(i%25)/10, "diameter": 0.05}
			})}}})
	const most = 3 << 20 // bytes
	cursor, pages, parts := "", 0, 0
	var first partAnswer
	for {
		a := c.do(request{path: "/api/v1/assets/SD-many/parts?limit=1000&cursor=" + cursor, as: "planner"})
		if a.status != http.StatusOK || len(a.body) > most {
			t.Fatalf("page %d: %d, %d bytes", pages, a.status, len(a.body))
		}
		var p partAnswer
		a.json(t, &p)
		if pages++; pages == 1 {
			first = p
		} else if p.Section != nil {
			t.Errorf("page %d has the section again", pages)
		}
		parts += len(p.Items)
		if p.Next == nil || pages > 100 {
			break
		}
		cursor = *p.Next
	}
	if n := parts + first.LeftOut.Parts; pages < 2 || n != 3000 {
		t.Errorf("%d pages of %d parts and %d left out", pages, parts, first.LeftOut.Parts)
	}
	if n := len(first.Section) + first.LeftOut.Profiles; len(first.Section) < 100 || n != 3000 {
		t.Errorf("%d profiles and %d left out", len(first.Section), first.LeftOut.Profiles)
	}
	if p := c.parts("DL-ducts", ""); p.LeftOut.Profiles != 300 || p.Items[len(p.Items)-1].Count != 300 {
		t.Errorf("the bank of 300 ducts: %+v", p.LeftOut)
	}
	if n := c.parts("YS-holes", "").LeftOut.Openings; n < 500 || n >= 1000 {
		t.Errorf("of 1000 openings %d are said to have no hole", n)
	}
}
