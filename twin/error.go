package twin

import (
	"errors"
	"fmt"
)

// ErrorKind says what sort of failure an Error is; the edges of the program map it to HTTP and exit statuses.
type ErrorKind uint8

// The kinds of failure.
const (
	Internal    ErrorKind = iota // our fault
	Invalid                      // the input is wrong
	NotFound                     // no such thing
	Conflict                     // moved on since it was read
	Denied                       // not allowed
	Unavailable                  // not now
)

// Field is the reason why one cell or one member of the input was refused.
type Field struct {
	Pointer string // JSON pointer or "row 214, 管径"
	Reason  string
}

// Error is a failure that a person is told about.
type Error struct {
	Kind   ErrorKind
	Msg    string // one sentence, safe to show: what is wrong and where
	Hint   string // what to do about it
	Fields []Field
	Err    error // the cause, for the log
}

// Error is Msg, with the hint after it.
func (e *Error) Error() string {
	s := e.Msg
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of kind k with a formatted sentence.
func Errorf(k ErrorKind, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

// WithHint returns e with what to do about it.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// KindOf returns the kind of err, Internal when it carries none.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
