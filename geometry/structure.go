package geometry

// Structure says of an asset what its axis and section alone do not say: compartments, tubes, piers, storeys, shafts. One of its fields is set, the one
// that fits the kind of asset; the others are nil. A Structure is never changed once it is shared.
//
// All lengths are metres. Chainages run along the axis in plan from its first vertex. Across means to the right of the axis, looking along it; up is
// measured from the axis unless a field says that it is a height of the vertical datum. 0 is "not there", save where a field says otherwise.
//
// Its JSON form is the same in the store and over the wire, since nothing in it depends on the frame.
type Structure struct {
	Pipe    *Pipe    `json:"pipe,omitempty"`
	Chamber *Chamber `json:"chamber,omitempty"`
	Gallery *Gallery `json:"gallery,omitempty"`
	Tunnel  *Tunnel  `json:"tunnel,omitempty"`
	Bridge  *Bridge  `json:"bridge,omitempty"`
	Space   *Space   `json:"space,omitempty"`
	Solid   *Solid   `json:"solid,omitempty"`
}

// Pipe is how a segment differs from its section swept along straight pieces.
type Pipe struct {
	BendRadius float64    `json:"bendRadius,omitempty"` // of the axis at each inner vertex; 0 is a mitre
	EndWidth   float64    `json:"endWidth,omitempty"`   // clear width at the last vertex, of a taper
	EndHeight  float64    `json:"endHeight,omitempty"`  // clear height there
	EndWall    float64    `json:"endWall,omitempty"`    // wall there; 0 is as at the beginning
	Outline    []Flat     `json:"outline,omitempty"`    // clear outline where no shape fits: counter-clockwise about the axis, closed by itself
	Open       bool       `json:"open,omitempty"`       // the outline is that of a channel, from its upper left to its upper right edge
	Sediment   float64    `json:"sediment,omitempty"`   // depth of what has settled on the invert, filling it; 0 is none known
	Holes      []DuctHole `json:"holes,omitempty"`      // of a duct bank, where they are not simply Cols × Rows
}

// DuctHole is one duct of a bank.
type DuctHole struct {
	X        float64 `json:"x"` // across, of its middle
	Y        float64 `json:"y"` // up
	Diameter float64 `json:"diameter"`
	Use      string  `json:"use,omitempty"` // what runs in it; "" is not known
	Free     bool    `json:"free,omitempty"`
}

// Chamber is the inside of a manhole or chamber, from its lid at the asset's position down to its bottom. The section of the asset is the plan of its
// lowest layer; the first axis of a plan lies along Bearing.
type Chamber struct {
	Bearing    float64      `json:"bearing,omitempty"` // degrees from north, clockwise
	Lid        Plan         `json:"lid"`
	Wall       float64      `json:"wall,omitempty"`
	Slab       float64      `json:"slab,omitempty"`   // thickness of each step of width and of the floor; 0 is as the wall
	Layers     []Layer      `json:"layers,omitempty"` // from the lid down; the last reaches the bottom
	Openings   []Opening    `json:"openings,omitempty"`
	Sump       float64      `json:"sump,omitempty"` // depth below the bottom of the lowest outlet
	LidOffsetX float64      `json:"lidOffsetX,omitempty"`
	LidOffsetY float64      `json:"lidOffsetY,omitempty"`
	Rungs      bool         `json:"rungs,omitempty"`
	Inside     []InsidePart `json:"inside,omitempty"`
}

// Plan is the plan of something that stands upright.
type Plan struct {
	Round  bool    `json:"round,omitempty"`
	Width  float64 `json:"width"`            // clear, along the bearing; the diameter when round
	Length float64 `json:"length,omitempty"` // clear, across; 0 is as the width
}

// Layer is a part of a chamber with one plan.
type Layer struct {
	Name   string  `json:"name,omitempty"` // "shaft", "cone", "chamber"
	Plan   Plan    `json:"plan"`
	Height float64 `json:"height,omitempty"` // of the last layer it may be 0: down to the bottom
	Cone   bool    `json:"cone,omitempty"`   // draws in evenly from the plan of the layer below to that of the layer above
}

// Opening is where a pipe goes through the wall of a chamber.
type Opening struct {
	Bearing  float64 `json:"bearing"`            // degrees from north, from the middle of the chamber outwards
	Invert   float64 `json:"invert"`             // height of the vertical datum
	Diameter float64 `json:"diameter,omitempty"` // 0 is not known
	Out      bool    `json:"out,omitempty"`
	Asset    string  `json:"asset,omitempty"` // ID of the pipe
}

// InsidePart is a pump, a weir, a sluice or the like that stands in a chamber.
type InsidePart struct {
	Name   string  `json:"name"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Height float64 `json:"height"` // of the vertical datum, of its foot
}

// Gallery is the inside of a utility tunnel. The section of the asset is the box around all compartments and the walls between them; its axis runs at
// half the clear height.
type Gallery struct {
	Compartments []Compartment `json:"compartments,omitempty"`
	Brackets     []Bracket     `json:"brackets,omitempty"`
	Shafts       []Shaft       `json:"shafts,omitempty"`
	FireDoors    []float64     `json:"fireDoors,omitempty"` // chainages of the walls with doors across all compartments
}

// Compartment is one room of a gallery.
type Compartment struct {
	Name   string  `json:"name,omitempty"`
	Left   float64 `json:"left"`  // across, of its left clear side
	Floor  float64 `json:"floor"` // up, of its floor
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Use    string  `json:"use,omitempty"` // codes of the networks in it: "DL", "JS RL"
}

// Bracket is a row of arms on a wall of a compartment.
type Bracket struct {
	Compartment int     `json:"compartment"` // from 0
	Right       bool    `json:"right,omitempty"`
	Up          float64 `json:"up"` // above the floor of the compartment
	Reach       float64 `json:"reach"`
	Every       float64 `json:"every"`
}

// Shaft goes up from a gallery or tunnel to the ground.
type Shaft struct {
	Use      string  `json:"use,omitempty"` // entry, ventilation, hoist, escape
	Chainage float64 `json:"chainage"`
	Across   float64 `json:"across,omitempty"`
	Plan     Plan    `json:"plan"`
	Wall     float64 `json:"wall,omitempty"`
	Top      float64 `json:"top"` // height of the vertical datum
}

// Tunnel is the inside of a tunnel. The section of the asset is that of one tube, or the box around all.
type Tunnel struct {
	Tubes    []Tube         `json:"tubes,omitempty"`
	Portals  []Portal       `json:"portals,omitempty"`
	Passages []CrossPassage `json:"passages,omitempty"`
	Shafts   []Shaft        `json:"shafts,omitempty"`
	Lining   float64        `json:"lining,omitempty"` // length of a ring of lining segments, drawn as lines; 0 is none
}

// Tube is one tube of a tunnel.
type Tube struct {
	Name   string  `json:"name,omitempty"`
	Across float64 `json:"across"`
	Up     float64 `json:"up,omitempty"`
	Shape  string  `json:"shape"` // the name of a Shape
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Wall   float64 `json:"wall,omitempty"`
	Deck   float64 `json:"deck,omitempty"`  // height of the roadway or track bed above the invert
	Lanes  int     `json:"lanes,omitempty"` // of a road, all in one direction; drawn as its marks
}

// Portal is the face of a tunnel at one of its ends.
type Portal struct {
	AtEnd  bool    `json:"atEnd,omitempty"` // at the last vertex, else at the first
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Depth  float64 `json:"depth"` // thickness of the face, along the axis
}

// CrossPassage joins two neighbouring tubes.
type CrossPassage struct {
	Chainage float64 `json:"chainage"`
	Width    float64 `json:"width"`
	Height   float64 `json:"height"`
}

// Bridge stands on the ground and reaches into it. The axis of the asset runs along the top of the deck.
type Bridge struct {
	Deck     Deck      `json:"deck"`
	Supports []Support `json:"supports,omitempty"`
}

// Deck is what a bridge carries its load on: a slab, or a box girder under a slab.
type Deck struct {
	Width       float64 `json:"width"`
	Thickness   float64 `json:"thickness"`
	GirderWidth float64 `json:"girderWidth,omitempty"`
	GirderDepth float64 `json:"girderDepth,omitempty"` // below the slab
	Parapet     float64 `json:"parapet,omitempty"`     // height
}

// Support is a pier or an abutment.
type Support struct {
	Chainage float64 `json:"chainage"`
	Abutment bool    `json:"abutment,omitempty"`
	Cap      Block   `json:"cap"`     // beam under the deck
	Columns  int     `json:"columns"` // across, evenly
	Column   Plan    `json:"column"`
	Spacing  float64 `json:"spacing,omitempty"` // between columns
	Footing  Block   `json:"footing"`           // pile cap
	Ground   float64 `json:"ground"`            // height of the vertical datum, of the top of the footing
	Piles    Piles   `json:"piles"`
}

// Block is a box: Across the axis, Along it, and its Height.
type Block struct {
	Across float64 `json:"across,omitempty"`
	Along  float64 `json:"along,omitempty"`
	Height float64 `json:"height,omitempty"`
}

// Piles stand under a footing in rows.
type Piles struct {
	Across   int     `json:"across,omitempty"` // how many
	Along    int     `json:"along,omitempty"`
	Spacing  float64 `json:"spacing,omitempty"`
	Diameter float64 `json:"diameter,omitempty"`
	Toe      float64 `json:"toe,omitempty"` // height of the vertical datum, of their feet
}

// Space is an underground space below the ring of a zone: a car park, a basement, a station.
type Space struct {
	Use     string   `json:"use,omitempty"`
	Storeys []Storey `json:"storeys"` // from the top down
	Wall    float64  `json:"wall,omitempty"`
	Slab    float64  `json:"slab,omitempty"`
	Column  float64  `json:"column,omitempty"` // side of a square column; 0 is none
	Grid    float64  `json:"grid,omitempty"`   // distance between columns
}

// Storey is one storey of a space, by heights of the vertical datum.
type Storey struct {
	Name    string  `json:"name,omitempty"` // B1
	Floor   float64 `json:"floor"`
	Ceiling float64 `json:"ceiling"`
}

// Solid is a closed mesh from outside.
type Solid struct {
	Vertices [][3]float64 `json:"vertices"` // east, north, up from the first vertex of the asset
	Faces    [][3]uint32  `json:"faces"`    // triangles, counter-clockwise seen from outside
}
