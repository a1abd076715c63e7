import { composeAffine, invertAffine } from "./affine.ts";
import type { Occupancy } from "./occupancy.ts";
import { voxelVolume } from "./occupancy-planes.ts";
import type { Lattice, Sampled } from "./resample.ts";

/** Dose as it is stored: a voxel is worth values[i] · slope + intercept, Gy. */
export interface DoseField extends Sampled {
  readonly slope?: number;
  readonly intercept?: number;
}

/** The dose of a structure, sample by sample: no bins. */
export interface DoseVolume {
  /** Volume of the structure, mm³. */
  readonly volumeMm3: number;
  /** Volume whose dose is known: the rest lies outside the dose grid, or where it is NaN. */
  readonly knownMm3: number;
  /** Doses of the samples, Gy, highest first. */
  readonly doseGy: Float32Array;
  /** Volume of each sample, mm³. */
  readonly sampleMm3: Float32Array;
  /** Volume of the hotter samples and half of this one, mm³. */
  readonly hotterMm3: Float64Array;
  /** Mean of what is known, Gy; NaN where nothing is. */
  readonly meanGy: number;
  readonly highest: DosePoint;
  readonly lowest: DosePoint;
}

/** A dose and its place, LPS, mm; NaN where none is known. */
export interface DosePoint {
  readonly doseGy: number;
  readonly at: readonly [number, number, number];
}

export interface DoseVolumeOptions {
  /**
   * Where in its voxel a dose is taken. `spread` (left out): each at another place, by a rule that fills the voxel
   * evenly, so that a gradient along an axis makes no stairs. `center`: in the middle, as tools that count voxels do.
   */
  readonly at?: "spread" | "center";
  /** Points of the surface, x, y, z, LPS, mm: looked at for the highest and the lowest dose. */
  readonly surface?: readonly Float64Array[];
}

/** Share of a voxel that is inside but for rounding. */
const wholly = 0.999;

/**
 * Doses in a structure: one trilinear dose in each voxel of the occupancy, with the share that lies inside. Outermost
 * dose voxels reach half a voxel beyond their center, where their value holds; further out the dose is unknown, and
 * never 0.
 *
 * The highest and lowest dose are looked for in voxels that are inside, on the dose voxels inside and on the surface:
 * there a trilinear dose has its extremes.
 *
 * @param inside  share of the voxels of a grid
 * @param grid    that grid
 * @param dose    Gy
 */
export function doseVolume(inside: Occupancy, grid: Lattice, dose: DoseField, { at = "spread", surface = [] }: DoseVolumeOptions = {}): DoseVolume {
  const doseAt = doseSampler(dose);
  const map = composeAffine(invertAffine(dose.patientFromVoxel), grid.patientFromVoxel) as unknown as Rows;
  const [ux, uy, uz, u0, vx, vy, vz, v0, wx, wy, wz, w0] = map;
  const voxel = voxelVolume(grid);
  const { size, first, fraction } = inside;
  const samples = new SortedSamples(fraction.reduce((n, share) => (share > 0 ? n + 1 : n), 0));
  const extremes = new Extremes(dose.patientFromVoxel);
  const place = at === "spread" ? new Spread(inside) : { x: 0, y: 0, z: 0, next() {} };
  let [known, total, weighted] = [0, 0, 0];
  for (let k = 0, o = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const [y, z] = [first[1] + j, first[2] + k];
      const [u, v, w] = [uy * y + uz * z + u0, vy * y + vz * z + v0, wy * y + wz * z + w0];
      for (let i = 0; i < size[0]; i++, o++) {
        const share = fraction[o] as number;
        if (share === 0) continue;
        place.next(share, i, j, k);
        const x = first[0] + i + place.x;
        const dy = place.y;
        const dz = place.z;
        const uAt = u + ux * x + uy * dy + uz * dz;
        const vAt = v + vx * x + vy * dy + vz * dz;
        const wAt = w + wx * x + wy * dy + wz * dz;
        const value = doseAt(uAt, vAt, wAt);
        total += share;
        if (Number.isNaN(value)) continue;
        known += share;
        weighted += share * value;
        samples.add(value, share);
        if (share > wholly) extremes.meet(value, uAt, vAt, wAt);
      }
    }
  }
  meetSurface(surface, dose, doseAt, extremes);
  meetDoseVoxels(inside, composeAffine(invertAffine(grid.patientFromVoxel), dose.patientFromVoxel), dose, doseAt, extremes);
  return { volumeMm3: total * voxel, knownMm3: known * voxel, meanGy: weighted / known, ...samples.hottestFirst(voxel), ...extremes.found() };
}

/** Steps from voxel to voxel, between two axes each: the powers of 1 / g, where g⁴ = g + 1, as in Roberts' sequence. */
const [stepXY, stepYZ, stepXZ] = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703] as const;

/**
 * Places in voxels, in voxels from the center: even over the whole of a voxel that is inside. In a voxel that is cut,
 * they lie on the side where its neighbors are inside, in a slice as thick as the share.
 *
 * A surface of equal dose cuts voxels that are neighbors, so their places differ by fixed steps; by the count of voxels
 * passed they would follow the outline of the structure. A place along an axis does not change along that axis, and
 * what y moves along x is what x moves along y, turned round: so places keep no pace with most oblique surfaces.
 */
class Spread {
  readonly #inside: Occupancy;
  x = 0;
  y = 0;
  z = 0;

  constructor(inside: Occupancy) {
    this.#inside = inside;
  }

  next(share: number, i: number, j: number, k: number): void {
    this.x = withinVoxel(stepXY * j + stepXZ * k);
    this.y = withinVoxel(stepYZ * k - stepXY * i);
    this.z = withinVoxel(-stepXZ * i - stepYZ * j);
    if (share <= wholly) this.#towardsInside(share, i, j, k);
  }

  #towardsInside(share: number, i: number, j: number, k: number): void {
    const x = this.#share(i + 1, j, k) - this.#share(i - 1, j, k);
    const y = this.#share(i, j + 1, k) - this.#share(i, j - 1, k);
    const z = this.#share(i, j, k + 1) - this.#share(i, j, k - 1);
    const steepest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
    if (steepest === 0) return;
    const cut = (1 - share) / steepest;
    this.x = this.x * (1 - cut * Math.abs(x)) + (cut * x) / 2;
    this.y = this.y * (1 - cut * Math.abs(y)) + (cut * y) / 2;
    this.z = this.z * (1 - cut * Math.abs(z)) + (cut * z) / 2;
  }

  #share(i: number, j: number, k: number): number {
    const { size: [nx, ny, nz], fraction } = this.#inside;
    return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? 0 : (fraction[i + nx * (j + ny * k)] as number);
  }
}

/** A number less the whole ones in it, from −1/2 to 1/2. */
const withinVoxel = (value: number) => value - Math.floor(value) - 0.5;

type Rows = readonly [number, number, number, number, number, number, number, number, number, number, number, number];

/** Dose at voxel counts of its grid, Gy. */
type DoseAt = (u: number, v: number, w: number) => number;

/** Rounding of positions: a place this near to a center lies on it, in voxels. */
const onCenter = 1e-6;

/** Trilinear dose; NaN further out than half a voxel, and beside a voxel that is NaN. */
export function doseSampler({ values, size: [nx, ny, nz], slope = 1, intercept = 0 }: DoseField): DoseAt {
  const [row, slice] = [nx, nx * ny];
  return (u, v, w) => {
    if (!(u >= -0.5 - onCenter && v >= -0.5 - onCenter && w >= -0.5 - onCenter && u <= nx - 0.5 + onCenter && v <= ny - 0.5 + onCenter && w <= nz - 0.5 + onCenter)) return NaN;
    const x = u <= 0 ? 0 : u >= nx - 1 ? nx - 1 : u;
    const y = v <= 0 ? 0 : v >= ny - 1 ? ny - 1 : v;
    const z = w <= 0 ? 0 : w >= nz - 1 ? nz - 1 : w;
    const x0 = Math.floor(x + onCenter);
    const y0 = Math.floor(y + onCenter);
    const z0 = Math.floor(z + onCenter);
    const fx = x - x0;
    const fy = y - y0;
    const fz = z - z0;
    // A neighbor that counts nothing is not asked: it may be unknown, or beyond the grid.
    const dx = fx > onCenter ? 1 : 0;
    const dy = fy > onCenter ? row : 0;
    const dz = fz > onCenter ? slice : 0;
    const o = x0 + row * y0 + slice * z0;
    const a = values[o] as number;
    const b = values[o + dy] as number;
    const c = values[o + dz] as number;
    const d = values[o + dy + dz] as number;
    const ab = a + fx * ((values[o + dx] as number) - a);
    const bb = b + fx * ((values[o + dx + dy] as number) - b);
    const cb = c + fx * ((values[o + dx + dz] as number) - c);
    const db = d + fx * ((values[o + dx + dy + dz] as number) - d);
    const near = ab + fy * (bb - ab);
    return slope * (near + fz * (cb + fy * (db - cb) - near)) + intercept;
  };
}

/** Doses with their shares, to be sorted by the bits of the dose: eleven at a time, from the lowest. */
class SortedSamples {
  readonly #doses: Float32Array;
  readonly #shares: Float32Array;
  #count = 0;

  constructor(most: number) {
    this.#doses = new Float32Array(most);
    this.#shares = new Float32Array(most);
  }

  add(doseGy: number, share: number): void {
    this.#doses[this.#count] = doseGy;
    this.#shares[this.#count] = share;
    this.#count++;
  }

  hottestFirst(voxelMm3: number): Pick<DoseVolume, "doseGy" | "sampleMm3" | "hotterMm3"> {
    const count = this.#count;
    const order = coldestLast(this.#doses.subarray(0, count));
    const doseGy = new Float32Array(count);
    const sampleMm3 = new Float32Array(count);
    const hotterMm3 = new Float64Array(count);
    for (let i = 0, hotter = 0; i < count; i++) {
      const from = order[i] as number;
      const volume = (this.#shares[from] as number) * voxelMm3;
      doseGy[i] = this.#doses[from] as number;
      sampleMm3[i] = volume;
      hotterMm3[i] = hotter + volume / 2;
      hotter += volume;
    }
    return { doseGy, sampleMm3, hotterMm3 };
  }
}

/** Places of numbers from the highest to the lowest. */
function coldestLast(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let keys = new Uint32Array(bits.length);
  let order = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] as number;
    // Bits of positive floats rise with the number, those of negative ones fall: after this, all fall.
    keys[i] = word >>> 31 === 1 ? word : ~word & 0x7fffffff;
    order[i] = i;
  }
  let [otherKeys, otherOrder] = [new Uint32Array(keys.length), new Uint32Array(keys.length)];
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(2049);
    for (let i = 0; i < keys.length; i++) starts[(((keys[i] as number) >>> shift) & 2047) + 1]!++;
    for (let digit = 0; digit < 2048; digit++) starts[digit + 1]! += starts[digit] as number;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      const at = starts[(key >>> shift) & 2047]!++;
      otherKeys[at] = key;
      otherOrder[at] = order[i] as number;
    }
    [keys, otherKeys] = [otherKeys, keys];
    [order, otherOrder] = [otherOrder, order];
  }
  return order;
}

/** The highest and the lowest dose met, and where. */
class Extremes {
  readonly #patientFromVoxel: Rows;
  #high: readonly [number, number, number, number] = [-Infinity, NaN, NaN, NaN];
  #low: readonly [number, number, number, number] = [Infinity, NaN, NaN, NaN];

  constructor(patientFromVoxel: ArrayLike<number>) {
    this.#patientFromVoxel = patientFromVoxel as unknown as Rows;
  }

  meet(value: number, u: number, v: number, w: number): void {
    if (value > this.#high[0]) this.#high = [value, u, v, w];
    if (value < this.#low[0]) this.#low = [value, u, v, w];
  }

  found(): { highest: DosePoint; lowest: DosePoint } {
    return { highest: this.#point(this.#high), lowest: this.#point(this.#low) };
  }

  #point([doseGy, u, v, w]: readonly [number, number, number, number]): DosePoint {
    const [a, b, c, d, e, f, g, h, i, j, k, l] = this.#patientFromVoxel;
    return { doseGy: Number.isNaN(u) ? NaN : doseGy, at: [a * u + b * v + c * w + d, e * u + f * v + g * w + h, i * u + j * v + k * w + l] };
  }
}

function meetSurface(surface: readonly Float64Array[], dose: DoseField, doseAt: DoseAt, extremes: Extremes): void {
  const [a, b, c, d, e, f, g, h, i, j, k, l] = invertAffine(dose.patientFromVoxel) as unknown as Rows;
  for (const points of surface) {
    for (let p = 0; p + 2 < points.length; p += 3) {
      const [x, y, z] = [points[p] as number, points[p + 1] as number, points[p + 2] as number];
      const [u, v, w] = [a * x + b * y + c * z + d, e * x + f * y + g * z + h, i * x + j * y + k * z + l];
      extremes.meet(doseAt(u, v, w), u, v, w);
    }
  }
}

/** Dose voxels whose center lies in a voxel that is inside by half: a trilinear dose is highest there, or on the surface. */
function meetDoseVoxels({ first, size, fraction }: Occupancy, gridFromDose: Float64Array, dose: DoseField, doseAt: DoseAt, extremes: Extremes): void {
  const [ix, iy, iz, i0, jx, jy, jz, j0, kx, ky, kz, k0] = gridFromDose as unknown as Rows;
  const back = invertAffine(gridFromDose);
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [0, 1, 2].map((a) => (first[a] as number) - 0.5 + ((corner >> a) & 1) * (size[a] as number)) as [number, number, number];
    for (let a = 0; a < 3; a++) {
      const at = (back[4 * a] as number) * x + (back[4 * a + 1] as number) * y + (back[4 * a + 2] as number) * z + (back[4 * a + 3] as number);
      low[a] = Math.min(low[a] as number, at);
      high[a] = Math.max(high[a] as number, at);
    }
  }
  const from = low.map((value) => Math.max(0, Math.ceil(value))) as [number, number, number];
  const to = high.map((value, a) => Math.min((dose.size[a] as number) - 1, Math.floor(value))) as [number, number, number];
  for (let w = from[2]; w <= to[2]; w++) {
    for (let v = from[1]; v <= to[1]; v++) {
      for (let u = from[0]; u <= to[0]; u++) {
        const i = Math.round(ix * u + iy * v + iz * w + i0) - first[0];
        const j = Math.round(jx * u + jy * v + jz * w + j0) - first[1];
        const k = Math.round(kx * u + ky * v + kz * w + k0) - first[2];
        if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) continue;
        if ((fraction[i + size[0] * (j + size[1] * k)] as number) >= 0.5) extremes.meet(doseAt(u, v, w), u, v, w);
      }
    }
  }
}

/** What is certain: a value lies from low to high. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Dose that the hottest part of a structure receives at least, Gy: D2% is `doseToVolume(volume, 0.02 · volumeMm3)`.
 *
 * What lies outside the dose grid may be the coldest part, at 0 Gy, or the hottest: both are bounds.
 *
 * @param mm3  volume of the hottest part, mm³; NaN bounds where it is larger than the structure
 */
export function doseToVolume(volume: DoseVolume, mm3: number): Bounds {
  const { volumeMm3, knownMm3 } = volume;
  if (!(mm3 <= volumeMm3 * (1 + 1e-9))) return { low: NaN, high: NaN };
  const unknown = volumeMm3 - knownMm3;
  if (unknown <= 0) return { low: hottest(volume, mm3), high: hottest(volume, mm3) };
  return { low: mm3 <= knownMm3 ? hottest(volume, mm3) : 0, high: mm3 > unknown ? hottest(volume, mm3 - unknown) : Infinity };
}

/** Between the middles of two samples the dose goes straight; the halves at both ends keep their dose. */
function hottest({ doseGy, hotterMm3 }: DoseVolume, mm3: number): number {
  const next = firstAtLeast(hotterMm3, mm3);
  if (next === 0) return doseGy[0] as number;
  if (next === doseGy.length) return doseGy[next - 1] as number;
  const [a, b] = [hotterMm3[next - 1] as number, hotterMm3[next] as number];
  const part = b > a ? (mm3 - a) / (b - a) : 1;
  return (doseGy[next - 1] as number) + part * ((doseGy[next] as number) - (doseGy[next - 1] as number));
}

/** Volume that receives a dose or more, mm³; what is unknown is left out below and counted above. */
export function volumeAtDose(volume: DoseVolume, gy: number): Bounds {
  const known = atLeast(volume, gy);
  return { low: known, high: known + (volume.volumeMm3 - volume.knownMm3) };
}

/** Samples have no width of their own: a volume of one dose is there in full up to that dose. */
function atLeast({ doseGy, hotterMm3, sampleMm3, knownMm3 }: DoseVolume, gy: number): number {
  const count = doseGy.length;
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((doseGy[middle] as number) >= gy) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === count) return knownMm3;
  const last = low - 1;
  return (hotterMm3[last] as number) + (sampleMm3[last] as number) / 2;
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
