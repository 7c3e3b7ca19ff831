package server

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

func (s *service) rootTileset(c *gin.Context) error {
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	r, err := s.o.Tiles.Root(c.Request.Context(), v, encodingOf(c))
	return s.rest.SendTile(c, r, err)
}

func (s *service) layerTileset(c *gin.Context) error {
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	query := ""
	if asOf := c.Query("asOf"); asOf != "" {
		query = "?asOf=" + strconv.FormatUint(v.Snapshot.Revision(), 10)
	}
	r, err := s.o.Tiles.Layer(c.Request.Context(), v, c.Param("network"), query, encodingOf(c))
	return s.rest.SendTile(c, r, err)
}

// address reads a tile's address; y carries the ending.
func address(c *gin.Context, ending string) (tiles.Address, error) {
	a := tiles.Address{Layer: c.Param("network")}
	y, ok := strings.CutSuffix(c.Param("y"), ending)
	level, err1 := strconv.ParseUint(c.Param("level"), 10, 5)
	x, err2 := strconv.ParseUint(c.Param("x"), 10, 32)
	n, err3 := strconv.ParseUint(y, 10, 32)
	if !ok || err1 != nil || err2 != nil || err3 != nil {
		return a, twin.Errorf(twin.NotFound, "%.100s is not the address of a tile", c.Request.URL.Path)
	}
	a.Level, a.X, a.Y = uint8(level), uint32(x), uint32(n)
	return a, nil
}

func (s *service) subtree(c *gin.Context) error {
	a, err := address(c, ".subtree")
	if err != nil {
		return err
	}
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	r, err := s.o.Tiles.Subtree(c.Request.Context(), v, a, encodingOf(c))
	return s.rest.SendTile(c, r, err)
}

func (s *service) content(c *gin.Context) error {
	a, err := address(c, ".glb")
	if err != nil {
		return err
	}
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	if err := s.showContent(c, v, a); err != nil {
		return err
	}
	r, err := s.o.Tiles.Content(c.Request.Context(), v, a, encodingOf(c))
	return s.rest.SendTile(c, r, err)
}

// showContent counts what a content shows at full detail.
func (s *service) showContent(c *gin.Context, v tiles.View, a tiles.Address) error {
	d, ok := s.o.Tiles.Detail(v, a)
	if !ok {
		return s.rest.Show(c, func() limit.Area { return limit.Area{} })
	}
	return s.rest.ShowTile(c, a, d.State, func() (area limit.Area) {
		var buf []geometry.Point
		d.Each(func(r twin.Record) { buf = rest.AddRecord(&area, r, buf) })
		return area
	})
}

// encodingOf chooses among what the client takes: zstd is made fastest, then brotli, then gzip.
func encodingOf(c *gin.Context) compress.Encoding {
	accepts := map[string]bool{}
	for part := range strings.SplitSeq(c.GetHeader("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if q = strings.TrimSpace(q); q == "q=0" || q == "q=0.0" || q == "q=0.00" || q == "q=0.000" {
			continue
		}
		accepts[strings.ToLower(strings.TrimSpace(name))] = true
	}
	for _, e := range [...]compress.Encoding{compress.Zstd, compress.Brotli, compress.Gzip} {
		if accepts[string(e)] {
			return e
		}
	}
	return compress.Identity
}
