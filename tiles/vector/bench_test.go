package vector_test

import (
	"cmp"
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/compress"
	"github.com/undercity/undercity/twin"
)

// vectorTilesOf lists the tiles of a zoom over the middle of a city, those at its rim left out: at least one.
func vectorTilesOf(s *twin.Snapshot, z uint8) []tiles.VectorAddress {
	b := s.Extent()
	c, size := b.Center(), b.Size()
	n := math.Ldexp(1, int(z))
	at := func(e, north float64) (x, y float64) {
		lon, lat := s.Frame().LonLat(e, north)
		r := lat * math.Pi / 180
		return (lon + 180) / 360 * n, (1 - math.Asinh(math.Tan(r))/math.Pi) / 2 * n
	}
	x0, y1 := at(c.E-0.35*size.E, c.N-0.35*size.N)
	x1, y0 := at(c.E+0.35*size.E, c.N+0.35*size.N)
	var list []tiles.VectorAddress
	for x := uint32(x0); x <= uint32(x1); x++ {
		for y := uint32(y0); y <= uint32(y1); y++ {
			list = append(list, tiles.VectorAddress{Z: z, X: x, Y: y})
		}
	}
	return list
}

// BenchmarkMVT is vector tiles that nobody has asked for before, made on all cores, of a city of 100,000 segments and what belongs to them;
// UNDERCITY_BENCH_SEGMENTS is another number.
func BenchmarkMVT(b *testing.B) {
	tw := city(b, benchSegments())
	v := tiles.View{Snapshot: tw.Snapshot()}
	g := tiles.New(tw, tiles.Options{CacheBytes: 1})
	for z := uint8(10); z <= 18; z++ {
		for _, enc := range []compress.Encoding{compress.Identity, compress.Zstd} {
			if enc != compress.Identity && z != 14 {
				continue
			}
			list := vectorTilesOf(v.Snapshot, z)
			b.Run(fmt.Sprintf("z%d/%s", z, cmp.Or(string(enc), "raw")), func(b *testing.B) {
				var next, size atomic.Int64
				b.ReportAllocs()
				before := processorTime(b)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						// In an order that leaps, so that the cache of the processor is no better than with real users.
						i := int(next.Add(1)) * 7919
						r, err := g.Vector(b.Context(), v, list[i%len(list)], enc)
						if err != nil {
							b.Error(err)
							return
						}
						size.Add(int64(len(r.Body)))
					}
				})
				b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/tile")
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tiles/s")
				b.ReportMetric(float64(size.Load())/float64(b.N), "B/tile")
				b.ReportMetric(float64(len(list)), "tiles")
			})
		}
	}
}
