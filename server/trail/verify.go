package trail

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"time"

	"github.com/undercity/undercity/twin/db"
)

// Fault is what is wrong with a log.
type Fault string

// The faults. Rewritten is a log whose entries follow each other, and are others than those that a head was noted of.
const (
	None      Fault = ""
	Changed   Fault = "changed"
	Missing   Fault = "missing"
	Inserted  Fault = "inserted"
	CutOff    Fault = "cutOff"
	Rewritten Fault = "rewritten"
	Unguarded Fault = "unguarded" // the triggers that refuse changes are gone
	BadAnchor Fault = "badAnchor" // the file audit.head cannot be read
)

// Report is what Verify found.
type Report struct {
	Head    Head  // of the log as it is
	Entries int64 // looked at
	Fault   Fault
	Number  int64 // of the first bad entry; 0 where the fault is not of an entry
	Against Head  // the head that the log does not fit; zero where the fault is within it
	Took    time.Duration
}

// OK reports whether nothing was found.
func (r *Report) OK() bool { return r.Fault == None }

// Sentence says what was found.
func (r *Report) Sentence() string {
	switch r.Fault {
	case None:
		return fmt.Sprintf("the audit log holds what was written: %d entries", r.Entries)
	case Changed:
		return fmt.Sprintf("entry %d was changed after it was written", r.Number)
	case Missing:
		return fmt.Sprintf("entry %d is missing", r.Number)
	case Inserted:
		return fmt.Sprintf("entry %d was put in afterwards", r.Number)
	case CutOff:
		return fmt.Sprintf("the entries from %d to %d are cut off", r.Number, r.Against.Number)
	case Rewritten:
		return fmt.Sprintf("the log was written anew: entry %d is another than the one that was noted", r.Number)
	case Unguarded:
		return "the triggers of the data base that refuse changes of the audit log are gone"
	}
	return fmt.Sprintf("the file %s does not hold a number and a hash", AnchorName)
}

// VerifyOptions say what a log is held against.
type VerifyOptions struct {
	Heads []Head // that were noted elsewhere, beside the one in the file
}

// Verify looks at every entry of the log in a data base in the folder dir, beside those who write to it.
func Verify(ctx context.Context, d *sql.DB, dir string, o VerifyOptions) (*Report, error) {
	start := time.Now()
	rep := &Report{}
	// Before the entries: the log is never behind a head that was there then.
	heads := o.Heads
	anchor, badAnchor := readAnchor(filepath.Join(dir, AnchorName))
	if anchor.Number > 0 {
		heads = append([]Head{anchor}, heads...)
	}
	guards, err := guarded(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	v := &verifier{rep: rep, noted: map[int64][]Head{}}
	for _, h := range heads {
		v.noted[h.Number] = append(v.noted[h.Number], h)
	}
	if err := v.run(ctx, d); err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	for _, h := range heads {
		if rep.OK() && h.Number > rep.Head.Number {
			rep.Fault, rep.Number, rep.Against = CutOff, rep.Head.Number+1, h
		}
	}
	switch {
	case !rep.OK():
	case !guards:
		rep.Fault = Unguarded
	case badAnchor != nil:
		rep.Fault = BadAnchor
	}
	rep.Took = time.Since(start)
	return rep, nil
}

// guarded reports whether the triggers are there.
func guarded(ctx context.Context, d *sql.DB) (bool, error) {
	var n int
	err := d.QueryRowContext(ctx, "select count(*) from sqlite_schema where type = 'trigger' and tbl_name in ('trail', 'trail_target') and sql like '%raise(abort%'").Scan(&n)
	return n >= 5, err
}

// verifier looks at rows in order of their numbers.
type verifier struct {
	rep   *Report
	noted map[int64][]Head
	buf   []byte
}

const everyRow = "select number, time, user, role, address, action, route, targets, more, status, begun, detail, previous, hash from trail order by number"

// run looks at entries until the first bad one.
func (v *verifier) run(ctx context.Context, d *sql.DB) error {
	return db.Read(ctx, d, func(b *db.Bulk) error {
		st, err := b.Prepare(everyRow)
		if err != nil {
			return err
		}
		var gone error
		err = st.Each(nil, func(cols []driver.Value) bool {
			if v.rep.Entries++; v.rep.Entries%4096 == 0 {
				if gone = ctx.Err(); gone != nil {
					return false
				}
			}
			r, ok := scan(cols)
			if !ok {
				v.bad(Changed, max(r.number, 1))
				return false
			}
			return v.next(&r)
		})
		if err == nil {
			err = gone
		}
		return err
	})
}

func (v *verifier) bad(f Fault, number int64) { v.rep.Fault, v.rep.Number = f, number }

// next looks at the next row, and says whether to go on.
func (v *verifier) next(r *row) bool {
	before := v.rep.Head
	due := before.Number + 1
	if r.number < due {
		v.bad(Inserted, r.number)
		return false
	}
	if r.number > due {
		v.bad(Missing, due)
		return false
	}
	own := v.holds(r, 0)
	switch {
	case own && r.previous == before.Hash:
		v.rep.Head = Head{r.number, r.hash}
		for _, h := range v.noted[r.number] {
			if h.Hash != r.hash {
				v.bad(Rewritten, r.number)
				v.rep.Against = h
				return false
			}
		}
		return true
	case own && before.Number > 0:
		// This one is as it was written, and follows another than the one before it.
		v.bad(Changed, before.Number)
	case before.Number > 0 && v.holds(r, -1):
		// It was written with the number before: what stands there now was put in.
		v.bad(Inserted, before.Number)
	case v.holds(r, 1):
		v.bad(Missing, r.number)
	default:
		v.bad(Changed, r.number)
	}
	return false
}

// holds reports whether the hash of a row is its own, if it had another number by so many.
func (v *verifier) holds(r *row, by int64) bool {
	x := *r
	x.number += by
	var h Hash
	h, v.buf = x.sum(v.buf)
	return h == r.hash
}

// scan takes a row of everyRow; ok is false where a column is not of its type any more.
func scan(cols []driver.Value) (r row, ok bool) {
	ok = true
	number := func(i int) int64 {
		n, is := cols[i].(int64)
		ok = ok && is
		return n
	}
	text := func(i int) string {
		s, is := cols[i].(string)
		ok = ok && is
		return s
	}
	hash := func(i int) (h Hash) {
		b, is := cols[i].([]byte)
		ok = ok && is && len(b) == len(h)
		copy(h[:], b)
		return h
	}
	r = row{number: number(0), time: number(1), user: text(2), role: text(3), address: text(4), action: text(5), route: text(6), targets: text(7), more: number(8), status: number(9), begun: number(10),
		detail: text(11), previous: hash(12), hash: hash(13)}
	return r, ok
}
