package crs

import "math"

// The offset of Chinese web maps (GCJ-02) is public knowledge from many implementations; its constants are those of the Krasovsky 1940 ellipsoid.
const (
	gcjA  = 6378245.0
	gcjE2 = 0.00669342162296594323
)

func inChina(lon, lat float64) bool {
	return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271
}

// ToGCJ02 returns the position that Chinese web maps show for a WGS 84 position, degrees; outside China they are equal.
func ToGCJ02(lon, lat float64) (float64, float64) {
	if !inChina(lon, lat) {
		return lon, lat
	}
	x, y := lon-105, lat-35
	wave := func(v, a, b float64) float64 { return (a*math.Sin(v*math.Pi) + b*math.Sin(v*math.Pi/3)) * 2 / 3 }
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	root := math.Sqrt(math.Abs(x))
	dlat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + common + wave(y, 20, 40) +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dlon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + common + wave(x, 20, 40) +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	s, c := math.Sincos(radians(lat))
	w := 1 - gcjE2*s*s
	return lon + degreesOf(dlon/(gcjA/math.Sqrt(w)*c)), lat + degreesOf(dlat/(gcjA*(1-gcjE2)/(w*math.Sqrt(w))))
}

// FromGCJ02 returns the WGS 84 position of one on a Chinese web map, degrees, to better than 1 mm by iteration.
func FromGCJ02(lon, lat float64) (float64, float64) {
	if !inChina(lon, lat) {
		return lon, lat
	}
	x, y := lon, lat
	for range 10 {
		gx, gy := ToGCJ02(x, y)
		x, y = x+lon-gx, y+lat-gy
		if math.Abs(lon-gx) < 1e-9 && math.Abs(lat-gy) < 1e-9 {
			break
		}
	}
	return x, y
}
