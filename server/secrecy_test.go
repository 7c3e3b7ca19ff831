package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// regrade gives assets of a city grades at random and returns what each of the lower roles must not see, under the policy that comes with the program.
func (c *city) regrade(r *rand.Rand, share float64) (hidden map[string]map[string]bool) {
	c.t.Helper()
	cs := c.twin.NewChangeSet("test", "")
	for rec := range c.twin.Snapshot().All {
		a := rec.Asset()
		if r.Float64() >= share {
			continue
		}
		a.Secrecy = twin.Secrecy(1 + r.IntN(4))
		if err := cs.Update(a, a.Version); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := c.twin.Apply(c.t.Context(), cs); err != nil {
		c.t.Fatal(err)
	}
	return c.hidden()
}

func (c *city) hidden() map[string]map[string]bool {
	m := map[string]map[string]bool{"contractor": {}, "planner": {}}
	for rec := range c.twin.Snapshot().All {
		m["contractor"][rec.ID()] = rec.Secrecy() > twin.SecrecyInternal
		m["planner"][rec.ID()] = rec.Secrecy() > twin.SecrecyRestricted
	}
	return m
}

// named returns the IDs that stand in the bytes, of those that are known. They may stand one behind the other with nothing between; of two that begin
// alike the longer is meant.
func named[V any](b []byte, known map[string]V) map[string]bool {
	longest := 0
	for id := range known {
		longest = max(longest, len(id))
	}
	found := map[string]bool{}
	text := string(b)
	for i := 0; i+4 < len(text); i++ {
		if text[i+2] != '-' || text[i] < 'A' || text[i] > 'Z' {
			continue
		}
		for n := min(longest, len(text)-i); n > 3; n-- {
			if _, ok := known[text[i:i+n]]; ok {
				found[text[i:i+n]] = true
				break
			}
		}
	}
	return found
}

// paths are requests that a reader may make, by the route that answers them; each route that reads the twin has some.
func (c *city) paths(most twin.Secrecy) map[string][]string {
	c.t.Helper()
	s := c.twin.Snapshot()
	d := s.Frame().Degrees(s.Extent())
	box := fmt.Sprintf("%f,%f,%f,%f", d[0], d[1], d[2], d[3])
	part := fmt.Sprintf("%f,%f,%f,%f", d[0]+0.4*(d[2]-d[0]), d[1]+0.4*(d[3]-d[1]), d[0]+0.5*(d[2]-d[0]), d[1]+0.5*(d[3]-d[1]))
	p := map[string][]string{
		"GET /api/v1/catalog": {"/api/v1/catalog"}, "GET /api/v1/base/ground": {"/api/v1/base/ground"}, "GET /api/v1/base/streets": {"/api/v1/base/streets"}, "GET /api/v1/me": {"/api/v1/me"},
		"GET /api/v1/assets":    {"/api/v1/assets?limit=1000", "/api/v1/assets?limit=1000&bbox=" + box, "/api/v1/assets?bbox=" + part, "/api/v1/assets?limit=1000&kind=segment&network=JS", "/api/v1/assets?limit=1000&asOf=1", "/api/v1/assets?limit=1000&q=1"},
		"GET /api/v1/search":    {"/api/v1/search?limit=50&q=JS-", "/api/v1/search?limit=50&q=0001", "/api/v1/search?q=%E8%B7%AF"},
		"GET /api/v1/histogram": {"/api/v1/histogram?by=material", "/api/v1/histogram?by=depth&bbox=" + part}, "GET /api/v1/model.glb": {"/api/v1/model.glb?bbox=" + part, "/api/v1/model.glb?asOf=1&bbox=" + part},
		"GET /3dtiles/tileset.json": {"/3dtiles/tileset.json"}, "GET /mvt/tilejson.json": {"/mvt/tilejson.json"},
	}
	for level := range 4 {
		for x := range 1 << level {
			for y := range 1 << level {
				for _, n := range []string{"JS", "WS", "DL", "ZH", "QL", "SD"} {
					p["GET /3dtiles/:network/content/:level/:x/:y"] = append(p["GET /3dtiles/:network/content/:level/:x/:y"], fmt.Sprintf("/3dtiles/%s/content/%d/%d/%d.glb", n, level, x, y))
				}
			}
		}
	}
	for _, n := range []string{"JS", "WS", "DL"} {
		p["GET /3dtiles/:network/tileset.json"] = append(p["GET /3dtiles/:network/tileset.json"], "/3dtiles/"+n+"/tileset.json", "/3dtiles/"+n+"/tileset.json?asOf=1")
		p["GET /3dtiles/:network/subtrees/:level/:x/:y"] = append(p["GET /3dtiles/:network/subtrees/:level/:x/:y"], "/3dtiles/"+n+"/subtrees/0/0/0.subtree")
		p["GET /3dtiles/:network/content/:level/:x/:y"] = append(p["GET /3dtiles/:network/content/:level/:x/:y"], "/3dtiles/"+n+"/content/0/0/0.glb?asOf=1", "/3dtiles/"+n+"/content/2/1/1.glb?asOf=1")
	}
	for _, z := range []int{13, 14, 16, 18} {
		x0, y0 := slippy(d[0], d[3], z)
		x1, y1 := slippy(d[2], d[1], z)
		for x := x0; x <= min(x1, x0+3); x++ {
			for y := y0; y <= min(y1, y0+3); y++ {
				p["GET /mvt/:z/:x/:y"] = append(p["GET /mvt/:z/:x/:y"], fmt.Sprintf("/mvt/%d/%d/%d.mvt", z, x, y))
			}
		}
	}
	n := 0
	for rec := range c.twin.Snapshot().All {
		if n++; n%9 == 0 && rec.Secrecy() <= most {
			id := url.PathEscape(rec.ID())
			for route, path := range map[string]string{"": "", "/history": "/history", "/parts": "/parts", "/model.glb": "/model.glb"} {
				p["GET /api/v1/assets/:id"+route] = append(p["GET /api/v1/assets/:id"+route], "/api/v1/assets/"+id+path)
			}
		}
	}
	return p
}

func slippy(lon, lat float64, z int) (x, y int) {
	n := math.Exp2(float64(z))
	r := lat * math.Pi / 180
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(r))/math.Pi) / 2 * n)
}

// tells is what the answers of each route tell of assets: "ids" name those that the role may see; "numbers" count or draw them; "base" is what is everybody's.
// A route of the table without a line here fails the test.
var tells = map[string]string{
	"GET /api/v1/assets": "ids", "GET /api/v1/assets/:id": "ids", "GET /api/v1/assets/:id/history": "ids", "GET /api/v1/assets/:id/model.glb": "ids", "GET /api/v1/model.glb": "ids", "GET /api/v1/search": "ids",
	"GET /3dtiles/:network/content/:level/:x/:y": "ids", "GET /mvt/:z/:x/:y": "ids",
	"GET /api/v1/assets/:id/parts": "numbers", "GET /api/v1/catalog": "numbers", "GET /api/v1/histogram": "numbers", "GET /3dtiles/tileset.json": "numbers", "GET /3dtiles/:network/tileset.json": "numbers",
	"GET /3dtiles/:network/subtrees/:level/:x/:y": "numbers", "GET /mvt/tilejson.json": "numbers",
	"GET /api/v1/base/ground": "base", "GET /api/v1/base/streets": "base", "GET /api/v1/me": "base",
}

// elsewhere are the routes whose answers hold nothing of the twin's assets, that only administrators may use, or that have a test of their own.
var elsewhere = []string{"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/session", "/api/v1/audit", "/api/v1/exports", "/api/v1/policy", "/api/v1/imports", "/api/v1/changes", "/api/v1/stream",
	"/api/v1/users", "/api/v1/units", "/api/v1/tokens", "/api/v1/exports"}

// mostOf is the highest grade that a role sees under the policy that comes with the program.
var mostOf = map[string]twin.Secrecy{"contractor": twin.SecrecyInternal, "planner": twin.SecrecyRestricted, "operator": twin.SecrecyRestricted, "admin": twin.SecrecySecret}

// grades is the grade of every asset of a city.
func (c *city) grades() map[string]twin.Secrecy {
	m := map[string]twin.Secrecy{}
	for rec := range c.twin.Snapshot().All {
		if m[rec.ID()] = rec.Secrecy(); rec.Secrecy() == twin.SecrecyUnset {
			m[rec.ID()] = twin.SecrecyInternal
		}
	}
	return m
}

// unhurried lets a contractor ask as often as an administrator.
func unhurried(o *server.Options) {
	o.Limits = limit.StandardTable()
	o.Limits["contractor"] = o.Limits["admin"]
}

// TestMatrix asks every route as every role about assets of every grade, and looks for IDs in the bytes of the answers: none of what the role must not
// see, and some of what it may where the route names assets.
func TestMatrix(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := newCityWith(t, 300, unhurried)
	hidden := c.regrade(rand.New(rand.NewPCG(seed, 0)), 0.6)
	grades := c.grades()
	for as, most := range mostOf {
		paths := c.paths(most)
		for _, route := range server.Routes() {
			_, path, _ := strings.Cut(route, " ")
			if route == "PUT /api/v1/me" || slices.ContainsFunc(elsewhere, func(b string) bool { return strings.HasPrefix(path, b) }) {
				continue
			}
			if tells[route] == "" || len(paths[route]) == 0 {
				t.Errorf("%s has no line in the tables of this test: what might it tell of what is hidden?", route)
			}
			var count [5]int
			answered := 0
			for _, p := range paths[route] {
				a := c.do(request{path: p, as: as})
				if a.status == http.StatusOK {
					answered++
				}
				for id := range named(a.body, grades) {
					if count[grades[id]]++; grades[id] > most {
						t.Errorf("%s as %s names %s of grade %s", p, as, id, grades[id])
					}
				}
			}
			for _, g := range twin.Secrecies() {
				if tells[route] == "ids" && g <= most && count[g] == 0 || answered == 0 {
					t.Errorf("%s as %s: %d answers, %d assets of grade %s", route, as, answered, count[g], g)
				}
			}
		}
	}
	for as, ids := range hidden {
		c.hiddenIsNotThere(as, ids)
	}
}

// TestPolicyUnderLoad changes the policy to and fro while assets, contents and vector tiles are read: no answer holds what neither policy shows, and who
// asks after a policy was taken has it.
func TestPolicyUnderLoad(t *testing.T) {
	c := newCityWith(t, 200, unhurried)
	c.regrade(rand.New(rand.NewPCG(5, 6)), 0.8)
	grades := c.grades()
	paths := c.paths(twin.SecrecyInternal)
	asked := []string{"/api/v1/assets?limit=1000", paths["GET /3dtiles/:network/content/:level/:x/:y"][0], paths["GET /mvt/:z/:x/:y"][0]}
	highest := func(p string) (most twin.Secrecy) {
		for id := range named(c.do(request{path: p, as: "contractor"}).body, grades) {
			most = max(most, grades[id])
		}
		return most
	}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for _, p := range asked {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if g := highest(p); g > twin.SecrecyInternal {
					t.Errorf("%s tells of grade %s", p, g)
				}
			}
		})
	}
	for i := range 16 {
		want := []twin.Secrecy{twin.SecrecyPublic, twin.SecrecyInternal}[i%2]
		d := rights.Default()
		d.Grants[3].Secrecy = want.String()
		if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": i, "policy": d}}); a.status != http.StatusOK {
			t.Fatalf("policy: %d %s", a.status, a.body)
		}
		if g := highest(asked[0]); g != want {
			t.Errorf("after the policy of grade %s the list tells of %s", want, g)
		}
		for _, p := range asked[1:] {
			if g := highest(p); g > want {
				t.Errorf("after the policy of grade %s %s tells of %s", want, p, g)
			}
		}
	}
	close(stop)
	readers.Wait()
}

// hiddenIsNotThere asks for what is hidden by name: it is answered as what does not exist.
func (c *city) hiddenIsNotThere(as string, ids map[string]bool) {
	c.t.Helper()
	n := 0
	for id, is := range ids {
		if !is {
			continue
		}
		if n++; n > 12 {
			break
		}
		for _, path := range []string{"", "/history", "/parts", "/model.glb", "?asOf=1"} {
			a := c.do(request{path: "/api/v1/assets/" + url.PathEscape(id) + path, as: as})
			none := c.do(request{path: "/api/v1/assets/JS-none" + path, as: as})
			if a.status != http.StatusNotFound || strings.ReplaceAll(a.problem.Detail, id, "JS-none") != none.problem.Detail {
				c.t.Errorf("%s%s as %s: %d %.200s", id, path, as, a.status, a.body)
			}
		}
		var list struct{ Items []struct{ ID string } }
		c.do(request{path: "/api/v1/search?q=" + url.QueryEscape(id), as: as}).json(c.t, &list)
		for _, h := range list.Items {
			if h.ID == id {
				c.t.Errorf("the search as %s finds %s", as, id)
			}
		}
	}
}

// TestWithheldIsCounted wants answers to say how much is not in them, in cells wide enough that this finds nothing.
func TestWithheldIsCounted(t *testing.T) {
	c := newCity(t, 300)
	hidden := c.regrade(rand.New(rand.NewPCG(1, 2)), 0.5)
	want := 0
	for _, is := range hidden["contractor"] {
		if is {
			want++
		}
	}
	count := func(path, as string) int {
		t.Helper()
		var j struct {
			Withheld *int
			Extras   *struct{ Withheld int }
		}
		c.do(request{path: path, as: as}).json(t, &j)
		switch {
		case j.Extras != nil:
			return j.Extras.Withheld
		case j.Withheld != nil:
			return *j.Withheld
		}
		return -1
	}
	if n := count("/api/v1/assets", "contractor"); n != want {
		t.Errorf("a list withholds %d, want %d", n, want)
	}
	if n := count("/3dtiles/tileset.json", "contractor"); n != want {
		t.Errorf("the tileset withholds %d, want %d", n, want)
	}
	if n := count("/api/v1/assets", "admin"); n != 0 {
		t.Errorf("%d are withheld from the administrator", n)
	}
	// However small a box is, it tells of whole cells: boxes within one cell tell the same.
	s := c.twin.Snapshot()
	q := s.Square()
	var m geometry.Point
	for rec := range s.All {
		if hidden["contractor"][rec.ID()] {
			m = rec.Middle()
		}
	}
	at := func(de, dn float64) string {
		lon, lat := s.Frame().LonLat(q.MinE+250*math.Floor((m.E-q.MinE)/250)+de, q.MinN+250*math.Floor((m.N-q.MinN)/250)+dn)
		return fmt.Sprintf("%.8f,%.8f,%.8f,%.8f", lon, lat, lon+1e-5, lat+1e-5)
	}
	first := count("/api/v1/assets?bbox="+at(20, 20), "contractor")
	for _, p := range [][2]float64{{20, 200}, {130, 90}, {200, 210}} {
		if n := count("/api/v1/assets?bbox="+at(p[0], p[1]), "contractor"); n != first || n == 0 {
			t.Errorf("boxes of one cell withhold %d and %d", first, n)
		}
	}
}

// TestStreamTellsWhatIsSeen follows changes as three roles: each hears of what it sees, and nothing at all of the rest.
func TestStreamTellsWhatIsSeen(t *testing.T) {
	c := newCity(t, 200)
	heard := map[string]<-chan string{}
	for _, as := range []string{"contractor", "planner", "admin"} {
		heard[as] = c.follow(as)
	}
	grade := func(id string, g twin.Secrecy) {
		t.Helper()
		a, _ := c.twin.Snapshot().Get(id)
		a.Secrecy = g
		cs := c.twin.NewChangeSet("test", "")
		if err := cs.Update(a, a.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := c.twin.Apply(t.Context(), cs); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for rec := range c.twin.Snapshot().All {
		ids = append(ids, rec.ID())
	}
	grade(ids[0], twin.SecrecySecret)     // everybody saw it, and is told that it changed
	grade(ids[0], twin.SecrecyRestricted) // the contractor does not see it before or after
	grade(ids[1], twin.SecrecyPublic)     // the last one, so that we know that all has been heard
	want := map[string][]string{"contractor": {ids[0], ids[1]}, "planner": {ids[0], ids[0], ids[1]}, "admin": {ids[0], ids[0], ids[1]}}
	for as, list := range want {
		for _, id := range list {
			if e := next(t, heard[as]); !strings.Contains(e, `"`+id+`"`) {
				t.Errorf("%s heard %s, want %s", as, e, id)
			}
		}
	}
	// A new policy ends the streams: who follows comes again and is known anew.
	d := rights.Default()
	d.Fields["owner"] = "secret"
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}}); a.status != http.StatusOK {
		t.Fatalf("policy: %d %s", a.status, a.body)
	}
	for as, ch := range heard {
		select {
		case e, open := <-ch:
			if open {
				t.Errorf("%s heard %s", as, e)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("the stream of %s goes on under a new policy", as)
		}
	}
}

func next(t *testing.T, ch <-chan string) string {
	t.Helper()
	select {
	case e, open := <-ch:
		if !open {
			t.Fatal("the stream has ended")
		}
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was heard")
	}
	return ""
}

// follow opens the stream of events as a role and hands on the data of change events.
func (c *city) follow(as string) <-chan string {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/stream", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.tokens[as])
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { cancel(); _ = res.Body.Close() })
	ch := make(chan string, 100)
	lines := bufio.NewReader(res.Body)
	for { // until the stream is known to be open
		line, err := lines.ReadString('\n')
		if err != nil {
			c.t.Fatal(err)
		}
		if strings.HasPrefix(line, "data:") {
			break
		}
	}
	go func() {
		defer close(ch)
		event := ""
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				if err != io.EOF {
					return
				}
				return
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				event = strings.TrimSpace(name)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok && event == "change" {
				ch <- data
			}
		}
	}()
	return ch
}

// TestValuesWithheld hides values of assets: they are in no answer, and a change by who does not see them leaves them as they are.
func TestValuesWithheld(t *testing.T) {
	c := newCity(t, 200)
	d := rights.Default()
	d.Fields = map[string]string{"owner": "secret", "road": "restricted", "material": "secret"}
	d.Grants = append(d.Grants, rights.Grant{ID: "editors", Roles: []string{"planner"}, Actions: []auth.Right{auth.Change}, Secrecy: "restricted"})
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}}); a.status != http.StatusOK {
		t.Fatalf("policy: %d %s", a.status, a.body)
	}
	var was *twin.Asset
	for rec := range c.twin.Snapshot().All {
		if a := rec.Asset(); a.Owner != "" && a.Road != "" && a.Material != "" && a.From != "" {
			was = a
			break
		}
	}
	path := "/api/v1/assets/" + url.PathEscape(was.ID)
	for as, withheld := range map[string][]string{"contractor": {"material", "owner", "road"}, "planner": {"material", "owner"}, "admin": nil} {
		var j struct {
			Owner, Road string
			Material    *string
			Withheld    []string
		}
		c.do(request{path: path, as: as}).json(t, &j)
		if !slices.Equal(j.Withheld, withheld) || (j.Owner == "") != slices.Contains(withheld, "owner") || (j.Road == "") != slices.Contains(withheld, "road") || (j.Material == nil) != slices.Contains(withheld, "material") {
			t.Errorf("%s reads %+v", as, j)
		}
		for _, q := range []string{was.Road, was.Owner} {
			var list struct{ Items []struct{ ID string } }
			c.do(request{path: "/api/v1/assets?limit=1000&q=" + url.QueryEscape(q), as: as}).json(t, &list)
			if as == "contractor" && len(list.Items) > 0 {
				t.Errorf("the contractor finds %d assets by a value that is hidden", len(list.Items))
			}
		}
	}
	// The planner sends back what was read, with another name.
	var read map[string]any
	c.do(request{path: path, as: "planner"}).json(t, &read)
	for _, k := range []string{"withheld", "bbox", "revision", "recorded", "invert", "cover"} {
		delete(read, k)
	}
	read["name"] = "changed"
	a := c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "planner", body: map[string]any{"changes": []any{map[string]any{"op": "update", "version": read["version"], "asset": read}}}})
	if a.status != http.StatusOK {
		t.Fatalf("change: %d %s", a.status, a.body)
	}
	now, _ := c.twin.Snapshot().Get(was.ID)
	if now.Name != "changed" || now.Owner != was.Owner || now.Material != was.Material || now.Road != was.Road || now.From != was.From {
		t.Errorf("after the change: name %q, owner %q, material %q, road %q, from %q", now.Name, now.Owner, now.Material, now.Road, now.From)
	}
}

// TestChangesStayWithin lets a planner change what a policy leaves open, and nothing beside it.
func TestChangesStayWithin(t *testing.T) {
	c := newCity(t, 200)
	d := rights.Default()
	d.Grants = append(d.Grants, rights.Grant{ID: "water", Roles: []string{"planner"}, Actions: []auth.Right{auth.Change}, Networks: []string{"JS"}, Secrecy: "internal"})
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: map[string]any{"version": 0, "policy": d}}); a.status != http.StatusOK {
		t.Fatalf("policy: %d %s", a.status, a.body)
	}
	ids := map[string]string{}
	for rec := range c.twin.Snapshot().All {
		if rec.Kind() == twin.KindSegment && ids[rec.Network()] == "" {
			ids[rec.Network()] = rec.ID()
		}
	}
	secret := ids["JS"] + "-s"
	cs := c.twin.NewChangeSet("test", "")
	s, _ := c.twin.Snapshot().Get(ids["JS"])
	s.ID, s.SourceNumber, s.Secrecy = secret, "", twin.SecrecySecret
	if err := cs.Create(s); err != nil {
		t.Fatal(err)
	}
	if _, err := c.twin.Apply(t.Context(), cs); err != nil {
		t.Fatal(err)
	}
	change := func(op, id string, version any, edit map[string]any) *answer {
		t.Helper()
		asset := map[string]any{"id": id}
		if op != "remove" {
			c.do(request{path: "/api/v1/assets/" + url.PathEscape(ids[id[:2]]), as: "admin"}).json(t, &asset)
			asset["id"] = id
			for _, k := range []string{"withheld", "bbox", "revision", "recorded", "invert", "cover"} {
				delete(asset, k)
			}
			for k, v := range edit {
				asset[k] = v
			}
		}
		return c.do(request{method: http.MethodPost, path: "/api/v1/changes", as: "planner", body: map[string]any{"changes": []any{map[string]any{"op": op, "version": version, "asset": asset}}}})
	}
	before := c.twin.Snapshot().Revision()
	for name, x := range map[string]struct {
		a    *answer
		want int
	}{
		"another network":               {change("update", ids["WS"], 1, nil), http.StatusForbidden},
		"into another network":          {change("update", ids["JS"], 1, map[string]any{"network": "WS"}), http.StatusForbidden},
		"to a grade above":              {change("update", ids["JS"], 1, map[string]any{"secrecy": "restricted"}), http.StatusForbidden},
		"removal in another":            {change("remove", ids["WS"], 1, nil), http.StatusForbidden},
		"what is hidden":                {change("update", secret, 1, nil), http.StatusConflict},
		"what is hidden, removed":       {change("remove", secret, 1, nil), http.StatusConflict},
		"what does not exist":           {change("remove", "JS-none", 1, nil), http.StatusConflict},
		"a new one in another":          {change("create", "WS-new", 0, nil), http.StatusForbidden},
		"a new one over what is hidden": {change("create", secret, 0, nil), http.StatusForbidden},
	} {
		if x.a.status != x.want {
			t.Errorf("%s: %d %s", name, x.a.status, x.a.body)
		}
	}
	if now := c.twin.Snapshot().Revision(); now != before {
		t.Errorf("refused changes made revision %d of %d", now, before)
	}
	if a := change("update", ids["JS"], 1, map[string]any{"name": "mine"}); a.status != http.StatusOK {
		t.Errorf("what is the planner's to change: %d %s", a.status, a.body)
	}
	// A survey may not touch what its author may not change.
	up := c.upload("planner", nil, map[string]string{"a.geojson": `{"type":"FeatureCollection","features":[]}`})
	if up.status != http.StatusForbidden {
		t.Errorf("an import without the right: %d", up.status)
	}
}

// TestWhy asks why somebody may see something, and why not.
func TestWhy(t *testing.T) {
	c := newCity(t, 200)
	c.regrade(rand.New(rand.NewPCG(3, 4)), 1)
	for rec := range c.twin.Snapshot().All {
		for user, most := range map[string]twin.Secrecy{"a-contractor": twin.SecrecyInternal, "a-admin": twin.SecrecySecret, "": twin.SecrecyUnset} {
			var w struct {
				Allowed          bool
				Grade, GradeFrom string
				Grants           []rights.GrantTried
			}
			c.do(request{method: http.MethodPost, path: "/api/v1/policy/why", as: "admin", body: map[string]string{"user": user, "asset": rec.ID()}}).json(t, &w)
			if w.Allowed != (rec.Secrecy() <= most) || w.Grade != rec.Secrecy().String() || w.GradeFrom != "asset" || len(w.Grants) != len(rights.Default().Grants) {
				t.Fatalf("%q and %s of grade %s: %+v", user, rec.ID(), rec.Secrecy(), w)
			}
		}
		if rec.ID() > "DL-J000020" {
			break
		}
	}
	for body, want := range map[string]int{`{"user":"nobody","asset":"JS-1"}`: 422, `{"asset":"JS-none"}`: 422, `{"asset":"JS-1","action":"fly"}`: 422, `{"asset":7}`: 422, `[`: 400} {
		if a := c.do(request{method: http.MethodPost, path: "/api/v1/policy/why", as: "admin", body: body}); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	raw, err := json.Marshal(map[string]any{"version": 0, "policy": rights.Doc{}})
	if err != nil {
		t.Fatal(err)
	}
	if a := c.do(request{method: http.MethodPut, path: "/api/v1/policy", as: "admin", body: string(raw)}); a.status != 422 || !strings.Contains(string(a.body), "/policy/grants") {
		t.Errorf("a policy that locks everybody out: %d %s", a.status, a.body)
	}
}
