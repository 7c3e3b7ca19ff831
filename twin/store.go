package twin

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
)

// Store keeps a twin on disk. twin/storetest says what every Store must do. One writer at a time; reads may run beside it.
type Store interface {
	// Head returns the state of the store; of a new store everything but ID is zero.
	Head(ctx context.Context) (Head, error)
	// Assets yields every asset that exists at the revision, in order of ID; revision 0 means the current one. The yielded asset is the
	// caller's. An error ends the sequence.
	Assets(ctx context.Context, revision uint64) iter.Seq2[*Asset, error]
	// Commit stores a whole commit or nothing. It fails with Conflict when the store's revision is not c.Revision-1.
	Commit(ctx context.Context, c *Commit) error
	// History returns the versions of one asset, oldest first; empty when there never was one.
	History(ctx context.Context, id ID) ([]Version, error)
	// RevisionAt returns the last revision recorded at or before t, 0 when there was none.
	RevisionAt(ctx context.Context, t time.Time) (uint64, error)
	// Revisions returns at most limit revisions after the given one, oldest first.
	Revisions(ctx context.Context, after uint64, limit int) ([]RevisionInfo, error)
	// Base returns the installation's base data (streets, places, terrain).
	Base(ctx context.Context) (*Base, error)
	// SetBase replaces the base data.
	SetBase(ctx context.Context, b *Base) error
	// Close releases the store.
	Close() error
}

// RecordStore is a Store that can also hand over what Codec.Marshal made, so that a start does without an Asset in between.
type RecordStore interface {
	Store
	// Records is as Assets, with the marshalled assets, each valid until the next. It gives at most so many sequences, which may be run at the same
	// time; one after the other they are in order of ID. The current revision is the one at the beginning of each, so that nothing is to be
	// committed meanwhile.
	Records(ctx context.Context, revision uint64, parts int) ([]iter.Seq2[[]byte, error], error)
}

// Head is the state of a store.
type Head struct {
	ID       string // random, made with the store
	Revision uint64
	Time     time.Time  // of Revision
	Frame    *crs.Frame // nil until the first import
	Square   Square     // zero until the first import
	Title    string
	// BaseVersion is another number after each SetBase.
	BaseVersion uint64
}

// Square is the fixed square of the frame that tiles divide. Size 0: not fixed yet.
type Square struct{ MinE, MinN, Size float64 }

// Contains reports whether p lies in the square.
func (q Square) Contains(p geometry.Point) bool {
	return p.E >= q.MinE && p.E <= q.MinE+q.Size && p.N >= q.MinN && p.N <= q.MinN+q.Size
}

// Op is what a change does to an asset.
type Op uint8

// The operations. The numbers are stored: append only.
const (
	OpCreate Op = iota + 1
	OpUpdate
	OpRemove
)

// String is the operation's name in JSON ("create").
func (o Op) String() string {
	switch o {
	case OpCreate:
		return "create"
	case OpUpdate:
		return "update"
	case OpRemove:
		return "remove"
	}
	return "unknown"
}

// Commit is one revision on its way into a Store.
type Commit struct {
	Revision uint64
	Time     time.Time
	Author   string
	Note     string
	// Changes yields what changes, in order of ID, each ID once. A removal's asset carries ID, Kind, Network and the Version that the removal gets.
	// The asset is valid until the next one is yielded.
	Changes iter.Seq2[Op, *Asset]
	Count   int // how many Changes yields
	// Record, when not nil, appends to b what Codec.Marshal makes of the asset that Changes yields at the time, which is no removal.
	Record func(b []byte) []byte
	// Frame and Square are set with the commit that fixes them, nil and zero else.
	Frame  *crs.Frame
	Square Square
	// Progress, when not nil, is called now and then with the number of changes written.
	Progress func(done int)
}

// Version is one state in an asset's history.
type Version struct {
	Revision uint64
	Time     time.Time
	Op       Op
	Author   string
	Note     string
	Asset    *Asset // the state; of a removal the last one before it
}

// RevisionInfo is one revision of the twin.
type RevisionInfo struct {
	Revision uint64
	Time     time.Time
	Author   string
	Note     string
	Changes  int
}

// Base is the base data of an installation: what lies on the ground and is not an asset.
type Base struct {
	Streets []Street
	Places  []Place
	Terrain *Terrain // nil: the ground surface is made from the heights of the survey
	Title   string
	Credit  []string // whom to name for the data
}

// Clone returns a copy whose lists may be added to.
func (b *Base) Clone() *Base {
	c := *b
	c.Streets, c.Places, c.Credit = slices.Clone(b.Streets), slices.Clone(b.Places), slices.Clone(b.Credit)
	return &c
}

// Add adds the streets and places of o that b has not, and takes its terrain, title and credit where b has none.
func (b *Base) Add(o *Base) {
	type key struct {
		name string
		at   geometry.Point
	}
	known := map[key]bool{}
	first := func(line []geometry.Point) geometry.Point {
		if len(line) == 0 {
			return geometry.Point{}
		}
		return line[0]
	}
	for _, s := range b.Streets {
		known[key{s.Name, first(s.Line)}] = true
	}
	for _, s := range o.Streets {
		if !known[key{s.Name, first(s.Line)}] {
			b.Streets = append(b.Streets, s)
		}
	}
	for _, p := range b.Places {
		known[key{p.Name, p.At}] = true
	}
	for _, p := range o.Places {
		if !known[key{p.Name, p.At}] {
			b.Places = append(b.Places, p)
		}
	}
	if b.Terrain == nil {
		b.Terrain = o.Terrain
	}
	if b.Title == "" {
		b.Title = o.Title
	}
	for _, c := range o.Credit {
		if !slices.Contains(b.Credit, c) {
			b.Credit = append(b.Credit, c)
		}
	}
}

// Street is a street's centreline.
type Street struct {
	Name   string
	NameEN string
	Class  string  // main, secondary or branch
	Width  float64 // metres between the kerbs, 0 is unknown
	Line   []geometry.Point
}

// Place is a named place.
type Place struct {
	Name   string
	NameEN string
	Class  string
	At     geometry.Point
}

// Terrain is a regular grid of ground heights in the frame. Heights are row by row from the south-west corner; Unknown() where there is none.
type Terrain struct {
	MinE, MinN float64
	StepE      float64 // metres between columns
	StepN      float64 // metres between rows
	Cols, Rows int
	Heights    []float32
	Source     string
}
