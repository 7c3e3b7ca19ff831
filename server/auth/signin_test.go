package auth_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/db"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const (
	right = "yellow bridge 7 kettles"
	wrong = "yellow bridge 8 kettles"
)

// people makes an office with an administrator anna and a planner bert, who both have the right password as their own.
func people(t *testing.T, o *auth.Office) {
	t.Helper()
	for name, role := range map[string]string{"anna": "admin", "bert": "planner"} {
		if err := o.AddUser(t.Context(), name, role); err != nil {
			t.Fatal(err)
		}
		if err := o.SetPassword(t.Context(), name, right, false); err != nil {
			t.Fatal(err)
		}
	}
}

func from(address string) auth.Place { return auth.Place{Address: address, Agent: "test"} }

func in(t *testing.T, o *auth.Office, session string) bool {
	t.Helper()
	_, ok, err := o.BySession(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func signIn(t *testing.T, o *auth.Office, name string) auth.SignedIn {
	t.Helper()
	s, err := o.SignInByPassword(t.Context(), name, right, here, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPassword signs in by name and password; whatever is wrong has one answer.
func TestPassword(t *testing.T) {
	o := office(t, t.TempDir(), newClock().now)
	people(t, o)
	s := signIn(t, o, "anna")
	if s.User.Name != "anna" || s.User.Role != "admin" || s.User.MustChange || !in(t, o, s.Secret) {
		t.Errorf("%+v", s.User)
	}
	if a, err := o.Account(t.Context(), "anna"); err != nil || a.SignedIn.IsZero() || !a.HasPassword {
		t.Errorf("%+v %v", a, err)
	}
	if err := o.AddUser(t.Context(), "without", "planner"); err != nil {
		t.Fatal(err)
	}
	if err := o.Disable(t.Context(), "bert"); err != nil {
		t.Fatal(err)
	}
	var said string
	for i, c := range []struct{ name, password string }{{"anna", wrong}, {"nobody", right}, {"without", right}, {"without", ""}, {"bert", right}, {"", right}, {"a b", right}, {"anna", ""}, {"anna", strings.Repeat("x", 10_000)}, {"ANNA", right}, {"anna", right + "\x00"}} {
		_, err := o.SignInByPassword(t.Context(), c.name, c.password, from(fmt.Sprintf("198.51.100.%d", i)), "")
		if twin.KindOf(err) != twin.Denied || said != "" && err.Error() != said {
			t.Errorf("%q with %.20q: %v", c.name, c.password, err)
			continue
		}
		said = err.Error()
	}
}

// TestForms wants the same characters to be the same password, however they were typed.
func TestForms(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	if err := o.SetPassword(t.Context(), "anna", "u\u0308ber die bru\u0308cke", false); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignInByPassword(t.Context(), "anna", "\u00fcber die br\u00fccke", here, ""); err != nil {
		t.Error(err)
	}
}

// TestLockOut counts wrong passwords by address: after five each takes twice as long, a right one has to wait too, and others do not.
func TestLockOut(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	attacker := from("203.0.113.5")
	try := func(name, password string, p auth.Place) time.Duration {
		t.Helper()
		_, err := o.SignInByPassword(t.Context(), name, password, p, "")
		var l *auth.Locked
		switch {
		case errors.As(err, &l):
			return l.Wait
		case err == nil && password == right, twin.KindOf(err) == twin.Denied && password == wrong:
			return 0
		}
		t.Fatalf("%s: %v", name, err)
		return 0
	}
	for i := range 5 {
		if w := try([]string{"anna", "nobody", "bert", "anna", "else"}[i], wrong, attacker); w != 0 {
			t.Fatalf("wrong password %d: wait %v", i+1, w)
		}
	}
	want := time.Second
	for i := range 14 {
		if w := try("bert", right, attacker); w != want {
			t.Fatalf("after %d wrong passwords: wait %v, want %v", 5+i, w, want)
		}
		if w := try("bert", right, from("198.51.100.1")); w != 0 {
			t.Fatalf("another address waits %v", w)
		}
		c.pass(want)
		if w := try("bert", wrong, attacker); w != 0 {
			t.Fatalf("after the wait: %v", w)
		}
		want = min(2*want, 15*time.Minute)
	}
	c.pass(15 * time.Minute)
	if w := try("bert", right, attacker); w != 0 {
		t.Errorf("after the longest wait: %v", w)
	}
}

// TestNobodyIsShutOut has somebody try one name from ever new addresses: that name is locked, but not where its user has signed in before, and not by a link.
func TestNobodyIsShutOut(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	home := from("2001:db8:1:2::7")
	if _, err := o.SignInByPassword(t.Context(), "anna", right, home, ""); err != nil {
		t.Fatal(err)
	}
	var l *auth.Locked
	for i := range 12 {
		_, err := o.SignInByPassword(t.Context(), "anna", wrong, from(fmt.Sprintf("2001:db8:ff:%x::1", i)), "")
		if (i >= 10) != errors.As(err, &l) {
			t.Fatalf("address %d: %v", i, err)
		}
		c.pass(50 * time.Millisecond)
	}
	if _, err := o.SignInByPassword(t.Context(), "anna", right, from("2001:db8:aa::1"), ""); !errors.As(err, &l) {
		t.Errorf("from elsewhere: %v", err)
	}
	if _, err := o.SignInByPassword(t.Context(), "anna", right, from("2001:db8:1:2::99"), ""); err != nil {
		t.Errorf("from home: %v", err)
	}
	link, err := o.MakeLink(t.Context(), "anna", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignIn(t.Context(), link.Secret, from("2001:db8:aa::1"), ""); err != nil {
		t.Errorf("by a link: %v", err)
	}
}

// TestOneAddressShutsNobodyOut has one address try one name for a day, as often as it may: the user comes in from a place where they never were.
func TestOneAddressShutsNobodyOut(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	tries := 0
	for end := c.now().Add(24 * time.Hour); c.now().Before(end); {
		_, err := o.SignInByPassword(t.Context(), "anna", wrong, from("203.0.113.5"), "")
		var l *auth.Locked
		if errors.As(err, &l) {
			c.pass(l.Wait)
			continue
		}
		tries++
	}
	if tries > 250 {
		t.Errorf("%d passwords could be tried in a day", tries)
	}
	if _, err := o.SignInByPassword(t.Context(), "anna", right, from("198.51.100.77"), ""); err != nil {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

// TestBurst tries many passwords at the same time: no more are looked at than one after the other.
func TestBurst(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 200 {
		wg.Go(func() {
			_, err := o.SignInByPassword(t.Context(), "anna", wrong, from("203.0.113.5"), "")
			var l *auth.Locked
			if errors.As(err, &l) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			looked++
		})
	}
	wg.Wait()
	if looked > 5+16 {
		t.Errorf("%d passwords were looked at", looked)
	}
}

// TestBusy fills the places for hashes: whoever waits too long is told so.
func TestBusy(t *testing.T) {
	o, err := auth.Open(t.Context(), t.TempDir(), auth.Options{Cost: auth.Cost{Memory: 64 << 10, Passes: 2, Lanes: 1}, Hashers: 1, Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var wg sync.WaitGroup
	var mu sync.Mutex
	kinds := map[twin.ErrorKind]int{}
	for i := range 8 {
		wg.Go(func() {
			_, err := o.SignInByPassword(t.Context(), fmt.Sprint("user", i), wrong, from(fmt.Sprintf("198.51.100.%d", i)), "")
			mu.Lock()
			defer mu.Unlock()
			kinds[twin.KindOf(err)]++
		})
	}
	wg.Wait()
	if kinds[twin.Denied] == 0 || kinds[twin.Unavailable] == 0 || kinds[twin.Denied]+kinds[twin.Unavailable] != 8 {
		t.Errorf("%v", kinds)
	}
}

// TestRehash signs in with a password that was hashed at another cost: it is hashed anew.
func TestRehash(t *testing.T) {
	dir := t.TempDir()
	people(t, office(t, dir, nil))
	stored := func() (s string) {
		d, err := db.Open(t.Context(), filepath.Join(dir, auth.FileName), db.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.QueryRowContext(t.Context(), "select password from user where name = 'anna'").Scan(&s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := stored(); !strings.HasPrefix(s, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(s)
	}
	dear, err := auth.Open(t.Context(), dir, auth.Options{Cost: auth.Cost{Memory: 128, Passes: 2, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer dear.Close()
	for range 2 {
		if _, err := dear.SignInByPassword(t.Context(), "anna", right, here, ""); err != nil {
			t.Fatal(err)
		}
		if s := stored(); !strings.HasPrefix(s, "$argon2id$v=19$m=128,t=2,p=1$") {
			t.Error(s)
		}
	}
}

// TestStolenRow takes everything that the data base holds of a session, a token, a link and a password: none of it signs in.
func TestStolenRow(t *testing.T) {
	dir := t.TempDir()
	o := office(t, dir, nil)
	people(t, o)
	signIn(t, o, "anna")
	if _, err := o.Token(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.MakeLink(t.Context(), "anna", time.Hour); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), filepath.Join(dir, auth.FileName), db.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rows, err := d.QueryContext(t.Context(), "select hex(hash), id, start, cast(hash as text) from secret union all select password, password, password, substr(password, -43) from user")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var stolen []string
	for rows.Next() {
		s := make([]string, 4)
		if err := rows.Scan(&s[0], &s[1], &s[2], &s[3]); err != nil {
			t.Fatal(err)
		}
		stolen = append(stolen, append(s, strings.ToLower(s[0]))...)
	}
	if err := rows.Err(); err != nil || len(stolen) < 25 {
		t.Fatalf("%d values, %v", len(stolen), err)
	}
	for i, s := range stolen {
		if _, err := o.SignIn(t.Context(), s, here, ""); err == nil {
			t.Errorf("%q signs in", s)
		}
		if _, ok, _ := o.ByToken(t.Context(), s); ok {
			t.Errorf("%q is a token", s)
		}
		if in(t, o, s) {
			t.Errorf("%q is a session", s)
		}
		if _, err := o.SignInByPassword(t.Context(), "anna", s, from(fmt.Sprintf("198.51.%d.1", i)), ""); err == nil {
			t.Errorf("%q is the password", s)
		}
	}
}

// BenchmarkSignIn is a sign-in by password at the cost of an installation.
func BenchmarkSignIn(b *testing.B) {
	o, err := auth.Open(b.Context(), b.TempDir(), auth.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	if err := errors.Join(o.AddUser(b.Context(), "anna", "admin"), o.SetPassword(b.Context(), "anna", right, false)); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ what, name, password string }{{"right", "anna", right}, {"wrong", "anna", wrong}, {"unknown", "nobody", wrong}} {
		b.Run(c.what, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				_, err := o.SignInByPassword(b.Context(), c.name, c.password, from(fmt.Sprintf("10.%d.%d.1", i/256%256, i%256)), "")
				var l *auth.Locked
				if errors.As(err, &l) {
					b.Skip("locked")
				}
			}
		})
	}
}
