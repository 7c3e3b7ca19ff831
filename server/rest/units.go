package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
)

type unitJSON struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Phone string `json:"phone"`
	Users int    `json:"users"`
}

func unitOf(u auth.Unit) *unitJSON { return &unitJSON{u.Code, u.Name, u.Kind, u.Phone, u.Users} }

// Units answers GET /units, by code.
func (a *API) Units(c *gin.Context) error {
	units, err := a.o.Office.Units(c.Request.Context())
	if err != nil {
		return err
	}
	list := listJSON[*unitJSON]{Items: []*unitJSON{}}
	for _, u := range units {
		list.Items = append(list.Items, unitOf(u))
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// Unit answers GET /units/{code}.
func (a *API) Unit(c *gin.Context) error { return a.sendUnit(c, http.StatusOK, c.Param("code")) }

func (a *API) sendUnit(c *gin.Context, status int, code string) error {
	u, err := a.o.Office.UnitOf(c.Request.Context(), code)
	if err != nil {
		return err
	}
	c.JSON(status, unitOf(u))
	return nil
}

// unitIn is a unit as a client gives it.
type unitIn struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Phone string `json:"phone"`
}

// AddUnit answers POST /units.
func (a *API) AddUnit(c *gin.Context) error {
	var in unitIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	Tell(c, in.Code)
	if err := a.o.Office.AddUnit(c.Request.Context(), auth.Unit{Code: in.Code, Name: in.Name, Kind: in.Kind, Phone: in.Phone}); err != nil {
		return err
	}
	return a.sendUnit(c, http.StatusCreated, in.Code)
}

// ChangeUnit answers PUT /units/{code}: its name, kind and phone. The code stays, since users and policies name the unit by it.
func (a *API) ChangeUnit(c *gin.Context) error {
	var in unitIn
	if err := readJSON(c, &in); err != nil {
		return err
	}
	code := c.Param("code")
	if in.Code != "" && in.Code != code {
		return at("/code", "cannot be changed; add another unit, and move the users")
	}
	if err := a.o.Office.SetUnit(c.Request.Context(), auth.Unit{Code: code, Name: in.Name, Kind: in.Kind, Phone: in.Phone}); err != nil {
		return err
	}
	return a.sendUnit(c, http.StatusOK, code)
}

// RemoveUnit answers DELETE /units/{code}.
func (a *API) RemoveUnit(c *gin.Context) error {
	if err := a.o.Office.RemoveUnit(c.Request.Context(), c.Param("code")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
