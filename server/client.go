package server

import (
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/twin"
)

var (
	hostName   = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	pathPrefix = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+/?$`)
)

// client finds out where a request comes from. What a proxy says of the client is taken from the proxies of the options alone: anybody can send such
// headers.
func (s *service) client(c *gin.Context) {
	rest.SetClient(c, s.clientOf(c.Request))
}

func (s *service) clientOf(r *http.Request) rest.Client {
	from := rest.Client{Address: peer(r), Scheme: "http", Host: r.Host, Prefix: s.o.BasePath}
	if r.TLS != nil {
		from.Scheme = "https"
	}
	if s.isProxy(from.Address) {
		s.said(r, &from)
	}
	if !hostName.MatchString(from.Host) {
		from.Host = "localhost"
	}
	return from
}

// peer is the other end of the connection.
func peer(r *http.Request) netip.Addr {
	p, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr().Unmap().WithZone("")
}

func (s *service) isProxy(a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(s.o.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// said takes over what a trusted proxy says: by Forwarded (RFC 7239), else by X-Forwarded-For, -Proto and -Host; the prefix by X-Forwarded-Prefix.
func (s *service) said(r *http.Request, from *rest.Client) {
	hops := forwarded(r.Header.Values("Forwarded"))
	if hops == nil {
		hops = olderForwarded(r.Header)
	}
	// From the nearest hop outwards, as long as those who speak are trusted; of what the last of them says nothing further is believed.
	for _, h := range slices.Backward(hops) {
		if h.proto == "http" || h.proto == "https" {
			from.Scheme = h.proto
		}
		if hostName.MatchString(h.host) {
			from.Host = h.host
		}
		a, ok := addressOf(h.by)
		if !ok {
			break
		}
		from.Address = a
		if !s.isProxy(a) {
			break
		}
	}
	if p := first(r.Header.Get("X-Forwarded-Prefix")); pathPrefix.MatchString(p) {
		from.Prefix = strings.TrimSuffix(p, "/")
	}
}

// hop is what one proxy said of whom it had the request from.
type hop struct{ by, proto, host string }

// maxHops bounds how many are looked at.
const maxHops = 20

// forwarded reads Forwarded, RFC 7239.
func forwarded(values []string) (hops []hop) {
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		var h hop
		for pair := range strings.SplitSeq(part, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if !ok {
				continue
			}
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				h.by = value
			case "proto":
				h.proto = strings.ToLower(value)
			case "host":
				h.host = value
			}
		}
		if h != (hop{}) {
			hops = append(hops, h)
		}
	}
	return hops[max(0, len(hops)-maxHops):]
}

// olderForwarded reads the X-Forwarded headers. Where proto and host are one while the addresses are many, they are what the client used.
func olderForwarded(h http.Header) (hops []hop) {
	for a := range strings.SplitSeq(strings.Join(h.Values("X-Forwarded-For"), ","), ",") {
		if a = strings.TrimSpace(a); a != "" {
			hops = append(hops, hop{by: a})
		}
	}
	if hops == nil {
		hops = []hop{{}}
	}
	hops = hops[max(0, len(hops)-maxHops):]
	last := &hops[len(hops)-1]
	last.proto, last.host = strings.ToLower(first(h.Get("X-Forwarded-Proto"))), first(h.Get("X-Forwarded-Host"))
	return hops
}

func first(list string) string {
	f, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(f)
}

// addressOf reads an address with or without a port and brackets; "unknown" and names that hide it are none.
func addressOf(text string) (netip.Addr, bool) {
	if p, err := netip.ParseAddrPort(text); err == nil {
		return p.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err == nil
}

// ParseBasePath reads the path below which an installation is served: "" or "/" for none, or one such as /twin.
func ParseBasePath(text string) (string, error) {
	text = strings.TrimSuffix(text, "/")
	if text != "" && !pathPrefix.MatchString(text) {
		return "", twin.Errorf(twin.Invalid, "%.100q is not a path to serve below", text).WithHint("write it as /twin")
	}
	return text, nil
}

// below takes the prefix of the options off the paths of requests, which a proxy may have done already. The bare prefix leads to the page, whose own
// addresses are relative to it.
func below(prefix string, next http.Handler) http.Handler {
	if prefix == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, prefix)
		if !ok || rest != "" && rest[0] != '/' {
			next.ServeHTTP(w, r)
			return
		}
		if rest == "" {
			w.Header().Set("Location", prefix+"/")
			w.WriteHeader(http.StatusPermanentRedirect)
			return
		}
		inner, u := *r, *r.URL
		u.Path, u.RawPath = rest, strings.TrimPrefix(u.RawPath, prefix)
		inner.URL = &u
		next.ServeHTTP(w, &inner)
	})
}
