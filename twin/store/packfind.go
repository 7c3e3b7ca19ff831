package store

import (
	"database/sql/driver"
	"fmt"
	"math"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// packRun is the packs of one revision, which do not lie across each other, and the one of them looked into last.
type packRun struct {
	revision    int64
	first, last string

	pack pack
	gone map[int]lost
	// What the last look found out: between from and next the first pack that can hold an ID is number, with IDs up to last; 0 is none.
	from, next, packLast string
	number               int64
	looked, read         bool
}

// packFinder finds assets in packs. Asked in order of ID it reads each pack once.
type packFinder struct {
	runs          []*packRun
	at, following *db.Stmt
	reader        packReader
}

func newPackFinder(b *db.Bulk) (*packFinder, error) {
	f := &packFinder{}
	var err error
	if f.reader, err = newPackReader(b); err != nil {
		return nil, err
	}
	if f.at, err = b.Prepare("select number, first_id, last_id from undercity_pack where revision = $1 and first_id <= $2 order by first_id desc limit 1"); err != nil {
		return nil, err
	}
	if f.following, err = b.Prepare("select first_id from undercity_pack where revision = $1 and first_id > $2 order by first_id limit 1"); err != nil {
		return nil, err
	}
	st, err := b.Prepare("select revision, first_id, last_id from undercity_pack_run order by revision")
	if err != nil {
		return nil, err
	}
	err = st.Each(nil, func(row []driver.Value) bool {
		r := &packRun{}
		r.revision, _ = row[0].(int64)
		r.first, _ = row[1].(string)
		r.last, _ = row[2].(string)
		f.runs = append(f.runs, r)
		return true
	})
	return f, err
}

// packed is where an asset is in the packs now.
type packed struct {
	number   int64
	position int
	entry    entry
}

// find returns where an asset is now; ok is false when it is in no pack, or has gone from all.
func (f *packFinder) find(id twin.ID) (p packed, ok bool, err error) {
	for i := len(f.runs) - 1; i >= 0; i-- {
		r := f.runs[i]
		at, err := f.seek(r, id)
		if err != nil {
			return p, false, err
		}
		if at < 0 {
			continue
		}
		if _, gone := r.gone[at]; !gone {
			return packed{r.pack.number, at, r.pack.entries[at]}, true, nil
		}
	}
	return p, false, nil
}

// seek reads the pack of a run that can hold the ID, and returns the place of the ID in it, -1 when it is not there.
func (f *packFinder) seek(r *packRun, id twin.ID) (int, error) {
	if id < r.first || id > r.last {
		return -1, nil
	}
	if !r.looked || id < r.from || r.next != "" && id >= r.next {
		if err := f.look(r, id); err != nil {
			return -1, fmt.Errorf("packs of revision %d: %w", r.revision, err)
		}
	}
	if r.number == 0 || id > r.packLast {
		return -1, nil
	}
	if !r.read {
		if err := f.reader.read(r.number, &r.pack); err != nil {
			return -1, err
		}
		var err error
		if r.gone, err = f.reader.lostBy(r.number, math.MaxInt64); err != nil {
			return -1, err
		}
		r.read = true
	}
	return r.pack.find(id), nil
}

// look finds the pack of a run that begins last at or before an ID, and where the next one begins.
func (f *packFinder) look(r *packRun, id twin.ID) error {
	r.looked, r.read, r.number, r.from, r.packLast, r.next = true, false, 0, id, "", ""
	if err := f.at.Each(db.Args(r.revision, id), func(row []driver.Value) bool {
		r.number, _ = row[0].(int64)
		r.from, _ = row[1].(string)
		r.packLast, _ = row[2].(string)
		return false
	}); err != nil {
		return err
	}
	return f.following.Each(db.Args(r.revision, id), func(row []driver.Value) bool {
		r.next, _ = row[0].(string)
		return false
	})
}
