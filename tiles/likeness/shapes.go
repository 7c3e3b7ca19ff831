package likeness

import "github.com/undercity/undercity/geometry"

// The likenesses. Sizes are usual ones, metres: a post hydrant of 0.8 m, a street cabinet of 1.0 × 0.4 × 1.3 m, a gully of 0.75 × 0.45 m, a lamp post of
// 6 m. What is set into a line (valve, meter, drip pot) is about its axis; what stands on the ground begins at 0.

// maker makes a likeness of its parts.
type maker func(parts ...geometry.Mesh) *Shape

func waterModels(list map[string]*Shape, onLine, onGround maker) {
	// Round about the upright, since a node does not say which way its line runs: a body that bulges out of the line, a spindle and a hand wheel.
	valve := onLine(upright(0, 0, [2]float64{-0.2, 0.1}, [2]float64{-0.12, 0.19}, [2]float64{0.08, 0.19}, [2]float64{0.18, 0.11}, [2]float64{0.18, 0.14}, [2]float64{0.22, 0.14}, [2]float64{0.22, 0.03}, [2]float64{0.42, 0.03}),
		upright(0, 0, [2]float64{0.4, 0.16}, [2]float64{0.44, 0.16}))
	list["valve"], list["blow_off"], list["trap"] = valve, valve, valve
	list["air_valve"] = onLine(upright(0, 0, [2]float64{0, 0.05}, [2]float64{0.2, 0.05}, [2]float64{0.2, 0.13}, [2]float64{0.34, 0.13}, [2]float64{0.42, 0.05}))
	list["gate"] = onLine(brick(0, 0, -0.4, 0.7, 0.12, 0.1), brick(-0.3, 0, -0.3, 0.1, 0.12, 0.8), brick(0.3, 0, -0.3, 0.1, 0.12, 0.8), brick(0, 0, 0.5, 0.7, 0.12, 0.1),
		brick(0, 0, -0.3, 0.5, 0.05, 0.45), upright(0, 0, [2]float64{0.15, 0.03}, [2]float64{0.85, 0.03}), upright(0, 0, [2]float64{0.8, 0.16}, [2]float64{0.85, 0.16}))
	list["hydrant"] = onGround(upright(0, 0, [2]float64{0, 0.16}, [2]float64{0.05, 0.16}, [2]float64{0.05, 0.1}, [2]float64{0.6, 0.1}, [2]float64{0.6, 0.13}, [2]float64{0.68, 0.12}, [2]float64{0.76, 0.05}, [2]float64{0.82, 0.05}),
		level(0.45, [2]float64{-0.22, 0.075}, [2]float64{-0.17, 0.075}, [2]float64{-0.17, 0.055}, [2]float64{0.17, 0.055}, [2]float64{0.17, 0.075}, [2]float64{0.22, 0.075}))
	list["meter"] = onLine(upright(0, 0, [2]float64{-0.12, 0.1}, [2]float64{-0.06, 0.15}, [2]float64{0.08, 0.15}, [2]float64{0.14, 0.11}, [2]float64{0.14, 0.14}, [2]float64{0.2, 0.14}),
		brick(0, 0.12, 0.2, 0.28, 0.03, 0.16))
	list["gauge"] = onLine(upright(0, 0, [2]float64{0, 0.02}, [2]float64{0.4, 0.02}), facing(0, 0.48, [2]float64{-0.03, 0.12}, [2]float64{0.03, 0.12}))
	list["tap"] = onGround(upright(0, 0, [2]float64{0, 0.04}, [2]float64{0.9, 0.04}), facing(0, 0.8, [2]float64{0, 0.03}, [2]float64{0.2, 0.03}), brick(0, 0, 0.9, 0.16, 0.03, 0.03))
	list["cap"] = onLine(level(0, [2]float64{-0.05, 0.12}, [2]float64{0.03, 0.12}, [2]float64{0.08, 0.06}))
	// A frame with bars over a pot.
	grate := []geometry.Mesh{brick(0, -0.2, -0.05, 0.75, 0.05, 0.07), brick(0, 0.2, -0.05, 0.75, 0.05, 0.07), brick(-0.35, 0, -0.05, 0.05, 0.35, 0.07), brick(0.35, 0, -0.05, 0.05, 0.35, 0.07), brick(0, 0, -0.65, 0.6, 0.35, 0.6)}
	for k := range 4 {
		grate = append(grate, brick(-0.21+0.14*float64(k), 0, -0.04, 0.05, 0.35, 0.05))
	}
	gully := onGround(grate...)
	list["gully"], list["inlet"] = gully, gully
	outfall := onLine(brick(-0.6, 0, -0.8, 0.5, 0.3, 1.6), brick(0.6, 0, -0.8, 0.5, 0.3, 1.6), brick(0, 0, 0.35, 0.7, 0.3, 0.45), brick(0, 0, -0.8, 0.7, 0.3, 0.45), brick(0, 0.6, -0.8, 1.7, 0.9, 0.12))
	list["outfall"], list["outlet"] = outfall, outfall
	list["sump"] = onLine(brick(-0.35, 0, -0.6, 0.1, 0.8, 0.6), brick(0.35, 0, -0.6, 0.1, 0.8, 0.6), brick(0, -0.35, -0.6, 0.6, 0.1, 0.6), brick(0, 0.35, -0.6, 0.6, 0.1, 0.6), brick(0, 0, -0.6, 0.6, 0.6, 0.08))
	list["tank"] = onGround(upright(0, 0, [2]float64{0, 1.3}, [2]float64{1.5, 1.3}, [2]float64{1.8, 0.75}, [2]float64{1.9, 0.2}, [2]float64{2.05, 0.2}))
}

func gasAndHeatModels(list map[string]*Shape, onLine, onGround maker) {
	list["drip_pot"] = onLine(upright(0, 0, [2]float64{-0.75, 0.12}, [2]float64{-0.65, 0.26}, [2]float64{-0.1, 0.26}, [2]float64{0.05, 0.14}, [2]float64{0.05, 0.03}, [2]float64{0.6, 0.03}))
	list["compensator"] = onLine(level(0, [2]float64{-0.4, 0.2}, [2]float64{-0.36, 0.2}, [2]float64{-0.3, 0.12}, [2]float64{-0.2, 0.22}, [2]float64{-0.1, 0.12}, [2]float64{0, 0.22}, [2]float64{0.1, 0.12}, [2]float64{0.2, 0.22}, [2]float64{0.3, 0.12}, [2]float64{0.36, 0.2}, [2]float64{0.4, 0.2}))
	list["anchor_block"] = onLine(roof(0, 0, -0.6, 1.2, 1.2, 1, 0.75))
	list["anode"] = onLine(level(-0.5, [2]float64{-0.45, 0.08}, [2]float64{0.45, 0.08}), upright(0, 0, [2]float64{-0.5, 0.015}, [2]float64{0, 0.015}))
	list["vent"] = onGround(upright(0, 0, [2]float64{0, 0.14}, [2]float64{0.04, 0.14}, [2]float64{0.04, 0.07}, [2]float64{1.1, 0.07}), upright(0, 0, [2]float64{1.0, 0.2}, [2]float64{1.06, 0.2}, [2]float64{1.25, 0.04}))
	list["riser"] = onGround(upright(0, 0, [2]float64{0, 0.15}, [2]float64{0.04, 0.15}, [2]float64{0.04, 0.07}, [2]float64{0.7, 0.07}, [2]float64{0.7, 0.1}, [2]float64{0.76, 0.1}))
	list["post"] = onGround(brick(0, 0, 0, 0.14, 0.14, 0.75), roof(0, 0, 0.75, 0.14, 0.14, 0.1, 0.2))
}

func cableModels(list map[string]*Shape, onGround maker) {
	list["cabinet"] = onGround(brick(0, 0, 0, 0.95, 0.4, 0.12), brick(0, 0, 0.12, 1, 0.42, 1.12), roof(0, 0, 1.24, 1.08, 0.5, 0.08, 0.85),
		brick(-0.24, 0.215, 0.2, 0.42, 0.03, 0.95), brick(0.24, 0.215, 0.2, 0.42, 0.03, 0.95))
	pole := []geometry.Mesh{upright(0, 0, [2]float64{0, 0.16}, [2]float64{0.12, 0.16}, [2]float64{0.12, 0.09}, [2]float64{6, 0.05})}
	list["pole"] = onGround(append(pole, level(5.85, [2]float64{0, 0.035}, [2]float64{1.2, 0.03}), roof(1.2, 0, 5.78, 0.6, 0.22, 0.12, 0.6))...)
	list["lamp"] = onGround(upright(0, 0, [2]float64{0, 0.16}, [2]float64{0.04, 0.16}, [2]float64{0.1, 0.1}, [2]float64{0.13, 0.03}))
	list["pylon"] = onGround(roof(0, 0, 0, 1.6, 1.6, 11, 0.15), brick(0, 0, 7.5, 3.4, 0.12, 0.12), brick(0, 0, 9.3, 2.6, 0.12, 0.12))
	parts := []geometry.Mesh{brick(0, 0, 0, 1.5, 1.1, 0.15), brick(0, 0, 0.15, 1.1, 0.7, 1.1)}
	for k := range 3 {
		e := -0.36 + 0.36*float64(k)
		parts = append(parts, brick(e, 0.42, 0.3, 0.06, 0.14, 0.8), brick(e, -0.42, 0.3, 0.06, 0.14, 0.8))
	}
	for k := range 3 {
		parts = append(parts, roof(-0.3+0.3*float64(k), 0, 1.25, 0.14, 0.14, 0.3, 0.5))
	}
	list["transformer"] = onGround(parts...)
}

func buildingModels(list map[string]*Shape, onLine, onGround maker) {
	list["station"] = onGround(brick(0, 0, 0, 4.4, 3.2, 0.15), brick(0, 0, 0.15, 4, 2.8, 2.4), ridge(0, 0, 2.55, 4.5, 3.3, 0.9), brick(0, 1.42, 0.15, 1, 0.06, 2))
	list["pump_station"] = onGround(brick(0, 0, 0, 4.4, 3.2, 0.15), brick(0, 0, 0.15, 4, 2.8, 2.6), brick(0, 0, 2.75, 4.4, 3.2, 0.18), brick(-1.1, 1.42, 0.15, 1, 0.06, 2),
		facing(0.9, 1.4, [2]float64{1.4, 0.7}, [2]float64{1.48, 0.7}))
	list["entrance"] = onGround(brick(0, 0, 0, 2.2, 3.2, 0.2), brick(-1, 0, 0.2, 0.12, 3, 2.2), brick(1, 0, 0.2, 0.12, 3, 2.2), brick(0, -1.45, 0.2, 1.9, 0.12, 2.2), brick(0, 0, 2.4, 2.4, 3.3, 0.12))
	list["hatch"] = onGround(brick(0, 0, 0, 1.3, 1.3, 0.15), brick(0, 0, 0.15, 1.1, 1.1, 0.06), brick(0.3, 0, 0.21, 0.06, 0.3, 0.04))
	list["branch"] = onLine(brick(0, 0, -0.3, 0.6, 0.6, 0.6), level(0, [2]float64{0.3, 0.16}, [2]float64{0.42, 0.16}))
	list["door"] = onLine(brick(0, 0, -1, 1, 0.08, 2))
}
