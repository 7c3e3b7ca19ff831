package rest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
)

type tokenJSON struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Start    string       `json:"start"`
	Scopes   []auth.Right `json:"scopes"`
	Created  *time.Time   `json:"created"`
	LastUsed *time.Time   `json:"lastUsed"`
	Ends     *time.Time   `json:"ends"`
	Token    string       `json:"token,omitempty"` // when it is made, and never again
}

// known is a time, nil for none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func tokenOf(t auth.TokenInfo) tokenJSON {
	return tokenJSON{ID: t.ID, Name: t.Name, Start: t.Start, Scopes: append([]auth.Right{}, t.Scopes...), Created: known(t.Created), LastUsed: known(t.Used), Ends: known(t.Ends)}
}

// Tokens answers GET /tokens: those of who asks.
func (a *API) Tokens(c *gin.Context) error { return a.sendTokens(c, UserOf(c).Name) }

func (a *API) sendTokens(c *gin.Context, user string) error {
	infos, err := a.o.Office.Tokens(c.Request.Context(), user)
	if err != nil {
		return err
	}
	list := listJSON[tokenJSON]{Items: []tokenJSON{}}
	for _, t := range infos {
		list.Items = append(list.Items, tokenOf(t))
	}
	c.JSON(http.StatusOK, list)
	return nil
}

// MakeToken answers POST /tokens: a token of who asks. One that has scopes makes none with more.
func (a *API) MakeToken(c *gin.Context) error {
	var in struct {
		Name   string       `json:"name"`
		Days   *int         `json:"days"`
		Scopes []auth.Right `json:"scopes"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	TellDetail(c, "scopes", in.Scopes)
	u := UserOf(c)
	may := append(rights.Actions(), auth.Own)
	for i, s := range in.Scopes {
		if !slices.Contains(may, s) {
			return at("/scopes/"+strconv.Itoa(i), "is none of the rights "+joined(may))
		}
		if !u.Within(s) {
			return at("/scopes/"+strconv.Itoa(i), "is a right that the token which asks is not for")
		}
	}
	if len(in.Scopes) == 0 {
		in.Scopes = u.Scopes
	}
	n := auth.NewToken{Name: strings.TrimSpace(in.Name), Scopes: in.Scopes}
	if in.Days != nil {
		if *in.Days < 0 || *in.Days > int(auth.MaxTokenLife/(24*time.Hour)) {
			return at("/days", "a token lasts from 1 to "+strconv.Itoa(int(auth.MaxTokenLife/(24*time.Hour)))+" days; 0 is without an end")
		}
		n.Life, n.Endless = time.Duration(*in.Days)*24*time.Hour, *in.Days == 0
	}
	secret, info, err := a.o.Office.MakeToken(c.Request.Context(), u.Name, n)
	if err != nil {
		return err
	}
	t := tokenOf(info)
	t.Token = secret
	c.JSON(http.StatusCreated, t)
	return nil
}

func joined(list []auth.Right) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = string(r)
	}
	return strings.Join(texts, ", ")
}

// EndToken answers DELETE /tokens/{id}: one of who asks.
func (a *API) EndToken(c *gin.Context) error {
	if err := a.o.Office.EndToken(c.Request.Context(), UserOf(c).Name, c.Param("id")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
