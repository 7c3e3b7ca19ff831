package rest

import (
	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/limit"
)

// Model answers GET /assets/{id}/model.glb.
func (a *API) Model(c *gin.Context) error {
	v, err := a.View(c)
	if err != nil {
		return err
	}
	if found, ok := v.Snapshot.Find(c.Param("id")); ok {
		if err := a.showRecords(c, found); err != nil {
			return err
		}
	}
	r, err := a.o.Tiles.Model(c.Request.Context(), v, c.Param("id"))
	return SendTile(c, r, err)
}

// CutOut answers GET /model.glb.
func (a *API) CutOut(c *gin.Context) error {
	d, err := crs.ParseBox(c.Query("bbox"))
	if err != nil {
		return badQuery("bbox", c.Query("bbox"), "west,south,east,north in degrees, or west,south,low,east,north,high with heights in metres")
	}
	v, err := a.View(c)
	if err != nil {
		return err
	}
	r, err := a.o.Tiles.CutOut(c.Request.Context(), v, d)
	if err == nil {
		err = a.Show(c, func() (area limit.Area) {
			if box, err := v.Snapshot.Frame().PlaneBox(d); err == nil {
				area.AddBox(box)
			}
			return area
		})
	}
	return SendTile(c, r, err)
}
