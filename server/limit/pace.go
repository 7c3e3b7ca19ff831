package limit

import (
	"errors"
	"io"
	"os"
	"time"
)

// Pace is how fast the body of a request must come, so that nobody holds a connection with a byte a minute, and a large upload over a slow line still ends.
type Pace struct {
	Grace     time.Duration // before the pace counts; default 20 s
	PerSecond float64       // bytes; default 4096
}

func (p Pace) orUsual() Pace {
	if p.Grace == 0 {
		p.Grace = 20 * time.Second
	}
	if p.PerSecond == 0 {
		p.PerSecond = 4096
	}
	return p
}

// ErrSlow is the error of a body that comes more slowly than its pace.
var ErrSlow = errors.New("the body comes too slowly")

// Body reads a body at a pace; deadline sets until when the connection waits for more, the zero time being for ever.
func (p Pace) Body(body io.ReadCloser, deadline func(time.Time) error) io.ReadCloser {
	return &pacedBody{ReadCloser: body, pace: p.orUsual(), deadline: deadline, start: time.Now()}
}

type pacedBody struct {
	io.ReadCloser
	pace     Pace
	deadline func(time.Time) error
	start    time.Time
	read     float64
}

// Read reads what comes in time; ErrSlow says that nothing did.
func (b *pacedBody) Read(to []byte) (int, error) {
	due := b.start.Add(b.pace.Grace + time.Duration(b.read/b.pace.PerSecond*float64(time.Second)))
	if err := b.deadline(due); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return 0, err
	}
	n, err := b.ReadCloser.Read(to)
	b.read += float64(n)
	if err == nil {
		return n, nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, errors.Join(ErrSlow, err)
	}
	// From here on the connection is looked at for its end alone, which may be long after.
	if d := b.deadline(time.Time{}); d != nil && !errors.Is(d, errors.ErrUnsupported) {
		return n, errors.Join(err, d)
	}
	return n, err
}
