package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

type meJSON struct {
	Name        string       `json:"name"`
	DisplayName string       `json:"displayName"`
	Role        string       `json:"role"`
	Unit        *unitJSON    `json:"unit"`
	Rights      []auth.Right `json:"rights"`
	HasPassword bool         `json:"hasPassword"`
	MustChange  bool         `json:"mustChange"`
	Session     *sessionJSON `json:"session"`
	View        string       `json:"view"`           // names the class of rights: when it is another, all that was read is to be read anew
	Area        *Quota       `json:"area,omitempty"` // only where it has a limit
}

// sendMe answers with who a user is and what the sign-in may do.
func (a *API) sendMe(c *gin.Context, u auth.User) error {
	ctx := c.Request.Context()
	account, err := a.o.Office.Account(ctx, u.Name)
	if err != nil {
		return err
	}
	m := meJSON{Name: u.Name, DisplayName: account.DisplayName, Role: u.Role, Rights: a.rightsOf(u), HasPassword: account.HasPassword, MustChange: u.MustChange, View: a.o.Rights.Rules().Class(rights.SubjectOf(u))}
	if account.Unit != "" {
		unit, err := a.o.Office.UnitOf(ctx, account.Unit)
		if err != nil {
			return err
		}
		m.Unit = unitOf(unit)
	}
	SetUser(c, u) // which session is this one, and whose area
	if u.Session != "" {
		list, err := a.sessions(c, u.Name)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].Current {
				m.Session = &list[i]
			}
		}
	}
	if m.Area, err = a.quota(c); err != nil {
		return err
	}
	c.JSON(http.StatusOK, m)
	return nil
}

// rightsOf is what a sign-in may do: what its user may, as far as its token is for it.
func (a *API) rightsOf(u auth.User) []auth.Right {
	list := []auth.Right{}
	for _, r := range append([]auth.Right{auth.Own}, a.o.Rights.Rules().Rights(rights.SubjectOf(u))...) {
		if u.Within(r) {
			list = append(list, r)
		}
	}
	return list
}

// Me answers GET /me.
func (a *API) Me(c *gin.Context) error { return a.sendMe(c, UserOf(c)) }

// ChangeMe answers PUT /me: a display name, a password, or both. With a password the other sessions end, and this one gets a new cookie.
func (a *API) ChangeMe(c *gin.Context) error {
	var in struct {
		DisplayName *string `json:"displayName"`
		Password    *string `json:"password"`
		OldPassword *string `json:"oldPassword"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	u, ctx := UserOf(c), c.Request.Context()
	if u.MustChange && in.Password == nil {
		return mustChange()
	}
	if in.Password == nil && in.OldPassword != nil {
		return at("/oldPassword", "stands without a new password")
	}
	if in.DisplayName != nil {
		if _, err := a.o.Office.UpdateUser(ctx, u.Name, auth.Update{DisplayName: in.DisplayName}); err != nil {
			return err
		}
	}
	if in.Password != nil {
		s, err := a.o.Office.ChangePassword(ctx, u, text(in.OldPassword), *in.Password, placeOf(c))
		if err != nil {
			return refusedSignIn(c, err)
		}
		if s.Secret != "" {
			setSession(c, s.Secret)
			u = s.User
		}
	}
	return a.sendMe(c, u)
}

// mustChange is the answer to all that a session asks for which is for setting a password.
func mustChange() error {
	return &StatusError{Status: http.StatusForbidden, Type: MustChangeProblem, Err: twin.Errorf(twin.Denied, "a password of your own is to be set before anything else").
		WithHint("open the page and set it, or PUT /api/v1/me")}
}

// Settled refuses what a session asks for that is for setting a password, but for its own account and its end.
func Settled(c *gin.Context) error {
	if !UserOf(c).MustChange {
		return nil
	}
	switch c.FullPath() {
	case "/api/v1/me", "/api/v1/session":
		return nil
	}
	return mustChange()
}
