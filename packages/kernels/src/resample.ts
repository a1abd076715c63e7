import { composeAffine, identityAffine, invertAffine, type Affine } from "./affine.ts";

/** Where voxels lie: counts along the axes, x fastest, and the map from voxel counts to patient millimetres. */
export interface Lattice {
  readonly size: readonly [number, number, number];
  /** 12 numbers, rows of a 3 × 4 matrix, mm. */
  readonly patientFromVoxel: Affine;
}

/** Numbers on a lattice; NaN is unknown. */
export interface Sampled<Values extends SampledValues = SampledValues> extends Lattice {
  readonly values: Values;
}
export type SampledValues = Float32Array | Float64Array | Int16Array | Uint16Array | Uint8Array;

/** Part of a voxel within which a place counts as the voxel's centre: rounding of positions, never a distance that shows. */
const onCentre = 1e-6;

/**
 * Values on another lattice by trilinear interpolation between voxel centres, sampled in patient millimetres.
 *
 * @param source               what is sampled
 * @param target               where
 * @param sourceFromTarget     patient millimetres of the target to those of the source; the identity in one frame of reference
 * @returns                    one value for each voxel of the target; NaN beyond the outermost centres of the source, and where a
 *                             neighbour is NaN
 */
export function resample(source: Sampled, target: Lattice, sourceFromTarget: Affine = identityAffine): Float32Array {
  const map = sourceVoxelFromTargetVoxel(source, target, sourceFromTarget);
  const parallel = [1, 2, 4, 6, 8, 9].every((k) => map[k] === 0);
  return parallel ? resampleParallel(source, target, map) : resampleOblique(source, target, map);
}

/** Grids whose axes are parallel: the neighbours along each axis are found once. */
function resampleParallel({ values, size: [nx, ny, nz] }: Sampled, { size: [mx, my, mz] }: Lattice, map: Float64Array): Float32Array {
  const out = new Float32Array(mx * my * mz).fill(NaN);
  const xs = placesAlong(mx, map[0] as number, map[3] as number, nx, 1);
  const ys = placesAlong(my, map[5] as number, map[7] as number, ny, nx);
  const zs = placesAlong(mz, map[10] as number, map[11] as number, nz, nx * ny);
  for (let k = 0; k < mz; k++) {
    const dz = zs.step[k] as number;
    const fz = zs.part[k] as number;
    for (let j = 0; j < my; j++) {
      if ((zs.low[k] as number) < 0 || (ys.low[j] as number) < 0) continue;
      const row = (zs.low[k] as number) + (ys.low[j] as number);
      const dy = ys.step[j] as number;
      const fy = ys.part[j] as number;
      for (let i = 0, o = mx * (j + my * k); i < mx; i++, o++) {
        if ((xs.low[i] as number) < 0) continue;
        const at = row + (xs.low[i] as number);
        const near = between(values, at, xs.step[i] as number, dy, xs.part[i] as number, fy);
        out[o] = dz === 0 ? near : near + fz * (between(values, at + dz, xs.step[i] as number, dy, xs.part[i] as number, fy) - near);
      }
    }
  }
  return out;
}

/** The centres around each place along an axis, in steps of memory; low is −1 beyond the outermost. */
function placesAlong(count: number, scale: number, shift: number, n: number, stride: number): { low: Int32Array; step: Int32Array; part: Float64Array } {
  const places = { low: new Int32Array(count).fill(-1), step: new Int32Array(count), part: new Float64Array(count) };
  const axis = { low: 0, step: 0, part: 0 };
  for (let i = 0; i < count; i++) {
    if (!place(scale * i + shift, n, axis)) continue;
    places.low[i] = axis.low * stride;
    places.step[i] = axis.step * stride;
    places.part[i] = axis.part;
  }
  return places;
}

function resampleOblique(source: Sampled, target: Lattice, map: Float64Array): Float32Array {
  const { values, size: [nx, ny, nz] } = source;
  const out = new Float32Array(target.size[0] * target.size[1] * target.size[2]);
  const axis = { low: 0, step: 0, part: 0 };
  everyVoxel(target, map, (x, y, z, i) => {
    if (!place(x, nx, axis)) return void (out[i] = NaN);
    const { low: x0, step: dx, part: fx } = axis;
    if (!place(y, ny, axis)) return void (out[i] = NaN);
    const y0 = axis.low * nx;
    const dy = axis.step * nx;
    const fy = axis.part;
    if (!place(z, nz, axis)) return void (out[i] = NaN);
    const o = x0 + y0 + axis.low * nx * ny;
    const dz = axis.step * nx * ny;
    const near = between(values, o, dx, dy, fx, fy);
    out[i] = dz === 0 ? near : near + axis.part * (between(values, o + dz, dx, dy, fx, fy) - near);
  });
  return out;
}

/**
 * A mask on another lattice: the value of the nearest voxel.
 *
 * @param outside  value of voxels of the target that lie in no voxel of the source
 */
export function resampleNearest(source: Sampled<Uint8Array>, target: Lattice, sourceFromTarget: Affine = identityAffine, outside = 0): Uint8Array {
  const { values, size: [nx, ny, nz] } = source;
  const out = new Uint8Array(target.size[0] * target.size[1] * target.size[2]);
  everyVoxel(target, sourceVoxelFromTargetVoxel(source, target, sourceFromTarget), (x, y, z, i) => {
    const u = Math.round(x);
    const v = Math.round(y);
    const w = Math.round(z);
    const within = u >= 0 && v >= 0 && w >= 0 && u < nx && v < ny && w < nz;
    out[i] = within ? (values[u + nx * (v + ny * w)] as number) : outside;
  });
  return out;
}

/** Voxel counts of the target to voxel counts of the source. */
export function sourceVoxelFromTargetVoxel(source: Lattice, target: Lattice, sourceFromTarget: Affine = identityAffine): Float64Array {
  return composeAffine(invertAffine(source.patientFromVoxel), composeAffine(sourceFromTarget, target.patientFromVoxel));
}

/** Visits the voxels of a lattice with the place of each through an affine map. */
function everyVoxel({ size: [nx, ny, nz] }: Lattice, map: Float64Array, visit: (x: number, y: number, z: number, index: number) => void): void {
  const [xi, xj, xk, x0, yi, yj, yk, y0, zi, zj, zk, z0] = map as unknown as readonly [number, number, number, number, number, number, number, number, number, number, number, number];
  let index = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const [x, y, z] = [xj * j + xk * k + x0, yj * j + yk * k + y0, zj * j + zk * k + z0];
      for (let i = 0; i < nx; i++, index++) visit(x + xi * i, y + yi * i, z + zi * i, index);
    }
  }
}

/**
 * Finds the two centres around a place on an axis of n: the lower one, the step to the upper one (0 on a centre), and
 * the part of the way. False beyond the outermost centres.
 */
function place(x: number, n: number, into: { low: number; step: number; part: number }): boolean {
  const nearest = Math.round(x);
  const onIt = Math.abs(x - nearest) < onCentre;
  const low = onIt ? nearest : Math.floor(x);
  into.low = low;
  into.step = onIt ? 0 : 1;
  into.part = onIt ? 0 : x - low;
  return low >= 0 && low + into.step < n;
}

/** Bilinear value in one plane. */
function between(values: SampledValues, o: number, dx: number, dy: number, fx: number, fy: number): number {
  const a = values[o] as number;
  const b = a + fx * ((values[o + dx] as number) - a);
  if (dy === 0) return b;
  const c = values[o + dy] as number;
  return b + fy * (c + fx * ((values[o + dx + dy] as number) - c) - b);
}

/** Stored values as what they are worth: value · slope + intercept; the same array where that changes nothing. */
export function worthOf(values: SampledValues, slope: number, intercept: number): Float32Array {
  if (values instanceof Float32Array && slope === 1 && intercept === 0) return values;
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = (values[i] as number) * slope + intercept;
  return out;
}
