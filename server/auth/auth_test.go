package auth_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/twin"
)

// cheap is a cost of hashes that tests can pay.
var cheap = auth.Cost{Memory: 64, Passes: 1, Lanes: 1}

var here = auth.Place{Address: "192.0.2.7", Agent: "test"}

func office(t *testing.T, dir string, now func() time.Time) *auth.Office {
	t.Helper()
	o, err := auth.Open(t.Context(), dir, auth.Options{Now: now, Cost: cheap})
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
	in, err := o.SignIn(t.Context(), token, here, "")
	session := in.Secret
	if err != nil || in.User.Name != "王芳" || session == token {
		t.Fatalf("%+v, %v", in, err)
	}
	if u, ok, err := o.BySession(t.Context(), session); err != nil || !ok || u.Role != "planner" || u.Session == "" || u.MustChange {
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
	in, err := o.SignIn(t.Context(), token, here, "")
	if err != nil {
		t.Fatal(err)
	}
	session := in.Secret
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
