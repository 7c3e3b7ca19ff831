package vector

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/undercity/undercity/twin"
)

// tileJSON is a TileJSON 3.0.0 document: https://github.com/mapbox/tilejson-spec/tree/master/3.0.0
type tileJSON struct {
	TileJSON    string      `json:"tilejson"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Version     string      `json:"version"`
	Attribution string      `json:"attribution,omitempty"`
	Scheme      string      `json:"scheme"`
	Tiles       []string    `json:"tiles"`
	MinZoom     int         `json:"minzoom"`
	MaxZoom     int         `json:"maxzoom"`
	Bounds      *[4]float64 `json:"bounds,omitempty"`
	Center      *[3]float64 `json:"center,omitempty"`
	Layers      []table     `json:"vector_layers"`
}

// table is what TileJSON says of a layer.
type table struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

var assetFields = map[string]string{
	"id":        "String: the asset's ID, as the REST interface has it. Segments before zoom 14 are runs of many and have none",
	"network":   "String: code of its network",
	"layer":     "String: code of the network of GET /catalog that this belongs to; take this for colours",
	"kind":      "String: segment, node, chamber, gallery, tunnel, bridge, zone or solid",
	"name":      "String: its name, where it has one",
	"width":     "Number: outer width in plan, metres; of a run the least. Where diameter is missing it is assumed",
	"diameter":  "Number: clear width of the section, metres, where it is known",
	"cover":     "Number: least cover, metres, where it is known",
	"status":    "String: planned, designed, building, inService, outOfUse, abandoned or removed",
	"quality":   "String: locate quality A to D, where it is known",
	"assumed":   "String: the keys whose value is assumed, with commas between; missing where nothing is",
	"symbol":    "String: what stands at a node or chamber (valve, hydrant, manhole …)",
	"material":  "String: code of its material, where it is known",
	"installed": "Number: year in which it was installed, where it is known",
}

// tables are the layers of the vector tiles.
func tables() []table {
	list := []table{{"street", "centrelines of streets", 10, MaxZoom, map[string]string{
		"name": "String", "name_en": "String", "class": "String: main, secondary or branch", "width": "Number: metres between the kerbs, where it is known"}}}
	from := map[twin.Kind]int{twin.KindNode: zoomNodes, twin.KindChamber: zoomChambers}
	about := map[twin.Kind]string{twin.KindZone: "areas and underground spaces", twin.KindSolid: "outlines of solids from outside", twin.KindBridge: "axes of bridges", twin.KindTunnel: "axes of tunnels",
		twin.KindGallery: "axes of utility tunnels", twin.KindSegment: "pipes, ducts and cables: mains first, every one for itself from zoom 14, all from zoom 15", twin.KindChamber: "manholes and chambers", twin.KindNode: "valves, hydrants, tees, bends"}
	for _, k := range order {
		fields := map[string]string{}
		for _, key := range assetKeys {
			if key == "symbol" && !k.IsPoint() {
				continue
			}
			fields[key] = assetFields[key]
		}
		list = append(list, table{k.String(), about[k], max(MinZoom, from[k]), MaxZoom, fields})
	}
	return list
}

// TileJSON describes the vector tiles of a snapshot and its base data; address is the template of theirs.
func TileJSON(base *twin.Base, snap *twin.Snapshot, address string) ([]byte, error) {
	j := tileJSON{TileJSON: "3.0.0", Name: base.Title, Description: "what lies under the city", Version: fmt.Sprintf("%d.0.0", snap.Revision()), Attribution: strings.Join(base.Credit, "; "),
		Scheme: "xyz", Tiles: []string{address}, MinZoom: MinZoom, MaxZoom: MaxZoom, Layers: tables()}
	if j.Name == "" {
		j.Name = "Undercity"
	}
	if b, f := snap.Extent(), snap.Frame(); f != nil && !b.IsEmpty() {
		if w, ok := worldAround(f, b, 8); ok {
			west, north := degreesOf(w.minX, w.minY)
			east, south := degreesOf(w.maxX, w.maxY)
			lon, lat := degreesOf((w.minX+w.maxX)/2, (w.minY+w.maxY)/2)
			zoom := math.Floor(math.Log2(2 / max(w.maxX-w.minX, w.maxY-w.minY, 1e-6))) // the whole on about a screen
			j.Bounds = &[4]float64{degree(west), degree(south), degree(east), degree(north)}
			j.Center = &[3]float64{degree(lon), degree(lat), max(MinZoom, min(MaxZoom, zoom))}
		}
	}
	body, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("TileJSON: %w", err)
	}
	return body, nil
}

func degree(v float64) float64 { return math.Round(v*1e6) / 1e6 }
