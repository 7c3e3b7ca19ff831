package server_test

import (
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/undercity/undercity/twin"
)

type histogram struct {
	By             string
	Revision       uint64
	Total, Unknown int
	Classes        []struct {
		Code     string
		From, To *float64
		Count    int
	}
}

func (c *city) histogram(query string) histogram {
	c.t.Helper()
	a := c.do(request{path: "/api/v1/histogram?" + query, as: "planner"})
	if a.status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	var h histogram
	a.json(c.t, &h)
	return h
}

// TestHistogram counts the assets of a city again, one by one, by what the decoded asset says.
func TestHistogram(t *testing.T) {
	c := newCity(t, 400)
	c.lay(map[string]any{"id": "JS-x", "kind": "segment", "network": "JS", "material": "木", "line": [][]float64{{0, 0, -2}, {3, 0, -2}}})
	s := c.twin.Snapshot()
	number := map[string]func(a *twin.Asset) float64{
		"depth": func(a *twin.Asset) float64 { return a.MinCover() },
		"diameter": func(a *twin.Asset) float64 {
			if !a.Section.Known() {
				return math.NaN()
			}
			return a.Section.Width
		},
		"age": func(a *twin.Asset) float64 {
			if y := twin.YearOf(a.Installed); y > 0 {
				return float64(y)
			}
			return math.NaN()
		},
	}
	word := map[string]func(a *twin.Asset) string{
		"material": func(a *twin.Asset) string { return a.Material },
		"quality":  func(a *twin.Asset) string { return a.Quality.Level.String() },
		"network":  func(a *twin.Asset) string { return s.Catalog().Layer(a.Network) },
	}
	count := func(h histogram, keep func(a *twin.Asset) bool) (counts []int, unknown int) {
		counts = make([]int, len(h.Classes))
		for r := range s.All {
			a := r.Asset()
			if !a.Kind.IsLine() || !keep(a) {
				continue
			}
			found := -1
			for i, k := range h.Classes {
				if f := number[h.By]; f != nil {
					if v := f(a); v >= or(k.From, math.Inf(-1)) && v < or(k.To, math.Inf(1)) {
						found = i
					}
				} else if w := word[h.By](a); w == k.Code || k.Code == "other" && w == "木" {
					found = i
				}
			}
			if found < 0 {
				unknown++
			} else {
				counts[found]++
			}
		}
		return counts, unknown
	}
	some := false
	for _, by := range []string{"depth", "diameter", "age", "material", "quality", "network"} {
		for _, q := range []string{"", "&network=WS"} {
			h := c.histogram("by=" + by + q)
			counts, unknown := count(h, func(a *twin.Asset) bool { return q == "" || a.Network == "WS" })
			total := unknown
			for i, k := range h.Classes {
				if total += counts[i]; k.Count != counts[i] {
					t.Errorf("%s%s class %d: %d, want %d", by, q, i, k.Count, counts[i])
				}
			}
			if h.By != by || h.Unknown != unknown || h.Total != total || total == 0 || h.Revision != s.Revision() {
				t.Errorf("%s%s: %+v, want %d unknown of %d", by, q, h, unknown, total)
			}
			some = some || unknown > 0
		}
	}
	if !some {
		t.Error("nothing is unknown in this city, so the test shows too little")
	}
	e := s.Frame().Degrees(s.Extent())
	half := c.histogram(fmt.Sprintf("by=network&bbox=%f,%f,%f,%f", e[0], e[1], (e[0]+e[2])/2, e[3]))
	all := c.histogram(fmt.Sprintf("by=network&bbox=%f,%f,%f,%f", e[0]-1, e[1]-1, e[2]+1, e[3]+1))
	if half.Total == 0 || half.Total >= all.Total || all.Total != c.histogram("by=network").Total {
		t.Errorf("half of the city: %d of %d", half.Total, all.Total)
	}
	for q, want := range map[string]int{"": 400, "by=colour": 400, "by=age&bbox=1,2": 400, "by=age&network=??": 400, "by=age&asOf=99": 404} {
		if a := c.do(request{path: "/api/v1/histogram?" + q, as: "planner"}); a.status != want {
			t.Errorf("%s: %d", q, a.status)
		}
	}
}

func or(p *float64, v float64) float64 {
	if p == nil {
		return v
	}
	return *p
}

// BenchmarkHistogram asks a running server (scripts/bench.sh) for the histograms of its whole city, each for the first time and again.
func BenchmarkHistogram(b *testing.B) {
	r := runningServer(b)
	ask := func(query string) time.Duration {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, r.url+"/api/v1/histogram?"+query, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+r.token)
		start := time.Now()
		res, err := r.client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res.Status, err)
		}
		return time.Since(start)
	}
	for b.Loop() {
		for _, by := range []string{"depth", "age", "material", "network"} {
			b.ReportMetric(ask("by="+by).Seconds()*1e3, by+"-first-ms")
			b.ReportMetric(ask("by="+by).Seconds()*1e3, by+"-kept-ms")
		}
	}
}
