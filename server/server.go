// Package server speaks HTTP for the twin: tiles, the REST interface, events and the viewer. It holds no state of its own.
package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Options are what the server serves, and its settings.
type Options struct {
	Twin    *twin.Twin
	Office  *auth.Office
	Tiles   *tiles.Generator
	Viewer  fs.FS        // the explorer's files
	Logger  *slog.Logger // default: none
	Scratch string       // folder for uploads; "" for the system's
	Readers []formats.Reader
	Version string

	Limits   limit.Table    // nil is limit.StandardTable
	Areas    *limit.Areas   // nil keeps nothing beyond the run
	Proxies  []netip.Prefix // whose word about the client is believed
	BasePath string         // of every path, such as /twin; "" is none
	Pace     limit.Pace     // of the bodies of requests
	Upload   int64          // bytes of one upload; default 2 GiB
}

// Server is the HTTP face of an installation.
type Server struct {
	http.Handler
	rest *rest.API
}

// Run works off imports until ctx ends.
func (s *Server) Run(ctx context.Context) error { return s.rest.Run(ctx) }

type service struct {
	o        Options
	log      *slog.Logger
	rest     *rest.API
	rights   *rights.Book
	viewer   *viewerFiles
	api      *interfaceFiles
	limiter  *limit.Limiter
	hasty    hasty
	requests atomic.Int64
	failures atomic.Int64
	started  time.Time
}

// New makes the server.
func New(o Options) (*Server, error) {
	if o.Twin == nil || o.Office == nil || o.Tiles == nil {
		return nil, errors.New("server: a twin, an office and a tile generator are needed")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Limits == nil {
		o.Limits = limit.StandardTable()
	}
	if o.Areas == nil {
		o.Areas = limit.NewAreas(limit.AreaOptions{})
	}
	if o.Upload == 0 {
		o.Upload = 2 << 30
	}
	base, err := ParseBasePath(o.BasePath)
	if err != nil {
		return nil, err
	}
	o.BasePath = base
	s := &service{o: o, limiter: limit.NewLimiter(o.Limits, limit.LimiterOptions{}), log: o.Logger.With("part", "server"), started: time.Now()}
	if s.rights, err = rights.Open(context.Background(), o.Office, o.Twin); err != nil {
		return nil, err
	}
	if s.rest, err = rest.New(rest.Options{Twin: o.Twin, Office: o.Office, Rights: s.rights, Areas: o.Areas, Tiles: o.Tiles, Logger: o.Logger, Scratch: o.Scratch, Readers: o.Readers}); err != nil {
		return nil, err
	}
	if s.viewer, err = loadViewer(o.Viewer); err != nil {
		return nil, err
	}
	if s.api, err = loadInterface(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	e.Use(s.recover, s.client, s.request, s.identify, s.record)
	for _, r := range s.routes() {
		e.Handle(r.method, r.path, s.gate(r), s.allow(r.right), s.begin(r), handle(s.log, r.handle))
		if r.method == http.MethodGet && r.class != limit.Stream { // which has no HEAD
			e.Handle(http.MethodHead, r.path, s.gate(r), s.allow(r.right), handle(s.log, r.handle))
		}
	}
	e.NoRoute(s.gate(route{class: limit.Page}), handle(s.log, s.noRoute))
	e.NoMethod(s.gate(route{class: limit.Page}), handle(s.log, func(c *gin.Context) error {
		if err := s.guard(c); err != nil {
			return err
		}
		return &rest.StatusError{Status: http.StatusMethodNotAllowed, Err: twin.Errorf(twin.Invalid, "%s does not take %s", c.Request.URL.Path, c.Request.Method)}
	}))
	return &Server{Handler: below(o.BasePath, e), rest: s.rest}, nil
}

// noRoute serves the viewer's files, and says what is not there.
func (s *service) noRoute(c *gin.Context) error {
	if isGuarded(c) {
		if err := s.guard(c); err != nil {
			return err
		}
		return twin.Errorf(twin.NotFound, "there is no %.200s", c.Request.URL.Path)
	}
	return s.viewer.serve(c)
}

// isGuarded reports whether a path lies below the guarded roots.
func isGuarded(c *gin.Context) bool {
	p := c.Request.URL.Path
	return slices.ContainsFunc(guarded, func(g string) bool { return p == g || strings.HasPrefix(p, g+"/") })
}

// guard refuses what is asked without a sign-in for below the guarded roots, whether it exists or not.
func (s *service) guard(c *gin.Context) error {
	if !isGuarded(c) {
		return nil
	}
	return s.permit(c, auth.Read)
}
