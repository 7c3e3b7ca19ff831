package rest

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

type userJSON struct {
	Name        string     `json:"name"`
	DisplayName string     `json:"displayName"`
	Role        string     `json:"role"`
	Unit        *string    `json:"unit"`
	Disabled    bool       `json:"disabled"`
	HasPassword bool       `json:"hasPassword"`
	MustChange  bool       `json:"mustChange"`
	Created     time.Time  `json:"created"`
	SignedIn    *time.Time `json:"signedIn"`
	Link        *linkJSON  `json:"link,omitempty"` // when it is made, and never again
}

type linkJSON struct {
	URL  string     `json:"url"`
	Ends *time.Time `json:"ends"`
}

func userOf(u auth.Account) userJSON {
	j := userJSON{Name: u.Name, DisplayName: u.DisplayName, Role: u.Role, Disabled: u.Disabled, HasPassword: u.HasPassword, MustChange: u.MustChange, Created: u.Created, SignedIn: known(u.SignedIn)}
	if u.Unit != "" {
		j.Unit = &u.Unit
	}
	return j
}

// linkOf is the address that a link is opened at. The secret stands behind the #, which no server and no proxy gets to see.
func linkOf(c *gin.Context, l auth.Link) *linkJSON {
	return &linkJSON{ClientOf(c).URL() + "/#signin=" + l.Secret, known(l.Ends)}
}

// Users answers GET /users, by name.
func (a *API) Users(c *gin.Context) error {
	limit, err := limitOf(c, 100, 1000)
	if err != nil {
		return err
	}
	users, err := a.o.Office.FindUsers(c.Request.Context(), c.Query("q"), c.Query("cursor"), limit+1)
	if err != nil {
		return err
	}
	list := listJSON[userJSON]{Items: []userJSON{}}
	for _, u := range users[:min(limit, len(users))] {
		list.Items = append(list.Items, userOf(u))
	}
	if len(users) > limit {
		list.Next = users[limit-1].Name
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// User answers GET /users/{name}.
func (a *API) User(c *gin.Context) error {
	u, err := a.o.Office.Account(c.Request.Context(), c.Param("name"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, userOf(u))
	return nil
}

// aboveAdmins refuses who manages users without being an administrator what concerns administrators: nobody makes themselves one.
func aboveAdmins(c *gin.Context, roles ...string) error {
	for _, r := range roles {
		if r == auth.RoleAdmin && UserOf(c).Role != auth.RoleAdmin {
			return twin.Errorf(twin.Denied, "who is no administrator cannot make or change administrators").WithHint("ask an administrator")
		}
	}
	return nil
}

// AddUser answers POST /users: a user who has to set a password, and the link to do it with.
func (a *API) AddUser(c *gin.Context) error {
	var in struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Role        string `json:"role"`
		Unit        string `json:"unit"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	Tell(c, in.Name)
	TellDetail(c, "role", in.Role)
	TellDetail(c, "unit", in.Unit)
	if err := aboveAdmins(c, in.Role); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if err := a.o.Office.CreateUser(ctx, auth.Account{Name: in.Name, DisplayName: in.DisplayName, Role: in.Role, Unit: in.Unit}); err != nil {
		return err
	}
	return a.sendLink(c, in.Name, http.StatusCreated)
}

// sendLink takes a user's password away and answers with the link to set a new one.
func (a *API) sendLink(c *gin.Context, name string, status int) error {
	l, err := a.o.Office.ResetPassword(c.Request.Context(), name)
	if err != nil {
		return err
	}
	u, err := a.o.Office.Account(c.Request.Context(), name)
	if err != nil {
		return err
	}
	j := userOf(u)
	j.Link = linkOf(c, l)
	c.JSON(status, j)
	return nil
}

// other is the user that a path names, if who asks may change such a one.
func (a *API) other(c *gin.Context) (auth.Account, error) {
	u, err := a.o.Office.Account(c.Request.Context(), c.Param("name"))
	if err == nil {
		err = aboveAdmins(c, u.Role)
	}
	return u, err
}

// ChangeUser answers PUT /users/{name}: what it names changes, the rest stays.
func (a *API) ChangeUser(c *gin.Context) error {
	var in struct {
		DisplayName *string `json:"displayName"`
		Role        *string `json:"role"`
		Unit        *string `json:"unit"`
		Disabled    *bool   `json:"disabled"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	for key, v := range map[string]*string{"role": in.Role, "unit": in.Unit} {
		if v != nil {
			TellDetail(c, key, *v)
		}
	}
	if in.Disabled != nil {
		TellDetail(c, "disabled", *in.Disabled)
	}
	u, err := a.other(c)
	if err != nil {
		return err
	}
	if err := aboveAdmins(c, text(in.Role)); err != nil {
		return err
	}
	if u, err = a.o.Office.UpdateUser(c.Request.Context(), u.Name, auth.Update{DisplayName: in.DisplayName, Role: in.Role, Unit: in.Unit, Disabled: in.Disabled}); err != nil {
		return err
	}
	c.JSON(http.StatusOK, userOf(u))
	return nil
}

// RemoveUser answers DELETE /users/{name}.
func (a *API) RemoveUser(c *gin.Context) error {
	return a.forOther(c, func(name string) error { return a.o.Office.RemoveUser(c.Request.Context(), name) })
}

// ResetPassword answers POST /users/{name}/link: the old password is gone, and a link sets a new one.
func (a *API) ResetPassword(c *gin.Context) error {
	u, err := a.other(c)
	if err != nil {
		return err
	}
	return a.sendLink(c, u.Name, http.StatusOK)
}

// UserSessions answers GET /users/{name}/sessions.
func (a *API) UserSessions(c *gin.Context) error {
	u, err := a.other(c)
	if err != nil {
		return err
	}
	return a.sendSessions(c, u.Name)
}

// EndUserSessions answers DELETE /users/{name}/sessions: all of them.
func (a *API) EndUserSessions(c *gin.Context) error {
	return a.forOther(c, func(name string) error { return a.o.Office.EndSessions(c.Request.Context(), name, "") })
}

// EndUserSession answers DELETE /users/{name}/sessions/{id}.
func (a *API) EndUserSession(c *gin.Context) error {
	return a.forOther(c, func(name string) error { return a.o.Office.EndSession(c.Request.Context(), name, c.Param("id")) })
}

// UserTokens answers GET /users/{name}/tokens.
func (a *API) UserTokens(c *gin.Context) error {
	u, err := a.other(c)
	if err != nil {
		return err
	}
	return a.sendTokens(c, u.Name)
}

// EndUserToken answers DELETE /users/{name}/tokens/{id}.
func (a *API) EndUserToken(c *gin.Context) error {
	return a.forOther(c, func(name string) error { return a.o.Office.EndToken(c.Request.Context(), name, c.Param("id")) })
}

func (a *API) forOther(c *gin.Context, do func(name string) error) error {
	u, err := a.other(c)
	if err == nil {
		err = do(u.Name)
	}
	if err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
