/** Values of a volume, x fastest, then y, then z; a voxel is worth `values[i] · slope + intercept`. */
export interface Sampled {
  readonly values: Int16Array | Uint16Array | Float32Array;
  readonly size: readonly [number, number, number];
  readonly slope?: number;
  readonly intercept?: number;
}

export interface SliceOptions {
  /** Default trilinear. */
  readonly interpolation?: "trilinear" | "nearest";
  /** What stands outside of the volume; default NaN, unknown. */
  readonly beyond?: number;
  /** Written into instead of a new array. */
  readonly out?: Float32Array;
}

/** A voxel coordinate this close to a whole number is one: inverted matrices leave that much. */
const whole = 1e-6;

/**
 * A plane through a volume. The body of a voxel reaches half a voxel around its center: between the outermost centers
 * and the faces the outermost value holds, past the faces it is `beyond`. A neighbor of no weight is not read, so that
 * NaN spreads no farther than the voxels that touch it.
 *
 * @param voxelFromScreen  3 × 4 matrix, row by row: voxel counts from px, (0, 0) the center of the first pixel
 * @param width            px
 * @param height           px
 * @returns                width × height values, x fastest
 */
export function slice(volume: Sampled, voxelFromScreen: Float64Array, width: number, height: number, options: SliceOptions = {}): Float32Array {
  const out = options.out ?? new Float32Array(width * height);
  const nearest = options.interpolation === "nearest";
  const slope = volume.slope ?? 1;
  const intercept = volume.intercept ?? 0;
  const raw = options.beyond === undefined ? Number.NaN : (options.beyond - intercept) / slope;
  const axes = separated(volume.size, voxelFromScreen, width, height, nearest);
  if (axes === undefined) oblique(volume, voxelFromScreen, width, height, nearest, raw, out);
  else aligned(volume.values, axes, width, height, raw, out);
  if (slope !== 1 || intercept !== 0) {
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * slope + intercept;
  }
  return out;
}

/** Where the samples of one axis lie: the voxel below, −1 outside; the step to the one above, 0 where it has no weight; its weight. */
interface Places {
  /** Elements from one voxel to the next. */
  readonly stride: number;
  /** Voxels across, elements along the other two. */
  readonly below: Int32Array;
  readonly step: Int32Array;
  readonly weight: Float64Array;
}

interface Separated {
  readonly across: Places;
  readonly down: Places;
  readonly through: Places;
}

/** The places of an axis-aligned plane, each axis of the screen along an axis of the volume; undefined otherwise. */
function separated(size: Sampled["size"], m: Float64Array, width: number, height: number, nearest: boolean): Separated | undefined {
  const still = whole / Math.max(width, height);
  const strides = [1, size[0], size[0] * size[1]];
  const places: Partial<Record<"across" | "down" | "through", Places>> = {};
  for (const axis of [0, 1, 2] as const) {
    const [right = 0, below = 0, , start = 0] = m.subarray(4 * axis);
    const [alongX, alongY] = [Math.abs(right) > still, Math.abs(below) > still];
    if (alongX && alongY) return undefined;
    const role = alongX ? "across" : alongY ? "down" : "through";
    if (places[role] !== undefined) return undefined;
    const [count, move] = alongX ? [width, right] : alongY ? [height, below] : [1, 0];
    places[role] = placesAlong(size[axis], strides[axis] as number, role === "across" ? 1 : (strides[axis] as number), start, move, count, nearest);
  }
  return places as Separated;
}

function placesAlong(length: number, stride: number, counted: number, start: number, move: number, count: number, nearest: boolean): Places {
  const places = { stride, below: new Int32Array(count).fill(-1), step: new Int32Array(count), weight: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const at = start + i * move;
    if (!(at >= -0.5 - whole && at <= length - 0.5 + whole)) continue;
    const clamped = Math.min(Math.max(at, 0), length - 1);
    const rounded = Math.round(clamped);
    const settled = nearest || Math.abs(clamped - rounded) < whole;
    const low = settled ? rounded : Math.floor(clamped);
    places.below[i] = low * counted;
    if (settled) continue;
    places.step[i] = counted;
    places.weight[i] = clamped - low;
  }
  return places;
}

/**
 * Row by row: the lines of voxels above, below, before and behind are first mixed to one line, which the pixels of the
 * row then read.
 */
function aligned(values: Sampled["values"], { across, down, through }: Separated, width: number, height: number, beyond: number, out: Float32Array): void {
  const base = through.below[0] as number;
  if (base < 0) return void out.fill(beyond);
  const stride = across.stride;
  const [first, last] = reach(across);
  const line = new Float64Array(Math.max(last - first, 0) + 2);
  for (let y = 0, o = 0; y < height; y++, o += width) {
    const row = down.below[y] as number;
    if (row < 0) {
      out.fill(beyond, o, o + width);
      continue;
    }
    mixLine(values, base + row + first * stride, stride, last - first + 1, down.step[y] as number, down.weight[y] as number, through.step[0] as number, through.weight[0] as number, line);
    for (let x = 0; x < width; x++) {
      const column = across.below[x] as number;
      if (column < 0) {
        out[o + x] = beyond;
        continue;
      }
      const i = column - first;
      const a = line[i] as number;
      out[o + x] = across.step[x] === 0 ? a : a + ((line[i + 1] as number) - a) * (across.weight[x] as number);
    }
  }
}

/** First and last voxel of an axis that its samples read. */
function reach({ below, step }: Places): [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (let i = 0; i < below.length; i++) {
    const low = below[i] as number;
    if (low < 0) continue;
    first = Math.min(first, low);
    last = Math.max(last, low + (step[i] === 0 ? 0 : 1));
  }
  return last < 0 ? [0, -1] : [first, last];
}

/** A line of voxels, mixed with its neighbors one step down and one step through; a step of 0 has no neighbor. */
function mixLine(values: Sampled["values"], start: number, stride: number, count: number, down: number, v: number, through: number, w: number, line: Float64Array): void {
  for (let n = 0, i = start; n < count; n++, i += stride) {
    let a = values[i] as number;
    if (down !== 0) a += ((values[i + down] as number) - a) * v;
    if (through !== 0) {
      let b = values[i + through] as number;
      if (down !== 0) b += ((values[i + through + down] as number) - b) * v;
      a += (b - a) * w;
    }
    line[n] = a;
  }
}

function bilinear(values: Sampled["values"], i: number, dx: number, dy: number, u: number, v: number): number {
  const a = values[i] as number;
  const b = values[i + dx] as number;
  const c = values[i + dy] as number;
  const d = values[i + dx + dy] as number;
  const top = a + (b - a) * u;
  const bottom = c + (d - c) * u;
  return top + (bottom - top) * v;
}

function oblique(volume: Sampled, m: Float64Array, width: number, height: number, nearest: boolean, beyond: number, out: Float32Array): void {
  const { values, size: [nx, ny, nz] } = volume;
  const [ax = 0, ay = 0, , at = 0, bx = 0, by = 0, , bt = 0, cx = 0, cy = 0, , ct = 0] = m;
  const [lastX, lastY, lastZ] = [nx - 1, ny - 1, nz - 1];
  const plane = nx * ny;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      let px = ax * x + ay * y + at;
      let py = bx * x + by * y + bt;
      let pz = cx * x + cy * y + ct;
      if (!(px >= -0.5 && py >= -0.5 && pz >= -0.5 && px <= lastX + 0.5 && py <= lastY + 0.5 && pz <= lastZ + 0.5)) {
        out[o] = beyond;
        continue;
      }
      px = px < 0 ? 0 : px > lastX ? lastX : px;
      py = py < 0 ? 0 : py > lastY ? lastY : py;
      pz = pz < 0 ? 0 : pz > lastZ ? lastZ : pz;
      if (nearest) {
        out[o] = values[Math.round(px) + nx * Math.round(py) + plane * Math.round(pz)] as number;
        continue;
      }
      const [i, j, k] = [Math.floor(px + whole), Math.floor(py + whole), Math.floor(pz + whole)];
      const [u, v, w] = [px - i, py - j, pz - k];
      const at0 = i + nx * j + plane * k;
      const dx = u > whole ? 1 : 0;
      const dy = v > whole ? nx : 0;
      const near = bilinear(values, at0, dx, dy, dx === 0 ? 0 : u, dy === 0 ? 0 : v);
      out[o] = w > whole ? near + (bilinear(values, at0 + plane, dx, dy, dx === 0 ? 0 : u, dy === 0 ? 0 : v) - near) * w : near;
    }
  }
}
