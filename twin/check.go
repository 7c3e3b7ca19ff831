package twin

import (
	"math"
	"unicode/utf8"

	"github.com/undercity/undercity/geometry"
)

// Bounds on one asset, so that no input can make the twin hold something absurd.
const (
	MaxVertices   = 20000
	MaxAttributes = 500
	MaxText       = 4000 // bytes of one name, word or attribute
	MinHeight     = -500 // metres: below any works of a city
	MaxHeight     = 9000 // metres: above any ground
	MaxSize       = 100  // metres: width, height or wall of a section
)

// checkAsset returns why the twin cannot hold a, nil when it can.
func (c *Catalog) checkAsset(a *Asset) error {
	if err := CheckID(a.ID); err != nil {
		return err
	}
	if _, ok := c.Network(a.Network); !ok {
		return Errorf(Invalid, "%s: %q is not the code of a network", a.ID, a.Network).WithHint("use a code of the catalog, such as JS, WS or RQ")
	}
	if a.Kind >= kindCount || a.Secrecy >= secrecyCount || a.Status >= statusCount || a.Quality.Level > LevelD || a.Reference >= refCount {
		return Errorf(Invalid, "%s: the kind, status, secrecy, quality level or reference is out of range", a.ID)
	}
	if err := checkLine(a); err != nil {
		return err
	}
	if err := checkSection(a); err != nil {
		return err
	}
	if err := checkStructure(a); err != nil {
		return err
	}
	return checkTexts(a)
}

func checkLine(a *Asset) error {
	n := len(a.Line)
	switch {
	case a.Kind.IsPoint() && n != 1:
		return Errorf(Invalid, "%s: a %s has one position, not %d", a.ID, a.Kind, n)
	case a.Kind.IsLine() && n < 2:
		return Errorf(Invalid, "%s: a %s has at least two vertices, not %d", a.ID, a.Kind, n)
	case a.Kind == KindZone && n < 4:
		return Errorf(Invalid, "%s: a zone's ring has at least four vertices, not %d", a.ID, n)
	case n == 0:
		return Errorf(Invalid, "%s: the asset has no position", a.ID)
	case n > MaxVertices:
		return Errorf(Invalid, "%s: %d vertices are more than %d", a.ID, n, MaxVertices).WithHint("cut the line into several segments")
	case len(a.Ground) > n || len(a.HeightAssumed) > n:
		return Errorf(Invalid, "%s: there are more ground heights than vertices", a.ID)
	}
	for i, p := range a.Line {
		if !(math.Abs(p.E) <= maxAbs && math.Abs(p.N) <= maxAbs) {
			return Errorf(Invalid, "%s: the position of vertex %d is not a number", a.ID, i+1)
		}
		if err := checkHeight(a.ID, "height", p.H); err != nil {
			return err
		}
		if err := checkHeight(a.ID, "ground", a.GroundAt(i)); err != nil {
			return err
		}
	}
	if a.Kind == KindChamber {
		return checkHeight(a.ID, "bottom", a.Bottom)
	}
	return nil
}

func checkHeight(id ID, what string, h float64) error {
	if IsUnknown(h) || (h >= MinHeight && h <= MaxHeight) {
		return nil
	}
	return Errorf(Invalid, "%s: a %s of %.10g m is not between %d and %d m", id, what, h, MinHeight, MaxHeight).
		WithHint("check the unit and the column")
}

func checkSection(a *Asset) error {
	s := a.Section
	for _, v := range [...]float64{s.Width, s.Height, s.Wall, s.Top} {
		if !(v >= 0 && v <= MaxSize) {
			return Errorf(Invalid, "%s: a section size of %g m is not between 0 and %d m", a.ID, v, MaxSize).
				WithHint("sizes are in metres here and in millimetres in survey tables")
		}
	}
	if q := a.Quality; !(q.Horizontal >= 0 && q.Horizontal <= 1e4 && q.Vertical >= 0 && q.Vertical <= 1e4) {
		return Errorf(Invalid, "%s: an accuracy must be between 0 and 10000 m", a.ID)
	}
	if s.IsRound() && s.Known() && math.Abs(s.Width-s.Height) > sizeUnit {
		return Errorf(Invalid, "%s: a circle's width %g m and height %g m differ", a.ID, s.Width, s.Height)
	}
	if _, ok := geometry.ParseShape(s.Shape.String()); !ok || (s.Shape != geometry.ShapeUnknown && s.Shape.String() == "unknown") {
		return Errorf(Invalid, "%s: the shape of the section is out of range", a.ID)
	}
	return nil
}

func checkTexts(a *Asset) error {
	if len(a.Attributes) > MaxAttributes {
		return Errorf(Invalid, "%s: %d attributes are more than %d", a.ID, len(a.Attributes), MaxAttributes)
	}
	size := 0
	one := func(what, s string) error {
		size += len(s)
		if len(s) > MaxText {
			return Errorf(Invalid, "%s: %s is longer than %d bytes", a.ID, what, MaxText)
		}
		if !utf8.ValidString(s) {
			return Errorf(Invalid, "%s: %s is not UTF-8", a.ID, what)
		}
		return nil
	}
	fields := [...][2]string{{"the name", a.Name}, {"the owner", a.Owner}, {"the material", a.Material}, {"the installation date", a.Installed},
		{"the source number", a.SourceNumber}, {"the road", a.Road}, {"the feature", a.Feature}, {"the appurtenance", a.Appurtenance}, {"the quality's source", a.Quality.Source}}
	for _, f := range fields {
		if err := one(f[0], f[1]); err != nil {
			return err
		}
	}
	for _, t := range a.Attributes {
		if err := one("an attribute's name", t.Key); err != nil {
			return err
		}
		if err := one("attribute "+t.Key, t.Value); err != nil {
			return err
		}
	}
	for _, id := range [...]ID{a.From, a.To, a.In} {
		if id != "" {
			if err := CheckID(id); err != nil {
				return err
			}
		}
	}
	if size > maxRecord/2 {
		return Errorf(Invalid, "%s: its texts together are longer than %d bytes", a.ID, maxRecord/2)
	}
	return nil
}
