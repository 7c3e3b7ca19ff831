package server_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/undercity/undercity/server"
	"github.com/undercity/undercity/twin"
)

// writeCertificate writes a certificate of a serial number and its key.
func writeCertificate(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "undercity"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestCertificate serves over TLS, renews the certificate while it serves, and keeps the old one where the new files are broken.
func TestCertificate(t *testing.T) {
	c := newCity(t, 0)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	var log safeBuffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	if _, err := server.LoadCertificate(cert, key, logger); twin.KindOf(err) != twin.Invalid || !strings.Contains(err.Error(), "c.pem") {
		t.Errorf("no files: %v", err)
	}
	writeCertificate(t, cert, key, 1)
	certificate, err := server.LoadCertificate(cert, key, logger)
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.New(server.Options{Twin: c.twin, Office: c.office, Tiles: c.tiles, Viewer: c.viewer})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := h.HTTP(0, certificate.Config(), logger)
	go func() { _ = srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { _ = srv.Close() })
	ctx, stop := context.WithCancel(t.Context())
	told, done := make(chan os.Signal, 1), make(chan error, 1)
	go func() { done <- certificate.Run(ctx, 10*time.Millisecond, told) }()

	serial := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for range 500 {
			if ok() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("not within 5 s: %s; log: %s", what, log.String())
	}
	if n := serial(); n != 1 {
		t.Errorf("serial number %d", n)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	res, err := client.Get("https://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.ProtoMajor != 2 || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s, %v", res.Proto, res.Header)
	}
	if _, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}

	writeCertificate(t, cert, key, 2)
	until("the new certificate", func() bool { return serial() == 2 })
	if err := os.WriteFile(key, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	until("a broken key is logged", func() bool { return strings.Contains(log.String(), "the old one stays in use") })
	if n := serial(); n != 2 {
		t.Errorf("after a broken key: %d", n)
	}
	// Told to, it reads what the times of the files do not show.
	old := time.Now().Add(-time.Hour)
	for range 2 {
		writeCertificate(t, cert, key, 3)
		for _, f := range []string{cert, key} {
			if err := os.Chtimes(f, old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	told <- syscall.SIGHUP
	until("the third certificate", func() bool { return serial() == 3 })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
