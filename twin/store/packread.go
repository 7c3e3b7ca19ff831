package store

import (
	"bytes"
	"container/heap"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// readAtOnce has f read one state of the store, whatever is written meanwhile.
func readAtOnce(ctx context.Context, d *sql.DB, f func(*db.Bulk) error) error {
	return db.Read(ctx, d, func(b *db.Bulk) (err error) {
		if err := run(b, "begin"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, run(b, "rollback")) }()
		return f(b)
	})
}

// run runs a statement without arguments and results.
func run(b *db.Bulk, text string) error {
	st, err := b.Prepare(text)
	if err != nil {
		return err
	}
	return errors.Join(st.Each(nil, func([]driver.Value) bool { return true }), b.Close(st))
}

// hasPacks reports whether the store has packs at all; a file of before has no table for them.
func hasPacks(b *db.Bulk) (has bool, err error) {
	for _, text := range []string{"select 1 from sqlite_schema where type = 'table' and name = 'undercity_pack_gone'", "select 1 from undercity_pack limit 1"} {
		st, err := b.Prepare(text)
		if err != nil {
			return false, err
		}
		has = false
		err = st.Each(nil, func([]driver.Value) bool { has = true; return false })
		if err = errors.Join(err, b.Close(st)); err != nil || !has {
			return false, err
		}
	}
	return true, nil
}

// packReader reads packs and what has gone from them.
type packReader struct{ records, gone *db.Stmt }

func newPackReader(b *db.Bulk) (r packReader, err error) {
	if r.records, err = b.Prepare("select revision, records from undercity_pack where number = $1"); err != nil {
		return r, err
	}
	r.gone, err = b.Prepare("select position, until, removed from undercity_pack_gone where pack = $1 and until <= $2")
	return r, err
}

// read reads a pack into p, whose memory is used again.
func (r packReader) read(number int64, p *pack) error {
	p.number, p.entries = number, p.entries[:0]
	var broken error
	err := r.records.Each(db.Args(number), func(row []driver.Value) bool {
		p.revision, _ = row[0].(int64)
		b, _ := row[1].([]byte)
		broken = p.readEntries(b)
		return false
	})
	if err == nil && broken == nil && len(p.entries) == 0 {
		broken = errPack
	}
	if err := errors.Join(err, broken); err != nil {
		return fmt.Errorf("pack %d: %w", number, err)
	}
	return nil
}

// lost is how a record went from its pack.
type lost struct {
	until   int64
	removed bool
}

// lostBy returns what has gone from a pack by a revision, by place; nil when nothing has.
func (r packReader) lostBy(number, revision int64) (map[int]lost, error) {
	var m map[int]lost
	err := r.gone.Each(db.Args(number, revision), func(row []driver.Value) bool {
		if m == nil {
			m = map[int]lost{}
		}
		at, _ := row[0].(int64)
		until, _ := row[1].(int64)
		removed, _ := row[2].(int64)
		m[int(at)] = lost{until, removed != 0}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("what has gone from pack %d: %w", number, err)
	}
	return m, nil
}

// packQueue hands over the records of all packs as of a revision in order of ID. Packs of different revisions may lie across each other: those at the
// place are open, least ID first.
type packQueue struct {
	reader   packReader
	revision int64
	ids      between
	todo     []packHead // in order of their first ID
	open     openPacks
	held     int         // bytes of those
	free     []*openPack // whose memory is used again
}

type packHead struct {
	number int64
	first  string
}

// openPack is a pack from the next record on.
type openPack struct {
	pack
	next int
	gone map[int]lost
}

func (p *openPack) id() []byte { return p.entries[p.next].head.ID }

type openPacks []*openPack

func (o openPacks) Len() int           { return len(o) }
func (o openPacks) Less(i, j int) bool { return bytes.Compare(o[i].id(), o[j].id()) < 0 }
func (o openPacks) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }
func (o *openPacks) Push(x any)        { *o = append(*o, x.(*openPack)) }
func (o *openPacks) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}

// Bounds of the memory that a file which others made can ask for. Ours have as many packs open at most as they have large revisions.
const (
	maxOpenPacks = 2000
	maxOpenBytes = 512 << 20
)

// newPackQueue returns the records of packs as of a revision, 0 for now, with IDs in the range; nil when there are none.
func newPackQueue(b *db.Bulk, revision uint64, ids between) (*packQueue, error) {
	if has, err := hasPacks(b); err != nil || !has {
		return nil, err
	}
	q := &packQueue{revision: int64(revision), ids: ids}
	if revision == 0 {
		q.revision = math.MaxInt64
	}
	var err error
	if q.reader, err = newPackReader(b); err != nil {
		return nil, err
	}
	text, args := "select number, first_id from undercity_pack where revision <= $1 and last_id >= $2", []driver.Value{q.revision, ids.from}
	if ids.to != "" {
		text, args = text+" and first_id < $3", append(args, ids.to)
	}
	st, err := b.Prepare(text + " order by first_id")
	if err != nil {
		return nil, err
	}
	err = st.Each(db.Args(args...), func(row []driver.Value) bool {
		number, _ := row[0].(int64)
		first, _ := row[1].(string)
		q.todo = append(q.todo, packHead{number, first})
		return true
	})
	return q, err
}

// before gives out the records with IDs before id, nil for all that are left, until out says false. It reports whether out wants more.
func (q *packQueue) before(id []byte, out func([]byte) bool) (bool, error) {
	for {
		for len(q.todo) > 0 && (len(q.open) == 0 || q.todo[0].first <= string(q.open[0].id())) {
			if id != nil && q.todo[0].first >= string(id) {
				break
			}
			if err := q.openNext(); err != nil {
				return false, err
			}
		}
		if len(q.open) == 0 || id != nil && bytes.Compare(q.open[0].id(), id) >= 0 {
			return true, nil
		}
		p := q.open[0]
		if !out(p.entries[p.next].record) {
			return false, nil
		}
		p.next++
		if q.settle(p) {
			heap.Fix(&q.open, 0)
		} else {
			heap.Pop(&q.open)
			q.held -= len(p.bytes)
			q.free = append(q.free, p)
		}
	}
}

func (q *packQueue) openNext() error {
	if len(q.open) == maxOpenPacks || q.held > maxOpenBytes {
		return fmt.Errorf("%w: too many lie across each other", errPack)
	}
	p := &openPack{}
	if n := len(q.free); n > 0 {
		p, q.free = q.free[n-1], q.free[:n-1]
	}
	h := q.todo[0]
	q.todo = q.todo[1:]
	if err := q.reader.read(h.number, &p.pack); err != nil {
		return err
	}
	if string(p.entries[0].head.ID) != h.first {
		return fmt.Errorf("pack %d: %w", h.number, errPack)
	}
	var err error
	if p.gone, err = q.reader.lostBy(h.number, q.revision); err != nil {
		return err
	}
	p.next = 0
	if q.settle(p) {
		heap.Push(&q.open, p)
		q.held += len(p.bytes)
	} else {
		q.free = append(q.free, p)
	}
	return nil
}

// settle moves p on to a record that is to be given out, and reports whether there is one.
func (q *packQueue) settle(p *openPack) bool {
	for ; p.next < len(p.entries); p.next++ {
		id := p.entries[p.next].head.ID
		if q.ids.to != "" && string(id) >= q.ids.to {
			return false
		}
		if _, gone := p.gone[p.next]; !gone && string(id) >= q.ids.from {
			return true
		}
	}
	return false
}

// packedVersions returns the versions of an asset that lie in packs.
func packedVersions(b *db.Bulk, codec *twin.Codec, id twin.ID) ([]twin.Version, error) {
	if has, err := hasPacks(b); err != nil || !has {
		return nil, err
	}
	f, err := newPackFinder(b)
	if err != nil {
		return nil, err
	}
	var vs []twin.Version
	for _, r := range f.runs {
		at, err := f.seek(r, id)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			continue
		}
		e := r.pack.entries[at]
		v := twin.Version{Revision: uint64(r.revision), Op: e.op}
		if v.Asset, err = codec.Unmarshal(e.record); err != nil {
			return nil, err
		}
		vs = append(vs, v)
		if l, gone := r.gone[at]; gone && l.removed {
			vs = append(vs, twin.Version{Revision: uint64(l.until), Op: twin.OpRemove, Asset: v.Asset})
		}
	}
	return vs, nil
}
