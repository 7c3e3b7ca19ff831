package twin

import "math"

// hilbertKeys orders boxes along a Hilbert curve by their middles: place along the curve in the high half, index in the low half.
func hilbertKeys(boxes []flat) []uint64 {
	u := boxes[0]
	for _, b := range boxes[1:] {
		u = u.union(b)
	}
	e, n := float64(u[0]), float64(u[1])
	scale := 65535 / max(float64(u[2])-e, float64(u[3])-n, 1e-9)
	keys := make([]uint64, len(boxes))
	inParts(len(boxes), func(_, from, to int) {
		for i := from; i < to; i++ {
			b := boxes[i]
			x := gridOf((float64(b[0])+float64(b[2]))/2-e, scale)
			y := gridOf((float64(b[1])+float64(b[3]))/2-n, scale)
			keys[i] = uint64(hilbert(x, y))<<32 | uint64(i)
		}
	})
	return sortHigh(keys)
}

func gridOf(d, scale float64) uint32 { return uint32(math.Min(65535, math.Max(0, d*scale))) }

// hilbert is the place of cell x, y along a Hilbert curve over 65536 × 65536 cells.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1 << 15); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = 65535-x, 65535-y
			}
			x, y = y, x
		}
	}
	return d
}

// sortHigh sorts by the high halves and keeps the order of equal ones: a radix sort, several times as fast as sorting by comparison.
func sortHigh(keys []uint64) []uint64 {
	const bits = 11
	spare := make([]uint64, len(keys))
	for shift := 32; shift < 64; shift += bits {
		var start [1 << bits]int
		for _, k := range keys {
			start[k>>shift&(1<<bits-1)]++
		}
		sum := 0
		for i, n := range start {
			start[i] = sum
			sum += n
		}
		for _, k := range keys {
			d := k >> shift & (1<<bits - 1)
			spare[start[d]] = k
			start[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}
