package server

import (
	"net/http"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
)

// route is one line of the table: who may, what, within which limits, and what answers.
type route struct {
	method string
	path   string
	right  auth.Right
	class  limit.Class
	handle rest.Handler
}

// routes is every path of the installation on one page.
func (s *service) routes() []route {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	a := s.rest
	return []route{
		{get, "/healthz", auth.Public, limit.Probe, s.healthz},
		{get, "/readyz", auth.Public, limit.Probe, s.readyz},
		{get, "/metrics", auth.Audit, limit.Read, s.metrics},

		{get, "/api/v1/openapi.json", auth.Public, limit.Read, s.openapi},
		{get, "/api/v1/docs", auth.Public, limit.Read, s.docs},

		{post, "/api/v1/session", auth.Public, limit.SignIn, a.SignIn},
		{del, "/api/v1/session", auth.Read, limit.Change, a.SignOut},
		{get, "/api/v1/me", auth.Read, limit.Read, a.Me},
		{get, "/api/v1/audit", auth.Audit, limit.Read, a.Audit},

		{get, "/api/v1/catalog", auth.Read, limit.Read, a.Catalog},
		{get, "/api/v1/base/ground", auth.Read, limit.Read, a.Ground},
		{get, "/api/v1/base/streets", auth.Read, limit.Read, a.Streets},
		{get, "/api/v1/search", auth.Read, limit.Search, a.Search},
		{get, "/api/v1/assets", auth.Read, limit.Read, a.Assets},
		{get, "/api/v1/assets/:id", auth.Read, limit.Read, a.Asset},
		{get, "/api/v1/assets/:id/history", auth.Read, limit.Read, a.History},
		{get, "/api/v1/assets/:id/model.glb", auth.Read, limit.Heavy, a.Model},
		{get, "/api/v1/assets/:id/parts", auth.Read, limit.Read, a.Parts},
		{get, "/api/v1/histogram", auth.Read, limit.Read, a.Histogram},
		{get, "/api/v1/model.glb", auth.Read, limit.Heavy, a.CutOut},
		{post, "/api/v1/changes", auth.Change, limit.Change, a.Changes},
		{get, "/api/v1/stream", auth.Read, limit.Stream, a.Stream},
		{post, "/api/v1/imports", auth.Import, limit.Heavy, a.StartImport},
		{get, "/api/v1/imports/:id", auth.Import, limit.Read, a.GetImport},
		{get, "/api/v1/imports/:id/events", auth.Import, limit.Stream, a.ImportEvents},
		{get, "/api/v1/imports/:id/report.csv", auth.Import, limit.Read, a.ImportReport},

		{get, "/3dtiles/tileset.json", auth.Read, limit.Tiles, s.rootTileset},
		{get, "/3dtiles/:network/tileset.json", auth.Read, limit.Tiles, s.layerTileset},
		{get, "/3dtiles/:network/subtrees/:level/:x/:y", auth.Read, limit.Tiles, s.subtree},
		{get, "/3dtiles/:network/content/:level/:x/:y", auth.Read, limit.Tiles, s.content},

		{get, "/mvt/tilejson.json", auth.Read, limit.Tiles, s.tileJSON},
		{get, "/mvt/:z/:x/:y", auth.Read, limit.Tiles, s.vectorTile},
	}
}

// guarded are the roots below which even a path that does not exist needs a sign-in.
var guarded = []string{"/api/v1", "/3dtiles", "/mvt", "/ogc", "/sta"}
