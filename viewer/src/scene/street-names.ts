// Where the names of streets stand, which way the nearest one runs, and where the city's heart is.
import type { Streets } from "../api/types";
import type { StreetName } from "./labels";
import type { Place } from "./place";
import { sub, type Vec3 } from "./vector";

const EVERY = 180; // metres between two names of one street
const FIRST = 70;

/** A name each 180 m along every street, in the page's language. */
export function streetNames(streets: Streets, place: Place, words: (zh: string, en: string) => string): StreetName[] {
  return streets.features.flatMap((s) => {
    const text = words(s.properties.name, s.properties.nameEn);
    const line = s.geometry.coordinates.map(([x, y]) => place.frame.local(x, y, 0));
    const rank = s.properties.class === "main" ? 0 : s.properties.class === "secondary" ? 1 : 2;
    if (!text || line.length < 2) return [];
    const out: StreetName[] = [];
    let run = FIRST;
    for (let i = 0; i + 1 < line.length; i++) {
      const way = sub(line[i + 1], line[i]);
      const l = Math.hypot(way[0], way[1]);
      for (let at = EVERY - run; at < l; at += EVERY) {
        if (at < 0) continue;
        const [x, y] = [line[i][0] + (way[0] * at) / l, line[i][1] + (way[1] * at) / l];
        out.push({ text, at: [x, y, place.terrain.z(x, y)], along: [way[0] / l, way[1] / l, 0], rank });
      }
      run = (run + l) % EVERY;
    }
    return out;
  });
}

/** Degrees clockwise from north, −90 to 90, along the street nearest to a point; 0 without streets. */
export function nearestTurn(names: StreetName[], to: Vec3): number {
  let best = { away: Infinity, turn: 0 };
  for (const s of names) {
    const away = Math.hypot(s.at[0] - to[0], s.at[1] - to[1]);
    if (away < best.away) best = { away, turn: (Math.atan2(s.along[0], s.along[1]) * 180) / Math.PI };
  }
  return Math.round(best.turn);
}

/** Where home looks: the crossing of two big streets nearest to the middle, else the middle. */
export function heart(names: StreetName[], place: Place): Vec3 {
  const main = names.filter((s) => s.rank === 0);
  let best: Vec3 = place.middle;
  let least = Infinity;
  for (const a of main) {
    for (const b of main) {
      if (a.text === b.text || Math.abs(a.along[0] * b.along[0] + a.along[1] * b.along[1]) > 0.8) continue;
      // where the two lines would meet, if both are near enough for that to be true
      const cross = a.along[0] * b.along[1] - a.along[1] * b.along[0];
      const d = sub(b.at, a.at);
      const t = (d[0] * b.along[1] - d[1] * b.along[0]) / cross;
      const u = (d[0] * a.along[1] - d[1] * a.along[0]) / cross;
      if (Math.abs(t) > 100 || Math.abs(u) > 100) continue;
      const [x, y] = [a.at[0] + a.along[0] * t, a.at[1] + a.along[1] * t];
      const away = Math.hypot(x - place.middle[0], y - place.middle[1]);
      if (away < least) {
        least = away;
        best = [x, y, place.terrain.z(x, y)];
      }
    }
  }
  return best;
}
