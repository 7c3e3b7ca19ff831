package rest

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/mark"
	"github.com/undercity/undercity/twin"
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
	if err != nil {
		return err
	}
	return a.sendModel(c, v, r)
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
	if err != nil {
		return err
	}
	err = a.Show(c, func() (area limit.Area) {
		if box, err := v.Snapshot.Frame().PlaneBox(d); err == nil {
			area.AddBox(box)
		}
		return area
	})
	if err != nil {
		return err
	}
	TellDetail(c, "box", c.Query("bbox"))
	return a.sendModel(c, v, r)
}

// ExportHeader names the number of an export in the audit log.
const ExportHeader = "X-Undercity-Export"

// sendModel records that a model is taken out, and sends it with the mark of that. It is nobody else's, and each time another, so that it is not kept anywhere.
func (a *API) sendModel(c *gin.Context, v tiles.View, r tiles.Result) error {
	ids, err := mark.Assets(r.Body)
	if err != nil {
		return err
	}
	m, err := a.exports(c, v.Snapshot, "glb", ids)
	if err != nil {
		return err
	}
	body, err := m.GLB(r.Body)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "private, no-store")
	c.Data(http.StatusOK, r.ContentType, body)
	return nil
}

// exports records that assets are taken out in some format and returns the mark that the export carries. It fails where that cannot be recorded.
func (a *API) exports(c *gin.Context, s *twin.Snapshot, format string, ids []string) (mark.Mark, error) {
	var records []twin.Record
	for _, id := range ids {
		if r, ok := s.Find(id); ok {
			records = append(records, r)
		}
	}
	guarded, secret := a.guarded(s, records)
	toldOf(c).looked = true
	TellDetail(c, "format", format)
	TellDetail(c, "assets", len(ids))
	TellDetail(c, "restricted", len(guarded)-secret)
	TellDetail(c, "secret", secret)
	TellDetail(c, "revision", s.Revision())
	e := EntryOf(c)
	e.Action, e.Status = trail.Export, http.StatusOK
	e.Targets = append(guarded, without(ids, guarded)...) // what is restricted comes first, as not all may have room
	e, err := a.o.Office.Trail().Append(c.Request.Context(), e)
	if err != nil {
		return mark.Mark{}, err
	}
	c.Header(ExportHeader, strconv.FormatInt(e.Number, 10))
	return mark.Mark{Number: e.Number, User: e.User, Time: e.Time, Installation: s.StoreID()}, nil
}

// without is a list without the entries of another.
func without(list, others []string) (rest []string) {
	skip := make(map[string]bool, len(others))
	for _, o := range others {
		skip[o] = true
	}
	for _, x := range list {
		if !skip[x] {
			rest = append(rest, x)
		}
	}
	return rest
}
