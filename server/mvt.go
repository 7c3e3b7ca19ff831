package server

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// vectorTile answers with a vector tile; 204 where there is nothing in it, which maps draw as nothing, while 404 would be an error to them.
func (s *service) vectorTile(c *gin.Context) error {
	y, ok := strings.CutSuffix(c.Param("y"), ".mvt")
	z, err1 := strconv.ParseUint(c.Param("z"), 10, 5)
	x, err2 := strconv.ParseUint(c.Param("x"), 10, 32)
	n, err3 := strconv.ParseUint(y, 10, 32)
	if !ok || err1 != nil || err2 != nil || err3 != nil {
		return twin.Errorf(twin.NotFound, "%.100s is not the address of a tile", c.Request.URL.Path)
	}
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	a := tiles.VectorAddress{Z: uint8(z), X: uint32(x), Y: uint32(n)}
	r, err := s.o.Tiles.Vector(c.Request.Context(), v, a, encodingOf(c))
	if err == nil {
		err = s.showVector(c, v, a, len(r.Body) == 0)
	}
	return s.rest.SendTile(c, r, err)
}

// showVector counts what a vector tile shows: all that lies in it, unless it is a coarse one or nothing does.
func (s *service) showVector(c *gin.Context, v tiles.View, a tiles.VectorAddress, empty bool) error {
	if empty || a.Z < tiles.DetailZoom {
		return s.rest.Show(c, func() limit.Area { return limit.Area{} })
	}
	return s.rest.ShowTile(c, a, v.Snapshot.Extent(), func() (area limit.Area) {
		if box, ok := a.Box(v.Snapshot); ok {
			area.AddBox(box)
		}
		return area
	})
}

func (s *service) tileJSON(c *gin.Context) error {
	v, err := s.rest.View(c)
	if err != nil {
		return err
	}
	address := rest.ClientOf(c).URL() + "/mvt/{z}/{x}/{y}.mvt"
	if c.Query("asOf") != "" {
		address += "?asOf=" + strconv.FormatUint(v.Snapshot.Revision(), 10)
	}
	r, err := s.o.Tiles.TileJSON(c.Request.Context(), v, address, encodingOf(c))
	return s.rest.SendTile(c, r, err)
}
