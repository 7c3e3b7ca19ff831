package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/limit"
)

func prefixes(list ...string) (out []netip.Prefix) {
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// behind puts a reverse proxy before a city, which passes on below /twin and says so.
func behind(t *testing.T, c *city, strip bool) *httptest.Server {
	t.Helper()
	to, err := url.Parse(c.url)
	if err != nil {
		t.Fatal(err)
	}
	p := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
		r.Out.Header.Set("X-Forwarded-Proto", "https") // as one that does TLS
		if strip {
			r.Out.URL.Path = strings.TrimPrefix(r.In.URL.Path, "/twin")
			r.Out.URL.RawPath = ""
			r.Out.Header.Set("X-Forwarded-Prefix", "/twin")
		}
	}}
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	return srv
}

// TestBehindAProxy uses an installation below a path, through a proxy that takes the path off and through one that leaves it to the setting.
func TestBehindAProxy(t *testing.T) {
	for name, strip := range map[string]bool{"stripped": true, "by the setting": false} {
		t.Run(name, func(t *testing.T) {
			c := newCityWith(t, 200, func(o *server.Options) {
				o.Proxies = prefixes("127.0.0.0/8")
				if !strip {
					o.BasePath = "/twin"
				}
			})
			proxy := behind(t, c, strip)
			host := strings.TrimPrefix(proxy.URL, "http://")
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			cookie := ""
			ask := func(method, path, body string) *answer {
				t.Helper()
				req, err := http.NewRequestWithContext(t.Context(), method, proxy.URL+path, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Origin", "https://"+host)
				req.Header.Set("X-Undercity", "1")
				if body != "" {
					req.Header.Set("Content-Type", "application/json")
				}
				if cookie != "" {
					req.Header.Set("Cookie", cookie)
				}
				res, err := client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				a := &answer{status: res.StatusCode, header: res.Header}
				if a.body, err = io.ReadAll(res.Body); err != nil {
					t.Fatal(err)
				}
				return a
			}
			if a := ask("GET", "/twin/", ""); a.status != 200 || !strings.Contains(string(a.body), "<title>") || a.header.Get("Strict-Transport-Security") == "" {
				t.Errorf("the page: %d %v", a.status, a.header)
			}
			if a := ask("GET", "/twin/assets/app-12345678.js", ""); a.status != 200 {
				t.Errorf("a file of the page: %d", a.status)
			}
			in := ask("POST", "/twin/api/v1/session", `{"token":"`+c.tokens["admin"]+`"}`)
			set := in.header.Get("Set-Cookie")
			if in.status != 200 || !strings.Contains(set, "Path=/twin/") || !strings.Contains(set, "Secure") {
				t.Fatalf("sign-in: %d %q %s", in.status, set, in.body)
			}
			cookie, _, _ = strings.Cut(set, ";")
			if a := ask("GET", "/twin/api/v1/me", ""); a.status != 200 {
				t.Errorf("me: %d", a.status)
			}
			if a := ask("POST", "/twin/api/v1/changes", `{"changes":[]}`); a.status != 422 {
				t.Errorf("a change: %d %s", a.status, a.body)
			}
			// Every address that an answer names leads somewhere through the proxy.
			var root struct {
				Root struct {
					Children []struct{ Content struct{ URI string } }
				}
			}
			if err := json.Unmarshal(ask("GET", "/twin/3dtiles/tileset.json", "").body, &root); err != nil || len(root.Root.Children) == 0 {
				t.Fatalf("%v %+v", err, root)
			}
			for _, child := range root.Root.Children {
				if a := ask("GET", "/twin/3dtiles/"+child.Content.URI, ""); a.status != 200 || strings.HasPrefix(child.Content.URI, "/") {
					t.Errorf("%s: %d", child.Content.URI, a.status)
				}
			}
			var tile struct{ Tiles []string }
			if err := json.Unmarshal(ask("GET", "/twin/mvt/tilejson.json", "").body, &tile); err != nil || len(tile.Tiles) != 1 || tile.Tiles[0] != "https://"+host+"/twin/mvt/{z}/{x}/{y}.mvt" {
				t.Errorf("tilejson: %v %v", err, tile)
			}
			var doc struct{ Servers []struct{ URL string } }
			if err := json.Unmarshal(ask("GET", "/twin/api/v1/openapi.json", "").body, &doc); err != nil || len(doc.Servers) != 1 || doc.Servers[0].URL != "/twin/" {
				t.Errorf("servers: %v %+v", err, doc)
			}
			if !strip {
				if a := ask("GET", "/twin", ""); a.status != http.StatusPermanentRedirect || a.header.Get("Location") != "/twin/" {
					t.Errorf("the bare path: %d %v", a.status, a.header)
				}
				if a := ask("GET", "/twine/", ""); a.status != 404 {
					t.Errorf("a path that begins alike: %d", a.status)
				}
			}
		})
	}
}

// TestForwarded takes the word of named proxies about the client, and of nobody else: limits count the client's address by it.
func TestForwarded(t *testing.T) {
	table := limit.StandardTable()
	if err := table.Set("public.read=1/h:1"); err != nil {
		t.Fatal(err)
	}
	type h = map[string]string
	for _, s := range []struct {
		name    string
		proxies []netip.Prefix
		first   h
		second  h
		want    int
	}{
		{"no proxy: the header is nothing", nil, h{"X-Forwarded-For": "198.51.100.1"}, h{"X-Forwarded-For": "198.51.100.2"}, 429},
		{"another proxy", prefixes("10.0.0.0/8"), h{"X-Forwarded-For": "198.51.100.1"}, h{"X-Forwarded-For": "198.51.100.2"}, 429},
		{"two clients", prefixes("127.0.0.1/32"), h{"X-Forwarded-For": "198.51.100.1"}, h{"X-Forwarded-For": "198.51.100.2"}, 200},
		{"what the client says of itself", prefixes("127.0.0.1/32"), h{"X-Forwarded-For": "203.0.113.1, 198.51.100.1"}, h{"X-Forwarded-For": "203.0.113.2, 198.51.100.1"}, 429},
		{"a row of proxies", prefixes("127.0.0.1/32", "10.0.0.0/8"), h{"X-Forwarded-For": "198.51.100.1, 10.0.0.1"}, h{"X-Forwarded-For": "198.51.100.2, 10.0.0.1"}, 200},
		{"Forwarded", prefixes("127.0.0.1/32"), h{"Forwarded": `for="[2001:db8:1::1]:4711";proto=https`}, h{"Forwarded": `for="[2001:db8:2::1]"`}, 200},
		{"Forwarded, one client", prefixes("127.0.0.1/32"), h{"Forwarded": `for=192.0.2.1, For="[2001:db8:1::1]:4711"`}, h{"Forwarded": `for=192.0.2.2,for="[2001:db8:1::2]"`}, 429},
		{"a hidden client is the proxy", prefixes("127.0.0.1/32"), h{"Forwarded": "for=unknown"}, h{"Forwarded": "for=_hidden"}, 429},
		{"nonsense", prefixes("127.0.0.1/32"), h{"X-Forwarded-For": ",,,;"}, h{"X-Forwarded-For": strings.Repeat("1.1.1.1.1,", 5000)}, 429},
	} {
		t.Run(s.name, func(t *testing.T) {
			c := newCityWith(t, 0, func(o *server.Options) { o.Limits, o.Proxies = table, s.proxies })
			c.doc = nil
			path := "/api/v1/docs"
			if a := c.do(request{path: path, headers: s.first}); a.status != 200 && s.proxies != nil && s.want == 200 {
				t.Fatalf("the first: %d", a.status)
			}
			if a := c.do(request{path: path, headers: s.second}); a.status != s.want {
				t.Errorf("the second: %d, want %d", a.status, s.want)
			}
		})
	}
	// A host that a client makes up goes into no address.
	c := newCity(t, 200)
	a := c.do(request{path: "/mvt/tilejson.json", as: "planner", headers: h{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example"}})
	if strings.Contains(string(a.body), "evil") || !strings.Contains(string(a.body), c.url) {
		t.Errorf("%s", a.body)
	}
}
