// Package limit keeps what one user or one address may ask of an installation within bounds: how often, how much at once, how long, and how much of the
// city at full detail in a day. It knows no HTTP; the server asks it once for each request, by the class that the table of routes gives the route.
package limit

import (
	"net/netip"
	"time"
)

// Class is a class of routes that share bounds.
type Class string

// The classes. Probe is what a supervisor asks for; Page is the viewer's own files and what lies nowhere.
const (
	Probe  Class = "probe"
	Page   Class = "page"
	SignIn Class = "sign-in"
	Read   Class = "read"
	Tiles  Class = "tiles"
	Search Class = "search"
	Heavy  Class = "heavy" // models, cut-outs, exports, imports
	Change Class = "change"
	Stream Class = "stream" // events, without an end
)

// Classes lists the classes.
func Classes() []Class {
	return []Class{Probe, Page, SignIn, Read, Tiles, Search, Heavy, Change, Stream}
}

// Public is the role of who is not signed in.
const Public = "public"

// Who is who asks.
type Who struct {
	Role    string // "" is Public
	User    string // "" is nobody
	Address netip.Addr
}

// role is the row of the tables for who asks.
func (w Who) role() string {
	if w.User == "" || w.Role == "" {
		return Public
	}
	return w.Role
}

// network is the address, or of IPv6 the /64 around it: whoever has one address of a /64 mostly has all of them (RFC 6177).
func (w Who) network() netip.Prefix {
	a := w.Address.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address: all of those are one
	}
	return p
}

// Bounds are what one request of a class may take.
type Bounds struct {
	Time time.Duration // to answer; 0 is without end
	Body int64         // bytes of JSON; uploads have a setting of their own
}

// bounds by class.
var bounds = map[Class]Bounds{
	Probe:  {5 * time.Second, 4 << 10},
	Page:   {30 * time.Second, 4 << 10},
	SignIn: {15 * time.Second, 64 << 10},
	Read:   {30 * time.Second, 1 << 20},
	Tiles:  {60 * time.Second, 4 << 10},
	Search: {15 * time.Second, 1 << 20},
	Heavy:  {2 * time.Minute, 16 << 20},
	Change: {2 * time.Minute, 16 << 20},
	Stream: {0, 4 << 10},
}

// BoundsOf is what one request of a class may take; ok is false for what is no class.
func BoundsOf(c Class) (b Bounds, ok bool) {
	b, ok = bounds[c]
	return b, ok
}

// MaxQuery bounds the text after the question mark of an address, bytes.
const MaxQuery = 8 << 10
