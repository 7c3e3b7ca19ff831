package auth

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/undercity/undercity/twin"
)

// ResetPassword takes a user's password away, ends the sessions, and makes a link to set a new one with. Tokens stay. It fails with Conflict for a
// disabled user.
func (o *Office) ResetPassword(ctx context.Context, name string) (l Link, err error) {
	err = o.shut(ctx, func(tx *sql.Tx) error {
		a, err := account(ctx, tx, name)
		if err != nil {
			return err
		}
		if a.Disabled {
			return twin.Errorf(twin.Conflict, "%s is disabled", name).WithHint("enable the user first")
		}
		if _, err := tx.ExecContext(ctx, "update user set password = null, must_change = 1 where name = $1", name); err != nil {
			return fmt.Errorf("password: %w", err)
		}
		if err := endSessions(ctx, tx, name, ""); err != nil {
			return err
		}
		l, err = o.link(ctx, tx, name, LinkLife)
		return err
	})
	return l, err
}

// SetPassword gives a user a password and ends sessions and links. With change it must be changed at the first sign-in.
func (o *Office) SetPassword(ctx context.Context, name, password string, change bool) error {
	a, err := o.Account(ctx, name)
	if err != nil {
		return err
	}
	if err := checkPassword("/password", password, a.Name, a.DisplayName); err != nil {
		return err
	}
	stored, err := o.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	return o.shut(ctx, func(tx *sql.Tx) error { return store(ctx, tx, name, stored, change) })
}

func store(ctx context.Context, tx *sql.Tx, name, stored string, change bool) error {
	res, err := tx.ExecContext(ctx, "update user set password = $1, must_change = $2 where name = $3", stored, change, name)
	if err != nil {
		return fmt.Errorf("password: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return noUser(name)
	}
	if _, err := tx.ExecContext(ctx, "delete from secret where user = $1 and kind in ($2, $3)", name, kindSession, kindLink); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

// ChangePassword has users change their own. A password that there is must be given as old, within the limits of SignInByPassword. Every session ends; with
// a session as the caller a new one begins, of which the cookie is to be set.
func (o *Office) ChangePassword(ctx context.Context, u User, old, password string, p Place) (s SignedIn, err error) {
	a, err := o.Account(ctx, u.Name)
	if err != nil {
		return SignedIn{}, err
	}
	if err := checkPassword("/password", password, a.Name, a.DisplayName); err != nil {
		return SignedIn{}, err
	}
	before, disabled, f, err := o.stored(ctx, u.Name, network(p.Address))
	if err != nil {
		return SignedIn{}, err
	}
	if before != "" {
		ok, _, err := o.try(ctx, u.Name, before, old, p, f == knownPlace, disabled)
		if err != nil {
			return SignedIn{}, err
		}
		if !ok {
			return SignedIn{}, invalid("/oldPassword", "the old password is wrong")
		}
		if normal(old) == normal(password) {
			return SignedIn{}, invalid("/password", "the new password is the old one")
		}
	}
	stored, err := o.hasher.make(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	err = o.shut(ctx, func(tx *sql.Tx) error {
		var now sql.NullString
		if err := tx.QueryRowContext(ctx, "select password from user where name = $1 and disabled = 0", u.Name).Scan(&now); err != nil || now.String != before {
			return twin.Errorf(twin.Conflict, "the password of %s was changed by somebody else meanwhile", u.Name).WithHint("sign in again")
		}
		if err := store(ctx, tx, u.Name, stored, false); err != nil || u.Session == "" {
			return err
		}
		s, err = o.begin(ctx, tx, u.Name, p, "")
		return err
	})
	return s, err
}
