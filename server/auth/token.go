package auth

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/undercity/undercity/twin"
)

// TokenLife is how long a token lasts unless another time is asked for, and MaxTokenLife the longest that can be.
const (
	TokenLife    = 90 * 24 * time.Hour
	MaxTokenLife = 5 * 366 * 24 * time.Hour
)

// maxTokens bounds how many tokens a user has at once.
const maxTokens = 200

// NewToken is what a token shall be.
type NewToken struct {
	Name    string        // what it is for, up to 80 characters
	Life    time.Duration // 0 is TokenLife
	Endless bool          // it does not end: of administrators alone
	Scopes  []Right       // what it is for; none is everything that its user may
}

// TokenInfo is a token as its user may know it.
type TokenInfo struct {
	ID      string
	Name    string
	Start   string // its first characters; "" with tokens of old
	Scopes  []Right
	Created time.Time // zero with tokens of old
	Used    time.Time // to the second while the server runs, to the minute after; zero is never
	Ends    time.Time // zero is never
}

var scopeName = regexp.MustCompile(`^[a-z][a-zA-Z]{0,30}$`)

// Token makes a bearer token for a user, without an end. It is shown once.
func (o *Office) Token(ctx context.Context, name string) (string, error) {
	text, _, err := o.issueToken(ctx, name, NewToken{Endless: true}, false)
	return text, err
}

// MakeToken makes a bearer token for a user. It is shown once. It fails with Denied for an endless one of somebody who is no administrator.
func (o *Office) MakeToken(ctx context.Context, user string, n NewToken) (string, TokenInfo, error) {
	if utf8.RuneCountInString(n.Name) > 80 {
		return "", TokenInfo{}, invalid("/name", "the name of a token has at most 80 characters")
	}
	if n.Life < 0 || n.Life > MaxTokenLife {
		return "", TokenInfo{}, invalid("/days", "a token lasts from 1 to %d days", int(MaxTokenLife/(24*time.Hour)))
	}
	for _, s := range n.Scopes {
		if !scopeName.MatchString(string(s)) {
			return "", TokenInfo{}, invalid("/scopes", "%.40q is not a right", s)
		}
	}
	return o.issueToken(ctx, user, n, true)
}

func (o *Office) issueToken(ctx context.Context, user string, n NewToken, strict bool) (text string, info TokenInfo, err error) {
	var until int64
	if !n.Endless {
		if n.Life == 0 {
			n.Life = TokenLife
		}
		until = o.now().Add(n.Life).UnixMilli()
	}
	n.Scopes = slices.Compact(slices.Sorted(slices.Values(n.Scopes)))
	// Nobody is shut out by it, so that nobody need be asked for anew.
	err = o.tx(ctx, func(tx *sql.Tx) error {
		a, err := account(ctx, tx, user)
		if err != nil {
			return err
		}
		if strict && n.Endless && a.Role != RoleAdmin {
			return twin.Errorf(twin.Denied, "a token without an end is for administrators, and %s is %s", user, a.Role).WithHint("give a number of days")
		}
		var many int
		if err := tx.QueryRowContext(ctx, "select count(*) from secret where user = $1 and kind = $2 and (until = 0 or until > $3)", user, kindToken, o.now().UnixMilli()).Scan(&many); err != nil {
			return err
		}
		if many >= maxTokens {
			return twin.Errorf(twin.Conflict, "%s has %d tokens already", user, many).WithHint("revoke some that are not used")
		}
		text, info.ID, err = o.issue(ctx, tx, secret{user: user, kind: kindToken, until: until, name: n.Name, scopes: n.Scopes})
		return err
	})
	if err != nil {
		return "", TokenInfo{}, err
	}
	return text, TokenInfo{ID: info.ID, Name: n.Name, Start: text[:startLength], Scopes: n.Scopes, Created: millis(o.now().UnixMilli()), Ends: millis(until)}, nil
}

// Tokens lists a user's tokens, latest first.
func (o *Office) Tokens(ctx context.Context, user string) ([]TokenInfo, error) {
	list, err := o.secrets(ctx, user, kindToken)
	infos := make([]TokenInfo, len(list))
	for i, s := range list {
		infos[i] = TokenInfo{s.id, s.name, s.start, s.scopes, millis(s.created), millis(s.used), millis(s.until)}
	}
	return infos, err
}

// EndToken revokes one token of a user. It fails with NotFound for one that is another's.
func (o *Office) EndToken(ctx context.Context, user, id string) error {
	return o.end(ctx, user, kindToken, id)
}
