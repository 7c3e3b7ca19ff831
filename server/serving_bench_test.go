package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// bareFile is a body and its headers as a bare server sends them.
type bareFile struct {
	Header http.Header
	Body   []byte
}

// TestBareServer is not a test: the benchmark runs it as a process of its own, a net/http server that writes bytes and does nothing else.
func TestBareServer(t *testing.T) {
	name := os.Getenv("UNDERCITY_BARE_FILES")
	if name == "" {
		t.Skip("BenchmarkServing starts it")
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var files map[string]bareFile
	if err := json.Unmarshal(raw, &files); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := files[r.URL.Path]
		for k, v := range f.Header {
			w.Header()[k] = v
		}
		_, _ = w.Write(f.Body) // a client that has gone is no matter
	})}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark ends
		_ = srv.Close()
	}()
	fmt.Println("listening on", l.Addr())
	_ = srv.Serve(l)
}

// BenchmarkServing asks a running server and a bare one for the same warm contents, in turns, by eight clients each.
func BenchmarkServing(b *testing.B) {
	r := runningServer(b)
	r.client.Transport = &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}
	files, paths := warmFiles(b, r)
	bare := startBare(b, files)
	var count [2]int64
	var spent [2]time.Duration
	for b.Loop() { // begins anew what is reported, so it comes first
	}
	for range 10 {
		for i, base := range []string{r.url, bare} {
			start := time.Now()
			count[i] += load(b, r, base, paths)
			spent[i] += time.Since(start)
		}
	}
	rate := func(i int) float64 { return float64(count[i]) / spent[i].Seconds() }
	b.ReportMetric(rate(0), "requests/s")
	b.ReportMetric(rate(1), "bare-requests/s")
	b.ReportMetric(100*rate(0)/rate(1), "%-of-bare")
	b.ReportMetric(0, "ns/op")
}

// warmFiles are some contents as the server sends them, asked for once.
func warmFiles(b *testing.B, r *running) (files map[string]bareFile, paths []string) {
	b.Helper()
	files = map[string]bareFile{}
	for layer, levels := range r.layers(b) {
		n := 0
		r.contents(b, layer, levels, 0, 0, 0, func(p string) bool {
			path := "/3dtiles/" + p
			res, body := ask(b, r, r.url+path)
			if res == nil {
				b.FailNow()
			}
			res.Header.Del("Content-Length")
			res.Header.Del("Date")
			files[path] = bareFile{res.Header, body}
			paths = append(paths, path)
			n++
			return n < 16
		})
	}
	return files, paths
}

func ask(b *testing.B, r *running, url string) (*http.Response, []byte) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Error(err)
		return nil, nil
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	req.Header.Set("Accept-Encoding", "zstd")
	res, err := r.client.Do(req)
	if err != nil {
		b.Error(err)
		return nil, nil
	}
	body, err := io.ReadAll(res.Body)
	if err := res.Body.Close(); err != nil {
		b.Error(err)
	}
	if err != nil || res.StatusCode != http.StatusOK {
		b.Errorf("%s: %s %v", url, res.Status, err)
	}
	return res, body
}

func startBare(b *testing.B, files map[string]bareFile) (url string) {
	b.Helper()
	name := filepath.Join(b.TempDir(), "files.json")
	raw, err := json.Marshal(files)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run", "^TestBareServer$")
	cmd.Env = append(os.Environ(), "UNDERCITY_BARE_FILES="+name)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		b.Fatal(line, err)
	}
	return "http://" + addr
}

// load asks for half a second and returns how many answers came.
func load(b *testing.B, r *running, base string, paths []string) int64 {
	var n atomic.Int64
	var done sync.WaitGroup
	end := time.Now().Add(time.Second / 2)
	for k := range 8 {
		done.Go(func() {
			for i := k; time.Now().Before(end); i++ {
				ask(b, r, base+paths[i%len(paths)])
				n.Add(1)
			}
		})
	}
	done.Wait()
	return n.Load()
}
