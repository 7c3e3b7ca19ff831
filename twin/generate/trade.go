package generate

import (
	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// trade is one line along a street. Heating lies as a pair, and lower in coastal streets than in inland ones: its two lines could not cross otherwise.
type trade uint8

const (
	water trade = iota
	gas
	power
	telecom
	rain
	sewage
	supply  // heating in inland streets
	back    // its return
	supplyC // heating in coastal streets
	backC
	works // industrial, in some inland streets
	lamps // between crossings only
	trades
)

// What is no line along a street counts its numbers as these.
const (
	hall  trade = trades + iota // galleries
	bored                       // tunnels
	bridged
	spaces
	counters
)

var netCodes = [trades]string{"JS", "RQ", "DL", "TX", "YS", "WS", "RL", "RL", "RL", "RL", "GY", "LD"}

func (t trade) net() string { return netCodes[t] }

// numbering is the trade whose counter numbers the nodes of t: those of one network share one.
func (t trade) numbering() trade {
	if t.net() == "RL" {
		return supply
	}
	return t
}

// bands is the depth from the ground to the top of each trade, metres. Between two bands stay at least 9 cm, of which the ground's curve between two
// vertices takes at most 4.
//
//	telecom 0.60–0.84, power 0.93–1.29, gas 1.38–1.66, water 1.75–2.39, heating 2.47–2.92 and 3.01–3.46,
//	rain 3.55–5.15, sewage 5.25–8.3, gallery 8.9–12.7, road tunnel below 18
var bands = [trades]float64{water: 1.75, gas: 1.38, power: 0.93, telecom: 0.60, rain: 3.60, sewage: 5.30,
	supply: 2.47, back: 2.47, supplyC: 3.01, backC: 3.01, works: 2.47, lamps: 0.60}

const (
	rainInvert   = 4.95 // depth of the inner bottom of rain mains in inland streets
	sewageTop    = 6.00 // depth of the outer top of sewers in inland streets: those of coastal streets run into them from above
	coastInvert  = 7.10 // depth of the interceptor below the coastal avenue where a section of it begins
	galleryCover = 8.90
	houseInvert  = 5.55 // depth at which a house drain leaves the property
)

const none = -1000.0 // the street has no such line

// offsets is the distance of each trade from the centreline by class, metres, positive towards greater u or v.
var offsets = [3][trades]float64{
	mainStreet: {water: 9, gas: -13.5, power: -18, telecom: 18, rain: -9, sewage: 3.5, supply: 13, back: 14.1, supplyC: 13, backC: 14.1, works: -4.6, lamps: -16},
	secondary:  {water: 4.2, gas: -8, power: -11.6, telecom: 11.4, rain: -4, sewage: 0.5, supply: 7.4, back: 8.5, supplyC: 7.4, backC: 8.5, works: none, lamps: -10},
	branch:     {water: 2.9, gas: -4.9, power: -7, telecom: 6.6, rain: -2.3, sewage: 0.4, supply: none, back: none, supplyC: none, backC: none, works: none, lamps: none},
}

// inStreet reports whether an inland (coastal) street carries the trade.
func (t trade) inStreet(s *street, coastal bool) bool {
	if offsets[s.class][t] == none {
		return false
	}
	switch t {
	case supply, back:
		return !coastal
	case supplyC, backC:
		return coastal
	case works:
		return !coastal && s.works
	}
	return true
}

// kit is a pipe as it is bought.
type kit struct {
	material string
	section  geometry.Section
	shape    *geometry.Structure // of every segment of it, nil for most
}

// ducts says what runs in the holes of a bank: the first of them, from below, are taken.
func ducts(k kit, diameter float64, use string, taken int) kit {
	p := &geometry.Pipe{}
	s := k.section
	for i := range int(s.Cols) * int(s.Rows) {
		col, row := i%int(s.Cols), i/int(s.Cols)
		h := geometry.DuctHole{X: round((float64(col)+0.5)/float64(s.Cols)*s.Width-s.Width/2, 1000), Y: round((float64(row)+0.5)/float64(s.Rows)*s.Height-s.Height/2, 1000),
			Diameter: diameter, Free: i >= taken}
		if i < taken {
			h.Use = use
		}
		p.Holes = append(p.Holes, h)
	}
	k.shape = &geometry.Structure{Pipe: p}
	return k
}

// kits are the pipes of the city by trade and class.
type kits struct {
	line                       [trades][3][]kit
	rain                       []kit // growing downstream
	oldRain                    []kit
	sewer                      []kit
	house                      map[trade]kit
	hydrant, interceptor       kit
	hallGas, cable10, cable110 kit // in the gallery
	fibre, fireMain, culvert   kit
	ditch                      []kit
	hall                       []hallLine
	taper                      map[geometry.Section]*geometry.Structure // of a water main to the smallest
}

func newKits(c *twin.Catalog) kits {
	round := func(material string, nominal, clear, wall float64) kit {
		if p, ok := c.Pipe(material, nominal); ok && p.Wall > 0 && p.Outer > 2*p.Wall {
			clear, wall = p.Outer-2*p.Wall, p.Wall
		}
		return kit{material: material, section: geometry.Round(clear, wall)}
	}
	bank := func(material string, cols, rows uint8, w, h float64) kit {
		return kit{material: material, section: geometry.Section{Shape: geometry.DuctBank, Width: w, Height: h, Cols: cols, Rows: rows}}
	}
	cable := func(material string, d float64) kit {
		return kit{material: material, section: geometry.Section{Shape: geometry.Cable, Width: d, Height: d}}
	}
	box := func(shape geometry.Shape, material string, w, h, wall float64) kit {
		return kit{material: material, section: geometry.Section{Shape: shape, Width: w, Height: h, Wall: wall}}
	}
	var k kits
	k.line[water] = [3][]kit{
		{round("DI", 0.6, 0.615, 0.01), round("DI", 0.5, 0.514, 0.009), round("DI", 0.4, 0.413, 0.008)},
		{round("DI", 0.3, 0.311, 0.007), round("CI", 0.3, 0.3, 0.012), round("DI", 0.2, 0.21, 0.006)},
		{round("PE", 0.16, 0.131, 0.0146), round("CI", 0.15, 0.15, 0.01), round("PE", 0.11, 0.09, 0.01)}}
	k.line[gas] = [3][]kit{
		{{material: "STL", section: geometry.Round(0.259, 0.007)}, round("PE", 0.25, 0.2046, 0.0227)},
		{round("PE", 0.2, 0.1636, 0.0182), {material: "STL", section: geometry.Round(0.207, 0.006)}},
		{round("PE", 0.11, 0.09, 0.01), round("PE", 0.16, 0.131, 0.0146)}}
	k.line[power] = [3][]kit{{ducts(bank("MPP", 5, 2, 0.9, 0.36), 0.15, "10 kV", 6), ducts(bank("MPP", 5, 2, 0.9, 0.36), 0.15, "10 kV", 9)}, {bank("MPP", 4, 2, 0.72, 0.36), bank("CPVC", 3, 2, 0.54, 0.36)},
		{bank("CPVC", 2, 2, 0.36, 0.36), cable("CU", 0.08)}}
	k.line[telecom] = [3][]kit{{ducts(bank("PVC", 6, 2, 0.72, 0.24), 0.1, "光缆", 8), ducts(bank("PVC", 6, 2, 0.72, 0.24), 0.1, "光缆", 5)}, {bank("PVC", 4, 2, 0.48, 0.24)}, {bank("PVC", 3, 2, 0.36, 0.24), bank("PVC", 2, 2, 0.24, 0.24)}}
	heat := [3][]kit{{{material: "STL", section: geometry.Round(0.311, 0.067)}}, {{material: "STL", section: geometry.Round(0.207, 0.0565)}}, nil}
	k.line[supply], k.line[back], k.line[supplyC], k.line[backC] = heat, heat, heat, heat
	k.line[works][mainStreet] = []kit{{material: "STL", section: geometry.Round(0.207, 0.006)}, {material: "SS", section: geometry.Round(0.15, 0.0045)}}
	k.line[lamps] = [3][]kit{{cable("CU", 0.05)}, {cable("CU", 0.05)}, nil}
	k.rain = []kit{round("CON", 0.4, 0.4, 0.045), round("CON", 0.6, 0.6, 0.06), round("CON", 0.8, 0.8, 0.08), round("CON", 1.0, 1.0, 0.1),
		box(geometry.Rectangle, "RCP", 1.6, 1.1, 0.15), box(geometry.Rectangle, "RCP", 2.0, 1.2, 0.15)}
	k.oldRain = []kit{round("CON", 0.4, 0.4, 0.045), box(geometry.Egg, "BRK", 0.6, 0.9, 0.2), box(geometry.Egg, "BRK", 0.73, 1.1, 0.2),
		box(geometry.Arch, "BRK", 1.0, 1.1, 0.2), box(geometry.Arch, "BRK", 1.2, 1.15, 0.2), box(geometry.Rectangle, "BRK", 1.6, 1.1, 0.2)}
	k.sewer = []kit{round("CON", 0.3, 0.3, 0.03), round("CON", 0.4, 0.4, 0.04), round("CON", 0.5, 0.5, 0.05), round("CON", 0.6, 0.6, 0.06), round("CON", 0.8, 0.8, 0.08)}
	k.house = map[trade]kit{water: round("PE", 0.063, 0.0514, 0.0058), gas: round("PE", 0.063, 0.0514, 0.0058), power: cable("CU", 0.06),
		telecom: bank("PVC", 2, 1, 0.22, 0.11), sewage: round("PVC", 0.2, 0.188, 0.006), rain: round("HDPE", 0.2, 0.2, 0.015)}
	k.hydrant = round("DI", 0.1, 0.106, 0.006)
	k.interceptor = round("CON", 1.0, 1.0, 0.1)
	k.hallGas = kit{material: "STL", section: geometry.Round(0.307, 0.009)}
	k.cable10, k.cable110, k.fibre = cable("CU", 0.09), cable("CU", 0.15), cable("FO", 0.06)
	k.fireMain = round("DI", 0.15, 0.158, 0.006)
	k.culvert = box(geometry.Arch, "BRK", 0.8, 0.9, 0.2)
	k.ditch = ditches()
	k.hall = hallLines(&k)
	small := k.line[water][mainStreet][2].section
	k.taper = map[geometry.Section]*geometry.Structure{}
	for _, big := range k.line[water][mainStreet][:2] {
		k.taper[big.section] = &geometry.Structure{Pipe: &geometry.Pipe{EndWidth: small.Width, EndHeight: small.Height, EndWall: small.Wall}}
	}
	return k
}
