package trail

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are the settings of a Log; the zero value is the default.
type Options struct {
	Now    func() time.Time // default time.Now
	Logger *slog.Logger     // default: none
	Gather time.Duration    // how long entries that nobody waits for are gathered; default 20 ms
	Queue  int              // entries that may wait to be written; default 4096
}

// Log is the audit log of an installation. Its methods may be called from any goroutine, and several processes may keep one log.
type Log struct {
	sql    *sql.DB
	o      Options
	log    *slog.Logger
	anchor anchor

	mu     sync.RWMutex // held by who puts something into the queue, and by Close
	closed bool
	queue  chan *waiting
	ended  chan struct{}
	stuck  atomic.Pointer[error] // why entries that nobody waits for cannot be written
}

// waiting is an entry on its way into the log, or a call to write what is before it.
type waiting struct {
	row  row
	done chan error // nil where nobody waits
	only bool       // no entry
}

// batch is how many entries one transaction has at most.
const batch = 1000

// retryAfter is how long what could not be written waits for the next attempt.
const retryAfter = time.Second

// Open opens the log in the data base of an installation, which is in the folder dir, takes over what an earlier version had written, and begins to write.
// The data base must stay open until Close has returned.
func Open(ctx context.Context, d *sql.DB, dir string, o Options) (*Log, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Gather == 0 {
		o.Gather = 20 * time.Millisecond
	}
	if o.Queue == 0 {
		o.Queue = 4096
	}
	files, err := fs.Sub(migrations, "migrations")
	if err == nil {
		err = db.Migrate(ctx, d, "trail", files)
	}
	if err == nil {
		err = takeOver(ctx, d)
	}
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	l := &Log{sql: d, o: o, log: o.Logger.With("part", "trail"), anchor: anchor{path: filepath.Join(dir, AnchorName)}, queue: make(chan *waiting, o.Queue), ended: make(chan struct{})}
	if err := l.settle(ctx); err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	go l.write()
	return l, nil
}

// Close writes what is still to be written, and ends.
func (l *Log) Close() error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	<-l.ended
	if e := l.stuck.Load(); e != nil {
		return fmt.Errorf("audit log: entries are lost: %w", *e)
	}
	return nil
}

// unwritten is what somebody is told whose action cannot be recorded.
func unwritten(err error) error {
	e := twin.Errorf(twin.Unavailable, "this is recorded in the audit log, which cannot be written now").WithHint("try again later; an administrator finds the cause in the server's log")
	e.Err = err
	return e
}

var errClosed = errors.New("the log is closed")

// put puts something into the queue, waiting for room as long as ctx lasts.
func (l *Log) put(ctx context.Context, w *waiting) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return errClosed
	}
	select {
	case l.queue <- w:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Append writes an entry and returns it with its number and hash when it is on the disk. It fails with Unavailable when it could not be written; who gives up
// waiting gets no answer, and the entry is written all the same.
func (l *Log) Append(ctx context.Context, e Entry) (Entry, error) {
	if e.Time.IsZero() {
		e.Time = l.o.Now()
	}
	w := &waiting{row: rowOf(&e), done: make(chan error, 1)}
	if err := l.wait(ctx, w); err != nil {
		return e, unwritten(err)
	}
	return w.row.entry(), nil
}

func (l *Log) wait(ctx context.Context, w *waiting) error {
	if err := l.put(ctx, w); err != nil {
		return err
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Note has an entry written soon, and waits only where too many wait already. It fails with Unavailable while the log cannot be written.
func (l *Log) Note(ctx context.Context, e Entry) error {
	if err := l.stuck.Load(); err != nil {
		return unwritten(*err)
	}
	if e.Time.IsZero() {
		e.Time = l.o.Now()
	}
	if err := l.put(ctx, &waiting{row: rowOf(&e)}); err != nil {
		return unwritten(err)
	}
	return nil
}

// Flush returns when all that was noted before is written.
func (l *Log) Flush(ctx context.Context) error {
	w := &waiting{done: make(chan error, 1), only: true}
	if err := l.wait(ctx, w); err != nil {
		return unwritten(err)
	}
	return nil
}

// Head is the last entry.
func (l *Log) Head(ctx context.Context) (Head, error) { return headOf(ctx, l.sql) }
