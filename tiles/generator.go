package tiles

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/tiles/vector"
	"github.com/undercity/undercity/twin"
)

// View is what a reader sees: a snapshot, as its class of rights sees it. Past marks a snapshot as of an earlier revision; without it a tile may be of a
// revision that came while the request ran.
type View struct {
	Snapshot *twin.Snapshot
	Past     bool
	Grades   *Grades // nil: nothing is counted
}

// Grades is how the secrecy of assets counts for those who record what was read.
type Grades struct {
	Key string // names the rules: what is equal by it gives equal grades
	Of  func(twin.Record) twin.Secrecy
}

// Options are the settings of a Generator; the zero value is the default.
type Options struct {
	CacheBytes    int // of finished tiles; default 192 MiB
	PreparedBytes int // of assets decoded for vector tiles, beside CacheBytes; default 64 MiB, below 0 none
	Makers        int // contents made at once; default one a processor
}

// Result is one file of a tileset.
type Result struct {
	Body        []byte
	ETag        string // strong, with quotes
	ContentType string
	Encoding    compress.Encoding
	Restricted  int // assets in it that are restricted or secret by the Grades of the view
}

// Generator makes tiles on demand and keeps them until what they hold changes. It may be used from any goroutine.
type Generator struct {
	opts    Options
	makers  chan struct{}
	cache   *cache
	twin    *twin.Twin // for the base data, which no snapshot holds
	roads   atomic.Pointer[vector.Streets]
	vectors *vector.Maker

	mu      sync.RWMutex
	now     *index
	past    []*index      // of snapshots that are not the current one, latest asked first
	classes []*classIndex // latest made first
	touches []touch       // of revisions that g.now followed, oldest first

	making sync.Mutex // held while the index of a class is made
}

// pastKept is how many past indexes are kept.
const pastKept = 4

// New makes a generator that follows a twin.
func New(t *twin.Twin, o Options) *Generator {
	if o.CacheBytes == 0 {
		o.CacheBytes = 192 << 20
	}
	if o.PreparedBytes == 0 {
		o.PreparedBytes = 64 << 20
	}
	if o.Makers == 0 {
		o.Makers = runtime.GOMAXPROCS(0)
	}
	g := &Generator{opts: o, makers: make(chan struct{}, o.Makers), cache: newCache(o.CacheBytes), twin: t, vectors: vector.NewMaker(o.PreparedBytes)}
	t.OnChange(g.follow)
	kept, s := t.Keep(keptAs, g.keepIndex)
	x, err := readIndex(s, kept)
	if err != nil {
		x = newIndex(s)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now == nil || g.now.snap.Revision() < s.Revision() {
		g.now = x
	}
	return g
}

// follow takes a change over: a small one touches the contents it must, a large one makes the index anew.
func (g *Generator) follow(ch *twin.Change) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now == nil || ch.Bulk || g.now.square != ch.Snapshot.Square() || g.now.snap.Revision()+1 != ch.Revision {
		g.anew(ch.Snapshot)
		return
	}
	touched := g.now.follow(ch)
	if g.now.outgrown() {
		g.anew(ch.Snapshot)
		return
	}
	g.note(ch.Revision, touched)
	g.dropVector(ch)
	layers := map[string]bool{}
	for _, t := range touched {
		g.cache.drop(contentKey(t.layer, t.cell))
		layers[t.layer] = true
	}
	for l := range layers {
		g.cache.drop(subtreeKey(l))
	}
}

// anew makes the index of a snapshot; the lock is held.
func (g *Generator) anew(s *twin.Snapshot) {
	g.now, g.classes, g.touches = newIndex(s), nil, nil
	g.cache.clear()
}

// use runs f with the index of a view while that does not change.
func (g *Generator) use(v View, f func(x *index) error) error {
	if v.Past {
		return f(g.pastIndex(v.Snapshot))
	}
	if v.class() != "" {
		return g.useClass(v, f)
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	return f(g.now)
}

func (g *Generator) pastIndex(s *twin.Snapshot) *index {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, x := range g.past {
		if x.snap == s {
			g.past = slices.Insert(slices.Delete(g.past, i, i+1), 0, x)
			return x
		}
	}
	x := newIndex(s)
	g.past = append([]*index{x}, g.past[:min(len(g.past), pastKept-1)]...)
	return x
}

// Root is the tileset above all layers.
func (g *Generator) Root(_ context.Context, v View, enc compress.Encoding) (Result, error) {
	var body []byte
	err := g.use(v, func(x *index) (err error) {
		body, err = x.root(about, fmt.Sprintf("?v=%d", x.snap.Revision()))
		return err
	})
	if err != nil {
		return Result{}, fmt.Errorf("root tileset: %w", err)
	}
	return small(body, "application/json", enc)
}

func noLayer(code string) error {
	return twin.Errorf(twin.NotFound, "there is no tileset of %q", code).WithHint("GET /3dtiles/tileset.json names those there are")
}

// Layer is the tileset of one layer. query is added to the addresses in it ("?asOf=12").
func (g *Generator) Layer(_ context.Context, v View, code, query string, enc compress.Encoding) (Result, error) {
	var body []byte
	err := g.use(v, func(x *index) (err error) {
		l := x.layers[code]
		if l == nil || l.tiles[cell{}] == nil {
			return noLayer(code)
		}
		body, err = x.layerTileset(l, query)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return small(body, "application/json", enc)
}

// Address names a tile as the templates of a tileset do.
type Address struct {
	Layer string
	Level uint8
	X, Y  uint32
}

func (a Address) cell() cell { return cell{a.Level, a.X, a.Y} }

func (a Address) notFound() error {
	return twin.Errorf(twin.NotFound, "%s has no tile %d/%d/%d", a.Layer, a.Level, a.X, a.Y)
}

// Subtree is the subtree file whose root is the addressed tile.
func (g *Generator) Subtree(ctx context.Context, v View, a Address, enc compress.Encoding) (Result, error) {
	make := func(x *index) ([]byte, []twin.Handle, error) {
		l := x.layers[a.Layer]
		if l == nil || l.tiles[a.cell()] == nil || int(a.Level)%l.subtreeLevels() != 0 {
			return nil, nil, a.notFound()
		}
		b, err := x.subtree(l, a.cell())
		return b, nil, err
	}
	return g.cached(ctx, v, subtreeKey(a.Layer), fmt.Sprint(a.Level, a.X, a.Y), "application/octet-stream", enc, make)
}

// Content is the GLB of the addressed tile.
func (g *Generator) Content(ctx context.Context, v View, a Address, enc compress.Encoding) (Result, error) {
	make := func(x *index) ([]byte, []twin.Handle, error) {
		l := x.layers[a.Layer]
		if l == nil {
			return nil, nil, a.notFound()
		}
		t := l.tiles[a.cell()]
		if t == nil || len(t.handles) == 0 {
			return nil, nil, a.notFound()
		}
		b, err := draw.Content(x.snap, t.handles, a.Layer, a.Level < l.last())
		return b, t.handles, err
	}
	return g.cached(ctx, v, contentKey(a.Layer, a.cell()), "", "model/gltf-binary", enc, make)
}

// etag is strong: it follows from the bytes and the encoding.
func etag(body []byte, enc compress.Encoding) string {
	h := sha256.Sum256(body) // quick where the processor knows it, and there it does
	return fmt.Sprintf(`"%016x-%s"`, h[:8], enc.Short())
}
