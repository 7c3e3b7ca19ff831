package tiles_test

import (
	"github.com/undercity/undercity/tiles/draw"
	"github.com/undercity/undercity/twin"
)

// contentOf is a content that holds one asset alone.
func contentOf(s *twin.Snapshot, id twin.ID) ([]byte, error) {
	r, _ := s.Find(id)
	return draw.Content(s, []twin.Handle{r.Handle()}, r.Layer(), false)
}
