package rest

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/twin"
)

// Limits between the classes of a histogram, from each one to below the next: depth and diameter in metres, years of installation.
var (
	depthLimits    = []float64{math.Inf(-1), 0.5, 1, 1.5, 2, 3, 5}
	diameterLimits = []float64{0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2}
	yearLimits     = []float64{math.Inf(-1), 1980, 1990, 2000, 2005, 2010, 2015, 2020}
)

// otherMaterial is the class of materials that the catalog has no code for.
const otherMaterial = "other"

type classJSON struct {
	Code  string   `json:"code,omitempty"`
	From  *float64 `json:"from,omitempty"`
	To    *float64 `json:"to,omitempty"`
	Count int      `json:"count"`
}

type histogramJSON struct {
	By       string      `json:"by"`
	Revision uint64      `json:"revision"`
	Total    int         `json:"total"`
	Unknown  int         `json:"unknown"`
	Classes  []classJSON `json:"classes"`
}

// classing says into which class a line falls, −1 where it is not known.
type classing struct {
	classes []classJSON
	of      func(r twin.Record) int
}

// Histogram answers GET /histogram: how many lines of the installation, or of a box, there are of each class.
func (a *API) Histogram(c *gin.Context) error {
	s, _, err := a.Snapshot(c)
	if err != nil {
		return err
	}
	harmless(c) // it counts
	f, err := a.filterOf(c, s)
	if err != nil {
		return err
	}
	f.kind, f.words = "", nil
	by := c.Query("by")
	k, ok := classingOf(by, s.Catalog())
	if !ok {
		return badQuery("by", by, "depth, diameter, age, material, quality or network")
	}
	if f.box != nil && s.Len() > 0 && f.box.Min.E <= s.Extent().Min.E && f.box.Min.N <= s.Extent().Min.N && f.box.Max.E >= s.Extent().Max.E && f.box.Max.N >= s.Extent().Max.N {
		f.box = nil // all of it, which is kept
	}
	key := fmt.Sprintf("%d %s %s %v", s.Revision(), by, f.network, f.box)
	if f.box != nil {
		key = fmt.Sprintf("%d %s %s %v", s.Revision(), by, f.network, *f.box)
	}
	if v := s.Sight(); v != nil {
		key += " " + v.Key
	}
	body, err := a.histograms.Get(key, func() ([]byte, error) { return json.Marshal(k.count(s, f, by)) })
	if err != nil {
		return err
	}
	return a.sendJSON(c, body)
}

// count puts every line that the filter keeps into its class, on every core.
func (k classing) count(s *twin.Snapshot, f *filter, by string) histogramJSON {
	var handles []twin.Handle
	take := func(r twin.Record) bool {
		if r.Kind().IsLine() {
			handles = append(handles, r.Handle())
		}
		return true
	}
	if f.box == nil {
		handles = make([]twin.Handle, 0, s.Len())
		s.All(take)
	} else {
		s.In(*f.box, take)
	}
	n := len(k.classes)
	parts := make([][]int, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for i := range parts {
		done.Go(func() {
			sums := make([]int, n+1)
			for _, h := range handles[i*len(handles)/len(parts) : (i+1)*len(handles)/len(parts)] {
				if r := s.Record(h); f.keep(r) {
					sums[k.of(r)+1]++
				}
			}
			parts[i] = sums
		})
	}
	done.Wait()
	j := histogramJSON{By: by, Revision: s.Revision(), Classes: append([]classJSON{}, k.classes...)}
	for _, sums := range parts {
		j.Unknown += sums[0]
		for i := range j.Classes {
			j.Classes[i].Count += sums[i+1]
		}
	}
	j.Total = j.Unknown
	for _, x := range j.Classes {
		j.Total += x.Count
	}
	return j
}

func classingOf(by string, cat *twin.Catalog) (classing, bool) {
	switch by {
	case "depth":
		return limited(depthLimits, twin.Record.MinCover), true
	case "diameter":
		return limited(diameterLimits, func(r twin.Record) float64 {
			if s := r.Section(); s.Known() {
				return s.Width
			}
			return twin.Unknown()
		}), true
	case "age":
		return limited(yearLimits, func(r twin.Record) float64 {
			if y := twin.YearOf(r.Installed()); y > 0 {
				return float64(y)
			}
			return twin.Unknown()
		}), true
	case "material":
		return materials(cat), true
	case "quality":
		return coded([]string{"A", "B", "C", "D"}, func(r twin.Record) string { return r.Level().String() }), true
	case "network":
		codes := make([]string, 0, len(cat.Layers()))
		for _, n := range cat.Layers() {
			codes = append(codes, n.Code)
		}
		return coded(codes, twin.Record.Layer), true
	}
	return classing{}, false
}

// materials are the catalog's, and at the end all that only a source has a word for.
func materials(cat *twin.Catalog) classing {
	codes, known := []string{}, map[string]bool{}
	for _, m := range cat.Materials() {
		if twin.MaterialIsKnown(m.Code) {
			codes = append(codes, m.Code)
			known[m.Code] = true
		}
	}
	return coded(append(codes, otherMaterial), func(r twin.Record) string {
		m := r.Material()
		if twin.MaterialIsKnown(m) && !known[m] {
			return otherMaterial
		}
		return m
	})
}

// limited are classes of numbers: each from its limit to below the next.
func limited(limits []float64, value func(r twin.Record) float64) classing {
	k := classing{of: func(r twin.Record) int {
		v := value(r)
		i := len(limits) - 1
		for i >= 0 && !(v >= limits[i]) { // not known: NaN is at least nothing
			i--
		}
		return i
	}}
	for i, l := range limits {
		c := classJSON{}
		if !math.IsInf(l, -1) {
			c.From = exact(l)
		}
		if i+1 < len(limits) {
			c.To = exact(limits[i+1])
		}
		k.classes = append(k.classes, c)
	}
	return k
}

// coded are classes of words; a word that is none of them is not known.
func coded(codes []string, value func(r twin.Record) string) classing {
	at := make(map[string]int, len(codes))
	k := classing{of: func(r twin.Record) int {
		if i, ok := at[value(r)]; ok {
			return i
		}
		return -1
	}}
	for i, c := range codes {
		at[c] = i
		k.classes = append(k.classes, classJSON{Code: c})
	}
	return k
}
