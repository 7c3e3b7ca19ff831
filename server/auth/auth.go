// Package auth knows who may use an installation: its users with their units, roles, passwords, tokens and sessions, and the record of what they did.
//
// It keeps its own data base, office.db, so that no secret stands in the file that QGIS opens. Tokens, links and session cookies are random and stored as
// hashes only; passwords are stored as Argon2id hashes. What it shuts out is out with the next request of every process on the same folder.
package auth

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the name of the data base in an installation's folder.
const FileName = "office.db"

// Right is what a route may ask for.
type Right string

// The rights. Public is everybody's, Self that of whoever is signed in. Own, to change one's own password, sessions and tokens, is that of whoever is
// signed in too, but for a token that was made for other things.
const (
	Public Right = ""
	Self   Right = "self"
	Own    Right = "own"
	Read   Right = "read"
	Change Right = "change"
	Import Right = "import"
	Audit  Right = "audit"
	Users  Right = "users"
)

// RoleAdmin is the role of administrators, of whom one must always be left.
const RoleAdmin = "admin"

// Roles lists the roles that a user can have.
func Roles() []string { return []string{"contractor", "planner", "operator", RoleAdmin} }

// User is who a request comes from.
type User struct {
	Name       string
	Role       string
	Unit       string  // code; "" is none
	UnitName   string  // as owners are named
	Scopes     []Right // what the token is for; none is everything that the user may
	Session    string  // id of the session; "" with a token
	MustChange bool    // the session is for setting a password, and for nothing else
}

// Within reports whether a right is among those that the user's token is for.
func (u User) Within(r Right) bool {
	return r == Public || r == Self || len(u.Scopes) == 0 || slices.Contains(u.Scopes, r)
}

// Office keeps users, units, tokens, sessions and the audit log. Its methods may be called from any goroutine.
type Office struct {
	sql    *sql.DB
	o      Options
	now    func() time.Time
	door   *door
	uses   *uses
	guard  *guard
	hasher *hasher
	log    *trail.Log
}

// Options are the settings of an Office; the zero value is the default.
type Options struct {
	Now     func() time.Time // default time.Now
	Logger  *slog.Logger     // default: none
	Quick   bool             // tests: no waiting for the disk
	Cost    Cost             // of a password's hash; default DefaultCost
	Hashers int              // passwords checked at once; default: as many as cores
	Wait    time.Duration    // how long a password waits for its turn; default 5 s
	Idle    time.Duration    // how long a session lasts without a request; default 8 h, a shift
	Life    time.Duration    // how long a session lasts at most; default 12 h
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost
	}
	if o.Hashers <= 0 {
		o.Hashers = runtime.GOMAXPROCS(0)
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	if o.Idle <= 0 {
		o.Idle = 8 * time.Hour
	}
	if o.Life <= 0 {
		o.Life = 12 * time.Hour
	}
	return o
}

// Open opens the office of the installation in the folder dir, making it where there is none.
func Open(ctx context.Context, dir string, opt Options) (*Office, error) {
	opt = opt.withDefaults()
	if err := opt.Cost.check(); err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	path := filepath.Join(dir, FileName)
	d, err := db.Open(ctx, path, db.Options{Quick: opt.Quick})
	if err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err == nil {
		err = db.Migrate(ctx, d, "auth", files)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("office: %w", err), d.Close())
	}
	log, err := trail.Open(ctx, d, dir, trail.Options{Now: opt.Now, Logger: opt.Logger})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &Office{sql: d, o: opt, now: opt.Now, door: newDoor(filepath.Join(dir, stampName)), uses: newUses(), guard: newGuard(opt.Now), hasher: newHasher(opt), log: log}, nil
}

// Trail is the audit log.
func (o *Office) Trail() *trail.Log { return o.log }

// Close writes what is left of the audit log and when secrets were last used, and closes the data base.
func (o *Office) Close() error {
	return errors.Join(o.log.Close(), o.uses.end(func() error { return o.flush(context.Background()) }), o.sql.Close())
}

// shut runs f in a transaction, all of it or nothing, and has every process ask anew whom it may let in.
func (o *Office) shut(ctx context.Context, f func(*sql.Tx) error) error {
	err := db.Tx(ctx, o.sql, f)
	if err == nil {
		o.door.stampNow()
	}
	return err
}

// Changed has every process ask anew whom it may let in, and for what; it is called after what decides that, such as the policy, has been written.
func (o *Office) Changed() { o.door.stampNow() }

func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
