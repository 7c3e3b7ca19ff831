package geometry

// SegmentDistance is the exact least distance in space between the straight lines a1–a2 and b1–b2, metres, and the fractions along
// each at which it is reached. Segments of no length count as points.
func SegmentDistance(a1, a2, b1, b2 Point) (d, s, t float64) {
	u, v, w := a2.Sub(a1), b2.Sub(b1), a1.Sub(b1)
	uu, uv, vv, uw, vw := u.Dot(u), u.Dot(v), v.Dot(v), u.Dot(w), v.Dot(w)
	const tiny = 1e-18 // (1 nm)²: as good as a point
	switch {
	case uu <= tiny && vv <= tiny:
	case uu <= tiny:
		t = clamp01(vw / vv)
	case vv <= tiny:
		s = clamp01(-uw / uu)
	default:
		// Start from the nearest points of the endless lines, then hold both fractions to their segments (Ericson, Real-Time
		// Collision Detection, 5.1.9). Parallel lines may start anywhere.
		if den := uu*vv - uv*uv; den > 1e-12*uu*vv {
			s = clamp01((uv*vw - uw*vv) / den)
		}
		t = (uv*s + vw) / vv
		if t < 0 {
			t, s = 0, clamp01(-uw/uu)
		} else if t > 1 {
			t, s = 1, clamp01((uv-uw)/uu)
		}
	}
	return a1.Lerp(a2, s).Dist(b1.Lerp(b2, t)), s, t
}

func clamp01(x float64) float64 { return max(0, min(1, x)) }
