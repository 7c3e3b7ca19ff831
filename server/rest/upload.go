package rest

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Bounds on uploads. Nothing of an upload is ever unpacked onto the disk: readers look into books and data bases where they lie, with bounds of their own
// to what comes out of them.
const (
	maxFiles  = 20
	maxFields = 100      // parts of a form
	maxAtOnce = 8        // uploads under way
	maxHeld   = 16 << 30 // bytes of uploads on the disk, those that wait for their import too
	maxName   = 120      // characters of a file's name in reports
)

// uploadFolder begins the names of the folders that uploads lie in.
const uploadFolder = "upload-"

// held counts the uploads under way and the bytes on the disk.
type held struct {
	mu    sync.Mutex
	ways  int
	bytes int64
}

func (h *held) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ways >= maxAtOnce {
		return false
	}
	h.ways++
	return true
}

func (h *held) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ways--
}

func (h *held) take(n int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes+n > maxHeld {
		return false
	}
	h.bytes += n
	return true
}

func (h *held) give(n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes -= n
}

var errFull = errors.New("the room for uploads is full")

// holding reads a file of an upload as long as there is room for it.
type holding struct {
	io.Reader
	held *held
	job  *job
}

// Read counts what it reads.
func (h *holding) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	if !h.held.take(int64(n)) {
		return 0, errFull
	}
	h.job.held += int64(n)
	return n, err
}

// clearUploads removes what a run before this one left: its imports are forgotten.
func clearUploads(scratch string) error {
	if scratch == "" {
		return nil // the system's folder is everybody's
	}
	left, err := filepath.Glob(filepath.Join(scratch, uploadFolder+"*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// shownName is the name of an uploaded file as reports call it: its last part without what does not show or turns what shows around. No file is ever
// written under it.
func shownName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, filepath.Base(filepath.Clean("/"+name)))
	if r := []rune(name); len(r) > maxName { // its ending says what it is
		name = string(r[:maxName/2]) + "…" + string(r[len(r)-maxName/2:])
	}
	if name == "" || name == "/" || name == "." {
		return "file"
	}
	return name
}

// StartImport answers POST /imports: takes the files and queues their import.
func (a *API) StartImport(c *gin.Context) error {
	raw := make([]byte, 8)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("id: %w", err)
	}
	if !a.imports.held.enter() {
		return twin.Errorf(twin.Unavailable, "too many uploads are under way").WithHint("try again when they are done")
	}
	defer a.imports.held.leave()
	dir, err := os.MkdirTemp(a.o.Scratch, uploadFolder)
	if err != nil {
		return fmt.Errorf("folder for the upload: %w", err)
	}
	j := &job{id: hex.EncodeToString(raw), user: UserOf(c).Name, role: UserOf(c).Role, gate: a.gate(c), dir: dir, state: "queued", changed: make(chan struct{})}
	err = a.receive(c, j)
	j.options.Author = j.user
	Tell(c, j.id)
	TellDetail(c, "files", j.names())
	if err == nil && !a.imports.add(j) {
		err = twin.Errorf(twin.Unavailable, "too many imports are waiting").WithHint("try again when they are done")
	}
	if err != nil {
		a.imports.held.give(j.held)
		return errors.Join(err, os.RemoveAll(dir))
	}
	url := ClientOf(c).Prefix + "/api/v1/imports/" + j.id
	c.Header("Location", url)
	c.JSON(http.StatusAccepted, gin.H{"id": j.id, "url": url})
	return nil
}

func form(field, value, why string) error {
	e := twin.Errorf(twin.Invalid, "%s %.100q: %s", field, value, why)
	e.Fields = []twin.Field{{Pointer: "/" + field, Reason: why}}
	return e
}

// receive reads the parts of the form: files go to disk as they come.
func (a *API) receive(c *gin.Context, j *job) error {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return &StatusError{Status: http.StatusBadRequest, Err: twin.Errorf(twin.Invalid, "the upload is not multipart/form-data with the files in \"files\"")}
	}
	for n := 0; ; n++ {
		if n > maxFields {
			return &StatusError{Status: http.StatusBadRequest, Err: twin.Errorf(twin.Invalid, "the form has more than %d parts", maxFields)}
		}
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return UploadError(err)
		}
		if err := a.part(j, p); err != nil {
			return err
		}
	}
	if len(j.files) == 0 {
		return form("files", "", "no file was sent")
	}
	return nil
}

// UploadError says why an upload could not be read to its end.
func UploadError(err error) error {
	var s *StatusError
	if err = Unread(err); errors.As(err, &s) && s.Status == http.StatusRequestEntityTooLarge {
		var e *twin.Error
		if errors.As(err, &e) {
			s.Err = e.WithHint("use undercity import on the server")
		}
	}
	return err
}

func (a *API) part(j *job, p *multipart.Part) error {
	if p.FormName() == "files" || p.FormName() == "file" {
		if len(j.files) == maxFiles {
			return form("files", "", "at most "+strconv.Itoa(maxFiles)+" files at once")
		}
		return a.keep(j, p)
	}
	value, err := io.ReadAll(io.LimitReader(p, 1000))
	if err != nil {
		return UploadError(err)
	}
	if f := string(value); p.FormName() == "format" && f != "" && f != "auto" && !slices.ContainsFunc(a.o.Readers, func(r formats.Reader) bool { return r.Name() == f }) {
		return form("format", f, "not a format that can be imported")
	}
	return j.field(p.FormName(), string(value))
}

// keep writes an uploaded file under a name of our own; its own name is for reports only.
func (a *API) keep(j *job, p *multipart.Part) (err error) {
	name := shownName(p.FileName())
	path := filepath.Join(j.dir, strconv.Itoa(len(j.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	n, err := io.Copy(f, &holding{p, &a.imports.held, j})
	if cerr := f.Close(); err == nil && cerr != nil {
		return fmt.Errorf("upload: %w", cerr)
	}
	if errors.Is(err, errFull) {
		return twin.Errorf(twin.Unavailable, "the uploads that wait take %d MB already", int64(maxHeld)>>20).WithHint("try again when they are imported")
	}
	if err != nil {
		return UploadError(err)
	}
	j.files = append(j.files, formats.File{Name: name, Size: n, Open: func() (formats.Content, error) { return os.Open(path) }})
	return nil
}
