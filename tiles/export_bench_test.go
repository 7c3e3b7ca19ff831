package tiles_test

import (
	"testing"

	"github.com/undercity/undercity/tiles"
	"github.com/undercity/undercity/tiles/archive"
)

// BenchmarkExport is a whole city as an archive that is thrown away: what BenchmarkCity makes, with index, compression, checksums and order, on every core.
func BenchmarkExport(b *testing.B) {
	segments := benchSegments()
	s := city(b, segments).Snapshot()
	for _, m := range []archive.Method{archive.Deflate, archive.Zstd, archive.Store} {
		b.Run(string(m), func(b *testing.B) {
			var size sized
			used := processorTime(b)
			for b.Loop() {
				size = 0
				a := archive.New(&size, m)
				if _, err := tiles.Export(b.Context(), s, tiles.ExportOptions{}, a); err != nil {
					b.Fatal(err)
				}
				if err := a.Close(); err != nil {
					b.Fatal(err)
				}
			}
			used = processorTime(b) - used
			b.ReportMetric(float64(size)/float64(segments), "B/segment")
			b.ReportMetric(float64(segments)*float64(b.N)/b.Elapsed().Seconds(), "segments/s")
			b.ReportMetric(used.Seconds()*1e6/float64(b.N)/float64(segments), "processor-µs/segment")
		})
	}
}

// sized counts what is written.
type sized int

// Write counts.
func (s *sized) Write(b []byte) (int, error) {
	*s += sized(len(b))
	return len(b), nil
}
