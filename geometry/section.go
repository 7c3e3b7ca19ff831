package geometry

// Shape names the form of a cross-section.
type Shape uint8

// The shapes of a cross-section. Width and height of each are those of the clear (inner) outline.
const (
	ShapeUnknown    Shape = iota
	Circle                // Width = Height = clear diameter
	Rectangle             // box culvert, cable duct, trench
	Egg                   // narrow end down; Width:Height usually 2:3
	InvertedEgg           // narrow end up
	Arch                  // rectangle with a semicircle of radius Width/2 on top
	Horseshoe             // semicircle of radius Width/2 over sides and an invert of radius Width
	Ellipse               // horizontal or vertical by its Width and Height
	Trapezoid             // open channel; Width is the base, Top the width at the top
	Triangle              // open or closed; Width at the top
	Parabola              // open channel; Width at the top
	RectRound             // rectangle over a round invert
	RectTriangle          // rectangle over a triangular invert
	BasketHandle          // SWMM BASKETHANDLE: pointed round top, wide low bottom
	Semicircle            // SWMM SEMICIRCULAR: half a circle over a shallow invert
	DuctBank              // block of Cols × Rows ducts; Width × Height is the outer block
	OpenRectangle         // rectangular open channel
	Cable                 // direct-buried cable; Width = Height = outer diameter
	UChannel              // open channel with upright walls over a half-round invert
	Gothic                // SWMM GOTHIC: pointed at the top and the bottom
	Catenary              // SWMM CATENARY: a hanging chain turned over
	SemiElliptical        // SWMM SEMIELLIPTICAL: half an ellipse over a shallow invert
	ModBasketHandle       // SWMM MODBASKETHANDLE: rectangle under a flat arc
	PipeArch              // SWMM ARCH: the arch pipe of the makers, wide and low
	Custom                // an outline of its own (Pipe.Outline); Width × Height is the box around it
	shapeCount
)

var shapeNames = [...]string{"unknown", "circle", "rectangle", "egg", "invertedEgg", "arch", "horseshoe", "ellipse",
	"trapezoid", "triangle", "parabola", "rectRound", "rectTriangle", "basketHandle", "semicircle", "ductBank",
	"openRectangle", "cable", "uChannel", "gothic", "catenary", "semiElliptical", "modBasketHandle", "pipeArch", "custom"}

// String is the name of s as JSON and tables carry it ("circle").
func (s Shape) String() string {
	if int(s) < len(shapeNames) {
		return shapeNames[s]
	}
	return "unknown"
}

// ParseShape returns the shape named s; ok is false for a name nobody knows.
func ParseShape(s string) (Shape, bool) {
	for i, n := range shapeNames {
		if n == s {
			return Shape(i), true
		}
	}
	return ShapeUnknown, false
}

// Section is the cross-section of a segment, gallery or tunnel, or the plan shape of a chamber. All lengths are metres; 0 means unknown,
// never "nothing" (a Section with Width 0 is of unknown size).
type Section struct {
	Shape         Shape
	Width, Height float64 // clear width and height; for a circle both are the clear diameter
	Wall          float64 // wall thickness; 0 is unknown and counts as none
	Top           float64 // width at the top of a trapezoid
	Cols, Rows    uint8   // ducts of a duct bank
}

// Round returns the section of a round pipe with clear diameter d and wall thickness wall, metres.
func Round(d, wall float64) Section { return Section{Shape: Circle, Width: d, Height: d, Wall: wall} }

// Known reports whether the size of s is known.
func (s Section) Known() bool { return s.Shape != ShapeUnknown && s.Width > 0 && s.Height > 0 }

// IsRound reports whether the outer surface of s is a cylinder.
func (s Section) IsRound() bool { return s.Shape == Circle || s.Shape == Cable }

// IsOpen reports whether s is open above: a channel, a ditch.
func (s Section) IsOpen() bool {
	switch s.Shape {
	case Trapezoid, Triangle, Parabola, OpenRectangle, UChannel:
		return true
	}
	return false
}

// OuterWidth is the width between the outer surfaces, metres.
func (s Section) OuterWidth() float64 { return s.Width + 2*s.Wall }

// OuterHeight is the height between the outer surfaces, metres.
func (s Section) OuterHeight() float64 { return s.Height + 2*s.Wall }

// InvertBelowAxis is how far the inner bottom lies below the axis, metres. The axis of every shape runs at half the clear height.
func (s Section) InvertBelowAxis() float64 { return s.Height / 2 }

// CrownAboveAxis is how far the outer top lies above the axis, metres.
func (s Section) CrownAboveAxis() float64 { return s.Height/2 + s.Wall }
