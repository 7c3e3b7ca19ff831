package formats

import (
	"context"
	"io"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// File is one input of an import. Open may be called more than once.
type File struct {
	Name string // base name, for reports
	Size int64  // bytes, for progress; 0 when not known
	Open func() (Content, error)
}

// Content is what a File opens to: archives and data bases need to seek.
type Content interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// Options are what the command or the form says about the files.
type Options struct {
	Format      string   // "auto", or the name of a Reader
	CRS         *crs.CRS // nil: the file must name its own
	Unit        *crs.Unit
	Shift       *crs.Shift // the city's own, from the datum of the files; nil: the published one
	Frame       *crs.CRS   // of an installation that has none yet; nil: the files' own, or one for their place
	Separation  float64    // metres from the ellipsoid to the height datum, of an installation that has no frame yet; for display
	HeightDatum string     // "": the installation's
	Network     string     // code for files that carry none; "": none given
	Mapping     Mapping    // which field the names of columns and properties are; nil: those that are known
	SkipBadRows bool
	DryRun      bool
	Author      string
	Gate        *twin.Gate // what the author may see and change; nil: everything
	Note        string
	Progress    func(Progress)
}

// Progress says how far an import is.
type Progress struct {
	Stage string  // reading, checking, storing, done
	Done  float64 // 0 to 1 of the whole
	Rows  int     // rows read so far
}

// Row is one line of a report: a row refused, or something in it that could not be used.
type Row struct {
	File   string
	Line   int    // 1-based line of a text file or row of a sheet; 0 when the file has no lines
	Field  string // column or key as the file calls it
	Value  string // as the file has it, at most 200 characters
	Reason string // one sentence: why, and what to do
}

// Sink takes what a Reader finds. Its methods may be called from one goroutine only.
type Sink interface {
	// Transform returns the transform from a file's coordinates into the installation's frame; of an installation without a frame the
	// first call decides it. The CRS and unit of Options win over the declared ones (nil where the file names none). sample
	// holds some or all of the file's coordinates, x east y north, in the file's unit: they are checked against the CRS first.
	// It fails with a *twin.Error of kind Invalid that names the flag which would mend it.
	Transform(file string, declared *crs.CRS, unit *crs.Unit, sample [][2]float64) (*crs.Transform, error)
	// Adopt makes f the frame of an installation that has none: that of a file which was a twin's own. It fails where heights of another
	// datum would be mixed.
	Adopt(file string, f *crs.Frame) error
	// Asset hands over one asset; at says where it comes from. The asset may be reused after the call.
	// An asset that the twin cannot hold is recorded as a refused row; an error means that reading must stop.
	Asset(a *twin.Asset, at Row) error
	// Refuse records a row that was not taken. An error means that reading must stop.
	Refuse(r Row) error
	// Note records something of a row that was kept: an unknown word, a value that could not be used.
	Note(r Row)
	// Base hands over streets, places or terrain; they are added to those of the installation.
	Base(b *twin.Base)
	// Rows counts rows read; fraction is how much of the reader's work is done, 0 to 1, or less than 0 where it goes by the bytes read of
	// files that are read twice.
	Rows(n int, fraction float64)
	// Find returns an asset of this import or, where it has none, of the installation.
	Find(id twin.ID) (*twin.Asset, bool)
	// Catalog is the tables of networks, materials and words.
	Catalog() *twin.Catalog
}

// Reader reads one format.
type Reader interface {
	// Name is what --format calls it.
	Name() string
	// Detect says how sure the reader is, 0 to 100, that a file with this name and these first bytes (at most 64 KiB) is its own.
	Detect(name string, head []byte) int
	// Read reads the files of one command that are this reader's; rows may refer to each other across them, in any order.
	// Memory is bounded whatever the files say of themselves. It returns a *twin.Error of kind Invalid with file and place when
	// the files as a whole cannot be read.
	Read(ctx context.Context, files []File, o Options, sink Sink) error
}
