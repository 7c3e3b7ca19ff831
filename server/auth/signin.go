package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/undercity/undercity/twin"
)

// LinkLife is how long a link that sets a new password can be used.
const LinkLife = 24 * time.Hour

// Link is what signs in once.
type Link struct {
	Secret string
	Ends   time.Time // zero: when it is used
}

// MakeLink makes a link that signs a user in once; life 0 is without an end. Links that the user had before no longer work.
func (o *Office) MakeLink(ctx context.Context, user string, life time.Duration) (l Link, err error) {
	err = o.shut(ctx, func(tx *sql.Tx) error {
		l, err = o.link(ctx, tx, user, life)
		return err
	})
	return l, err
}

func (o *Office) link(ctx context.Context, tx *sql.Tx, user string, life time.Duration) (Link, error) {
	if _, err := tx.ExecContext(ctx, "delete from secret where user = $1 and kind = $2", user, kindLink); err != nil {
		return Link{}, fmt.Errorf("links before: %w", err)
	}
	var l Link
	s := secret{user: user, kind: kindLink}
	if life > 0 {
		l.Ends = millis(o.now().Add(life).UnixMilli())
		s.until = l.Ends.UnixMilli()
	}
	var err error
	l.Secret, _, err = o.issue(ctx, tx, s)
	return l, err
}

// SignIn begins a session by a token or a link, which is then used up. before is the session that the client had, "" for none. It fails with Denied for
// what signs nobody in.
func (o *Office) SignIn(ctx context.Context, token string, p Place, before string) (s SignedIn, err error) {
	o.sweep()
	if len(token) < minSecret || len(token) > maxSecret {
		return SignedIn{}, errNoToken
	}
	h := hash(token)
	err = o.tx(ctx, func(tx *sql.Tx) error {
		var user, kind, scopes string
		err := tx.QueryRowContext(ctx, `select s.user, s.kind, s.scopes from secret s join user u on u.name = s.user
			where s.hash = $1 and s.kind in ($2, $3) and u.disabled = 0 and (s.until = 0 or s.until > $4)`, h[:], kindToken, kindLink, o.now().UnixMilli()).Scan(&user, &kind, &scopes)
		if errors.Is(err, sql.ErrNoRows) {
			return errNoToken
		}
		if err != nil {
			return fmt.Errorf("sign-in: %w", err)
		}
		if scopes != "" {
			return twin.Errorf(twin.Denied, "the token is for programs: its scopes are %s", scopes).WithHint("sign in with name and password, or with a token that has no scopes")
		}
		if kind == kindLink {
			if _, err := tx.ExecContext(ctx, "delete from secret where hash = $1", h[:]); err != nil {
				return fmt.Errorf("link: %w", err)
			}
		}
		s, err = o.begin(ctx, tx, user, p, before)
		return err
	})
	return s, err
}

var errNoToken = twin.Errorf(twin.Denied, "the token is not valid: it has ended, it was a link that has been used, or it never was one").WithHint("ask for a new one: undercity user token NAME")

// errWrong is the one answer to a wrong name and to a wrong password.
var errWrong = twin.Errorf(twin.Denied, "the name or the password is wrong")

// SignInByPassword begins a session by name and password. before is the session that the client had, "" for none. It fails with Denied for a wrong name or
// password, which take the same time and words, with Locked after too many of them, and with Unavailable when too many are checked at once.
func (o *Office) SignInByPassword(ctx context.Context, name, password string, p Place, before string) (s SignedIn, err error) {
	o.sweep()
	if len(password) > maxPasswordBytes || !userName.MatchString(name) {
		name = "" // nobody's; the work is the same
	}
	stored, disabled, known, err := o.stored(ctx, name, network(p.Address))
	if err != nil {
		return SignedIn{}, err
	}
	if known != unknownUser {
		s.User.Name = name
	}
	ok, old, err := o.try(ctx, name, stored, password, p, known == knownPlace, disabled)
	if err != nil {
		return s, err
	}
	if !ok {
		return s, errWrong
	}
	fresh := ""
	if old {
		if fresh, err = o.hasher.make(ctx, password); err != nil {
			return s, err
		}
	}
	err = o.tx(ctx, func(tx *sql.Tx) error {
		// The password may have been changed, and the user disabled, while it was checked.
		var now sql.NullString
		if err := tx.QueryRowContext(ctx, "select password from user where name = $1 and disabled = 0", name).Scan(&now); errors.Is(err, sql.ErrNoRows) || err == nil && now.String != stored {
			return errWrong
		} else if err != nil {
			return fmt.Errorf("user: %w", err)
		}
		if fresh != "" {
			if _, err := tx.ExecContext(ctx, "update user set password = $1 where name = $2", fresh, name); err != nil {
				return fmt.Errorf("password: %w", err)
			}
		}
		if err := o.remember(ctx, tx, name, network(p.Address)); err != nil {
			return err
		}
		s, err = o.begin(ctx, tx, name, p, before)
		return err
	})
	return s, err
}

// familiarity is what is known of a name and a place before the password is looked at.
type familiarity int

const (
	unknownUser familiarity = iota
	knownUser
	knownPlace // the user has signed in from there
)

// placeLife is how long it is remembered that a user signed in from a place.
const placeLife = 90 * 24 * time.Hour

func (o *Office) stored(ctx context.Context, name, at string) (password string, disabled bool, f familiarity, err error) {
	var text sql.NullString
	var here int
	err = o.sql.QueryRowContext(ctx, "select password, disabled, (select count(*) from place where user = name and address = $2 and time > $3) from user where name = $1", name, at, o.now().Add(-placeLife).UnixMilli()).Scan(&text, &disabled, &here)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, unknownUser, nil
	case err != nil:
		return "", false, unknownUser, fmt.Errorf("sign-in: %w", err)
	case here > 0:
		return text.String, disabled, knownPlace, nil
	}
	return text.String, disabled, knownUser, nil
}

func (o *Office) remember(ctx context.Context, tx *sql.Tx, name, at string) error {
	now := o.now()
	if _, err := tx.ExecContext(ctx, "delete from place where time < $1", now.Add(-placeLife).UnixMilli()); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	_, err := tx.ExecContext(ctx, "insert into place (user, address, time) values ($1, $2, $3) on conflict (user, address) do update set time = excluded.time", name, at, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	return nil
}

// try checks a password within the limits. A disabled user's right one is wrong too.
func (o *Office) try(ctx context.Context, name, stored, password string, p Place, known, disabled bool) (ok, old bool, err error) {
	at := network(p.Address)
	if err := o.guard.begin(at, name, known); err != nil {
		return false, false, err
	}
	ok, old, err = o.hasher.verify(ctx, stored, password)
	if err != nil {
		o.guard.drop(at, name)
		return false, false, err
	}
	ok = ok && !disabled
	o.guard.end(at, name, !ok)
	return ok, old, nil
}
