package cjj61

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/twin"
	"github.com/undercity/undercity/twin/formats"
)

// Written says what Write wrote, and what tables of this kind have no place for.
type Written struct {
	Points, Lines int
	Left          int // galleries, tunnels, bridges, zones and solids, which the tables cannot hold
	Shapes        int // of the points and lines, those with a form that is left out: bends, holes, layers of a chamber, an egg or arch
}

var (
	pointColumns = []string{"物探点号", "X坐标(m)", "Y坐标(m)", "地面高程(m)", "管点高程(m)", "特征", "附属物", "井底高程(m)", "井规格(mm)", "探查类型", "权属单位", "所在道路", "使用状况", "密级"}
	lineColumns  = []string{"管线段号", "起点点号", "终点点号", "起点埋深(m)", "终点埋深(m)", "起点高程(m)", "终点高程(m)", "管径(mm)", "壁厚(mm)", "总孔数", "材质", "探查类型", "权属单位", "道路名称", "建设年代", "使用状况", "密级"}
)

// Write writes the nodes, chambers and segments of a snapshot as point and line tables, a pair a network ("JSPOINT", "JSLINE"), each into
// what create opens for its name: CSV in UTF-8 with a byte order mark, X northing and Y easting in metres of the frame. A line with vertices
// between its ends becomes a line a leg, and an end without a node a point of its own.
func Write(ctx context.Context, s *twin.Snapshot, create func(table string) (io.WriteCloser, error)) (w Written, err error) {
	var networks []string
	for _, c := range s.Counts() {
		if (c.Kind.IsPoint() || c.Kind == twin.KindSegment) && !slices.Contains(networks, c.Network) {
			networks = append(networks, c.Network)
		}
	}
	slices.Sort(networks)
	for _, c := range s.Counts() {
		if !c.Kind.IsPoint() && c.Kind != twin.KindSegment {
			w.Left += c.N
		}
	}
	for _, n := range networks {
		if err := writeNetwork(ctx, s, n, create, &w); err != nil {
			return w, err
		}
	}
	return w, nil
}

// pair is the two tables of one network on their way out.
type pair struct {
	s             *twin.Snapshot
	network       twin.Network
	points, lines *formats.Sheet
	w             *Written
}

func writeNetwork(ctx context.Context, s *twin.Snapshot, code string, create func(string) (io.WriteCloser, error), w *Written) (err error) {
	n, _ := s.Catalog().Network(code)
	p := &pair{s: s, network: n, w: w}
	for _, t := range []struct {
		name    string
		to      **formats.Sheet
		columns []string
	}{{code + "POINT", &p.points, pointColumns}, {code + "LINE", &p.lines, lineColumns}} {
		out, cerr := create(t.name)
		if cerr != nil {
			return fmt.Errorf("table %s: %w", t.name, cerr)
		}
		*t.to = formats.NewSheet(out)
		defer func() {
			err = errors.Join(err, (*t.to).Flush(), out.Close())
		}()
		if _, err := io.WriteString(out, "\ufeff"); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		if err := (*t.to).Write(t.columns); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	k := 0
	for r := range s.All {
		if r.Network() != code {
			continue
		}
		if k++; k%5000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		a := r.Asset()
		switch {
		case a.Kind.IsPoint():
			err = p.point(a)
		case a.Kind == twin.KindSegment:
			err = p.line(a)
		default:
			continue
		}
		if losesForm(a) {
			w.Shapes++
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// losesForm reports whether the tables say less of the form of an asset than the twin does: they have a diameter, or a width and a height.
func losesForm(a *twin.Asset) bool {
	switch a.Section.Shape {
	case geometry.ShapeUnknown, geometry.Circle, geometry.Rectangle, geometry.Cable, geometry.DuctBank:
		return a.Structure != nil
	}
	return true
}

// metres writes a height or a place; nothing where it is not known.
func metres(v float64) string {
	if twin.IsUnknown(v) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64)
}

// millimetres writes a size; nothing where it is not known.
func millimetres(v float64) string {
	if !(v > 0) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e3, 'f', -1, 64)
}

// size is a section as the tables write it, and its wall.
func size(s geometry.Section) (text, wall, holes string) {
	if !s.Known() {
		return "", "", ""
	}
	if s.Shape == geometry.DuctBank && s.Cols > 0 && s.Rows > 0 {
		holes = strconv.Itoa(int(s.Cols) * int(s.Rows))
	}
	if s.IsRound() {
		return millimetres(s.Width), millimetres(s.Wall), holes
	}
	return millimetres(s.Width) + "X" + millimetres(s.Height), millimetres(s.Wall), holes
}

// foundBy is how a place was found, in the words of CJJ 61.
func foundBy(q twin.Quality) string {
	switch q.Level {
	case twin.LevelA:
		return "明显管线点"
	case twin.LevelB:
		return "隐蔽管线点"
	}
	return ""
}

// stateWords are the words of a life-cycle status; in service says nothing.
var stateWords = map[twin.Status]string{twin.StatusPlanned: "规划", twin.StatusDesigned: "设计", twin.StatusBuilding: "在建", twin.StatusOutOfUse: "停用", twin.StatusAbandoned: "废弃", twin.StatusRemoved: "拆除"}

// numberOf is the number that the tables give an asset: the source's own where the ID follows from it.
func numberOf(a *twin.Asset) string {
	if a.SourceNumber != "" && twin.NewID(a.Network, a.SourceNumber) == a.ID {
		return a.SourceNumber
	}
	return tail(a.ID)
}

func (p *pair) point(a *twin.Asset) error {
	h := twin.Unknown()
	if a.Kind == twin.KindNode && a.HeightKnown(0) && p.linesKnown(a.ID) {
		h = a.Line[0].H
	}
	chamber, _, _ := size(a.Section)
	p.w.Points++
	return p.points.Write([]string{numberOf(a), metres(a.Line[0].N), metres(a.Line[0].E), metres(a.GroundAt(0)), metres(h), a.Feature, a.Appurtenance, metres(a.Bottom), chamber, foundBy(a.Quality), a.Owner, a.Road, stateWords[a.Status], a.Secrecy.String()})
}

// linesKnown reports whether the heights of all lines at a point are known. Where they are not, its own height must not be taken for theirs.
func (p *pair) linesKnown(id twin.ID) bool {
	for _, line := range p.s.Ends(id) {
		a, ok := p.s.Get(line)
		if ok && (a.From == id && !a.HeightKnown(0) || a.To == id && !a.HeightKnown(len(a.Line)-1)) {
			return false
		}
	}
	return true
}

// bare writes a point that only stands for a place of a line.
func (p *pair) bare(number string, at geometry.Point, ground float64) error {
	p.w.Points++
	row := make([]string, len(pointColumns))
	row[0], row[1], row[2], row[3] = number, metres(at.N), metres(at.E), metres(ground)
	return p.points.Write(row)
}

// surveyed is the height at a vertex that this network is surveyed to.
func (p *pair) surveyed(a *twin.Asset, i int) float64 {
	if !a.HeightKnown(i) {
		return twin.Unknown()
	}
	if a.Reference == p.network.SurveyedTo {
		return a.Line[i].H
	}
	switch p.network.SurveyedTo {
	case twin.RefInvert:
		return a.Invert(i)
	case twin.RefCrown:
		return a.Crown(i)
	}
	sec, _ := p.s.Catalog().DrawnSection(a)
	return a.Axis(sec)[i].H
}

// end is the number of the point that a line's vertex lies at; the point is written where there is none.
func (p *pair) end(a *twin.Asset, i int) (string, error) {
	id := a.From
	if i > 0 {
		id = a.To
	}
	if i == 0 || i == len(a.Line)-1 {
		if node, ok := p.s.Get(id); ok && id != "" {
			return numberOf(node), nil
		}
	}
	number := fmt.Sprintf("%s.%d", numberOf(a), i+1)
	return number, p.bare(number, a.Line[i], a.GroundAt(i))
}

func (p *pair) line(a *twin.Asset) error {
	own := numberOf(a)
	if strings.Contains(own, "~") && len(a.Line) == 2 {
		own = ""
	}
	text, wall, holes := size(a.Section)
	if a.Assumed&twin.AssumedOuterDiameter != 0 && a.Section.Wall == 0 {
		wall = ""
	}
	from, err := p.end(a, 0)
	if err != nil {
		return err
	}
	for i := 1; i < len(a.Line); i++ {
		to, err := p.end(a, i)
		if err != nil {
			return err
		}
		number := own
		if i > 1 {
			number = fmt.Sprintf("%s.L%d", own, i)
		}
		h := [2]float64{p.surveyed(a, i-1), p.surveyed(a, i)}
		p.w.Lines++
		if err := p.lines.Write([]string{number, from, to, metres(a.GroundAt(i-1) - h[0]), metres(a.GroundAt(i) - h[1]), metres(h[0]), metres(h[1]), text, wall, holes,
			a.Material, foundBy(a.Quality), a.Owner, a.Road, a.Installed, stateWords[a.Status], a.Secrecy.String()}); err != nil {
			return fmt.Errorf("line %s: %w", a.ID, err)
		}
		from = to
	}
	return nil
}
