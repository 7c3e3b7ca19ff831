// Package rights is the rule of who may see and do what: a policy as data, which an administrator edits, and the answers that follow from it. What no grant
// allows is denied.
//
// A grant gives actions to roles, users or units, over assets of some networks, districts and owners up to a secrecy grade. Grants add up; there is none
// that takes away. What an asset's grade is says the asset itself, else the gradings of the policy, else it is internal.
package rights

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// Rights that are about assets beside auth.Read, auth.Change and auth.Import, and the one to edit the policy.
const (
	Export auth.Right = "export" // models, cut-outs and files to take along
	Policy auth.Right = "policy"
)

// RolePublic is the role of who has not signed in.
const RolePublic = "public"

// OwnUnit stands among the owners of a grant for the unit of whoever asks.
const OwnUnit = "@unit"

// Doc is a policy as it is edited and kept.
type Doc struct {
	Grants    []Grant           `json:"grants"`
	Gradings  []Grading         `json:"gradings"`
	Fields    map[string]string `json:"fields"` // grades of values: name of twin.Veilable or attributes.KEY → grade
	Districts []District        `json:"districts"`
}

// Grant lets somebody do something with some assets. A list that is empty sets no bound, except that one of roles, users and units must say who.
type Grant struct {
	ID        string       `json:"id"`
	Note      string       `json:"note,omitempty"`
	Roles     []string     `json:"roles,omitempty"`
	Users     []string     `json:"users,omitempty"`
	Units     []string     `json:"units,omitempty"`
	Actions   []auth.Right `json:"actions"`
	Networks  []string     `json:"networks,omitempty"`  // codes; a top code stands for its own and those below it
	Districts []string     `json:"districts,omitempty"` // names of Doc.Districts; an asset counts that touches one
	Owners    []string     `json:"owners,omitempty"`    // as assets name them, or OwnUnit
	Secrecy   string       `json:"secrecy"`             // the highest grade
}

// Grading says which grade assets have that have none of their own. Of several that fit the highest counts.
type Grading struct {
	ID        string   `json:"id"`
	Note      string   `json:"note,omitempty"`
	Networks  []string `json:"networks,omitempty"`
	Kinds     []string `json:"kinds,omitempty"`
	Districts []string `json:"districts,omitempty"`
	Owners    []string `json:"owners,omitempty"`
	Secrecy   string   `json:"secrecy"`
}

// District is a named part of the city.
type District struct {
	Name     string   `json:"name"`
	Geometry Geometry `json:"geometry"`
}

// Geometry is a GeoJSON Polygon or MultiPolygon in longitude and latitude.
type Geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// Bounds on a policy.
const (
	maxGrants    = 500
	maxDistricts = 500
	maxList      = 1000
	maxText      = 300
)

// Default is the policy of a new installation: who works here sees what is restricted too, a contractor and those who come without a sign-in what is
// theirs to know, and the administrator everything.
func Default() Doc {
	everything := []auth.Right{auth.Read, Export, auth.Change, auth.Import, auth.Audit, auth.Users, Policy}
	return Doc{
		Grants: []Grant{
			{ID: "administrators", Roles: []string{"admin"}, Actions: everything, Secrecy: "secret"},
			{ID: "operators", Roles: []string{"operator"}, Actions: []auth.Right{auth.Read, Export}, Secrecy: "restricted"},
			{ID: "planners", Roles: []string{"planner"}, Actions: []auth.Right{auth.Read, Export}, Secrecy: "restricted"},
			{ID: "contractors", Roles: []string{"contractor"}, Actions: []auth.Right{auth.Read, Export}, Secrecy: "internal"},
		},
		Gradings: []Grading{}, Fields: map[string]string{}, Districts: []District{},
	}
}

// fill gives lists that are missing as empty ones, so that they are written as such.
func (d *Doc) fill() {
	d.Grants, d.Gradings, d.Districts = append([]Grant{}, d.Grants...), append([]Grading{}, d.Gradings...), append([]District{}, d.Districts...)
	if d.Fields == nil {
		d.Fields = map[string]string{}
	}
}

// Actions lists what a grant can give.
func Actions() []auth.Right {
	return []auth.Right{auth.Read, Export, auth.Change, auth.Import, auth.Audit, auth.Users, Policy}
}

// ofAssets are the actions that are about single assets.
var ofAssets = []auth.Right{auth.Read, Export, auth.Change, auth.Import}

// check refuses what cannot be a policy, with a pointer to each place.
func (d *Doc) check(c *twin.Catalog) error {
	k := &checker{cat: c, districts: map[string]bool{}}
	k.bound("/grants", len(d.Grants), maxGrants)
	k.bound("/gradings", len(d.Gradings), maxGrants)
	k.bound("/districts", len(d.Districts), maxDistricts)
	for i, t := range d.Districts {
		at := fmt.Sprintf("/districts/%d/name", i)
		k.text(at, t.Name)
		if k.districts[t.Name] {
			k.add(at, "stands twice: %s", t.Name)
		}
		k.districts[t.Name] = true
	}
	ids := map[string]bool{}
	for i, g := range d.Grants {
		k.grant(fmt.Sprintf("/grants/%d", i), g, ids)
	}
	for i, g := range d.Gradings {
		at := fmt.Sprintf("/gradings/%d", i)
		k.id(at, g.ID, ids)
		k.grade(at+"/secrecy", g.Secrecy)
		k.objects(at, g.Networks, g.Districts, g.Owners)
		for n, kind := range g.Kinds {
			if _, ok := twin.ParseKind(kind); !ok {
				k.add(fmt.Sprintf("%s/kinds/%d", at, n), "%.60q is not a kind of asset; the catalog lists them", kind)
			}
		}
	}
	for name, grade := range d.Fields {
		k.grade("/fields/"+name, grade)
		if !twin.IsVeilable(name) {
			k.add("/fields/"+name, "is not a value that can be hidden: %v or attributes.NAME", twin.Veilable())
		}
	}
	return k.err()
}

type checker struct {
	cat       *twin.Catalog
	districts map[string]bool
	fields    []twin.Field
}

func (k *checker) add(pointer, format string, args ...any) {
	k.fields = append(k.fields, twin.Field{Pointer: pointer, Reason: fmt.Sprintf(format, args...)})
}

func (k *checker) err() error {
	if len(k.fields) == 0 {
		return nil
	}
	slices.SortFunc(k.fields, func(a, b twin.Field) int { return slices.Compare([]byte(a.Pointer), []byte(b.Pointer)) })
	e := twin.Errorf(twin.Invalid, "%s: %s", k.fields[0].Pointer, k.fields[0].Reason)
	e.Fields = k.fields
	return e
}

func (k *checker) bound(pointer string, n, most int) {
	if n > most {
		k.add(pointer, "has %d entries, more than %d", n, most)
	}
}

func (k *checker) text(pointer, s string) {
	if s == "" || len(s) > maxText {
		k.add(pointer, "wants a name of at most %d bytes", maxText)
	}
}

func (k *checker) id(at, id string, ids map[string]bool) {
	k.text(at+"/id", id)
	if ids[id] {
		k.add(at+"/id", "stands twice: %s", id)
	}
	ids[id] = true
}

func (k *checker) grade(pointer, grade string) {
	if g, ok := twin.ParseSecrecy(grade); !ok || g == twin.SecrecyUnset || g.String() != grade {
		k.add(pointer, "is not public, internal, restricted or secret: %.60q", grade)
	}
}

func (k *checker) grant(at string, g Grant, ids map[string]bool) {
	k.id(at, g.ID, ids)
	k.grade(at+"/secrecy", g.Secrecy)
	if len(g.Roles)+len(g.Users)+len(g.Units) == 0 {
		k.add(at+"/roles", "names nobody; one of roles, users and units must")
	}
	for i, r := range g.Roles {
		if r != RolePublic && !slices.Contains(auth.Roles(), r) {
			k.add(fmt.Sprintf("%s/roles/%d", at, i), "%.60q is not a role", r)
		}
	}
	if len(g.Actions) == 0 {
		k.add(at+"/actions", "gives nothing")
	}
	for i, a := range g.Actions {
		if !slices.Contains(Actions(), a) {
			k.add(fmt.Sprintf("%s/actions/%d", at, i), "%.60q is not an action", a)
		}
	}
	k.bound(at+"/users", len(g.Users), maxList)
	k.bound(at+"/units", len(g.Units), maxList)
	k.objects(at, g.Networks, g.Districts, g.Owners)
}

func (k *checker) objects(at string, networks, districts, owners []string) {
	k.bound(at+"/owners", len(owners), maxList)
	for i, n := range networks {
		if _, ok := k.cat.Network(n); !ok {
			k.add(fmt.Sprintf("%s/networks/%d", at, i), "%.60q is not the code of a network", n)
		}
	}
	for i, d := range districts {
		if !k.districts[d] {
			k.add(fmt.Sprintf("%s/districts/%d", at, i), "there is no district %.60q in the policy", d)
		}
	}
}
