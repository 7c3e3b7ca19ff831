package swmm_test

import (
	"math"
	"testing"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
	"github.com/undercity/undercity/twin/formats/formatstest"
	"github.com/undercity/undercity/twin/formats/swmm"
)

func TestShapes(t *testing.T) {
	const ft = 0.3048
	const lists = "[TRANSECTS]\nNC 0.05 0.05 0.03\nX1 T1 5 10 30 0 0 0 0 0\nGR 12 0 11 10 10 20 11 30\nGR 12 40\nX1 T2 2 0 0 0 0 1 2.0 0\nGR 3 0 1 5 3 10\n" +
		"[CURVES]\nK1 SHAPE 0 0.5\nK1 0.5 1.2\nK1 1 0.4\nK2 Shape 0 2 1 2\nV STORAGE 0 10 1 10\n[STREETS]\nS1 6 0.15 4 0.016 0 0 2 3 5 0.016\nS2 5 0.2 4 0.016 0 0 1\n"
	tests := []struct {
		row           string // Geom1 to Geom4 and barrels
		shape         geometry.Shape
		height, width float64
		top           float64
		note          string
	}{
		{"CIRCULAR 0.6 0 0 0 1", geometry.Circle, 0.6, 0.6, 0, ""},
		{"circular 0.6", geometry.Circle, 0.6, 0.6, 0, ""},
		{"FORCE_MAIN 0.3 130 0 0 1", geometry.Circle, 0.3, 0.3, 0, ""},
		{"FILLED_CIRCULAR 1.2 0.2 0 0 1", geometry.Circle, 1.2, 1.2, 0, ""},
		{"RECT_CLOSED 1.5 2 0 0 1", geometry.Rectangle, 1.5, 2, 0, ""},
		{"RECT_OPEN 1.5 2 0 0 1", geometry.OpenRectangle, 1.5, 2, 0, ""},
		{"TRAPEZOIDAL 1 2 1.5 0.5 1", geometry.Trapezoid, 1, 2, 4, ""},
		{"TRAPEZOIDAL 1 0 1.5 0.5 1", geometry.Triangle, 1, 2, 0, ""},
		{"TRIANGULAR 1 2 0 0 1", geometry.Triangle, 1, 2, 0, ""},
		{"PARABOLIC 1 2 0 0 1", geometry.Parabola, 1, 2, 0, ""},
		{"POWER 1 2 1.7 0 1", geometry.Custom, 1, 2, 0, ""},
		{"HORIZ_ELLIPSE 1 1.6 0 0 1", geometry.Ellipse, 1, 1.6, 0, ""},
		{"VERT_ELLIPSE 1.6 1 0 0 1", geometry.Ellipse, 1.6, 1, 0, ""},
		{"HORIZ_ELLIPSE 1 0 0 0 1", geometry.Ellipse, 14 * ft / 12, 23 * ft / 12, 0, ""},
		{"VERT_ELLIPSE 23 0 0 0 1", geometry.Ellipse, 180 * ft / 12, 116 * ft / 12, 0, ""},
		{"HORIZ_ELLIPSE 0.965 1.524 9 0 1", geometry.Ellipse, 38 * ft / 12, 60 * ft / 12, 0, ""},
		{"HORIZ_ELLIPSE 24 0 0 0 1", geometry.Ellipse, 0, 0, 0, "not a code of a standard size, 1 to 23"},
		{"HORIZ_ELLIPSE 1.2 0 0 0 1", geometry.Ellipse, 0, 0, 0, "the size is unknown"},
		{"ARCH 1 1.5 0 0 1", geometry.PipeArch, 1, 1.5, 0, ""},
		{"ARCH 7 0 0 0 1", geometry.PipeArch, 31.3125 * ft / 12, 51.125 * ft / 12, 0, ""},
		{"ARCH 102 0 0 0 1", geometry.PipeArch, 158 * ft / 12, 247 * ft / 12, 0, ""},
		{"ARCH 103 0 0 0 1", geometry.PipeArch, 0, 0, 0, "1 to 102"},
		{"RECT_TRIANGULAR 2 1 0.4 0 1", geometry.RectTriangle, 2, 1, 0, ""},
		{"RECT_ROUND 2 1 0.8 0 1", geometry.RectRound, 2, 1, 0, ""},
		{"MODBASKETHANDLE 2 1.5 1 0 1", geometry.ModBasketHandle, 2, 1.5, 0, ""},
		{"EGG 1.5 0 0 0 1", geometry.Egg, 1.5, 1, 0, ""},
		{"HORSESHOE 1.5 0 0 0 1", geometry.Horseshoe, 1.5, 1.5, 0, ""},
		{"GOTHIC 1.5 0 0 0 1", geometry.Gothic, 1.5, 1.26, 0, ""},
		{"CATENARY 1.5 0 0 0 1", geometry.Catenary, 1.5, 1.35, 0, ""},
		{"SEMIELLIPTICAL 1.5 0 0 0 1", geometry.SemiElliptical, 1.5, 1.5, 0, ""},
		{"BASKETHANDLE 1.5 0 0 0 1", geometry.BasketHandle, 1.5, 1.416, 0, ""},
		{"SEMICIRCULAR 1 0 0 0 1", geometry.Semicircle, 1, 1.64, 0, ""},
		{"IRREGULAR T1 0 0 0 1", geometry.Custom, 2, 40, 0, ""},                      // two banks of 10 × 1 and a notch of 20 × 1
		{"IRREGULAR T2 0 0 0 1", geometry.Custom, 2, 20, 0, ""},                      // stations twice as far apart
		{"IRREGULAR T9 0 0 0 1", geometry.ShapeUnknown, 0, 0, 0, "no such transect"}, //
		{"CUSTOM 1.5 K1 0 0 1", geometry.Custom, 1.5, 1.8, 0, ""},                    // 0.825 of 1.2
		{"CUSTOM 1.5 K2 0 0 1", geometry.Custom, 1.5, 3, 0, ""},                      //
		{"CUSTOM 1.5 V 0 0 1", geometry.ShapeUnknown, 0, 0, 0, "no such SHAPE curve"},
		{"STREET S1", geometry.Custom, 0.3, 18, 0, ""},
		{"STREET S2", geometry.Custom, 0.2001, 5, 0, ""}, // the crown is as high as the curb: the channel is 0.1 mm deeper
		{"STREET S9", geometry.ShapeUnknown, 0, 0, 0, "no such street"},
		{"DUMMY 0 0 0 0 1", geometry.ShapeUnknown, 0, 0, 0, ""},
		{"PENTAGON 1 0 0 0 1", geometry.ShapeUnknown, 0, 0, 0, "not a shape that is known"},
		{"CIRCULAR NaN 0 0 0 1", geometry.Circle, 0, 0, 0, "not a height above 0"},
		{"CIRCULAR 0 0 0 0 1", geometry.Circle, 0, 0, 0, "not a height above 0"},
		{"RECT_CLOSED 1 -2 0 0 1", geometry.Rectangle, 0, 0, 0, "not a width above 0"},
		{"TRAPEZOIDAL 1 2 x 1 1", geometry.Trapezoid, 0, 0, 0, "side slopes"},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", model("", "C "+test.row, lists)))
			a := formatstest.Get(t, s, "PS-C")
			near := func(x, y float64) bool { return math.Abs(x-y) < 1e-3 }
			if z := a.Section; z.Shape != test.shape || !near(z.Height, test.height) || !near(z.Width, test.width) || !near(z.Top, test.top) {
				t.Errorf("%+v, want %v %v high, %v wide, %v at the top", z, test.shape, test.height, test.width, test.top)
			}
			if test.height == 0 != (a.Assumed&twin.AssumedDiameter != 0) {
				t.Errorf("assumed: %v", a.Assumed.Names())
			}
			if test.note == "" != !formatstest.Noted(rep, 0, "XSECTIONS") || !formatstest.Noted(rep, 0, test.note) {
				t.Errorf("notes %v, want %q", rep.Notes, test.note)
			}
			if test.height > 0 && (!near(a.Invert(0), 10) || !near(a.Invert(1), 9.5)) {
				t.Errorf("inverts %v and %v", a.Invert(0), a.Invert(1))
			}
		})
	}
}

// TestOutlinesOfTheirOwn holds the area of what is drawn against SWMM's full area.
func TestOutlinesOfTheirOwn(t *testing.T) {
	const lists = "[TRANSECTS]\nX1 T1 5 10 30 0 0 0 0 0\nGR 12 0 11 10 10 20 11 30\nGR 12 40\nX1 T2 2 0 0 0 0 1 2.0 0\nGR 3 0 1 5 3 10\nX1 T3 4 0 0 0 0 0 0 0\nGR 1 0 0 5 2 5 1 5\nGR 1 9\n" +
		"[STREETS]\nS1 6 0.15 2 0.016 0 0 2 3 5 0.016\nS2 5 0.2 2 0.016 0.05 0.6 1\nS3 10 0.15 4 0.016\nS4 6 0.15 2 0.016 0.05 0.6 2 0 0 0\nS5 5 0.15 -2 0.016 x\n" +
		"[CURVES]\nK1 SHAPE 0 0.5\nK1 0.5 1.2\nK1 1 0.4\nK3 SHAPE 0 0 0.5 1 1 0\n"
	third := math.Pi/3 - math.Sqrt(3)/2 // twice the segment of 60° of a circle of radius 1
	for _, test := range []struct {
		row  string
		area float64
		open bool
		note string
	}{
		{"POWER 1 2 1.7 0 1", 2 / (1/1.7 + 1), true, ""},
		{"RECT_TRIANGULAR 2 1 0.4 0 1", 1 * (2 - 0.2), false, ""},
		{"RECT_ROUND 2 1 1 0 1", 2 - (1 - math.Sqrt(3)/2) + third/2, false, ""},
		{"MODBASKETHANDLE 2 1 1 0 1", 2 - (1 - math.Sqrt(3)/2) + third/2, false, ""},
		{"IRREGULAR T1 0 0 0 1", 40, true, ""},
		{"IRREGULAR T2 0 0 0 1", 20, true, ""},
		{"IRREGULAR T3 0 0 0 1", 0, false, "trapezoid"}, // up and down again at one station
		// Two sides: the backing rises from the curb at 0.15 m to the top at 0.3 m, the road from 0 to 0.12 m.
		{"STREET S1", 2 * (3*0.075 + 6*(0.3-0.06)), true, ""},
		// One side: the gutter rises from 0 to 0.062, the road on to 0.15, and the curb is 0.25 m high.
		{"STREET S2", 0.6*(0.25-0.031) + 4.4*(0.25-(0.062+0.15)/2), true, ""},
		// The crown, at 0.4 m, is higher than the curb: it is the top of the section.
		{"STREET S3", 2 * 10 * 0.4 / 2, true, ""},
		{"STREET S4", 2 * (0.6*(0.2-0.031) + 5.4*(0.2-(0.062+0.17)/2)), true, ""},
		{"STREET S5", 5 * 0.15 * 2, true, ""}, // what is no number counts as level
		{"CUSTOM 1.5 K1 0 0 1", (0.425 + 0.4) * 1.5 * 1.5, false, ""},
		{"CUSTOM 1.5 K3 0 0 1", 0.5 * 1.5 * 1.5, false, ""},
	} {
		s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", model("", "C "+test.row, lists)))
		a := formatstest.Get(t, s, "PS-C")
		if test.note != "" {
			if a.Structure != nil || !formatstest.Noted(rep, 0, test.note) {
				t.Errorf("%s: %v, notes %v", test.row, a.Structure, rep.Notes)
			}
			continue
		}
		if a.Structure == nil {
			t.Errorf("%s has no outline of its own: %v", test.row, rep.Notes)
			continue
		}
		p := a.Structure.Pipe
		if got := geometry.Area(p.Outline); math.Abs(got-test.area) > 0.003*test.area || p.Open != test.open {
			t.Errorf("%s: %.4f m², want %.4f; open: %t", test.row, got, test.area, p.Open)
		}
	}
	s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", model("", "C FILLED_CIRCULAR 1.2 0.2 0 0 1", lists)))
	if a := formatstest.Get(t, s, "PS-C"); a.Structure == nil || math.Abs(a.Structure.Pipe.Sediment-0.2) > 1e-9 {
		t.Errorf("sediment: %+v", a.Structure)
	}
}

func TestBarrels(t *testing.T) {
	s, rep := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", model("", "C RECT_CLOSED 1.5 2 0 0 3", "")))
	if v, _ := formatstest.Get(t, s, "PS-C").Attr("barrels"); v != "3" || !formatstest.Noted(rep, 12, "one of them is drawn") {
		t.Errorf("barrels %q, notes %v", v, rep.Notes)
	}
}

// TestStreetsHaveTheirWettedPerimeter holds what water touches in a full street against SWMM's stations: backing, curb, gutter, road, and the wall at the crown of one
// side alone; and the bed that is drawn under it is one closed body.
func TestStreetsHaveTheirWettedPerimeter(t *testing.T) {
	const lists = "[STREETS]\nS1 6 0.15 2 0.016 0.05 0.6 2 3 5 0.016\nS2 5 0.2 2 0.016 0.05 0.6 1\nS3 10 0.15 4 0.016\n"
	for _, test := range []struct {
		row  string
		want float64
	}{
		{"STREET S1", 2 * (math.Hypot(3, 0.15) + 0.2 + math.Hypot(0.6, 0.062) + math.Hypot(5.4, 0.108))},
		{"STREET S2", 0.25 + math.Hypot(0.6, 0.062) + math.Hypot(4.4, 0.088) + 0.1},
		{"STREET S3", 2 * (0.4 + math.Hypot(10, 0.4))},
	} {
		s, _ := formatstest.Import(t, swmm.Reader{}, formats.Options{}, formatstest.File("m.inp", model("", "C "+test.row, lists)))
		a := formatstest.Get(t, s, "PS-C")
		if a.Structure == nil || !a.Structure.Pipe.Open {
			t.Fatalf("%s: %+v", test.row, a.Structure)
		}
		o := a.Structure.Pipe.Outline
		got := 0.0
		for i := 1; i < len(o); i++ {
			got += math.Hypot(o[i].X-o[i-1].X, o[i].Y-o[i-1].Y)
		}
		if math.Abs(got-test.want) > 0.001*test.want {
			t.Errorf("%s: water touches %.4f m, want %.4f", test.row, got, test.want)
		}
		bed := a.Structure.Pipe.Profile(a.Section, 24, false)
		parts := a.Structure.Parts([]geometry.Point{{}, {E: 40, N: 30}}, a.Section, geometry.Detail{})
		if len(parts) != 1 || len(bed.Outer) < 2*len(o)-2 || math.Abs(parts[0].Mesh.Volume()-50*bed.Area()) > 0.05*bed.Area() {
			t.Errorf("%s: the bed of %d corners is not swept", test.row, len(bed.Outer))
		}
	}
}
