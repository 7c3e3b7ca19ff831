package geometry

// SegmentDistance is the least distance in space between the segments ab and cd, metres, exact for every position including parallel and
// degenerate ones (after Ericson, Real-Time Collision Detection, 5.1.9).
func SegmentDistance(a, b, c, d Point) float64 {
	d1, d2, r := b.Sub(a), d.Sub(c), a.Sub(c)
	l1, l2, f := d1.Dot(d1), d2.Dot(d2), d2.Dot(r)
	var s, t float64
	switch {
	case l1 == 0 && l2 == 0:
		return r.Len()
	case l1 == 0:
		t = clamp(f / l2)
	case l2 == 0:
		s = clamp(-d1.Dot(r) / l1)
	default:
		k, m := d1.Dot(r), d1.Dot(d2)
		if den := l1*l2 - m*m; den > 1e-12*l1*l2 {
			s = clamp((m*f - k*l2) / den)
		}
		t = (m*s + f) / l2
		if t < 0 {
			t, s = 0, clamp(-k/l1)
		} else if t > 1 {
			t, s = 1, clamp((m-k)/l1)
		}
	}
	return a.Add(d1.Scale(s)).Dist(c.Add(d2.Scale(t)))
}

func clamp(v float64) float64 { return max(0, min(1, v)) }
