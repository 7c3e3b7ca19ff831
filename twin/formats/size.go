package formats

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
)

// Size is what a survey's column of sizes says.
type Size struct {
	Shape  geometry.Shape // Circle, Rectangle or DuctBank
	Width  float64        // metres; of a circle the diameter that was written
	Height float64
	Wall   float64 // metres, where it is written with the size (D108x4)
	Outer  bool    // the diameter is certainly the outer one
	Cols   uint8   // ducts of a bank
	Rows   uint8
}

// errNoSize is for cells that say that the size is not known.
var errNoSize = errors.New("the size is not known")

// IsUnknownSize reports whether a cell says that nothing is known, as opposed to something that cannot be read.
func IsUnknownSize(err error) bool { return errors.Is(err, errNoSize) }

var (
	roundSize = regexp.MustCompile(`^(?:DN|DE|D|Φ|Ø|⌀)?(\d+(?:\.\d+)?)(?:MM)?$`)
	wallSize  = regexp.MustCompile(`^(?:D|Φ|Ø|⌀)(\d+(?:\.\d+)?)X(\d+(?:\.\d+)?)(?:MM)?$`)
	flatSize  = regexp.MustCompile(`^(\d+(?:\.\d+)?)X(\d+(?:\.\d+)?)(?:MM)?$`)
)

// narrow makes spellings of a size equal: capitals, half-width, no blanks, X for every sign of multiplication.
func narrow(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\u3000' || r == '\u00a0':
		case r == '×' || r == '*' || r == '✕' || r == '＊' || r == 'х':
			b.WriteRune('X')
		case r == 'φ' || r == 'ф' || r == 'Ф' || r == 'Φ' || r == 'ø' || r == 'Ø' || r == 'ϕ':
			b.WriteRune('Φ')
		case r >= '\uff01' && r <= '\uff5e':
			b.WriteRune(r - 0xfee0)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToUpper(b.String())
}

// maxSizeMM is the largest size that is believed, millimetres.
const maxSizeMM = 20000

// ParseSize reads a size in millimetres: "DN300", "300", "Φ110" are diameters, "600X400" is width × height, "D108x4" outer diameter × wall, and
// "3×2" with holes a bank of ducts. Anything else is refused, never guessed.
func ParseSize(s string, holes int) (Size, error) {
	t := narrow(s)
	bank := strings.HasSuffix(t, "孔")
	t = strings.TrimSuffix(t, "孔")
	switch t {
	case "", "0", "-", "—", "/", "不详", "不明", "未知", "无", "NULL", "UNKNOWN":
		return Size{}, errNoSize
	}
	if m := wallSize.FindStringSubmatch(t); m != nil {
		d, w := mm(m[1]), mm(m[2])
		if w > 0 && w*4 < d {
			return Size{Shape: geometry.Circle, Width: d, Height: d, Wall: w, Outer: true}, limit(d, s)
		}
	}
	if m := roundSize.FindStringSubmatch(t); m != nil {
		d := mm(m[1])
		if d == 0 {
			return Size{}, errNoSize
		}
		return Size{Shape: geometry.Circle, Width: d, Height: d, Outer: strings.HasPrefix(t, "DE")}, limit(d, s)
	}
	if m := flatSize.FindStringSubmatch(t); m != nil {
		w, h := mm(m[1]), mm(m[2])
		if w == 0 || h == 0 {
			return Size{}, errNoSize
		}
		// A bank of 3 × 2 ducts is as far from 3 mm × 2 mm as can be.
		if w < 0.02 && h < 0.02 {
			if holes <= 0 && !bank {
				return Size{}, fmt.Errorf("%.60q is too small for millimetres and has no count of holes beside it; write the width and height in mm", s)
			}
			cols, rows := math.Round(w*1000), math.Round(h*1000)
			if math.Abs(cols-w*1000)+math.Abs(rows-h*1000) > 1e-6 || cols == 0 || rows == 0 {
				return Size{}, fmt.Errorf("%.60q is not a count of ducts across and down", s)
			}
			return Size{Shape: geometry.DuctBank, Cols: uint8(cols), Rows: uint8(rows)}, nil
		}
		// 219×7 is a pipe and its wall, or a slip: no channel is so flat.
		if min(w, h) < 0.02 {
			return Size{}, fmt.Errorf("%.60q has a side of less than 20 mm; write a pipe and its wall as Φ219×7, and width × height in mm", s)
		}
		return Size{Shape: geometry.Rectangle, Width: w, Height: h}, limit(max(w, h), s)
	}
	return Size{}, fmt.Errorf("%.60q is not a size; write a diameter such as DN300, or width × height such as 600X400, in mm", s)
}

func mm(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v / 1000
}

func limit(v float64, s string) error {
	if v*1000 > maxSizeMM {
		return fmt.Errorf("%.60q is more than %d mm; check the unit", s, maxSizeMM)
	}
	return nil
}

// Section makes the section of a size: which diameter it is comes from the wall where the row gives one, else from the material
// (tables/materials.csv); the wall from the table of pipes where the row gives none. What is not the row's own is in assumed.
func (z Size) Section(c *twin.Catalog, material string, wall float64) (geometry.Section, twin.Assumed) {
	s := geometry.Section{Shape: z.Shape, Width: z.Width, Height: z.Height, Cols: z.Cols, Rows: z.Rows}
	if z.Shape != geometry.Circle {
		s.Wall = wall
		return s, 0
	}
	if z.Wall > 0 {
		return geometry.Round(z.Width-2*z.Wall, z.Wall), 0
	}
	if wall > 0 {
		return geometry.Round(z.Width, wall), 0 // survey_columns.csv: a wall beside it makes the size the inner diameter
	}
	m, _ := c.Material(material)
	p, known := c.Pipe(m.Code, z.Width)
	switch {
	case (z.Outer || m.NamedBy == "outer") && known && p.Wall > 0:
		return geometry.Round(z.Width-2*p.Wall, p.Wall), twin.AssumedOuterDiameter
	case m.NamedBy == "nominal" && known && p.Outer > z.Width:
		return geometry.Round(z.Width, (p.Outer-z.Width)/2), twin.AssumedOuterDiameter
	case m.NamedBy == "inner" && known && p.Wall > 0:
		return geometry.Round(z.Width, p.Wall), twin.AssumedOuterDiameter
	}
	return geometry.Round(z.Width, 0), twin.AssumedOuterDiameter
}
