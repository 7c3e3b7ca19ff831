package draw

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Bytes in a content, before compression: of the row of an asset, its instances, and its surfaces.
const (
	bytesRow     = 48
	bytesPiece   = 48
	bytesSurface = 2600 // a vertex of a line with an outline of twenty-four points
	bytesWall    = 400  // a vertex of the outline of an area
	bytesParts   = 4000 // what a structure has beside its walls
	bytesHole    = 900  // a vertex of a line with one duct
	bytesBend    = 1200 // a bend that is drawn in pieces
)

// Weight estimates the bytes of an asset in a content. Shapes that many assets share are not its own (see shapeRoom).
func Weight(r twin.Record, axis []geometry.Point, drawn geometry.Section) int {
	n := min(len(axis), mostVertices)
	s := r.Structure()
	switch {
	case s != nil && s.Chamber != nil:
		c := s.Chamber
		return bytesRow + bytesPiece*(2*len(c.Layers)+3+2*len(c.Openings)) + bytesParts*len(c.Inside)
	case s != nil && s.Pipe != nil && isBent(s.Pipe, drawn):
		return bytesRow + 2*bytesPiece*n + bytesBend*max(0, n-2)
	case s != nil && s.Pipe != nil && isRun(axis, s.Pipe):
		return bytesRow + 2*bytesPiece
	case s != nil && s.Pipe != nil:
		return bytesRow + (bytesSurface+bytesHole*max(len(s.Pipe.Holes), int(drawn.Cols)*int(drawn.Rows)))*n
	case s != nil:
		return bytesRow + min(structureRoom, bytesParts*partsOf(s, axis)+bytesSurface/2*n*max(1, roomsOf(s)))
	case r.Kind().IsPoint():
		return bytesRow + bytesPiece
	case r.Kind() == twin.KindZone, r.Kind() == twin.KindSolid:
		return bytesRow + bytesWall*n
	case drawn.IsRound() || len(axis) == 2:
		return bytesRow + 2*bytesPiece*n
	}
	return bytesRow + bytesSurface*n
}

// roomsOf is how many tubes or compartments run along a structure.
func roomsOf(s *geometry.Structure) int {
	switch {
	case s.Gallery != nil:
		return len(s.Gallery.Compartments)
	case s.Tunnel != nil:
		return len(s.Tunnel.Tubes)
	}
	return 0
}

// partsOf is how many parts a structure has beside its walls, about, in parts of bytesParts each.
func partsOf(s *geometry.Structure, axis []geometry.Point) int {
	long := 0.0
	for i := 1; i < len(axis); i++ {
		long += axis[i].Dist(axis[i-1])
	}
	times := func(every float64) int { // things of bytesPiece each along the axis
		if !(every > 0) {
			return 0
		}
		return int(min(1e6, long/every)) * bytesPiece / bytesParts
	}
	n := 1
	switch {
	case s.Gallery != nil:
		n += len(s.Gallery.Shafts) + len(s.Gallery.FireDoors)
		for _, b := range s.Gallery.Brackets {
			n += times(b.Every)
		}
	case s.Tunnel != nil:
		n += len(s.Tunnel.Shafts) + len(s.Tunnel.Portals) + len(s.Tunnel.Passages) + len(s.Tunnel.Tubes)*times(s.Tunnel.Lining)
	case s.Bridge != nil:
		for _, p := range s.Bridge.Supports {
			n += 1 + (p.Columns+p.Piles.Across*p.Piles.Along)*bytesPiece/bytesParts
		}
	case s.Space != nil:
		n += len(s.Space.Storeys)
	case s.Solid != nil:
		n += (16*len(s.Solid.Vertices) + 6*len(s.Solid.Faces)) / bytesParts
	}
	return n
}
