package twin

// Handle names one version of an asset within a twin's memory; 0 is none. A handle stays readable as long as a snapshot that had it. It is the place
// of the packed asset in the memory, one more than the number of words before it.
type Handle uint32

const (
	chunkBits = 20              // log2 of the words in a chunk
	chunkSize = 4 << chunkBits  // bytes: positions count words of 4 bytes
	firstSize = 32 << 10        // the first chunk of a small change set
	maxRecord = chunkSize - 256 // greatest packed asset, bytes
)

// arena holds packed assets in chunks that never move and never change once published. Appending is for one goroutine; copies of the
// struct made before an append stay valid: what they can see is never written again.
type arena struct {
	chunks [][]byte
	fill   int // bytes used of the last chunk
	bytes  int // bytes in records
	count  int // records, replaced ones too
}

// add appends a record and returns its handle.
func (a *arena) add(rec []byte) Handle {
	size := (len(rec) + 3) &^ 3
	last := len(a.chunks) - 1
	if last < 0 || a.fill+size > len(a.chunks[last]) {
		n := chunkSize
		if last < 0 && size <= firstSize {
			n = firstSize
		}
		a.chunks = append(a.chunks, make([]byte, n))
		a.fill = 0
		last++
	}
	h := Handle(last<<chunkBits+a.fill/4) + 1
	copy(a.chunks[last][a.fill:], rec)
	a.fill += size
	a.bytes += size
	a.count++
	return h
}

// rec returns the bytes from the beginning of h's record on.
func (a *arena) rec(h Handle) []byte {
	h--
	return a.chunks[h>>chunkBits][(h&(1<<chunkBits-1))*4:]
}

// adopt appends the chunks of b without copying and returns what to add to b's handles.
func (a *arena) adopt(b *arena) Handle {
	shift := Handle(len(a.chunks)) << chunkBits
	a.chunks = append(a.chunks, b.chunks...)
	a.fill = b.fill
	a.bytes += b.bytes
	a.count += b.count
	return shift
}
