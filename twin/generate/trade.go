package generate

import (
	"math"

	"github.com/undercity/undercity/geometry"
)

// trade is how one network lies in the streets. Lines along one street are parallel and never cross; at a crossing the streets that run east
// keep one band of depth and those that run north another, so nothing meets but at the network's own nodes:
//
//	east, pressure and cables  0.4–1.9 m    north, pressure and cables  2.0–3.0 m (they dip at crossings)
//	north, gravity             3.1–4.4 m    east, gravity               4.6–6.3 m
//	the gallery                6.8–11 m     the road tunnel             from 17 m
type trade struct {
	network string
	owner   string
	offset  float64 // left of the middle of a main street, metres
	depth   float64 // to the crown east of crossings and between them
	gravity bool
	cable   bool
	every   float64 // greatest distance between nodes, metres
	size    func(k class, along float64) (geometry.Section, string)
}

func round(d, wall float64, material string) func(class, float64) (geometry.Section, string) {
	return func(class, float64) (geometry.Section, string) { return geometry.Round(d, wall), material }
}

// trades are the seven networks, with offsets and cover in the order of GB 50289 4.1.3, telecom and power outermost.
var trades = []trade{
	{network: "TX", owner: "市通信管道公司", offset: -8.6, depth: 0.50, cable: true, every: 70, size: func(k class, _ float64) (geometry.Section, string) {
		if k == main {
			return geometry.Section{Shape: geometry.DuctBank, Width: 0.36, Height: 0.26, Cols: 3, Rows: 2}, "FO"
		}
		return geometry.Section{Shape: geometry.DuctBank, Width: 0.24, Height: 0.24, Cols: 2, Rows: 2}, "FO"
	}},
	{network: "JS", owner: "市水务集团", offset: -6.0, depth: 1.15, every: 48, size: func(k class, _ float64) (geometry.Section, string) {
		switch k {
		case main:
			return geometry.Round(0.5836, 0.0099), "DI" // DN600 K9 less lining, table of ductile iron
		case secondary:
			return geometry.Round(0.3116, 0.0072), "DI"
		}
		return geometry.Round(0.1308, 0.0146), "PE"
	}},
	{network: "RQ", owner: "市燃气集团", offset: -3.7, depth: 0.88, every: 55, size: func(k class, _ float64) (geometry.Section, string) {
		if k == main {
			return geometry.Round(0.203, 0.008), "STL"
		}
		return geometry.Round(0.0900, 0.0100), "PE"
	}},
	{network: "WS", owner: "市排水公司", offset: -0.8, depth: 0, gravity: true, every: 38, size: func(k class, along float64) (geometry.Section, string) {
		switch {
		case k == main && along > 0.5:
			return geometry.Section{Shape: geometry.Egg, Width: 0.6, Height: 0.9, Wall: 0.09}, "CON"
		case k == main:
			return geometry.Round(0.6, 0.06), "CON"
		}
		return geometry.Round(0.3+0.1*math.Floor(2*along), 0.03+0.01*math.Floor(2*along)), "CON"
	}},
	{network: "YS", owner: "市排水公司", offset: 2.3, depth: 0, gravity: true, every: 36, size: func(k class, along float64) (geometry.Section, string) {
		switch {
		case k == main && along > 0.6:
			return geometry.Section{Shape: geometry.Rectangle, Width: 1.2, Height: 0.9, Wall: 0.12}, "RCP"
		case k == main:
			return geometry.Round(0.8, 0.08), "CON"
		case k == secondary && along > 0.6:
			return geometry.Section{Shape: geometry.Arch, Width: 0.6, Height: 0.8, Wall: 0.1}, "BRK"
		}
		return geometry.Round(0.4+0.1*math.Floor(2*along), 0.04+0.01*math.Floor(2*along)), "CON"
	}},
	{network: "RL", owner: "市热电公司", offset: 5.3, depth: 1.12, every: 60, size: func(k class, _ float64) (geometry.Section, string) {
		if k == main {
			return geometry.Round(0.406, 0.012), "STL"
		}
		return geometry.Round(0.207, 0.006), "STL"
	}},
	{network: "DL", owner: "市供电公司", offset: 8.6, depth: 0.55, cable: true, every: 62, size: func(k class, _ float64) (geometry.Section, string) {
		if k == main {
			return geometry.Section{Shape: geometry.DuctBank, Width: 0.6, Height: 0.3, Cols: 4, Rows: 2}, "CU"
		}
		return geometry.Section{Shape: geometry.DuctBank, Width: 0.3, Height: 0.3, Cols: 2, Rows: 2}, "CU"
	}},
}

// Depths of the crown at crossings, metres.
const (
	dipDepth      = 2.1 // pressure and cables in streets that run north
	gravityNorth  = 3.15
	gravityEast   = 4.65
	gravityDeeper = 0.25 // how much deeper a gravity line lies at its lower end
	tradeReach    = 10   // metres from the middle of a main street to beyond its outermost line
)
