import type { Affine } from "./affine.ts";
import { sourceVoxelFromTargetVoxel, type Sampled } from "./resample.ts";

/** What is compared with what. */
export interface GammaCriteria {
  /** Distance to agreement, mm. */
  readonly mm: number;
  /** Dose difference, % of `normalizationGy`, or of the reference dose of each point where `local`. */
  readonly percent: number;
  readonly local: boolean;
  readonly normalizationGy: number;
  /** Points whose reference dose is below are not evaluated, Gy. */
  readonly thresholdGy: number;
  /** The search ends here: a gamma of the cap says "this or more". */
  readonly cap: number;
  /**
   * `interpolated`: the evaluated dose is linear in the six tetrahedra of each cell between voxel centres, and the nearest point is
   * found exactly. `voxels`: only the voxel centres of the evaluated dose are compared, as some programs do; it fails points that
   * agree.
   */
  readonly search: "interpolated" | "voxels";
}

export interface GammaMap {
  /** On the lattice of the reference; NaN where a point is below the threshold or unknown. */
  readonly gamma: Float32Array;
  readonly counts: {
    /** Points with a gamma. */
    readonly evaluated: number;
    readonly passed: number;
    readonly belowThreshold: number;
    /** At or above the threshold, and where the evaluated dose is not known: beyond its outermost voxel centres, or NaN. */
    readonly unknown: number;
  };
}

/** Gamma above 1 by no more than this is 1: the rounding of 32-bit doses. */
const rounding = 1e-4;
/** Part of a voxel by which a point may lie beyond the last centre and still be on it. */
const onCentre = 1e-6;

/**
 * Gamma index in three dimensions; grids of one plane or one row are the two- and one-dimensional ones.
 *
 * The distance of a reference point, in space over `mm` and dose over the dose criterion, to the surface that the evaluated dose
 * makes. Blocks of cells are visited by their distance, and only while one can be nearer than what was found; blocks and cells are
 * passed over where their range of doses cannot be nearer.
 *
 * @param reference                 dose, Gy
 * @param evaluated                 dose, Gy; axes at right angles, any spacing and origin
 * @param criteria                  see there
 * @param evaluatedFromReference    patient millimetres of the reference to those of the evaluated dose, rigid
 * @throws                          RangeError when the axes of the evaluated dose are not at right angles
 * @source                          low1998, ju2008
 */
export function gamma(reference: Sampled<Float32Array>, evaluated: Sampled<Float32Array>, criteria: GammaCriteria, evaluatedFromReference?: Affine): GammaMap {
  const { values, size: [nx, ny, nz] } = reference;
  const [xi, xj, xk, x0, yi, yj, yk, y0, zi, zj, zk, z0] = sourceVoxelFromTargetVoxel(evaluated, reference, evaluatedFromReference) as unknown as readonly [
    number, number, number, number, number, number, number, number, number, number, number, number,
  ];
  const nearest = criteria.search === "voxels" ? nearestOfVoxels(evaluated, criteria) : nearestOfCells(evaluated, criteria);
  const share = criteria.percent / 100;
  const gamma = new Float32Array(values.length).fill(NaN);
  let [passed, belowThreshold, unknown, index] = [0, 0, 0, 0];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, index++) {
        const dose = values[index] as number;
        const criterion = share * (criteria.local ? dose : criteria.normalizationGy);
        if (!(dose >= criteria.thresholdGy && criterion > 0)) {
          if (Number.isNaN(dose)) unknown++;
          else belowThreshold++;
          continue;
        }
        const squared = nearest(xi * i + xj * j + xk * k + x0, yi * i + yj * j + yk * k + y0, zi * i + zj * j + zk * k + z0, dose, 1 / criterion);
        if (Number.isNaN(squared)) {
          unknown++;
          continue;
        }
        const found = Math.sqrt(squared);
        gamma[index] = found;
        if (found <= 1 + rounding) passed++;
      }
    }
  }
  return { gamma, counts: { evaluated: values.length - belowThreshold - unknown, passed, belowThreshold, unknown } };
}

/** Squared gamma of one point: its place in voxel counts of the evaluated dose, its dose, and 1 over the dose criterion; NaN is unknown. */
type Nearest = (x: number, y: number, z: number, doseGy: number, perGy: number) => number;

/** Nearest point of the dose that is interpolated in tetrahedra: cells in blocks about as wide as the distance to agreement. */
function nearestOfCells(evaluated: Sampled<Float32Array>, { mm, cap }: GammaCriteria): Nearest {
  const { size } = evaluated;
  const weight = squaredSteps(evaluated, mm);
  const [wx, wy, wz] = weight;
  const cells = rangesOf(evaluated);
  const wide = weight.map((w) => Math.max(1, Math.floor(1 / Math.sqrt(w)))) as [number, number, number];
  const [bx, by, bz] = wide;
  const [nx, ny, nz] = cells.counts;
  const blocks = blocksOf(cells, wide);
  const [mx, my, mz] = blocks.counts;
  const [vx, vy, vz] = [wx * bx * bx, wy * by * by, wz * bz * bz];
  const offsets = offsetsWithin([vx, vy, vz], blocks.counts, cap, 1);
  const inCell = cellDistance(evaluated, weight);
  const inBlock = (best: number, fromX: number, fromY: number, fromZ: number, px: number, py: number, pz: number, dose: number, perGy: number): number => {
    let near = best;
    for (let k = fromZ; k < Math.min(nz, fromZ + bz); k++) {
      for (let j = fromY; j < Math.min(ny, fromY + by); j++) {
        for (let i = fromX; i < Math.min(nx, fromX + bx); i++) {
          const gx = beyond(px - i);
          const gy = beyond(py - j);
          const gz = beyond(pz - k);
          const gap = gapOf(cells, i + nx * (j + ny * k), dose) * perGy;
          if (wx * gx * gx + wy * gy * gy + wz * gz * gz + gap * gap < near) near = inCell(near, i, j, k, px, py, pz, dose, perGy);
        }
      }
    }
    return near;
  };
  return (px, py, pz, dose, perGy) => {
    const [cx, cy, cz] = [cellAt(px, size[0]), cellAt(py, size[1]), cellAt(pz, size[2])];
    if (cx < 0 || cy < 0 || cz < 0 || !touchesKnown(cells, px, py, pz)) return NaN;
    const [ox, oy, oz] = [Math.floor(cx / bx), Math.floor(cy / by), Math.floor(cz / bz)];
    let best = cap * cap;
    if (gapOf(cells, cx + nx * (cy + ny * cz), dose) < Infinity) best = inCell(best, cx, cy, cz, px, py, pz, dose, perGy);
    for (let n = 0; n < offsets.count && (offsets.least[n] as number) < best; n++) {
      const i = ox + (offsets.x[n] as number);
      const j = oy + (offsets.y[n] as number);
      const k = oz + (offsets.z[n] as number);
      if (i < 0 || j < 0 || k < 0 || i >= mx || j >= my || k >= mz) continue;
      const gx = beyond(px / bx - i);
      const gy = beyond(py / by - j);
      const gz = beyond(pz / bz - k);
      const apart = vx * gx * gx + vy * gy * gy + vz * gz * gz;
      if (apart >= best) continue;
      const gap = gapOf(blocks, i + mx * (j + my * k), dose) * perGy;
      if (apart + gap * gap < best) best = inBlock(best, i * bx, j * by, k * bz, px, py, pz, dose, perGy);
    }
    return best;
  };
}

/** Squared distance to the dose in one cell, or `best` where that is nearer. */
type CellDistance = (best: number, i: number, j: number, k: number, px: number, py: number, pz: number, doseGy: number, perGy: number) => number;

function cellDistance({ values, size }: Sampled<Float32Array>, [wx, wy, wz]: readonly [number, number, number]): CellDistance {
  const [ex, ey, ez] = cornerSteps(size);
  return (best, i, j, k, px, py, pz, doseGy, perGy) => {
    const o = i + size[0] * (j + size[1] * k);
    const qx = px - i;
    const qy = py - j;
    const qz = pz - k;
    const d = ((values[o] as number) - doseGy) * perGy;
    const x = ((values[o + ex] as number) - doseGy) * perGy;
    const y = ((values[o + ey] as number) - doseGy) * perGy;
    const z = ((values[o + ez] as number) - doseGy) * perGy;
    const xy = ((values[o + ex + ey] as number) - doseGy) * perGy;
    const xz = ((values[o + ex + ez] as number) - doseGy) * perGy;
    const yz = ((values[o + ey + ez] as number) - doseGy) * perGy;
    const xyz = ((values[o + ex + ey + ez] as number) - doseGy) * perGy;
    let near = tetrahedron(best, d, wx, qx, x - d, wy, qy, xy - x, wz, qz, xyz - xy);
    near = tetrahedron(near, d, wx, qx, x - d, wz, qz, xz - x, wy, qy, xyz - xz);
    near = tetrahedron(near, d, wy, qy, y - d, wx, qx, xy - y, wz, qz, xyz - xy);
    near = tetrahedron(near, d, wy, qy, y - d, wz, qz, yz - y, wx, qx, xyz - yz);
    near = tetrahedron(near, d, wz, qz, z - d, wx, qx, xz - z, wy, qy, xyz - xz);
    return tetrahedron(near, d, wz, qz, z - d, wy, qy, yz - z, wx, qx, xyz - yz);
  };
}

/** Nearest of the voxel centres alone. */
function nearestOfVoxels(evaluated: Sampled<Float32Array>, { mm, cap }: GammaCriteria): Nearest {
  const { values, size: [nx, ny, nz] } = evaluated;
  const [wx, wy, wz] = squaredSteps(evaluated, mm);
  const offsets = offsetsWithin([wx, wy, wz], [nx, ny, nz], cap, 0.5);
  return (px, py, pz, dose, perGy) => {
    const [cx, cy, cz] = [Math.round(px), Math.round(py), Math.round(pz)];
    if (cellAt(px, nx) < 0 || cellAt(py, ny) < 0 || cellAt(pz, nz) < 0 || Number.isNaN(values[cx + nx * (cy + ny * cz)])) return NaN;
    let best = cap * cap;
    for (let n = 0; n < offsets.count && (offsets.least[n] as number) < best; n++) {
      const [i, j, k] = [cx + (offsets.x[n] as number), cy + (offsets.y[n] as number), cz + (offsets.z[n] as number)];
      if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
      const difference = ((values[i + nx * (j + ny * k)] as number) - dose) * perGy;
      const squared = wx * (px - i) ** 2 + wy * (py - j) ** 2 + wz * (pz - k) ** 2 + difference * difference;
      if (squared < best) best = squared;
    }
    return best;
  };
}

/**
 * Squared distance to a tetrahedron of a cell, or `best` where that is nearer. Its corners are reached from the first by
 * the three steps of the cell in turn, so that its points have 1 ≥ s₁ ≥ s₂ ≥ s₃ ≥ 0.
 *
 * The squared distance is Σ wᵢ (sᵢ − qᵢ)² + (d + Σ gᵢ sᵢ)². Its least value without bounds is in closed form, and is nearest of
 * all; where that breaks a bound, the nearest point lies on the side of a bound it breaks.
 *
 * @param d  dose of the first corner less that of the point, over the criterion
 * @param w  squared length of a step over the squared distance to agreement
 * @param q  place of the point, in steps
 * @param g  dose gained along a step, over the criterion
 */
function tetrahedron(best: number, d: number, w1: number, q1: number, g1: number, w2: number, q2: number, g2: number, w3: number, q3: number, g3: number): number {
  const r = d + g1 * q1 + g2 * q2 + g3 * q3;
  const t = r / (1 + (g1 * g1) / w1 + (g2 * g2) / w2 + (g3 * g3) / w3);
  if (r * t >= best) return best;
  const s1 = q1 - (t * g1) / w1;
  const s2 = q2 - (t * g2) / w2;
  const s3 = q3 - (t * g3) / w3;
  if (s1 <= 1 && s1 >= s2 && s2 >= s3 && s3 >= 0) return r * t;
  let near = best;
  if (s1 > 1) near = triangle(near, w1 * (1 - q1) * (1 - q1), d + g1, w2, q2, g2, w3, q3, g3);
  if (s3 < 0) near = triangle(near, w3 * q3 * q3, d, w1, q1, g1, w2, q2, g2);
  if (s1 < s2) near = triangle(near, ((w1 * w2) / (w1 + w2)) * (q1 - q2) * (q1 - q2), d, w1 + w2, (w1 * q1 + w2 * q2) / (w1 + w2), g1 + g2, w3, q3, g3);
  if (s2 < s3) near = triangle(near, ((w2 * w3) / (w2 + w3)) * (q2 - q3) * (q2 - q3), d, w1, q1, g1, w2 + w3, (w2 * q2 + w3 * q3) / (w2 + w3), g2 + g3);
  return near;
}

/** The same for a triangle 1 ≥ s₁ ≥ s₂ ≥ 0 whose plane is `k` away. */
function triangle(best: number, k: number, d: number, w1: number, q1: number, g1: number, w2: number, q2: number, g2: number): number {
  const r = d + g1 * q1 + g2 * q2;
  const t = r / (1 + (g1 * g1) / w1 + (g2 * g2) / w2);
  if (k + r * t >= best) return best;
  const s1 = q1 - (t * g1) / w1;
  const s2 = q2 - (t * g2) / w2;
  if (s1 <= 1 && s1 >= s2 && s2 >= 0) return k + r * t;
  let near = best;
  if (s1 > 1) near = edge(near, k + w1 * (1 - q1) * (1 - q1), d + g1, w2, q2, g2);
  if (s2 < 0) near = edge(near, k + w2 * q2 * q2, d, w1, q1, g1);
  if (s1 < s2) near = edge(near, k + ((w1 * w2) / (w1 + w2)) * (q1 - q2) * (q1 - q2), d, w1 + w2, (w1 * q1 + w2 * q2) / (w1 + w2), g1 + g2);
  return near;
}

/** The same for an edge 1 ≥ s ≥ 0 whose line is `k` away. */
function edge(best: number, k: number, d: number, w: number, q: number, g: number): number {
  const s = Math.min(1, Math.max(0, q - ((d + g * q) * g) / (w + g * g)));
  const dose = d + g * s;
  return Math.min(best, k + w * (s - q) * (s - q) + dose * dose);
}

/** Squared length of a step along each axis, in distances to agreement. */
function squaredSteps({ patientFromVoxel: m }: Sampled, mm: number): [number, number, number] {
  const step = (axis: number) => [m[axis], m[axis + 4], m[axis + 8]] as [number, number, number];
  const dot = (a: number, b: number) => step(a).reduce((sum, value, i) => sum + value * (step(b)[i] as number), 0);
  for (const [a, b] of [[0, 1], [0, 2], [1, 2]] as const) {
    if (dot(a, b) ** 2 > 1e-8 * dot(a, a) * dot(b, b)) throw new RangeError("The axes of the evaluated dose are not at right angles.");
  }
  return [dot(0, 0) / mm ** 2, dot(1, 1) / mm ** 2, dot(2, 2) / mm ** 2];
}

/** The cell of an axis of n centres that holds a place; −1 beyond the outermost. */
function cellAt(x: number, n: number): number {
  if (x < -onCentre || x > n - 1 + onCentre) return -1;
  return Math.max(0, Math.min(Math.floor(x), n - 2));
}

/** Whether a cell that holds a place, on its side or within, has a known dose at every corner. */
function touchesKnown({ low, counts }: Ranges, px: number, py: number, pz: number): boolean {
  const first = (x: number) => Math.max(0, Math.floor(x - onCentre));
  const last = (x: number, axis: 0 | 1 | 2) => Math.min(counts[axis] - 1, Math.floor(x + onCentre));
  for (let k = first(pz); k <= last(pz, 2); k++) {
    for (let j = first(py); j <= last(py, 1); j++) {
      for (let i = first(px); i <= last(px, 0); i++) {
        if ((low[i + counts[0] * (j + counts[1] * k)] as number) < Infinity) return true;
      }
    }
  }
  return false;
}

/** How far a place lies beyond the cell from 0 to 1. */
function beyond(q: number): number {
  return q < 0 ? -q : q > 1 ? q - 1 : 0;
}

/** Lowest and highest dose of each cell, or block of cells; one that has no known dose has the range from ∞ to −∞, which nothing is near. */
interface Ranges {
  readonly counts: readonly [number, number, number];
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** How far a dose lies outside a range, Gy. */
function gapOf({ low, high }: Ranges, at: number, doseGy: number): number {
  const under = (low[at] as number) - doseGy;
  const over = doseGy - (high[at] as number);
  return under > 0 ? under : over > 0 ? over : 0;
}

/** Steps to the next centres in memory; an axis of one plane has one flat cell. */
function cornerSteps([nx, ny, nz]: readonly [number, number, number]): [number, number, number] {
  return [nx > 1 ? 1 : 0, ny > 1 ? nx : 0, nz > 1 ? nx * ny : 0];
}

/** Of the cells between centres; a cell with an unknown corner is unknown. */
function rangesOf({ values, size }: Sampled<Float32Array>): Ranges {
  const counts = [Math.max(1, size[0] - 1), Math.max(1, size[1] - 1), Math.max(1, size[2] - 1)] as const;
  const low = new Float32Array(counts[0] * counts[1] * counts[2]);
  const high = new Float32Array(low.length);
  const [ex, ey, ez] = cornerSteps(size);
  let at = 0;
  for (let k = 0; k < counts[2]; k++) {
    for (let j = 0; j < counts[1]; j++) {
      for (let i = 0; i < counts[0]; i++, at++) {
        const o = i + size[0] * (j + size[1] * k);
        const [a, b, c, d] = [values[o] as number, values[o + ex] as number, values[o + ey] as number, values[o + ex + ey] as number];
        const [e, f, g, h] = [values[o + ez] as number, values[o + ex + ez] as number, values[o + ey + ez] as number, values[o + ex + ey + ez] as number];
        const least = Math.min(a, b, c, d, e, f, g, h);
        low[at] = Number.isNaN(least) ? Infinity : least;
        high[at] = Number.isNaN(least) ? -Infinity : Math.max(a, b, c, d, e, f, g, h);
      }
    }
  }
  return { counts, low, high };
}

/** Of blocks of cells. */
function blocksOf(cells: Ranges, [bx, by, bz]: readonly [number, number, number]): Ranges {
  if (bx * by * bz === 1) return cells;
  const [nx, ny, nz] = cells.counts;
  const counts = [Math.ceil(nx / bx), Math.ceil(ny / by), Math.ceil(nz / bz)] as const;
  const low = new Float32Array(counts[0] * counts[1] * counts[2]).fill(Infinity);
  const high = new Float32Array(low.length).fill(-Infinity);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = counts[0] * (Math.floor(j / by) + counts[1] * Math.floor(k / bz));
      for (let i = 0; i < nx; i++, at++) {
        const block = row + Math.floor(i / bx);
        if ((cells.low[at] as number) < (low[block] as number)) low[block] = cells.low[at] as number;
        if ((cells.high[at] as number) > (high[block] as number)) high[block] = cells.high[at] as number;
      }
    }
  }
  return { counts, low, high };
}

interface Offsets {
  readonly count: number;
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly z: Int16Array;
  /** Squared distance that no point of the first cell and no point of this one can undercut. */
  readonly least: Float64Array;
}

/**
 * Steps to the neighbours that can lie within the cap, nearest first.
 *
 * @param slack  how much nearer than the whole step a neighbour can come, in steps: 1 between cells, 0.5 between a place and a centre
 */
function offsetsWithin(weight: readonly [number, number, number], counts: readonly [number, number, number], cap: number, slack: number): Offsets {
  const reach = (axis: 0 | 1 | 2) => (counts[axis] === 1 ? 0 : Math.min(counts[axis] - 1, Math.ceil(cap / Math.sqrt(weight[axis]) + slack)));
  const least = (step: number, axis: 0 | 1 | 2) => weight[axis] * Math.max(0, Math.abs(step) - slack) ** 2;
  const found: { step: [number, number, number]; least: number; centre: number }[] = [];
  for (let k = -reach(2); k <= reach(2); k++) {
    for (let j = -reach(1); j <= reach(1); j++) {
      for (let i = -reach(0); i <= reach(0); i++) {
        const bound = least(i, 0) + least(j, 1) + least(k, 2);
        if (bound < cap * cap) found.push({ step: [i, j, k], least: bound, centre: weight[0] * i * i + weight[1] * j * j + weight[2] * k * k });
      }
    }
  }
  found.sort((a, b) => a.least - b.least || a.centre - b.centre);
  const along = (axis: 0 | 1 | 2) => Int16Array.from(found, ({ step }) => step[axis]);
  return { count: found.length, x: along(0), y: along(1), z: along(2), least: Float64Array.from(found, (f) => f.least) };
}
