package vector

import (
	"math"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Streets are the base data's streets, found by where they lie. They are immutable.
type Streets struct {
	base  *twin.Base
	boxes []geometry.Box
}

// NewStreets takes the streets of some base data.
func NewStreets(base *twin.Base) *Streets {
	s := &Streets{base: base, boxes: make([]geometry.Box, len(base.Streets))}
	for i, st := range base.Streets {
		s.boxes[i] = geometry.BoxOf(st.Line...)
	}
	return s
}

// Same reports whether these are the streets of some base data.
func (s *Streets) Same(base *twin.Base) bool {
	return s.base == base || len(s.base.Streets)+len(base.Streets) == 0
}

// streetFrom is the zoom from which on a street of a class is shown.
func streetFrom(class string) uint8 {
	switch class {
	case "main":
		return 10
	case "secondary":
		return 12
	}
	return 13
}

// Attributes of streets.
const (
	streetName = iota
	streetNameEN
	streetClass
	streetWidth
)

var streetKeys = []string{"name", "name_en", "class", "width"}

// streets draws the streets that meet the tile.
func (d *drawer) streets(list *Streets) {
	for i := range list.base.Streets {
		s := &list.base.Streets[i]
		if len(s.Line) < 2 || d.sheet.tile.Z < streetFrom(s.Class) || !meetInPlan(list.boxes[i], d.sheet.box) {
			continue
		}
		d.street.Reset()
		if !d.path(d.street, s.Line, s.Width/2) {
			continue
		}
		for key, v := range [...]string{streetName: s.Name, streetNameEN: s.NameEN, streetClass: s.Class} {
			if v != "" {
				d.street.Tag(key, d.street.Text(v))
			}
		}
		if s.Width > 0 {
			d.street.MilliTag(streetWidth, int32(math.Round(s.Width*1000)))
		}
		d.street.End(0)
	}
}
