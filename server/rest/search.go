package rest

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

type hitJSON struct {
	Type    string      `json:"type"`
	ID      string      `json:"id"`
	Label   string      `json:"label"`
	LabelEN string      `json:"labelEn,omitempty"`
	Detail  string      `json:"detail,omitempty"`
	Network string      `json:"network,omitempty"`
	Lon     float64     `json:"lon"`
	Lat     float64     `json:"lat"`
	Height  number      `json:"height"`
	BBox    *[4]float64 `json:"bbox,omitempty"`
}

// Search answers GET /search: networks, streets, places and assets whose name, number or ID holds the words.
func (a *API) Search(c *gin.Context) error {
	limit, err := limitOf(c, 10, 50)
	if err != nil {
		return err
	}
	q := strings.ToLower(strings.TrimSpace(c.Query("q")))
	if len(q) > 200 {
		return badQuery("q", q, "at most 200 bytes")
	}
	list := listJSON[hitJSON]{Items: []hitJSON{}}
	s, _, err := a.Snapshot(c)
	if err != nil {
		return err
	}
	if q != "" && s.Frame() != nil {
		list.Items = append(list.Items, a.searchNetworks(s, q)...)
		list.Items = append(list.Items, a.searchBase(s.Frame(), q)...)
		list.Items = append(list.Items, searchAssets(s, q, limit)...)
		list.Items = list.Items[:min(limit, len(list.Items))]
	}
	if err := a.reads(c, s, hitRecords(s, list.Items)...); err != nil {
		return err
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// hitRecords are the assets among the hits of a search.
func hitRecords(s *twin.Snapshot, hits []hitJSON) (list []twin.Record) {
	for i := range hits {
		if hits[i].Type != "asset" {
			continue
		}
		if r, ok := s.Find(hits[i].ID); ok {
			list = append(list, r)
		}
	}
	return list
}

func (a *API) searchNetworks(s *twin.Snapshot, q string) (hits []hitJSON) {
	for _, n := range s.Catalog().Layers() {
		if strings.ToLower(n.Code) == q || strings.Contains(n.NameZH, q) || strings.Contains(n.NameEN, q) {
			h := hitJSON{Type: "network", ID: n.Code, Label: n.NameZH, LabelEN: n.NameEN, Detail: n.Code, Network: n.Code}
			m := s.Extent().Center()
			h.Lon, h.Lat = s.Frame().LonLat(m.E, m.N)
			h.Height = number(m.H)
			hits = append(hits, h)
		}
	}
	return hits
}

func (a *API) searchBase(f *crs.Frame, q string) (hits []hitJSON) {
	b := a.o.Twin.Base()
	has := func(names ...string) bool {
		for _, n := range names {
			if strings.Contains(strings.ToLower(n), q) {
				return true
			}
		}
		return false
	}
	for _, s := range b.Streets {
		if len(hits) < 20 && len(s.Line) > 1 && has(s.Name, s.NameEN) {
			box := geometry.BoxOf(s.Line...)
			d := f.Degrees(box)
			m := s.Line[len(s.Line)/2]
			h := hitJSON{Type: "street", ID: s.Name, Label: s.Name, LabelEN: s.NameEN, Detail: s.Class, Height: number(m.H), BBox: &d}
			h.Lon, h.Lat = f.LonLat(m.E, m.N)
			hits = append(hits, h)
		}
	}
	for _, p := range b.Places {
		if len(hits) < 40 && has(p.Name, p.NameEN) {
			h := hitJSON{Type: "place", ID: p.Name, Label: p.Name, LabelEN: p.NameEN, Detail: p.Class, Height: number(p.At.H)}
			h.Lon, h.Lat = f.LonLat(p.At.E, p.At.N)
			hits = append(hits, h)
		}
	}
	return hits
}

// searchAssets finds the exact ID, then IDs that begin so, then what holds the words.
func searchAssets(s *twin.Snapshot, q string, limit int) (hits []hitJSON) {
	seen := map[string]bool{}
	add := func(r twin.Record) {
		if id := r.ID(); !seen[id] {
			seen[id] = true
			hits = append(hits, hitOf(s, r))
		}
	}
	upper := strings.ToUpper(q)
	if r, ok := s.Find(upper); ok {
		add(r)
	}
	if len(hits) == limit {
		return hits
	}
	page, _ := s.Page(upper, limit, nil)
	for _, r := range page {
		if strings.HasPrefix(r.ID(), upper) {
			add(r)
		}
	}
	if len(hits) >= limit {
		return hits
	}
	for _, r := range s.Holding(twin.NewWords(q), limit) {
		add(r)
	}
	return hits
}

func hitOf(s *twin.Snapshot, r twin.Record) hitJSON {
	a := r.Asset()
	n, _ := s.Catalog().Network(a.Network)
	m := r.Middle()
	d := s.Frame().Degrees(r.Box())
	h := hitJSON{Type: "asset", ID: a.ID, Label: a.ID, LabelEN: a.ID, Detail: strings.TrimSpace(n.NameZH + " " + a.Road), Network: r.Layer(), Height: number(m.H), BBox: &d}
	h.Lon, h.Lat = s.Frame().LonLat(m.E, m.N)
	return h
}
