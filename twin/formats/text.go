package formats

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/undercity/undercity/twin"
)

// MaxLine is the longest line of a text file that is read, bytes.
const MaxLine = 256 << 10

// Fallback is what a text file is taken for that is not UTF-8.
type Fallback uint8

// The fallbacks.
const (
	GB18030 Fallback = iota // Chinese survey files
	Latin1                  // EPA model files: Latin-1, or GB 18030 where it is that by its looks
)

// Lines reads a text file line by line with bounded memory. The encoding is UTF-8 (with or without a byte order mark), or the fallback where
// the first bytes outside ASCII are not UTF-8.
type Lines struct {
	name     string
	r        *bufio.Reader
	n        int
	read     int64
	buf      []byte
	fallback Fallback
	open     bool // the last line was ended by the end of the file
	ascii    bool // nothing outside ASCII has been seen, so the encoding is open
	late     *encoding.Decoder
	sign     byte // that ends a line: a line feed, or the carriage return of old Macintosh programs
}

// counter counts the bytes read from a file, for progress.
type counter struct {
	r io.Reader
	n *int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

// headSize is how much of a file decides on its encoding and format.
const headSize = 64 << 10

// NewLines begins to read. It fails with Invalid for an empty file and for one that is not text.
func NewLines(name string, r io.Reader, f Fallback) (*Lines, error) {
	l := &Lines{name: name, fallback: f}
	raw := bufio.NewReaderSize(counter{r, &l.read}, headSize)
	head, err := raw.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s is empty", name).WithHint("check that the file was written to the end")
	}
	l.sign = '\n'
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		l.sign = '\r'
	}
	l.r, l.ascii = bufio.NewReaderSize(decoder(raw, head, f), 64<<10), isASCII(head)
	if i := bytes.IndexByte(head, 0); i >= 0 && !isUTF16(head) {
		return nil, twin.Errorf(twin.Invalid, "%s is not a text file: it holds a zero byte at offset %d", name, i).WithHint("check that it was not renamed from another format")
	}
	return l, nil
}

func isUTF16(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff})
}

func decoder(r io.Reader, head []byte, f Fallback) io.Reader {
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}) || validUTF8(head) || mostlyUTF8(head):
		return r
	case isUTF16(head):
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	}
	if f == Latin1 && !looksChinese(head) && someUTF8(head) {
		return r // and the line that is not UTF-8 is refused: in Latin-1 such letters do not stand side by side
	}
	return f.encoding(head).NewDecoder().Reader(r)
}

// encoding is what text is taken for that is not UTF-8.
func (f Fallback) encoding(text []byte) encoding.Encoding {
	if f == Latin1 && !looksChinese(text) {
		return charmap.Windows1252
	}
	return simplifiedchinese.GB18030
}

// looksChinese tells GB 18030 from Latin-1: Han characters are pairs of bytes that both lie in the upper half, accented letters stand alone
// among ASCII.
func looksChinese(b []byte) bool {
	pairs, others := 0, 0
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if b[i] >= 0xa1 && b[i] <= 0xf7 && i+1 < len(b) && b[i+1] >= 0xa1 {
			pairs++
			i++
		} else if i+1 < len(b) {
			others++
		}
	}
	return pairs > 4*others
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// validUTF8 reports whether b is UTF-8, a character cut off at the end excepted.
func validUTF8(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		b = b[n:]
	}
	return true
}

// someUTF8 reports whether a line outside ASCII is UTF-8.
func someUTF8(b []byte) bool {
	for line := range bytes.Lines(b) {
		if !isASCII(line) && utf8.Valid(line) {
			return true
		}
	}
	return false
}

// mostlyUTF8 reports whether of the lines outside ASCII more are UTF-8 than are not: then those others are wrong, and not the encoding.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for line := range bytes.Lines(b) {
		switch {
		case isASCII(line):
		case validUTF8(line):
			good++
		default:
			bad++
		}
	}
	return good > bad
}

// Next returns the next line without its end, and its number from 1. The bytes are valid until the next call. io.EOF ends the file.
func (l *Lines) Next() ([]byte, int, error) {
	l.buf = l.buf[:0]
	l.n++
	for {
		part, err := l.r.ReadSlice(l.sign)
		if len(l.buf)+len(part) > MaxLine {
			return nil, l.n, twin.Errorf(twin.Invalid, "%s, line %d: longer than %d bytes", l.name, l.n, MaxLine).WithHint("check that the file is of the format it is said to be")
		}
		l.buf = append(l.buf, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.buf) == 0:
			return nil, l.n, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, l.n, twin.Errorf(twin.Invalid, "%s, line %d: cannot be read: %v", l.name, l.n, err)
		}
		l.open = err != nil
		break
	}
	line := bytes.TrimRight(l.buf, "\r\n")
	if l.n == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if i := bytes.IndexByte(line, 0); i >= 0 {
		return nil, l.n, twin.Errorf(twin.Invalid, "%s, line %d: holds a zero byte at column %d", l.name, l.n, i+1).WithHint("check that the file is text")
	}
	line, err := l.decoded(line)
	if err != nil || !utf8.Valid(line) {
		return nil, l.n, twin.Errorf(twin.Invalid, "%s, line %d: not in the encoding of the rest of the file", l.name, l.n).WithHint("save the file as UTF-8 or GB 18030 throughout")
	}
	return line, l.n, nil
}

// decoded turns a line into UTF-8 where the head of the file did not show the encoding.
func (l *Lines) decoded(line []byte) ([]byte, error) {
	if l.ascii && !isASCII(line) {
		l.ascii = false
		if !utf8.Valid(line) {
			l.late = l.fallback.encoding(line).NewDecoder()
		}
	}
	if l.late == nil {
		return line, nil
	}
	return l.late.Bytes(line)
}

// Open reports whether the line that Next returned last was ended by the end of the file instead of a sign: it may have been cut off.
func (l *Lines) Open() bool { return l.open }

// Read is how many bytes of the file have been read, for progress.
func (l *Lines) Read() int64 { return l.read }
