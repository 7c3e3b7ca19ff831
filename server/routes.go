package server

import (
	"net/http"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/server/rights"
)

// route is one line of the table: who may, what, within which limits, and what answers.
type route struct {
	method string
	path   string
	right  auth.Right
	class  limit.Class
	takes  body
	handle rest.Handler
}

// body is what a route takes.
type body string

// The bodies. An upload has a bound of its own and may take as long as it goes on.
const (
	noBody     body = ""
	jsonBody   body = "json"
	uploadBody body = "upload"
)

// routes is every path of the installation on one page.
func (s *service) routes() []route {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	a := s.rest
	return []route{
		{get, "/healthz", auth.Public, limit.Probe, noBody, s.healthz},
		{get, "/readyz", auth.Public, limit.Probe, noBody, s.readyz},
		{get, "/metrics", auth.Audit, limit.Read, noBody, s.metrics},

		{get, "/api/v1/openapi.json", auth.Public, limit.Read, noBody, s.openapi},
		{get, "/api/v1/docs", auth.Public, limit.Read, noBody, s.docs},

		{post, "/api/v1/session", auth.Public, limit.SignIn, jsonBody, a.SignIn},
		{del, "/api/v1/session", auth.Read, limit.Change, noBody, a.SignOut},
		{get, "/api/v1/me", auth.Read, limit.Read, noBody, a.Me},
		{get, "/api/v1/audit", auth.Audit, limit.Read, noBody, a.Audit},

		{get, "/api/v1/policy", rights.Policy, limit.Read, noBody, a.Policy},
		{put, "/api/v1/policy", rights.Policy, limit.Change, jsonBody, a.PutPolicy},
		{post, "/api/v1/policy/why", rights.Policy, limit.Read, jsonBody, a.Why},

		{get, "/api/v1/catalog", auth.Read, limit.Read, noBody, a.Catalog},
		{get, "/api/v1/base/ground", auth.Read, limit.Read, noBody, a.Ground},
		{get, "/api/v1/base/streets", auth.Read, limit.Read, noBody, a.Streets},
		{get, "/api/v1/search", auth.Read, limit.Search, noBody, a.Search},
		{get, "/api/v1/assets", auth.Read, limit.Read, noBody, a.Assets},
		{get, "/api/v1/assets/:id", auth.Read, limit.Read, noBody, a.Asset},
		{get, "/api/v1/assets/:id/history", auth.Read, limit.Read, noBody, a.History},
		{get, "/api/v1/assets/:id/model.glb", rights.Export, limit.Heavy, noBody, a.Model},
		{get, "/api/v1/assets/:id/parts", auth.Read, limit.Read, noBody, a.Parts},
		{get, "/api/v1/histogram", auth.Read, limit.Read, noBody, a.Histogram},
		{get, "/api/v1/model.glb", rights.Export, limit.Heavy, noBody, a.CutOut},
		{post, "/api/v1/changes", auth.Change, limit.Change, jsonBody, a.Changes},
		{get, "/api/v1/stream", auth.Read, limit.Stream, noBody, a.Stream},
		{post, "/api/v1/imports", auth.Import, limit.Heavy, uploadBody, a.StartImport},
		{get, "/api/v1/imports/:id", auth.Import, limit.Read, noBody, a.GetImport},
		{get, "/api/v1/imports/:id/events", auth.Import, limit.Stream, noBody, a.ImportEvents},
		{get, "/api/v1/imports/:id/report.csv", auth.Import, limit.Read, noBody, a.ImportReport},

		{get, "/3dtiles/tileset.json", auth.Read, limit.Tiles, noBody, s.rootTileset},
		{get, "/3dtiles/:network/tileset.json", auth.Read, limit.Tiles, noBody, s.layerTileset},
		{get, "/3dtiles/:network/subtrees/:level/:x/:y", auth.Read, limit.Tiles, noBody, s.subtree},
		{get, "/3dtiles/:network/content/:level/:x/:y", auth.Read, limit.Tiles, noBody, s.content},

		{get, "/mvt/tilejson.json", auth.Read, limit.Tiles, noBody, s.tileJSON},
		{get, "/mvt/:z/:x/:y", auth.Read, limit.Tiles, noBody, s.vectorTile},
	}
}

// guarded are the roots below which even a path that does not exist needs a sign-in.
var guarded = []string{"/api/v1", "/3dtiles", "/mvt", "/ogc", "/sta"}
