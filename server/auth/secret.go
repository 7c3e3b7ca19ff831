package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/undercity/undercity/twin"
)

// The kinds of secrets.
const (
	kindToken   = "token"
	kindSession = "session"
	kindLink    = "link"
)

// secret is one row of the table of secrets, but for its hash.
type secret struct {
	user    string
	kind    string
	until   int64 // Unix, milliseconds; 0 is without end
	id      string
	name    string
	start   string
	scopes  []Right
	created int64
	used    int64
	address string
	agent   string
}

// startLength is how much of a token is shown in lists, to tell it by: 36 of its 192 bits.
const startLength = 6

// maxSecret and minSecret bound what is looked up at all.
const (
	minSecret = 16
	maxSecret = 128
)

func hash(text string) [32]byte { return sha256.Sum256([]byte(text)) }

// random is n random bytes.
func random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	return b, nil
}

// issue makes a secret for a user who is not disabled, and returns its text, which nobody can find out again, and its id.
func (o *Office) issue(ctx context.Context, tx *sql.Tx, s secret) (text, id string, err error) {
	raw, err := random(24)
	if err != nil {
		return "", "", err
	}
	number, err := random(8)
	if err != nil {
		return "", "", err
	}
	text, id = base64.RawURLEncoding.EncodeToString(raw), hex.EncodeToString(number)
	if s.kind == kindToken {
		s.start = text[:startLength]
	}
	h := hash(text)
	now := o.now().UnixMilli()
	res, err := tx.ExecContext(ctx, `insert into secret (hash, user, kind, until, id, name, start, scopes, created, used, address, agent)
		select $1, name, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from user where name = $12 and disabled = 0`,
		h[:], s.kind, s.until, id, s.name, s.start, joinScopes(s.scopes), now, s.used, s.address, s.agent, s.user)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", s.kind, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return "", "", errors.Join(twin.Errorf(twin.NotFound, "there is no user %.60s, or it is disabled", s.user), err)
	}
	return text, id, nil
}

func joinScopes(list []Right) string {
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = string(r)
	}
	return strings.Join(texts, " ")
}

func splitScopes(text string) (list []Right) {
	for _, r := range strings.Fields(text) {
		list = append(list, Right(r))
	}
	return list
}

// secrets lists those of a user and kind that have not ended, latest first.
func (o *Office) secrets(ctx context.Context, user, kind string) (list []secret, err error) {
	rows, err := o.sql.QueryContext(ctx, `select hash, user, until, id, name, start, scopes, created, used, address, agent from secret
		where user = $1 and kind = $2 and (until = 0 or until > $3) order by created desc, id`, user, kind, o.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("%ss: %w", kind, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		s := secret{kind: kind}
		var h []byte
		var scopes string
		if err := rows.Scan(&h, &s.user, &s.until, &s.id, &s.name, &s.start, &scopes, &s.created, &s.used, &s.address, &s.agent); err != nil {
			return nil, fmt.Errorf("%ss: %w", kind, err)
		}
		s.scopes, s.used = splitScopes(scopes), o.uses.last(h, s.used)
		if kind == kindSession && o.idle(s.used) {
			continue
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// end ends a secret of a user by its id. It fails with NotFound for one that is another's.
func (o *Office) end(ctx context.Context, user, kind, id string) error {
	return o.shut(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "delete from secret where user = $1 and kind = $2 and id = $3", user, kind, id)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(twin.Errorf(twin.NotFound, "there is no %s %.40s of %s", kind, id, user), err)
		}
		return nil
	})
}
