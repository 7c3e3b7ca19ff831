package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// requestKey is where a request's number is kept.
const requestKey = "request"

// recover answers 500 when a handler breaks a promise, and keeps the server up.
func (s *service) recover(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("handler broke", "req", c.GetString(requestKey), "path", c.FullPath(), "err", fmt.Sprint(r), "stack", string(debug.Stack()))
			writeProblem(c, http.StatusInternalServerError, nil)
		}
	}()
	c.Next()
}

// policy lets pages load nothing from other hosts. CesiumJS compiles WebAssembly and starts workers from blobs. It
// writes one style sheet into the page, that of its credits, which the hash names; other sheets are files. Attributes of style, which the pictures over the
// scene have, stay allowed: where they stand nothing but colours and numbers of the program's own is written.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; style-src-elem 'self' 'sha256-gM2CWYHXIHTu7Ts6ncwv0GMWZ9LXGrz2qqqjyuDojl8='; img-src 'self' data: blob:; connect-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// headers that every answer has. The values are shared, and never written to.
var headers = map[string][]string{
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"}, // for browsers that do not know frame-ancestors
	"Referrer-Policy":              {"same-origin"},
	"Content-Security-Policy":      {policy},
	"Permissions-Policy":           {"camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), serial=(), usb=()"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
}

// request numbers a request, sets the headers that every answer has, and counts and logs it.
func (s *service) request(c *gin.Context) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err == nil {
		c.Set(requestKey, hex.EncodeToString(id))
	}
	h := c.Writer.Header()
	maps.Copy(h, headers)
	if rest.ClientOf(c).Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if isGuarded(c) {
		h.Set("Cache-Control", "no-store") // unless an answer says otherwise
	}
	h.Set("X-Request-Id", c.GetString(requestKey))
	start := time.Now()
	c.Next()
	s.requests.Add(1)
	if c.Writer.Status() >= 500 {
		s.failures.Add(1)
	}
	s.log.Debug("request", "req", c.GetString(requestKey), "method", c.Request.Method, "path", c.FullPath(), "status", c.Writer.Status(), "took", time.Since(start))
}

// identify finds out who asks: by bearer token, else by session cookie.
func (s *service) identify(c *gin.Context) {
	look := func() (auth.User, bool, error) { return auth.User{}, false, nil }
	ctx := c.Request.Context()
	if token, has := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer "); has {
		look = func() (auth.User, bool, error) { return s.o.Office.ByToken(ctx, strings.TrimSpace(token)) }
	} else if cookie := rest.SessionOf(c); cookie != "" {
		look = func() (auth.User, bool, error) { return s.o.Office.BySession(ctx, cookie) }
		c.Set(rest.ByCookieKey, true)
	}
	u, ok, err := look()
	if err != nil {
		s.log.Error("sign-in not checked", "err", err)
		writeProblem(c, http.StatusServiceUnavailable, twin.Errorf(twin.Unavailable, "the sign-in could not be checked"))
		return
	}
	if ok {
		rest.SetUser(c, u)
		rest.SetStillIn(c, func() bool {
			now, ok, err := look()
			return ok && err == nil && rights.SubjectOf(now) == rights.SubjectOf(u)
		})
	}
	c.Next()
}

// permit returns why the request has not the right.
func (s *service) permit(c *gin.Context, r auth.Right) error {
	u := rest.UserOf(c)
	if r == auth.Public {
		return nil
	}
	if u.Name == "" {
		return &rest.StatusError{Status: http.StatusUnauthorized, Err: twin.Errorf(twin.Denied, "this needs a sign-in").WithHint("send Authorization: Bearer TOKEN, or sign in at /")}
	}
	if err := rest.Settled(c); err != nil {
		return err
	}
	if !u.Within(r) {
		return twin.Errorf(twin.Denied, "the token is not for the right %q", r).WithHint("make one that has it among its scopes")
	}
	if r != auth.Self && r != auth.Own && !s.rights.Rules().May(rights.SubjectOf(u), r) {
		return twin.Errorf(twin.Denied, "the role %s does not have the right %q", u.Role, r).WithHint("ask an administrator")
	}
	return nil
}

func (s *service) allow(r auth.Right) gin.HandlerFunc {
	return handle(s.log, func(c *gin.Context) error {
		rest.SetRight(c, r)
		if err := s.permit(c, r); err != nil {
			if r != auth.Public && rest.UserOf(c).Name == "" {
				c.Header("WWW-Authenticate", "Bearer")
			}
			return err
		}
		safe := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
		if !safe {
			return ownPage(c)
		}
		return nil
	})
}
