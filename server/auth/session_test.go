package auth_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// TestSessionsEnd lets time pass: a session ends when it is idle, and after a day's work whatever is done.
func TestSessionsEnd(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	idle, busy := signIn(t, o, "anna").Secret, signIn(t, o, "anna").Secret
	for range 7 {
		c.pass(time.Hour)
		if !in(t, o, busy) {
			t.Fatal("a session that is in use ended")
		}
	}
	c.pass(50 * time.Minute)
	if !in(t, o, idle) {
		t.Error("a session ended that was idle for less than 8 h")
	}
	c.pass(3 * time.Hour)
	if !in(t, o, busy) {
		t.Error("a session in use ended within 12 h")
	}
	c.pass(70 * time.Minute)
	if in(t, o, busy) || in(t, o, idle) {
		t.Error("a session lasts longer than 12 h")
	}
	quiet := signIn(t, o, "anna").Secret
	c.pass(8*time.Hour + time.Second)
	if in(t, o, quiet) {
		t.Error("a session lasts longer than 8 h without a request")
	}
}

// TestUsesAreKept closes an office and opens it again: a session in use is not idle.
func TestUsesAreKept(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	o, err := auth.Open(t.Context(), dir, auth.Options{Now: c.now, Cost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	people(t, o)
	s := signIn(t, o, "anna").Secret
	c.pass(6 * time.Hour)
	if !in(t, o, s) {
		t.Fatal("ended")
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	c.pass(5 * time.Hour)
	o = office(t, dir, c.now)
	if !in(t, o, s) {
		t.Error("the session was taken as idle")
	}
	if list, err := o.Sessions(t.Context(), "anna"); err != nil || len(list) != 1 || !list[0].Used.Equal(c.now()) {
		t.Errorf("%+v %v", list, err)
	}
}

// TestRotation wants a new secret at each sign-in and each change of password or role, and the end of the ones before.
func TestRotation(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	first := signIn(t, o, "anna")
	other := signIn(t, o, "anna")
	// Somebody has put a session of theirs into the browser: it ends, and the new one is another.
	foreign := signIn(t, o, "bert")
	next, err := o.SignInByPassword(t.Context(), "anna", right, here, foreign.Secret)
	if err != nil || next.Secret == foreign.Secret || in(t, o, foreign.Secret) {
		t.Errorf("%v", err)
	}
	if _, err := o.SignIn(t.Context(), first.Secret, here, ""); err == nil {
		t.Error("a session signs in as a token does")
	}
	changed, err := o.ChangePassword(t.Context(), next.User, right, "nine copper herons", here)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{first.Secret, other.Secret, next.Secret} {
		if in(t, o, s) {
			t.Error("a session outlives the password")
		}
	}
	if !in(t, o, changed.Secret) || changed.User.Name != "anna" {
		t.Error("no session begins with the new password")
	}
	bert, role := signIn(t, o, "bert"), "operator"
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{Role: &role}); err != nil {
		t.Fatal(err)
	}
	if in(t, o, bert.Secret) {
		t.Error("a session outlives the role")
	}
	name := "Bert"
	again := signIn(t, o, "bert")
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{DisplayName: &name}); err != nil || !in(t, o, again.Secret) {
		t.Error("a session ends with a display name")
	}
}

// TestChangePassword refuses the wrong old one, the same and weak ones, and counts wrong ones as a sign-in does.
func TestChangePassword(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	s := signIn(t, o, "bert")
	for new, old := range map[string]string{"short": right, "nine copper herons": wrong, right: right, "password1234": right} {
		if _, err := o.ChangePassword(t.Context(), s.User, old, new, here); twin.KindOf(err) != twin.Invalid {
			t.Errorf("from %s to %s: %v", old, new, err)
		}
	}
	var l *auth.Locked
	for range 6 {
		_, err := o.ChangePassword(t.Context(), s.User, wrong, "nine copper herons", here)
		errors.As(err, &l)
	}
	if l == nil {
		t.Error("old passwords can be guessed without an end")
	}
	if !in(t, o, s.Secret) {
		t.Error("the session ended though nothing was changed")
	}
}

// TestMySessions lists and ends one's own sessions; another's does not exist.
func TestMySessions(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	mine, second, theirs := signIn(t, o, "anna"), signIn(t, o, "anna"), signIn(t, o, "bert")
	list, err := o.Sessions(t.Context(), "anna")
	if err != nil || len(list) != 2 || !slices.ContainsFunc(list, func(s auth.SessionInfo) bool { return s.ID == mine.User.Session }) || list[0].Address != here.Address || list[0].Agent != "test" {
		t.Fatalf("%+v %v", list, err)
	}
	for _, id := range []string{theirs.User.Session, "nothing", "", mine.Secret} {
		if err := o.EndSession(t.Context(), "anna", id); twin.KindOf(err) != twin.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	if !in(t, o, theirs.Secret) {
		t.Error("another's session ended")
	}
	if err := o.EndSession(t.Context(), "anna", second.User.Session); err != nil || in(t, o, second.Secret) || !in(t, o, mine.Secret) {
		t.Errorf("%v", err)
	}
	third := signIn(t, o, "anna")
	if err := o.EndSessions(t.Context(), "anna", mine.User.Session); err != nil || in(t, o, third.Secret) || !in(t, o, mine.Secret) {
		t.Errorf("%v", err)
	}
}

// TestLinks signs in once by each link, while it lasts.
func TestLinks(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	link, err := o.ResetPassword(t.Context(), "bert")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignInByPassword(t.Context(), "bert", right, here, ""); err == nil {
		t.Error("the password works that was taken away")
	}
	if _, ok, _ := o.ByToken(t.Context(), link.Secret); ok {
		t.Error("a link is a bearer token")
	}
	s, err := o.SignIn(t.Context(), link.Secret, here, "")
	if err != nil || !s.User.MustChange {
		t.Fatalf("%+v %v", s.User, err)
	}
	if u, _, _ := o.BySession(t.Context(), s.Secret); !u.MustChange {
		t.Error("the session is for more than setting a password")
	}
	if _, err := o.SignIn(t.Context(), link.Secret, here, ""); twin.KindOf(err) != twin.Denied {
		t.Errorf("a second time: %v", err)
	}
	next, err := o.ChangePassword(t.Context(), s.User, "", "nine copper herons", here)
	if err != nil || next.User.MustChange {
		t.Fatalf("%+v %v", next.User, err)
	}
	if u, ok, _ := o.BySession(t.Context(), next.Secret); !ok || u.MustChange {
		t.Errorf("%+v %v", u, ok)
	}
	// Of two who use it at once, one comes in.
	if link, err = o.MakeLink(t.Context(), "anna", 0); err != nil || !link.Ends.IsZero() {
		t.Fatal(err)
	}
	c.pass(1000 * 24 * time.Hour)
	var wg sync.WaitGroup
	results := make(chan error, 8)
	for range 8 {
		wg.Go(func() {
			_, err := o.SignIn(t.Context(), link.Secret, here, "")
			results <- err
		})
	}
	wg.Wait()
	close(results)
	came := 0
	for err := range results {
		if err == nil {
			came++
		}
	}
	if came != 1 {
		t.Errorf("%d came in by one link", came)
	}
	old, err := o.ResetPassword(t.Context(), "bert")
	if err != nil {
		t.Fatal(err)
	}
	newer, err := o.ResetPassword(t.Context(), "bert")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.SignIn(t.Context(), old.Secret, here, ""); err == nil {
		t.Error("a link works after the next was made")
	}
	c.pass(auth.LinkLife + time.Second)
	if _, err := o.SignIn(t.Context(), newer.Secret, here, ""); err == nil {
		t.Error("a link works after its end")
	}
}

// TestTokens gives tokens scopes and an end, and lists them without their secret.
func TestTokens(t *testing.T) {
	c := newClock()
	o := office(t, t.TempDir(), c.now)
	people(t, o)
	text, info, err := o.MakeToken(t.Context(), "bert", auth.NewToken{Name: "QGIS", Scopes: []auth.Right{"read", "export", "read"}})
	if err != nil || info.Start != text[:6] || len(info.Scopes) != 2 {
		t.Fatalf("%+v %v", info, err)
	}
	u, ok, err := o.ByToken(t.Context(), text)
	if err != nil || !ok || !u.Within(auth.Read) || u.Within(auth.Change) || u.Within(auth.Own) || !u.Within(auth.Self) || !u.Within(auth.Public) {
		t.Errorf("%+v %v %v", u, ok, err)
	}
	if _, err := o.SignIn(t.Context(), text, here, ""); twin.KindOf(err) != twin.Denied {
		t.Errorf("a token with scopes signs in to everything: %v", err)
	}
	if list, err := o.Tokens(t.Context(), "bert"); err != nil || len(list) != 1 || list[0].Name != "QGIS" || list[0].Start != text[:6] || list[0].Used.IsZero() {
		t.Errorf("%+v %v", list, err)
	}
	if err := o.EndToken(t.Context(), "anna", info.ID); twin.KindOf(err) != twin.NotFound {
		t.Errorf("another's token: %v", err)
	}
	c.pass(auth.TokenLife + time.Second)
	if _, ok, _ := o.ByToken(t.Context(), text); ok {
		t.Error("the token works after its end")
	}
	if _, _, err := o.MakeToken(t.Context(), "bert", auth.NewToken{Endless: true}); twin.KindOf(err) != twin.Denied {
		t.Errorf("a planner's token without an end: %v", err)
	}
	if text, info, err = o.MakeToken(t.Context(), "anna", auth.NewToken{Endless: true}); err != nil || !info.Ends.IsZero() {
		t.Fatalf("%+v %v", info, err)
	}
	c.pass(10_000 * time.Hour)
	if u, ok, _ := o.ByToken(t.Context(), text); !ok || !u.Within(auth.Users) {
		t.Error("an administrator's token without an end has ended")
	}
	if err := o.EndToken(t.Context(), "anna", info.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := o.ByToken(t.Context(), text); ok {
		t.Error("the token works after it was revoked")
	}
	for _, n := range []auth.NewToken{{Life: -time.Hour}, {Life: 10_000 * 24 * time.Hour}, {Scopes: []auth.Right{"READ ALL"}}, {Scopes: []auth.Right{""}}, {Name: string(make([]rune, 81))}} {
		if _, _, err := o.MakeToken(t.Context(), "anna", n); twin.KindOf(err) != twin.Invalid {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if _, ok, _ := o.ByToken(t.Context(), "forged-forged-forged-forged-forg"); ok {
		t.Error("a forged token works")
	}
}
