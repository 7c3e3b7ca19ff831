package limit

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"
)

// Limiter counts requests against a table of rates, by user, or by address where nobody is signed in and for sign-ins. It may be used from any goroutine.
type Limiter struct {
	table Table
	now   func() time.Time
	most  int

	mu      sync.Mutex
	buckets map[key]*list.Element
	recent  *list.List // of *bucket, latest used first
}

// LimiterOptions are the settings of a Limiter; the zero value is the default.
type LimiterOptions struct {
	Now  func() time.Time // default time.Now
	Most int              // users and addresses remembered, classes apart; default 100,000, some 20 MB
}

// key is whose bucket it is.
type key struct {
	class Class
	user  string
	from  netip.Prefix
}

// bucket holds what is left; it fills by the rate.
type bucket struct {
	key  key
	left float64
	at   time.Time
}

// NewLimiter returns a limiter by a table, which must not be changed any more.
func NewLimiter(t Table, o LimiterOptions) *Limiter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Most == 0 {
		o.Most = 100_000
	}
	return &Limiter{table: t, now: o.Now, most: o.Most, buckets: map[key]*list.Element{}, recent: list.New()}
}

// Verdict is the answer to one request.
type Verdict struct {
	OK   bool
	Rate Rate          // that holds
	Left int           // how many more at once
	Wait time.Duration // until one more
	By   string        // "user" or "address": what is counted
}

// keyOf is whose bucket a request takes from.
func keyOf(w Who, c Class) key {
	if w.User == "" || c == SignIn {
		return key{class: c, from: w.network()}
	}
	return key{class: c, user: w.User}
}

// Take takes one request off what is left.
func (l *Limiter) Take(w Who, c Class) Verdict {
	r := l.table.rateOf(w.role(), c)
	if r.Free() {
		return Verdict{OK: true, Rate: r}
	}
	k := keyOf(w, c)
	v := Verdict{Rate: r, By: "user"}
	if k.user == "" {
		v.By = "address"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(k, r)
	if v.OK = b.left >= 1; v.OK {
		b.left--
	}
	v.Left = int(b.left)
	if b.left < 1 {
		v.Wait = time.Duration((1 - b.left) / r.PerSecond * float64(time.Second))
	}
	return v
}

// bucket is the filled bucket of a key.
func (l *Limiter) bucket(k key, r Rate) *bucket {
	now := l.now()
	e := l.buckets[k]
	if e == nil {
		for l.recent.Len() >= l.most {
			last := l.recent.Back()
			delete(l.buckets, l.recent.Remove(last).(*bucket).key)
		}
		e = l.recent.PushFront(&bucket{key: k, left: r.Burst, at: now})
		l.buckets[k] = e
	}
	l.recent.MoveToFront(e)
	b := e.Value.(*bucket)
	if past := now.Sub(b.at); past > 0 {
		b.left, b.at = math.Min(r.Burst, b.left+past.Seconds()*r.PerSecond), now
	}
	return b
}

// Return gives back what a request took: of sign-ins only those that fail count.
func (l *Limiter) Return(w Who, c Class) {
	r := l.table.rateOf(w.role(), c)
	if r.Free() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(keyOf(w, c), r)
	b.left = math.Min(r.Burst, b.left+1)
}

// Len is how many users and addresses are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.Len()
}
