package rest

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/twin"
)

// told is what the audit log is told of a request.
type told struct {
	user    *auth.User // who has signed in, or tried to
	targets []string
	detail  map[string]any
	Begun   int64
	twin    bool // its handler has asked for the twin
	looked  bool // what of the answer is restricted is noted
}

const toldKey = "told"

func toldOf(c *gin.Context) *told {
	t, ok := c.Value(toldKey).(*told)
	if !ok {
		t = &told{}
		c.Set(toldKey, t)
	}
	return t
}

// Tell names objects that a request is about, for the audit log. What takes a body is recorded with its route and result without a word from its handler; a
// handler says here what the address does not.
func Tell(c *gin.Context, targets ...string) {
	t := toldOf(c)
	t.targets = append(t.targets, targets...)
}

// TellDetail adds to what the audit log keeps of a request: a few words and numbers, and never a secret.
func TellDetail(c *gin.Context, key string, value any) {
	t := toldOf(c)
	if t.detail == nil {
		t.detail = map[string]any{}
	}
	t.detail[key] = value
}

// TellUser says who signs in, or has tried to.
func TellUser(c *gin.Context, u auth.User) { toldOf(c).user = &u }

// Began says which entry says that the action of a request began.
func Began(c *gin.Context, number int64) { toldOf(c).Begun = number }

// EntryOf is the entry of a request as far as it is known.
func EntryOf(c *gin.Context) trail.Entry {
	u, t := UserOf(c), toldOf(c)
	if t.user != nil {
		u = *t.user
	}
	e := trail.Entry{User: u.Name, Role: u.Role, Action: trail.ActionOf(c.Request.Method, c.FullPath()), Route: c.Request.Method + " " + c.FullPath(), Targets: t.targets, Detail: trail.Told(t.detail), Begun: t.Begun}
	if a := ClientOf(c).Address; a.IsValid() {
		e.Address = a.String()
	}
	if e.Targets == nil {
		for _, p := range c.Params {
			if p.Key == "id" || p.Key == "name" || p.Key == "code" || p.Key == "number" {
				e.Targets = append(e.Targets, p.Value)
			}
		}
	}
	return e
}

// Unexamined reports whether a handler has asked for the twin and did not say what of its answer is restricted.
func Unexamined(c *gin.Context) bool {
	t := toldOf(c)
	return t.twin && !t.looked
}

// grades is how secrecy counts now.
func (a *API) grades() *tiles.Grades {
	r := a.o.Rights.Rules()
	return &tiles.Grades{Key: r.GradeKey(), Of: r.Grade}
}

// harmless says that an answer holds nothing of single assets.
func harmless(c *gin.Context) { toldOf(c).looked = true }

// guarded lists those of some assets that are restricted or secret, whatever the reader may see of them.
func (a *API) guarded(s *twin.Snapshot, list []twin.Record) (ids []string, secret int) {
	rules, whole := a.o.Rights.Rules(), s.Whole() // without what may lie over what a grade follows from
	for _, r := range list {
		if g := rules.Grade(whole.Record(r.Handle())); g >= twin.SecrecyRestricted {
			ids = append(ids, r.ID())
			if g == twin.SecrecySecret {
				secret++
			}
		}
	}
	return ids, secret
}

// reads records what of an answer is restricted or secret, before it goes out; the answer is refused when that cannot be recorded.
func (a *API) reads(c *gin.Context, s *twin.Snapshot, list ...twin.Record) error {
	ids, secret := a.guarded(s, list)
	return a.readsOf(c, ids, secret)
}

// give counts assets that an answer shows (showRecords), and records what of them is restricted (reads).
func (a *API) give(c *gin.Context, s *twin.Snapshot, list ...twin.Record) error {
	if err := a.showRecords(c, list...); err != nil {
		return err
	}
	return a.reads(c, s, list...)
}

// readsHistory is reads for what an asset was: it counts by the highest grade that it has or had.
func (a *API) readsHistory(c *gin.Context, s *twin.Snapshot, was []*twin.Asset) error {
	grade := twin.SecrecyUnset
	for _, v := range was {
		grade = max(grade, v.Secrecy)
	}
	if r, ok := s.Find(c.Param("id")); ok {
		grade = max(grade, a.grades().Of(s.Whole().Record(r.Handle())))
	}
	switch {
	case grade < twin.SecrecyRestricted:
		return a.readsOf(c, nil, 0)
	case grade == twin.SecrecySecret:
		return a.readsOf(c, []string{c.Param("id")}, 1)
	}
	return a.readsOf(c, []string{c.Param("id")}, 0)
}

func (a *API) readsOf(c *gin.Context, ids []string, secret int) error {
	toldOf(c).looked = true
	if len(ids) == 0 {
		return nil
	}
	e := EntryOf(c)
	e.Action, e.Status, e.Targets = trail.Read, 200, ids
	e.Detail = trail.Told(map[string]any{"restricted": len(ids) - secret, "secret": secret})
	return a.o.Office.Trail().Note(c.Request.Context(), e)
}

// tileHour is how long one entry of a tile stands for all that a user is sent of it.
const tileHour = time.Hour

// maxTileReads bounds how many tiles of all users are remembered; beyond it they are recorded again.
const maxTileReads = 200_000

// tileReads remembers which tiles with restricted assets each user has been sent in this hour.
type tileReads struct {
	mu   sync.Mutex
	hour int64
	seen map[tileRead]struct{}
}

type tileRead struct{ user, tile string }

// first reports whether a user is sent a tile for the first time in an hour.
func (t *tileReads) first(user, tile string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	hour := now.Unix() / int64(tileHour/time.Second)
	if hour != t.hour || len(t.seen) >= maxTileReads || t.seen == nil {
		t.hour, t.seen = hour, map[tileRead]struct{}{}
	}
	k := tileRead{user, tile}
	_, known := t.seen[k]
	t.seen[k] = struct{}{}
	return !known
}

func (t *tileReads) forget(user, tile string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, tileRead{user, tile})
}

// readsTile records that a user is sent a tile with restricted assets, once an hour.
func (a *API) readsTile(c *gin.Context, restricted int) error {
	toldOf(c).looked = true
	if restricted == 0 {
		return nil
	}
	user, tile := UserOf(c).Name, c.Request.URL.Path
	if asOf := c.Query("asOf"); asOf != "" {
		tile += "?asOf=" + asOf
	}
	if !a.tileReads.first(user, tile, time.Now()) {
		return nil
	}
	e := EntryOf(c)
	e.Action, e.Status, e.Targets, e.Detail = trail.Read, 200, []string{tile}, trail.Told(map[string]any{"restricted": restricted})
	err := a.o.Office.Trail().Note(c.Request.Context(), e)
	if err != nil {
		a.tileReads.forget(user, tile)
	}
	return err
}
