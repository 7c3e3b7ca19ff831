package twin

import (
	"slices"
	"strings"
)

// Values of an asset that can be hidden from readers who may see the asset itself. Where it lies, what it is, its section and how sure all that is belong
// to its picture, and who digs beside it must know them: who must not know them must not see the asset. Its number stands in its ID.
var veilable = [...]string{"name", "owner", "material", "installed", "road", "validity", "attributes"}

// Bits of a Veil, in the order of veilable.
const (
	veilName uint32 = 1 << iota
	veilOwner
	veilMaterial
	veilInstalled
	veilRoad
	veilValidity
	veilAttributes
)

// nothing is what is put in the place of hidden values.
var nothing Asset

// copyHidden gives an asset the hidden values of another. It is written out, without functions in a table, so that an asset on the stack stays there:
// every record that is decoded comes through here.
func (v *Veil) copyHidden(to, from *Asset) {
	if v.bits&veilName != 0 {
		to.Name = from.Name
	}
	if v.bits&veilOwner != 0 {
		to.Owner = from.Owner
	}
	if v.bits&veilMaterial != 0 {
		to.Material = from.Material
	}
	if v.bits&veilInstalled != 0 {
		to.Installed = from.Installed
	}
	if v.bits&veilRoad != 0 {
		to.Road = from.Road
	}
	if v.bits&veilValidity != 0 {
		to.ValidFrom, to.ValidTo = from.ValidFrom, from.ValidTo
	}
	if v.bits&veilAttributes != 0 {
		to.Attributes = from.Attributes
	}
}

// attributePrefix begins the name of one attribute ("attributes.压力").
const attributePrefix = "attributes."

// Veilable lists the names of the values that a Veil can hide; "attributes.KEY" is one attribute.
func Veilable() []string {
	return slices.Clone(veilable[:])
}

// IsVeilable reports whether a name is one of Veilable or of one attribute.
func IsVeilable(name string) bool {
	key, attribute := strings.CutPrefix(name, attributePrefix)
	return attribute && key != "" && len(key) <= MaxText || slices.Contains(veilable[:], name)
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
		if i := slices.Index(veilable[:], name); i >= 0 {
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
	i := slices.Index(veilable[:], name)
	return i >= 0 && v.bits&(1<<i) != 0
}

// Cover takes the hidden values from an asset.
func (v *Veil) Cover(a *Asset) {
	if v == nil {
		return
	}
	v.copyHidden(a, &nothing)
	if len(v.attributes) > 0 {
		a.Attributes = slices.DeleteFunc(slices.Clone(a.Attributes), func(t Attr) bool { return v.attributes[t.Key] })
	}
}

// Restore gives an asset that was read through the veil and comes back changed the hidden values that it has.
func (v *Veil) Restore(a, has *Asset) {
	if v == nil || has == nil {
		return
	}
	v.copyHidden(a, has)
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
