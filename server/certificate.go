package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/undercity/undercity/twin"
)

// Certificate is the installation's certificate and key for TLS, read from files and again when they change, so that a renewed one needs no restart.
type Certificate struct {
	cert, key string
	log       *slog.Logger
	now       atomic.Pointer[tls.Certificate]
	read      [2]time.Time // when the files were changed, as far as they have been read; for Run alone
}

// LoadCertificate reads a certificate with its chain and its key, PEM.
func LoadCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, log: log}
	c.read = c.changed()
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		e := twin.Errorf(twin.Invalid, "the certificate %s and the key %s cannot be used", filepath.Base(c.cert), filepath.Base(c.key)).
			WithHint("both must be PEM files, readable for the service, and belong together: %s", err)
		e.Err = err
		return e
	}
	c.now.Store(&pair)
	return nil
}

func (c *Certificate) changed() (at [2]time.Time) {
	for i, name := range [...]string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// Config is the configuration of TLS: 1.2 or later (RFC 9325), HTTP/2 where the client has it.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil }}
}

// Run reads the files again when they have changed, each so often, or when told to, until ctx ends. Files that cannot be used leave the old certificate in
// use, and are logged.
func (c *Certificate) Run(ctx context.Context, often time.Duration, told <-chan os.Signal) error {
	look := time.NewTicker(often)
	defer look.Stop()
	for {
		force := false
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		case <-told:
			force = true
		}
		at := c.changed()
		if !force && at == c.read {
			continue
		}
		c.read = at
		if err := c.load(); err != nil {
			c.log.Error("certificate not read again; the old one stays in use", "err", fmt.Errorf("tls: %w", err))
			continue
		}
		c.log.Info("certificate read again", "file", filepath.Base(c.cert))
	}
}
