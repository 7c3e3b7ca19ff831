package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/twin"
)

// hub hands each event to every follower and never waits: a follower whose buffer is full is cut, and reads the state afresh.
type hub struct {
	mu        sync.Mutex
	followers map[chan []byte]struct{}
	closed    bool
}

const (
	followerBuffer = 64
	maxFollowers   = 20000
	pingEvery      = 3 * time.Second // a follower that hears nothing for longer knows that its line is dead
	maxEventAssets = 1000
)

func newHub() *hub { return &hub{followers: map[chan []byte]struct{}{}} }

func (h *hub) join() (chan []byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.followers) >= maxFollowers {
		return nil, false
	}
	ch := make(chan []byte, followerBuffer)
	h.followers[ch] = struct{}{}
	return ch, true
}

func (h *hub) leave(ch chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.followers[ch]; ok {
		delete(h.followers, ch)
		close(ch)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ch := range h.followers {
		delete(h.followers, ch)
		close(ch)
	}
}

func (h *hub) send(event []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.followers {
		select {
		case ch <- event:
		default:
			delete(h.followers, ch)
			close(ch)
		}
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
	e := changeEvent{Revision: ch.Revision, Assets: []string{}, Networks: ch.Layers}
	for _, it := range ch.Items[:min(len(ch.Items), maxEventAssets)] {
		handle := it.After
		if handle == 0 {
			handle = it.Before
		}
		e.Assets = append(e.Assets, ch.Snapshot.Record(handle).ID())
	}
	if f := ch.Snapshot.Frame(); f != nil && !ch.Box.IsEmpty() {
		d := f.Degrees(ch.Box)
		e.BBox = &d
	}
	body, err := json.Marshal(e)
	if err != nil {
		return // strings and numbers always marshal
	}
	h.send(sse("change", body))
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
	ch, ok := a.hub.join()
	if !ok {
		return twin.Errorf(twin.Unavailable, "there are too many followers").WithHint("try again later")
	}
	defer a.hub.leave(ch)
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
		case event, open := <-ch:
			if !open {
				return nil
			}
			err = write(event)
		case <-ping.C:
			err = write(sse("ping", []byte("{}")))
		case <-c.Request.Context().Done():
			return nil
		}
	}
	return nil // the follower has gone
}
