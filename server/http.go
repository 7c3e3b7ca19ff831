package server

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"
)

// HTTP is the server of HTTP for an installation, with bounds to how long a connection may do nothing: headers must come within header (default 10 s), an
// answer must be taken within 10 minutes unless it is a stream, which has a bound for each event. config is nil for plain HTTP.
func (s *Server) HTTP(header time.Duration, config *tls.Config, log *slog.Logger) *http.Server {
	if header == 0 {
		header = 10 * time.Second
	}
	return &http.Server{
		Handler: s, TLSConfig: config, ReadHeaderTimeout: header, WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		// What goes wrong between a client and a line is the client's; paths and headers are not in it.
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
