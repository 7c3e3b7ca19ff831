// What the server says, as design/interfaces.md names it. Unknown is null, never 0.

import type { Person } from "./people";

/** view names the class of rights: when it is another, what was read before is to be read anew */
export interface Me extends Person { name: string; role: string; rights: string[]; view: string }
export interface Named { code: string; nameZh: string; nameEn: string; count?: number }

export interface Network extends Named {
  parent: string | null;
  /** codes of the networks that are drawn, coloured and switched with this one, itself among them */
  members: string[];
  colorDark: string;
  colorLight: string;
  flow: "pressure" | "gravity" | "cable" | "none";
  surveyedTo: string;
  count: number;
  kinds: Record<string, number>;
  /** assets that the reader may not see */
  withheld?: number;
  standardCover: { value: number; source: string; confirmed: boolean } | null;
}

export interface Frame {
  crs: string;
  name: string;
  verticalDatum: string;
  /** metres from the ellipsoid up to the zero of the vertical datum, for display only */
  separation: number;
  extent: [number, number, number, number] | null;
  center: [number, number, number] | null;
  heightRange: [number, number] | null;
}

export interface Catalog {
  revision: number;
  title: string;
  schematic: boolean;
  frame: Frame;
  networks: Network[];
  /** networks that are drawn within the layer of another */
  subnetworks?: { code: string; layer: string; nameZh: string; nameEn: string }[];
  kinds: Named[];
  materials: Named[];
  shapes: Named[];
  statuses: Named[];
  qualities: Named[];
  attribution: string[];
  withheld?: number;
}

export interface GroundGrid {
  source: "survey" | "terrain" | "none";
  west: number; south: number; east: number; north: number;
  cols: number; rows: number;
  heights: (number | null)[];
  revision: number;
}

export interface Street {
  type: "Feature";
  geometry: { type: "LineString"; coordinates: number[][] };
  properties: { name: string; nameEn: string; class: string; width: number };
}
export interface Streets { type: "FeatureCollection"; features: Street[] }

export interface Section {
  shape?: string;
  diameter?: number | null; outerDiameter?: number | null;
  width?: number | null; height?: number | null; wall?: number | null;
  [key: string]: unknown;
}

export interface Geometry {
  type: "Point" | "LineString" | "Polygon" | "MultiLineString";
  coordinates: unknown;
}

export const grades = ["public", "internal", "restricted", "secret"] as const;
/** How secret an asset or a value is. */
export type Grade = (typeof grades)[number];

export interface Asset {
  id: string; kind: string; network: string; name: string; owner: string; status: string;
  section?: Section | null;
  material?: string;
  geometry: Geometry | null;
  from?: string; to?: string; in?: string;
  ground?: (number | null)[] | number | null;
  invert?: (number | null)[] | number | null;
  cover?: (number | null)[] | number | null;
  bottom?: number | null;
  quality?: { level?: string; horizontal?: number | null; vertical?: number | null; source?: string } | null;
  qualitySource?: string;
  assumed: string[];
  /** what is held as it was given and should be looked at */
  flags?: string[];
  installed?: string;
  version: number;
  attributes?: Record<string, unknown>;
  /** its own grade, null where the policy decides; grade is the one that counts */
  secrecy?: Grade | null; grade?: Grade;
  /** keys of values that the reader may not see */
  withheld?: string[];
  sourceNumber?: string; road?: string; recorded?: string; validFrom?: string; validTo?: string;
  bbox?: [number, number, number, number];
}

export interface Histogram { by: string; revision: number; total: number; unknown: number; classes: { code?: string; from?: number; to?: number; count: number }[] }

export interface Part {
  name: string; index: number; label?: string; use?: string; asset?: string; container?: boolean; count?: number;
  width?: number; height?: number; length?: number; diameter?: number; area?: number; invert?: number; chainage?: number;
  low: number; high: number; volume: number; distance?: number;
  middle: [number, number, number];
  edges?: [[number, number, number], [number, number, number]][];
}

/** The end of a segment at a chamber or node; unknown heights are null, and drawn is where its axis is drawn all the same. */
export interface Connection {
  asset: string; network: string; end: "from" | "to";
  invert: number | null; crown: number | null; drawn: number; bearing: number | null;
  section: Section; assumed: boolean; material: string | null;
}

/** How much there is beyond the bounds of an answer, and openings whose hole is not drawn in the wall. */
export interface LeftOut { parts?: number; profiles?: number; openings?: number }

/** A cross-section as it is drawn: metres to the right of the axis and up. */
export interface SectionProfile { outer: { x: number; y: number }[]; bores: { x: number; y: number }[][] }

export interface HistoryItem { version: number; revision: number; time: string; op: string; author: string; note: string }

export interface Found {
  type: "asset" | "street" | "place" | "network";
  id: string; label: string; labelEn: string; detail: string; network: string;
  lon: number; lat: number; height: number | null;
  bbox: [number, number, number, number] | null;
}

export interface Row { file: string; line: number; field: string; value: string; reason: string }

export interface Problem { type?: string; title: string; detail?: string; status?: number; errors?: { pointer?: string; detail?: string }[] }

export interface ImportRun {
  id: string;
  state: "queued" | "reading" | "checking" | "storing" | "done" | "failed";
  progress: number; rows: number; files: string[]; dryRun: boolean; revision: number | null;
  created: number; updated: number; unchanged: number; refused: number;
  refusedRows: Row[]; notes: Row[];
  problem: Problem | null;
  extent: [number, number, number, number] | null;
}

export interface ChangeEvent { revision: number; assets: string[]; networks?: string[]; bbox?: [number, number, number, number] }

/** Who may see and do what, as an administrator edits it. A list that is missing or empty sets no bound. */
export interface Policy { grants: Grant[]; gradings: Grading[]; fields: Record<string, Grade>; districts: District[] }

export interface Grant {
  id: string; note?: string;
  roles?: string[]; users?: string[]; units?: string[];
  actions: string[];
  networks?: string[]; districts?: string[];
  /** names as assets carry them; OWN_UNIT is the unit of whoever asks */
  owners?: string[];
  /** the highest grade */
  secrecy: Grade;
}
export const OWN_UNIT = "@unit";

/** The grade of assets that have none of their own. */
export interface Grading { id: string; note?: string; networks?: string[]; kinds?: string[]; districts?: string[]; owners?: string[]; secrecy: Grade }

export type Ring = [number, number, ...number[]][];
export type Area = { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
export interface District { name: string; geometry: Area }

export interface PolicyState { version: number; author?: string; time?: string; policy: Policy; roles: string[]; actions: string[]; grades: Grade[]; values: string[] }

export interface GrantTried { id: string; note?: string; holds: boolean; failing?: "subject" | "actions" | "secrecy" | "networks" | "owners" | "districts" }
export interface Why { user: string; role: string; unit?: string; asset: string; allowed: boolean; grade: Grade; gradeFrom: string; grants: GrantTried[]; withheld: string[] }
