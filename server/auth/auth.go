// Package auth knows who may use an installation: its users with their roles, their tokens and sessions, and the record of what they did.
//
// It keeps its own data base, office.db, so that no secret stands in the file that QGIS opens. Tokens and session cookies are random
// and stored as hashes only.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the name of the data base in an installation's folder.
const FileName = "office.db"

// Right is what a route may ask for.
type Right string

// The rights. Public is everybody's.
const (
	Public Right = ""
	Read   Right = "read"
	Change Right = "change"
	Import Right = "import"
	Audit  Right = "audit"
	Users  Right = "users"
)

// roles and what each may do.
var roles = map[string][]Right{
	"contractor": {Read},
	"planner":    {Read},
	"operator":   {Read},
	"admin":      {Read, Change, Import, Audit},
}

// Roles lists the roles that a user can have.
func Roles() []string { return []string{"contractor", "planner", "operator", "admin"} }

// User is who a request comes from.
type User struct {
	Name string
	Role string
}

// May reports whether the user has a right. Nobody (the zero User) has none but Public.
func (u User) May(r Right) bool { return r == Public || slices.Contains(roles[u.Role], r) }

// Rights lists what the user may do.
func (u User) Rights() []Right { return roles[u.Role] }

// Office keeps users, tokens, sessions and the audit log. Its methods may be called from any goroutine.
type Office struct {
	sql  *sql.DB
	now  func() time.Time
	door *door
}

// Options are the settings of an Office; the zero value is the default.
type Options struct {
	Now func() time.Time // default time.Now
}

// Open opens the office of the installation in the folder dir, making it where there is none.
func Open(ctx context.Context, dir string, o Options) (*Office, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	path := filepath.Join(dir, FileName)
	d, err := db.Open(ctx, path, db.Options{})
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
	return &Office{d, o.Now, newDoor(path)}, nil
}

// Close closes the data base.
func (o *Office) Close() error { return o.sql.Close() }

var userName = regexp.MustCompile(`^[\p{L}\p{N}._@-]{1,60}$`)

// AddUser makes a user. It fails with Conflict when the name is taken.
func (o *Office) AddUser(ctx context.Context, name, role string) error {
	if !userName.MatchString(name) {
		return twin.Errorf(twin.Invalid, "%.60q cannot be a user's name", name).WithHint("use up to 60 letters, digits, . _ @ -")
	}
	if roles[role] == nil {
		return twin.Errorf(twin.Invalid, "%.40q is not a role", role).WithHint("choose one of %v", Roles())
	}
	res, err := o.sql.ExecContext(ctx, "insert into user (name, role, created) values ($1, $2, $3) on conflict do nothing", name, role, o.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("user: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(twin.Errorf(twin.Conflict, "there is a user %s already", name), err)
	}
	return nil
}

// Account is one row of the list of users.
type Account struct {
	Name     string
	Role     string
	Disabled bool
	Created  time.Time
}

// Users lists every user by name.
func (o *Office) Users(ctx context.Context) (list []Account, err error) {
	rows, err := o.sql.QueryContext(ctx, "select name, role, disabled, created from user order by name")
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var a Account
		var ms int64
		if err := rows.Scan(&a.Name, &a.Role, &a.Disabled, &ms); err != nil {
			return nil, fmt.Errorf("users: %w", err)
		}
		a.Created = time.UnixMilli(ms).UTC()
		list = append(list, a)
	}
	return list, rows.Err()
}

// Disable shuts a user out at once: tokens and sessions end.
func (o *Office) Disable(ctx context.Context, name string) error {
	return db.Tx(ctx, o.sql, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "update user set disabled = 1 where name = $1", name)
		if err != nil {
			return fmt.Errorf("user: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(twin.Errorf(twin.NotFound, "there is no user %.60s", name), err)
		}
		_, err = tx.ExecContext(ctx, "delete from secret where user = $1", name)
		return err
	})
}

// The kinds of secrets.
const (
	kindToken   = "token"
	kindSession = "session"
)

// sessionLife is how long a session lasts after its last use began.
const sessionLife = 12 * time.Hour

func (o *Office) secret(ctx context.Context, name, kind string, life time.Duration) (string, error) {
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	var until int64
	if life > 0 {
		until = o.now().Add(life).UnixMilli()
	}
	res, err := o.sql.ExecContext(ctx, "insert into secret (hash, user, kind, until) select $1, name, $3, $4 from user where name = $2 and disabled = 0", hash(text), name, kind, until)
	if err != nil {
		return "", fmt.Errorf("%s: %w", kind, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(twin.Errorf(twin.NotFound, "there is no user %.60s, or it is disabled", name), err)
	}
	return text, nil
}

func hash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// Token makes a bearer token for a user. It is shown once.
func (o *Office) Token(ctx context.Context, name string) (string, error) {
	return o.secret(ctx, name, kindToken, 0)
}

// SignIn makes a session from a token: the user and what the cookie holds. It fails with Denied for a token nobody has.
func (o *Office) SignIn(ctx context.Context, token string) (User, string, error) {
	u, ok, err := o.who(ctx, token, kindToken)
	if err != nil {
		return User{}, "", err
	}
	if !ok {
		return User{}, "", twin.Errorf(twin.Denied, "the token is not valid").WithHint("ask for a new one: undercity user token NAME")
	}
	if _, err := o.sql.ExecContext(ctx, "delete from secret where until > 0 and until < $1", o.now().UnixMilli()); err != nil {
		return User{}, "", fmt.Errorf("old sessions: %w", err)
	}
	s, err := o.secret(ctx, u.Name, kindSession, sessionLife)
	return u, s, err
}

// SignOut ends a session.
func (o *Office) SignOut(ctx context.Context, session string) error {
	_, err := o.sql.ExecContext(ctx, "delete from secret where hash = $1 and kind = $2", hash(session), kindSession)
	return err
}

// ByToken returns whose bearer token it is.
func (o *Office) ByToken(ctx context.Context, token string) (User, bool, error) {
	return o.who(ctx, token, kindToken)
}

// BySession returns whose session it is.
func (o *Office) BySession(ctx context.Context, session string) (User, bool, error) {
	return o.who(ctx, session, kindSession)
}

func (o *Office) who(ctx context.Context, secret, kind string) (User, bool, error) {
	if len(secret) < 16 || len(secret) > 128 {
		return User{}, false, nil
	}
	p, now := pass{sha256.Sum256([]byte(secret)), kind}, o.now().UnixMilli()
	state, settled := o.door.look()
	if g, ok := o.door.find(p, state); ok && settled && (g.until == 0 || g.until > now) {
		return g.user, true, nil
	}
	var g guest
	err := o.sql.QueryRowContext(ctx, `select u.name, u.role, s.until from secret s join user u on u.name = s.user
		where s.hash = $1 and s.kind = $2 and u.disabled = 0 and (s.until = 0 or s.until > $3)`, p.hash[:], kind, now).Scan(&g.user.Name, &g.user.Role, &g.until)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, false, nil
	}
	if err != nil {
		return User{}, false, fmt.Errorf("sign-in: %w", err)
	}
	if settled {
		o.door.keep(p, g, state)
	}
	return g.user, true, nil
}
