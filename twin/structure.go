package twin

import (
	"encoding/json"
	"errors"

	"github.com/undercity/undercity/geometry"
)

// maxStructure bounds the text of a structure, bytes.
const maxStructure = 2 << 20

// fits says which kinds of assets may have which structure.
func fits(k Kind, s *geometry.Structure) bool {
	switch k {
	case KindSegment:
		return s.Pipe != nil
	case KindChamber:
		return s.Chamber != nil
	case KindGallery:
		return s.Gallery != nil
	case KindTunnel:
		return s.Tunnel != nil
	case KindBridge:
		return s.Bridge != nil
	case KindZone:
		return s.Space != nil
	case KindSolid:
		return s.Solid != nil
	}
	return false
}

// saysSize reports whether a structure says how large a line is, so that its section need not.
func saysSize(s *geometry.Structure) bool {
	switch {
	case s == nil:
		return false
	case s.Pipe != nil:
		return len(s.Pipe.Outline) > 0
	case s.Gallery != nil:
		return len(s.Gallery.Compartments) > 0
	case s.Tunnel != nil:
		return len(s.Tunnel.Tubes) > 0
	}
	return s.Bridge != nil
}

func checkStructure(a *Asset) error {
	s := a.Structure
	if s == nil {
		return nil
	}
	if err := s.Check(); err != nil {
		e := Errorf(Invalid, "%s: the structure cannot be drawn: %v", a.ID, err)
		e.Err = err
		return e
	}
	if !fits(a.Kind, s) {
		return Errorf(Invalid, "%s: the structure is not one of a %s", a.ID, a.Kind)
	}
	text, err := structureText(s)
	if err != nil {
		return err
	}
	if len(text) > maxStructure {
		return Errorf(Invalid, "%s: its structure is longer than %d bytes", a.ID, maxStructure).WithHint("simplify it, or cut it into several assets")
	}
	return nil
}

// checkFit returns why the structure of a cannot stand where a lies. It is asked of changes alone: what a store holds is read.
func checkFit(a *Asset) error {
	if a.Structure == nil {
		return nil
	}
	if err := a.Structure.Fit(a.Line, a.Section, a.Bottom); err != nil {
		e := Errorf(Invalid, "%s: the structure does not fit: %v", a.ID, err)
		e.Err = err
		return e
	}
	return nil
}

// structureText is the form that a structure is kept in: its JSON. Equal structures have equal texts.
func structureText(s *geometry.Structure) (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

func parseStructure(text []byte) (*geometry.Structure, error) {
	s := &geometry.Structure{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, errDamaged
	}
	if err := s.Check(); err != nil {
		return nil, errors.Join(errDamaged, err)
	}
	return s, nil
}

// structure packs a structure that has passed its check. Many chambers have the same one, so its text is shared.
func (p *packer) structure(s *geometry.Structure) {
	text, err := structureText(s)
	if err != nil {
		text = "{}" // not possible for what has passed the check
	}
	p.text(text)
}

// HasStructure reports whether there is one.
func (r Record) HasStructure() bool { return r.presence()&hasStructure != 0 }

// Structure is what axis and section alone do not say of the asset, nil for most. It is shared and must not be changed.
func (r Record) Structure() *geometry.Structure {
	if r.presence()&hasStructure == 0 {
		return nil
	}
	s := r.afterID()
	if r.dict == nil {
		st, err := parseStructure(s.bytes(int(s.uint())))
		if err != nil {
			return nil // not possible: what is packed has been checked
		}
		return st
	}
	return r.dict.structure(uint32(s.uint()))
}

// structure returns the structure whose text has the reference r; it is decoded once.
func (d *dict) structure(r uint32) *geometry.Structure {
	if s, ok := d.structures.Load(r); ok {
		return s.(*geometry.Structure)
	}
	s, err := parseStructure([]byte(d.text(r)))
	if err != nil {
		return nil // not possible: what is packed has been checked
	}
	known, _ := d.structures.LoadOrStore(r, s)
	return known.(*geometry.Structure)
}

// structure takes over the structure of a marshalled asset.
func (t *transcoder) structure(c *cursor, presence uint16) {
	if presence&hasStructure == 0 || c.err != nil {
		return
	}
	text := c.bytes(c.uint())
	if c.err != nil {
		return
	}
	if ref, ok := t.refs[string(text)]; ok && t.dict != nil && len(text) > 0 {
		t.uint(uint64(ref))
		return
	}
	s, err := parseStructure(text)
	if err != nil || len(text) > maxStructure || !fits(kindOf(t.buf[0]), s) {
		c.fail(errDamaged)
		return
	}
	if t.dict == nil {
		t.str(string(text))
		return
	}
	ref := t.dict.ref(string(text))
	t.dict.structures.LoadOrStore(ref, s)
	t.refs[string(text)] = ref
	t.uint(uint64(ref))
}
