package rights_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/store"
)

// yard is a small installation: pipes of several networks, owners and grades along a street.
func yard(t *testing.T) (*twin.Twin, *auth.Office) {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := twin.Open(t.Context(), s, twin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := auth.Open(t.Context(), dir, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(o.Close(), tw.Close()); err != nil {
			t.Error(err)
		}
	})
	return tw, o
}

func at(i int) geometry.Point { return geometry.Point{E: 420000 + float64(10*i), N: 4153000, H: 3} }

func fill(t *testing.T, tw *twin.Twin, n int) {
	t.Helper()
	c, err := crs.Parse("EPSG:4549")
	if err != nil {
		t.Fatal(err)
	}
	f, err := crs.NewFrame(c, "1985", 0)
	if err != nil {
		t.Fatal(err)
	}
	cs := tw.NewChangeSet("test", "")
	cs.SetFrame(f)
	for i := range n {
		code := []string{"JS", "WS", "DL", "GD", "RQ"}[i%5]
		a := &twin.Asset{ID: fmt.Sprintf("%s-%d", code, i), Kind: twin.KindSegment, Network: code, Status: twin.StatusInService, Reference: twin.RefAxis, Bottom: twin.Unknown(),
			Section: geometry.Round(0.3, 0.01), Line: []geometry.Point{at(i), at(i + 1)}, Owner: []string{"", "水务集团", "燃气公司"}[i/5%3], Secrecy: twin.Secrecy(i / 15 % 5)}
		if err := cs.Create(a); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tw.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
}

// district is a rectangle that pipes from to to-1 along the street lie in.
func district(f *crs.Frame, name string, from, to int) rights.District {
	corner := func(p geometry.Point, north float64) []float64 {
		lon, lat := f.LonLat(p.E+3, p.N+north)
		return []float64{lon, lat}
	}
	raw, err := json.Marshal([][][]float64{{corner(at(from), -5), corner(at(to-1), -5), corner(at(to-1), 5), corner(at(from), 5), corner(at(from), -5)}})
	if err != nil {
		panic(err)
	}
	return rights.District{Name: name, Geometry: rights.Geometry{Type: "Polygon", Coordinates: raw}}
}

// TestAgainstThePlainRule draws policies at random and holds every answer for every asset against the rule written down plainly.
func TestAgainstThePlainRule(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	tw, _ := yard(t)
	fill(t, tw, 75)
	s := tw.Snapshot()
	some := func(all ...string) (list []string) {
		for _, a := range all {
			if r.IntN(3) == 0 {
				list = append(list, a)
			}
		}
		return list
	}
	grades := []string{"public", "internal", "restricted", "secret"}
	subjects := []rights.Subject{{}, {Name: "li", Role: "planner", Unit: "水务集团"}, {Name: "wang", Role: "contractor", Unit: "rq", UnitName: "燃气公司"}, {Name: "chen", Role: "operator"}}
	places := map[string][2]int{"东区": {5, 20}, "西区": {40, 60}}
	for range 300 {
		d := rights.Doc{Fields: map[string]string{}, Districts: []rights.District{district(s.Frame(), "东区", 5, 20), district(s.Frame(), "西区", 40, 60)}}
		for i := range 1 + r.IntN(4) {
			d.Grants = append(d.Grants, rights.Grant{ID: fmt.Sprint(i), Roles: append(some("contractor", "operator", "public"), "planner"), Users: some("li", "wang"), Units: some("rq"), Actions: []auth.Right{auth.Read},
				Networks: some("JS", "WS", "DL"), Districts: some("东区", "西区"), Owners: some("水务集团", "@unit"), Secrecy: grades[r.IntN(4)]})
		}
		for i := range r.IntN(3) {
			d.Gradings = append(d.Gradings, rights.Grading{ID: fmt.Sprint("g", i), Networks: some("RQ", "JS"), Kinds: some("segment", "node"), Districts: some("东区"), Secrecy: grades[r.IntN(4)]})
		}
		rules, err := rights.Compile(d, tw.Catalog(), s.Frame())
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range subjects {
			sight := rules.Sight(u, auth.Read)
			for rec := range s.All {
				want := plainly(&d, u, rec, places)
				if got := rights.Allows(sight, rec); got != want {
					t.Fatalf("%+v of %s (%s, %q): %t, want %t\n%+v", u, rec.ID(), rec.Secrecy(), rec.Owner(), got, want, d)
				}
				if w := rules.Why(u, auth.Read, rec); w.Allowed != want || want == !slices.ContainsFunc(w.Grants, func(g rights.GrantTried) bool { return g.Holds }) {
					t.Fatalf("why says %+v, want %t", w, want)
				}
			}
		}
	}
}

// plainly is the rule as the documentation has it.
func plainly(d *rights.Doc, u rights.Subject, rec twin.Record, places map[string][2]int) bool {
	var i int
	if _, err := fmt.Sscanf(rec.ID()[3:], "%d", &i); err != nil {
		panic(err)
	}
	within := func(names []string) bool {
		return len(names) == 0 || slices.ContainsFunc(names, func(n string) bool { return i >= places[n][0] && i < places[n][1] })
	}
	network := func(codes []string) bool {
		n := rec.Network()
		return len(codes) == 0 || slices.Contains(codes, n) || n == "GD" && slices.Contains(codes, "DL")
	}
	grade := rec.Secrecy()
	if grade == twin.SecrecyUnset {
		for _, g := range d.Gradings {
			if s, _ := twin.ParseSecrecy(g.Secrecy); network(g.Networks) && within(g.Districts) && (len(g.Kinds) == 0 || slices.Contains(g.Kinds, "segment")) {
				grade = max(grade, s)
			}
		}
		if grade == twin.SecrecyUnset {
			grade = twin.SecrecyInternal
		}
	}
	for _, g := range d.Grants {
		role := u.Role
		if u.Name == "" {
			role = "public"
		}
		who := slices.Contains(g.Roles, role) || u.Name != "" && slices.Contains(g.Users, u.Name) || u.Unit != "" && slices.Contains(g.Units, u.Unit)
		owner := len(g.Owners) == 0 || rec.Owner() != "" && (slices.Contains(g.Owners, rec.Owner()) || slices.Contains(g.Owners, "@unit") && (rec.Owner() == u.Unit || rec.Owner() == u.UnitName))
		if most, _ := twin.ParseSecrecy(g.Secrecy); who && owner && grade <= most && network(g.Networks) && within(g.Districts) {
			return true
		}
	}
	return false
}

// TestPolicyRefused gives policies that cannot hold: each is refused with the place of what is wrong.
func TestPolicyRefused(t *testing.T) {
	tw, _ := yard(t)
	fill(t, tw, 5)
	for pointer, text := range map[string]string{
		"/grants/0/secrecy":      `{"grants":[{"id":"a","roles":["planner"],"actions":["read"],"secrecy":"top"}]}`,
		"/grants/0/roles":        `{"grants":[{"id":"a","actions":["read"],"secrecy":"secret"}]}`,
		"/grants/0/roles/0":      `{"grants":[{"id":"a","roles":["king"],"actions":["read"],"secrecy":"secret"}]}`,
		"/grants/0/actions":      `{"grants":[{"id":"a","roles":["planner"],"secrecy":"secret"}]}`,
		"/grants/0/actions/0":    `{"grants":[{"id":"a","roles":["planner"],"actions":["fly"],"secrecy":"secret"}]}`,
		"/grants/0/networks/0":   `{"grants":[{"id":"a","roles":["planner"],"actions":["read"],"networks":["??"],"secrecy":"secret"}]}`,
		"/grants/0/districts/0":  `{"grants":[{"id":"a","roles":["planner"],"actions":["read"],"districts":["nowhere"],"secrecy":"secret"}]}`,
		"/grants/1/id":           `{"grants":[{"id":"a","roles":["planner"],"actions":["read"],"secrecy":"secret"},{"id":"a","roles":["planner"],"actions":["read"],"secrecy":"secret"}]}`,
		"/gradings/0/kinds/0":    `{"gradings":[{"id":"a","kinds":["cloud"],"secrecy":"secret"}]}`,
		"/fields/depth":          `{"fields":{"depth":"secret"}}`,
		"/fields/owner":          `{"fields":{"owner":"hidden"}}`,
		"/districts/0/geometry":  `{"districts":[{"name":"a","geometry":{"type":"Polygon","coordinates":[[[122.1,37.5],[122.2,37.6],[122.2,37.5],[122.1,37.6],[122.1,37.5]]]}}]}`,
		"/districts/0/geometry ": `{"districts":[{"name":"a","geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		"/districts/1/name":      `{"districts":[{"name":"a","geometry":{"type":"Polygon","coordinates":[]}},{"name":"a","geometry":{"type":"Polygon","coordinates":[]}}]}`,
	} {
		var d rights.Doc
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatal(err)
		}
		_, err := rights.Compile(d, tw.Catalog(), tw.Snapshot().Frame())
		var e *twin.Error
		if !errors.As(err, &e) || e.Kind != twin.Invalid || !slices.ContainsFunc(e.Fields, func(f twin.Field) bool { return f.Pointer == strings.TrimSpace(pointer) }) {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}

// TestBook keeps policies: one that locks out the last administrator is refused, one that was read too early too, and the others hold at once and after a
// new start.
func TestBook(t *testing.T) {
	tw, o := yard(t)
	fill(t, tw, 5)
	if err := o.AddUser(t.Context(), "root", "admin"); err != nil {
		t.Fatal(err)
	}
	b, err := rights.Open(t.Context(), o, tw)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	b.OnChange(func() { told++ })
	d := rights.Default()
	d.Grants = d.Grants[1:]
	if _, err := b.Put(t.Context(), 0, d, "root"); twin.KindOf(err) != twin.Invalid || told != 0 {
		t.Errorf("a policy without administrators: %v", err)
	}
	d = rights.Default()
	d.Fields["owner"] = "secret"
	v, err := b.Put(t.Context(), 0, d, "root")
	if err != nil || v != 1 || told != 1 {
		t.Fatalf("%d, %v, told %d", v, err, told)
	}
	if _, err := b.Put(t.Context(), 0, d, "root"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("a policy over one that was not read: %v", err)
	}
	again, err := rights.Open(t.Context(), o, tw)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*rights.Book{b, again} {
		rules := b.Rules()
		planner := rules.Sight(rights.Subject{Name: "x", Role: "planner"}, auth.Read)
		if planner == nil || !planner.Veil.Hides("owner") || rules.Sight(rights.Subject{Name: "root", Role: "admin"}, auth.Read) != nil {
			t.Error("the policy does not hold")
		}
		if rules.May(rights.Subject{}, auth.Read) || rules.May(rights.Subject{Name: "x", Role: "planner"}, auth.Change) || !rules.May(rights.Subject{Name: "root", Role: "admin"}, rights.Policy) {
			t.Error("the rights are others than those of the policy")
		}
	}
	if p, _ := again.Policy(); p.Author != "root" || p.Version != 1 {
		t.Errorf("%+v", p)
	}
}
