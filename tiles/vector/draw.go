package vector

import (
	"math"
	"strings"
	"sync"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/tiles/mvt"
	"github.com/undercity/undercity/twin"
)

// Attributes of assets in vector tiles, by their place in assetKeys. What is not known is left out.
const (
	keyID = iota
	keyNetwork
	keyLayer
	keyKind
	keyName
	keyWidth
	keyDiameter
	keyCover
	keyStatus
	keyQuality
	keyAssumed
	keySymbol
	keyMaterial
	keyInstalled
)

var assetKeys = []string{"id", "network", "layer", "kind", "name", "width", "diameter", "cover", "status", "quality", "assumed", "symbol", "material", "installed"}

// drawer draws the assets of a snapshot into one vector tile.
type drawer struct {
	snap   *twin.Snapshot
	sheet  *sheet
	pencil mvt.Pencil
	street *mvt.Layer
	kinds  []kindLayer // by kind
	vecs   []mvt.Vec
	plan   twin.Plan

	handles, other []twin.Handle

	// of prepared assets
	numbers []int
	blocks  []*block
	values  values
	ready   mvt.Straight
	hides   hides
}

// hides is which attributes are not shown to the reader.
type hides struct{ name, material, installed bool }

// kindLayer is the layer of one kind with the values that most features share.
type kindLayer struct {
	*mvt.Layer
	used   bool        // in this tile
	common [512]common // attributes that many features have together, by a hash of their key
	room   []byte      // that these lie in
}

// common are attributes that many features have together, and what of their assets they follow from.
type common struct {
	key  uint64
	tags []byte
}

// drawers are drawers whose buffers can be used again: a tile has some hundred kilobytes, and growing to that takes as long as filling it.
var drawers = sync.Pool{New: func() any {
	return &drawer{street: mvt.NewLayer("street", streetKeys), kinds: make([]kindLayer, len(twin.Kinds()))}
}}

// newDrawer begins a tile; close gives the drawer back.
func newDrawer(s *twin.Snapshot, sh *sheet) *drawer {
	d := drawers.Get().(*drawer)
	d.snap, d.sheet = s, sh
	if sight := s.Sight(); sight != nil {
		d.hides = hides{sight.Veil.Hides("name"), sight.Veil.Hides("material"), sight.Veil.Hides("installed")}
	}
	return d
}

func (d *drawer) close() {
	d.snap, d.sheet, d.hides = nil, nil, hides{}
	clear(d.blocks)
	d.values.words, d.ready = wordLists{}, mvt.Straight{More: d.ready.More[:0]}
	d.street.Clear()
	for i := range d.kinds {
		if l := &d.kinds[i]; l.used {
			l.Clear()
			l.used, l.room = false, l.room[:0]
			clear(l.common[:])
		}
	}
	drawers.Put(d)
}

// layer returns the layer of a kind.
func (d *drawer) layer(k twin.Kind) *kindLayer {
	l := &d.kinds[k]
	if l.Layer == nil {
		l.Layer = mvt.NewLayer(k.String(), assetKeys)
	}
	l.used = true
	return l
}

// order is the order of the layers of a tile.
var order = [...]twin.Kind{twin.KindZone, twin.KindSolid, twin.KindBridge, twin.KindTunnel, twin.KindGallery, twin.KindSegment, twin.KindChamber, twin.KindNode}

// tile is the finished tile: streets lowest, then areas, lines and points.
func (d *drawer) tile() []byte {
	size := d.street.Size()
	for i := range d.kinds {
		if l := &d.kinds[i]; l.used {
			size += l.Size()
		}
	}
	out := d.street.Append(make([]byte, 0, size))
	for _, k := range order {
		if l := &d.kinds[k]; l.used {
			out = l.Append(out)
		}
	}
	return out
}

// assets draws each asset that is shown at the tile's zoom, in the order in which they are stored: sorting by ID would take longer than drawing.
func (d *drawer) assets(handles []twin.Handle) {
	if len(handles) == 0 || !d.sheet.ready() {
		return
	}
	z := d.sheet.tile.Z
	for _, h := range handles {
		r := d.snap.Record(h)
		if k := r.Kind(); k == twin.KindNode && z < zoomNodes || k == twin.KindChamber && z < zoomChambers {
			continue
		}
		d.draw(r)
	}
}

// draw draws one asset, unless it lies outside or is too small to be seen.
func (d *drawer) draw(r twin.Record) {
	p := &d.plan
	r.Plan(p)
	kind := r.Kind()
	l := d.layer(kind)
	l.Reset()
	width := 0.0
	var shown bool
	switch kind {
	case twin.KindZone, twin.KindSolid:
		shown = d.ring(l.Layer, footprint(r, p.Line))
	case twin.KindNode, twin.KindChamber:
		width = p.Drawn.OuterWidth()
		shown = d.point(l.Layer, p.Line[0], width/2)
	default:
		if least := leastSize(d.sheet.tile.Z); kind == twin.KindSegment && least > 0 && weight(r.Flow(), &p.Drawn) < least {
			return
		}
		width = planWidth(r, &p.Drawn)
		shown = d.path(l.Layer, p.Line, width/2)
	}
	if shown {
		d.describe(l, r, width)
	}
}

// describe gives the feature its attributes and ends it.
func (d *drawer) describe(l *kindLayer, r twin.Record, width float64) {
	p := &d.plan
	l.Repeat(l.commonTags(r, p))
	l.OwnTag(keyID, p.ID)
	if len(p.Name) > 0 {
		l.Tag(keyName, l.Text(string(p.Name)))
	}
	eachSize(width, diameterOf(p), l.MilliTag)
	if v, known := coverTag(p.Cover); known {
		l.MilliTag(keyCover, v)
	}
	if v, known := yearTag(p.Installed); known {
		l.MilliTag(keyInstalled, v)
	}
	if r.Kind().IsPoint() {
		feature, part := r.Term()
		if s := d.snap.Catalog().DrawnAs(r.Network(), feature, part); s != "" {
			l.Tag(keySymbol, l.Text(s))
		}
	}
	l.End(numberOf(p.ID))
}

// commonTags are the attributes that many features have together: network and layer, kind, status, quality, material and what is assumed.
func (l *kindLayer) commonTags(r twin.Record, p *twin.Plan) []byte {
	key := uint64(r.NetworkNumber()) | uint64(r.Status())<<8 | uint64(r.Level())<<12 | uint64(r.Assumed())<<16 | uint64(p.MaterialRef)<<32
	c := &l.common[key*0x9e3779b97f4a7c15>>55]
	if c.key != key || c.tags == nil {
		t := traitsOf(r, p.Material)
		*c = common{key, l.inRoom(func() { t.eachText(func(key int, s string) { l.Tag(key, l.Text(s)) }) })}
	}
	return c.tags
}

// inRoom has f write attributes, which go to the room of the layer and not to the feature.
func (l *kindLayer) inRoom(f func()) []byte {
	before := len(l.Tags())
	f()
	from := len(l.room)
	l.room = append(l.room, l.Tags()[before:]...)
	l.Untag(before)
	return l.room[from:len(l.room):len(l.room)]
}

func assumedText(a twin.Assumed) string { return strings.Join(a.Names(), ",") }

// diameterOf is the clear width of the section, metres, 0 where it is not known.
func diameterOf(p *twin.Plan) float64 {
	if p.Section.Known() {
		return p.Section.Width
	}
	return 0
}

// coverTag is the least cover, to a centimetre, in thousandths.
func coverTag(metres float64) (thousandths int32, known bool) {
	if twin.IsUnknown(metres) {
		return 0, false
	}
	return 10 * int32(math.Round(metres*100)), true
}

// yearTag is the year of an installation in thousandths.
func yearTag(installed string) (thousandths int32, known bool) {
	y := twin.YearOf(installed)
	return 1000 * int32(y), y != 0
}

func milli(metres float64) int32 {
	return int32(math.Round(max(-2e6, min(2e6, metres)) * 1000))
}

// numberOf is the number of an asset in every vector tile: FNV-1a of its ID, folded to 49 bits so that it is exact in a double and takes 7 bytes.
func numberOf(id []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range id {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return max(1, (h>>49^h)&(1<<49-1))
}

// planWidth is how wide an asset's line is in plan, metres.
func planWidth(r twin.Record, drawn *geometry.Section) float64 {
	w := max(drawn.OuterWidth(), drawn.Top+2*drawn.Wall)
	var s *geometry.Structure
	if r.HasStructure() { // few have one
		s = r.Structure()
	}
	if s == nil {
		return w
	}
	side := 0.0
	switch {
	case s.Bridge != nil:
		return s.Bridge.Deck.Width
	case s.Tunnel != nil:
		for _, t := range s.Tunnel.Tubes {
			side = max(side, math.Abs(t.Across)+t.Width/2+t.Wall)
		}
	case s.Gallery != nil:
		for _, c := range s.Gallery.Compartments {
			side = max(side, drawn.Wall-c.Left, c.Left+c.Width+drawn.Wall)
		}
	}
	return max(w, 2*side)
}

// project takes points of the plane to the tile.
func (d *drawer) project(line []geometry.Point) []mvt.Vec {
	v := d.vecs[:0]
	for _, p := range line {
		v = append(v, d.sheet.at(p))
	}
	d.vecs = v
	return v
}

// tolerance is how far vertices may be taken out, in units: a third of a pixel, and nothing at the finest zoom, which clients enlarge.
func (d *drawer) tolerance() float64 {
	if d.sheet.tile.Z >= MaxZoom {
		return 0
	}
	return pixel / 3.0
}

// least is how long what is drawn must be, in units: a pixel, and at the finest zooms one unit.
func (d *drawer) least() float64 {
	if d.sheet.tile.Z >= zoomChambers {
		return 0
	}
	return pixel
}

// path draws a line that reaches half metres to each side. It reports whether anything of it is seen.
func (d *drawer) path(l *mvt.Layer, line []geometry.Point, half float64) bool {
	side := half * d.sheet.unitsPerMeter
	f := mvt.Around(margin + side)
	if len(line) == 2 {
		if a, b := d.sheet.at(line[0]), d.sheet.at(line[1]); f.Holds(a) && f.Holds(b) { // most are like this
			return d.straight(l, a, b, side)
		}
	}
	if !d.sheet.near(line) {
		return d.pathFar(l, line, f, half)
	}
	v := d.project(line)
	b := boxOf(v)
	if !b.ok || !b.meets(f) || max(b.maxX-b.minX, b.maxY-b.minY, 2*side) < d.least() {
		return false
	}
	return d.pencil.Line(l, d.pencil.Thin(v, d.tolerance()), f)
}

// straight draws a straight that reaches side units to each side and lies within the frame.
func (d *drawer) straight(l *mvt.Layer, a, b mvt.Vec, side float64) bool {
	from, to := mvt.CellOf(a), mvt.CellOf(b)
	if from == to || max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y), 2*side) < d.least() {
		return false
	}
	l.Straight(from, to)
	return true
}

// pathFar draws a line that goes far beyond the tile: cut in the plane first, so that only what is near is taken to the tile.
func (d *drawer) pathFar(l *mvt.Layer, line []geometry.Point, f mvt.Frame, half float64) bool {
	box := d.sheet.box.Grow(half)
	shown := false
	v := d.vecs[:0]
	flush := func() {
		if len(v) > 1 && boxOf(v).ok {
			shown = d.pencil.Line(l, d.pencil.Thin(v, d.tolerance()), f) || shown
		}
		v = v[:0]
	}
	for i := 1; i < len(line); i++ {
		a, b, ok := cutTo(box, line[i-1], line[i])
		if !ok {
			flush()
			continue
		}
		if a != line[i-1] {
			flush()
		}
		if len(v) == 0 {
			v = append(v, d.sheet.at(a))
		}
		v = append(v, d.sheet.at(b))
		if b != line[i] {
			flush()
		}
	}
	flush()
	d.vecs = v
	return shown
}

func (d *drawer) point(l *mvt.Layer, p geometry.Point, half float64) bool {
	v := d.sheet.at(p)
	if !mvt.Around(margin + half*d.sheet.unitsPerMeter).Holds(v) {
		return false
	}
	l.Point(mvt.CellOf(v))
	return true
}

// ring draws the outline of an area.
func (d *drawer) ring(l *mvt.Layer, line []geometry.Point) bool {
	v := d.project(line)
	if n := len(v); n > 1 && v[0] == v[n-1] {
		v = v[:n-1]
	}
	b := boxOf(v)
	f := mvt.Around(margin)
	if !b.ok || !b.meets(f) || max(b.maxX-b.minX, b.maxY-b.minY) < d.least() {
		return false
	}
	return d.pencil.Ring(l, v, f)
}

// vecBox is the rectangle around points of the tile.
type vecBox struct {
	minX, minY, maxX, maxY float64
	ok                     bool // all are numbers
}

func boxOf(v []mvt.Vec) vecBox {
	b := vecBox{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1), len(v) > 0}
	for _, p := range v {
		b.minX, b.minY, b.maxX, b.maxY = min(b.minX, p.X), min(b.minY, p.Y), max(b.maxX, p.X), max(b.maxY, p.Y)
	}
	// Far outside nothing is seen, and what is no number fails here, too.
	b.ok = b.ok && b.minX > -1e9 && b.minY > -1e9 && b.maxX < 1e9 && b.maxY < 1e9
	return b
}

func (b vecBox) overlaps(o vecBox) bool {
	return b.minX <= o.maxX && b.maxX >= o.minX && b.minY <= o.maxY && b.maxY >= o.minY
}

func (b vecBox) meets(f mvt.Frame) bool {
	return b.minX <= f.High && b.maxX >= f.Low && b.minY <= f.High && b.maxY >= f.Low
}
