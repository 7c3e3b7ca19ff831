package rest

import (
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/twin"
)

// quotaProblem is the type of the problem of who has been shown as much of the city as a day allows.
const quotaProblem = "urn:undercity:quota"

// Quota is how much of the city somebody has been shown at full detail today, and may be, square kilometres.
type Quota struct {
	Used  float64   `json:"used"`
	Limit float64   `json:"limit"`
	Ends  time.Time `json:"ends"` // when it begins anew
}

func quotaOf(u limit.Use) *Quota {
	return &Quota{math.Round(u.Used*100) / 100, u.Limit, u.Ends.UTC()}
}

// WhoOf is who asks, as the limits count.
func WhoOf(c *gin.Context) limit.Who {
	u := UserOf(c)
	return limit.Who{Role: u.Role, User: u.Name, Address: ClientOf(c).Address}
}

// quota is that of who asks, nil where there is no limit.
func (a *API) quota(c *gin.Context) (*Quota, error) {
	w := WhoOf(c)
	if !a.o.Areas.Counts(w) {
		return nil, nil
	}
	u, err := a.o.Areas.Use(w)
	if err != nil {
		return nil, err
	}
	return quotaOf(u), nil
}

const shownKey = "shown"

// Counted reports whether a request has counted what its answer shows.
func Counted(c *gin.Context) bool { return c.GetBool(shownKey) }

// Show counts what an answer shows at full detail, and refuses the answer where that is more than who asks may be shown in a day. area is asked for only where
// anything is counted.
func (a *API) Show(c *gin.Context, area func() limit.Area) error {
	c.Set(shownKey, true)
	w := WhoOf(c)
	if !a.o.Areas.Counts(w) {
		return nil
	}
	return beyond(c, a.o.Areas.Show(w, area()))
}

// ShowTile is Show for what has a name and a state and is asked for again and again.
func (a *API) ShowTile(c *gin.Context, name, state any, area func() limit.Area) error {
	c.Set(shownKey, true)
	w := WhoOf(c)
	if !a.o.Areas.Counts(w) {
		return nil
	}
	return beyond(c, a.o.Areas.ShowTile(w, name, state, area))
}

// beyond makes the problem of who has been shown enough.
func beyond(c *gin.Context, err error) error {
	var b *limit.BeyondError
	if !errors.As(err, &b) {
		return err
	}
	e := twin.Errorf(twin.Denied, "today you have been shown %.2f km² of the city at full detail, and this would go beyond the %g km² a day of the role %s", b.Used, b.Limit, b.Role).
		WithHint("what you have been shown stays open; the day ends at %s; ask an administrator for more", b.Ends.Format("2006-01-02 15:04 -07:00"))
	return &StatusError{Status: http.StatusForbidden, Type: quotaProblem, Quota: quotaOf(b.Use), Err: e}
}

// longAsset is the width from which on an asset is counted along its line and not by its box, metres.
const longAsset = 2 * limit.CellSize

// AddRecord adds where an asset lies to an area; buf is used again.
func AddRecord(area *limit.Area, r twin.Record, buf []geometry.Point) []geometry.Point {
	b := r.Box()
	if size := b.Size(); !r.Kind().IsLine() || size.E < longAsset && size.N < longAsset {
		area.AddBox(b)
		return buf
	}
	buf = r.Axis(buf[:0])
	area.AddLine(buf)
	return buf
}

// showRecords counts assets.
func (a *API) showRecords(c *gin.Context, list ...twin.Record) error {
	return a.Show(c, func() (area limit.Area) {
		var buf []geometry.Point
		for _, r := range list {
			buf = AddRecord(&area, r, buf)
		}
		return area
	})
}

// showLines counts assets as they were.
func (a *API) showLines(c *gin.Context, list ...*twin.Asset) error {
	return a.Show(c, func() (area limit.Area) {
		for _, old := range list {
			if old.Kind.IsLine() {
				area.AddLine(old.Line)
			} else if len(old.Line) > 0 {
				area.AddBox(geometry.BoxOf(old.Line...))
			}
		}
		return area
	})
}
