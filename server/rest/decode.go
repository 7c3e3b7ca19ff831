package rest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// at makes an error about one member of an asset.
func at(pointer, reason string) error {
	e := twin.Errorf(twin.Invalid, "%s: %s", pointer, reason)
	e.Fields = []twin.Field{{Pointer: pointer, Reason: reason}}
	return e
}

// decode turns an asset from the wire into the domain's. pointer says where in the request it stands. old is the current state, nil when there is
// none: heights that were assumed and come back as they were sent stay assumed.
func decode(j *assetJSON, f *crs.Frame, pointer string, old *twin.Asset) (*twin.Asset, error) {
	a := &twin.Asset{ID: j.ID, Network: j.Network, Name: j.Name, Owner: j.Owner, From: j.From, To: j.To, In: j.In, Assumed: twin.ParseAssumed(j.Assumed),
		SourceNumber: j.SourceNumber, Road: j.Road, Feature: j.Feature, Appurtenance: j.Appurtenance, Bottom: twin.Unknown()}
	if j.Material != nil {
		a.Material = *j.Material
	}
	if j.Installed != nil {
		a.Installed = *j.Installed
	}
	if j.Bottom != nil {
		a.Bottom = float64(*j.Bottom)
	}
	if j.ValidFrom != nil {
		a.ValidFrom = *j.ValidFrom
	}
	if j.ValidTo != nil {
		a.ValidTo = *j.ValidTo
	}
	if err := decodeWords(j, a, pointer); err != nil {
		return nil, err
	}
	if j.Secrecy == nil && old != nil {
		a.Secrecy = old.Secrecy // who says nothing of it lowers nothing
	}
	if err := decodeSection(j.Section, a, pointer+"/section"); err != nil {
		return nil, err
	}
	if err := decodeStructure(j, a, pointer); err != nil {
		return nil, err
	}
	if err := decodeLine(j, f, a, pointer); err != nil {
		return nil, err
	}
	if err := decodeHeights(j, a, pointer, old); err != nil || a.Structure == nil {
		return a, err
	}
	return a, atMember(a.Structure.Fit(a.Line, a.Section, a.Bottom), pointer)
}

func decodeWords(j *assetJSON, a *twin.Asset, pointer string) error {
	var ok bool
	if a.Kind, ok = twin.ParseKind(j.Kind); !ok {
		return at(pointer+"/kind", "not a kind of asset; the catalog lists them")
	}
	if a.Status = twin.StatusInService; j.Status != "" {
		if a.Status, ok = twin.ParseStatus(j.Status); !ok {
			return at(pointer+"/status", "not a status; the catalog lists them")
		}
	}
	if j.Secrecy != nil {
		if a.Secrecy, ok = twin.ParseSecrecy(*j.Secrecy); !ok {
			return at(pointer+"/secrecy", "not public, internal, restricted or secret; \"\" takes the grade away")
		}
	}
	if j.Quality.Level != nil {
		if a.Quality.Level, ok = twin.ParseLevel(*j.Quality.Level); !ok {
			return at(pointer+"/quality/level", "not A, B, C, D or null")
		}
	}
	a.Quality.Horizontal, a.Quality.Vertical, a.Quality.Source = plain(j.Quality.Horizontal), plain(j.Quality.Vertical), j.Quality.Source
	if a.Reference = twin.RefAxis; j.Reference != "" {
		if a.Reference, ok = twin.ParseReference(j.Reference); !ok {
			return at(pointer+"/reference", "not axis, invert, innerTop or crown")
		}
	}
	for k, v := range j.Attributes {
		a.Attributes = append(a.Attributes, twin.Attr{Key: k, Value: v})
	}
	slices.SortFunc(a.Attributes, func(x, y twin.Attr) int { return strings.Compare(x.Key, y.Key) })
	return nil
}

func decodeSection(j *sectionJSON, a *twin.Asset, pointer string) error {
	if j == nil {
		return nil
	}
	shape := geometry.Circle
	if j.Shape != "" {
		var ok bool
		if shape, ok = geometry.ParseShape(j.Shape); !ok {
			return at(pointer+"/shape", "not a shape; the catalog lists them")
		}
	}
	for name, v := range map[string]*float64{"diameter": j.Diameter, "outerDiameter": j.OuterDiameter, "width": j.Width, "height": j.Height, "wall": j.Wall, "top": j.Top} {
		if v != nil && !(*v > 0) {
			return at(pointer+"/"+name, "not above 0; write null where it is not known")
		}
		if v != nil && *v > twin.MaxSize {
			return at(pointer+"/"+name, fmt.Sprintf("a section size of %g m is not between 0 and %d m; sizes are in metres", *v, twin.MaxSize))
		}
	}
	s := geometry.Section{Shape: shape, Width: plain(j.Width), Height: plain(j.Height), Wall: plain(j.Wall), Top: plain(j.Top), Cols: j.Cols, Rows: j.Rows}
	if d := plain(j.Diameter); d > 0 {
		s.Width, s.Height = d, d
		if s.Shape == geometry.ShapeUnknown {
			s.Shape = geometry.Circle
		}
	}
	if outer := plain(j.OuterDiameter); outer > 0 && j.Wall == nil && s.IsRound() {
		if s.Width == 0 {
			return at(pointer+"/outerDiameter", "needs the diameter beside it")
		}
		if s.Wall = (outer - s.Width) / 2; s.Wall < 0 {
			return at(pointer+"/outerDiameter", "smaller than the diameter")
		}
	}
	a.Section = s
	return nil
}

func decodeLine(j *assetJSON, f *crs.Frame, a *twin.Asset, pointer string) error {
	if j.Geometry == nil {
		return at(pointer+"/geometry", "missing")
	}
	var ps [][]number
	var err error
	switch j.Geometry.Type {
	case "Point":
		ps = make([][]number, 1)
		err = json.Unmarshal(j.Geometry.Coordinates, &ps[0])
	case "LineString":
		err = json.Unmarshal(j.Geometry.Coordinates, &ps)
	case "Polygon":
		var rings [][][]number
		if err = json.Unmarshal(j.Geometry.Coordinates, &rings); err == nil && len(rings) != 1 {
			return at(pointer+"/geometry", "a polygon with one ring is wanted")
		} else if err == nil {
			ps = rings[0]
		}
	default:
		return at(pointer+"/geometry/type", "not Point, LineString or Polygon")
	}
	if err != nil {
		return at(pointer+"/geometry/coordinates", "not positions of numbers")
	}
	for _, p := range ps {
		if len(p) < 2 || len(p) > 3 {
			return at(pointer+"/geometry/coordinates", "a position has longitude, latitude and perhaps a height")
		}
		e, n, err := f.Plane(float64(p[0]), float64(p[1]))
		if err != nil {
			return at(pointer+"/geometry/coordinates", err.Error())
		}
		h := twin.Unknown()
		if len(p) == 3 {
			h = float64(p[2])
		}
		a.Line = append(a.Line, geometry.Point{E: e, N: n, H: h})
	}
	for _, g := range j.Ground {
		a.Ground = append(a.Ground, float64(g))
	}
	if len(a.Ground) > len(a.Line) {
		return at(pointer+"/ground", "more values than vertices")
	}
	return nil
}

// decodeHeights turns heights of the axis into those of the reference, and takes inverts where they are given: an invert is what was
// measured, the axis follows from it.
func decodeHeights(j *assetJSON, a *twin.Asset, pointer string, old *twin.Asset) error {
	if len(j.Invert) > len(a.Line) {
		return at(pointer+"/invert", "more values than vertices")
	}
	assumed := a.Assumed&twin.AssumedGeometry != 0
	if !a.Kind.IsLine() {
		if assumed && old != nil && !old.HeightKnown(0) && len(a.Line) == 1 && len(old.Line) == 1 && near(a.Line[0].H, old.Line[0].H) {
			a.Line[0].H = twin.Unknown()
		}
		return nil
	}
	sec, _ := twin.Standard().DrawnSection(a)
	var offsets twin.Asset
	offsets.Reference, offsets.Line = a.Reference, []geometry.Point{{}}
	shift := offsets.Axis(sec)[0].H // from the reference up to the axis
	for i := range a.Line {
		known := i < len(j.Invert) && !twin.IsUnknown(float64(j.Invert[i]))
		switch {
		case known && a.Reference == twin.RefInvert:
			a.Line[i].H = float64(j.Invert[i])
		case assumed && !known:
			a.Line[i].H = twin.Unknown()
		default:
			a.Line[i].H -= shift
		}
	}
	return nil
}

func near(a, b float64) bool { return a-b < 1e-3 && b-a < 1e-3 }
