package cjj61

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// markup reads the XML of a book's parts tag by tag. It keeps one tag and the text before it, each of bounded length, knows no entities but
// the five of XML, and refuses document types, so that nothing in a file can make it grow.
type markup struct {
	r     *bufio.Reader
	name  []byte // of the tag, without its prefix
	attrs []byte // what stands behind the name
	text  []byte // before the tag, as it is written
	tag   []byte
	begin bool // the tag opens an element
	end   bool // the tag closes one; both of <a/>
	depth int
}

const (
	maxTag   = 64 << 10
	maxText  = 256 << 10 // a cell holds at most 32,767 characters
	maxDepth = 64
)

var (
	errType   = errors.New("it declares a document type, which no book does")
	errCutOff = errors.New("it ends in the middle")
)

func newMarkup(r io.Reader) *markup { return &markup{r: bufio.NewReaderSize(r, 64<<10)} }

// next reads the next tag; io.EOF ends a part that is whole.
func (m *markup) next() error {
	m.text = m.text[:0]
	for {
		err := m.until(&m.text, '<', maxText)
		if errors.Is(err, io.EOF) {
			if m.depth > 0 {
				return errCutOff
			}
			return io.EOF
		}
		if err != nil {
			return err
		}
		m.tag = m.tag[:0]
		if err := m.readTag(); err != nil {
			if errors.Is(err, io.EOF) {
				return errCutOff
			}
			return err
		}
		switch {
		case bytes.HasPrefix(m.tag, []byte("![CDATA[")):
			m.text = escape(m.text, bytes.TrimSuffix(m.tag[8:], []byte("]]")))
			if len(m.text) > maxText {
				return fmt.Errorf("a text is longer than %d bytes", maxText)
			}
		case len(m.tag) > 0 && (m.tag[0] == '?' || bytes.HasPrefix(m.tag, []byte("!--"))):
		case len(m.tag) > 0 && m.tag[0] == '!':
			return errType
		default:
			return m.element()
		}
	}
}

// until appends what stands before the sign to b.
func (m *markup) until(b *[]byte, sign byte, most int) error {
	for {
		part, err := m.r.ReadSlice(sign)
		if len(*b)+len(part) > most {
			return fmt.Errorf("a text or a tag is longer than %d bytes", most)
		}
		*b = append(*b, part...)
		if err == nil {
			*b = (*b)[:len(*b)-1]
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// readTag reads a tag to its end, which is not a > inside quotation marks or inside a comment.
func (m *markup) readTag() error {
	for {
		most := maxTag
		if bytes.HasPrefix(m.tag, []byte("![CDATA[")) || bytes.HasPrefix(m.tag, []byte("!--")) {
			most = maxText
		}
		if err := m.until(&m.tag, '>', most); err != nil {
			return err
		}
		if whole(m.tag) {
			return nil
		}
		m.tag = append(m.tag, '>')
	}
}

func whole(tag []byte) bool {
	switch {
	case bytes.HasPrefix(tag, []byte("!--")):
		return len(tag) >= 5 && bytes.HasSuffix(tag, []byte("--"))
	case bytes.HasPrefix(tag, []byte("![CDATA[")):
		return bytes.HasSuffix(tag, []byte("]]"))
	}
	var open byte
	for _, c := range tag {
		switch {
		case open == 0 && (c == '"' || c == '\''):
			open = c
		case c == open:
			open = 0
		}
	}
	return open == 0
}

// element takes the tag apart.
func (m *markup) element() error {
	t := m.tag
	m.begin, m.end = true, false
	if len(t) > 0 && t[0] == '/' {
		m.begin, m.end, t = false, true, t[1:]
	} else if len(t) > 0 && t[len(t)-1] == '/' {
		m.end, t = true, t[:len(t)-1]
	}
	i := bytes.IndexAny(t, " \t\r\n")
	if i < 0 {
		i = len(t)
	}
	m.name, m.attrs = t[:i], t[i:]
	if c := bytes.IndexByte(m.name, ':'); c >= 0 {
		m.name = m.name[c+1:]
	}
	if len(m.name) == 0 {
		return errors.New("a tag has no name")
	}
	if m.begin {
		m.depth++
	}
	if m.end {
		m.depth--
	}
	if m.depth < 0 || m.depth > maxDepth {
		return errors.New("its tags do not match")
	}
	return nil
}

// attr is the value of an attribute without a prefix, as it is written.
func (m *markup) attr(name string) []byte {
	t := m.attrs
	for {
		t = bytes.TrimLeft(t, " \t\r\n")
		eq := bytes.IndexByte(t, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimRight(t[:eq], " \t\r\n")
		t = bytes.TrimLeft(t[eq+1:], " \t\r\n")
		if len(t) == 0 || t[0] != '"' && t[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(t[1:], t[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return t[1 : 1+end]
		}
		t = t[end+2:]
	}
}

// escape appends text of a CDATA section so that plain reads it back.
func escape(b, text []byte) []byte {
	for _, c := range text {
		if c == '&' {
			b = append(b, "&amp;"...)
		} else {
			b = append(b, c)
		}
	}
	return b
}

// plain appends what a text means: entities as their characters, and the _x000D_ that spreadsheets write for what XML cannot hold.
func plain(b, text []byte) []byte {
	for len(text) > 0 {
		i := bytes.IndexAny(text, "&_")
		if i < 0 {
			return append(b, text...)
		}
		b = append(b, text[:i]...)
		text = text[i:]
		r, n := entity(text)
		if n == 0 {
			b, text = append(b, text[0]), text[1:]
			continue
		}
		b, text = utf8.AppendRune(b, r), text[n:]
	}
	return b
}

// entity reads a character reference at the start of a text; n is 0 where there is none.
func entity(t []byte) (r rune, n int) {
	if t[0] == '_' {
		if len(t) >= 7 && t[1] == 'x' && t[6] == '_' {
			if v, err := strconv.ParseUint(string(t[2:6]), 16, 16); err == nil {
				return rune(v), 7
			}
		}
		return 0, 0
	}
	end := bytes.IndexByte(t[:min(len(t), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := string(t[1:end]); name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		if len(name) < 2 || name[0] != '#' {
			return 0, 0
		}
		base, digits := 10, name[1:]
		if digits[0] == 'x' {
			base, digits = 16, digits[1:]
		}
		v, err := strconv.ParseUint(digits, base, 21)
		if err != nil || v == 0 {
			return 0, 0
		}
		return rune(v), end + 1
	}
}
