package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a machine may have none

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/server/limit"
)

// webFlags are those of how an installation is reached.
type webFlags struct {
	listen, cert, key, base string
	insecure                bool
	proxies, limits         []string
	areas                   []string
	zone                    string
	connections, upload     int
}

func (f *webFlags) add(cmd *cobra.Command) {
	bind(cmd, &f.listen, "listen")
	bind(cmd, &f.cert, "tls-cert")
	bind(cmd, &f.key, "tls-key")
	bind(cmd, &f.insecure, "insecure-http")
	bind(cmd, &f.proxies, "proxy")
	bind(cmd, &f.base, "base-path")
	bind(cmd, &f.limits, "limit")
	bind(cmd, &f.areas, "area-limit")
	bind(cmd, &f.zone, "zone")
	bind(cmd, &f.connections, "max-connections")
	bind(cmd, &f.upload, "max-upload")
}

// web is how an installation is reached.
type web struct {
	flags   *webFlags
	proxies []netip.Prefix
	table   limit.Table
	areas   limit.AreaOptions
}

// check reads the flags, and refuses to serve what others could listen in on.
func (f *webFlags) check(ctx context.Context) (*web, error) {
	w := &web{flags: f, table: limit.StandardTable()}
	for _, text := range listed(f.proxies) {
		p, err := parsePrefix(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("--proxy %q is no address or range of addresses; write 10.0.0.5 or 10.0.0.0/8", text)}
		}
		w.proxies = append(w.proxies, p)
	}
	for _, text := range listed(f.limits) {
		if err := w.table.Set(text); err != nil {
			return nil, usageError{fmt.Errorf("--limit: %w", err)}
		}
	}
	w.areas.Quotas = limit.StandardQuotas()
	for _, text := range listed(f.areas) {
		if err := w.areas.Quotas.Set(text); err != nil {
			return nil, usageError{fmt.Errorf("--area-limit: %w", err)}
		}
	}
	if f.zone != "" {
		zone, err := time.LoadLocation(f.zone)
		if err != nil {
			return nil, usageError{fmt.Errorf("--zone %q is not the name of a time zone; write one such as Asia/Shanghai", f.zone)}
		}
		w.areas.Zone = zone
	}
	base, err := server.ParseBasePath(f.base)
	if err != nil {
		return nil, usageError{fmt.Errorf("--base-path: %w", err)}
	}
	f.base = base
	if f.connections < 1 || f.upload < 1 {
		return nil, usageError{errors.New("--max-connections and --max-upload are whole numbers from 1 on")}
	}
	if (f.cert == "") != (f.key == "") {
		return nil, usageError{errors.New("--tls-cert and --tls-key belong together; give both")}
	}
	if f.cert != "" || f.insecure || len(w.proxies) > 0 || isLoopback(ctx, f.listen) {
		return w, nil
	}
	return nil, usageError{fmt.Errorf("%s can be reached from other machines, and without TLS whoever is on the way reads every token; give --tls-cert and --tls-key, "+
		"or --proxy with the address of the proxy that does TLS, or --insecure-http if it is meant so", f.listen)}
}

// listed splits what may be given as one text with commas.
func listed(values []string) (list []string) {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	}
	return list
}

func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Prefix(a.BitLen())
	}
	return netip.ParsePrefix(text)
}

// isLoopback reports whether an address to listen on can be reached from this machine alone.
func isLoopback(ctx context.Context, listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil || host == "" {
		return false
	}
	list, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return false
	}
	for _, a := range list {
		if !a.Unmap().IsLoopback() {
			return false
		}
	}
	return len(list) > 0
}

// url is the address of the installation at a listening address.
func (w *web) url(addr net.Addr) string {
	scheme := "http"
	if w.flags.cert != "" {
		scheme = "https"
	}
	return scheme + "://" + addr.String() + w.flags.base
}

// certificateEvery is how often the files of the certificate are looked at.
const certificateEvery = 10 * time.Second

// serveHTTP listens and serves until ctx ends; ready is called once it listens.
func (a *app) serveHTTP(ctx context.Context, g *errgroup.Group, s *server.Server, w *web, ready func(net.Addr) error) error {
	var cert *server.Certificate
	var err error
	if w.flags.cert != "" {
		if cert, err = server.LoadCertificate(w.flags.cert, w.flags.key, a.log); err != nil {
			return err
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.flags.listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with --listen", w.flags.listen, err)
	}
	addr := l.Addr()
	l = limit.Listen(l, limit.ListenOptions{Most: w.flags.connections, Exempt: w.proxies})
	if cert == nil {
		h := s.HTTP(0, nil, a.log)
		a.serveOn(ctx, g, h, func() error { return h.Serve(l) })
		return ready(addr)
	}
	h := s.HTTP(0, cert.Config(), a.log)
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP)
	g.Go(func() error {
		defer signal.Stop(told)
		return cert.Run(ctx, certificateEvery, told)
	})
	a.serveOn(ctx, g, h, func() error { return h.ServeTLS(l, "", "") })
	return ready(addr)
}
