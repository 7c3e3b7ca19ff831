package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Place is where a request comes from.
type Place struct {
	Address string // of the network
	Agent   string // what the client calls itself
}

// maxAgent bounds what is kept of a client's name for itself, bytes.
const maxAgent = 200

// SignedIn is a session that has just begun.
type SignedIn struct {
	User   User   // its Name is set as soon as the name is a user's, also beside an error
	Secret string // what the cookie holds
}

// SessionInfo is a session as its user may know it.
type SessionInfo struct {
	ID      string
	Created time.Time
	Used    time.Time // to the second while the server runs, to the minute after
	Ends    time.Time // unless it is idle for too long before
	Place
}

// Idle is how long a session lasts without a request.
func (o *Office) Idle() time.Duration { return o.o.Idle }

// idle reports whether a session that was last used then has ended.
func (o *Office) idle(used int64) bool { return o.now().UnixMilli()-used > o.o.Idle.Milliseconds() }

// begin makes a session in the place of the one whose secret was presented with the sign-in, so that nobody's session is ever another's.
func (o *Office) begin(ctx context.Context, tx *sql.Tx, user string, p Place, before string) (SignedIn, error) {
	now := o.now()
	// Sessions that have ended by themselves leave room.
	if _, err := tx.ExecContext(ctx, "delete from secret where until > 0 and until < $1 or kind = 'session' and used < $2", now.UnixMilli(), now.Add(-o.o.Idle-2*flushEvery).UnixMilli()); err != nil {
		return SignedIn{}, fmt.Errorf("old sessions: %w", err)
	}
	if before != "" {
		h := hash(before)
		if _, err := tx.ExecContext(ctx, "delete from secret where hash = $1 and kind = $2", h[:], kindSession); err != nil {
			return SignedIn{}, fmt.Errorf("session before: %w", err)
		}
	}
	text, id, err := o.issue(ctx, tx, secret{user: user, kind: kindSession, until: now.Add(o.o.Life).UnixMilli(), used: now.UnixMilli(), address: p.Address, agent: strings.ToValidUTF8(p.Agent[:min(len(p.Agent), maxAgent)], "")})
	if err != nil {
		return SignedIn{}, err
	}
	if _, err := tx.ExecContext(ctx, "update user set signed_in = $1 where name = $2", now.UnixMilli(), user); err != nil {
		return SignedIn{}, fmt.Errorf("user: %w", err)
	}
	s := SignedIn{User: User{Session: id}, Secret: text}
	var unit sql.NullString
	err = tx.QueryRowContext(ctx, "select name, role, unit, must_change from user where name = $1", user).Scan(&s.User.Name, &s.User.Role, &unit, &s.User.MustChange)
	s.User.Unit = unit.String
	return s, err
}

// SignOut ends a session.
func (o *Office) SignOut(ctx context.Context, session string) error {
	h := hash(session)
	return o.shut(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from secret where hash = $1 and kind = $2", h[:], kindSession)
		return err
	})
}

// Sessions lists a user's sessions, latest first.
func (o *Office) Sessions(ctx context.Context, user string) ([]SessionInfo, error) {
	list, err := o.secrets(ctx, user, kindSession)
	infos := make([]SessionInfo, len(list))
	for i, s := range list {
		infos[i] = SessionInfo{s.id, millis(s.created), millis(s.used), millis(s.until), Place{s.address, s.agent}}
	}
	return infos, err
}

// EndSession ends one session of a user. It fails with NotFound for one that is another's.
func (o *Office) EndSession(ctx context.Context, user, id string) error {
	return o.end(ctx, user, kindSession, id)
}

// EndSessions ends the sessions of a user but for one, which may be none.
func (o *Office) EndSessions(ctx context.Context, user, but string) error {
	return o.shut(ctx, func(tx *sql.Tx) error { return endSessions(ctx, tx, user, but) })
}

func endSessions(ctx context.Context, tx *sql.Tx, user, but string) error {
	_, err := tx.ExecContext(ctx, "delete from secret where user = $1 and kind = $2 and id <> $3", user, kindSession, but)
	if err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

// ByToken returns whose bearer token it is.
func (o *Office) ByToken(ctx context.Context, token string) (User, bool, error) {
	return o.who(ctx, token, kindToken)
}

// BySession returns whose session it is.
func (o *Office) BySession(ctx context.Context, session string) (User, bool, error) {
	return o.who(ctx, session, kindSession)
}

const whoQuery = `select u.name, u.role, u.unit, (select name from unit where code = u.unit), u.must_change, s.until, s.id, s.scopes, s.used, (select n from door)
	from secret s join user u on u.name = s.user where s.hash = $1 and s.kind = $2 and u.disabled = 0`

func (o *Office) who(ctx context.Context, text, kind string) (User, bool, error) {
	if len(text) < minSecret || len(text) > maxSecret {
		return User{}, false, nil
	}
	p, now, state := pass{hash(text), kind}, o.now().UnixMilli(), o.door.look()
	if err := o.door.check(ctx, o.sql); err != nil {
		return User{}, false, err
	}
	g, ok := o.door.find(p, state)
	if !ok {
		var unit, unitName sql.NullString
		var scopes string
		var used, number int64
		err := o.sql.QueryRowContext(ctx, whoQuery, p.hash[:], kind).Scan(&g.user.Name, &g.user.Role, &unit, &unitName, &g.user.MustChange, &g.until, &g.user.Session, &scopes, &used, &number)
		if errors.Is(err, sql.ErrNoRows) {
			return User{}, false, nil
		}
		if err != nil {
			return User{}, false, fmt.Errorf("sign-in: %w", err)
		}
		g.user.Unit, g.user.UnitName, g.user.Scopes, g.use = unit.String, unitName.String, splitScopes(scopes), o.uses.get(p.hash, used)
		if kind == kindToken { // whose limits are its own
			g.user.Session, g.user.MustChange = "", false
		}
		o.door.keep(p, g, state, number)
	}
	if g.until != 0 && g.until <= now || kind == kindSession && o.idle(g.use.last.Load()) {
		return User{}, false, nil
	}
	o.used(g, now)
	g.user.Scopes = slices.Clip(g.user.Scopes) // nobody's appending is another's
	return g.user, true, nil
}
