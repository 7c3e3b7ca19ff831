package generate

import (
	"context"
	"fmt"
	"math"

	"github.com/undercity/undercity/geometry/crs"
	"github.com/undercity/undercity/twin"
)

// The bounds of Options.Segments.
const (
	MinSegments     = 200
	MaxSegments     = 5_000_000
	DefaultSegments = 20_000
)

// VerticalDatum is the height datum of a city in China.
const VerticalDatum = "1985国家高程基准"

// Options say which city to make. The zero value is a city of 20,000 segments at Weihai.
type Options struct {
	Segments int                // default 20000; a city has exactly as many
	Seed     uint64             // default 1; another seed is another city
	Lon, Lat float64            // middle of the city, degrees WGS 84; default 122.12, 37.51 when both are 0
	Frame    *crs.Frame         // default: chosen for the middle, with VerticalDatum
	Progress func(done float64) // called by Load with 0 to 1, may be nil
}

// City is the plan of a synthetic city.
type City struct {
	opts    Options
	frame   *crs.Frame
	plan    plan
	terrain *twin.Terrain
	catalog *twin.Catalog
	kits    kits
	share   float64 // of the possible services that are built
	odd     int     // services more (or fewer) that make the number exact
}

// New plans a city. Invalid when the number of segments or the place is out of bounds.
func New(o Options) (*City, error) {
	if o.Segments == 0 {
		o.Segments = DefaultSegments
	}
	if o.Segments < MinSegments || o.Segments > MaxSegments {
		return nil, twin.Errorf(twin.Invalid, "a city of %d segments cannot be made", o.Segments).
			WithHint("ask for %d to %d", MinSegments, MaxSegments)
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Lon == 0 && o.Lat == 0 {
		o.Lon, o.Lat = 122.12, 37.51
	}
	if !(math.Abs(o.Lon) <= 180 && math.Abs(o.Lat) <= 80) {
		return nil, twin.Errorf(twin.Invalid, "no city can be made at longitude %g, latitude %g", o.Lon, o.Lat).
			WithHint("give degrees, latitude between -80 and 80")
	}
	c := &City{opts: o, frame: o.Frame, catalog: twin.Standard()}
	if c.frame == nil {
		f, err := crs.NewFrame(crs.FrameFor(o.Lon, o.Lat), VerticalDatum, 0)
		if err != nil {
			return nil, fmt.Errorf("frame of the city: %w", err)
		}
		c.frame = f
	}
	e, n, err := c.frame.Plane(o.Lon, o.Lat)
	if err != nil {
		return nil, fmt.Errorf("middle of the city: %w", err)
	}
	c.kits = newKits(c.catalog)
	c.size()
	c.plan.settle(e, n)
	c.terrain = c.plan.makeTerrain()
	return c, nil
}

// size chooses the number of streets and the share of services so that the city has as many segments as asked for.
func (c *City) size() {
	want := c.opts.Segments
	var best plan
	share := math.Inf(1)
	try := func(nu, nv int) float64 {
		c.plan = newPlan(c.opts.Seed, nu, nv)
		least, most := c.count(0), c.count(1)
		now := float64(want-least) / float64(most-least)
		if math.Abs(now-0.5) < math.Abs(share-0.5) {
			best, share = c.plan, now
		}
		return now
	}
	scale := math.Sqrt(float64(want) / 110)
	for range 40 {
		now := try(max(2, int(math.Round(scale*1.15))), max(2, int(math.Round(scale/1.15))))
		if now >= 0.05 && now <= 0.95 {
			break
		}
		if now < 0.05 {
			scale *= 0.97
		} else {
			scale *= 1.04
		}
	}
	for k := 0; k < 16 && (share < 0.05 || share > 0.95); k++ {
		try(2+k%4, 2+k/4) // a village: one street more or less is much
	}
	c.plan, c.share = best, max(0, min(1, share))
	c.odd = want - c.count(c.share)
}

// count is the number of segments with a share of the services.
func (c *City) count(share float64) int {
	m := maker{c: c, dry: true, share: share}
	m.run()
	return m.segments
}

// Frame is the frame of the city's coordinates.
func (c *City) Frame() *crs.Frame { return c.frame }

// Assets yields every asset of the city, nodes before the segments that end at them, save for some manholes, which come after what opens into them. The
// asset and its slices are used again for the next: copy what is to be kept. A Structure is never used again.
func (c *City) Assets(yield func(*twin.Asset) bool) {
	m := maker{c: c, yield: yield, share: c.share, odd: c.odd}
	m.run()
}

// Load puts the city into a twin by one change set, and its streets, places and terrain into the base data. The twin must have no frame yet
// or that of the city.
func Load(ctx context.Context, t *twin.Twin, c *City) (*twin.Change, error) {
	cs := t.NewChangeSet("generate", fmt.Sprintf("synthetic city of %d segments, seed %d", c.opts.Segments, c.opts.Seed))
	if t.Snapshot().Frame() == nil {
		cs.SetFrame(c.frame)
	}
	report := func(done float64) {
		if c.opts.Progress != nil {
			c.opts.Progress(min(1, done))
		}
	}
	n := 0
	for a := range c.Assets {
		if err := cs.Create(a); err != nil {
			return nil, fmt.Errorf("generated asset: %w", err)
		}
		if n++; n%10000 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			report(0.4 * float64(n) / (2 * float64(c.opts.Segments)))
		}
	}
	cs.Progress = func(done int) { report(0.4 + 0.6*float64(done)/float64(max(n, 1))) }
	ch, err := t.Apply(ctx, cs)
	if err != nil {
		return nil, err
	}
	if err := t.SetBase(ctx, c.Base()); err != nil {
		return nil, fmt.Errorf("base data of the city: %w", err)
	}
	return ch, nil
}
