package limit

import (
	"net"
	"net/netip"
	"slices"
	"sync"
)

// ListenOptions are the settings of Listen; the zero value is the default.
type ListenOptions struct {
	Most       int            // connections at once; default 30,000
	PerAddress int            // of them from one address, or one /64; default 1000
	Exempt     []netip.Prefix // addresses that many share: proxies
}

// Listen bounds how many connections a listener has at once, in all and from one address. What is beyond is closed at once; loopback addresses and exempt ones
// are bounded by the whole alone.
func Listen(l net.Listener, o ListenOptions) net.Listener {
	if o.Most == 0 {
		o.Most = 30_000
	}
	if o.PerAddress == 0 {
		o.PerAddress = 1000
	}
	return &listener{Listener: l, o: o, from: map[netip.Prefix]int{}}
}

type listener struct {
	net.Listener
	o ListenOptions

	mu   sync.Mutex
	all  int
	from map[netip.Prefix]int
}

// Accept returns the next connection within the bounds.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if place, ok := l.enter(c.RemoteAddr()); ok {
			return &conn{Conn: c, leave: sync.OnceFunc(func() { l.leave(place) })}, nil
		}
		_ = c.Close() // nobody is told: a sentence for each would cost more than the connection
	}
}

// enter counts a connection in; place is what it is counted under.
func (l *listener) enter(remote net.Addr) (place netip.Prefix, ok bool) {
	if p, err := netip.ParseAddrPort(remote.String()); err == nil {
		a := p.Addr().Unmap().WithZone("")
		if !a.IsLoopback() && !slices.ContainsFunc(l.o.Exempt, func(e netip.Prefix) bool { return e.Contains(a) }) {
			place = Who{Address: a}.network()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= l.o.Most || place.IsValid() && l.from[place] >= l.o.PerAddress {
		return place, false
	}
	l.all++
	l.from[place]++
	return place, true
}

func (l *listener) leave(place netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.from[place]--; l.from[place] == 0 {
		delete(l.from, place)
	}
}

type conn struct {
	net.Conn
	leave func()
}

// Close closes the connection and counts it out.
func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}
