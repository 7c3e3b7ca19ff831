package limit_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/server/limit"
)

func box(e0, n0, e1, n1 float64) geometry.Box {
	return geometry.Box{Min: geometry.Point{E: e0, N: n0}, Max: geometry.Point{E: e1, N: n1}}
}

func areaOf(boxes ...geometry.Box) (a limit.Area) {
	for _, b := range boxes {
		a.AddBox(b)
	}
	return a
}

var planner = limit.Who{Role: "planner", User: "p"}

// TestUnion compares the union of boxes and lines with cells counted one by one, with a limit that some of them break.
func TestUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 3000).Draw(t, "most")
		a := limit.NewAreas(limit.AreaOptions{Quotas: limit.Quotas{"planner": float64(most) * limit.CellArea}})
		seen := map[[2]int]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "requests") {
			var area limit.Area
			add := map[[2]int]bool{}
			for range rapid.IntRange(0, 4).Draw(t, "boxes") {
				e := rapid.Float64Range(-3000, 3000).Draw(t, "e")
				n := rapid.Float64Range(4e6, 4e6+3000).Draw(t, "n")
				w, h := rapid.Float64Range(0, 2500).Draw(t, "w"), rapid.Float64Range(0, 2500).Draw(t, "h")
				area.AddBox(box(e, n, e+w, n+h))
				for x := int(math.Floor(e / 100)); x <= int(math.Floor((e+w)/100)); x++ {
					for y := int(math.Floor(n / 100)); y <= int(math.Floor((n+h)/100)); y++ {
						add[[2]int{x, y}] = true
					}
				}
			}
			more := 0
			for c := range add {
				if !seen[c] {
					more++
				}
			}
			err := a.Show(planner, area)
			if beyond := len(seen)+more > most && more > 0; (err != nil) != beyond {
				t.Fatalf("%d cells and %d more of %d: %v", len(seen), more, most, err)
			}
			if err == nil {
				for c := range add {
					seen[c] = true
				}
			}
			if u, err := a.Use(planner); err != nil || math.Abs(u.Used-float64(len(seen))*limit.CellArea) > 1e-9 {
				t.Fatalf("%v %v, want %d cells", u, err, len(seen))
			}
		}
	})
}

// TestSmallRequests empties a quota with boxes of a metre, and with one larger than the earth.
func TestSmallRequests(t *testing.T) {
	a := limit.NewAreas(limit.AreaOptions{Quotas: limit.Quotas{"planner": 1}})
	n := 0
	for i := range 1000 {
		e := float64(i) * 100
		if err := a.Show(planner, areaOf(box(e+50, 50, e+51, 51))); err == nil {
			n++
		}
	}
	if n != 100 {
		t.Errorf("%d cells of a metre each were shown, want the 100 of one square kilometre", n)
	}
	if err := a.Show(planner, areaOf(box(250, 50, 250.5, 50.5))); err != nil {
		t.Errorf("what was shown already: %v", err)
	}
	for _, b := range []geometry.Box{box(-1e9, -1e9, 1e9, 1e9), box(math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)), box(-1e300, 0, 1e300, 1)} {
		if err := a.Show(planner, areaOf(b)); err == nil {
			t.Errorf("%v was shown", b)
		}
	}
	if err := a.Show(planner, areaOf(geometry.EmptyBox())); err != nil {
		t.Errorf("nothing: %v", err)
	}
	var line limit.Area
	line.AddLine([]geometry.Point{{E: 0, N: 20_000}, {E: 1000, N: 20_000}})
	b := limit.NewAreas(limit.AreaOptions{Quotas: limit.Quotas{"planner": 1}})
	if err := b.Show(planner, line); err != nil {
		t.Fatal(err)
	}
	if u, _ := b.Use(planner); math.Abs(u.Used-0.11) > 1e-9 {
		t.Errorf("a line of a kilometre along a cell's edge covers %v km², want 0.11", u.Used)
	}
}

// TestDay ends the day at the midnight of the zone, keeps it over a restart, and each user's apart.
func TestDay(t *testing.T) {
	zone := time.FixedZone("+08:00", 8*3600)
	now := time.Date(2026, 5, 1, 15, 59, 0, 0, time.UTC) // 23:59 there
	dir := t.TempDir()
	open := func() *limit.Areas {
		t.Helper()
		a, err := limit.OpenAreas(t.Context(), dir, limit.AreaOptions{Zone: zone, Quotas: limit.Quotas{"planner": 0.02, "admin": math.Inf(1)}, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := open()
	if err := a.Show(planner, areaOf(box(1, 1, 101, 2))); err != nil {
		t.Fatal(err)
	}
	var beyond *limit.BeyondError
	if err := a.Show(planner, areaOf(box(1, 501, 2, 502))); !errors.As(err, &beyond) || beyond.Used != 0.02 || beyond.Limit != 0.02 || beyond.Ends.UTC() != time.Date(2026, 5, 1, 16, 0, 0, 0, time.UTC) {
		t.Errorf("%v %+v", err, beyond)
	}
	if err := a.Show(limit.Who{Role: "planner", User: "another"}, areaOf(box(1, 501, 2, 502))); err != nil {
		t.Errorf("another user: %v", err)
	}
	if err := a.Show(limit.Who{Role: "admin", User: "root"}, areaOf(box(0, 0, 1e7, 1e7))); err != nil {
		t.Errorf("without a limit: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = open()
	if u, err := a.Use(planner); err != nil || u.Used != 0.02 {
		t.Errorf("after a restart: %+v %v", u, err)
	}
	if err := a.Show(planner, areaOf(box(1, 501, 2, 502))); err == nil {
		t.Error("a restart gives a new quota")
	}
	now = now.Add(time.Minute)
	if err := a.Show(planner, areaOf(box(1, 501, 2, 502))); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if u, err := a.Use(planner); err != nil || u.Used != 0.01 {
		t.Errorf("the next day: %+v %v", u, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFlush writes while it runs: another process that opens the file then sees it.
func TestFlush(t *testing.T) {
	dir := t.TempDir()
	a, err := limit.OpenAreas(t.Context(), dir, limit.AreaOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, 10*time.Millisecond, nil) }()
	if err := a.Show(planner, areaOf(box(1, 1, 2, 2))); err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		b, err := limit.OpenAreas(t.Context(), dir, limit.AreaOptions{})
		if err != nil {
			t.Fatal(err)
		}
		u, err := b.Use(planner)
		if err := errors.Join(err, b.Close()); err != nil {
			t.Fatal(err)
		}
		if u.Used > 0 {
			break
		}
		if i == 200 {
			t.Fatal("nothing is written")
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := errors.Join(<-done, a.Close()); err != nil {
		t.Error(err)
	}
}

// TestTiles makes the area of a tile again only when it shows something else.
func TestTiles(t *testing.T) {
	a := limit.NewAreas(limit.AreaOptions{Quotas: limit.Quotas{"planner": 0.01}})
	made := 0
	show := func(name string, state int, b geometry.Box) error {
		return a.ShowTile(planner, name, state, func() limit.Area {
			made++
			return areaOf(b)
		})
	}
	first, second := box(1, 1, 2, 2), box(501, 1, 502, 2)
	for i, s := range []struct {
		name  string
		state int
		box   geometry.Box
		made  int
		ok    bool
	}{{"a", 1, first, 1, true}, {"a", 1, first, 1, true}, {"a", 2, first, 2, true}, {"b", 1, second, 3, false}, {"b", 1, second, 4, false}, {"a", 3, second, 5, false}, {"a", 2, first, 5, true}} {
		if err := show(s.name, s.state, s.box); (err == nil) != s.ok || made != s.made {
			t.Errorf("step %d: %v, made %d times", i, err, made)
		}
	}
}

func TestQuotas(t *testing.T) {
	for text, ok := range map[string]bool{"planner=30": true, "contractor=none": true, "public=0": true, " planner = 2.5": true, "planner": false, "king=3": false, "planner=-1": false, "planner=NaN": false, "planner=Inf": false, "": false} {
		if err := limit.StandardQuotas().Set(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

type tileName struct {
	layer string
	x, y  int
}

// BenchmarkShowTile is what a tile that was shown already costs.
func BenchmarkShowTile(b *testing.B) {
	a := limit.NewAreas(limit.AreaOptions{})
	names := make([]tileName, 1000)
	for i := range names {
		names[i] = tileName{fmt.Sprint("JS", i%9), i, i / 2}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if err := a.ShowTile(planner, names[i%1000], struct{ p *int }{}, func() limit.Area { return areaOf(box(0, 0, 600, 600)) }); err != nil {
			b.Fatal(err)
		}
	}
}
