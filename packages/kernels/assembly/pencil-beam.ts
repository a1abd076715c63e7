// Pencil beams without a matrix: the compiled form of src/pencil-beam.ts, which says what is computed.
// A pixel of a field's maps is one v128: the four maps, which on their way through the transforms are two complex numbers. The
// fluence is a plane of complex numbers, two pixels to a v128. Rows lie `pitch` v128 apart, one more than they hold, so that a
// column does not fall on a few lines of the cache.

/** 2 · 2 numbers of two rows exchanged, so that a v128 holds one pixel of both. */
// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 { return v128.shuffle<i64>(a, b, 0, 2); }
// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 { return v128.shuffle<i64>(a, b, 1, 3); }

/** Real and imaginary parts exchanged. */
// @ts-ignore: decorator
@inline
function exchanged(a: v128): v128 { return v128.shuffle<i32>(a, a, 1, 0, 3, 2); }

/** Times the complex number at `turn`: its real part four times, then its imaginary part with signs −, +, −, +. */
// @ts-ignore: decorator
@inline
function turned(a: v128, turn: usize): v128 {
  return f32x4.add(f32x4.mul(a, v128.load(turn)), f32x4.mul(exchanged(a), v128.load(turn, 16)));
}

/**
 * Stockham's passes over one line of n v128; the plan holds their number, their radices (32 bytes), a quarter turn (16 bytes),
 * that times sin 60° (16 bytes), and for each pass, place and output but the first the turn of it (32 bytes).
 *
 * @returns where the result lies: `line` or `spare`
 */
function transformLine(line: usize, spare: usize, n: i32, plan: usize): usize {
  const passes = load<i32>(plan);
  const quarter = v128.load(plan, 32);
  const third = v128.load(plan, 48);
  let turn = plan + 64;
  let from = line;
  let to = spare;
  let left = n;
  let stride: usize = 16;
  for (let pass = 0; pass < passes; pass++) {
    const radix = load<i32>(plan + 4 + (<usize>pass << 2));
    left /= radix;
    const apart = <usize>left * stride;
    let a = from;
    let y = to;
    for (let p = 0; p < left; p++) {
      const end = a + stride;
      if (radix == 4) {
        for (; a < end; a += 16, y += 16) {
          const x0 = v128.load(a);
          const x1 = v128.load(a + apart);
          const x2 = v128.load(a + 2 * apart);
          const x3 = v128.load(a + 3 * apart);
          const even = f32x4.add(x0, x2);
          const odd = f32x4.add(x1, x3);
          const difference = f32x4.sub(x0, x2);
          const across = f32x4.mul(exchanged(f32x4.sub(x1, x3)), quarter);
          v128.store(y, f32x4.add(even, odd));
          if (p == 0) {
            v128.store(y + stride, f32x4.add(difference, across));
            v128.store(y + 2 * stride, f32x4.sub(even, odd));
            v128.store(y + 3 * stride, f32x4.sub(difference, across));
          } else {
            v128.store(y + stride, turned(f32x4.add(difference, across), turn));
            v128.store(y + 2 * stride, turned(f32x4.sub(even, odd), turn + 32));
            v128.store(y + 3 * stride, turned(f32x4.sub(difference, across), turn + 64));
          }
        }
        y += 3 * stride;
        turn += 96;
      } else if (radix == 3) {
        for (; a < end; a += 16, y += 16) {
          const x0 = v128.load(a);
          const x1 = v128.load(a + apart);
          const x2 = v128.load(a + 2 * apart);
          const sum = f32x4.add(x1, x2);
          const middle = f32x4.sub(x0, f32x4.mul(sum, f32x4.splat(0.5)));
          const across = f32x4.mul(exchanged(f32x4.sub(x1, x2)), third);
          v128.store(y, f32x4.add(x0, sum));
          if (p == 0) {
            v128.store(y + stride, f32x4.add(middle, across));
            v128.store(y + 2 * stride, f32x4.sub(middle, across));
          } else {
            v128.store(y + stride, turned(f32x4.add(middle, across), turn));
            v128.store(y + 2 * stride, turned(f32x4.sub(middle, across), turn + 32));
          }
        }
        y += 2 * stride;
        turn += 64;
      } else {
        for (; a < end; a += 16, y += 16) {
          const x0 = v128.load(a);
          const x1 = v128.load(a + apart);
          v128.store(y, f32x4.add(x0, x1));
          v128.store(y + stride, turned(f32x4.sub(x0, x1), turn));
        }
        y += stride;
        turn += 32;
      }
    }
    const read = from;
    from = to;
    to = read;
    stride *= <usize>radix;
  }
  return from;
}

/** Transforms lines of v128, `step` apart; the n numbers of a line lie `apart` from each other. `work` holds 2n v128. */
function transformLines(at: usize, step: usize, lines: i32, n: i32, apart: usize, plan: usize, work: usize): void {
  const spare = work + (<usize>n << 4);
  for (let l = 0; l < lines; l++, at += step) {
    let x = at;
    for (let i: usize = 0, end = <usize>n << 4; i < end; i += 16, x += apart) v128.store(work + i, v128.load(x));
    const result = transformLine(work, spare, n, plan);
    x = at;
    for (let i: usize = 0, end = <usize>n << 4; i < end; i += 16, x += apart) v128.store(x, v128.load(result + i));
  }
}

/** Transforms rows of a plane of complex numbers, two at a time. */
function transformRows(at: usize, rowBytes: usize, rows: i32, n: i32, plan: usize, work: usize): void {
  const spare = work + (<usize>n << 4);
  for (let j = 0; j < rows; j += 2, at += 2 * rowBytes) {
    const other = at + rowBytes;
    for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
      const a = v128.load(at + i);
      const b = v128.load(other + i);
      v128.store(work + 2 * i, low(a, b));
      v128.store(work + 2 * i, high(a, b), 16);
    }
    const result = transformLine(work, spare, n, plan);
    for (let i: usize = 0, end = <usize>n << 3; i < end; i += 16) {
      const a = v128.load(result + 2 * i);
      const b = v128.load(result + 2 * i, 16);
      v128.store(at + i, low(a, b));
      v128.store(other + i, high(a, b));
    }
  }
}

/**
 * Maps of a field from the weights of its bixels.
 *
 * @param plans     of nx forward, nx backward, ny forward, ny backward: four pointers
 * @param rows      first row and number of rows with bixels, then those that voxels see; even
 * @param open      fluence of a pixel where its bixel has weight 1, nx·ny
 * @param spectra   v128 per frequency, divided by nx·ny
 * @param maps      out: ny rows of nx + 1 v128
 * @param fluence   a thread's own plane: ny rows of nx + 2 complex numbers
 * @param work      a thread's own 2 · max(nx, ny) v128
 */
export function pencilConvolve(nx: i32, ny: i32, plans: usize, rows: usize, bixels: usize, bixelCount: i32, pixels: i32, open: usize, spectra: usize, weights: usize, maps: usize, fluence: usize, work: usize): void {
  const planeRow = <usize>(nx + 2) << 3;
  const mapRow = <usize>(nx + 1) << 4;
  memory.fill(fluence, 0, planeRow * <usize>ny);
  for (let b = 0; b < bixelCount; b++) {
    const first = load<i32>(bixels + (<usize>b << 2));
    const weight = load<f32>(weights + (<usize>b << 2));
    const j0 = first / nx;
    const i0 = first - j0 * nx;
    for (let j = j0; j < j0 + pixels; j++) {
      for (let i = i0; i < i0 + pixels; i++) {
        const at = fluence + <usize>j * planeRow + (<usize>i << 3);
        store<f32>(at, load<f32>(at) + weight * load<f32>(open + (<usize>(j * nx + i) << 2)));
      }
    }
  }
  transformRows(fluence + <usize>load<i32>(rows) * planeRow, planeRow, load<i32>(rows, 4), nx, load<usize>(plans), work);
  transformLines(fluence, 16, nx >> 1, ny, planeRow, load<usize>(plans, 8), work);
  const signs = f32x4(-1, 1, -1, 1);
  for (let j = 0; j < ny; j++) {
    let from = fluence + <usize>j * planeRow;
    let to = maps + <usize>j * mapRow;
    for (const end = to + mapRow - 16; to < end; to += 16, from += 8, spectra += 16) {
      const kernels = v128.load(spectra);
      const real = f32x4.mul(v128.load32_splat(from), kernels);
      const imaginary = f32x4.mul(v128.load32_splat(from, 4), f32x4.mul(exchanged(kernels), signs));
      v128.store(to, f32x4.add(real, imaginary));
    }
  }
  transformLines(maps, 16, nx, ny, mapRow, load<usize>(plans, 12), work);
  transformLines(maps + <usize>load<i32>(rows, 8) * mapRow, mapRow, load<i32>(rows, 12), nx, 16, load<usize>(plans, 4), work);
}

/**
 * Adds what a field gives to the voxels from `first` on, four parts of a voxel in a v128.
 *
 * @param positions  u, v of each voxel, pixels
 * @param factors    v128 per voxel
 * @param parts      v128 per voxel, the voxel `first` first
 */
function gatherField(nx: i32, positions: usize, factors: usize, maps: usize, first: i32, count: i32, parts: usize): void {
  const mapRow = <usize>(nx + 1) << 4;
  let position = positions + (<usize>first << 3);
  let factor = factors + (<usize>first << 4);
  for (const end = parts + (<usize>count << 4); parts < end; parts += 16, position += 8, factor += 16) {
    const place = v128.load64_zero(position);
    const whole = i32x4.trunc_sat_f32x4_s(place);
    const share = f32x4.sub(place, f32x4.convert_i32x4_s(whole));
    const at = maps + <usize>i32x4.extract_lane(whole, 1) * mapRow + (<usize>i32x4.extract_lane(whole, 0) << 4);
    const right = v128.shuffle<i32>(share, share, 0, 0, 0, 0);
    const down = v128.shuffle<i32>(share, share, 1, 1, 1, 1);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at + mapRow);
    const d = v128.load(at + mapRow, 16);
    const upper = f32x4.add(a, f32x4.mul(right, f32x4.sub(b, a)));
    const lower = f32x4.add(c, f32x4.mul(right, f32x4.sub(d, c)));
    const value = f32x4.add(upper, f32x4.mul(down, f32x4.sub(lower, upper)));
    v128.store(parts, f32x4.add(v128.load(parts), f32x4.mul(value, v128.load(factor))));
  }
}

const blockVoxels: i32 = 1024;

/**
 * Dose of some voxels from the maps of all fields.
 *
 * @param fields  per field nx, and pointers of positions, factors and maps
 * @param parts   a thread's own 1024 v128
 */
export function pencilGather(fields: usize, fieldCount: i32, first: i32, count: i32, parts: usize, dose: usize): void {
  const last = first + count;
  for (let block = first; block < last; block += blockVoxels) {
    const voxels = min(blockVoxels, last - block);
    memory.fill(parts, 0, <usize>voxels << 4);
    for (let f = 0; f < fieldCount; f++) {
      const field = fields + (<usize>f << 4);
      gatherField(load<i32>(field), load<usize>(field, 4), load<usize>(field, 8), load<usize>(field, 12), block, voxels, parts);
    }
    for (let v = 0; v < voxels; v++) {
      const part = v128.load(parts + (<usize>v << 4));
      const pair = f32x4.add(part, v128.shuffle<i64>(part, part, 1, 0));
      store<f32>(dose + (<usize>(block + v) << 2), f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1));
    }
  }
}

/** The transpose of a field's share in `pencilGather`, then that of `pencilConvolve`: for each bixel its sum. */
export function pencilAdjoint(nx: i32, ny: i32, plans: usize, rows: usize, bixels: usize, bixelCount: i32, pixels: i32, open: usize, spectra: usize, positions: usize, factors: usize, gradient: usize, voxelCount: i32, result: usize, maps: usize, fluence: usize, work: usize): void {
  const planeRow = <usize>(nx + 2) << 3;
  const mapRow = <usize>(nx + 1) << 4;
  memory.fill(maps, 0, mapRow * <usize>ny);
  for (const end = gradient + (<usize>voxelCount << 2); gradient < end; gradient += 4, positions += 8, factors += 16) {
    const place = v128.load64_zero(positions);
    const whole = i32x4.trunc_sat_f32x4_s(place);
    const share = f32x4.sub(place, f32x4.convert_i32x4_s(whole));
    const at = maps + <usize>i32x4.extract_lane(whole, 1) * mapRow + (<usize>i32x4.extract_lane(whole, 0) << 4);
    const right = v128.shuffle<i32>(share, share, 0, 0, 0, 0);
    const down = v128.shuffle<i32>(share, share, 1, 1, 1, 1);
    const value = f32x4.mul(v128.load32_splat(gradient), v128.load(factors));
    const lower = f32x4.mul(value, down);
    const upper = f32x4.sub(value, lower);
    const upperRight = f32x4.mul(upper, right);
    const lowerRight = f32x4.mul(lower, right);
    v128.store(at, f32x4.add(v128.load(at), f32x4.sub(upper, upperRight)));
    v128.store(at, f32x4.add(v128.load(at, 16), upperRight), 16);
    v128.store(at + mapRow, f32x4.add(v128.load(at + mapRow), f32x4.sub(lower, lowerRight)));
    v128.store(at + mapRow, f32x4.add(v128.load(at + mapRow, 16), lowerRight), 16);
  }
  transformLines(maps + <usize>load<i32>(rows, 8) * mapRow, mapRow, load<i32>(rows, 12), nx, 16, load<usize>(plans), work);
  transformLines(maps, 16, nx, ny, mapRow, load<usize>(plans, 8), work);
  const signs = f32x4(1, -1, 1, -1);
  for (let j = 0; j < ny; j++) {
    let from = maps + <usize>j * mapRow;
    let to = fluence + <usize>j * planeRow;
    for (const end = from + mapRow - 16; from < end; from += 16, to += 8, spectra += 16) {
      const value = v128.load(from);
      const kernels = v128.load(spectra);
      const real = f32x4.mul(value, kernels);
      const imaginary = f32x4.mul(exchanged(value), f32x4.mul(kernels, signs));
      // Sums of lanes: real parts into lane 0, imaginary into lane 1.
      const halves = f32x4.add(v128.shuffle<i32>(real, imaginary, 0, 4, 2, 6), v128.shuffle<i32>(real, imaginary, 1, 5, 3, 7));
      v128.store64_lane(to, f32x4.add(halves, v128.shuffle<i64>(halves, halves, 1, 0)), 0);
    }
  }
  transformLines(fluence, 16, nx >> 1, ny, planeRow, load<usize>(plans, 12), work);
  transformRows(fluence + <usize>load<i32>(rows) * planeRow, planeRow, load<i32>(rows, 4), nx, load<usize>(plans, 4), work);
  for (let b = 0; b < bixelCount; b++) {
    const first = load<i32>(bixels + (<usize>b << 2));
    const j0 = first / nx;
    const i0 = first - j0 * nx;
    let sum: f32 = 0;
    for (let j = j0; j < j0 + pixels; j++) {
      for (let i = i0; i < i0 + pixels; i++) {
        sum += load<f32>(fluence + <usize>j * planeRow + (<usize>i << 3)) * load<f32>(open + (<usize>(j * nx + i) << 2));
      }
    }
    store<f32>(result + (<usize>b << 2), sum);
  }
}
