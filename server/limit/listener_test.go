package limit_test

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/undercity/undercity/server/limit"
)

// from is a listener whose connections come from where the test says.
type from struct {
	calls chan string
}

func (f *from) Accept() (net.Conn, error) {
	a, ok := <-f.calls
	if !ok {
		return nil, io.EOF
	}
	c, _ := net.Pipe()
	return &fromConn{c, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(a))}, nil
}
func (f *from) Close() error   { return nil }
func (f *from) Addr() net.Addr { return nil }

type fromConn struct {
	net.Conn
	remote net.Addr
}

func (c *fromConn) RemoteAddr() net.Addr { return c.remote }

// TestListen bounds connections in all and of one address, and lets others in when they have gone.
func TestListen(t *testing.T) {
	f := &from{make(chan string, 100)}
	l := limit.Listen(f, limit.ListenOptions{Most: 6, PerAddress: 2, Exempt: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	in := make(chan net.Conn)
	go func() {
		defer close(in)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			in <- c
		}
	}()
	var open []net.Conn
	come := func(a string, want bool) {
		t.Helper()
		f.calls <- a
		select {
		case c := <-in:
			open = append(open, c)
			if !want {
				t.Errorf("%s was let in", a)
			}
		case <-time.After(100 * time.Millisecond):
			if want {
				t.Errorf("%s was not let in", a)
			}
		}
	}
	come("[2001:db8::1]:1", true)
	come("[2001:db8::2]:1", true)
	come("[2001:db8::3]:1", false)
	come("10.1.1.1:1", true)
	come("10.1.1.1:2", true)
	come("10.1.1.1:3", true)
	come("127.0.0.1:1", true)
	come("127.0.0.1:2", false) // the whole is full
	for range 2 {              // closing twice counts once
		if err := open[0].Close(); err != nil {
			t.Log(err)
		}
	}
	come("[2001:db8::4]:1", true)
	come("[2001:db8::5]:1", false)
	close(f.calls)
}
