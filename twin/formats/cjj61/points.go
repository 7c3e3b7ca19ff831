package cjj61

import (
	"hash/maphash"
	"math"

	"github.com/undercity/undercity/twin"
)

// points keeps what lines need of the survey points, in a fifth of the memory that a map of structs takes: a survey of a large city has
// millions. Numbers are found by their hash; two of 64 bits that are equal by chance are not to be expected in any survey.
type points struct {
	seed     maphash.Seed
	first    map[uint64]uint32 // hash of a number → the place of the first point with it
	chunks   [][]packed
	networks []string
	n        uint32
	others   map[string]string // second numbers of points, such as the one printed on the map
}

// packed is one point; heights are in tenths of a millimetre.
type packed struct {
	e, n                  float64
	ground, depth, height int32
	next                  uint32 // the point of the same number in another network, 0 for none
	network               uint8
}

const (
	pointChunk = 1 << 13
	noHeight   = math.MinInt32
	tenths     = 1e4
)

func newPoints() points {
	return points{seed: maphash.MakeSeed(), first: map[uint64]uint32{}, others: map[string]string{}}
}

func pack(h float64) int32 {
	if v := math.Round(h * tenths); v > math.MinInt32 && v <= math.MaxInt32 {
		return int32(v)
	}
	return noHeight
}

func unpack(h int32) float64 {
	if h == noHeight {
		return twin.Unknown()
	}
	return float64(h) / tenths
}

// at is the point at a place, which counts from 1.
func (p *points) at(i uint32) *packed { return &p.chunks[(i-1)/pointChunk][(i-1)%pointChunk] }

func (p *points) code(network string) (uint8, bool) {
	for i, n := range p.networks {
		if n == network {
			return uint8(i), true
		}
	}
	return 0, false
}

// get is the point of a number in a network.
func (p *points) get(network, number string) (point, bool) {
	code, ok := p.code(network)
	if !ok {
		return point{}, false
	}
	for i := p.first[maphash.String(p.seed, number)]; i != 0; i = p.at(i).next {
		if p.at(i).network == code {
			return p.unpacked(i, number), true
		}
	}
	return point{}, false
}

// alias gives a point a second number, where no point has it yet.
func (p *points) alias(number, other string) {
	if _, taken := p.others[other]; !taken {
		p.others[other] = number
	}
}

func (p *points) unpacked(i uint32, number string) point {
	q := p.at(i)
	return point{id: twin.NewID(p.networks[q.network], number), e: q.e, n: q.n, ground: unpack(q.ground), depth: unpack(q.depth), height: unpack(q.height)}
}

// add keeps a point of a network that has none of its number.
func (p *points) add(network, number string, q point) {
	code, ok := p.code(network)
	if !ok {
		p.networks = append(p.networks, network) // of the catalog, which has fewer than 256
		code = uint8(len(p.networks) - 1)
	}
	if p.n%pointChunk == 0 {
		p.chunks = append(p.chunks, make([]packed, 0, pointChunk))
	}
	last := &p.chunks[len(p.chunks)-1]
	*last = append(*last, packed{e: q.e, n: q.n, ground: pack(q.ground), depth: pack(q.depth), height: pack(q.height), network: code})
	p.n++
	key := maphash.String(p.seed, number)
	i := p.first[key]
	if i == 0 {
		p.first[key] = p.n
		return
	}
	for p.at(i).next != 0 {
		i = p.at(i).next
	}
	p.at(i).next = p.n
}

// only is the network of the one point with a number.
func (p *points) only(number string) (string, bool) {
	i := p.first[maphash.String(p.seed, number)]
	if i == 0 || p.at(i).next != 0 {
		return "", false
	}
	return p.networks[p.at(i).network], true
}

// find looks a number up in its network, and where that has none in the others (a gully of a rain network ends at a sewer's manhole).
func (p *points) find(network, number string) (point, bool) {
	if q, ok := p.get(network, number); ok {
		return q, true
	}
	if i := p.first[maphash.String(p.seed, number)]; i != 0 {
		return p.unpacked(i, number), true
	}
	if n, ok := p.others[number]; ok {
		return p.find(network, n)
	}
	return point{}, false
}
