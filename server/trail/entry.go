package trail

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The actions that the product itself knows; others are the first word of a route.
const (
	SignIn   = "signIn"
	SignOut  = "signOut"
	Change   = "change"
	Import   = "import"
	Imported = "imported" // an import has ended
	Export   = "export"
	Read     = "read" // of what is restricted or secret
	Policy   = "policy"
	User     = "user"
	Unit     = "unit"
	Token    = "token"
	Session  = "session"
	Account  = "account"
	Enquiry  = "enquiry" // before somebody digs
	Refused  = "refused"
	Anchored = "anchor" // a head that did not fit was given up
)

// Hash is that of an entry.
type Hash [sha256.Size]byte

// String is lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Head is the end of the log: the number and hash of its last entry. The zero Head is that of an empty one.
type Head struct {
	Number int64
	Hash   Hash
}

// String is NUMBER:HASH.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Number, h.Hash) }

// ParseHead reads NUMBER:HASH.
func ParseHead(text string) (h Head, err error) {
	number, hash, ok := strings.Cut(strings.TrimSpace(text), ":")
	b, err := hex.DecodeString(hash)
	if h.Number, _ = strconv.ParseInt(number, 10, 64); !ok || err != nil || len(b) != len(h.Hash) || h.Number < 1 {
		return Head{}, fmt.Errorf("%.100q is not NUMBER:HASH", text)
	}
	copy(h.Hash[:], b)
	return h, nil
}

// Entry is one line of the log.
type Entry struct {
	Number  int64 // from 1 on, without gaps; given when it is written
	Time    time.Time
	User    string // "" is nobody; local:NAME is a user of the machine at the command line
	Role    string
	Address string // of the client; "" at the command line
	Action  string
	Route   string // method and path of the table of routes, or the command
	Targets []string
	More    int   // targets beyond those that are named
	Status  int   // of HTTP; 0 is an action that has only begun
	Begun   int64 // number of the entry that says that this action began; 0 is none
	Detail  json.RawMessage
	Hash    Hash
}

// Bounds of an entry. What is longer is cut.
const (
	MaxTargets = 100
	maxText    = 200
	maxDetail  = 4096
)

// Told makes the detail of an entry from a few values.
func Told(v map[string]any) json.RawMessage {
	if len(v) == 0 {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`{"error":"not to be written as JSON"}`)
	}
	return b
}

// row is an entry as it stands in its columns.
type row struct {
	number, time, more, status, begun                   int64
	user, role, address, action, route, targets, detail string
	previous, hash                                      Hash
}

// clean is a text as a column holds it: valid, without zero bytes, and not too long.
func clean(s string, most int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	if len(s) > most {
		for s = s[:most]; !utf8.ValidString(s); {
			s = s[:len(s)-1]
		}
	}
	return s
}

// rowOf is an entry as it will stand; the number and hashes are not known yet.
func rowOf(e *Entry) row {
	list := make([]string, 0, min(len(e.Targets), MaxTargets))
	for _, t := range e.Targets[:min(len(e.Targets), MaxTargets)] {
		list = append(list, clean(t, maxText))
	}
	more := e.More + max(0, len(e.Targets)-MaxTargets)
	targets, err := json.Marshal(list)
	if err != nil { // texts always marshal
		targets = []byte("[]")
	}
	detail := string(e.Detail)
	if len(detail) > maxDetail || detail != "" && !json.Valid(e.Detail) {
		detail = `{"cut":true}`
	}
	return row{time: e.Time.UnixMilli(), more: int64(more), status: int64(e.Status), begun: e.Begun, user: clean(e.User, maxText), role: clean(e.Role, maxText), address: clean(e.Address, maxText),
		action: clean(e.Action, maxText), route: clean(e.Route, maxText), targets: string(targets), detail: clean(detail, maxDetail)}
}

func (r *row) entry() Entry {
	e := Entry{Number: r.number, Time: time.UnixMilli(r.time).UTC(), User: r.user, Role: r.role, Address: r.address, Action: r.action, Route: r.route, More: int(r.more), Status: int(r.status),
		Begun: r.begun, Hash: r.hash}
	_ = json.Unmarshal([]byte(r.targets), &e.Targets) // what somebody broke has none; Verify finds it
	if json.Valid([]byte(r.detail)) {
		e.Detail = json.RawMessage(r.detail)
	}
	return e
}

// encoding begins every encoded entry: another encoding gets another name.
const encoding = "undercity trail 1"

// appendTo appends the entry as its hash is made of it; see the package's comment.
func (r *row) appendTo(b []byte) []byte {
	var buf [2 * sha256.Size]byte
	text := func(s string) {
		b = append(append(append(strconv.AppendInt(b, int64(len(s)), 10), ':'), s...), ',')
	}
	number := func(n int64) {
		d := strconv.AppendInt(buf[:0], n, 10)
		b = append(append(append(strconv.AppendInt(b, int64(len(d)), 10), ':'), d...), ',')
	}
	text(encoding)
	number(r.number)
	number(r.time)
	for _, s := range [...]string{r.user, r.role, r.address, r.action, r.route, r.targets} {
		text(s)
	}
	for _, n := range [...]int64{r.more, r.status, r.begun} {
		number(n)
	}
	text(r.detail)
	hex.Encode(buf[:], r.previous[:])
	b = append(append(b, "64:"...), buf[:]...)
	return append(b, ',')
}

// sum is the hash that the entry should have; buf is used again.
func (r *row) sum(buf []byte) (Hash, []byte) {
	buf = r.appendTo(buf[:0])
	return sha256.Sum256(buf), buf
}
