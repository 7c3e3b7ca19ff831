package formatstest

import (
	"testing"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Silent is a sink that keeps nothing but counts, so that fuzzing spends its time on the reader. An asset that no twin could hold is a
// fault of the reader only where it panics: Silent packs each as a change set would.
type Silent struct {
	t               testing.TB
	frame           *crs.Frame
	crs             *crs.CRS
	codec           *twin.Codec
	Assets, Refused int
}

var _ formats.Sink = (*Silent)(nil)

// NewSilent is a sink of an installation in EPSG:4549, for files in the CRS of that name.
func NewSilent(t testing.TB, code string) *Silent {
	t.Helper()
	f, err := crs.NewFrame(CRS(t, "EPSG:4549"), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return &Silent{t: t, frame: f, crs: CRS(t, code), codec: twin.NewCodec(twin.Standard())}
}

// Transform takes any coordinates that the CRS has a place for.
func (s *Silent) Transform(file string, declared *crs.CRS, unit *crs.Unit, sample [][2]float64) (*crs.Transform, error) {
	src := crs.Source{CRS: declared, Unit: unit}
	if s.crs != nil {
		src = crs.Source{CRS: s.crs}
	}
	if err := crs.Check(src, sample); err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: %v", file, err)
	}
	tr, err := crs.NewTransform(src, s.frame)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: %v", file, err)
	}
	return tr, nil
}

// Adopt does nothing.
func (*Silent) Adopt(string, *crs.Frame) error { return nil }

// Asset packs an asset and forgets it.
func (s *Silent) Asset(a *twin.Asset, _ formats.Row) error {
	if _, err := s.codec.Marshal(a); err != nil {
		s.Refused++
		return nil
	}
	s.Assets++
	return nil
}

// Refuse counts.
func (s *Silent) Refuse(r formats.Row) error {
	if r.Reason == "" {
		s.t.Errorf("%+v was refused without a reason", r)
	}
	s.Refused++
	return nil
}

// Note does nothing.
func (*Silent) Note(formats.Row) {}

// Base does nothing.
func (*Silent) Base(*twin.Base) {}

// Rows does nothing.
func (*Silent) Rows(int, float64) {}

// Find finds nothing.
func (*Silent) Find(twin.ID) (*twin.Asset, bool) { return nil, false }

// Catalog is the standard tables.
func (*Silent) Catalog() *twin.Catalog { return twin.Standard() }
