package server

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

func (s *service) healthz(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}

// readyz is asked by what starts the service: the twin is in memory before the server listens, so being asked is being ready.
func (s *service) readyz(c *gin.Context) error {
	c.JSON(http.StatusOK, gin.H{"ready": true, "revision": s.o.Twin.Snapshot().Revision()})
	return nil
}

// metrics is the Prometheus text format.
func (s *service) metrics(c *gin.Context) error {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	snap := s.o.Twin.Snapshot()
	var b strings.Builder
	gauge := func(name, help string, v float64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s %g\n", name, help, name, name, v)
	}
	counter := func(name, help string, v int64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s counter\n%s %d\n", name, help, name, name, v)
	}
	counter("undercity_server_requests_total", "Requests answered.", s.requests.Load())
	counter("undercity_server_failures_total", "Requests answered with a status of 500 or more.", s.failures.Load())
	gauge("undercity_twin_revision", "Number of the current revision.", float64(snap.Revision()))
	gauge("undercity_twin_assets", "Assets in the current revision.", float64(snap.Len()))
	gauge("undercity_server_followers", "Open event streams.", float64(s.rest.Followers()))
	t := s.o.Tiles.Stats()
	counter("undercity_tiles_cache_hits_total", "Tiles that were answered from memory.", int64(t.Hits))
	counter("undercity_tiles_cache_misses_total", "Tiles that had to be made or waited for.", int64(t.Misses))
	gauge("undercity_tiles_cache_bytes", "Bytes of tiles in memory.", float64(t.Bytes))
	gauge("undercity_tiles_classes", "Classes of rights that have asked lately, beside the one that sees everything.", float64(t.Classes))
	gauge("undercity_process_heap_bytes", "Bytes of live heap.", float64(m.HeapAlloc))
	gauge("undercity_process_uptime_seconds", "Seconds since the server was made.", time.Since(s.started).Seconds())
	c.Data(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", []byte(b.String()))
	return nil
}
