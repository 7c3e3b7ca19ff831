package twin

import "encoding/binary"

// marshal appends what Codec.Marshal makes of the asset, without the asset in between.
func (r Record) marshal(b []byte) []byte {
	stamp, network := r.stamp(), r.Network()
	b = append(b, codecVersion)
	b = appendText(b, network)
	b = append(b, r.rec[:offVersion]...)
	b = binary.LittleEndian.AppendUint32(b, r.Version())
	b = binary.LittleEndian.AppendUint32(b, uint32(stamp.revision))
	b = binary.LittleEndian.AppendUint64(b, uint64(stamp.ms))
	b = append(b, r.rec[offLow:offStream]...)

	w := wholeTexts{r: r, s: r.stream(), b: b}
	p := r.presence()
	w.text() // the ID
	if p&hasStructure != 0 {
		w.shared(1)
	}
	rest := r.afterHeights() // section, line and heights are the same everywhere
	w.take(len(w.s.b) - len(rest.b))
	w.shared(4)
	if p&hasWords != 0 {
		w.shared(2)
	}
	w.rest(p)
	return w.b
}

// wholeTexts copies what a stream holds, with shared texts in full.
type wholeTexts struct {
	r Record
	s stream
	b []byte
}

// take copies the next bytes as they are.
func (w *wholeTexts) take(n int) { w.b = append(w.b, w.s.bytes(n)...) }

// numbers copies the next numbers as they are.
func (w *wholeTexts) numbers(n int) {
	ahead := w.s
	ahead.skip(n)
	w.take(len(w.s.b) - len(ahead.b))
}

// text copies a text that is not shared.
func (w *wholeTexts) text() {
	n := w.s.uint()
	w.b = binary.AppendUvarint(w.b, n)
	w.take(int(n))
}

func (w *wholeTexts) shared(n int) {
	for range n {
		w.b = appendText(w.b, w.r.text(&w.s))
	}
}

func (w *wholeTexts) rest(p uint16) {
	if p&hasName != 0 {
		w.text()
	}
	if p&hasEnds != 0 {
		w.text()
		w.text()
	}
	if p&hasIn != 0 {
		w.text()
	}
	if p&hasQuality != 0 {
		w.numbers(2)
		w.shared(1)
	}
	if p&hasValidity != 0 {
		w.numbers(2)
	}
	if p&hasNumber != 0 {
		w.text()
	}
	if p&hasAttrs == 0 {
		return
	}
	n := w.s.uint()
	w.b = binary.AppendUvarint(w.b, n)
	for range n {
		w.shared(1)
		w.text()
	}
}
