package tiles

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"fmt"
	"sync"

	"github.com/andybalholm/brotli"
	kgzip "github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Encoding is how a body is compressed, by its name in Content-Encoding.
type Encoding string

// The encodings.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Brotli   Encoding = "br"
	Zstd     Encoding = "zstd"
)

func (e Encoding) short() string {
	if e == Identity {
		return "i"
	}
	return string(e[:1])
}

// compress returns the body in an encoding. Levels are those that cost less than they save on a local network.
func compress(body []byte, e Encoding) ([]byte, error) {
	var out bytes.Buffer
	switch e {
	case Gzip:
		w, err := kgzip.NewWriterLevel(&out, gzip.DefaultCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(body); err != nil {
			return nil, err
		}
		err = w.Close()
		return out.Bytes(), err
	case Brotli:
		w := brotli.NewWriterLevel(&out, 5)
		if _, err := w.Write(body); err != nil {
			return nil, err
		}
		err := w.Close()
		return out.Bytes(), err
	case Zstd:
		return zstdEncoder().EncodeAll(body, nil), nil
	}
	return body, nil
}

// zstdEncoder is one encoder for all: EncodeAll may be called from many goroutines.
var zstdEncoder = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2))
	if err != nil {
		panic(err) // the options are constants
	}
	return e
})

// small compresses what is made each time.
func small(body []byte, contentType string, e Encoding) (Result, error) {
	b, err := compress(body, e)
	if err != nil {
		return Result{}, fmt.Errorf("compression: %w", err)
	}
	return Result{Body: b, ETag: etag(body, e), ContentType: contentType, Encoding: e}, nil
}

// cache keeps results in memory up to a number of bytes, the longest unused going first. Entries have a group, which is dropped as one.
type cache struct {
	mu      sync.Mutex
	limit   int
	used    int
	groups  map[string]map[string]*list.Element
	order   *list.List // of *entry, latest used first
	pending map[string]*flight
	stamp   map[string]uint64 // of groups dropped while something was made for them
	epoch   uint64
}

type entry struct {
	group, key string
	result     Result
}

// flight is one making that several wait for.
type flight struct {
	done    chan struct{}
	result  Result
	err     error
	waiters int
	cancel  context.CancelFunc
}

func newCache(limit int) *cache {
	return &cache{limit: limit, groups: map[string]map[string]*list.Element{}, order: list.New(), pending: map[string]*flight{}, stamp: map[string]uint64{}}
}

func contentKey(layer string, c cell) string {
	return fmt.Sprintf("c/%s/%d/%d/%d", layer, c.level, c.x, c.y)
}
func subtreeKey(layer string) string { return "s/" + layer }

func (c *cache) get(group, key string) (Result, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.groups[group][key]
	if !ok {
		return Result{}, false
	}
	c.order.MoveToFront(el)
	return el.Value.(*entry).result, true
}

// put keeps a result that was made from the state of epoch; it is not kept when its group was dropped since.
func (c *cache) put(group, key string, r Result, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stamp[group] > epoch || c.stamp[""] > epoch || c.groups[group][key] != nil {
		return
	}
	if c.groups[group] == nil {
		c.groups[group] = map[string]*list.Element{}
	}
	c.groups[group][key] = c.order.PushFront(&entry{group, key, r})
	for c.used += len(r.Body); c.used > c.limit && c.order.Len() > 1; {
		c.remove(c.order.Back())
	}
}

func (c *cache) remove(el *list.Element) {
	e := c.order.Remove(el).(*entry)
	delete(c.groups[e.group], e.key)
	if len(c.groups[e.group]) == 0 {
		delete(c.groups, e.group)
	}
	c.used -= len(e.result.Body)
}

func (c *cache) drop(group string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	c.stamp[group] = c.epoch
	for _, el := range c.groups[group] {
		c.remove(el)
	}
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	c.stamp = map[string]uint64{"": c.epoch}
	c.groups, c.order, c.used = map[string]map[string]*list.Element{}, list.New(), 0
}

func (c *cache) now() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

// cached answers from the cache, or has the body made once for all who ask meanwhile. Tiles of past snapshots are not kept here: they
// would push the living ones out.
func (g *Generator) cached(ctx context.Context, v View, group, key, contentType string, enc Encoding, make func(*index) ([]byte, error)) (Result, error) {
	key = string(v.Class) + "/" + key + "/" + string(enc)
	if v.Past {
		return g.make(ctx, v, contentType, enc, make)
	}
	if r, ok := g.cache.get(group, key); ok {
		return r, nil
	}
	return g.cache.join(ctx, group+"\x00"+key, func(ctx context.Context) (Result, error) {
		epoch := g.cache.now()
		r, err := g.make(ctx, v, contentType, enc, make)
		if err == nil {
			g.cache.put(group, key, r, epoch)
		}
		return r, err
	})
}

// make makes and compresses one body, when a maker is free.
func (g *Generator) make(ctx context.Context, v View, contentType string, enc Encoding, make func(*index) ([]byte, error)) (Result, error) {
	select {
	case g.makers <- struct{}{}:
		defer func() { <-g.makers }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	var body []byte
	err := g.use(v, func(x *index) (err error) {
		body, err = make(x)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return small(body, contentType, enc)
}

// join has f run once for all who ask for the same key meanwhile, and cancels it when the last of them has gone.
func (c *cache) join(ctx context.Context, key string, f func(context.Context) (Result, error)) (Result, error) {
	c.mu.Lock()
	fl := c.pending[key]
	if fl == nil {
		run, cancel := context.WithCancel(context.WithoutCancel(ctx))
		fl = &flight{done: make(chan struct{}), cancel: cancel}
		c.pending[key] = fl
		go func() {
			defer cancel()
			fl.result, fl.err = f(run)
			c.mu.Lock()
			if c.pending[key] == fl {
				delete(c.pending, key)
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
			if c.pending[key] == fl {
				delete(c.pending, key)
			}
		}
		c.mu.Unlock()
		return Result{}, ctx.Err()
	}
}
