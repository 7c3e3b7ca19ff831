package vector

import (
	"math"
	"sync"

	"github.com/undercity/undercity/twin"
)

// words are what the assets of a store share: looks, texts and numbers, each with a number that fits 16 bits, so that a tile finds its own value of each
// in a list. What there is no room for any more is drawn as other assets are.
type words struct {
	mu        sync.Mutex
	list      wordLists
	lookAt    map[look]uint16
	textAt    map[string]uint16
	numbersAt map[int32]uint16
}

// wordLists are what numbers stand for. They only grow, so that who has them may read them without a lock.
type wordLists struct {
	looks   []lookWords
	texts   []string // from 1
	numbers []int32  // thousandths, from 1
}

// lookWords is a look by its words.
type lookWords struct {
	width    float64   // metres
	texts    []wordTag // attributes
	numbers  []wordTag
	material int // place in texts, -1 for none
}

type wordTag struct {
	key  uint8
	word uint16
}

const wordLimit = math.MaxUint16

func newWords() *words {
	return &words{list: wordLists{texts: []string{""}, numbers: []int32{0}}, lookAt: map[look]uint16{}, textAt: map[string]uint16{}, numbersAt: map[int32]uint16{}}
}

// lists returns what there is now.
func (w *words) lists() wordLists {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.list
}

// wordOf returns the number of a word, ok being false when there is no room for it. The lock is held.
func wordOf[T comparable](at map[T]uint16, list *[]T, v T) (n uint16, ok bool) {
	if n, ok := at[v]; ok {
		return n, true
	}
	if len(*list) > wordLimit {
		return 0, false
	}
	at[v] = uint16(len(*list))
	*list = append(*list, v)
	return at[v], true
}

// name returns the number of a name, 0 where it is empty.
func (w *words) name(s []byte) (uint16, bool) {
	if len(s) == 0 {
		return 0, true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return wordOf(w.textAt, &w.list.texts, string(s))
}

// number returns the number of some thousandths, 0 where they are not known.
func (w *words) number(thousandths int32, known bool) (uint16, bool) {
	if !known {
		return 0, true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return wordOf(w.numbersAt, &w.list.numbers, thousandths)
}

// look returns the number of a look.
func (w *words) look(l look) (n uint16, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, ok := w.lookAt[l]; ok {
		return n, true
	}
	if len(w.list.looks) > wordLimit {
		return 0, false
	}
	k := lookWords{width: l.width, material: -1}
	ok = true
	l.eachText(func(key int, s string) {
		n, room := wordOf(w.textAt, &w.list.texts, s)
		if key == keyMaterial {
			k.material = len(k.texts)
		}
		k.texts, ok = append(k.texts, wordTag{uint8(key), n}), ok && room
	})
	eachSize(l.width, l.diameter, func(key int, thousandths int32) {
		n, room := wordOf(w.numbersAt, &w.list.numbers, thousandths)
		k.numbers, ok = append(k.numbers, wordTag{uint8(key), n}), ok && room
	})
	if !ok {
		return 0, false
	}
	w.lookAt[l] = uint16(len(w.list.looks))
	w.list.looks = append(w.list.looks, k)
	return w.lookAt[l], true
}

// values are the values of a tile that stand for words of the store; 0 is none yet, else it is one more.
type values struct {
	words   wordLists
	texts   []uint32
	numbers []uint32
	tags    []span // of looks, in the room of the layer
}

// span is a part of a list of bytes.
type span struct{ from, to uint32 }

// begin makes room for the words of a store.
func (v *values) begin(w wordLists) {
	v.words = w
	v.texts, v.numbers, v.tags = zeros(v.texts, len(w.texts)), zeros(v.numbers, len(w.numbers)), zeros(v.tags, len(w.looks))
}

func zeros[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n, n+n/4)
	}
	list = list[:n]
	clear(list)
	return list
}

// number is the value of the tile for a number of the store.
func (v *values) number(l *kindLayer, n uint16) uint32 {
	at := &v.numbers[n]
	if *at == 0 {
		*at = l.Milli(v.words.numbers[n]) + 1
	}
	return *at - 1
}

// text is the value of the tile for a text of the store.
func (v *values) text(l *kindLayer, n uint16) uint32 {
	at := &v.texts[n]
	if *at == 0 {
		*at = l.Text(v.words.texts[n]) + 1
	}
	return *at - 1
}

// look is the attributes of the tile for a look of the store.
func (v *values) look(l *kindLayer, n uint16, hides hides) []byte {
	at := &v.tags[n]
	if at.to == 0 {
		k := &v.words.looks[n]
		tags := l.inRoom(func() {
			for i, t := range k.texts {
				if i != k.material || !hides.material {
					l.Tag(int(t.key), v.text(l, t.word))
				}
			}
			for _, t := range k.numbers {
				l.Tag(int(t.key), v.number(l, t.word))
			}
		})
		*at = span{uint32(len(l.room) - len(tags)), uint32(len(l.room))}
	}
	return l.room[at.from:at.to]
}

// eachText calls f with each attribute that is a text.
func (t *traits) eachText(f func(key int, s string)) {
	f(keyNetwork, t.network)
	f(keyLayer, t.layer)
	f(keyKind, t.kind.String())
	f(keyStatus, t.status.String())
	if t.level != twin.LevelUnknown {
		f(keyQuality, t.level.String())
	}
	if twin.MaterialIsKnown(t.material) {
		f(keyMaterial, t.material)
	}
	if t.assumed != 0 {
		f(keyAssumed, assumedText(t.assumed))
	}
}

// eachSize calls f with width and diameter, where these are more than 0 metres.
func eachSize(width, diameter float64, f func(key int, thousandths int32)) {
	if width > 0 {
		f(keyWidth, milli(width))
	}
	if diameter > 0 {
		f(keyDiameter, milli(diameter))
	}
}
