package twin

import (
	"slices"
	"strings"
)

// Values of an asset that can be hidden from readers who may see the asset itself. Where it lies, what it is, its section and how sure all that is belong
// to its picture, and who digs beside it must know them: who must not know them must not see the asset. Its number stands in its ID.
var veilable = []struct {
	name string
	copy func(to, from *Asset)
}{
	{"name", func(to, from *Asset) { to.Name = from.Name }},
	{"owner", func(to, from *Asset) { to.Owner = from.Owner }},
	{"material", func(to, from *Asset) { to.Material = from.Material }},
	{"installed", func(to, from *Asset) { to.Installed = from.Installed }},
	{"road", func(to, from *Asset) { to.Road = from.Road }},
	{"validity", func(to, from *Asset) { to.ValidFrom, to.ValidTo = from.ValidFrom, from.ValidTo }},
	{"attributes", func(to, from *Asset) { to.Attributes = from.Attributes }},
}

// attributePrefix begins the name of one attribute ("attributes.压力").
const attributePrefix = "attributes."

// Veilable lists the names of the values that a Veil can hide; "attributes.KEY" is one attribute.
func Veilable() []string {
	names := make([]string, len(veilable))
	for i, v := range veilable {
		names[i] = v.name
	}
	return names
}

// IsVeilable reports whether a name is one of Veilable or of one attribute.
func IsVeilable(name string) bool {
	key, attribute := strings.CutPrefix(name, attributePrefix)
	return attribute && key != "" && len(key) <= MaxText || slices.Contains(Veilable(), name)
}

// Veil hides some values of every asset from a reader. It never changes; nil hides nothing.
type Veil struct {
	names      []string
	bits       uint32          // of veilable
	attributes map[string]bool // hidden ones
}

// NewVeil hides the values of the names, which are IsVeilable; nil where there are none.
func NewVeil(names []string) *Veil {
	v := &Veil{names: slices.Compact(slices.Sorted(slices.Values(names))), attributes: map[string]bool{}}
	for _, name := range v.names {
		if key, ok := strings.CutPrefix(name, attributePrefix); ok {
			v.attributes[key] = true
		}
		if i := slices.Index(Veilable(), name); i >= 0 {
			v.bits |= 1 << i
		}
	}
	if len(v.names) == 0 {
		return nil
	}
	return v
}

// Names lists what is hidden, in order.
func (v *Veil) Names() []string {
	if v == nil {
		return nil
	}
	return v.names
}

// Hides reports whether the values of a name are hidden.
func (v *Veil) Hides(name string) bool {
	if v == nil {
		return false
	}
	if key, ok := strings.CutPrefix(name, attributePrefix); ok && (v.attributes[key] || v.hides("attributes")) {
		return true
	}
	return v.hides(name)
}

func (v *Veil) hides(name string) bool {
	i := slices.Index(Veilable(), name)
	return i >= 0 && v.bits&(1<<i) != 0
}

// Cover takes the hidden values from an asset.
func (v *Veil) Cover(a *Asset) {
	if v == nil {
		return
	}
	for i := range veilable {
		if v.bits&(1<<i) != 0 {
			veilable[i].copy(a, &Asset{})
		}
	}
	if len(v.attributes) > 0 {
		a.Attributes = slices.DeleteFunc(slices.Clone(a.Attributes), func(t Attr) bool { return v.attributes[t.Key] })
	}
}

// Restore gives an asset that was read through the veil and comes back changed the hidden values that it has.
func (v *Veil) Restore(a, has *Asset) {
	if v == nil || has == nil {
		return
	}
	for i := range veilable {
		if v.bits&(1<<i) != 0 {
			veilable[i].copy(a, has)
		}
	}
	for _, t := range has.Attributes {
		if v.attributes[t.Key] {
			a.Attributes = append(slices.DeleteFunc(a.Attributes, func(o Attr) bool { return o.Key == t.Key }), t)
		}
	}
}

// cover takes the hidden values from a plan.
func (v *Veil) cover(p *Plan) {
	if v == nil {
		return
	}
	if v.hides("name") {
		p.Name = nil
	}
	if v.hides("material") {
		p.Material, p.MaterialRef = "", 0
	}
	if v.hides("installed") {
		p.Installed = ""
	}
}
