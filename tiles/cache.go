package tiles

import (
	"container/list"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// small compresses what is made each time. What is empty is not compressed.
func small(body []byte, contentType string, e compress.Encoding) (Result, error) {
	if len(body) == 0 {
		e = compress.Identity
	}
	b, err := compress.Body(body, e)
	if err != nil {
		return Result{}, err
	}
	return Result{Body: b, ETag: etag(body, e), ContentType: contentType, Encoding: e}, nil
}

// cache keeps results in memory up to a number of bytes, the longest unused going first. Entries have a group, which is dropped as one.
type cache struct {
	mu      sync.Mutex
	limit   int
	used    int
	groups  map[cacheGroup]map[string]*list.Element
	order   *list.List // of *entry, latest used first
	hits    int
	misses  int
	pending map[string]*flight
}

// cacheGroup names what is dropped together: the encodings and classes of one tile, or all subtrees of a layer.
type cacheGroup struct {
	layer string
	cell  cell
}

type entry struct {
	group  cacheGroup
	key    string
	result Result
}

// flight is one making that several wait for. When its group is dropped meanwhile, those who wait still get what was true when they asked; it is not kept,
// and nobody joins any more.
type flight struct {
	group   cacheGroup
	stale   bool
	done    chan struct{}
	result  Result
	err     error
	waiters int
	cancel  context.CancelFunc
}

func newCache(limit int) *cache {
	return &cache{limit: limit, groups: map[cacheGroup]map[string]*list.Element{}, order: list.New(), pending: map[string]*flight{}}
}

// Stats counts what the cache of a generator did since it was made, and says what it holds.
type Stats struct {
	Hits, Misses int
	Bytes        int
	Classes      int // classes of rights that have an index beside that of the whole city
}

// Stats says how the cache does.
func (g *Generator) Stats() Stats {
	g.mu.RLock()
	classes := len(g.classes)
	g.mu.RUnlock()
	g.cache.mu.Lock()
	defer g.cache.mu.Unlock()
	return Stats{g.cache.hits, g.cache.misses, g.cache.used, classes}
}

func contentKey(layer string, c cell) cacheGroup { return cacheGroup{"c/" + layer, c} }
func subtreeKey(layer string) cacheGroup         { return cacheGroup{layer: "s/" + layer} }

func (c *cache) get(g cacheGroup, key string) (Result, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.groups[g][key]
	if !ok {
		c.misses++
		return Result{}, false
	}
	c.hits++
	c.order.MoveToFront(el)
	return el.Value.(*entry).result, true
}

// put keeps a result; the lock is held.
func (c *cache) put(g cacheGroup, key string, r Result) {
	if c.groups[g][key] != nil {
		return
	}
	if c.groups[g] == nil {
		c.groups[g] = map[string]*list.Element{}
	}
	c.groups[g][key] = c.order.PushFront(&entry{g, key, r})
	for c.used += r.cost(); c.used > c.limit && c.order.Len() > 1; {
		c.remove(c.order.Back())
	}
}

// entryCost is about what an entry takes beside its body, bytes.
const entryCost = 400

func (r Result) cost() int { return len(r.Body) + entryCost }

func (c *cache) remove(el *list.Element) {
	e := c.order.Remove(el).(*entry)
	delete(c.groups[e.group], e.key)
	if len(c.groups[e.group]) == 0 {
		delete(c.groups, e.group)
	}
	c.used -= e.result.cost()
}

func (c *cache) drop(g cacheGroup) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropGroup(g)
	c.outdate(func(have cacheGroup) bool { return have == g })
}

func (c *cache) dropGroup(g cacheGroup) {
	for _, el := range c.groups[g] {
		c.remove(el)
	}
}

// outdate marks what is being made of some groups; the lock is held.
func (c *cache) outdate(of func(cacheGroup) bool) {
	for key, fl := range c.pending {
		if of(fl.group) {
			fl.stale = true
			delete(c.pending, key)
		}
	}
}

// span is a rectangle of tiles of one level, its ends included.
type span struct {
	level                  uint8
	minX, minY, maxX, maxY uint32
}

func (s span) holds(c cell) bool {
	return c.level == s.level && c.x >= s.minX && c.x <= s.maxX && c.y >= s.minY && c.y <= s.maxY
}

func (s span) len() int { return int(s.maxX-s.minX+1) * int(s.maxY-s.minY+1) }

// dropSpans drops the tiles of a layer in some rectangles: by their names where these are fewer than what is kept, else by looking at all that is kept.
func (c *cache) dropSpans(layer string, spans []span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	inside := func(g cacheGroup) bool {
		return g.layer == layer && slices.ContainsFunc(spans, func(s span) bool { return s.holds(g.cell) })
	}
	c.outdate(inside)
	for _, s := range spans {
		if s.len() > len(c.groups) {
			for g := range c.groups {
				if g.layer == layer && s.holds(g.cell) {
					c.dropGroup(g)
				}
			}
			continue
		}
		for y := s.minY; y <= s.maxY; y++ {
			for x := s.minX; x <= s.maxX; x++ {
				c.dropGroup(cacheGroup{layer, cell{s.level, x, y}})
			}
		}
	}
}

// dropLayer drops every group of a layer.
func (c *cache) dropLayer(layer string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for g := range c.groups {
		if g.layer == layer {
			c.dropGroup(g)
		}
	}
	c.outdate(func(g cacheGroup) bool { return g.layer == layer })
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outdate(func(cacheGroup) bool { return true })
	c.groups, c.order, c.used = map[cacheGroup]map[string]*list.Element{}, list.New(), 0
}

// cached answers from the cache, or has the body made once for all who ask meanwhile. Tiles of past snapshots are not kept here: they
// would push the living ones out.
func (g *Generator) cached(ctx context.Context, v View, of cacheGroup, key, contentType string, enc compress.Encoding, make making) (Result, error) {
	key = v.class() + "/" + v.grading() + "/" + key + "/" + string(enc)
	if v.Past {
		return g.make(ctx, v, contentType, enc, make)
	}
	if r, ok := g.cache.get(of, key); ok {
		return r, nil
	}
	return g.cache.join(ctx, of, key, func(ctx context.Context) (Result, error) { return g.make(ctx, v, contentType, enc, make) })
}

// making makes a body and says which assets are in it.
type making func(*index) ([]byte, []twin.Handle, error)

// make makes and compresses one body, when a maker is free.
func (g *Generator) make(ctx context.Context, v View, contentType string, enc compress.Encoding, make making) (Result, error) {
	select {
	case g.makers <- struct{}{}:
		defer func() { <-g.makers }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	var body []byte
	restricted := 0
	err := g.use(v, func(x *index) error {
		b, held, err := make(x)
		body, restricted = b, v.restricted(x.snap, held)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	r, err := small(body, contentType, enc)
	r.Restricted = restricted
	return r, err
}

// join has f run once for all who ask for the same key of a group meanwhile, keeps its result, and cancels it when the last of them has gone.
func (c *cache) join(ctx context.Context, of cacheGroup, key string, f func(context.Context) (Result, error)) (Result, error) {
	name := fmt.Sprint(of.layer, "\x00", of.cell, "\x00", key)
	c.mu.Lock()
	fl := c.pending[name]
	if fl == nil {
		run, cancel := context.WithCancel(context.WithoutCancel(ctx))
		fl = &flight{group: of, done: make(chan struct{}), cancel: cancel}
		c.pending[name] = fl
		go func() {
			defer cancel()
			fl.result, fl.err = f(run)
			c.mu.Lock()
			if fl.err == nil && !fl.stale {
				c.put(of, key, fl.result)
			}
			if c.pending[name] == fl {
				delete(c.pending, name)
			}
			c.mu.Unlock()
			close(fl.done)
		}()
	}
	fl.waiters++
	c.mu.Unlock()
	select {
	case <-fl.done:
		return fl.result, fl.err
	case <-ctx.Done():
		c.mu.Lock()
		if fl.waiters--; fl.waiters == 0 {
			fl.cancel()
			if c.pending[name] == fl {
				delete(c.pending, name)
			}
		}
		c.mu.Unlock()
		return Result{}, ctx.Err()
	}
}
