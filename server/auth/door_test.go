package auth_test

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin/db"
)

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
		for range 3 {
			if u, ok, err := server.ByToken(t.Context(), token); err != nil || !ok || u.Name != name {
				t.Fatalf("%+v %v %v", u, ok, err)
			}
		}
		if round%2 == 0 {
			operator := "operator"
			if _, err := command.UpdateUser(t.Context(), name, auth.Update{Role: &operator}); err != nil {
				t.Fatal(err)
			}
			if u, ok, err := server.ByToken(t.Context(), token); err != nil || !ok || u.Role != "operator" {
				t.Fatalf("round %d: after the role was changed: %+v %v %v", round, u, ok, err)
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

// TestWriterDies disables a user as a process does that dies before it has told the others, and wants the user out within a second or little more.
func TestWriterDies(t *testing.T) {
	dir := t.TempDir()
	server := office(t, dir, nil)
	if err := server.AddUser(t.Context(), "bert", "planner"); err != nil {
		t.Fatal(err)
	}
	token, err := server.Token(t.Context(), "bert")
	if err != nil {
		t.Fatal(err)
	}
	in := func() bool {
		_, ok, err := server.ByToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !in() {
		t.Fatal("the token does not work")
	}
	other, err := db.Open(t.Context(), filepath.Join(dir, auth.FileName), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), "update user set disabled = 1 where name = 'bert'"); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); in(); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal("the user is in after 10 s")
		}
	}
}

// TestAuditShutsNobodyOut writes to the audit log and notes uses while the data base is gone for reading: who is known stays known.
func TestAuditShutsNobodyOut(t *testing.T) {
	dir := t.TempDir()
	o := office(t, dir, nil)
	if err := o.AddUser(t.Context(), "anna", "planner"); err != nil {
		t.Fatal(err)
	}
	token, err := o.Token(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := o.ByToken(t.Context(), token); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := o.Trail().Append(t.Context(), trail.Entry{User: "anna", Action: "x"}); err != nil {
		t.Fatal(err)
	}
	if !auth.Remembers(o, token) {
		t.Error("a row of the audit log made the office forget who is in")
	}
	if err := o.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !auth.Remembers(o, token) {
		t.Error("noting the last use made the office forget who is in")
	}
	if err := o.AddUser(t.Context(), "bert", "planner"); err != nil {
		t.Fatal(err)
	}
	if err := o.Disable(t.Context(), "bert"); err != nil {
		t.Fatal(err)
	}
	if auth.Remembers(o, token) {
		t.Error("the office remembers who is in past somebody's being shut out")
	}
}

func benchOffice(b *testing.B) (*auth.Office, string) {
	o, err := auth.Open(b.Context(), b.TempDir(), auth.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { o.Close() })
	if err := o.AddUser(b.Context(), "anna", "planner"); err != nil {
		b.Fatal(err)
	}
	token, err := o.Token(b.Context(), "anna")
	if err != nil {
		b.Fatal(err)
	}
	return o, token
}

// BenchmarkByToken is what a request pays to be known.
func BenchmarkByToken(b *testing.B) {
	o, token := benchOffice(b)
	for b.Loop() {
		if _, ok, err := o.ByToken(b.Context(), token); !ok || err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkByTokenAudited is what a request pays to be known while the audit log is written to without a pause.
func BenchmarkByTokenAudited(b *testing.B) {
	o, token := benchOffice(b)
	var rows atomic.Int64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := o.Trail().Append(b.Context(), trail.Entry{User: "anna", Action: "bench", Status: 200}); err != nil {
				b.Error(err)
				return
			}
			rows.Add(1)
		}
	}()
	b.ResetTimer()
	start := time.Now()
	for b.Loop() {
		if _, ok, err := o.ByToken(b.Context(), token); !ok || err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows.Load())/time.Since(start).Seconds(), "rows/s")
	close(stop)
	<-done
}
