package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"github.com/undercity/undercity/server/rest"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// viewerFiles serves the explorer: compressed when first asked for, hashed names for ever.
type viewerFiles struct {
	fsys  fs.FS
	cache *rest.Memo[file]
}

type file struct {
	body []byte
	etag string
	kind string
	enc  string
}

func loadViewer(fsys fs.FS) (*viewerFiles, error) {
	if fsys == nil {
		return nil, errors.New("server: the viewer's files are needed")
	}
	if _, err := fs.Stat(fsys, "index.html"); err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	return &viewerFiles{fsys: fsys, cache: rest.NewMemo[file]()}, nil
}

// hashed names carry a hash of what they hold, as the bundler writes them.
var hashed = regexp.MustCompile(`^assets/.*-[A-Za-z0-9_-]{8}\.[a-z0-9]+$`)

func (v *viewerFiles) serve(c *gin.Context) error {
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return twin.Errorf(twin.NotFound, "there is no %.200s", c.Request.URL.Path)
	}
	name := strings.TrimPrefix(path.Clean("/"+c.Request.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	enc := encodingOf(c)
	if enc == compress.Zstd {
		enc = compress.Brotli
		if !strings.Contains(c.GetHeader("Accept-Encoding"), "br") {
			enc = compress.Gzip
		}
	}
	f, err := v.cache.Get(name+"\x00"+string(enc), func() (file, error) { return v.load(name, enc) })
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if f.enc != "" {
		h.Set("Content-Encoding", f.enc)
	}
	if rest.Fresh(c, f.etag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, f.kind, f.body)
	return nil
}

func (v *viewerFiles) load(name string, enc compress.Encoding) (file, error) {
	body, err := fs.ReadFile(v.fsys, name)
	if err != nil {
		return file{}, twin.Errorf(twin.NotFound, "there is no /%.200s", name)
	}
	f := file{body: body, kind: mime.TypeByExtension(path.Ext(name))}
	switch path.Ext(name) {
	case ".wasm":
		f.kind = "application/wasm"
	case ".js":
		f.kind = "text/javascript; charset=utf-8"
	}
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	sum := sha256.Sum256(body)
	f.etag = fmt.Sprintf(`"%s-%s"`, hex.EncodeToString(sum[:8]), enc)
	var out bytes.Buffer
	switch enc {
	case compress.Brotli:
		w := brotli.NewWriterLevel(&out, 7)
		_, err = w.Write(body)
		err = errors.Join(err, w.Close())
	case compress.Gzip:
		w := gzip.NewWriter(&out)
		_, err = w.Write(body)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return file{}, fmt.Errorf("compression of %s: %w", name, err)
	}
	if out.Len() > 0 && out.Len() < len(body)*9/10 {
		f.body, f.enc = out.Bytes(), string(enc)
	}
	return f, nil
}
