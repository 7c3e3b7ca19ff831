package formats

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Even fills the values between two known ends, evenly along the line.
func Even(line []geometry.Point, values []float64) {
	n := len(line) - 1
	if n < 2 || len(values) != len(line) || twin.IsUnknown(values[0]) || twin.IsUnknown(values[n]) {
		return
	}
	var total, along float64
	for i := 1; i <= n; i++ {
		total += line[i].PlanDist(line[i-1])
	}
	for i := 1; i < n && total > 0; i++ {
		along += line[i].PlanDist(line[i-1])
		values[i] = values[0] + along/total*(values[n]-values[0])
	}
}
