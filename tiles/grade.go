package tiles

import (
	"slices"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// grading names the rules that a view's grades follow from.
func (v View) grading() string {
	if v.Grades == nil {
		return ""
	}
	return v.Grades.Key
}

// guards reports whether an asset is restricted or secret; whole is the snapshot without what may lie over what a grade follows from.
func (g *Grades) guards(whole *twin.Snapshot, h twin.Handle) bool {
	return g.Of(whole.Record(h)) >= twin.SecrecyRestricted
}

// restricted counts what of some assets is restricted or secret. It is counted when a content is made, and kept with it: who asks for what is kept pays nothing.
func (v View) restricted(s *twin.Snapshot, list []twin.Handle) (n int) {
	if v.Grades == nil {
		return 0
	}
	whole := s.Whole()
	for _, h := range list {
		if v.Grades.guards(whole, h) {
			n++
		}
	}
	return n
}

// restrictedIn lists what of some assets, or of all where none are given, is restricted or secret and meets a box.
func (v View) restrictedIn(s *twin.Snapshot, list []twin.Handle, b geometry.Box) []twin.Handle {
	if list == nil {
		list = s.AppendNear(nil, b)
	}
	whole := s.Whole()
	return slices.DeleteFunc(list, func(h twin.Handle) bool { return !v.Grades.guards(whole, h) || !s.Record(h).Box().IntersectsPlan(b) })
}
