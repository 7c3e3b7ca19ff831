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
	shows  detail
	handle rest.Handler
}

// detail is how much of the city a route shows.
type detail bool

// A route that shows assets at full detail counts them against what its user may be shown in a day (rest.API.Show).
const (
	coarse detail = false
	full   detail = true
)

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
		{get, "/healthz", auth.Public, limit.Probe, noBody, coarse, s.healthz},
		{get, "/readyz", auth.Public, limit.Probe, noBody, coarse, s.readyz},
		{get, "/metrics", auth.Audit, limit.Read, noBody, coarse, s.metrics},

		{get, "/api/v1/openapi.json", auth.Public, limit.Read, noBody, coarse, s.openapi},
		{get, "/api/v1/docs", auth.Public, limit.Read, noBody, coarse, s.docs},

		{post, "/api/v1/session", auth.Public, limit.SignIn, jsonBody, coarse, a.SignIn},
		{del, "/api/v1/session", auth.Self, limit.Change, noBody, coarse, a.SignOut},
		{get, "/api/v1/me", auth.Self, limit.Read, noBody, coarse, a.Me},
		{put, "/api/v1/me", auth.Own, limit.Change, jsonBody, coarse, a.ChangeMe},
		{get, "/api/v1/sessions", auth.Own, limit.Read, noBody, coarse, a.Sessions},
		{del, "/api/v1/sessions", auth.Own, limit.Change, noBody, coarse, a.EndSessions},
		{del, "/api/v1/sessions/:id", auth.Own, limit.Change, noBody, coarse, a.EndSession},
		{get, "/api/v1/tokens", auth.Own, limit.Read, noBody, coarse, a.Tokens},
		{post, "/api/v1/tokens", auth.Own, limit.Change, jsonBody, coarse, a.MakeToken},
		{del, "/api/v1/tokens/:id", auth.Own, limit.Change, noBody, coarse, a.EndToken},
		{get, "/api/v1/users", auth.Users, limit.Read, noBody, coarse, a.Users},
		{post, "/api/v1/users", auth.Users, limit.Change, jsonBody, coarse, a.AddUser},
		{get, "/api/v1/users/:name", auth.Users, limit.Read, noBody, coarse, a.User},
		{put, "/api/v1/users/:name", auth.Users, limit.Change, jsonBody, coarse, a.ChangeUser},
		{del, "/api/v1/users/:name", auth.Users, limit.Change, noBody, coarse, a.RemoveUser},
		{post, "/api/v1/users/:name/link", auth.Users, limit.Change, noBody, coarse, a.ResetPassword},
		{get, "/api/v1/users/:name/sessions", auth.Users, limit.Read, noBody, coarse, a.UserSessions},
		{del, "/api/v1/users/:name/sessions", auth.Users, limit.Change, noBody, coarse, a.EndUserSessions},
		{del, "/api/v1/users/:name/sessions/:id", auth.Users, limit.Change, noBody, coarse, a.EndUserSession},
		{get, "/api/v1/users/:name/tokens", auth.Users, limit.Read, noBody, coarse, a.UserTokens},
		{del, "/api/v1/users/:name/tokens/:id", auth.Users, limit.Change, noBody, coarse, a.EndUserToken},
		{get, "/api/v1/units", auth.Users, limit.Read, noBody, coarse, a.Units},
		{post, "/api/v1/units", auth.Users, limit.Change, jsonBody, coarse, a.AddUnit},
		{get, "/api/v1/units/:code", auth.Users, limit.Read, noBody, coarse, a.Unit},
		{put, "/api/v1/units/:code", auth.Users, limit.Change, jsonBody, coarse, a.ChangeUnit},
		{del, "/api/v1/units/:code", auth.Users, limit.Change, noBody, coarse, a.RemoveUnit},
		{get, "/api/v1/audit", auth.Audit, limit.Read, noBody, coarse, a.Audit},
		{get, "/api/v1/audit/export.csv", auth.Audit, limit.Heavy, noBody, coarse, a.AuditTable},
		{get, "/api/v1/audit/verify", auth.Audit, limit.Heavy, noBody, coarse, a.AuditVerify},
		{get, "/api/v1/exports", auth.Audit, limit.Read, noBody, coarse, a.Exports},
		{get, "/api/v1/exports/:number", auth.Audit, limit.Read, noBody, coarse, a.Export},

		{get, "/api/v1/policy", rights.Policy, limit.Read, noBody, coarse, a.Policy},
		{put, "/api/v1/policy", rights.Policy, limit.Change, jsonBody, coarse, a.PutPolicy},
		{post, "/api/v1/policy/why", rights.Policy, limit.Read, jsonBody, coarse, a.Why},

		{get, "/api/v1/catalog", auth.Read, limit.Read, noBody, coarse, a.Catalog},
		{get, "/api/v1/base/ground", auth.Read, limit.Read, noBody, coarse, a.Ground},
		{get, "/api/v1/base/streets", auth.Read, limit.Read, noBody, coarse, a.Streets},
		{get, "/api/v1/search", auth.Read, limit.Search, noBody, coarse, a.Search},
		{get, "/api/v1/assets", auth.Read, limit.Read, noBody, full, a.Assets},
		{get, "/api/v1/assets/:id", auth.Read, limit.Read, noBody, full, a.Asset},
		{get, "/api/v1/assets/:id/history", auth.Read, limit.Read, noBody, full, a.History},
		{get, "/api/v1/assets/:id/model.glb", rights.Export, limit.Heavy, noBody, full, a.Model},
		{get, "/api/v1/assets/:id/parts", auth.Read, limit.Read, noBody, full, a.Parts},
		{get, "/api/v1/histogram", auth.Read, limit.Read, noBody, coarse, a.Histogram},
		{get, "/api/v1/model.glb", rights.Export, limit.Heavy, noBody, full, a.CutOut},
		{post, "/api/v1/changes", auth.Change, limit.Change, jsonBody, coarse, a.Changes},
		{get, "/api/v1/stream", auth.Read, limit.Stream, noBody, coarse, a.Stream},
		{post, "/api/v1/imports", auth.Import, limit.Heavy, uploadBody, coarse, a.StartImport},
		{get, "/api/v1/imports/:id", auth.Import, limit.Read, noBody, coarse, a.GetImport},
		{get, "/api/v1/imports/:id/events", auth.Import, limit.Stream, noBody, coarse, a.ImportEvents},
		{get, "/api/v1/imports/:id/report.csv", auth.Import, limit.Read, noBody, coarse, a.ImportReport},

		{get, "/3dtiles/tileset.json", auth.Read, limit.Tiles, noBody, coarse, s.rootTileset},
		{get, "/3dtiles/:network/tileset.json", auth.Read, limit.Tiles, noBody, coarse, s.layerTileset},
		{get, "/3dtiles/:network/subtrees/:level/:x/:y", auth.Read, limit.Tiles, noBody, coarse, s.subtree},
		{get, "/3dtiles/:network/content/:level/:x/:y", auth.Read, limit.Tiles, noBody, full, s.content},

		{get, "/mvt/tilejson.json", auth.Read, limit.Tiles, noBody, coarse, s.tileJSON},
		{get, "/mvt/:z/:x/:y", auth.Read, limit.Tiles, noBody, full, s.vectorTile},
	}
}

// guarded are the roots below which even a path that does not exist needs a sign-in.
var guarded = []string{"/api/v1", "/3dtiles", "/mvt", "/ogc", "/sta"}
