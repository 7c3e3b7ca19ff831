package server

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// vectorTile answers with a vector tile; 204 where there is nothing in it, which maps draw as nothing, while 404 would be an error to them.
func (s *service) vectorTile(c *gin.Context) error {
	y, ok := strings.CutSuffix(c.Param("y"), ".mvt")
	z, err1 := strconv.ParseUint(c.Param("z"), 10, 5)
	x, err2 := strconv.ParseUint(c.Param("x"), 10, 32)
	n, err3 := strconv.ParseUint(y, 10, 32)
	if !ok || err1 != nil || err2 != nil || err3 != nil {
		return twin.Errorf(twin.NotFound, "%.100s is not the address of a tile", c.Request.URL.Path)
	}
	v, err := s.view(c)
	if err != nil {
		return err
	}
	r, err := s.o.Tiles.Vector(c.Request.Context(), v, tiles.VectorAddress{Z: uint8(z), X: uint32(x), Y: uint32(n)}, encodingOf(c))
	return rest.SendTile(c, r, err)
}

func (s *service) tileJSON(c *gin.Context) error {
	v, err := s.view(c)
	if err != nil {
		return err
	}
	address := baseURL(c) + "/mvt/{z}/{x}/{y}.mvt"
	if c.Query("asOf") != "" {
		address += "?asOf=" + strconv.FormatUint(v.Snapshot.Revision(), 10)
	}
	r, err := s.o.Tiles.TileJSON(c.Request.Context(), v, address, encodingOf(c))
	return rest.SendTile(c, r, err)
}

var (
	hostName   = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	pathPrefix = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+/?$`)
)

// baseURL is the address of the installation as the client sees it: TileJSON wants whole addresses, which clients with workers cannot make of parts. What
// a proxy says of itself (X-Forwarded-Proto, -Host, -Prefix) goes before what it asks for.
func baseURL(c *gin.Context) string {
	scheme := "http"
	if c.Request.TLS != nil {
		scheme = "https"
	}
	// Of a row of proxies the first is what the client sees.
	said := func(name string) string {
		first, _, _ := strings.Cut(c.GetHeader("X-Forwarded-"+name), ",")
		return strings.TrimSpace(first)
	}
	if p := said("Proto"); p == "http" || p == "https" {
		scheme = p
	}
	host := c.Request.Host
	if h := said("Host"); hostName.MatchString(h) {
		host = h
	}
	if !hostName.MatchString(host) {
		host = "localhost"
	}
	u := url.URL{Scheme: scheme, Host: host}
	if p := said("Prefix"); pathPrefix.MatchString(p) {
		u.Path = strings.TrimSuffix(p, "/")
	}
	return u.String()
}
