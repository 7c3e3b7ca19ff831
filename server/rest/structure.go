package rest

import (
	"slices"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// structureJSON is a structure over the wire: as geometry.Structure, save that the compartments of a gallery and the tubes of a tunnel stand in the
// section (interfaces.md, Shapes).
type structureJSON struct{ geometry.Structure }

// encodeStructure returns what stands beside the section, and puts into the section what stands there.
func encodeStructure(s *geometry.Structure, section *sectionJSON) *structureJSON {
	if s == nil {
		return nil
	}
	o := *s
	switch {
	case s.Gallery != nil && section != nil:
		g := *s.Gallery
		section.Compartments, g.Compartments = g.Compartments, nil
		o.Gallery = &g
	case s.Tunnel != nil && section != nil:
		t := *s.Tunnel
		section.Tubes, t.Tubes = t.Tubes, nil
		o.Tunnel = &t
	}
	return &structureJSON{o}
}

// nameless is a structure without the names of what the reader of a snapshot does not see: the openings of a chamber that hidden pipes come through are
// holes in its wall like others.
func nameless(st *geometry.Structure, s *twin.Snapshot) *geometry.Structure {
	if st == nil || st.Chamber == nil || !slices.ContainsFunc(st.Chamber.Openings, func(o geometry.Opening) bool { return s.Hides(o.Asset) }) {
		return st
	}
	o, c := *st, *st.Chamber
	c.Openings = slices.Clone(c.Openings)
	for i := range c.Openings {
		if s.Hides(c.Openings[i].Asset) {
			c.Openings[i].Asset = ""
		}
	}
	o.Chamber = &c
	return &o
}

// renamed gives the openings of a chamber that was read nameless and comes back the names that they have.
func renamed(st, has *geometry.Structure, s *twin.Snapshot) *geometry.Structure {
	if st == nil || st.Chamber == nil || has == nil || has.Chamber == nil {
		return st
	}
	o, c := *st, *st.Chamber
	c.Openings = slices.Clone(c.Openings)
	for _, was := range has.Chamber.Openings {
		if !s.Hides(was.Asset) {
			continue
		}
		unnamed := was
		unnamed.Asset = ""
		if i := slices.Index(c.Openings, unnamed); i >= 0 {
			c.Openings[i].Asset = was.Asset
		}
	}
	o.Chamber = &c
	return &o
}

// decodeStructure puts both together again.
func decodeStructure(j *assetJSON, a *twin.Asset, pointer string) error {
	var s geometry.Structure
	if j.Structure != nil {
		s = j.Structure.Structure
	}
	if sec := j.Section; sec != nil && len(sec.Compartments) > 0 {
		g := geometry.Gallery{}
		if s.Gallery != nil {
			g = *s.Gallery
		}
		g.Compartments = sec.Compartments
		s.Gallery = &g
	}
	if sec := j.Section; sec != nil && len(sec.Tubes) > 0 {
		t := geometry.Tunnel{}
		if s.Tunnel != nil {
			t = *s.Tunnel
		}
		t.Tubes = sec.Tubes
		s.Tunnel = &t
	}
	if s == (geometry.Structure{}) {
		return nil
	}
	a.Structure = &s
	return atMember(s.Check(), pointer)
}

// atMember says of an error about a structure where over the wire the member stands that it names.
func atMember(err error, pointer string) error {
	if err == nil {
		return nil
	}
	where, reason, ok := strings.Cut(err.Error(), ": ")
	if !ok {
		return at(pointer+"/structure", err.Error())
	}
	if list, rest, found := strings.Cut(where, "/compartments"); list == "gallery" && found {
		return at(pointer+"/section/compartments"+rest, reason)
	}
	if list, rest, found := strings.Cut(where, "/tubes"); list == "tunnel" && found {
		return at(pointer+"/section/tubes"+rest, reason)
	}
	return at(pointer+"/structure/"+where, reason)
}
