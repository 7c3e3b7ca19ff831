package feature

import (
	"math"
	"slices"

	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// node is what links need of a point.
type node struct {
	layer  *Layer
	x, y   float64
	ground float64 // Unknown() where the file does not say
}

// nodes keeps the points of all files, a large city has millions: each in 45 bytes. Points of several networks may have one number.
type nodes struct {
	index    *formats.Index
	list     []packedNode
	first    []int32 // in list, by the number of the name
	layers   []*Layer
	networks []string
}

// packedNode is a node in 32 bytes; the ground is in hundredths of a millimetre.
type packedNode struct {
	x, y    float64
	ground  int32
	next    int32 // in list, the point of the same number in another network; 0 for none
	layer   uint16
	network uint16
	taken   bool // handed over
}

const (
	noGround   = math.MinInt32
	hundredths = 1e5
)

func newNodes() nodes { return nodes{index: formats.NewIndex(0)} }

// placeOf is where a value stands in a list, which it is added to where it does not; the last place stands for all that are too many.
func placeOf[T comparable](list []T, v T) ([]T, uint16) {
	if i := slices.Index(list, v); i >= 0 {
		return list, uint16(i)
	}
	if len(list) < math.MaxUint16 {
		list = append(list, v)
	}
	return list, uint16(len(list) - 1)
}

// add takes the first point of a number and network; the code is "" where nothing of the point's own says it.
func (t *nodes) add(number, code string, n node) {
	p := packedNode{x: n.x, y: n.y, ground: noGround}
	if v := math.Round(n.ground * hundredths); math.Abs(v) < math.MaxInt32 {
		p.ground = int32(v)
	}
	t.networks, p.network = placeOf(t.networks, code)
	if last := len(t.layers) - 1; last < 0 || t.layers[last] != n.layer {
		t.layers, p.layer = placeOf(t.layers, n.layer)
	} else {
		p.layer = uint16(last)
	}
	i, was := t.index.Add(number)
	if !was {
		t.first = append(t.first, int32(len(t.list)))
		t.list = append(t.list, p)
		return
	}
	if t.find(number, code) != nil {
		return
	}
	p.next = t.first[i] + 1
	t.first[i] = int32(len(t.list))
	t.list = append(t.list, p)
}

// of is the points with a number, the last one first.
func (t *nodes) of(number string) func(yield func(*packedNode) bool) {
	return func(yield func(*packedNode) bool) {
		i, ok := t.index.Find(number)
		if !ok {
			return
		}
		for at := t.first[i] + 1; at != 0; {
			p := &t.list[at-1]
			if at = p.next; !yield(p) {
				return
			}
		}
	}
}

// find is the point of a number and network, nil where there is none.
func (t *nodes) find(number, code string) *packedNode {
	for p := range t.of(number) {
		if t.networks[p.network] == code {
			return p
		}
	}
	return nil
}

// take marks the point of a number and network as handed over; false where there is none, or it was marked before.
func (t *nodes) take(number, code string) bool {
	p := t.find(number, code)
	if p == nil || p.taken {
		return false
	}
	p.taken = true
	return true
}

// only is the point of a number that no other has, and its network.
func (t *nodes) only(number string) (p *packedNode, code string) {
	for q := range t.of(number) {
		if p != nil {
			return nil, ""
		}
		p, code = q, t.networks[q.network]
	}
	return p, code
}

func (t *nodes) unpacked(p *packedNode) *node {
	n := &node{layer: t.layers[p.layer], x: p.x, y: p.y, ground: twin.Unknown()}
	if p.ground != noGround {
		n.ground = float64(p.ground) / hundredths
	}
	return n
}

// node finds the point that a feature of a network names: of its network, or the only one of that number.
func (s *survey) node(n twin.Network, num string) (*node, twin.ID) {
	if p := s.nodes.find(num, n.Code); p != nil {
		return s.nodes.unpacked(p), twin.NewID(n.Code, num)
	}
	p, code := s.nodes.only(num)
	if p == nil {
		return nil, ""
	}
	if code == "" {
		code = s.otherNetwork()
	}
	return s.nodes.unpacked(p), twin.NewID(code, num)
}
