package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// number is a number or, where it is not known, null.
type number float64

// MarshalJSON writes null for what is not known, and millimetres at the finest else.
func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(n)*1e4) / 1e4)
}

// UnmarshalJSON reads null as not known, and what is beyond all numbers as infinite, which every bound refuses by its place.
func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = number(twin.Unknown())
		return nil
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return errors.New("not a number")
	}
	*n = number(v)
	return nil
}

// sized is a length where 0 stands for not known.
func sized(v float64) *float64 {
	if v == 0 {
		return nil
	}
	v = math.Round(v*1e5) / 1e5
	return &v
}

func plain(p *float64) float64 {
	if p == nil {
		return 0
	}
	return *p
}

type sectionJSON struct {
	Shape         string   `json:"shape"`
	Diameter      *float64 `json:"diameter"`
	OuterDiameter *float64 `json:"outerDiameter,omitempty"`
	Width         *float64 `json:"width,omitempty"`
	Height        *float64 `json:"height,omitempty"`
	Wall          *float64 `json:"wall,omitempty"`
	Top           *float64 `json:"top,omitempty"`
	Cols          uint8    `json:"cols,omitempty"`
	Rows          uint8    `json:"rows,omitempty"`

	Compartments []geometry.Compartment `json:"compartments,omitempty"` // of a gallery
	Tubes        []geometry.Tube        `json:"tubes,omitempty"`        // of a tunnel
}

type qualityJSON struct {
	Level      *string  `json:"level"`
	Horizontal *float64 `json:"horizontal"`
	Vertical   *float64 `json:"vertical"`
	Source     string   `json:"source,omitempty"`
}

type geometryJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// assetJSON is an asset as it goes over the wire (interfaces.md, Shapes).
type assetJSON struct {
	ID           string            `json:"id"`
	Kind         string            `json:"kind"`
	Network      string            `json:"network"`
	Name         string            `json:"name"`
	Owner        string            `json:"owner"`
	Status       string            `json:"status"`
	Secrecy      *string           `json:"secrecy"`
	Grade        string            `json:"grade,omitempty"` // the one that counts: its own, else that of the policy; only where one asset is answered
	Section      *sectionJSON      `json:"section"`
	Structure    *structureJSON    `json:"structure,omitempty"`
	Material     *string           `json:"material"`
	Geometry     *geometryJSON     `json:"geometry"`
	Reference    string            `json:"reference,omitempty"`
	From         string            `json:"from,omitempty"`
	To           string            `json:"to,omitempty"`
	In           string            `json:"in,omitempty"`
	Ground       []number          `json:"ground"`
	Invert       []number          `json:"invert,omitempty"`
	Cover        []number          `json:"cover,omitempty"`
	Bottom       *number           `json:"bottom,omitempty"`
	Quality      qualityJSON       `json:"quality"`
	Assumed      []string          `json:"assumed"`
	Flags        []string          `json:"flags,omitempty"`
	Installed    *string           `json:"installed"`
	Version      uint32            `json:"version,omitempty"`
	Revision     uint64            `json:"revision,omitempty"`
	Attributes   map[string]string `json:"attributes"`
	SourceNumber string            `json:"sourceNumber,omitempty"`
	Road         string            `json:"road,omitempty"`
	Feature      string            `json:"feature,omitempty"`
	Appurtenance string            `json:"appurtenance,omitempty"`
	Recorded     *time.Time        `json:"recorded,omitempty"`
	ValidFrom    *time.Time        `json:"validFrom,omitempty"`
	ValidTo      *time.Time        `json:"validTo,omitempty"`
	BBox         *[4]float64       `json:"bbox,omitempty"`
	Withheld     []string          `json:"withheld,omitempty"` // keys whose value the reader may not see
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// encode turns an asset into its wire form, as the reader of the snapshot sees it: without the names of what is hidden from it.
func encode(a *twin.Asset, of *twin.Snapshot) assetJSON {
	f, cat := of.Frame(), of.Catalog()
	j := assetJSON{
		ID: a.ID, Kind: a.Kind.String(), Network: a.Network, Name: a.Name, Owner: a.Owner, Status: a.Status.String(), Secrecy: some(a.Secrecy.String()), Material: some(a.Material),
		From: a.From, To: a.To, In: a.In, Assumed: a.Assumed.Names(), Installed: some(a.Installed), Version: a.Version, Revision: a.Revision, Attributes: map[string]string{},
		SourceNumber: a.SourceNumber, Road: a.Road, Feature: a.Feature, Appurtenance: a.Appurtenance, Recorded: when(a.Recorded), ValidFrom: when(a.ValidFrom), ValidTo: when(a.ValidTo),
		Quality: qualityJSON{some(a.Quality.Level.String()), sized(a.Quality.Horizontal), sized(a.Quality.Vertical), a.Quality.Source},
		Ground:  []number{},
	}
	if v := of.Sight(); v != nil {
		j.Withheld = append(j.Withheld, v.Veil.Names()...)
		for _, ref := range [...]struct {
			name string
			id   *string
		}{{"from", &j.From}, {"to", &j.To}, {"in", &j.In}} {
			if of.Hides(*ref.id) {
				*ref.id = ""
				j.Withheld = append(j.Withheld, ref.name)
			}
		}
	}
	if s := a.Section; s != (geometry.Section{}) || a.Kind.IsLine() {
		j.Section = encodeSection(s)
	}
	j.Structure = encodeStructure(nameless(a.Structure, of), j.Section)
	for _, t := range a.Attributes {
		j.Attributes[t.Key] = t.Value
	}
	for _, x := range a.Flags(of.Ground()) {
		j.Flags = append(j.Flags, x.String())
	}
	line := a.Line
	if a.Kind.IsLine() {
		sec, _ := cat.DrawnSection(a)
		line = a.Axis(sec)
		j.Reference = a.Reference.String()
	}
	for i := range a.Line {
		j.Ground = append(j.Ground, number(a.GroundAt(i)))
		if a.Kind.IsLine() {
			j.Invert = append(j.Invert, number(a.Invert(i)))
			j.Cover = append(j.Cover, number(a.Cover(i)))
		}
	}
	if a.Kind == twin.KindChamber {
		b := number(a.Bottom)
		j.Bottom = &b
	}
	j.Geometry, j.BBox = encodeLine(line, a.Kind, f)
	return j
}

func encodeSection(s geometry.Section) *sectionJSON {
	j := &sectionJSON{Shape: s.Shape.String(), Wall: sized(s.Wall), Top: sized(s.Top), Cols: s.Cols, Rows: s.Rows}
	if s.Shape == geometry.ShapeUnknown || s.IsRound() {
		j.Diameter = sized(s.Width)
		if s.Known() {
			j.OuterDiameter = sized(s.OuterWidth())
		}
		return j
	}
	j.Width, j.Height = sized(s.Width), sized(s.Height)
	return j
}

// encodeLine turns vertices into GeoJSON: degrees to 9 decimals (0.1 mm), heights to 0.1 mm.
func encodeLine(line []geometry.Point, k twin.Kind, f *crs.Frame) (*geometryJSON, *[4]float64) {
	box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	b := []byte{}
	for i, p := range line {
		if i > 0 {
			b = append(b, ',')
		}
		lon, lat := f.LonLat(p.E, p.N)
		b = fmt.Appendf(b, "[%.9f,%.9f,%.4f]", lon, lat, p.H)
		box = [4]float64{min(box[0], lon), min(box[1], lat), max(box[2], lon), max(box[3], lat)}
	}
	g := &geometryJSON{Type: "LineString"}
	switch {
	case k.IsPoint():
		g.Type, g.Coordinates = "Point", b
	case k == twin.KindZone || k == twin.KindSolid:
		g.Type, g.Coordinates = "Polygon", append(append([]byte("[["), b...), "]]"...)
	default:
		g.Coordinates = append(append([]byte("["), b...), ']')
	}
	return g, &box
}
