package auth_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

func office(t *testing.T, dir string, now func() time.Time) *auth.Office {
	t.Helper()
	o, err := auth.Open(t.Context(), dir, auth.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// TestUsers adds users, refuses what cannot be one, and shuts one out with tokens and sessions.
func TestUsers(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	if err := o.AddUser(t.Context(), "王芳", "planner"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		role string
		kind twin.ErrorKind
	}{"王芳": {"admin", twin.Conflict}, "": {"admin", twin.Invalid}, "a b": {"admin", twin.Invalid}, "x": {"king", twin.Invalid}, "public": {"public", twin.Invalid}} {
		if err := o.AddUser(t.Context(), name, c.role); twin.KindOf(err) != c.kind || err == nil {
			t.Errorf("%q as %s: %v", name, c.role, err)
		}
	}
	token, err := o.Token(t.Context(), "王芳")
	if err != nil {
		t.Fatal(err)
	}
	u, session, err := o.SignIn(t.Context(), token)
	if err != nil || u.Name != "王芳" || session == token {
		t.Fatalf("%+v, %v", u, err)
	}
	if u, ok, err := o.BySession(t.Context(), session); err != nil || !ok || !u.May(auth.Read) || u.May(auth.Change) || u.May(auth.Audit) {
		t.Errorf("%+v %v %v", u, ok, err)
	}
	// A session is no token, and a token no session.
	if _, ok, _ := o.ByToken(t.Context(), session); ok {
		t.Error("a session was taken as a token")
	}
	if _, ok, _ := o.BySession(t.Context(), token); ok {
		t.Error("a token was taken as a session")
	}
	if err := o.Disable(t.Context(), "王芳"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := o.ByToken(t.Context(), token); ok {
		t.Error("the token of a disabled user works")
	}
	if _, ok, _ := o.BySession(t.Context(), session); ok {
		t.Error("the session of a disabled user works")
	}
	if _, err := o.Token(t.Context(), "王芳"); err == nil {
		t.Error("a disabled user got a token")
	}
	if err := o.Disable(t.Context(), "nobody"); twin.KindOf(err) != twin.NotFound {
		t.Errorf("%v", err)
	}
}

// TestSessionsEnd lets time pass.
func TestSessionsEnd(t *testing.T) {
	now := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	o := office(t, t.TempDir(), func() time.Time { return now })
	if err := o.AddUser(t.Context(), "anna", "admin"); err != nil {
		t.Fatal(err)
	}
	token, err := o.Token(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	_, session, err := o.SignIn(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if _, ok, _ := o.BySession(t.Context(), session); !ok {
		t.Error("the session ended within an hour")
	}
	now = now.Add(60 * 24 * time.Hour)
	if _, ok, _ := o.BySession(t.Context(), session); ok {
		t.Error("the session lasts two months")
	}
}

// TestNoSecretOnDisk looks for the token and the session in the bytes of the files.
func TestNoSecretOnDisk(t *testing.T) {
	dir := t.TempDir()
	o := office(t, dir, nil)
	if err := o.AddUser(t.Context(), "anna", "admin"); err != nil {
		t.Fatal(err)
	}
	token, err := o.Token(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	_, session, err := o.SignIn(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(token)) || bytes.Contains(b, []byte(session)) {
			t.Errorf("%s holds a secret", filepath.Base(f))
		}
	}
}

// TestOthersShutTheDoor disables a user and changes the role of another from a process of its own, as the command line does beside a server, while their
// tokens are in use.
func TestOthersShutTheDoor(t *testing.T) {
	dir := t.TempDir()
	server, command := office(t, dir, nil), office(t, dir, nil)
	for round := range 20 {
		name := fmt.Sprintf("user%d", round)
		if err := command.AddUser(t.Context(), name, "planner"); err != nil {
			t.Fatal(err)
		}
		token, err := command.Token(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if round%2 == 0 {
			time.Sleep(30 * time.Millisecond) // long enough to be remembered
		}
		for range 3 {
			if u, ok, err := server.ByToken(t.Context(), token); err != nil || !ok || u.Name != name {
				t.Fatalf("%+v %v %v", u, ok, err)
			}
		}
		if err := command.Disable(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := server.ByToken(t.Context(), token); ok {
			t.Fatalf("round %d: the token of a user who was disabled works", round)
		}
	}
}

// BenchmarkByToken is what a request pays to be known.
func BenchmarkByToken(b *testing.B) {
	o, err := auth.Open(b.Context(), b.TempDir(), auth.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	if err := o.AddUser(b.Context(), "anna", "planner"); err != nil {
		b.Fatal(err)
	}
	token, err := o.Token(b.Context(), "anna")
	if err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, ok, err := o.ByToken(b.Context(), token); !ok || err != nil {
				b.Fatal(err)
			}
		}
	})
}
