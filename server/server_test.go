package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/cjj61"
	"github.com/undercity/undercity/twin/formats/geojson"
	"github.com/undercity/undercity/twin/generate"
	"github.com/undercity/undercity/twin/store"
)

// city is an installation with a server before it.
type city struct {
	t      *testing.T
	twin   *twin.Twin
	office *auth.Office
	tiles  *tiles.Generator
	viewer fstest.MapFS
	url    string
	tokens map[string]string // by role
	doc    routers.Router
}

// newCity serves a generated city of that many segments; 0 is an empty installation.
func newCity(t *testing.T, segments int) *city {
	t.Helper()
	return newCityWith(t, segments, func(*server.Options) {})
}

// newCityWith is newCity with other settings of the server.
func newCityWith(t *testing.T, segments int, set func(*server.Options)) *city {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, tokens: map[string]string{"": ""}}
	if c.twin, err = twin.Open(t.Context(), s, twin.Options{}); err != nil {
		t.Fatal(err)
	}
	if segments > 0 {
		g, err := generate.New(generate.Options{Segments: segments, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := generate.Load(t.Context(), c.twin, g); err != nil {
			t.Fatal(err)
		}
	}
	if c.office, err = auth.Open(t.Context(), dir, auth.Options{Quick: true, Cost: auth.Cost{Memory: 64, Passes: 1, Lanes: 1}}); err != nil {
		t.Fatal(err)
	}
	for _, role := range auth.Roles() {
		if err := c.office.AddUser(t.Context(), "a-"+role, role); err != nil {
			t.Fatal(err)
		}
		if c.tokens[role], err = c.office.Token(t.Context(), "a-"+role); err != nil {
			t.Fatal(err)
		}
	}
	c.viewer = fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>x</title>")}, "assets/app-12345678.js": {Data: bytes.Repeat([]byte("let a = 1;\n"), 1000)}}
	c.tiles = tiles.New(c.twin, tiles.Options{})
	o := server.Options{Twin: c.twin, Office: c.office, Tiles: c.tiles, Viewer: c.viewer, Scratch: dir, Readers: []formats.Reader{cjj61.Reader{}, geojson.Reader{}}, Version: "test"}
	set(&o)
	h, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	srv := httptest.NewServer(h)
	c.url = srv.URL
	t.Cleanup(func() {
		stop()
		err := <-done
		srv.Close()
		if err := errors.Join(err, c.office.Close(), c.twin.Close()); err != nil {
			t.Error(err)
		}
	})
	c.doc = document(t, c)
	return c
}

// documents are the OpenAPI documents that were served so far, checked once each: there is one, unless a test changes what it holds.
var documents sync.Map // of the text to its router

// document is the OpenAPI document as it is served, and checked.
func document(t *testing.T, c *city) routers.Router {
	t.Helper()
	res := c.do(request{path: "/api/v1/openapi.json"})
	if r, ok := documents.Load(string(res.body)); ok {
		return r.(routers.Router)
	}
	doc, err := openapi3.NewLoader().LoadFromData(res.body)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the OpenAPI document: %v", err)
	}
	r, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	documents.Store(string(res.body), r)
	return r
}

// request is one request to a city.
type request struct {
	method  string // default GET
	path    string
	as      string // role; "" is nobody
	body    any    // nil, a string, or something for JSON
	headers map[string]string
}

type answer struct {
	status  int
	header  http.Header
	body    []byte
	problem struct {
		Type, Title, Detail string
		Status              int
		Errors              []struct{ Pointer, Detail string }
		Quota               *struct {
			Used, Limit float64
			Ends        string
		}
	}
}

func (a *answer) json(t *testing.T, to any) {
	t.Helper()
	if err := json.Unmarshal(a.body, to); err != nil {
		t.Fatalf("%v in %.300s", err, a.body)
	}
}

// do sends a request as it is, holds the answer to the document and problems to RFC 9457.
func (c *city) do(r request) *answer {
	c.t.Helper()
	if r.method == "" {
		r.method = http.MethodGet
	}
	var body io.Reader
	kind := ""
	switch b := r.body.(type) {
	case nil:
	case string:
		body, kind = strings.NewReader(b), "application/json"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		body, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(c.t.Context(), r.method, c.url+r.path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if t := c.tokens[r.as]; t != "" {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for k, v := range r.headers {
		req.Header.Set(k, v)
	}
	return c.send(req)
}

func (c *city) send(req *http.Request) *answer {
	c.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	a := &answer{status: res.StatusCode, header: res.Header}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		c.t.Fatal(err)
	}
	name := req.Method + " " + req.URL.RequestURI()
	if a.status >= 400 && req.Method != http.MethodHead {
		if k := a.header.Get("Content-Type"); k != "application/problem+json" {
			c.t.Errorf("%s: a problem of type %q: %.200s", name, k, a.body)
		}
		a.json(c.t, &a.problem)
		if p := a.problem; p.Status != a.status || p.Title == "" || p.Detail == "" || p.Type == "" || strings.Contains(p.Detail, "\n") {
			c.t.Errorf("%s: %d, problem %+v", name, a.status, p)
		}
	}
	c.conforms(req, a)
	return a
}

// conforms holds an answer of a documented path to the document.
func (c *city) conforms(req *http.Request, a *answer) {
	c.t.Helper()
	if c.doc == nil || req.Method == http.MethodHead || a.status == http.StatusMethodNotAllowed || a.header.Get("Content-Encoding") != "" {
		return
	}
	route, params, err := c.doc.FindRoute(req)
	if err != nil {
		if a.status < 400 && !strings.HasPrefix(req.URL.Path, "/assets/") && req.URL.Path != "/" {
			c.t.Errorf("%s %s answers %d and is not in the document: %v", req.Method, req.URL.Path, a.status, err)
		}
		return
	}
	o := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	if k := a.header.Get("Content-Type"); !strings.Contains(k, "json") {
		o.ExcludeResponseBody = true
	}
	err = openapi3filter.ValidateResponse(c.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: o},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), Options: o,
	})
	if err != nil {
		c.t.Errorf("%s %s: %v", req.Method, req.URL.RequestURI(), strings.SplitN(err.Error(), "\nSchema", 2)[0])
	}
}

// upload sends files as POST /imports.
func (c *city) upload(as string, fields map[string]string, files map[string]string) *answer {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			c.t.Fatal(err)
		}
	}
	for name, text := range files {
		p, err := w.CreateFormFile("files", name)
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := io.WriteString(p, text); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	return c.do(request{method: http.MethodPost, path: "/api/v1/imports", as: as, body: b.String(), headers: map[string]string{"Content-Type": w.FormDataContentType()}})
}
