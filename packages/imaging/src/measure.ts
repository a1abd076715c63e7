import { HapaxError } from "@hapax/base";

/** A length in a plane with its two ends. */
export interface Diameter {
  readonly mm: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Long axis and the longest diameter square to it, in one plane. */
export interface Diameters {
  readonly long: Diameter;
  readonly short: Diameter;
}

/**
 * The longest diameter of an outline and the longest square to it, as RECIST and WHO take them: both on the convex
 * hull, so that a notch does not shorten a lesion.
 *
 * @param loops  outlines of one lesion in one plane; x, y in turn, mm
 * @throws       imaging/outline when there are fewer than three points that span an area
 */
export function longestDiameters(loops: readonly ArrayLike<number>[]): Diameters {
  const hull = convexHull(loops);
  if (hull.length < 3) throw new HapaxError("imaging/outline", `An outline of ${hull.length} corners spans no area.`, "Draw it with at least three points that do not lie on one line.");
  const long = farthestPair(hull);
  return { long, short: longestChord(hull, [-(long.to[1] - long.from[1]), long.to[0] - long.from[0]]) };
}

type Point = readonly [number, number];

/** Convex hull, counter-clockwise, without points on its edges (monotone chain). */
export function convexHull(loops: readonly ArrayLike<number>[]): Point[] {
  const points: Point[] = [];
  for (const loop of loops) for (let i = 0; i + 1 < loop.length; i += 2) points.push([loop[i] as number, loop[i + 1] as number]);
  points.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of ordered) {
      while (chain.length > 1 && turn(chain[chain.length - 2] as Point, chain[chain.length - 1] as Point, p) <= 0) chain.pop();
      chain.push(p);
    }
    chain.pop();
    return chain;
  };
  return [...half(points), ...half(points.toReversed())];
}

const turn = (p: Point, q: Point, r: Point): number => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
const apart = (p: Point, q: Point): number => Math.hypot(q[0] - p[0], q[1] - p[1]);

/** The two corners of a convex polygon that are farthest apart, by rotating calipers. */
function farthestPair(hull: readonly Point[]): Diameter {
  const n = hull.length;
  const at = (i: number) => hull[i % n] as Point;
  let best: Diameter = { mm: 0, from: at(0), to: at(0) };
  const offer = (p: Point, q: Point) => {
    if (apart(p, q) > best.mm) best = { mm: apart(p, q), from: p, to: q };
  };
  for (let i = 0, j = 1; i < n; i++) {
    while (turn(at(i), at(i + 1), at(j + 1)) > turn(at(i), at(i + 1), at(j))) j++;
    offer(at(i), at(j));
    offer(at(i + 1), at(j));
  }
  return best;
}

/** The longest chord of a convex polygon in a direction; it starts at a corner. */
function longestChord(hull: readonly Point[], direction: Point): Diameter {
  const length = Math.hypot(direction[0], direction[1]);
  const d: Point = [direction[0] / length, direction[1] / length];
  let best: Diameter = { mm: 0, from: hull[0] as Point, to: hull[0] as Point };
  for (const p of hull) {
    let low = 0, high = 0;
    hull.forEach((q, i) => {
      const r = hull[(i + 1) % hull.length] as Point;
      const side = (s: Point) => d[0] * (s[1] - p[1]) - d[1] * (s[0] - p[0]);
      const a = side(q), b = side(r);
      if (a === b || (a > 0 && b > 0) || (a < 0 && b < 0)) return;
      const t = a / (a - b);
      const along = (q[0] + t * (r[0] - q[0]) - p[0]) * d[0] + (q[1] + t * (r[1] - q[1]) - p[1]) * d[1];
      low = Math.min(low, along);
      high = Math.max(high, along);
    });
    if (high - low > best.mm) best = { mm: high - low, from: [p[0] + low * d[0], p[1] + low * d[1]], to: [p[0] + high * d[0], p[1] + high * d[1]] };
  }
  return best;
}
