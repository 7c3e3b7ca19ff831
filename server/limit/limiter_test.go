package limit_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/undercity/undercity/server/limit"
)

func at(a string) limit.Who { return limit.Who{Address: netip.MustParseAddr(a)} }

func user(role, name string) limit.Who {
	return limit.Who{Role: role, User: name, Address: netip.MustParseAddr("192.0.2.1")}
}

// TestLimiter lets time pass: a bucket empties, fills by its rate and no higher than its burst, for each user and address alone.
func TestLimiter(t *testing.T) {
	now := time.Unix(1e9, 0)
	table := limit.StandardTable()
	for _, s := range []string{"contractor.search=2/s:3", "public.sign-in=6/m:2", "public.read=1/s:1"} {
		if err := table.Set(s); err != nil {
			t.Fatal(err)
		}
	}
	l := limit.NewLimiter(table, limit.LimiterOptions{Now: func() time.Time { return now }})
	take := func(w limit.Who, c limit.Class, want ...bool) {
		t.Helper()
		for i, ok := range want {
			if v := l.Take(w, c); v.OK != ok {
				t.Errorf("%v %s, request %d: %+v", w, c, i, v)
			}
		}
	}
	take(user("contractor", "a"), limit.Search, true, true, true, false)
	take(user("contractor", "b"), limit.Search, true)
	take(user("contractor", "a"), limit.Read, true)
	if v := l.Take(user("contractor", "a"), limit.Search); v.Wait != 500*time.Millisecond || v.By != "user" || v.Left != 0 {
		t.Errorf("%+v", v)
	}
	now = now.Add(time.Second)
	take(user("contractor", "a"), limit.Search, true, true, false)
	now = now.Add(time.Hour)
	take(user("contractor", "a"), limit.Search, true, true, true, false)

	// One /64 is one, another is another; mapped IPv4 is IPv4.
	take(at("2001:db8::1"), limit.Read, true, false)
	take(at("2001:db8::ffff:0:1"), limit.Read, false)
	take(at("2001:db8:0:1::1"), limit.Read, true)
	take(at("198.51.100.7"), limit.Read, true, false)
	take(at("::ffff:198.51.100.7"), limit.Read, false)
	take(limit.Who{}, limit.Read, true, false)

	// Sign-ins count by address, whoever is signed in already, and those that succeed do not count.
	take(at("198.51.100.8"), limit.SignIn, true, true, false)
	w := user("admin", "root")
	take(w, limit.SignIn, true, true, false)
	l.Return(w, limit.SignIn)
	take(w, limit.SignIn, true, false)
	// A user without a role the table knows is a stranger, not without a limit.
	for range 300 {
		l.Take(user("king", "k"), limit.Tiles)
	}
	take(user("king", "k"), limit.Tiles, false)
	for range 100_000 {
		if v := l.Take(user("planner", "p"), limit.Tiles); !v.OK || !v.Rate.Free() {
			t.Fatalf("%+v", v)
		}
	}
}

// TestManyAddresses asks from more addresses than are remembered.
func TestManyAddresses(t *testing.T) {
	l := limit.NewLimiter(limit.StandardTable(), limit.LimiterOptions{Most: 1000})
	for i := range 50_000 {
		l.Take(at(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff)), limit.Read)
	}
	if n := l.Len(); n != 1000 {
		t.Errorf("%d addresses are remembered", n)
	}
}

// TestTable reads what a setting says.
func TestTable(t *testing.T) {
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"contractor.tiles=500/s:5000", true}, {"public.sign-in=10/m:10", true}, {"planner.heavy=none", true}, {" contractor.read=0.5/h:1", true},
		{"contractor.tiles", false}, {"king.tiles=1/s:1", false}, {"contractor.naps=1/s:1", false}, {"contractor.tiles=1/d:1", false}, {"contractor.tiles=0/s:1", false},
		{"contractor.tiles=NaN/s:1", false}, {"contractor.tiles=1/s:0", false}, {"contractor.tiles=Inf/s:1", false}, {"contractor.sign-in=1/s:1", false}, {"public.probe=1/s:1", false}, {"", false},
	} {
		if err := limit.StandardTable().Set(c.text); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
	for r, want := range map[limit.Rate]string{{PerSecond: 500, Burst: 5000}: "500/s:5000", {PerSecond: 0.5, Burst: 30}: "30/m:30", {PerSecond: 1.0 / 360, Burst: 2}: "10/h:2"} {
		if r.String() != want {
			t.Errorf("%v is %s, want %s", r.PerSecond, r, want)
		}
	}
	for _, c := range limit.Classes() {
		if _, ok := limit.BoundsOf(c); !ok {
			t.Errorf("%s has no bounds", c)
		}
	}
}

func BenchmarkTake(b *testing.B) {
	l := limit.NewLimiter(limit.StandardTable(), limit.LimiterOptions{})
	for _, role := range []string{"planner", "contractor"} {
		b.Run(role, func(b *testing.B) {
			w := user(role, "a")
			for b.Loop() {
				l.Take(w, limit.Tiles)
			}
		})
	}
}
