package rest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

type meJSON struct {
	Name   string       `json:"name"`
	Role   string       `json:"role"`
	Rights []auth.Right `json:"rights"`
	View   string       `json:"view"`           // names the class of rights: when it is another, all that was read is to be read anew
	Area   *Quota       `json:"area,omitempty"` // only where it has a limit
}

func (a *API) me(u auth.User) meJSON {
	rules, who := a.o.Rights.Rules(), rights.SubjectOf(u)
	return meJSON{Name: u.Name, Role: u.Role, Rights: rules.Rights(who), View: rules.Class(who)}
}

// SignIn answers POST /session: a session for a token.
func (a *API) SignIn(c *gin.Context) error {
	var in struct {
		Token string `json:"token"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	u, session, err := a.o.Office.SignIn(c.Request.Context(), in.Token)
	if err != nil {
		if twin.KindOf(err) == twin.Denied {
			// Guessing is made slow for whoever does it.
			select {
			case <-time.After(300 * time.Millisecond):
			case <-c.Request.Context().Done():
			}
			return &StatusError{Status: http.StatusUnauthorized, Err: err}
		}
		return err
	}
	c.Set(SignedInKey, u.Name)
	http.SetCookie(c.Writer, &http.Cookie{Name: SessionCookie, Value: session, Path: ClientOf(c).Prefix + "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: ClientOf(c).Scheme == "https"})
	c.JSON(http.StatusOK, a.me(u))
	return nil
}

// SignOut answers DELETE /session.
func (a *API) SignOut(c *gin.Context) error {
	if s, err := c.Cookie(SessionCookie); err == nil {
		if err := a.o.Office.SignOut(c.Request.Context(), s); err != nil {
			return err
		}
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: SessionCookie, Path: ClientOf(c).Prefix + "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	c.Status(http.StatusNoContent)
	return nil
}

// Me answers GET /me.
func (a *API) Me(c *gin.Context) error {
	j := a.me(UserOf(c))
	var err error
	if j.Area, err = a.quota(c); err != nil {
		return err
	}
	c.JSON(http.StatusOK, j)
	return nil
}

type eventJSON struct {
	ID     int64     `json:"id"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
	Action string    `json:"action"`
	Target string    `json:"target,omitempty"`
	Status int       `json:"status"`
}

type listJSON[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
	// Withheld is how many there are that the reader may not see, where that is told.
	Withheld *int `json:"withheld,omitempty"`
}

// limitOf reads how many rows a page has.
func limitOf(c *gin.Context, usual, most int) (int, error) {
	s := c.Query("limit")
	if s == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, badQuery("limit", s, "a number from 1 to "+strconv.Itoa(most))
	}
	return n, nil
}

// Audit answers GET /audit, latest first.
func (a *API) Audit(c *gin.Context) error {
	limit, err := limitOf(c, 100, 1000)
	if err != nil {
		return err
	}
	var before int64
	if s := c.Query("cursor"); s != "" {
		if before, err = strconv.ParseInt(s, 10, 64); err != nil {
			return badQuery("cursor", s, "a cursor that a page gave")
		}
	}
	events, err := a.o.Office.Events(c.Request.Context(), before, limit)
	if err != nil {
		return err
	}
	list := listJSON[eventJSON]{Items: []eventJSON{}}
	for _, e := range events {
		list.Items = append(list.Items, eventJSON(e))
	}
	if len(events) == limit {
		list.Next = strconv.FormatInt(events[limit-1].ID, 10)
	}
	c.JSON(http.StatusOK, list)
	return nil
}
