package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/server/rights"
	"github.com/undercity/undercity/twin"
)

// hub hands each event to every follower and never waits: a follower whose buffer is full is cut, and reads the state afresh. Followers of one class of
// rights get the same bytes.
type hub struct {
	mu        sync.Mutex
	followers map[*follower]struct{}
	closed    bool
}

// follower is one open stream.
type follower struct {
	events chan []byte
	sight  *twin.Sight // nil: everything
}

func (f *follower) class() string {
	if f.sight == nil {
		return ""
	}
	return f.sight.Key
}

const (
	followerBuffer = 64
	maxFollowers   = 20000
	pingEvery      = 3 * time.Second // a follower that hears nothing for longer knows that its line is dead
	maxEventAssets = 1000
)

func newHub() *hub { return &hub{followers: map[*follower]struct{}{}} }

func (h *hub) join(v *twin.Sight) (*follower, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.followers) >= maxFollowers {
		return nil, false
	}
	f := &follower{make(chan []byte, followerBuffer), v}
	h.followers[f] = struct{}{}
	return f, true
}

func (h *hub) leave(f *follower) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(f)
}

// drop ends a stream; the lock is held.
func (h *hub) drop(f *follower) {
	if _, ok := h.followers[f]; ok {
		delete(h.followers, f)
		close(f.events)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.cut()
}

// cut ends every stream: followers come again, and are known anew.
func (h *hub) cut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.followers {
		h.drop(f)
	}
}

type changeEvent struct {
	Revision uint64      `json:"revision"`
	Assets   []string    `json:"assets"`
	Networks []string    `json:"networks"`
	BBox     *[4]float64 `json:"bbox"`
}

// publish is called by the twin after each change.
func (h *hub) publish(ch *twin.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	made := map[string][]byte{}
	for f := range h.followers {
		class := f.class()
		event, ok := made[class]
		if !ok {
			event = eventFor(ch, f.sight)
			made[class] = event
		}
		if event == nil {
			continue
		}
		select {
		case f.events <- event:
		default:
			h.drop(f)
		}
	}
}

// eventFor is what a class of readers is told of a change, nil where it sees nothing of it.
func eventFor(ch *twin.Change, v *twin.Sight) []byte {
	e := changeEvent{Revision: ch.Revision, Assets: []string{}, Networks: ch.Layers}
	box := ch.Box
	if v != nil && v.Sees != nil {
		e.Networks, box = nil, geometry.EmptyBox()
	}
	for i, it := range ch.Items {
		if i >= maxEventAssets && (v == nil || v.Sees == nil) {
			break
		}
		shown := twin.Record{}
		for _, handle := range [...]twin.Handle{it.Before, it.After} {
			if handle == 0 {
				continue
			}
			r := ch.Snapshot.Record(handle)
			if !rights.Allows(v, r) {
				continue
			}
			if shown = r; v != nil && v.Sees != nil {
				box = box.Union(r.Box())
				if l := r.Layer(); !slices.Contains(e.Networks, l) {
					e.Networks = append(e.Networks, l)
				}
			}
		}
		if !shown.IsZero() && len(e.Assets) < maxEventAssets {
			e.Assets = append(e.Assets, shown.ID())
		}
	}
	if len(e.Assets) == 0 {
		return nil
	}
	if f := ch.Snapshot.Frame(); f != nil && !box.IsEmpty() {
		d := f.Degrees(box)
		e.BBox = &d
	}
	body, err := json.Marshal(e)
	if err != nil {
		return nil // strings and numbers always marshal
	}
	return sse("change", body)
}

func sse(name string, body []byte) []byte {
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, body)
}

// Followers is how many event streams are open.
func (a *API) Followers() int {
	a.hub.mu.Lock()
	defer a.hub.mu.Unlock()
	return len(a.hub.followers)
}

// Stream answers GET /stream: server-sent events.
func (a *API) Stream(c *gin.Context) error {
	harmless(c) // it names what changed, and says nothing of it
	f, ok := a.hub.join(a.sight(c))
	if !ok {
		return twin.Errorf(twin.Unavailable, "there are too many followers").WithHint("try again later")
	}
	defer a.hub.leave(f)
	w := http.NewResponseController(c.Writer)
	c.Header("Content-Type", "text/event-stream")
	c.Header("Cache-Control", "no-store")
	c.Header("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	write := func(b []byte) error {
		if err := w.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
			return err
		}
		if _, err := c.Writer.Write(b); err != nil {
			return err
		}
		return w.Flush()
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	err := write(sse("hello", fmt.Appendf(nil, `{"revision":%d}`, a.o.Twin.Snapshot().Revision())))
	for err == nil {
		select {
		case event, open := <-f.events:
			if !open {
				return nil
			}
			err = write(event)
		case <-ping.C:
			// A policy that changed while the stream was opened does not cut it.
			if now := (&follower{sight: a.sight(c)}).class(); now != f.class() || !StillIn(c) {
				return nil
			}
			err = write(sse("ping", []byte("{}")))
		case <-c.Request.Context().Done():
			return nil
		}
	}
	return nil // the follower has gone
}
