package meshopt

import "math"

// Exponential is a number as the filter EXPONENTIAL has it: a mantissa of 24 bits below an exponent of 8. What is too large for the mantissa comes out as
// its largest.
func Exponential(mantissa int32, exponent int8) uint32 {
	return uint32(max(-(1<<23), min(1<<23-1, mantissa)))&0xffffff | uint32(uint8(exponent))<<24
}

// Float is the number that the filter EXPONENTIAL makes of v.
func Float(v uint32) float32 {
	return float32(math.Ldexp(float64(int32(v<<8)>>8), int(int8(v>>24))))
}

// most is 1 in the numbers of the filter QUATERNION, √½ in the rotation.
const most = 1<<15 - 1

// Quaternion is a unit quaternion (x, y, z, w) as the filter QUATERNION has it: the three smaller numbers, and which one was the largest. Their lowest drop
// bits are rounded to 0, so that less is to be sent of what need not be as exact.
func Quaternion(q [4]float32, drop uint) [4]int16 {
	large := 0
	for i, v := range q {
		if abs(v) > abs(q[large]) {
			large = i
		}
	}
	factor := float32(most * math.Sqrt2)
	if q[large] < 0 {
		factor = -factor
	}
	var out [4]int16
	step := float32(int32(1) << drop)
	for i := range 3 {
		v := math.Round(float64(q[(large+1+i)&3]*factor/step)) * float64(step)
		out[i] = int16(max(-most, min(most, v)))
	}
	out[3] = most&^3 | int16(large)
	return out
}

func abs(v float32) float32 {
	if v < 0 {
		return -v
	}
	return v
}

// Turn is what the filter QUATERNION makes of v: a quaternion whose 1 is 32767.
func Turn(v [4]int16) (q [4]int16) {
	s := float64(v[3] | 3)
	sum := 2 * s * s
	scale := 32767 / math.Sqrt2 / s
	large := int(v[3] & 3)
	for i, x := range v[:3] {
		sum -= float64(x) * float64(x)
		q[(large+1+i)&3] = int16(math.Round(float64(x) * scale))
	}
	q[large] = int16(math.Round(math.Sqrt(max(0, sum)) * scale))
	return q
}
