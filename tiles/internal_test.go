package tiles

import "github.com/undercity/undercity/twin"

// ContentOf is a content that holds one asset alone.
func ContentOf(s *twin.Snapshot, id twin.ID) ([]byte, error) {
	r, _ := s.Find(id)
	x := &index{snap: s}
	return x.content([]twin.Handle{r.Handle()}, r.Layer(), false)
}
