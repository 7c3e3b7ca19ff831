// One asset of each shape, at places of their own in the middle of a city, as the public client posts them.
export interface Shape {
  id: string;
  asset: Record<string, unknown>;
  /** where the eye is: degrees from north, degrees above the level, part of the fitting distance */
  eye?: [number, number, number];
  /** the part of the box, from its first side along x, y (up) or z (south), that is cut away */
  cut?: { axis: 0 | 1 | 2; from: number; keep: "below" | "above" };
}

type XY = [number, number, number];

export function shapes(lon: number, lat: number): Shape[] {
  const k = Math.cos((lat * Math.PI) / 180);
  const at = ([e, n, h]: XY): number[] => [lon + e / (111_320 * k), lat + n / 111_132, h];
  const line = (...ps: XY[]) => ({ type: "LineString", coordinates: ps.map(at) });
  const point = (p: XY) => ({ type: "Point", coordinates: at(p) });
  const ring = (...ps: XY[]) => ({ type: "Polygon", coordinates: [[...ps, ps[0]].map(at)] });
  const pipe = (id: string, network: string, section: object, geometry: object, structure?: object) => ({ id, kind: "segment", network, section, geometry, structure });
  const round = (width: number) => ({ round: true, width });
  const end: [number, number, number] = [250, 20, 0.9];
  return [
    { id: "YS-E2E-pipe", asset: pipe("YS-E2E-pipe", "YS", { shape: "circle", diameter: 1.2, wall: 0.12 }, line([0, 0, 0], [4, 0, 0])), eye: end },
    { id: "HS-E2E-egg", asset: pipe("HS-E2E-egg", "HS", { shape: "egg", width: 1, height: 1.5, wall: 0.2 }, line([0, 10, 0], [4, 10, 0])), eye: end },
    { id: "HS-E2E-arch", asset: pipe("HS-E2E-arch", "HS", { shape: "arch", width: 1.6, height: 1.5, wall: 0.3 }, line([0, 20, 0], [4, 20, 0])), eye: end },
    { id: "YS-E2E-horseshoe", asset: pipe("YS-E2E-horseshoe", "YS", { shape: "horseshoe", width: 1.6, height: 1.6, wall: 0.25 }, line([0, 25, 0], [4, 25, 0])), eye: end },
    { id: "HS-E2E-gothic", asset: pipe("HS-E2E-gothic", "HS", { shape: "gothic", width: 1.26, height: 1.5, wall: 0.2 }, line([0, 30, 0], [4, 30, 0])), eye: end },
    { id: "YS-E2E-box", asset: pipe("YS-E2E-box", "YS", { shape: "rectangle", width: 2, height: 1.4, wall: 0.25 }, line([0, 80, 0], [4, 80, 0], [7, 83, 0])), eye: end },
    { id: "YS-E2E-ellipse", asset: pipe("YS-E2E-ellipse", "YS", { shape: "ellipse", width: 1.5, height: 1, wall: 0.12 }, line([0, 85, 0], [4, 85, 0])), eye: end },
    { id: "HS-E2E-basket", asset: pipe("HS-E2E-basket", "HS", { shape: "basketHandle", width: 1.4, height: 1.5, wall: 0.2 }, line([0, 90, 0], [4, 90, 0])), eye: end },
    { id: "YS-E2E-pipearch", asset: pipe("YS-E2E-pipearch", "YS", { shape: "pipeArch", width: 1.8, height: 1.2, wall: 0.1 }, line([0, 95, 0], [4, 95, 0])), eye: end },
    { id: "YS-E2E-u", asset: pipe("YS-E2E-u", "YS", { shape: "uChannel", width: 1, height: 1, wall: 0.15 }, line([0, 40, 0], [4, 40, 0], [7, 43, 0])), eye: [250, 35, 0.95] },
    { id: "YS-E2E-ditch", asset: pipe("YS-E2E-ditch", "YS", { shape: "trapezoid", width: 1, top: 3, height: 1, wall: 0.15 }, line([0, 50, 0], [8, 50, 0])), eye: [250, 35, 0.95] },
    {
      id: "DL-E2E-bank",
      asset: pipe("DL-E2E-bank", "DL", { shape: "ductBank", width: 0.9, height: 0.65 }, line([0, 60, 0], [3, 60, 0], [5, 62, 0]), {
        pipe: { bendRadius: 1.2, holes: [-0.3, 0, 0.3].flatMap((x) => [-0.15, 0.15].map((y) => ({ x, y, diameter: 0.15, use: "DL" }))) },
      }),
      eye: [250, 25, 0.8],
    },
    { id: "DL-E2E-ducts", asset: pipe("DL-E2E-ducts", "DL", { shape: "ductBank", width: 0.75, height: 0.5, cols: 3, rows: 2 }, line([0, 65, 0], [1.2, 65, 0])), eye: [262, 14, 0.7] },
    {
      // A street as SWMM has it, seen against the way: sidewalks, curbs, gutters and a crown.
      id: "YS-E2E-street",
      asset: pipe("YS-E2E-street", "YS", { shape: "custom", width: 12, height: 0.4 }, line([20, 50, 0], [30, 50, 0]), {
        pipe: {
          open: true,
          outline: [[-6, 0.2], [-4, 0.1], [-4, -0.2], [-3.4, -0.14], [0, -0.02], [3.4, -0.14], [4, -0.2], [4, 0.1], [6, 0.2]].map(([x, y]) => ({ x, y })),
        },
      }),
      eye: [255, 18, 0.75],
    },
    { id: "YS-E2E-taper", asset: pipe("YS-E2E-taper", "YS", { shape: "circle", diameter: 1.2, wall: 0.12 }, line([0, 70, 0], [4, 70, 0]), { pipe: { endWidth: 0.6, endHeight: 0.6, endWall: 0.07 } }), eye: end },
    {
      id: "WS-E2E-drop",
      asset: {
        id: "WS-E2E-drop", kind: "chamber", network: "WS", section: { shape: "rectangle", width: 1.4, height: 1.8 }, geometry: point([40, 0, 5]), bottom: 0,
        structure: {
          chamber: {
            bearing: 0, lid: round(0.7), wall: 0.24, rungs: true, sump: 0.3,
            layers: [{ name: "shaft", plan: round(0.7), height: 1.2 }, { name: "cone", plan: round(1), height: 0.6, cone: true }, { plan: { width: 1.4, length: 1.8 } }],
            openings: [{ bearing: 0, invert: 2.4, diameter: 0.4 }, { bearing: 180, invert: 0, diameter: 0.6, out: true }],
          },
        },
      },
      eye: [90, 12, 0.8], cut: { axis: 0, from: 0.5, keep: "below" },
    },
    {
      id: "ZH-E2E-gallery",
      asset: {
        id: "ZH-E2E-gallery", kind: "gallery", network: "ZH", geometry: line([60, 0, -3], [90, 0, -3]),
        section: {
          shape: "rectangle", width: 5.1, height: 3, wall: 0.35,
          compartments: [{ name: "电力舱", left: -2.55, floor: -1.5, width: 2.2, height: 3, use: "DL" }, { name: "水信舱", left: -0.05, floor: -1.5, width: 2.6, height: 3, use: "JS TX" }],
        },
        structure: {
          gallery: {
            brackets: [{ compartment: 0, up: 0.6, reach: 0.7, every: 1 }, { compartment: 0, up: 1.4, reach: 0.7, every: 1 }, { compartment: 0, up: 2.2, reach: 0.7, every: 1 }, { compartment: 1, right: true, up: 1.8, reach: 0.6, every: 1 }],
            fireDoors: [18], shafts: [{ use: "ventilation", chainage: 12, across: 1.2, plan: { width: 1.5, length: 1.5 }, wall: 0.25, top: 2 }],
          },
        },
      },
      eye: [215, 35, 0.75], cut: { axis: 1, from: 0.42, keep: "below" },
    },
    {
      id: "SD-E2E-tunnel",
      asset: {
        id: "SD-E2E-tunnel", kind: "tunnel", network: "SD", geometry: line([60, 30, -6], [120, 30, -8], [160, 40, -9]),
        section: { shape: "circle", diameter: 5.5, wall: 0.35, tubes: [{ name: "左线", across: -6.5, shape: "circle", width: 5.5, height: 5.5, wall: 0.35, deck: 1.2 }, { name: "右线", across: 6.5, shape: "horseshoe", width: 5.5, height: 5.5, wall: 0.4, deck: 1 }] },
        structure: { tunnel: { portals: [{ width: 24, height: 9, depth: 1 }], passages: [{ chainage: 40, width: 2.2, height: 2.4 }], lining: 1.5 } },
      },
      eye: [245, 30, 0.85],
    },
    {
      // Cut along its shaft, whose clear plan is taken out of the roof.
      id: "ZH-E2E-roof",
      asset: {
        id: "ZH-E2E-roof", kind: "gallery", network: "ZH", geometry: line([60, 15, -3], [72, 15, -3]),
        section: { shape: "rectangle", width: 2.6, height: 3, wall: 0.35, compartments: [{ left: -1.3, floor: -1.5, width: 2.6, height: 3 }] },
        structure: { gallery: { shafts: [{ use: "hoist", chainage: 6, plan: { width: 2, length: 1.5 }, wall: 0.25, top: 1.5 }] } },
      },
      eye: [180, 10, 0.8], cut: { axis: 2, from: 0.5, keep: "below" },
    },
    {
      id: "QL-E2E-bridge",
      asset: {
        id: "QL-E2E-bridge", kind: "bridge", network: "QL", geometry: line([60, 80, 9], [120, 80, 9.4]),
        structure: {
          bridge: {
            deck: { width: 12, thickness: 0.3, girderWidth: 6, girderDepth: 1.4, parapet: 1.1 },
            supports: [
              { chainage: 0.8, abutment: true, ground: 3, columns: 0, column: round(1), cap: { across: 12, along: 1.6, height: 1 }, footing: { across: 13, along: 4, height: 1.5 }, piles: { across: 4, along: 2, spacing: 3, diameter: 1, toe: -12 } },
              { chainage: 30, columns: 2, column: round(1.2), spacing: 5, ground: 1, cap: { across: 9, along: 1.6, height: 1.2 }, footing: { across: 9, along: 5, height: 2 }, piles: { across: 3, along: 2, spacing: 3, diameter: 1, toe: -16 } },
              { chainage: 59.2, abutment: true, ground: 3, columns: 0, column: round(1), cap: { across: 12, along: 1.6, height: 1 }, footing: { across: 13, along: 4, height: 1.5 }, piles: { across: 4, along: 2, spacing: 3, diameter: 1, toe: -12 } },
            ],
          },
        },
      },
      eye: [215, 8, 0.85],
    },
    {
      id: "DK-E2E-park",
      asset: {
        id: "DK-E2E-park", kind: "zone", network: "DK", geometry: ring([140, 60, 4], [180, 60, 4], [180, 85, 4], [158, 85, 4], [158, 110, 4], [140, 110, 4]),
        structure: { space: { use: "车库", storeys: [{ name: "B1", floor: -0.5, ceiling: 3 }, { name: "B2", floor: -4.2, ceiling: -0.9 }], wall: 0.4, slab: 0.35, column: 0.6, grid: 8 } },
      },
      eye: [150, 40, 0.85], cut: { axis: 1, from: 0.8, keep: "below" },
    },
    {
      id: "DK-E2E-solid",
      asset: {
        id: "DK-E2E-solid", kind: "solid", network: "DK", geometry: point([200, 0, 0]),
        structure: { solid: { vertices: [[0, 0, 0], [4, 0, 0], [0, 4, 0], [0, 0, 3]], faces: [[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]] } },
      },
      eye: [60, 30, 0.8],
    },
  ];
}
