package store

import (
	"fmt"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// Bounds of a batch: what Commit holds of the changes at a time is batches of these.
const (
	batches      = 3
	batchChanges = 512
	batchBytes   = 1 << 20
)

// change is one change ready for the data base.
type change struct {
	op      twin.Op
	kind    twin.Kind
	id      twin.ID
	version uint32
	record  []byte
	feature []db.Arg // arguments of insertText, the first still to be set; nil when the kind has no table
	has     mask
	common  common
}

// batch is a run of changes and the memory they lie in, which is used again.
type batch struct {
	changes []change
	bytes   []byte   // records and geometries
	args    []db.Arg // of the features
}

func (b *batch) reset() { b.changes, b.bytes, b.args = b.changes[:0], b.bytes[:0], b.args[:0] }

func (b *batch) isFull() bool { return len(b.changes) >= batchChanges || len(b.bytes) >= batchBytes }

// encoder makes changes ready on a goroutine of its own.
type encoder struct {
	cat    *twin.Catalog
	codec  *twin.Codec
	given  func([]byte) []byte // twin.Commit.Record
	srs    int
	rows   rowValues
	extent map[twin.Kind]*geometry.Box

	free, full chan *batch
	err        error // valid when full is closed
}

func newEncoder(cat *twin.Catalog, srs int) *encoder {
	e := &encoder{cat: cat, codec: twin.NewCodec(cat), srs: srs, extent: map[twin.Kind]*geometry.Box{},
		free: make(chan *batch, batches), full: make(chan *batch, batches)}
	for range batches {
		e.free <- &batch{}
	}
	return e
}

// run hands over the changes of c batch by batch until they end, one fails or stop is closed.
func (e *encoder) run(c *twin.Commit, stop <-chan struct{}) {
	defer close(e.full)
	defer func() {
		// The changes are the caller's code. Its failure must not end the process from a goroutine that the caller cannot see.
		if r := recover(); r != nil {
			e.err = fmt.Errorf("changes of revision %d: %v", c.Revision, r)
		}
	}()
	e.given = c.Record
	b := <-e.free
	for op, a := range c.Changes {
		if e.err = e.add(b, op, a); e.err != nil {
			return
		}
		if !b.isFull() {
			continue
		}
		e.full <- b // has room for every batch there is
		select {
		case b = <-e.free:
			b.reset()
		case <-stop:
			return
		}
	}
	e.full <- b
}

func (e *encoder) add(b *batch, op twin.Op, a *twin.Asset) error {
	c := change{op: op, kind: a.Kind, id: a.ID, version: a.Version}
	if op != twin.OpRemove {
		from := len(b.bytes)
		if err := e.record(b, a); err != nil {
			return fmt.Errorf("record of %s: %w", a.ID, err)
		}
		c.record = b.bytes[from:len(b.bytes):len(b.bytes)]
		if a.Kind != twin.KindSolid {
			c.feature, c.has, c.common = e.feature(b, a)
		}
	}
	b.changes = append(b.changes, c)
	return nil
}

// record appends the record of an asset to the batch.
func (e *encoder) record(b *batch, a *twin.Asset) error {
	if e.given != nil {
		b.bytes = e.given(b.bytes)
		return nil
	}
	rec, err := e.codec.Marshal(a)
	b.bytes = append(b.bytes, rec...)
	return err
}

// feature makes the arguments of the feature's row.
func (e *encoder) feature(b *batch, a *twin.Asset) ([]db.Arg, mask, common) {
	sec, _ := e.cat.DrawnSection(a)
	line := a.Line
	if !a.Kind.IsPoint() {
		line = a.Axis(sec)
	}
	box := e.extent[a.Kind]
	if box == nil {
		empty := geometry.EmptyBox()
		box = &empty
		e.extent[a.Kind] = box
	}
	for _, p := range line {
		*box = box.Add(p)
	}
	from := len(b.bytes)
	b.bytes = appendGeometry(b.bytes, e.srs, a.Kind, line)
	first := len(b.args)
	b.args = append(b.args, db.Arg{}, db.Arg{Value: b.bytes[from:len(b.bytes):len(b.bytes)]})
	var has mask
	var c common
	b.args, has, c = e.rows.append(b.args, a)
	args := b.args[first:len(b.args):len(b.args)]
	for i := range args {
		args[i].Ordinal = i + 1
	}
	return args, has, c
}
