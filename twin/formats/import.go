package formats

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// maxRefused stops an import that has gone wrong from the start.
const maxRefused = 1_000_000

// Import reads the files into one change set and applies it: all or nothing, unless bad rows may be skipped. The report is returned with
// an error too.
func Import(ctx context.Context, t *twin.Twin, readers []Reader, files []File, o Options) (*Report, error) {
	rep := &Report{DryRun: o.DryRun, Extent: geometry.EmptyBox()}
	files = distinct(files)
	for _, f := range files {
		rep.Files = append(rep.Files, f.Name)
	}
	groups, err := assign(readers, files, o.Format)
	if err != nil {
		return rep, err
	}
	note := o.Note
	if note == "" {
		note = "import of " + strings.Join(rep.Files[:min(3, len(rep.Files))], ", ")
	}
	for _, g := range groups {
		rep.Formats = append(rep.Formats, g.reader.Name())
	}
	m := &meter{tell: o.Progress}
	begin := func() *twin.ChangeSet {
		cs := t.NewChangeSet(o.Author, note)
		cs.Gate = o.Gate
		return cs
	}
	s := &sink{t: t, o: o, rep: rep, meter: m, cs: begin(), lost: map[twin.ID]int{}, banned: map[Row]bool{}}
	if err := s.read(ctx, groups); err != nil {
		return rep, err
	}
	found, err := s.refuseStrays()
	if err != nil {
		return rep, err
	}
	if found && o.SkipBadRows {
		// What lies far off is in the change set by now, so the files are read once more without it.
		s = &sink{t: t, o: o, rep: rep.anew(), meter: m, cs: begin(), lost: map[twin.ID]int{}, banned: s.banned}
		if err := s.read(ctx, groups); err != nil {
			return rep, err
		}
	}
	s.noteHeights()
	s.letGo()
	rep.Extent = s.cs.Extent()
	if rep.RefusedCount > 0 && !o.SkipBadRows {
		return rep, refusal(rep)
	}
	if s.cs.Len() == 0 && s.base == nil {
		e := twin.Errorf(twin.Invalid, "%s: nothing in it can be imported", strings.Join(rep.Files, ", "))
		if rep.RefusedCount == 0 {
			return rep, e.WithHint("there are no rows below the headings; check that the file was written to the end")
		}
		return rep, e.WithHint("see the report for the reasons")
	}
	return rep, s.apply(ctx)
}

// letGo frees what only the reading needed. Of a large import the system gets it back at once, so that the storing does not come on top of it.
func (s *sink) letGo() {
	const large = 50_000
	s.places, s.lost, s.banned = readings{}, nil, nil
	if s.cs.Len() >= large {
		debug.FreeOSMemory()
	}
}

// read lets each reader read its files.
func (s *sink) read(ctx context.Context, groups []group) error {
	for i, g := range groups {
		s.meter.begin(readingShare*float64(i)/float64(len(groups)), readingShare/float64(len(groups)), g.files)
		if err := g.reader.Read(ctx, s.meter.watch(g.files), s.o, s); err != nil {
			return readError(ctx, err)
		}
	}
	return nil
}

func readError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var e *twin.Error
	if errors.As(err, &e) {
		return e
	}
	return fmt.Errorf("reading: %w", err)
}

func refusal(rep *Report) error {
	what := "1 row was refused and nothing was imported: "
	if rep.RefusedCount > 1 {
		what = fmt.Sprintf("%d rows were refused and nothing was imported; first ", rep.RefusedCount)
	}
	e := twin.Errorf(twin.Invalid, "%s%s", what, rep.Refused[0]).
		WithHint("mend the rows, or import the others with --skip-bad-rows")
	for _, r := range rep.Refused[:min(100, len(rep.Refused))] {
		e.Fields = append(e.Fields, twin.Field{Pointer: strings.TrimSuffix(Row{File: r.File, Line: r.Line, Field: r.Field, Value: r.Value}.String(), ": "), Reason: r.Reason})
	}
	return e
}

// group is the files of one reader.
type group struct {
	reader Reader
	files  []File
}

// assign gives each file to its reader: the one named, else the one that is surest by the content.
func assign(readers []Reader, files []File, format string) ([]group, error) {
	if len(files) == 0 {
		return nil, twin.Errorf(twin.Invalid, "no file was given")
	}
	byName := map[string]*group{}
	var order []string
	for _, f := range files {
		r, err := readerFor(readers, f, format)
		if err != nil {
			return nil, err
		}
		g := byName[r.Name()]
		if g == nil {
			g = &group{reader: r}
			byName[r.Name()] = g
			order = append(order, r.Name())
		}
		g.files = append(g.files, f)
	}
	var groups []group
	for _, n := range order {
		groups = append(groups, *byName[n])
	}
	return groups, nil
}

func readerFor(readers []Reader, f File, format string) (Reader, error) {
	head, err := headOf(f)
	if err != nil {
		return nil, err
	}
	if format != "" && format != "auto" {
		var names []string
		for _, r := range readers {
			if r.Name() == format {
				return r, nil
			}
			names = append(names, r.Name())
		}
		return nil, twin.Errorf(twin.Invalid, "%q is not a format that can be imported", format).WithHint("choose auto, %s", strings.Join(names, ", "))
	}
	if head, err = withSections(f, head); err != nil {
		return nil, err
	}
	if isUTF16(head) {
		// What cannot be decoded, the last character may be cut, is for the reader to say.
		head, _ = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(head)
	}
	var best Reader
	sure := 0
	for _, r := range readers {
		if s := r.Detect(f.Name, head); s > sure {
			best, sure = r, s
		}
	}
	if best == nil {
		return nil, twin.Errorf(twin.Invalid, "%s: the content is of no format that is known", f.Name).WithHint("name the format with --format, or check that the file is whole and not renamed")
	}
	return best, nil
}

// withSections adds to the head of a long file of [SECTIONS] the names of all its sections: what tells one model from another may stand
// after a hundred thousand nodes.
func withSections(f File, head []byte) ([]byte, error) {
	if len(head) < headSize || !bytes.Contains(head, []byte("\n[")) {
		return head, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	in, start := bufio.NewReaderSize(r, headSize), true
	for len(head) < 2*headSize {
		line, err := in.ReadSlice('\n')
		if start && bytes.HasPrefix(line, []byte("[")) && len(line) < 100 {
			head = append(append(head, '\n'), line...)
		}
		if start = err == nil; err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			break // the end; what cannot be read is for the reader to say
		}
	}
	return head, r.Close()
}

// headOf reads the first bytes of a file, and says at once what is wrong with one that is empty.
func headOf(f File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s cannot be opened: %v", f.Name, err)
	}
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(twin.Errorf(twin.Invalid, "%s cannot be read: %v", f.Name, err), r.Close())
	}
	if err := r.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if n == 0 {
		return nil, twin.Errorf(twin.Invalid, "%s is empty", f.Name).WithHint("check that the file was written to the end")
	}
	return head[:n], nil
}

// sink gathers what readers find into the change set and the report.
type sink struct {
	t      *twin.Twin
	o      Options
	rep    *Report
	cs     *twin.ChangeSet
	frame  *crs.Frame
	base   *twin.Base
	meter  *meter
	places readings
	lost   map[twin.ID]int // assets that were refused, and their lines
	banned map[Row]bool    // rows that lie far off all others, by file and line
}

// Catalog is the tables of networks, materials and words.
func (s *sink) Catalog() *twin.Catalog { return s.t.Catalog() }

// Find returns an asset of this import or of the installation.
func (s *sink) Find(id twin.ID) (*twin.Asset, bool) {
	if a, ok := s.cs.Get(id); ok {
		return a, true
	}
	return s.t.Snapshot().Get(id)
}

// Asset takes one asset.
func (s *sink) Asset(a *twin.Asset, at Row) error {
	if at.Value == "" {
		at.Value = a.SourceNumber
	}
	if at.Reason = s.unfit(a, at); at.Reason == "" {
		err := s.cs.Put(a)
		if err == nil {
			s.places.asset(a, at)
			s.flags(a, at)
			return nil
		}
		at.Reason = err.Error()
	}
	switch {
	case s.cs.Has(a.ID):
		at.Reason = fmt.Sprintf("%s stands in the files more than once; keep one of them", a.ID)
	case len(s.lost) < maxRefused:
		s.lost[a.ID] = at.Line
	}
	return s.Refuse(at)
}

// flags notes what of an asset somebody should look at.
func (s *sink) flags(a *twin.Asset, at Row) {
	for _, f := range a.Flags(s.t.Snapshot().Ground()) {
		if at.Reason = f.Reason(); at.Reason != "" {
			s.rep.note(at)
		}
	}
}

// unfit says why an asset does not fit to the others and to the installation, "" where it does.
func (s *sink) unfit(a *twin.Asset, at Row) string {
	if len(s.banned) > 0 && s.banned[Row{File: at.File, Line: at.Line}] {
		return "it lies far off everything else in the files; correct its coordinates"
	}
	for _, id := range [...]twin.ID{a.From, a.To, a.In} {
		if line, ok := s.lost[id]; ok && id != "" && !s.cs.Has(id) {
			return fmt.Sprintf("it belongs to %s, which was refused (line %d)", id, line)
		}
	}
	if q := s.t.Snapshot().Square(); q.Size > 0 {
		for _, p := range a.Line {
			p.H = 0
			if p.IsFinite() && !q.Contains(p) {
				return fmt.Sprintf("it lies at %.1f, %.1f, outside the installation's square of %.0f m from %.0f, %.0f; check its coordinates and the CRS", p.E, p.N, q.Size, q.MinE, q.MinN)
			}
		}
	}
	return ""
}

// Refuse records a row that was not taken.
func (s *sink) Refuse(r Row) error {
	s.rep.refuse(r)
	if s.rep.RefusedCount >= maxRefused {
		return twin.Errorf(twin.Invalid, "more than %d rows were refused; first %s", maxRefused, s.rep.Refused[0]).WithHint("check the format and the CRS")
	}
	return nil
}

// Note records something of a row that was kept.
func (s *sink) Note(r Row) { s.rep.note(r) }

// Base takes base data.
func (s *sink) Base(b *twin.Base) {
	if s.base == nil {
		s.base = s.t.Base().Clone()
	}
	s.base.Add(b)
}

// Rows counts rows read.
func (s *sink) Rows(n int, fraction float64) {
	s.rep.Rows += n
	s.meter.part(n, fraction)
}

// readingShare is how much of an import the reading is.
const readingShare = 0.4

// storingFrom is where the storing begins, after the checking.
const storingFrom = 0.45

// defaultDatum is the vertical datum of an installation whose files do not name one, by place.
func defaultDatum(lon, lat float64) string {
	if lon >= 73.62 && lon <= 134.77 && lat >= 16.7 && lat <= 53.56 {
		return "1985国家高程基准"
	}
	return "unknown"
}

// Transform checks a file's coordinates against its CRS and decides the frame of a new installation.
func (s *sink) Transform(file string, declared *crs.CRS, unit *crs.Unit, sample [][2]float64) (*crs.Transform, error) {
	src := crs.Source{CRS: declared, Unit: unit}
	if s.o.CRS != nil {
		src.CRS = s.o.CRS
		if declared != nil || !src.CRS.IsSchematic() {
			src.Unit = nil // the file's unit was that of the CRS it names
		}
	}
	if s.o.Unit != nil {
		src.Unit = s.o.Unit
	}
	if src.CRS == nil {
		return nil, twin.Errorf(twin.Invalid, "%s names no CRS for its coordinates", file).
			WithHint("say which with --crs EPSG:n, or put a drawing down at a place with --crs local:LON,LAT")
	}
	src.CRS = s.shifted(file, src.CRS)
	src = s.putDown(file, src, sample)
	if err := crs.Check(src, sample); err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: %v", file, err)
	}
	f, err := s.frameFor(src, sample)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: %v", file, err)
	}
	t, err := crs.NewTransform(src, f)
	if err != nil {
		return nil, twin.Errorf(twin.Invalid, "%s: %v", file, err)
	}
	if n := t.Note(); n != "" {
		s.rep.Warnings = append(s.rep.Warnings, file+": "+n)
	}
	return t, nil
}

// shifted gives the CRS of a file the shift that was stated, where it can be meant for it: it may stand in a configuration that every import
// reads, and a file on CGCS2000 must not be moved by it.
func (s *sink) shifted(file string, c *crs.CRS) *crs.CRS {
	if s.o.Shift == nil || c.IsSchematic() {
		return c
	}
	takes := c.Takes(*s.o.Shift)
	if f := s.frameNow(); takes && s.o.Shift.IsPlane() && f != nil {
		// Of all planes only the city's own is meant, once it is known which that is.
		if own, ok := f.CRS.Given(); ok && own.IsPlane() {
			takes = c.Code() == f.CRS.Code()
		}
	}
	if !takes {
		s.rep.Warnings = append(s.rep.Warnings, fmt.Sprintf("%s: the datum shift that was stated is not used, since it does not start from %s", file, c.Code()))
		return c
	}
	return c.WithShift(*s.o.Shift)
}

// frameNow is the frame that the import has decided or the installation has, nil where there is none yet.
func (s *sink) frameNow() *crs.Frame {
	if s.frame != nil {
		return s.frame
	}
	return s.t.Snapshot().Frame()
}

// putDown puts a drawing whose numbers are far from 0, 0 down by its middle instead: its origin means nothing at the place that was named.
func (s *sink) putDown(file string, src crs.Source, sample [][2]float64) crs.Source {
	const far = 20_000 // metres
	if !src.CRS.IsSchematic() {
		return src
	}
	unit := 1.0
	if src.Unit != nil {
		unit = src.Unit.Metres
	}
	b := geometry.EmptyBox()
	for _, p := range sample {
		if q := (geometry.Point{E: p[0] * unit, N: p[1] * unit}); q.IsFinite() {
			b = b.Add(q)
		}
	}
	c := b.Center()
	if b.IsEmpty() || c.PlanDist(geometry.Point{}) < far {
		return src
	}
	s.rep.Warnings = append(s.rep.Warnings, fmt.Sprintf("%s: the drawing's numbers are far from 0, 0, so its middle (%.1f, %.1f) was put down at the place", file, c.E/unit, c.N/unit))
	src.CRS = src.CRS.Centred(c.E, c.N)
	return src
}

// frameFor is the installation's frame; the first import decides it: the file's own CRS where that can be one, else one for the place.
func (s *sink) frameFor(src crs.Source, sample [][2]float64) (*crs.Frame, error) {
	if s.frame != nil {
		return s.frame, nil
	}
	if f := s.t.Snapshot().Frame(); f != nil {
		if d := s.o.HeightDatum; d != "" && d != f.VerticalDatum {
			return nil, fmt.Errorf("heights above %q cannot be mixed with the installation's %q, and are never converted silently; convert the file first", d, f.VerticalDatum)
		}
		if s.o.Frame != nil && s.o.Frame.Code() != f.CRS.Code() {
			return nil, fmt.Errorf("the installation's frame is %s and stays it; leave --frame out, or import into an installation of its own", f.CRS.Code())
		}
		if s.o.Separation != 0 && s.o.Separation != f.Separation {
			return nil, fmt.Errorf("the installation's separation is %g m and stays it; leave --separation out, or import into an installation of its own", f.Separation)
		}
		s.frame = f
		return f, nil
	}
	lon, lat, err := src.Place(middle(sample))
	if err != nil {
		return nil, err
	}
	datum := s.o.HeightDatum
	if datum == "" {
		datum = defaultDatum(lon, lat)
	}
	if s.o.Frame != nil {
		own := s.o.Frame
		if s.o.Shift != nil && own.Takes(*s.o.Shift) {
			own = own.WithShift(*s.o.Shift)
		}
		if s.frame, err = crs.NewFrame(own, datum, s.o.Separation); err != nil {
			return nil, err
		}
		s.cs.SetFrame(s.frame)
		return s.frame, nil
	}
	f, err := crs.NewFrame(src.CRS, datum, s.o.Separation)
	if err != nil {
		if f, err = crs.NewFrame(crs.FrameFor(lon, lat), datum, s.o.Separation); err != nil {
			return nil, err
		}
	}
	s.frame = f
	s.cs.SetFrame(f)
	return f, nil
}

// Adopt takes the frame of a twin's own file.
func (s *sink) Adopt(file string, f *crs.Frame) error {
	mine := s.frameNow()
	switch {
	case mine == nil:
		s.frame = f
		s.cs.SetFrame(f)
	case mine.VerticalDatum != f.VerticalDatum:
		return twin.Errorf(twin.Invalid, "%s: heights above %q cannot be mixed with the installation's %q, and are never converted silently", file, f.VerticalDatum, mine.VerticalDatum).
			WithHint("convert the heights first, or import the file into an installation of its own")
	}
	return nil
}

// middle is the median of a sample: a point out of place must not decide where an installation is.
func middle(sample [][2]float64) [][2]float64 {
	var m [2][]float64
	for _, p := range sample {
		for i, v := range p {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				m[i] = append(m[i], v)
			}
		}
	}
	if len(m[0]) == 0 || len(m[1]) == 0 {
		return sample
	}
	slices.Sort(m[0])
	slices.Sort(m[1])
	return [][2]float64{{m[0][len(m[0])/2], m[1][len(m[1])/2]}}
}

// apply stores what was gathered, or says what a dry run would do.
func (s *sink) apply(ctx context.Context) error {
	s.meter.stage("checking", readingShare)
	if s.o.DryRun {
		p, err := s.t.Check(s.cs)
		if err != nil {
			return err
		}
		s.rep.Created, s.rep.Updated, s.rep.Unchanged = p.Created, p.Updated, p.Unchanged
		s.meter.stage("done", 1)
		return nil
	}
	n := s.cs.Len()
	s.cs.Progress = func(done int) { s.meter.stage("storing", storingFrom+(1-storingFrom)*float64(done)/float64(max(n, 1))) }
	s.meter.stage("storing", storingFrom)
	ch, err := s.t.Apply(ctx, s.cs)
	if err != nil {
		return err
	}
	s.rep.Created, s.rep.Updated, s.rep.Unchanged, s.rep.Revision = ch.Created, ch.Updated, ch.Unchanged, ch.Revision
	if s.base != nil {
		if err := s.t.SetBase(ctx, s.base); err != nil {
			return err
		}
	}
	s.meter.stage("done", 1)
	return nil
}
