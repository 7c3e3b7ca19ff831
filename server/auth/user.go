package auth

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

var userName = regexp.MustCompile(`^[\p{L}\p{N}._@-]{1,60}$`)

// Account is what an office knows of a user.
type Account struct {
	Name        string
	DisplayName string // "" is the name
	Role        string
	Unit        string // code; "" is none
	Disabled    bool
	HasPassword bool
	MustChange  bool // must set a password at the next sign-in with one, or with a link
	Created     time.Time
	SignedIn    time.Time // last; zero is never
}

// Update is what shall change of a user; nil stays.
type Update struct {
	DisplayName *string
	Role        *string
	Unit        *string // "" is none
	Disabled    *bool
}

func invalid(pointer, format string, args ...any) *twin.Error {
	e := twin.Errorf(twin.Invalid, format, args...)
	e.Fields = []twin.Field{{Pointer: pointer, Reason: e.Msg}}
	return e
}

func noUser(name string) error { return twin.Errorf(twin.NotFound, "there is no user %.60s", name) }

// tx runs f in a transaction that shuts nobody out.
func (o *Office) tx(ctx context.Context, f func(*sql.Tx) error) error { return db.Tx(ctx, o.sql, f) }

// label checks a text that people read: its length in characters, and that it stays on its line.
func label(pointer, what, text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return invalid(pointer, "the %s has more than %d characters", what, most)
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar
	}) {
		return invalid(pointer, "the %s holds characters that cannot be printed", what)
	}
	return nil
}

const maxDisplayName = 80

func checkRole(role string) error {
	if !slices.Contains(Roles(), role) {
		return invalid("/role", "%.40q is not a role", role).WithHint("choose one of %v", Roles())
	}
	return nil
}

func checkUnit(ctx context.Context, tx *sql.Tx, code string) error {
	if code == "" {
		return nil
	}
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from unit where code = $1", code).Scan(&n); err != nil {
		return fmt.Errorf("unit: %w", err)
	}
	if n == 0 {
		return invalid("/unit", "there is no unit %.40q", code).WithHint("add it first")
	}
	return nil
}

// AddUser makes a user with a name and a role. It fails with Conflict when the name is taken.
func (o *Office) AddUser(ctx context.Context, name, role string) error {
	return o.CreateUser(ctx, Account{Name: name, Role: role})
}

// CreateUser makes a user with the name, display name, role and unit of an account. Nobody can sign in as it before it has a link, a password or a token.
// It fails with Conflict when the name is taken.
func (o *Office) CreateUser(ctx context.Context, a Account) error {
	if !userName.MatchString(a.Name) {
		return invalid("/name", "%.60q cannot be a user's name", a.Name).WithHint("use up to 60 letters, digits, . _ @ -")
	}
	if err := cmp.Or(checkRole(a.Role), label("/displayName", "display name", a.DisplayName, maxDisplayName)); err != nil {
		return err
	}
	return o.tx(ctx, func(tx *sql.Tx) error {
		if err := checkUnit(ctx, tx, a.Unit); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "insert into user (name, role, created, display_name, unit) values ($1, $2, $3, $4, nullif($5, '')) on conflict do nothing", a.Name, a.Role, o.now().UnixMilli(), a.DisplayName, a.Unit)
		if err != nil {
			return fmt.Errorf("user: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(twin.Errorf(twin.Conflict, "there is a user %s already", a.Name), err)
		}
		return nil
	})
}

const accountQuery = "select name, display_name, role, coalesce(unit, ''), disabled, password is not null, must_change, created, signed_in from user"

func scanAccount(scan func(...any) error) (a Account, err error) {
	var created, signedIn int64
	err = scan(&a.Name, &a.DisplayName, &a.Role, &a.Unit, &a.Disabled, &a.HasPassword, &a.MustChange, &created, &signedIn)
	a.Created, a.SignedIn = millis(created), millis(signedIn)
	return a, err
}

func account(ctx context.Context, tx *sql.Tx, name string) (Account, error) {
	a, err := scanAccount(tx.QueryRowContext(ctx, accountQuery+" where name = $1", name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, noUser(name)
	}
	return a, err
}

// Account returns one user.
func (o *Office) Account(ctx context.Context, name string) (a Account, err error) {
	a, err = scanAccount(o.sql.QueryRowContext(ctx, accountQuery+" where name = $1", name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, noUser(name)
	}
	return a, err
}

// Users lists every user by name.
func (o *Office) Users(ctx context.Context) ([]Account, error) {
	return o.FindUsers(ctx, "", "", 0)
}

// FindUsers lists users by name: those after a name, whose name, display name or unit holds a text, at most limit of them, 0 for all.
func (o *Office) FindUsers(ctx context.Context, q, after string, limit int) (list []Account, err error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := o.sql.QueryContext(ctx, accountQuery+" where name > $1 and ($2 = '' or instr(lower(name || char(10) || display_name || char(10) || coalesce(unit, '')), lower($2)) > 0) order by name limit $3", after, q, limit)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		a, err := scanAccount(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("users: %w", err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// UpdateUser changes a user. Who is disabled is out at once: tokens, links and sessions end. A new role ends the sessions, which began with the old one.
// It fails with Conflict where no administrator who may sign in would be left.
func (o *Office) UpdateUser(ctx context.Context, name string, u Update) (a Account, err error) {
	err = o.shut(ctx, func(tx *sql.Tx) error {
		if a, err = account(ctx, tx, name); err != nil {
			return err
		}
		before := a
		set(&a.DisplayName, u.DisplayName)
		set(&a.Role, u.Role)
		set(&a.Unit, u.Unit)
		set(&a.Disabled, u.Disabled)
		if err := cmp.Or(checkRole(a.Role), label("/displayName", "display name", a.DisplayName, maxDisplayName), checkUnit(ctx, tx, a.Unit)); err != nil {
			return err
		}
		if a.Role != RoleAdmin || a.Disabled {
			if err := leavesAdmin(ctx, tx, before); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "update user set display_name = $1, role = $2, unit = nullif($3, ''), disabled = $4 where name = $5", a.DisplayName, a.Role, a.Unit, a.Disabled, name); err != nil {
			return fmt.Errorf("user: %w", err)
		}
		switch {
		case a.Disabled:
			_, err = tx.ExecContext(ctx, "delete from secret where user = $1", name)
		case a.Role != before.Role:
			err = endSessions(ctx, tx, name, "")
		}
		return err
	})
	return a, err
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// leavesAdmin refuses to do without a user who is the last administrator.
func leavesAdmin(ctx context.Context, tx *sql.Tx, a Account) error {
	if a.Role != RoleAdmin || a.Disabled {
		return nil
	}
	var others int
	if err := tx.QueryRowContext(ctx, "select count(*) from user where role = $1 and disabled = 0 and name <> $2", RoleAdmin, a.Name).Scan(&others); err != nil {
		return fmt.Errorf("administrators: %w", err)
	}
	if others == 0 {
		return twin.Errorf(twin.Conflict, "%s is the last administrator who may sign in", a.Name).WithHint("make somebody else an administrator first")
	}
	return nil
}

// Disable shuts a user out at once: tokens, links and sessions end. It fails with Conflict for the last administrator.
func (o *Office) Disable(ctx context.Context, name string) error {
	yes := true
	_, err := o.UpdateUser(ctx, name, Update{Disabled: &yes})
	return err
}

// RemoveUser removes a user who has never signed in and has no token: with one who has, the audit log would no longer say who it was. It fails with
// Conflict for the last administrator.
func (o *Office) RemoveUser(ctx context.Context, name string) error {
	return o.shut(ctx, func(tx *sql.Tx) error {
		a, err := account(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := leavesAdmin(ctx, tx, a); err != nil {
			return err
		}
		var used int
		if err := tx.QueryRowContext(ctx, "select (select count(*) from secret where user = $1 and kind = $2) + (select count(*) from (select 1 from trail where user = $1 and status < 400 limit 1))", name, kindToken).Scan(&used); err != nil {
			return fmt.Errorf("user: %w", err)
		}
		if used > 0 || !a.SignedIn.IsZero() {
			return twin.Errorf(twin.Conflict, "%s has used the installation, and the audit log names who did what", name).WithHint("disable the user instead")
		}
		if _, err := tx.ExecContext(ctx, "delete from secret where user = $1", name); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "delete from user where name = $1", name)
		return err
	})
}
