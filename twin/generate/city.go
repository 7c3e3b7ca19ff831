// Package generate makes a synthetic city to show, to test and to measure with: streets, ground, and seven networks below them that
// fall, branch and cross as real ones do, and do not clash.
//
// A city follows from its Options alone: the same seed gives the same city, asset for asset. All positions are metres in the frame's plane.
// What every real survey has, a generated one has too: some assets without depth, size or ground.
package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/undercity/undercity/geometry"
	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// Options say which city; the zero value is the default.
type Options struct {
	Segments int     // default 20000; a city has exactly as many
	Seed     uint64  // default 1
	Lon, Lat float64 // middle, default 122.12, 37.51 (a coastal city)
	Progress func(done float64)
}

// VerticalDatum is the height datum of generated cities.
const VerticalDatum = "1985国家高程基准"

// City is a generated city.
type City struct {
	o       Options
	frame   *crs.Frame
	xs, ys  []float64 // positions of the streets before they are bent, metres from the middle
	classX  []class   // of the streets that run north (V)
	classY  []class   // of the streets that run east (H)
	e0, n0  float64
	streets []street
}

// class is what sort of street it is.
type class uint8

const (
	branch class = iota
	secondary
	main
)

func (c class) String() string { return [...]string{"branch", "secondary", "main"}[c] }

// scale shrinks the lateral offsets in narrow streets.
func (c class) scale() float64 { return [...]float64{0.66, 0.85, 1.0}[c] }

func (c class) width() float64 { return [...]float64{9, 15, 24}[c] }

type street struct {
	class class
	name  string
	en    string
}

// perEdge is about how many segments lie in one street from crossing to crossing.
const perEdge = 27

// New plans a city.
func New(o Options) (*City, error) {
	if o.Segments == 0 {
		o.Segments = 20000
	}
	if o.Segments < 200 || o.Segments > 10_000_000 {
		return nil, twin.Errorf(twin.Invalid, "a city of %d segments cannot be generated", o.Segments).WithHint("choose between 200 and 10000000")
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Lon == 0 && o.Lat == 0 {
		o.Lon, o.Lat = 122.12, 37.51
	}
	f, err := crs.NewFrame(crs.FrameFor(o.Lon, o.Lat), VerticalDatum, 0)
	if err != nil {
		return nil, fmt.Errorf("frame of the city: %w", err)
	}
	c := &City{o: o, frame: f}
	if c.e0, c.n0, err = f.Plane(o.Lon, o.Lat); err != nil {
		return nil, fmt.Errorf("middle of the city: %w", err)
	}
	c.plan()
	return c, nil
}

// Frame is the frame of the city's coordinates.
func (c *City) Frame() *crs.Frame { return c.frame }

// plan lays the streets out: enough crossings for the segments, blocks of differing size, few main streets.
func (c *City) plan() {
	edges := float64(c.o.Segments)/perEdge + 4
	// n·m crossings have about 2·n·m streets between them.
	n := max(3, int(math.Ceil(math.Sqrt(edges/2)*1.15))+1)
	m := max(3, int(math.Ceil(edges/2/float64(n)))+2)
	rng := rand.New(rand.NewPCG(c.o.Seed, 1))
	c.xs, c.classX = axisOf(rng, n)
	c.ys, c.classY = axisOf(rng, m)
	names := newNames(rng)
	for _, k := range c.classX {
		c.streets = append(c.streets, names.next(k, true))
	}
	for _, k := range c.classY {
		c.streets = append(c.streets, names.next(k, false))
	}
}

func axisOf(rng *rand.Rand, n int) ([]float64, []class) {
	pos, classes := make([]float64, n), make([]class, n)
	x := 0.0
	for i := range n {
		pos[i] = x
		x += 95 + 75*rng.Float64()
		switch {
		case i%5 == 2:
			classes[i] = main
		case i%5 == 0 || rng.IntN(3) == 0:
			classes[i] = secondary
		}
	}
	for i := range pos {
		pos[i] -= x / 2
	}
	return pos, classes
}

// bend is how the plan is laid on the ground: long gentle waves, so that no street is quite straight and none meets another twice.
func bend(x, y float64) (float64, float64) {
	return x + 26*math.Sin(y/410+0.7) + 9*math.Sin(y/173+x/900), y + 22*math.Sin(x/370+1.9) + 8*math.Sin(x/151+y/800)
}

// height is the ground: it falls to the sea in the south-east, on low terraces, everywhere down towards west and south so that gravity pipes laid at even depth
// always fall.
func (c *City) height(e, n float64) float64 {
	x, y := e-c.e0, n-c.n0
	w, s := c.xs[0]-300, c.ys[0]-300
	h := 4 + 0.0042*(x-w) + 0.0036*(y-s)
	return h + 1.1*math.Sin((x-w)/330) + 0.9*math.Sin((y-s)/310)
}

// crossing is a street crossing: its middle and the directions of the two streets there.
type crossing struct {
	at     geometry.Point
	tH, tV geometry.Point // unit vectors east and north along the streets
}

func (c *City) crossing(i, j int) crossing {
	p := func(x, y float64) geometry.Point {
		bx, by := bend(x, y)
		return geometry.Point{E: c.e0 + bx, N: c.n0 + by}
	}
	x, y := c.xs[i], c.ys[j]
	unit := func(a, b geometry.Point) geometry.Point { d := b.Sub(a); return d.Scale(1 / d.Len()) }
	return crossing{p(x, y), unit(p(x-1, y), p(x+1, y)), unit(p(x, y-1), p(x, y+1))}
}

// meet is where the lines at offset a from the middle of the street H (to its left) and offset b from that of V (to its right) cross.
func (k crossing) meet(a, b float64) geometry.Point {
	sin := k.tH.E*k.tV.N - k.tH.N*k.tV.E
	return k.at.Add(k.tV.Scale(a / sin)).Add(k.tH.Scale(b / sin))
}

// Load puts the city into an empty twin.
func Load(ctx context.Context, t *twin.Twin, c *City) (*twin.Change, error) {
	cs := t.NewChangeSet("generate", fmt.Sprintf("synthetic city, seed %d", c.o.Seed))
	cs.SetFrame(c.frame)
	n := 0
	for a := range c.Assets {
		if err := cs.Create(a); err != nil {
			return nil, fmt.Errorf("generated asset: %w", err)
		}
		if n++; n%10000 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if c.o.Progress != nil {
				c.o.Progress(min(0.4, 0.4*float64(n)/(1.8*float64(c.o.Segments))))
			}
		}
	}
	cs.Progress = func(done int) {
		if c.o.Progress != nil {
			c.o.Progress(0.4 + 0.6*float64(done)/float64(max(n, 1)))
		}
	}
	ch, err := t.Apply(ctx, cs)
	if err != nil {
		return nil, err
	}
	return ch, t.SetBase(ctx, c.Base())
}
