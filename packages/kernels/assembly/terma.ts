// Energy released by the photons of a head, and the dose of its electrons, four voxels at a time: the compiled form of
// src/terma.ts, which says what is computed. terma-wasm.ts lays out what is pointed to here.

const lanes = f32x4(0, 1, 2, 3);
const zero = f32x4.splat(0);
const half = f32x4.splat(0.5);
const one = f32x4.splat(1);
/** Beyond this exponent nothing is left of the electrons: 1 in 10⁸. */
const gone = f32x4.splat(18.4);
/** 1 / ln 2, and the series of 2^f, to 3e−6 for f of −½ to ½. */
const octaves = f32x4.splat(1.44269504);
const octave1 = f32x4.splat(0.693147181), octave2 = f32x4.splat(0.240226507), octave3 = f32x4.splat(0.0555041087), octave4 = f32x4.splat(0.00961812911);

/**
 * One row after another of the grid.
 *
 * @param place   19 doubles: grid to collimator, 3 rows of 4, per voxel; sad; sides of a shadow at the isocenter; softening per mm;
 *                sad of the extra-focal; TERMA at the surface; what the electrons fade by per mm
 * @param maps    6 numbers each of primary, extra-focal and electrons: pixels per mm, centre of the first pixel x, y (floats); nx, ny,
 *                and a pointer: to the sums of the primary's pixels, doubles; to the others' values in a border of one pixel more
 * @param tables  3 numbers each of primary and extra-focal: steps per mm (float), last step, pointer to TERMA and hardening by turns
 */
export function releaseRows(place: usize, maps: usize, tables: usize, depthMm: usize, terma: usize, hardTerma: usize, electronDose: usize, nx: i32, ny: i32, fromZ: i32, toZ: i32): void {
  const xx = load<f64>(place), xy = load<f64>(place, 8), xz = load<f64>(place, 16), x0 = load<f64>(place, 24);
  const yx = load<f64>(place, 32), yy = load<f64>(place, 40), yz = load<f64>(place, 48), y0 = load<f64>(place, 56);
  const zx = load<f64>(place, 64), zy = load<f64>(place, 72), zz = load<f64>(place, 80), z0 = load<f64>(place, 88);
  const alongX = f32x4.mul(lanes, f32x4.splat(<f32>xx)), alongY = f32x4.mul(lanes, f32x4.splat(<f32>yx)), alongZ = f32x4.mul(lanes, f32x4.splat(<f32>zx));
  const sad = splat(place, 12), softening = splat(place, 15), extraSad = splat(place, 16), surface = splat(place, 17);
  const fading = f32x4.mul(splat(place, 18), octaves), goneOctaves = f32x4.mul(gone, octaves);
  const perMm = v128.load32_splat(maps);
  const cornerX = f32x4.sub(half, f32x4.mul(v128.load32_splat(maps, 4), perMm)), cornerY = f32x4.sub(half, f32x4.mul(v128.load32_splat(maps, 8), perMm));
  const sideX = f32x4.mul(f32x4.mul(half, splat(place, 13)), perMm), sideY = f32x4.mul(f32x4.mul(half, splat(place, 14)), perMm);
  // The inverse square over the area of the shadow, which grows by it too.
  const perArea = f32x4.div(f32x4.splat(0.25), f32x4.mul(sideX, sideY));
  const countX = load<i32>(maps, 12), countY = load<i32>(maps, 16);
  const endX = f32x4.splat(<f32>countX), endY = f32x4.splat(<f32>countY), lastX = i32x4.splat(countX - 1), lastY = i32x4.splat(countY - 1);
  const sums = <usize>load<u32>(maps, 20), stride = <usize>(countX + 1) << 3, strides = i32x4.splat(<i32>stride);
  const primaryPerMm = v128.load32_splat(tables), primaryEnd = f32x4.splat(<f32>load<i32>(tables, 4)), primaryLast = i32x4.splat(load<i32>(tables, 4) - 1);
  const extraPerMm = v128.load32_splat(tables, 12), extraEnd = f32x4.splat(<f32>load<i32>(tables, 16)), extraLast = i32x4.splat(load<i32>(tables, 16) - 1);
  const primaryTable = <usize>load<u32>(tables, 8), extraTable = <usize>load<u32>(tables, 20);
  for (let k = fromZ; k < toZ; k++) {
    for (let j = 0; j < ny; j++) {
      const rowX = xy * <f64>j + xz * <f64>k + x0, rowY = yy * <f64>j + yz * <f64>k + y0, rowZ = zy * <f64>j + zz * <f64>k + z0;
      let at = <usize>((k * ny + j) * nx) << 2;
      for (let i = 0; i < nx; i += 4, at += 16) {
        const x = f32x4.add(f32x4.splat(<f32>(rowX + xx * <f64>i)), alongX), y = f32x4.add(f32x4.splat(<f32>(rowY + yx * <f64>i)), alongY);
        const z = f32x4.add(f32x4.splat(<f32>(rowZ + zx * <f64>i)), alongZ);
        const depth = v128.load(depthMm + at);
        const before = f32x4.lt(z, sad);
        const scale = f32x4.div(sad, f32x4.sub(sad, z));
        const atX = f32x4.mul(x, scale), atY = f32x4.mul(y, scale);

        // The corners of the shadow among the sums.
        const u = f32x4.add(f32x4.mul(atX, perMm), cornerX), v = f32x4.add(f32x4.mul(atY, perMm), cornerY);
        const wide = f32x4.mul(sideX, scale), high = f32x4.mul(sideY, scale);
        const left = within(f32x4.sub(u, wide), zero, endX), right = within(f32x4.add(u, wide), zero, endX);
        const bottom = within(f32x4.sub(v, high), zero, endY), top = within(f32x4.add(v, high), zero, endY);
        const l = i32x4.min_s(i32x4.trunc_sat_f32x4_s(left), lastX), r = i32x4.min_s(i32x4.trunc_sat_f32x4_s(right), lastX);
        const b = i32x4.min_s(i32x4.trunc_sat_f32x4_s(bottom), lastY), t = i32x4.min_s(i32x4.trunc_sat_f32x4_s(top), lastY);
        const shareB = f32x4.sub(bottom, f32x4.convert_i32x4_s(b)), shareT = f32x4.sub(top, f32x4.convert_i32x4_s(t));
        const low = i32x4.mul(b, strides), tall = i32x4.mul(t, strides);
        const atL = i32x4.shl(l, 3), atR = i32x4.shl(r, 3);
        const toLeft = mixed4(sums, stride, i32x4.add(tall, atL), i32x4.add(low, atL), shareT, shareB, f32x4.sub(left, f32x4.convert_i32x4_s(l)));
        const toRight = mixed4(sums, stride, i32x4.add(tall, atR), i32x4.add(low, atR), shareT, shareB, f32x4.sub(right, f32x4.convert_i32x4_s(r)));
        const fluence = v128.and(f32x4.mul(f32x4.sub(toRight, toLeft), perArea), before);

        const radius = f32x4.sqrt(f32x4.add(f32x4.mul(atX, atX), f32x4.mul(atY, atY)));
        const steps = within(f32x4.mul(f32x4.mul(depth, f32x4.add(one, f32x4.mul(radius, softening))), primaryPerMm), zero, primaryEnd);
        const step = i32x4.min_s(i32x4.trunc_sat_f32x4_s(steps), primaryLast);
        const shareStep = f32x4.sub(steps, f32x4.convert_i32x4_s(step));
        const step01 = inTable01(primaryTable, step, shareStep), step23 = inTable23(primaryTable, step, shareStep);
        let released = f32x4.mul(fluence, v128.shuffle<f32>(step01, step23, 0, 1, 4, 5));
        let hard = f32x4.mul(released, v128.shuffle<f32>(step01, step23, 2, 3, 6, 7));

        const extraScale = f32x4.div(extraSad, f32x4.sub(extraSad, z));
        const extra = v128.and(f32x4.mul(f32x4.mul(extraScale, extraScale), smooth(maps + 24, f32x4.mul(x, extraScale), f32x4.mul(y, extraScale))), f32x4.lt(z, extraSad));
        if (v128.any_true(extra)) {
          const extraSteps = within(f32x4.mul(depth, extraPerMm), zero, extraEnd);
          const extraStep = i32x4.min_s(i32x4.trunc_sat_f32x4_s(extraSteps), extraLast);
          const extraShare = f32x4.sub(extraSteps, f32x4.convert_i32x4_s(extraStep));
          const extra01 = inTable01(extraTable, extraStep, extraShare), extra23 = inTable23(extraTable, extraStep, extraShare);
          const more = f32x4.mul(extra, v128.shuffle<f32>(extra01, extra23, 0, 1, 4, 5));
          released = f32x4.add(released, more);
          hard = f32x4.add(hard, f32x4.mul(more, v128.shuffle<f32>(extra01, extra23, 2, 3, 6, 7)));
        }

        const fades = f32x4.mul(depth, fading);
        const some = v128.and(before, f32x4.lt(fades, goneOctaves));
        let electron = zero;
        if (v128.any_true(some)) {
          const whole = f32x4.nearest(fades), part = f32x4.sub(whole, fades);
          const series = f32x4.add(one, f32x4.mul(part, f32x4.add(octave1, f32x4.mul(part, f32x4.add(octave2, f32x4.mul(part, f32x4.add(octave3, f32x4.mul(part, octave4))))))));
          const power = i32x4.shl(i32x4.sub(i32x4.splat(127), i32x4.trunc_sat_f32x4_s(whole)), 23);
          const remains = f32x4.mul(f32x4.mul(series, power), f32x4.mul(surface, f32x4.mul(scale, scale)));
          electron = v128.and(f32x4.mul(remains, smooth(maps + 48, atX, atY)), some);
        }
        if (i + 4 <= nx) {
          v128.store(terma + at, released);
          v128.store(hardTerma + at, hard);
          v128.store(electronDose + at, electron);
        } else {
          storeSome(terma + at, released, nx - i);
          storeSome(hardTerma + at, hard, nx - i);
          storeSome(electronDose + at, electron, nx - i);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function splat(doubles: usize, n: i32): v128 {
  return f32x4.splat(<f32>load<f64>(doubles + (<usize>n << 3)));
}

// @ts-ignore: decorator
@inline
function within(value: v128, least: v128, most: v128): v128 {
  return f32x4.pmin(most, f32x4.pmax(least, value));
}

// @ts-ignore: decorator
@inline
function mixed(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share));
}

/** Sums up to a side of four shadows, between their bottom and top: each between the two beside it in their rows. */
// @ts-ignore: decorator
@inline
function mixed4(sums: usize, stride: usize, top: v128, bottom: v128, shareT: v128, shareB: v128, share: v128): v128 {
  const t01 = f64x2.promote_low_f32x4(shareT), t23 = f64x2.promote_low_f32x4(v128.shuffle<f32>(shareT, shareT, 2, 3, 2, 3));
  const b01 = f64x2.promote_low_f32x4(shareB), b23 = f64x2.promote_low_f32x4(v128.shuffle<f32>(shareB, shareB, 2, 3, 2, 3));
  const first = strip(sums + <usize>i32x4.extract_lane(top, 0), sums + <usize>i32x4.extract_lane(bottom, 0), stride, v128.shuffle<f64>(t01, t01, 0, 0), v128.shuffle<f64>(b01, b01, 0, 0));
  const second = strip(sums + <usize>i32x4.extract_lane(top, 1), sums + <usize>i32x4.extract_lane(bottom, 1), stride, v128.shuffle<f64>(t01, t01, 1, 1), v128.shuffle<f64>(b01, b01, 1, 1));
  const third = strip(sums + <usize>i32x4.extract_lane(top, 2), sums + <usize>i32x4.extract_lane(bottom, 2), stride, v128.shuffle<f64>(t23, t23, 0, 0), v128.shuffle<f64>(b23, b23, 0, 0));
  const fourth = strip(sums + <usize>i32x4.extract_lane(top, 3), sums + <usize>i32x4.extract_lane(bottom, 3), stride, v128.shuffle<f64>(t23, t23, 1, 1), v128.shuffle<f64>(b23, b23, 1, 1));
  const pairs01 = v128.shuffle<f64>(first, second, 0, 2), pairs23 = v128.shuffle<f64>(third, fourth, 0, 2);
  return mixed(v128.shuffle<f32>(pairs01, pairs23, 0, 2, 4, 6), v128.shuffle<f32>(pairs01, pairs23, 1, 3, 5, 7), share);
}

/** Two neighbors' sums between two heights: their difference alone is small enough for a float. */
// @ts-ignore: decorator
@inline
function strip(top: usize, bottom: usize, stride: usize, shareT: v128, shareB: v128): v128 {
  const high = v128.load(top), low = v128.load(bottom);
  const toTop = f64x2.add(high, f64x2.mul(f64x2.sub(v128.load(top + stride), high), shareT));
  const toBottom = f64x2.add(low, f64x2.mul(f64x2.sub(v128.load(bottom + stride), low), shareB));
  return f32x4.demote_f64x2_zero(f64x2.sub(toTop, toBottom));
}

/** TERMA of two voxels, then their hardening, between two steps of a table. */
// @ts-ignore: decorator
@inline
function inTable01(table: usize, step: v128, share: v128): v128 {
  const one = v128.load(table + (<usize>i32x4.extract_lane(step, 0) << 3)), other = v128.load(table + (<usize>i32x4.extract_lane(step, 1) << 3));
  return mixed(v128.shuffle<f32>(one, other, 0, 4, 1, 5), v128.shuffle<f32>(one, other, 2, 6, 3, 7), v128.shuffle<f32>(share, share, 0, 1, 0, 1));
}

// @ts-ignore: decorator
@inline
function inTable23(table: usize, step: v128, share: v128): v128 {
  const one = v128.load(table + (<usize>i32x4.extract_lane(step, 2) << 3)), other = v128.load(table + (<usize>i32x4.extract_lane(step, 3) << 3));
  return mixed(v128.shuffle<f32>(one, other, 0, 4, 1, 5), v128.shuffle<f32>(one, other, 2, 6, 3, 7), v128.shuffle<f32>(share, share, 2, 3, 2, 3));
}

/** A smooth map at four places; 0 outside. */
// @ts-ignore: decorator
@inline
function smooth(map: usize, x: v128, y: v128): v128 {
  const perMm = v128.load32_splat(map);
  // Counted from the border.
  const u = f32x4.add(f32x4.mul(f32x4.sub(x, v128.load32_splat(map, 4)), perMm), one), v = f32x4.add(f32x4.mul(f32x4.sub(y, v128.load32_splat(map, 8)), perMm), one);
  const atU = within(u, half, f32x4.splat(<f32>load<i32>(map, 12) + <f32>0.5)), atV = within(v, half, f32x4.splat(<f32>load<i32>(map, 16) + <f32>0.5));
  const inside = v128.and(f32x4.eq(atU, u), f32x4.eq(atV, v));
  if (!v128.any_true(inside)) return zero;
  const stride = <usize>(load<i32>(map, 12) + 2) << 2;
  const values = <usize>load<u32>(map, 20);
  const i = i32x4.trunc_sat_f32x4_s(atU), j = i32x4.trunc_sat_f32x4_s(atV);
  const shareX = f32x4.sub(atU, f32x4.convert_i32x4_s(i)), shareY = f32x4.sub(atV, f32x4.convert_i32x4_s(j));
  const at = i32x4.add(i32x4.shl(i, 2), i32x4.mul(j, i32x4.splat(<i32>stride)));
  const p = values + <usize>i32x4.extract_lane(at, 0), q = values + <usize>i32x4.extract_lane(at, 1), r = values + <usize>i32x4.extract_lane(at, 2), s = values + <usize>i32x4.extract_lane(at, 3);
  const low01 = v128.load_lane<u64>(q, v128.load64_zero(p), 1), low23 = v128.load_lane<u64>(s, v128.load64_zero(r), 1);
  const high01 = v128.load_lane<u64>(q + stride, v128.load64_zero(p + stride), 1), high23 = v128.load_lane<u64>(s + stride, v128.load64_zero(r + stride), 1);
  const pairs01 = mixed(low01, high01, v128.shuffle<f32>(shareY, shareY, 0, 0, 1, 1)), pairs23 = mixed(low23, high23, v128.shuffle<f32>(shareY, shareY, 2, 2, 3, 3));
  return v128.and(mixed(v128.shuffle<f32>(pairs01, pairs23, 0, 2, 4, 6), v128.shuffle<f32>(pairs01, pairs23, 1, 3, 5, 7), shareX), inside);
}

/** The first few of four. */
function storeSome(at: usize, values: v128, count: i32): void {
  v128.store_lane<f32>(at, values, 0);
  if (count > 1) v128.store_lane<f32>(at + 4, values, 1);
  if (count > 2) v128.store_lane<f32>(at + 8, values, 2);
}
