import type { Vec3 } from "@hapax/base";
import { lumps } from "./chance.ts";

/** Left, right, front and back edge of what a plane cuts, mm. */
export type Rectangle = readonly [x0: number, x1: number, y0: number, y1: number];

/** What an axial plane cuts from a solid. */
export interface Section {
  /** Nothing of the solid lies outside. */
  readonly box: Rectangle;
  /** Signed distance to the surface, mm, below 0 inside; a close estimate near the surface and a bound of the sign elsewhere. */
  at(x: number, y: number): number;
}

/** A body in the patient frame (LPS, mm), known by its axial sections; undefined where the plane is well clear of it. */
export interface Solid {
  section(z: number): Section | undefined;
}

/** Sections are made a little beyond a solid, so that it can be swollen and blended by this much, mm. */
const reachMm = 16;
/** Farther outside than this, a distance need not be told any better. */
const clearMm = 8;

const grown = ([x0, x1, y0, y1]: Rectangle, by: number): Rectangle => [x0 - by, x1 + by, y0 - by, y1 + by];
const around = (a: Rectangle, b: Rectangle): Rectangle => [Math.min(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.max(a[3], b[3])];

const overlap = (a: Rectangle, b: Rectangle): Rectangle => [Math.max(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.min(a[3], b[3])];

/** An ellipsoid; `turn` is the cosine and sine of its rotation about the craniocaudal axis. */
export function ellipsoid(center: Vec3, radii: Vec3, turn: readonly [number, number] = [1, 0]): Solid {
  const [a, b, c] = radii;
  const [cos, sin] = turn;
  const reach = Math.max(a, b) + 1;
  return {
    section(z) {
      const w = z - center[2];
      if (Math.abs(w) > c + reachMm) return undefined;
      const ww = (w * w) / (c * c);
      const wn = ww / (c * c);
      return {
        box: [center[0] - reach, center[0] + reach, center[1] - reach, center[1] + reach],
        at(x, y) {
          const p = x - center[0], q = y - center[1];
          const u = (cos * p + sin * q) / a, v = (cos * q - sin * p) / b;
          const square = u * u + v * v + ww;
          const norm = Math.sqrt(square);
          return (norm * (norm - 1)) / Math.sqrt((u * u) / (a * a) + (v * v) / (b * b) + wn + 1e-12);
        },
      };
    },
  };
}

/** A smooth curve through points, in `steps` pieces between each two (Catmull–Rom). */
export function curve(points: readonly Vec3[], steps = 4): Vec3[] {
  const at = (i: number) => points[Math.max(0, Math.min(points.length - 1, i))] as Vec3;
  const drawn: Vec3[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let n = 0; n < steps; n++) drawn.push(between(at(i - 1), at(i), at(i + 1), at(i + 2), n / steps));
  }
  drawn.push(at(points.length - 1));
  return drawn;
}

function between(p: Vec3, q: Vec3, r: Vec3, s: Vec3, t: number): Vec3 {
  const axis = (i: 0 | 1 | 2) =>
    0.5 * (2 * q[i] + (r[i] - p[i]) * t + (2 * p[i] - 5 * q[i] + 4 * r[i] - s[i]) * t * t + (3 * q[i] - p[i] - 3 * r[i] + s[i]) * t * t * t);
  return [axis(0), axis(1), axis(2)];
}

/**
 * A tube along a polyline.
 *
 * @param points   at least two
 * @param radii    one radius, or the radii at the two ends, or one for each point, mm
 * @param flatten  height of the cross section over its width: above 1 stands upright, as ribs do
 */
export function tube(points: readonly Vec3[], radii: number | readonly number[], flatten = 1): Solid {
  const radius = (i: number): number => {
    if (typeof radii === "number") return radii;
    if (radii.length === points.length) return radii[i] as number;
    const t = i / (points.length - 1);
    return (radii[0] as number) * (1 - t) + (radii[radii.length - 1] as number) * t;
  };
  const pieces = points.slice(1).map((q, i) => ({ p: points[i] as Vec3, q, r0: radius(i), r1: radius(i + 1) }));
  return {
    section(z) {
      const near = pieces.filter(({ p, q, r0, r1 }) => {
        const r = Math.max(r0, r1) * flatten + reachMm;
        return z > Math.min(p[2], q[2]) - r && z < Math.max(p[2], q[2]) + r;
      });
      if (near.length === 0) return undefined;
      let box: Rectangle | undefined;
      for (const { p, q, r0, r1 } of near) {
        const r = Math.max(r0, r1);
        if (z < Math.min(p[2], q[2]) - r * flatten || z > Math.max(p[2], q[2]) + r * flatten) continue;
        const own = grown([Math.min(p[0], q[0]), Math.max(p[0], q[0]), Math.min(p[1], q[1]), Math.max(p[1], q[1])], r + 1);
        box = box === undefined ? own : around(box, own);
      }
      const first = near[0] as (typeof near)[number];
      const count = near.length;
      // Eight numbers a piece, side by side: start, direction, 1/length², both radii.
      const flat = new Float64Array(count * 9);
      near.forEach(({ p, q, r0, r1 }, i) => {
        const dx = q[0] - p[0], dy = q[1] - p[1], dz = (q[2] - p[2]) / flatten;
        flat.set([p[0], p[1], (z - p[2]) / flatten, dx, dy, dz, 1 / (dx * dx + dy * dy + dz * dz + 1e-12), r0, r1 - r0], i * 9);
      });
      return {
        box: box ?? [first.p[0], first.p[0], first.p[1], first.p[1]],
        at(x, y) {
          let nearest = Infinity;
          for (let i = 0; i < flat.length; i += 9) {
            const u = x - (flat[i] as number), v = y - (flat[i + 1] as number), w = flat[i + 2] as number;
            const dx = flat[i + 3] as number, dy = flat[i + 4] as number, dz = flat[i + 5] as number;
            let t = (u * dx + v * dy + w * dz) * (flat[i + 6] as number);
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            const a = u - t * dx, b = v - t * dy, c = w - t * dz;
            const d = Math.sqrt(a * a + b * b + c * c) - (flat[i + 7] as number) - t * (flat[i + 8] as number);
            if (d < nearest) nearest = d;
          }
          return nearest;
        },
      };
    },
  };
}

/** A plate: the triangle of three points, swollen by half its thickness. */
export function plate(a: Vec3, b: Vec3, c: Vec3, halfMm: number): Solid {
  const ab = minus(b, a), ac = minus(c, a), bc = minus(c, b);
  const normal = crossed(ab, ac);
  const nn = inner(normal, normal);
  const low = Math.min(a[2], b[2], c[2]) - halfMm, high = Math.max(a[2], b[2], c[2]) + halfMm;
  const box = grown([Math.min(a[0], b[0], c[0]), Math.max(a[0], b[0], c[0]), Math.min(a[1], b[1], c[1]), Math.max(a[1], b[1], c[1])], halfMm + 1);
  const edge = (p: Vec3, d: Vec3): number => {
    const t = Math.max(0, Math.min(1, inner(p, d) / inner(d, d)));
    const e = minus(p, [d[0] * t, d[1] * t, d[2] * t]);
    return inner(e, e);
  };
  return {
    section(z) {
      if (z < low - reachMm || z > high + reachMm) return undefined;
      return {
        box,
        at(x, y) {
          const p: Vec3 = [x - a[0], y - a[1], z - a[2]];
          const s = inner(crossed(ab, p), normal), t = inner(crossed(p, ac), normal);
          if (s >= 0 && t >= 0 && s + t <= nn) return Math.abs(inner(p, normal)) / Math.sqrt(nn) - halfMm;
          return Math.sqrt(Math.min(edge(p, ab), edge(p, ac), edge([x - b[0], y - b[1], z - b[2]], bc))) - halfMm;
        },
      };
    },
  };
}

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const inner = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const crossed = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** All of several solids; where two meet within `blendMm` they run into one another. */
export function union(solids: readonly Solid[], blendMm = 0): Solid {
  return {
    section(z) {
      const parts = solids.map((solid) => solid.section(z)).filter((s) => s !== undefined);
      const [first] = parts;
      if (first === undefined) return undefined;
      if (parts.length === 1) return first;
      const box = grown(parts.map((s) => s.box).reduce(around), blendMm / 4);
      return {
        box,
        at(x, y) {
          let d = Infinity;
          for (const part of parts) {
            // What lies farther than the blend reaches changes nothing.
            if (beyond(part.box, x, y) < d + blendMm) d = joined(d, part.at(x, y), blendMm);
          }
          return d;
        },
      };
    },
  };
}

/** Distance from a rectangle, by its farther side: never more than the distance from what it holds. */
function beyond([x0, x1, y0, y1]: Rectangle, x: number, y: number): number {
  const u = x < x0 ? x0 - x : x - x1, v = y < y0 ? y0 - y : y - y1;
  return u > v ? u : v;
}

function joined(a: number, b: number, blend: number): number {
  const h = blend - Math.abs(a - b);
  const low = a < b ? a : b;
  return h > 0 ? low - (h * h) / (4 * blend) : low;
}

/** A solid without what others take, and without a rim of `gapMm` about them. */
export function without(solid: Solid, taken: readonly Solid[], gapMm = 0): Solid {
  return {
    section(z) {
      const whole = solid.section(z);
      const cuts = taken.map((t) => t.section(z)).filter((s) => s !== undefined);
      if (whole === undefined || cuts.length === 0) return whole;
      return {
        box: whole.box,
        at(x, y) {
          let d = whole.at(x, y);
          for (const cut of cuts) {
            if (d > clearMm || beyond(cut.box, x, y) > gapMm - d) continue;
            const outside = gapMm - cut.at(x, y);
            if (outside > d) d = outside;
          }
          return d;
        },
      };
    },
  };
}

/** What several solids share; the smallest is best named first. */
export function shared(solids: readonly Solid[]): Solid {
  return {
    section(z) {
      const parts: Section[] = [];
      for (const solid of solids) {
        const part = solid.section(z);
        if (part === undefined) return undefined;
        parts.push(part);
      }
      return {
        box: parts.map((s) => s.box).reduce(overlap),
        at(x, y) {
          let d = -Infinity;
          for (const part of parts) {
            if (d > clearMm) return d;
            d = Math.max(d, part.at(x, y));
          }
          return d;
        },
      };
    },
  };
}

/** A solid with a margin all around; below 0 it shrinks. Up to 16 mm. */
export function swollen(solid: Solid, byMm: number): Solid {
  return {
    section(z) {
      const section = solid.section(z);
      return section && { box: grown(section.box, Math.max(byMm, 0)), at: (x, y) => section.at(x, y) - byMm };
    },
  };
}

/** A solid between two levels. */
export function levels(solid: Solid, low: number, high: number): Solid {
  return { section: (z) => (z < low || z > high ? undefined : solid.section(z)) };
}

/** A solid with a lumpy surface. */
export function lumpy(solid: Solid, amplitudeMm: number, sizeMm: number, seed: number): Solid {
  return {
    section(z) {
      const section = solid.section(z);
      return section && { box: grown(section.box, amplitudeMm), at(x, y) {
        const d = section.at(x, y);
        return d > clearMm + amplitudeMm || d < -3 * amplitudeMm ? d : d - amplitudeMm * lumps(x / sizeMm, y / sizeMm, z / sizeMm, seed);
      } };
    },
  };
}

/** A solid that keeps its last section: for those that many others are cut by. */
export function kept(solid: Solid): Solid {
  let at = NaN, last: Section | undefined;
  return {
    section(z) {
      if (z !== at) [at, last] = [z, solid.section(z)];
      return last;
    },
  };
}

/** A solid given by what it does in each plane. */
export const solidOf = (section: (z: number) => Section | undefined): Solid => ({ section });

/** Numbers along the craniocaudal axis, from a table of heights that fall or rise; straight beyond its ends, smooth between. */
export function profile(table: readonly (readonly [z: number, ...values: number[]])[]): (z: number) => number[] {
  const rows = [...table].sort((p, q) => p[0] - q[0]);
  return (z) => {
    const next = rows.findIndex((row) => row[0] >= z);
    const row = (i: number) => rows[Math.max(0, Math.min(rows.length - 1, i))] as readonly number[];
    if (next <= 0) return row(next < 0 ? rows.length - 1 : 0).slice(1);
    const [p, q, r, s] = [row(next - 2), row(next - 1), row(next), row(next + 1)];
    const span = (r[0] as number) - (q[0] as number);
    const t = (z - (q[0] as number)) / span;
    return q.slice(1).map((_, n) => {
      const i = n + 1;
      const slope = (a: readonly number[], b: readonly number[]) => (b === a ? 0 : (((b[i] as number) - (a[i] as number)) / ((b[0] as number) - (a[0] as number))) * span);
      const m0 = slope(p, r), m1 = slope(q, s);
      const t2 = t * t, t3 = t2 * t;
      return (2 * t3 - 3 * t2 + 1) * (q[i] as number) + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * (r[i] as number) + (t3 - t2) * m1;
    });
  };
}

/** Sine and cosine of an angle in half turns, 0 to 1 (0 to 180°), by their series: the same to the bit on every machine. */
export function halfTurn(share: number): readonly [sin: number, cos: number] {
  const x = (share - 0.5) * 3.141592653589793;
  const q = x * x;
  const cosX = 1 - (q / 2) * (1 - (q / 12) * (1 - (q / 30) * (1 - (q / 56) * (1 - (q / 90) * (1 - q / 132)))));
  const sinX = x * (1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - q / 110)))));
  return [cosX, -sinX];
}

/** Distance from a rounded oval about the origin, between an ellipse and a rounded box, mm. */
export function oval(u: number, v: number, a: number, b: number, squareness = 0.4): number {
  const p = (u * u) / (a * a), q = (v * v) / (b * b);
  const round = Math.sqrt(p + q), square = Math.sqrt(Math.sqrt(p * p + q * q));
  const norm = round + squareness * (square - round);
  return norm < 1e-6 ? -Math.min(a, b) : ((norm - 1) * Math.sqrt(u * u + v * v)) / norm;
}
