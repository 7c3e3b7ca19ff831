package rest

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// policyJSON is the policy that holds, and what may stand in one.
type policyJSON struct {
	Version int64        `json:"version"` // 0: the one that comes with the program
	Author  string       `json:"author,omitempty"`
	Time    *time.Time   `json:"time,omitempty"`
	Policy  rights.Doc   `json:"policy"`
	Roles   []string     `json:"roles"`
	Actions []auth.Right `json:"actions"`
	Grades  []string     `json:"grades"`
	Values  []string     `json:"values"`
}

// Policy answers GET /policy.
func (a *API) Policy(c *gin.Context) error {
	v, d := a.o.Rights.Policy()
	j := policyJSON{Version: v.Version, Author: v.Author, Time: when(v.Time), Policy: d, Roles: append([]string{rights.RolePublic}, auth.Roles()...), Actions: rights.Actions(), Values: twin.Veilable()}
	for _, g := range twin.Secrecies() {
		j.Grades = append(j.Grades, g.String())
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, j)
	return nil
}

// PutPolicy answers PUT /policy: the whole policy in the place of the version that was read.
func (a *API) PutPolicy(c *gin.Context) error {
	var in struct {
		Version int64      `json:"version"`
		Policy  rights.Doc `json:"policy"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	TellDetail(c, "before", in.Version)
	version, err := a.o.Rights.Put(c.Request.Context(), in.Version, in.Policy, UserOf(c).Name)
	if err != nil {
		return beneath(err, "/policy")
	}
	TellDetail(c, "after", version)
	c.JSON(http.StatusOK, gin.H{"version": version})
	return nil
}

// beneath says of the pointers of an error what they stand beneath in the request.
func beneath(err error, pointer string) error {
	e, ok := err.(*twin.Error) //nolint:errorlint // what is wrapped says more than the error alone
	if !ok {
		return err
	}
	d := *e
	d.Fields = slices.Clone(e.Fields)
	for i := range d.Fields {
		d.Fields[i].Pointer = pointer + d.Fields[i].Pointer
	}
	return &d
}

// Why answers POST /policy/why: may somebody do something with an asset, and why, grant by grant.
func (a *API) Why(c *gin.Context) error {
	var in struct {
		User   string     `json:"user"` // "" is the public
		Action auth.Right `json:"action"`
		Asset  string     `json:"asset"`
	}
	if err := readJSON(c, &in); err != nil {
		return err
	}
	if in.Action == "" {
		in.Action = auth.Read
	}
	if !slices.Contains(rights.Actions(), in.Action) {
		return at("/action", "not an action; GET /policy lists them")
	}
	u, err := a.subject(c, in.User)
	if err != nil {
		return err
	}
	s, _, err := a.Snapshot(c)
	if err != nil {
		return err
	}
	r, ok := s.Find(in.Asset)
	if !ok {
		return at("/asset", "there is no asset of this id")
	}
	Tell(c, r.ID())
	TellDetail(c, "about", in.User)
	c.JSON(http.StatusOK, struct {
		User  string `json:"user"`
		Role  string `json:"role"`
		Unit  string `json:"unit,omitempty"`
		Asset string `json:"asset"`
		rights.Answer
	}{u.Name, u.Role, u.Unit, r.ID(), a.o.Rights.Rules().Why(u, in.Action, r)})
	return nil
}

// subject is a user of the installation as the rules know one; "" is the public.
func (a *API) subject(c *gin.Context, name string) (rights.Subject, error) {
	if name == "" {
		return rights.Subject{Role: rights.RolePublic}, nil
	}
	u, err := a.o.Rights.Subject(c.Request.Context(), name)
	if twin.KindOf(err) == twin.NotFound {
		return u, at("/user", "there is no user of this name")
	}
	return u, err
}
