package server

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/limit"
	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/twin"
)

// rateProblem is the type of the problem of who asks too often.
const rateProblem = "urn:undercity:rate"

// gate holds a request to the bounds of its route's class: how often, how long its address, how large and how fast its body, how long it takes. Every
// route has one.
func (s *service) gate(r route) gin.HandlerFunc {
	class, takes := r.class, r.takes
	b, ok := limit.BoundsOf(class)
	if !ok {
		panic("a route without a class of limits") // a promise of the table of routes, which a test keeps
	}
	if takes == uploadBody {
		b = limit.Bounds{Body: s.o.Upload}
	}
	check := func(c *gin.Context) error {
		if err := s.often(c, rest.WhoOf(c), class); err != nil {
			return err
		}
		if n := len(c.Request.URL.RawQuery); n > limit.MaxQuery {
			return &rest.StatusError{Status: http.StatusRequestURITooLong, Err: twin.Errorf(twin.Invalid, "the address has %d bytes after the question mark, more than %d", n, limit.MaxQuery)}
		}
		return s.bound(c, b, takes)
	}
	return func(c *gin.Context) {
		if err := check(c); err != nil {
			handle(s.log, func(*gin.Context) error { return err })(c)
			return
		}
		if b.Time > 0 {
			ctx, cancel := context.WithTimeout(c.Request.Context(), b.Time)
			defer cancel()
			c.Request = c.Request.WithContext(ctx)
		}
		c.Next()
		if r.shows == full && c.Writer.Status() < 300 && !rest.Counted(c) {
			s.log.Error("an answer at full detail was not counted", "req", c.GetString(requestKey), "path", c.FullPath())
		}
		if class == limit.SignIn && c.Writer.Status() < 300 {
			s.limiter.Return(rest.WhoOf(c), class)
		}
	}
}

// bound holds the body of a request to its size and pace.
func (s *service) bound(c *gin.Context, b limit.Bounds, takes body) error {
	r := c.Request
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if r.ContentLength > b.Body {
		err := &http.MaxBytesError{Limit: b.Body}
		if takes == uploadBody {
			return rest.UploadError(err)
		}
		return rest.Unread(err)
	}
	r.Body = http.MaxBytesReader(c.Writer, s.o.Pace.Body(r.Body, http.NewResponseController(c.Writer).SetReadDeadline), b.Body)
	if takes == jsonBody {
		return isJSON(c)
	}
	return nil
}

// often refuses who asks too often, and says how much is left.
func (s *service) often(c *gin.Context, w limit.Who, class limit.Class) error {
	v := s.limiter.Take(w, class)
	if v.Rate.Free() {
		return nil
	}
	seconds := int(math.Ceil(v.Wait.Seconds()))
	h := c.Writer.Header()
	// draft-ietf-httpapi-ratelimit-headers-09, 3 and 4.
	name := `"` + string(class) + `"`
	h["Ratelimit-Policy"] = []string{name + ";q=" + strconv.Itoa(int(v.Rate.Burst)) + ";w=" + strconv.Itoa(int(math.Ceil(v.Rate.Burst/v.Rate.PerSecond)))}
	h["Ratelimit"] = []string{name + ";r=" + strconv.Itoa(v.Left) + ";t=" + strconv.Itoa(seconds)}
	if v.OK {
		return nil
	}
	h.Set("Retry-After", strconv.Itoa(max(1, seconds)))
	err := twin.Errorf(twin.Denied, "too many requests of the class %s from one %s: the limit is %s", class, v.By, v.Rate).WithHint("wait %d s", max(1, seconds))
	return &rest.StatusError{Status: http.StatusTooManyRequests, Type: rateProblem, Err: err}
}
