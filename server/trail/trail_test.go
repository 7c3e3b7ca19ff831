package trail_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// book is a log with its data base.
type book struct {
	*trail.Log
	sql *sql.DB
	dir string
}

func openBook(t testing.TB, dir string, o trail.Options) *book {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(dir, "office.db"), db.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := trail.Open(t.Context(), d, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	b := &book{l, d, dir}
	t.Cleanup(func() {
		_ = l.Close() // tests that break it look at what it says
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *book) append(t testing.TB, e trail.Entry) trail.Entry {
	t.Helper()
	e, err := b.Append(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (b *book) fill(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		b.append(t, trail.Entry{User: fmt.Sprintf("user%d", i%3), Role: "planner", Address: "10.0.0.1", Action: trail.Read, Route: "GET /api/v1/assets/:id", Targets: []string{fmt.Sprintf("RQ-%d", i)}, Status: 200,
			Detail: trail.Told(map[string]any{"grade": "restricted"})})
	}
}

func (b *book) verify(t testing.TB, heads ...trail.Head) *trail.Report {
	t.Helper()
	rep, err := b.Verify(t.Context(), trail.VerifyOptions{Heads: heads})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// tamper runs statements as somebody does who can write to the data base: with the triggers taken away, and put back behind.
func (b *book) tamper(t testing.TB, statements ...string) {
	t.Helper()
	rows, err := b.sql.QueryContext(t.Context(), "select name, sql from sqlite_schema where type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	var drop, back []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		drop, back = append(drop, "drop trigger "+name), append(back, text)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	drop = append(drop, "pragma foreign_keys = 0")
	c, err := b.sql.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(append(drop, statements...), back...) {
		if _, err := c.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if _, err := c.ExecContext(t.Context(), "pragma foreign_keys = 1"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// rehash makes the hashes of entries anew from a number on, in order of their numbers, as somebody does who knows how.
func (b *book) rehash(t testing.TB, from, to int64) {
	t.Helper()
	var statements []string
	previous := make([]byte, 32)
	if from > 1 {
		if err := b.sql.QueryRowContext(t.Context(), "select hash from trail where number = $1", from-1).Scan(&previous); err != nil {
			t.Fatal(err)
		}
	}
	for n := from; n <= to; n++ {
		var text [12]string
		if err := b.sql.QueryRowContext(t.Context(), "select number, time, user, role, address, action, route, targets, more, status, begun, detail from trail where number = $1", n).Scan(
			&text[0], &text[1], &text[2], &text[3], &text[4], &text[5], &text[6], &text[7], &text[8], &text[9], &text[10], &text[11]); err != nil {
			t.Fatal(err)
		}
		h := plainHash(previous, text[:]...)
		statements = append(statements, fmt.Sprintf("update trail set previous = x'%x', hash = x'%x' where number = %d", previous, h, n))
		previous = h
	}
	b.tamper(t, statements...)
}

// plainHash is the hash of an entry as the package's comment says it, written again.
func plainHash(previous []byte, columns ...string) []byte {
	var b strings.Builder
	for _, s := range append(append([]string{"undercity trail 1"}, columns...), hex.EncodeToString(previous)) {
		fmt.Fprintf(&b, "%d:%s,", len(s), s)
	}
	h := sha256.Sum256([]byte(b.String()))
	return h[:]
}

// TestChain tampers with logs in every way, and wants the first bad entry named.
func TestChain(t *testing.T) {
	renumber := func(from, by int) string {
		return fmt.Sprintf("update trail set number = number + 1000 where number >= %d; update trail set number = number - 1000 + %d where number >= 1000", from, by)
	}
	for name, c := range map[string]struct {
		do     []string
		rehash [2]int64
		fault  trail.Fault
		number int64
	}{
		"nothing":                         {nil, [2]int64{}, trail.None, 0},
		"rehashed as it was":              {nil, [2]int64{1, 20}, trail.None, 0},
		"changed user":                    {[]string{"update trail set user = 'x' where number = 7"}, [2]int64{}, trail.Changed, 7},
		"changed time":                    {[]string{"update trail set time = time + 1 where number = 1"}, [2]int64{}, trail.Changed, 1},
		"changed targets":                 {[]string{"update trail set targets = '[]' where number = 20"}, [2]int64{}, trail.Changed, 20},
		"changed hash":                    {[]string{"update trail set hash = zeroblob(32) where number = 7"}, [2]int64{}, trail.Changed, 7},
		"changed type":                    {[]string{"update trail set detail = x'00' where number = 7"}, [2]int64{}, trail.Changed, 7},
		"text moved to the next column":   {[]string{"update trail set user = user || role, role = '' where number = 7"}, [2]int64{}, trail.Changed, 7},
		"changed and rehashed":            {[]string{"update trail set user = 'x' where number = 7"}, [2]int64{7, 7}, trail.Changed, 7},
		"changed, all behind rehashed":    {[]string{"update trail set user = 'x' where number = 7"}, [2]int64{7, 20}, trail.Rewritten, 20},
		"missing":                         {[]string{"delete from trail where number = 7"}, [2]int64{}, trail.Missing, 7},
		"first missing":                   {[]string{"delete from trail where number = 1"}, [2]int64{}, trail.Missing, 1},
		"missing, renumbered":             {[]string{"delete from trail where number = 7", renumber(8, -1)}, [2]int64{}, trail.Missing, 7},
		"swapped":                         {[]string{"update trail set number = 100 where number = 7; update trail set number = 7 where number = 12; update trail set number = 12 where number = 100"}, [2]int64{}, trail.Changed, 7},
		"inserted before the first":       {[]string{"insert into trail select 0, time, user, role, address, action, route, targets, more, status, begun, detail, previous, hash from trail where number = 1"}, [2]int64{}, trail.Inserted, 0},
		"inserted":                        {[]string{renumber(7, 1), "insert into trail select 7, time, 'x', role, address, action, route, targets, more, status, begun, detail, previous, hash from trail where number = 8"}, [2]int64{}, trail.Changed, 7},
		"inserted with a hash":            {[]string{renumber(7, 1), "insert into trail select 7, time, 'x', role, address, action, route, targets, more, status, begun, detail, previous, hash from trail where number = 8"}, [2]int64{7, 7}, trail.Inserted, 7},
		"cut off":                         {[]string{"delete from trail where number > 15"}, [2]int64{}, trail.CutOff, 16},
		"cut off to nothing":              {[]string{"delete from trail"}, [2]int64{}, trail.CutOff, 1},
		"cut off and others in its place": {[]string{"update trail set user = 'x' where number > 15"}, [2]int64{16, 20}, trail.Rewritten, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBook(t, t.TempDir(), trail.Options{})
			b.fill(t, 20)
			if err := b.Close(); err != nil { // so that the head is written
				t.Fatal(err)
			}
			if len(c.do) > 0 {
				b.tamper(t, c.do...)
			}
			if c.rehash[0] > 0 {
				b.rehash(t, c.rehash[0], c.rehash[1])
			}
			if rep := b.verify(t); rep.Fault != c.fault || rep.Number != c.number {
				t.Errorf("%s at %d, want %s at %d: %s", rep.Fault, rep.Number, c.fault, c.number, rep.Sentence())
			}
		})
	}
}

// TestHead holds a log against heads that were noted elsewhere, and goes on with a log that was cut off: what is missing stays found.
func TestHead(t *testing.T) {
	dir := t.TempDir()
	b := openBook(t, dir, trail.Options{})
	b.fill(t, 10)
	head, err := b.Head(t.Context())
	if err != nil || head.Number != 10 {
		t.Fatal(head, err)
	}
	b.fill(t, 10)
	if rep := b.verify(t, head); !rep.OK() || rep.Entries != 20 || rep.Head.Number != 20 {
		t.Errorf("%+v", rep)
	}
	other := head
	other.Hash[3] ^= 1
	if rep := b.verify(t, other); rep.Fault != trail.Rewritten || rep.Number != 10 {
		t.Errorf("%+v", rep)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.tamper(t, "delete from trail where number > 15")
	again := openBook(t, dir, trail.Options{})
	again.fill(t, 3)
	if rep := again.verify(t); rep.Fault != trail.CutOff || rep.Number != 19 {
		t.Errorf("%+v", rep)
	}
	again.fill(t, 10)
	if rep := again.verify(t); rep.Fault != trail.Rewritten || rep.Number != 20 {
		t.Errorf("%+v", rep)
	}
	// An administrator who put a copy back says so, and that is an entry.
	if _, err := again.Anchor(t.Context(), "root"); err != nil {
		t.Fatal(err)
	}
	list, err := again.Find(t.Context(), trail.Filter{Action: trail.Anchored}, 0, 10)
	if rep := again.verify(t); err != nil || !rep.OK() || len(list) != 1 || !strings.Contains(string(list[0].Detail), "20:") {
		t.Errorf("%+v, %v, %v", rep, list, err)
	}
	if _, err := again.Anchor(t.Context(), "root"); twin.KindOf(err) != twin.Invalid {
		t.Errorf("a head that fits was given up: %v", err)
	}
	for _, bad := range []string{"", "7", "7:", "x:" + head.Hash.String(), "0:" + head.Hash.String(), "7:" + head.Hash.String()[1:]} {
		if _, err := trail.ParseHead(bad); err == nil {
			t.Errorf("%q was taken as a head", bad)
		}
	}
	if h, err := trail.ParseHead(head.String() + "\n"); err != nil || h != head {
		t.Error(h, err)
	}
}

// TestAppendOnly wants the data base to refuse changes by statements that do not take the triggers away, and these to be missed.
func TestAppendOnly(t *testing.T) {
	b := openBook(t, t.TempDir(), trail.Options{})
	b.fill(t, 5)
	copied := "select %d, time, user, role, address, action, route, targets, more, status, begun, detail, previous, hash from trail where number = 3"
	for _, s := range []string{"update trail set user = 'x'", "delete from trail", "delete from trail_target", "update trail_target set number = 2", fmt.Sprintf("insert or replace into trail "+copied, 3),
		fmt.Sprintf("insert into trail "+copied, 9), fmt.Sprintf("insert into trail "+copied, 0)} {
		if _, err := b.sql.ExecContext(t.Context(), s); err == nil || !strings.Contains(err.Error(), "the audit log takes") {
			t.Errorf("%s: %v", s, err)
		}
	}
	if rep := b.verify(t); !rep.OK() {
		t.Error(rep.Sentence())
	}
	if _, err := b.sql.ExecContext(t.Context(), "drop trigger trail_delete"); err != nil {
		t.Fatal(err)
	}
	if rep := b.verify(t); rep.Fault != trail.Unguarded {
		t.Errorf("%+v", rep)
	}
	if err := os.WriteFile(filepath.Join(b.dir, trail.AnchorName), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.sql.ExecContext(t.Context(), "create trigger trail_delete before delete on trail begin select raise(abort, 'no'); end"); err != nil {
		t.Fatal(err)
	}
	if rep := b.verify(t); rep.Fault != trail.BadAnchor {
		t.Errorf("%+v", rep)
	}
}

// TestTogether appends from many goroutines of two logs on one data base, as a server and the command line beside it do.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	books := []*book{openBook(t, dir, trail.Options{}), openBook(t, dir, trail.Options{})}
	var done sync.WaitGroup
	for k := range 8 {
		done.Go(func() {
			b := books[k%2]
			for i := range 50 {
				e := trail.Entry{User: fmt.Sprint(k), Action: "x", Targets: []string{fmt.Sprint(i)}}
				if i%2 == 0 {
					if err := b.Note(t.Context(), e); err != nil {
						t.Error(err)
					}
					continue
				}
				if _, err := b.Append(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	for _, b := range books {
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if rep := books[0].verify(t); !rep.OK() || rep.Entries != 400 {
		t.Errorf("%+v", rep)
	}
	for k := range 8 {
		list, err := books[0].Find(t.Context(), trail.Filter{User: fmt.Sprint(k), Whole: true}, 0, 1000)
		if err != nil || len(list) != 50 {
			t.Errorf("user %d: %d entries, %v", k, len(list), err)
		}
	}
}

// TestUnwritable wants actions refused while the log cannot be written, and what was noted before kept until it can.
func TestUnwritable(t *testing.T) {
	b := openBook(t, t.TempDir(), trail.Options{Gather: time.Millisecond})
	b.fill(t, 1)
	full := func(statement string) {
		t.Helper()
		if _, err := b.sql.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	full("create trigger broken before insert on trail begin select raise(abort, 'the disk is full'); end")
	if err := b.Note(t.Context(), trail.Entry{Action: "noted"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(t.Context(), trail.Entry{Action: "waited for"}); twin.KindOf(err) != twin.Unavailable {
		t.Errorf("%v", err)
	}
	for range 200 {
		if err := b.Note(t.Context(), trail.Entry{Action: "refused"}); err != nil {
			if twin.KindOf(err) != twin.Unavailable {
				t.Error(err)
			}
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	full("drop trigger broken")
	b.append(t, trail.Entry{Action: "again"})
	list, err := b.Find(t.Context(), trail.Filter{Action: "noted", Whole: true}, 0, 10)
	if err != nil || len(list) != 1 {
		t.Errorf("what was noted: %v, %v", list, err)
	}
	if list, err = b.Find(t.Context(), trail.Filter{Action: "waited for", Whole: true}, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("what was refused: %v, %v", list, err)
	}
	if err := b.Note(t.Context(), trail.Entry{Action: "noted again"}); err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := b.Append(t.Context(), trail.Entry{}); twin.KindOf(err) != twin.Unavailable {
		t.Errorf("a closed log: %v", err)
	}
	if rep := b.verify(t); !rep.OK() {
		t.Error(rep.Sentence())
	}
}

// TestPressure holds those back who note more than can be written, and drops nothing.
func TestPressure(t *testing.T) {
	b := openBook(t, t.TempDir(), trail.Options{Queue: 4})
	hold, err := b.sql.BeginTx(t.Context(), nil) // which no one writes beside
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	n := 0
	for ; ; n++ {
		if err := b.Note(ctx, trail.Entry{Action: "x"}); err != nil {
			if !errors.Is(err, context.DeadlineExceeded) || twin.KindOf(err) != twin.Unavailable {
				t.Error(err)
			}
			break
		}
	}
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	list, err := b.Find(t.Context(), trail.Filter{Whole: true}, 0, 5000)
	if err != nil || len(list) != n || n > 1100 {
		t.Errorf("%d of %d noted are there, %v", len(list), n, err)
	}
}

// TestFind filters.
func TestFind(t *testing.T) {
	at := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	b := openBook(t, t.TempDir(), trail.Options{Now: func() time.Time { at = at.Add(time.Minute); return at }})
	var many []string
	for i := range 150 {
		many = append(many, fmt.Sprintf("JS-%d", i))
	}
	begun := b.append(t, trail.Entry{User: "anna", Action: trail.Change})
	b.append(t, trail.Entry{User: "anna", Action: trail.Change, Status: 200, Begun: begun.Number, Targets: many})
	b.append(t, trail.Entry{User: "li", Action: trail.Read, Status: 200, Targets: []string{"JS-7", "\x00\xff"}, Detail: []byte("{")})
	b.append(t, trail.Entry{User: "li", Action: trail.Import})
	b.append(t, trail.Entry{User: strings.Repeat("王", 100), Action: trail.SignIn, Status: 401})
	numbers := func(f trail.Filter) (s string) {
		list, err := b.Find(t.Context(), f, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			s += fmt.Sprint(e.Number)
		}
		return s
	}
	for want, f := range map[string]trail.Filter{"5432": {}, "54321": {Whole: true}, "43": {User: "li"}, "2": {Action: trail.Change}, "32": {Target: "JS-7"}, "": {Target: "JS-120"}, "5": {Status: 401},
		"43 ": {From: time.Date(2026, 5, 1, 8, 3, 0, 0, time.UTC), To: time.Date(2026, 5, 1, 8, 5, 0, 0, time.UTC)}} {
		if got := numbers(f); got != strings.TrimSpace(want) {
			t.Errorf("%+v: %s, want %s", f, got, want)
		}
	}
	e, err := b.Get(t.Context(), 2)
	if err != nil || len(e.Targets) != trail.MaxTargets || e.More != 50 {
		t.Errorf("%d targets and %d more, %v", len(e.Targets), e.More, err)
	}
	if e, err = b.Get(t.Context(), 3); err != nil || string(e.Detail) != `{"cut":true}` || e.Targets[1] != "\uFFFD" {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := b.Get(t.Context(), 9); twin.KindOf(err) != twin.NotFound {
		t.Error(err)
	}
	if rep := b.verify(t); !rep.OK() {
		t.Error(rep.Sentence())
	}
}

// TestEarlier chains what a version before the chain had written.
func TestEarlier(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "office.db"), db.Options{Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"create table audit (id integer primary key autoincrement, time integer not null, user text not null, action text not null, target text not null, status integer not null)",
		"insert into audit (time, user, action, target, status) values (1770000000000, 'anna', 'POST /api/v1/session', '', 200), (1770000001000, 'anna', 'POST /api/v1/imports', 'i1', 202)"} {
		if _, err := d.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b := openBook(t, dir, trail.Options{})
		list, err := b.Find(t.Context(), trail.Filter{}, 0, 10)
		if err != nil || len(list) != 2 || list[1].Action != trail.SignIn || list[0].Action != trail.Import || list[0].Targets[0] != "i1" || list[1].Time.UnixMilli() != 1770000000000 {
			t.Fatalf("%+v, %v", list, err)
		}
		if rep := b.verify(t); !rep.OK() || rep.Entries != 2 {
			t.Errorf("%+v", rep)
		}
	}
}

// FuzzHead reads any text as a head: what it takes, it writes as it was.
func FuzzHead(f *testing.F) {
	f.Add("7:" + strings.Repeat("0a", 32))
	f.Add("-1:00")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := trail.ParseHead(s)
		if err != nil {
			return
		}
		if again, err := trail.ParseHead(h.String()); err != nil || again != h || h.Number < 1 {
			t.Errorf("%q became %s, %v", s, h, err)
		}
	})
}
