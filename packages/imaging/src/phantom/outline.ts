import type { Section, Solid } from "./solid.ts";

/**
 * Outlines of a section: the zero level of its distance, by marching squares with linear interpolation, simplified.
 *
 * @param section      what a plane cuts
 * @param stepMm       distance of the sampling points
 * @param toleranceMm  how far a simplified outline may run from the sampled one
 * @returns            closed loops, x and y in turn, the first point not repeated; loops below 3 points or 4 mm² are left out
 */
export function outlines(section: Section, stepMm: number, toleranceMm = 0.3): Float64Array[] {
  const [x0, x1, y0, y1] = section.box;
  // On a lattice of the patient, not of the box: neighbouring planes are sampled at the same places.
  const left = (Math.floor(x0 / stepMm) - 1.5) * stepMm, front = (Math.floor(y0 / stepMm) - 1.5) * stepMm;
  const nx = Math.ceil((x1 - left) / stepMm) + 3, ny = Math.ceil((y1 - front) / stepMm) + 3;
  const values = new Float64Array(nx * ny).fill(1);
  for (let j = 1; j + 1 < ny; j++) {
    // 1e-9 keeps the zero level off the sampling points.
    for (let i = 1; i + 1 < nx; i++) values[j * nx + i] = section.at(left + i * stepMm, front + j * stepMm) || 1e-9;
  }
  return rings(values, nx, ny)
    .map((ring) => simplified(ring.map(([u, v]) => [left + u * stepMm, front + v * stepMm] as const), toleranceMm))
    .filter((ring) => ring.length > 2 && Math.abs(area(ring)) > 4)
    .map((ring) => Float64Array.from(ring.flat()));
}

type Point = readonly [number, number];

/** Closed level lines at 0 in units of the lattice; the rim of the lattice must lie outside. */
function rings(values: Float64Array, nx: number, ny: number): Point[][] {
  // An edge of the lattice is named by its first corner and its axis; each crossing leads to the next one.
  const next = new Map<number, number>();
  const at = (i: number, j: number) => values[j * nx + i] as number;
  const across = (i: number, j: number) => (j * nx + i) * 2, along = (i: number, j: number) => (j * nx + i) * 2 + 1;
  for (let j = 0; j + 1 < ny; j++) {
    for (let i = 0; i + 1 < nx; i++) {
      const a = at(i, j) < 0, b = at(i + 1, j) < 0, c = at(i + 1, j + 1) < 0, d = at(i, j + 1) < 0;
      if (a === b && b === c && c === d) continue;
      const edges = [across(i, j), along(i + 1, j), across(i, j + 1), along(i, j)];
      const inside = [a, b, c, d];
      // Walking around the cell, the line leaves where inside turns to outside and enters where it turns back.
      const enters: number[] = [], leaves: number[] = [];
      for (let n = 0; n < 4; n++) {
        if (inside[n] === inside[(n + 1) % 4]) continue;
        (inside[n] === true ? leaves : enters).push(edges[n] as number);
      }
      // In a saddle the mean of the corners tells whether the two inner corners are joined.
      const joined = at(i, j) + at(i + 1, j) + at(i + 1, j + 1) + at(i, j + 1) < 0;
      const turn = leaves.length === 2 && joined !== a ? 1 : 0;
      leaves.forEach((edge, n) => next.set(edge, enters[(n + turn) % enters.length] as number));
    }
  }
  const place = (edge: number): Point => {
    const upright = edge % 2, corner = (edge - upright) / 2;
    const i = corner % nx, j = (corner - i) / nx;
    const p = at(i, j), q = upright === 1 ? at(i, j + 1) : at(i + 1, j);
    const t = p / (p - q);
    return upright === 1 ? [i, j + t] : [i + t, j];
  };
  const found: Point[][] = [];
  for (const start of [...next.keys()]) {
    const ring: Point[] = [];
    for (let edge: number | undefined = start; edge !== undefined && next.has(edge); ) {
      ring.push(place(edge));
      const following: number | undefined = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    if (ring.length > 2) found.push(ring);
  }
  return found;
}

/** A closed line with fewer points, never farther than the tolerance from the first (Douglas and Peucker). */
function simplified(ring: readonly Point[], tolerance: number): Point[] {
  const half = ring.length >> 1;
  return [...thinned(ring.slice(0, half + 1), tolerance).slice(0, -1), ...thinned([...ring.slice(half), ring[0] as Point], tolerance).slice(0, -1)];
}

function thinned(line: readonly Point[], tolerance: number): Point[] {
  const keep = new Uint8Array(line.length);
  keep[0] = keep[line.length - 1] = 1;
  const open: [number, number][] = [[0, line.length - 1]];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    const [from, to] = piece;
    const p = line[from] as Point, q = line[to] as Point;
    const dx = q[0] - p[0], dy = q[1] - p[1], length = Math.sqrt(dx * dx + dy * dy) || 1;
    let worst = tolerance, where = -1;
    for (let i = from + 1; i < to; i++) {
      const r = line[i] as Point;
      const off = Math.abs(dx * (r[1] - p[1]) - dy * (r[0] - p[0])) / length;
      if (off > worst) [worst, where] = [off, i];
    }
    if (where < 0) continue;
    keep[where] = 1;
    open.push([from, where], [where, to]);
  }
  return line.filter((_, i) => keep[i] === 1);
}

/** Signed area of a closed loop, mm². */
function area(ring: readonly Point[]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length] as Point;
    return sum + (x * v - u * y) / 2;
  }, 0);
}

/** Outlines of a solid at one level. */
export function outlinesAt(solid: Solid, z: number, stepMm: number, toleranceMm = 0.3): Float64Array[] {
  const section = solid.section(z);
  return section === undefined ? [] : outlines(section, stepMm, toleranceMm);
}
