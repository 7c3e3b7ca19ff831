package trail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/undercity/undercity/twin"
)

// AnchorName is the file beside the data base that holds the head of the log.
const AnchorName = "audit.head"

// anchor is the head of the log as a file beside the data base holds it. It is written after each transaction, so that a process that is killed between the
// two leaves it behind the log, which is no fault; ahead of the log it is only where entries were cut off. One that does not fit the log is never replaced by
// going on: only an administrator does that, which is recorded.
type anchor struct {
	path   string
	broken bool // it was said already that it does not fit
}

func (a *anchor) dir() string { return filepath.Dir(a.path) }

// readAnchor returns the head that a file holds; the zero Head where there is none.
func readAnchor(path string) (Head, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, fmt.Errorf("%s: %w", AnchorName, err)
	}
	h, err := ParseHead(string(b))
	if err != nil {
		return Head{}, fmt.Errorf("%s: %w", AnchorName, err)
	}
	return h, nil
}

// replace writes a head beside its place and moves it there.
func (a *anchor) replace(h Head) error {
	f, err := os.CreateTemp(a.dir(), "."+AnchorName+"-")
	if err != nil {
		return err
	}
	_, err = f.WriteString(h.String() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), a.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// hashAt is the hash of the entry of a number, the zero Hash where there is none.
func hashAt(ctx context.Context, q querier, number int64) (h Hash, err error) {
	var b []byte
	err = q.QueryRowContext(ctx, "select hash from trail where number = $1", number).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	copy(h[:], b)
	return h, err
}

// advance marks a new end of the log, unless another process has marked a later one, or the mark of before does not fit.
func (l *Log) advance(ctx context.Context, head Head) error {
	old, err := readAnchor(l.anchor.path)
	if err != nil {
		return err
	}
	if old.Number >= head.Number {
		return nil
	}
	if old.Number > 0 {
		at, err := hashAt(ctx, l.sql, old.Number)
		if err != nil {
			return err
		}
		if at != old.Hash {
			if !l.anchor.broken {
				l.anchor.broken = true
				l.log.Error("the audit log does not fit its head: entries were changed or cut off, or another data base was put in its place", "file", AnchorName, "head", old.String())
			}
			return nil
		}
	}
	return l.anchor.replace(head)
}

// settle marks the end of a log that was not marked when a process was killed.
func (l *Log) settle(ctx context.Context) error {
	h, err := headOf(ctx, l.sql)
	if err == nil {
		l.mark(h)
	}
	return err
}

// mark is advance for entries that stand whether or not their end is marked.
func (l *Log) mark(h Head) {
	if h.Number == 0 {
		return
	}
	if err := l.advance(context.Background(), h); err != nil {
		l.log.Error("the head of the audit log cannot be written", "file", AnchorName, "err", err)
	}
}

// Anchor gives up a head that does not fit the log, as after a data base was put back from a copy, and records who did so and which head that was. It fails
// with Invalid when the head fits.
func (l *Log) Anchor(ctx context.Context, user string) (Head, error) {
	rep, err := l.Verify(ctx, VerifyOptions{})
	if err != nil {
		return Head{}, err
	}
	if rep.OK() {
		return rep.Head, twin.Errorf(twin.Invalid, "the head in %s fits the audit log; there is nothing to give up", AnchorName)
	}
	old, err := os.ReadFile(l.anchor.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Head{}, fmt.Errorf("%s: %w", AnchorName, err)
	}
	e, err := l.Append(ctx, Entry{User: user, Action: Anchored, Route: "undercity audit anchor", Status: 200, Detail: Told(map[string]any{"head": clean(string(old), maxText), "found": rep.Sentence()})})
	if err != nil {
		return Head{}, err
	}
	h := Head{e.Number, e.Hash}
	return h, l.anchor.replace(h)
}
