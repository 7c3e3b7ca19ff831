package rest

import (
	"math"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

const rightKey = "right"

// SetRight says which right the route of a request asks for: what the handler then reads is what the user may do that with.
func SetRight(c *gin.Context, r auth.Right) { c.Set(rightKey, r) }

func rightOf(c *gin.Context) auth.Right {
	r, _ := c.Value(rightKey).(auth.Right)
	return r
}

// sight is what the user of a request may see of the twin, as far as the route's right goes. nil is everything.
func (a *API) sight(c *gin.Context) *twin.Sight {
	toldOf(c).twin = true
	return a.o.Rights.Rules().Sight(rights.SubjectOf(UserOf(c)), rightOf(c))
}

// Snapshot is the state that a request asks for, as its user sees it: the current one, or that of asOf (a revision or a time). past is true for the
// latter. It is the only way for a handler to the assets of the twin.
func (a *API) Snapshot(c *gin.Context) (s *twin.Snapshot, past bool, err error) {
	v, asOf := a.sight(c), c.Query("asOf")
	if asOf == "" {
		return a.o.Twin.View(v), false, nil
	}
	ctx := c.Request.Context()
	if n, nerr := strconv.ParseUint(asOf, 10, 63); nerr == nil && len(asOf) < 19 {
		s, err = a.o.Twin.AsOf(ctx, n)
	} else if t, terr := time.Parse(time.RFC3339, asOf); terr == nil {
		s, err = a.o.Twin.AsOfTime(ctx, t)
	} else {
		return nil, false, badQuery("asOf", asOf, "a revision or a time such as 2026-05-01T00:00:00Z")
	}
	if err == nil {
		s, err = a.o.Twin.Past(ctx, s, v)
	}
	return s, true, err
}

const stillInKey = "stillIn"

// SetStillIn leaves the question whether who asked may still ask, for answers that take long.
func SetStillIn(c *gin.Context, f func() bool) { c.Set(stillInKey, f) }

// StillIn reports whether the sign-in of a request still holds, and its user is who it was.
func StillIn(c *gin.Context) bool {
	f, ok := c.Value(stillInKey).(func() bool)
	return !ok || f()
}

// View is Snapshot for tiles and models.
func (a *API) View(c *gin.Context) (tiles.View, error) {
	s, past, err := a.Snapshot(c)
	return tiles.View{Snapshot: s, Past: past, Grades: a.grades()}, err
}

// gate is what the user of a request may see and change.
func (a *API) gate(c *gin.Context) *twin.Gate {
	rules, u := a.o.Rights.Rules(), rights.SubjectOf(UserOf(c))
	sees, may := rules.Sight(u, auth.Read), rules.Sight(u, rightOf(c))
	if sees == nil && may == nil {
		return nil
	}
	return &twin.Gate{
		Sees: func(r twin.Record) bool { return rights.Allows(sees, r) },
		May:  func(r twin.Record) bool { return rights.Allows(may, r) },
	}
}

// withheldGrid is the side of the cells, metres, that what is withheld is counted in: a box that is made smaller and smaller finds nothing more of where
// it lies.
const withheldGrid = 250

// withheld is how many assets of a filter the reader of a snapshot does not see: within whole cells of a grid, and whatever words are searched for.
func withheld(s *twin.Snapshot, f *filter) int {
	if s.Withheld() == 0 {
		return 0
	}
	if f.box == nil {
		return counted(s.Whole(), f) - counted(s, f)
	}
	g := *f
	g.words, g.box = nil, nil
	b, q := *f.box, s.Square()
	down := func(v, from float64) float64 { return from + withheldGrid*math.Floor((v-from)/withheldGrid) }
	up := func(v, from float64) float64 { return from + withheldGrid*math.Ceil((v-from)/withheldGrid) }
	b.Min.E, b.Min.N = down(b.Min.E, q.MinE), down(b.Min.N, q.MinN)
	b.Max.E, b.Max.N = up(b.Max.E, q.MinE), up(b.Max.N, q.MinN)
	b.Min.H, b.Max.H = math.Inf(-1), math.Inf(1)
	return s.CountHidden(b, g.keep)
}

// counted is how many assets of a filter's network and kind a snapshot has.
func counted(s *twin.Snapshot, f *filter) (n int) {
	for _, c := range s.Counts() {
		if (f.network == "" || c.Network == f.network || s.Catalog().Layer(c.Network) == f.network) && (f.kind == "" || c.Kind.String() == f.kind) {
			n += c.N
		}
	}
	return n
}
