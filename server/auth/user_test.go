package auth_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/undercity/undercity/server/auth"
	"github.com/undercity/undercity/server/trail"
	"github.com/undercity/undercity/twin"
)

// TestLastAdministrator is never disabled, demoted or removed.
func TestLastAdministrator(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	yes, no, planner, admin := true, false, "planner", "admin"
	for what, u := range map[string]auth.Update{"disabled": {Disabled: &yes}, "demoted": {Role: &planner}} {
		if _, err := o.UpdateUser(t.Context(), "anna", u); twin.KindOf(err) != twin.Conflict {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := o.RemoveUser(t.Context(), "anna"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("removed: %v", err)
	}
	if a, err := o.Account(t.Context(), "anna"); err != nil || a.Disabled || a.Role != "admin" {
		t.Fatalf("%+v %v", a, err)
	}
	// A disabled one does not count.
	if err := o.AddUser(t.Context(), "carl", "admin"); err != nil {
		t.Fatal(err)
	}
	if err := o.Disable(t.Context(), "carl"); err != nil {
		t.Fatal(err)
	}
	if err := o.Disable(t.Context(), "anna"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("with a disabled one beside: %v", err)
	}
	if _, err := o.UpdateUser(t.Context(), "carl", auth.Update{Disabled: &no}); err != nil {
		t.Fatal(err)
	}
	if err := o.Disable(t.Context(), "anna"); err != nil {
		t.Errorf("with another one: %v", err)
	}
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{Role: &admin}); err != nil {
		t.Fatal(err)
	}
}

// TestLastAdministratorRace has administrators disable one another at the same time, from two processes.
func TestLastAdministratorRace(t *testing.T) {
	dir := t.TempDir()
	a, b := office(t, dir, nil), office(t, dir, nil)
	const n = 6
	for i := range n {
		if err := a.AddUser(t.Context(), fmt.Sprint("admin", i), "admin"); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := []*auth.Office{a, b}[i%2].Disable(t.Context(), fmt.Sprint("admin", i)); err != nil && twin.KindOf(err) != twin.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	users, err := b.Users(t.Context())
	left := 0
	for _, u := range users {
		if !u.Disabled {
			left++
		}
	}
	if err != nil || left != 1 {
		t.Errorf("%d administrators are left, %v", left, err)
	}
}

// TestRemove takes a user away who did nothing, and leaves whoever the audit log names.
func TestRemove(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	signIn(t, o, "bert")
	if err := o.RemoveUser(t.Context(), "bert"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("who has signed in: %v", err)
	}
	for _, name := range []string{"carl", "dora", "emil"} {
		if err := o.AddUser(t.Context(), name, "planner"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Token(t.Context(), "carl"); err != nil {
		t.Fatal(err)
	}
	if err := o.RemoveUser(t.Context(), "carl"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("who has a token: %v", err)
	}
	if _, err := o.Trail().Append(t.Context(), trail.Entry{User: "dora", Action: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := o.RemoveUser(t.Context(), "dora"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("whom the log names: %v", err)
	}
	if _, err := o.ResetPassword(t.Context(), "emil"); err != nil {
		t.Fatal(err)
	}
	if err := o.RemoveUser(t.Context(), "emil"); err != nil {
		t.Error(err)
	}
	if err := o.RemoveUser(t.Context(), "emil"); twin.KindOf(err) != twin.NotFound {
		t.Errorf("twice: %v", err)
	}
}

// TestUnits gives users units, and keeps a unit that somebody belongs to.
func TestUnits(t *testing.T) {
	o := office(t, t.TempDir(), nil)
	people(t, o)
	gas := auth.Unit{Code: "GAS", Name: "城市燃气公司", Kind: "owner", Phone: "+86 631 123-4567"}
	if err := o.AddUnit(t.Context(), gas); err != nil {
		t.Fatal(err)
	}
	if err := o.AddUnit(t.Context(), gas); twin.KindOf(err) != twin.Conflict {
		t.Errorf("twice: %v", err)
	}
	for _, u := range []auth.Unit{{}, {Code: "a b", Name: "x", Kind: "owner"}, {Code: "X", Kind: "owner"}, {Code: "X", Name: "x"}, {Code: "X", Name: "x", Kind: "king"}, {Code: "X", Name: "x", Kind: "owner", Phone: "call me"}, {Code: "X", Name: "a\nb", Kind: "owner"}} {
		if err := o.AddUnit(t.Context(), u); twin.KindOf(err) != twin.Invalid {
			t.Errorf("%+v: %v", u, err)
		}
	}
	code, wrong := "GAS", "NONE"
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{Unit: &wrong}); twin.KindOf(err) != twin.Invalid {
		t.Errorf("a unit that is none: %v", err)
	}
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{Unit: &code}); err != nil {
		t.Fatal(err)
	}
	if s := signIn(t, o, "bert"); s.User.Unit != "GAS" {
		t.Errorf("%+v", s.User)
	}
	if err := o.RemoveUnit(t.Context(), "GAS"); twin.KindOf(err) != twin.Conflict {
		t.Errorf("with a user: %v", err)
	}
	gas.Name = "Gas"
	if err := o.SetUnit(t.Context(), gas); err != nil {
		t.Error(err)
	}
	if list, err := o.Units(t.Context()); err != nil || len(list) != 1 || list[0].Name != "Gas" || list[0].Users != 1 {
		t.Errorf("%+v %v", list, err)
	}
	none := ""
	if _, err := o.UpdateUser(t.Context(), "bert", auth.Update{Unit: &none}); err != nil {
		t.Fatal(err)
	}
	if err := o.RemoveUnit(t.Context(), "GAS"); err != nil {
		t.Error(err)
	}
	if err := o.SetUnit(t.Context(), gas); twin.KindOf(err) != twin.NotFound {
		t.Errorf("gone: %v", err)
	}
	if list, err := o.FindUsers(t.Context(), "NN", "", 10); err != nil || len(list) != 1 || list[0].Name != "anna" {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := o.FindUsers(t.Context(), "", "anna", 1); err != nil || len(list) != 1 || list[0].Name != "bert" {
		t.Errorf("%+v %v", list, err)
	}
}
