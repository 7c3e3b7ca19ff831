package rest

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// sendJSON answers with a body that was made before, compressed where the client takes it.
func (a *API) sendJSON(c *gin.Context, body []byte) error {
	h := fnv.New64a()
	h.Write(body)
	tag := fmt.Sprintf(`W/"%016x"`, h.Sum64())
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Accept-Encoding")
	if Fresh(c, tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	if len(body) > 1400 && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := w.Write(body); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		c.Header("Content-Encoding", "gzip")
		body = out.Bytes()
	}
	c.Data(http.StatusOK, "application/json", body)
	return nil
}

// filter is what a search asks for.
type filter struct {
	box     *geometry.Box
	network string
	kind    string
	words   *twin.Words // nil: any
}

func (f *filter) keep(r twin.Record) bool {
	if f.network != "" && r.Network() != f.network && r.Layer() != f.network {
		return false
	}
	if f.kind != "" && r.Kind().String() != f.kind {
		return false
	}
	if f.box != nil && !r.Box().IntersectsPlan(*f.box) {
		return false
	}
	return f.words == nil || f.words.In(r)
}

func (a *API) filterOf(c *gin.Context, s *twin.Snapshot) (*filter, error) {
	f := &filter{network: c.Query("network"), kind: c.Query("kind")}
	if q := strings.TrimSpace(c.Query("q")); len(q) > 200 {
		return nil, badQuery("q", q, "at most 200 bytes")
	} else if q != "" {
		f.words = twin.NewWords(q)
	}
	if f.kind != "" {
		if _, ok := twin.ParseKind(f.kind); !ok {
			return nil, badQuery("kind", f.kind, "a kind of the catalog")
		}
	}
	if f.network != "" {
		if _, ok := s.Catalog().Network(f.network); !ok {
			return nil, badQuery("network", f.network, "a code of the catalog")
		}
	}
	if text := c.Query("bbox"); text != "" {
		d, err := bboxOf(text)
		if err != nil {
			return nil, err
		}
		if s.Frame() != nil {
			b, err := s.Frame().PlaneBox(d)
			if err != nil {
				return nil, badQuery("bbox", text, "a box in the area of the installation")
			}
			f.box = &b
		}
	}
	return f, nil
}

func bboxOf(text string) (crs.Box, error) {
	d, err := crs.ParseBox(text)
	if err != nil || !math.IsInf(d.High, 1) {
		return d, badQuery("bbox", text, "west,south,east,north in degrees")
	}
	return d, nil
}

// Assets answers GET /assets.
func (a *API) Assets(c *gin.Context) error {
	s, _, err := a.Snapshot(c)
	if err != nil {
		return err
	}
	f, err := a.filterOf(c, s)
	if err != nil {
		return err
	}
	limit, err := limitOf(c, 100, 1000)
	if err != nil {
		return err
	}
	after := ""
	if cur := c.Query("cursor"); cur != "" {
		b, err := base64.RawURLEncoding.DecodeString(cur)
		if err != nil {
			return badQuery("cursor", cur, "a cursor that a page gave")
		}
		after = string(b)
	}
	page, next, err := a.page(c.Request.Context(), s, f, after, limit)
	if err != nil {
		return err
	}
	if err := a.give(c, s, page...); err != nil {
		return err
	}
	list := listJSON[assetJSON]{Items: make([]assetJSON, 0, len(page))}
	if after == "" {
		n := withheld(s, f)
		list.Withheld = &n
	}
	for _, r := range page {
		list.Items = append(list.Items, encode(r.Asset(), s))
	}
	if next != "" {
		list.Next = base64.RawURLEncoding.EncodeToString([]byte(next))
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// page finds one page in order of ID: through the spatial index where a box is given, else along the IDs. However much lies in the box, little more than a page
// is held.
func (a *API) page(ctx context.Context, s *twin.Snapshot, f *filter, after string, limit int) ([]twin.Record, string, error) {
	if f.box == nil {
		page, next := s.Page(after, limit, f.keep)
		return page, next, ctx.Err()
	}
	var hits []twin.Record
	last, n := "", 0 // what is not before it has no place on the page
	best := func() {
		slices.SortFunc(hits, twin.Record.CompareID)
		if len(hits) > limit+1 {
			hits = hits[:limit+1]
			last = hits[limit].ID()
		}
	}
	s.In(*f.box, func(r twin.Record) bool {
		if id := r.ID(); id > after && (last == "" || id < last) && f.keep(r) {
			if hits = append(hits, r); len(hits) >= 4*(limit+1) {
				best()
			}
		}
		n++
		return n%4096 != 0 || ctx.Err() == nil
	})
	if best(); len(hits) > limit {
		return hits[:limit], hits[limit-1].ID(), ctx.Err()
	}
	return hits, "", ctx.Err()
}

func (a *API) find(c *gin.Context) (*twin.Snapshot, *twin.Asset, error) {
	s, _, err := a.Snapshot(c)
	if err != nil {
		return nil, nil, err
	}
	asset, ok := s.Get(c.Param("id"))
	if !ok {
		return nil, nil, twin.Errorf(twin.NotFound, "there is no asset %.200s", c.Param("id"))
	}
	asset.Structure = nameless(asset.Structure, s)
	return s, asset, nil
}

// Asset answers GET /assets/{id}.
func (a *API) Asset(c *gin.Context) error {
	s, asset, err := a.find(c)
	if err != nil {
		return err
	}
	if r, ok := s.Find(asset.ID); ok {
		if err := a.give(c, s, r); err != nil {
			return err
		}
	}
	c.Header("ETag", fmt.Sprintf(`W/"%s-%d"`, s.StoreID(), asset.Revision))
	j := encode(asset, s)
	if r, ok := s.Find(asset.ID); ok {
		j.Grade = a.o.Rights.Rules().Grade(r).String()
	}
	c.JSON(http.StatusOK, j)
	return nil
}

type versionJSON struct {
	Version  uint32    `json:"version"`
	Revision uint64    `json:"revision"`
	Time     string    `json:"time"`
	Op       string    `json:"op"`
	Author   string    `json:"author"`
	Note     string    `json:"note"`
	Asset    assetJSON `json:"asset"`
}

// History answers GET /assets/{id}/history, oldest first.
func (a *API) History(c *gin.Context) error {
	v := a.sight(c)
	vs, hidden, err := a.o.Twin.HistoryFor(c.Request.Context(), c.Param("id"), v)
	if err != nil {
		return err
	}
	old := make([]*twin.Asset, len(vs))
	for i := range vs {
		old[i] = vs[i].Asset
	}
	if err := a.showLines(c, old...); err != nil {
		return err
	}
	s := a.o.Twin.View(v)
	if err := a.readsHistory(c, s, old); err != nil {
		return err
	}
	list := listJSON[versionJSON]{Items: []versionJSON{}, Withheld: &hidden}
	for _, v := range vs {
		list.Items = append(list.Items, versionJSON{v.Asset.Version, v.Revision, v.Time.UTC().Format("2006-01-02T15:04:05.000Z07:00"), v.Op.String(), v.Author, v.Note, encode(v.Asset, s)})
	}
	c.JSON(http.StatusOK, list)
	return nil
}
