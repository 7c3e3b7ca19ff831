package auth

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"github.com/undercity/undercity/twin"
)

// limits of wrong passwords: so many are free, then each has to wait twice as long as the one before, up to longest; one is forgotten in each leak. An
// address comes to its limit well before a user, whose wrong passwords are forgotten sooner than one address can add to them: nobody shuts a user out from
// one place.
type limits struct {
	free   float64
	leak   time.Duration
	flying int // tried at once beside those counted
}

var (
	ofAddress = limits{free: 5, leak: time.Hour, flying: 16}
	ofUser    = limits{free: 10, leak: 5 * time.Minute}
)

const (
	shortest = time.Second
	longest  = 15 * time.Minute
	// maxCounted bounds how many addresses and how many names are counted.
	maxCounted = 20_000
)

// Locked is the error of who has to wait before another password is tried.
type Locked struct {
	Wait time.Duration
	Err  error
}

// Error is the sentence.
func (l *Locked) Error() string { return l.Err.Error() }

// Unwrap returns the cause.
func (l *Locked) Unwrap() error { return l.Err }

func locked(wait time.Duration) *Locked {
	s := int(math.Ceil(wait.Seconds()))
	return &Locked{Wait: time.Duration(s) * time.Second, Err: twin.Errorf(twin.Denied, "too many wrong passwords").WithHint("wait %d s and try again", s)}
}

// tally is the wrong passwords of one address or user.
type tally struct {
	wrong  float64
	at     time.Time // when wrong was right
	until  time.Time
	flying int
}

// guard counts wrong passwords by address and by user, known or not. It forgets them when the server ends.
type guard struct {
	now func() time.Time

	mu    sync.Mutex
	of    [2]map[string]*tally // by address, by user
	swept time.Time
}

func newGuard(now func() time.Time) *guard {
	return &guard{now: now, of: [2]map[string]*tally{{}, {}}}
}

// network is what an address is counted by: of IPv6, where a subscriber has many, the first 64 bits.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap()
	if a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// begin lets a password be tried, or says how long to wait. at is the network of the address; known says that the user has signed in from there before, so
// that what others tried does not shut the user out. Each try that was let begin is to end.
func (g *guard) begin(at, user string, known bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.sweep(now)
	a, u := g.get(0, at, now, ofAddress), g.get(1, user, now, ofUser)
	if wait := a.wait(now, ofAddress); wait > 0 {
		return locked(wait)
	}
	if wait := u.wait(now, ofUser); wait > 0 && !known {
		return locked(wait)
	}
	a.flying++
	u.flying++
	return nil
}

// end ends a try. A right password clears the user; the address keeps its count, or whoever has an account could guess at others for ever.
func (g *guard) end(at, user string, wrong bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	a, u := g.get(0, at, now, ofAddress), g.get(1, user, now, ofUser)
	a.flying, u.flying = max(0, a.flying-1), max(0, u.flying-1)
	if wrong {
		a.fail(now, ofAddress)
		u.fail(now, ofUser)
		return
	}
	u.wrong, u.until = 0, time.Time{}
}

// drop ends a try of which nothing came.
func (g *guard) drop(at, user string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, key := range [...]string{at, user} {
		if t := g.of[i][key]; t != nil {
			t.flying = max(0, t.flying-1)
		}
	}
}

func (g *guard) get(i int, key string, now time.Time, l limits) *tally {
	t := g.of[i][key]
	if t == nil {
		t = &tally{at: now}
		g.of[i][key] = t
	}
	t.leak(now, l)
	return t
}

func (t *tally) leak(now time.Time, l limits) {
	if d := now.Sub(t.at); d > 0 {
		t.wrong, t.at = math.Max(0, t.wrong-d.Seconds()/l.leak.Seconds()), now
	}
}

func (t *tally) wait(now time.Time, l limits) time.Duration {
	if w := t.until.Sub(now); w > 0 {
		return w
	}
	if l.flying > 0 && t.flying >= l.flying || l.flying == 0 && t.wrong+float64(t.flying) >= l.free+1 && t.flying > 0 {
		return shortest // those that are being tried may all be wrong
	}
	return 0
}

func (t *tally) fail(now time.Time, l limits) {
	t.wrong++
	if over := t.wrong - l.free; over >= -0.5 {
		wait := math.Min(longest.Seconds(), shortest.Seconds()*math.Pow(2, math.Round(over)))
		t.until = now.Add(time.Duration(wait * float64(time.Second)))
	}
}

// sweep forgets what no longer counts, and where there is too much to count, whatever comes first.
func (g *guard) sweep(now time.Time) {
	full := len(g.of[0]) > maxCounted || len(g.of[1]) > maxCounted
	if !full && now.Sub(g.swept) < time.Minute {
		return
	}
	g.swept = now
	for i, l := range [...]limits{ofAddress, ofUser} {
		for key, t := range g.of[i] {
			t.leak(now, l)
			if t.flying == 0 && (t.wrong == 0 || len(g.of[i]) > maxCounted) && !t.until.After(now) {
				delete(g.of[i], key)
			}
		}
		for key, t := range g.of[i] { // all of them shut out: a flood from everywhere
			if len(g.of[i]) <= maxCounted {
				break
			}
			if t.flying == 0 {
				delete(g.of[i], key)
			}
		}
	}
}
