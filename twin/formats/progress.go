package formats

import "sync"

// meter says how far an import is: by what the reader says of its own work, else by the bytes that have been read. It never goes back.
type meter struct {
	mu          sync.Mutex // readers may read files on goroutines of their own
	tell        func(Progress)
	done        float64
	rows        int
	from, share float64 // of the whole, of the reader at work
	size, read  int64   // bytes of its files, and of them read so far
	told        int64
	own         bool // the reader says itself how far it is
	readerRows  int
}

// passes is how often a file is read: most readers look through it first.
const passes = 2

// tick is how many bytes are read between two tellings.
const tick = 256 << 10

// begin starts the part of one reader.
func (m *meter) begin(from, share float64, files []File) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.from, m.share, m.size, m.read, m.told, m.own, m.readerRows = from, share, 0, 0, 0, false, 0
	for _, f := range files {
		m.size += f.Size
	}
}

// bytes counts bytes read.
func (m *meter) bytes(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read += int64(n)
	if !m.own && m.read-m.told >= tick {
		m.told = m.read
		m.set("reading", m.from+m.share*m.byBytes())
	}
}

func (m *meter) byBytes() float64 {
	return min(1, float64(m.read)/float64(max(passes*m.size, 1)))
}

// part counts rows, of a reader whose work is done to a fraction; a reader that does not know it says less than 0.
func (m *meter) part(rows int, fraction float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows += rows
	m.readerRows += rows
	if m.own = m.own || fraction >= 0; fraction < 0 {
		// A data base is read by others, so its rows count too: it goes on, if nobody knows how far.
		rows := float64(m.readerRows)
		fraction = max(m.byBytes(), min(0.5, m.byBytes())+0.5*rows/(rows+50_000))
	}
	m.set("reading", m.from+m.share*max(0, min(1, fraction)))
}

// stage tells of the work after the reading.
func (m *meter) stage(name string, done float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(name, done)
}

func (m *meter) set(stage string, done float64) {
	m.done = max(m.done, done)
	if m.tell != nil {
		m.tell(Progress{Stage: stage, Done: m.done, Rows: m.rows})
	}
}

// watched is a file whose bytes are counted as they are read.
type watched struct {
	Content
	m *meter
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.Content.Read(p)
	w.m.bytes(n)
	return n, err
}

func (w watched) ReadAt(p []byte, at int64) (int, error) {
	n, err := w.Content.ReadAt(p, at)
	w.m.bytes(n)
	return n, err
}

// onDisk is a watched file that says where it lies.
type onDisk struct{ watched }

func (f onDisk) Name() string { return f.Content.(interface{ Name() string }).Name() }

// watch counts the bytes of files.
func (m *meter) watch(files []File) []File {
	list := make([]File, len(files))
	for i, f := range files {
		open := f.Open
		f.Open = func() (Content, error) {
			c, err := open()
			if err != nil {
				return nil, err
			}
			if _, ok := c.(interface{ Name() string }); ok {
				return onDisk{watched{c, m}}, nil
			}
			return watched{c, m}, nil
		}
		list[i] = f
	}
	return list
}
