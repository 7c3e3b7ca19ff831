package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// quoted is what a sentence takes from the request or from a format, and so stays as it is in every language.
var quoted = regexp.MustCompile(`"[^"]*"|[/\w]*/[/\w]+|attributes(\.\w*)?|name|owner|material|installed|road|validity|public|internal|restricted|secret|Polygon|MultiPolygon|planners|GET`)

// TestPolicyRefused puts policies that cannot hold: each is refused with a pointer to the place, in the language of who asks, and changes nothing.
func TestPolicyRefused(t *testing.T) {
	c := newCity(t, 200)
	f, m := c.twin.Snapshot().Frame(), c.twin.Snapshot().Extent().Center()
	ring := func(corners ...[2]float64) rights.District {
		d := rights.District{Name: "北区", Geometry: rights.Geometry{Type: "Polygon"}}
		list := [][2]float64{}
		for _, p := range corners {
			lon, lat := f.LonLat(m.E+100*p[0], m.N+100*p[1])
			list = append(list, [2]float64{lon, lat})
		}
		raw, err := json.Marshal([][][2]float64{list})
		if err != nil {
			t.Fatal(err)
		}
		d.Geometry.Coordinates = raw
		return d
	}
	raw := func(kind, coordinates string) rights.District {
		return rights.District{Name: "北区", Geometry: rights.Geometry{Type: kind, Coordinates: json.RawMessage(coordinates)}}
	}
	for name, tc := range map[string]struct {
		change  func(d *rights.Doc)
		pointer string
	}{
		"bow tie": {func(d *rights.Doc) {
			d.Districts = append(d.Districts, ring([2]float64{0, 0}, [2]float64{1, 1}, [2]float64{1, 0}, [2]float64{0, 2}))
		}, "/districts/0/geometry"},
		"two corners": {func(d *rights.Doc) { d.Districts = append(d.Districts, ring([2]float64{0, 0}, [2]float64{1, 1})) }, "/districts/0/geometry"},
		"a line": {func(d *rights.Doc) {
			d.Districts = append(d.Districts, ring([2]float64{0, 0}, [2]float64{1, 1}, [2]float64{2, 2}))
		}, "/districts/0/geometry"},
		"no polygon":      {func(d *rights.Doc) { d.Districts = append(d.Districts, raw("Point", "[1,2]")) }, "/districts/0/geometry"},
		"no coordinates":  {func(d *rights.Doc) { d.Districts = append(d.Districts, raw("Polygon", "7")) }, "/districts/0/geometry"},
		"no parts":        {func(d *rights.Doc) { d.Districts = append(d.Districts, raw("MultiPolygon", "[7]")) }, "/districts/0/geometry"},
		"another place":   {func(d *rights.Doc) { d.Districts = append(d.Districts, raw("Polygon", "[[[0,95],[1,95],[1,96]]]")) }, "/districts/0/geometry"},
		"name twice":      {func(d *rights.Doc) { d.Districts = append(d.Districts, raw("Polygon", "[]"), raw("Polygon", "[]")) }, "/districts/1/name"},
		"no name":         {func(d *rights.Doc) { d.Districts = []rights.District{{}} }, "/districts/0/name"},
		"no district":     {func(d *rights.Doc) { d.Grants[3].Districts = []string{"south"} }, "/grants/3/districts/0"},
		"id twice":        {func(d *rights.Doc) { d.Grants[3].ID = d.Grants[2].ID }, "/grants/3/id"},
		"nobody":          {func(d *rights.Doc) { d.Grants[3].Roles = nil }, "/grants/3/roles"},
		"no role":         {func(d *rights.Doc) { d.Grants[3].Roles[0] = "king" }, "/grants/3/roles/0"},
		"nothing":         {func(d *rights.Doc) { d.Grants[3].Actions = nil }, "/grants/3/actions"},
		"no action":       {func(d *rights.Doc) { d.Grants[3].Actions[0] = "fly" }, "/grants/3/actions/0"},
		"no network":      {func(d *rights.Doc) { d.Grants[3].Networks = []string{"no such"} }, "/grants/3/networks/0"},
		"no grade":        {func(d *rights.Doc) { d.Grants[3].Secrecy = "hush" }, "/grants/3/secrecy"},
		"too many owners": {func(d *rights.Doc) { d.Grants[3].Owners = make([]string, 1001) }, "/grants/3/owners"},
		"no kind": {func(d *rights.Doc) {
			d.Gradings = []rights.Grading{{ID: "g", Secrecy: "secret", Kinds: []string{"cave"}}}
		}, "/gradings/0/kinds/0"},
		"no value":   {func(d *rights.Doc) { d.Fields = map[string]string{"geometry": "secret"} }, "/fields/geometry"},
		"locked out": {func(d *rights.Doc) { d.Grants = d.Grants[1:] }, "/grants"},
	} {
		d := rights.Default()
		tc.change(&d)
		for _, lang := range []string{"en", "zh-CN"} {
			a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}, headers: map[string]string{"Accept-Language": lang}})
			i := slices.IndexFunc(a.problem.Errors, func(e struct{ Pointer, Detail string }) bool { return e.Pointer == "/policy"+tc.pointer })
			if a.status != http.StatusUnprocessableEntity || i < 0 {
				t.Errorf("%s: %d %s", name, a.status, a.body)
				continue
			}
			for _, s := range []string{a.problem.Detail, a.problem.Errors[i].Detail} {
				if left := quoted.ReplaceAllString(s, ""); lang != "en" && (!han.MatchString(s) || regexp.MustCompile(`[a-z]{3,}`).MatchString(left)) {
					t.Errorf("%s in Chinese: %s", name, s)
				}
			}
		}
	}
	var p struct{ Version int }
	if c.do(request{path: "/api/v1/policy", as: "admin"}).json(t, &p); p.Version != 0 {
		t.Errorf("what was refused made version %d", p.Version)
	}
	a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 7, "policy": rights.Default()}, headers: map[string]string{"Accept-Language": "zh-CN"}})
	if a.status != http.StatusConflict || !strings.Contains(a.problem.Detail, "版本 7") {
		t.Errorf("another version: %d %s", a.status, a.body)
	}
}

// TestViewKey asks who one is while the policy changes: the key of the class is another exactly when the rights are.
func TestViewKey(t *testing.T) {
	c := newCity(t, 200)
	view := func(role string) (me struct {
		View   string
		Rights []string
	}) {
		t.Helper()
		if c.do(request{path: "/api/v1/me", as: role}).json(t, &me); me.View == "" {
			t.Fatalf("no key of the class of %s", role)
		}
		return me
	}
	version := 0
	put := func(change func(d *rights.Doc)) {
		t.Helper()
		d := rights.Default()
		change(&d)
		if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": version, "policy": d}}); a.status != http.StatusOK {
			t.Fatalf("policy: %d %s", a.status, a.body)
		}
		version++
	}
	was := map[string]string{"contractor": view("contractor").View, "planner": view("planner").View}
	if was["contractor"] == was["planner"] || view("planner").View != view("operator").View {
		t.Errorf("keys of roles: %v, operator %s", was, view("operator").View)
	}
	put(func(d *rights.Doc) { d.Grants[3].Note = "words alone" })
	if view("contractor").View != was["contractor"] {
		t.Error("a note makes another class")
	}
	for name, change := range map[string]func(d *rights.Doc){
		"a network": func(d *rights.Doc) { d.Grants[3].Networks = []string{"JS"} },
		"a grade":   func(d *rights.Doc) { d.Grants[3].Secrecy = "public" },
		"a value":   func(d *rights.Doc) { d.Fields = map[string]string{"owner": "restricted"} },
		"no export": func(d *rights.Doc) { d.Grants[3].Actions = d.Grants[3].Actions[:1] },
		"more to the one": func(d *rights.Doc) {
			d.Grants = append(d.Grants, rights.Grant{ID: "x", Users: []string{"a-contractor"}, Actions: d.Grants[3].Actions, Secrecy: "secret"})
		},
	} {
		if put(change); view("contractor").View == was["contractor"] {
			t.Errorf("%s: the class of contractors has the key it had", name)
		}
	}
	if put(func(*rights.Doc) {}); view("contractor").View != was["contractor"] {
		t.Error("the same rights again, and another key")
	}
}

// TestCatalogWithheld holds what the catalog says is withheld against what there is, and the grade of an asset against the policy.
func TestCatalogWithheld(t *testing.T) {
	c := newCity(t, 300)
	hidden := c.regrade(rand.New(rand.NewPCG(8, 9)), 0.5)["contractor"]
	byLayer, all := map[string]int{}, 0
	for rec := range c.twin.Snapshot().All {
		if hidden[rec.ID()] {
			byLayer[rec.Layer()]++
			all++
		}
	}
	var cat struct {
		Withheld int
		Networks []struct {
			Code     string
			Withheld int
		}
	}
	c.do(request{path: "/api/v1/catalog", as: "contractor"}).json(t, &cat)
	if cat.Withheld != all || all == 0 {
		t.Errorf("%d are withheld, says the catalog; %d are", cat.Withheld, all)
	}
	for _, n := range cat.Networks {
		if n.Withheld != byLayer[n.Code] {
			t.Errorf("%s: %d are withheld, says the catalog; %d are", n.Code, n.Withheld, byLayer[n.Code])
		}
	}
	if c.do(request{path: "/api/v1/catalog", as: "admin"}).json(t, &cat); cat.Withheld != 0 {
		t.Errorf("%d are withheld from who may see all", cat.Withheld)
	}
	for rec := range c.twin.Snapshot().All {
		var a struct {
			Secrecy *string
			Grade   string
		}
		c.do(request{path: "/api/v1/assets/" + rec.ID(), as: "admin"}).json(t, &a)
		want := rec.Secrecy()
		if own := fmt.Sprint(want); own == "" != (a.Secrecy == nil) {
			t.Errorf("%s has the grade %v of its own", rec.ID(), a.Secrecy)
		}
		if want == twin.SecrecyUnset {
			want = twin.SecrecyInternal
		}
		if a.Grade != want.String() {
			t.Errorf("%s counts as %s, want %s", rec.ID(), a.Grade, want)
		}
		if rec.ID() > "DL-J000020" {
			break
		}
	}
}
