package server

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/twin"
)

// ownPage refuses what a page of another site sends with the user's browser, in three ways, since a browser may lack one: Sec-Fetch-Site (Fetch Metadata),
// Origin (RFC 6454), and a header that such a page cannot set without being asked for it. A bearer token is no browser's, so what carries one passes.
func ownPage(c *gin.Context) error {
	if c.GetHeader("Authorization") != "" && !c.GetBool(rest.ByCookieKey) {
		return nil
	}
	foreign := func(what string) error {
		return twin.Errorf(twin.Denied, "the request comes from a page of another site, says its header %s", what).WithHint("use the viewer, or a bearer token")
	}
	if site := c.GetHeader("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return foreign("Sec-Fetch-Site")
	}
	if origin := c.GetHeader("Origin"); origin != "" {
		from, u := rest.ClientOf(c), &url.URL{}
		if u, err := u.Parse(origin); err != nil || !sameHost(u.Host, from.Host, from.Scheme) {
			return foreign("Origin")
		}
	}
	if c.GetBool(rest.ByCookieKey) && c.GetHeader("X-Undercity") == "" {
		return twin.Errorf(twin.Denied, "the request lacks the header X-Undercity").WithHint("send X-Undercity: 1 with requests that change something")
	}
	return nil
}

// sameHost compares hosts with ports, the scheme's own port being none.
func sameHost(a, b, scheme string) bool {
	usual := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return strings.EqualFold(strings.TrimSuffix(a, usual), strings.TrimSuffix(b, usual))
}

// isJSON refuses a body that does not say that it is JSON: what a form of another site can send says something else.
func isJSON(c *gin.Context) error {
	if c.Request.ContentLength == 0 {
		return nil // its reader says that there is none
	}
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")) {
		return nil
	}
	// curl -d says so, or nothing, unless told otherwise; what no browser sent cannot be forged by a page.
	browser := c.GetBool(rest.ByCookieKey) || c.GetHeader("Origin") != "" || c.GetHeader("Sec-Fetch-Site") != ""
	if !browser && (c.GetHeader("Content-Type") == "" || kind == "application/x-www-form-urlencoded") {
		return nil
	}
	return &rest.StatusError{Status: http.StatusUnsupportedMediaType, Err: twin.Errorf(twin.Invalid, "the body is of the type %.60q and not JSON", c.GetHeader("Content-Type")).
		WithHint("send Content-Type: application/json")}
}
