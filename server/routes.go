package server

import (
	"net/http"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rest"
)

// route is one line of the table: who may, what, and what answers.
type route struct {
	method string
	path   string
	right  auth.Right
	handle rest.Handler
}

// routes is every path of the installation on one page.
func (s *service) routes() []route {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	a := s.rest
	return []route{
		{get, "/healthz", auth.Public, s.healthz},
		{get, "/readyz", auth.Public, s.readyz},
		{get, "/metrics", auth.Audit, s.metrics},

		{get, "/api/v1/openapi.json", auth.Public, s.openapi},
		{get, "/api/v1/docs", auth.Public, s.docs},

		{post, "/api/v1/session", auth.Public, a.SignIn},
		{del, "/api/v1/session", auth.Read, a.SignOut},
		{get, "/api/v1/me", auth.Read, a.Me},
		{get, "/api/v1/audit", auth.Audit, a.Audit},

		{get, "/api/v1/catalog", auth.Read, a.Catalog},
		{get, "/api/v1/base/ground", auth.Read, a.Ground},
		{get, "/api/v1/base/streets", auth.Read, a.Streets},
		{get, "/api/v1/search", auth.Read, a.Search},
		{get, "/api/v1/assets", auth.Read, a.Assets},
		{get, "/api/v1/assets/:id", auth.Read, a.Asset},
		{get, "/api/v1/assets/:id/history", auth.Read, a.History},
		{get, "/api/v1/assets/:id/model.glb", auth.Read, a.Model},
		{get, "/api/v1/assets/:id/parts", auth.Read, a.Parts},
		{get, "/api/v1/histogram", auth.Read, a.Histogram},
		{get, "/api/v1/model.glb", auth.Read, a.CutOut},
		{post, "/api/v1/changes", auth.Change, a.Changes},
		{get, "/api/v1/stream", auth.Read, a.Stream},
		{post, "/api/v1/imports", auth.Import, a.StartImport},
		{get, "/api/v1/imports/:id", auth.Import, a.GetImport},
		{get, "/api/v1/imports/:id/events", auth.Import, a.ImportEvents},
		{get, "/api/v1/imports/:id/report.csv", auth.Import, a.ImportReport},

		{get, "/3dtiles/tileset.json", auth.Read, s.rootTileset},
		{get, "/3dtiles/:network/tileset.json", auth.Read, s.layerTileset},
		{get, "/3dtiles/:network/subtrees/:level/:x/:y", auth.Read, s.subtree},
		{get, "/3dtiles/:network/content/:level/:x/:y", auth.Read, s.content},

		{get, "/mvt/tilejson.json", auth.Read, s.tileJSON},
		{get, "/mvt/:z/:x/:y", auth.Read, s.vectorTile},
	}
}

// endless are the streams of events, which have no HEAD.
var endless = []string{"/api/v1/stream", "/api/v1/imports/:id/events"}

// guarded are the roots below which even a path that does not exist needs a sign-in.
var guarded = []string{"/api/v1", "/3dtiles", "/mvt", "/ogc", "/sta"}
