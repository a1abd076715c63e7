// Water-equivalent depth along the rays of a beam: the compiled form of src/water-depth.ts, which says what is computed.
// water-depth-wasm.ts lays out what is pointed to here. Voxels are counted from the near corner of the first: a centre is at i + 0.5.

const lanes = f32x4(0, 1, 2, 3);
const half = f32x4.splat(0.5);

/**
 * Depths of the voxels whose rays lie between two rows of the fan, a row apart from them included. Each call has its own sums, so
 * that calls beside each other share nothing but the density.
 *
 * @param fan     10 doubles: the source along a, b, c in voxels; the first slope and what is between rays along a, and along b; voxel
 *                spacing along c, and those along a and b by it
 * @param passed  room for (toRow - fromRow + 1) · rays floats
 */
export function depthAlongRays(
  fan: usize, density: usize, depth: usize, passed: usize,
  na: i32, nb: i32, nc: i32, strideA: i32, strideB: i32, strideC: i32, ascending: i32, rays: i32, fromRow: i32, toRow: i32,
): void {
  const sa = load<f64>(fan) + 0.5, sb = load<f64>(fan, 8) + 0.5, sc = load<f64>(fan, 16);
  const firstA = load<f64>(fan, 24), apartA = load<f64>(fan, 32), firstB = load<f64>(fan, 40), apartB = load<f64>(fan, 48);
  const spacing = load<f64>(fan, 56), perA = load<f64>(fan, 64), perB = load<f64>(fan, 72);
  memory.fill(passed, 0, (<usize>(toRow - fromRow + 1) * rays) << 2);
  for (let step = 0; step < nc; step++) {
    const k = ascending ? step : nc - 1 - step;
    const plane = density + (<usize>(k * strideC) << 2);
    const centre = Math.abs(<f64>k - sc);
    // Voxels of the plane, from what has been passed before it.
    const overA = 1 / centre / apartA;
    for (let j = 0; j < nb; j++) {
      const v = (<f64>j + 0.5 - sb) / centre;
      const row = (v - firstB) / apartB;
      const n = <i32>Math.floor(row);
      if (n < fromRow || n >= toRow) continue;
      const shareB = <f32>(row - <f64>n);
      const sums = passed + ((<usize>(n - fromRow) * rays) << 2);
      const across = 1 + (v * perB) * (v * perB);
      const perVoxel = 1 / centre;
      const u0 = (0.5 - sa) / centre;
      const row4 = f32x4.splat(shareB), across4 = f32x4.splat(<f32>across), spacing4 = f32x4.splat(<f32>spacing);
      const next = <usize>rays << 2;
      const line = <usize>(k * strideC + j * strideB) << 2;
      // A ray aslant comes from a neighbor into its voxel's own half; those of the grid's border, and few others, are asked for one by one.
      const plain = Math.abs(v) <= 1;
      let i = 0;
      for (; i + 4 <= na; i += 4) {
        const u = u0 + <f64>i * perVoxel;
        const least = min(u, u + 3 * perVoxel), most = max(u, u + 3 * perVoxel);
        const aslant = least < -1 || most > 1;
        if (!plain || (aslant && (i == 0 || i + 4 == na || least < -3 || most > 3 || least * most < 0))) {
          for (let lane = 0; lane < 4; lane++) depthOf(plane, depth + (<usize>(k * strideC) << 2), sums, next, na, nb, strideA, strideB, i + lane, j, u + <f64>lane * perVoxel, v, firstA, apartA, shareB, across, spacing, perA);
          continue;
        }
        const column = f32x4.add(f32x4.splat(<f32>((u - firstA) / apartA)), f32x4.mul(lanes, f32x4.splat(<f32>overA)));
        const m = i32x4.trunc_sat_f32x4_s(column);
        const share = f32x4.sub(column, f32x4.convert_i32x4_s(m));
        const p = sums + (<usize>i32x4.extract_lane(m, 0) << 2), q = sums + (<usize>i32x4.extract_lane(m, 1) << 2);
        const r = sums + (<usize>i32x4.extract_lane(m, 2) << 2), s = sums + (<usize>i32x4.extract_lane(m, 3) << 2);
        const below01 = v128.load_lane<u64>(q, v128.load64_zero(p), 1), below23 = v128.load_lane<u64>(s, v128.load64_zero(r), 1);
        const above01 = v128.load_lane<u64>(q + next, v128.load64_zero(p + next), 1), above23 = v128.load_lane<u64>(s + next, v128.load64_zero(r + next), 1);
        const at01 = f32x4.add(below01, f32x4.mul(f32x4.sub(above01, below01), row4));
        const at23 = f32x4.add(below23, f32x4.mul(f32x4.sub(above23, below23), row4));
        const left = v128.shuffle<f32>(at01, at23, 0, 2, 4, 6), right = v128.shuffle<f32>(at01, at23, 1, 3, 5, 7);
        const passedBefore = f32x4.add(left, f32x4.mul(f32x4.sub(right, left), share));
        const at = line + (<usize>(i * strideA) << 2);
        const step = <usize>strideA << 2;
        const slopes = f32x4.add(f32x4.splat(<f32>u), f32x4.mul(lanes, f32x4.splat(<f32>perVoxel)));
        let own = four(density + at, strideA);
        if (aslant) {
          const neighbors = four(u > 0 ? density + at - step : density + at + step, strideA);
          const share = f32x4.max(f32x4.splat(0), f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(1), f32x4.abs(slopes))));
          own = f32x4.add(own, f32x4.mul(f32x4.sub(neighbors, own), share));
        }
        const slope = f32x4.mul(slopes, f32x4.splat(<f32>perA));
        const secant = f32x4.sqrt(f32x4.add(across4, f32x4.mul(slope, slope)));
        const deep = f32x4.mul(f32x4.mul(f32x4.add(passedBefore, f32x4.mul(half, own)), secant), spacing4);
        if (strideA == 1) v128.store(depth + at, deep);
        else {
          v128.store_lane<f32>(depth + at, deep, 0);
          v128.store_lane<f32>(depth + at + step, deep, 1);
          v128.store_lane<f32>(depth + at + 2 * step, deep, 2);
          v128.store_lane<f32>(depth + at + 3 * step, deep, 3);
        }
      }
      for (; i < na; i++) depthOf(plane, depth + (<usize>(k * strideC) << 2), sums, next, na, nb, strideA, strideB, i, j, u0 + <f64>i * perVoxel, v, firstA, apartA, shareB, across, spacing, perA);
    }
    // Rays through the plane: those of a row cross its rows of voxels at the same depths.
    const enters = centre - 0.5, leaves = centre + 0.5;
    const fromM = max(0, <i32>Math.floor((min(-sa / enters, -sa / leaves) - firstA) / apartA));
    const toM = min(rays - 1, <i32>Math.ceil((max((<f64>na - sa) / enters, (<f64>na - sa) / leaves) - firstA) / apartA));
    const fromN = max(fromRow, <i32>Math.floor((min(-sb / enters, -sb / leaves) - firstB) / apartB));
    const toN = min(toRow, <i32>Math.ceil((max((<f64>nb - sb) / enters, (<f64>nb - sb) / leaves) - firstB) / apartB));
    for (let n = fromN; n <= toN; n++) {
      const v = firstB + <f64>n * apartB;
      const b0 = sb + v * enters;
      const sums = passed + ((<usize>(n - fromRow) * rays) << 2);
      let j = <i32>Math.floor(b0);
      let next = v > 0 ? (<f64>(j + 1) - b0) / v : v < 0 ? (<f64>j - b0) / v : Infinity;
      let reached: f64 = 0;
      while (true) {
        const until = min(next, 1);
        if (j >= 0 && j < nb && until > reached) {
          const row = plane + (<usize>(j * strideB) << 2), way = until - reached;
          // Rays that meet no more than one face on the way, and on both sides of them those that go in parts, so that they do too.
          const first = max(fromM, <i32>Math.ceil((-1 / way - firstA) / apartA)), last = min(toM, <i32>Math.floor((1 / way - firstA) / apartA));
          raysThroughRow(sums, row, na, <usize>strideA << 2, sa, firstA, apartA, enters + reached, enters + until, first, last);
          inParts(sums, row, na, <usize>strideA << 2, sa, firstA, apartA, enters + reached, way, fromM, min(toM, first - 1));
          inParts(sums, row, na, <usize>strideA << 2, sa, firstA, apartA, enters + reached, way, max(fromM, max(first, last + 1)), toM);
        }
        if (next >= 1) break;
        reached = next;
        j += v > 0 ? 1 : -1;
        next += 1 / Math.abs(v);
      }
    }
  }
}

/** Depth of one voxel, whose own half its ray may share with neighbors. */
function depthOf(
  plane: usize, depth: usize, sums: usize, next: usize, na: i32, nb: i32, strideA: i32, strideB: i32, i: i32, j: i32, u: f64, v: f64,
  firstA: f64, apartA: f64, shareB: f32, across: f64, spacing: f64, perA: f64,
): void {
  const column = (u - firstA) / apartA;
  const m = <i32>column;
  const shareA = <f32>(column - <f64>m);
  const place = sums + (<usize>m << 2);
  const left = load<f32>(place) + (load<f32>(place + next) - load<f32>(place)) * shareB;
  const right = load<f32>(place, 4) + (load<f32>(place + next, 4) - load<f32>(place, 4)) * shareB;
  const own = alongSlab(plane, na, nb, strideA, strideB, <f64>i + 0.5 - 0.5 * u, <f64>i + 0.5, <f64>j + 0.5 - 0.5 * v, <f64>j + 0.5);
  const planes = left + (right - left) * shareA + <f32>0.5 * own;
  store<f32>(depth + (<usize>(i * strideA + j * strideB) << 2), planes * <f32>(spacing * Math.sqrt(across + (u * perA) * (u * perA))));
}

// @ts-ignore: decorator
@inline
function gathered(a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load_lane<f32>(d, v128.load_lane<f32>(c, v128.load_lane<f32>(b, v128.load32_zero(a), 1), 2), 3);
}

/** Four neighbors of a row. */
// @ts-ignore: decorator
@inline
function four(at: usize, stride: i32): v128 {
  const step = <usize>stride << 2;
  return stride == 1 ? v128.load(at) : gathered(at, at + step, at + 2 * step, at + 3 * step);
}

/** Four voxels of a row. */
// @ts-ignore: decorator
@inline
function fourOf(row: usize, stride: usize, i: v128): v128 {
  return gathered(
    row + <usize>i32x4.extract_lane(i, 0) * stride, row + <usize>i32x4.extract_lane(i, 1) * stride,
    row + <usize>i32x4.extract_lane(i, 2) * stride, row + <usize>i32x4.extract_lane(i, 3) * stride,
  );
}

/** The same for steep rays, in parts of the way. */
function inParts(sums: usize, row: usize, na: i32, stride: usize, sa: f64, firstA: f64, apartA: f64, enters: f64, way: f64, fromM: i32, toM: i32): void {
  if (toM < fromM) return;
  const parts = Math.ceil(way * max(Math.abs(firstA + <f64>fromM * apartA), Math.abs(firstA + <f64>toM * apartA)));
  for (let part: f64 = 0; part < parts; part++) {
    const from = enters + (way * part) / parts;
    raysThroughRow(sums, row, na, stride, sa, firstA, apartA, from, from + way / parts, fromM, toM);
  }
}

/** Adds to rays `fromM` to `toM` what they pass of one row of voxels between two distances from the source. */
function raysThroughRow(sums: usize, row: usize, na: i32, stride: usize, sa: f64, firstA: f64, apartA: f64, enters: f64, leaves: f64, fromM: i32, toM: i32): void {
  // Those that are inside the row all the way; the few others ask at each step.
  const low = max(-sa / enters, -sa / leaves) - firstA, high = min((<f64>na - sa) / enters, (<f64>na - sa) / leaves) - firstA;
  const insideFrom = min(toM + 1, max(fromM, <i32>Math.ceil(low / apartA) + 1));
  const insideTo = max(insideFrom - 1, min(toM, <i32>Math.floor(high / apartA) - 1));
  for (let m = fromM; m < insideFrom; m++) addAlongRow(sums, m, row, na, stride, sa, firstA, apartA, enters, leaves);
  for (let m = insideTo + 1; m <= toM; m++) addAlongRow(sums, m, row, na, stride, sa, firstA, apartA, enters, leaves);
  const way = f32x4.splat(<f32>(leaves - enters));
  const along0 = f32x4.mul(lanes, f32x4.splat(<f32>(apartA * enters))), along1 = f32x4.mul(lanes, f32x4.splat(<f32>(apartA * leaves)));
  let m = insideFrom;
  for (; m + 3 <= insideTo; m += 4) {
    const u = firstA + <f64>m * apartA;
    const a0 = f32x4.add(f32x4.splat(<f32>(sa + u * enters)), along0), a1 = f32x4.add(f32x4.splat(<f32>(sa + u * leaves)), along1);
    const i0 = i32x4.trunc_sat_f32x4_s(a0), i1 = i32x4.trunc_sat_f32x4_s(a1);
    const one = fourOf(row, stride, i0), other = fourOf(row, stride, i1);
    // Those that cross a face have their share before it of the first voxel; of the others both voxels are one.
    const face = f32x4.convert_i32x4_s(i32x4.max_s(i0, i1));
    const share = v128.and(f32x4.div(f32x4.sub(face, a0), f32x4.sub(a1, a0)), i32x4.ne(i0, i1));
    const mean = f32x4.add(other, f32x4.mul(f32x4.sub(one, other), share));
    const at = sums + (<usize>m << 2);
    v128.store(at, f32x4.add(v128.load(at), f32x4.mul(way, mean)));
  }
  for (; m <= insideTo; m++) addAlongRow(sums, m, row, na, stride, sa, firstA, apartA, enters, leaves);
}

function addAlongRow(sums: usize, m: i32, row: usize, na: i32, stride: usize, sa: f64, firstA: f64, apartA: f64, enters: f64, leaves: f64): void {
  const u = firstA + <f64>m * apartA;
  const mean = alongSlab(row, na, 1, <i32>(stride >> 2), 0, sa + u * enters, sa + u * leaves, 0.5, 0.5);
  const at = sums + (<usize>m << 2);
  store<f32>(at, load<f32>(at) + <f32>(leaves - enters) * mean);
}

/** Mean density along a line inside a plane of voxels, from a0, b0 to a1, b1; nothing beyond the grid's edge. */
function alongSlab(plane: usize, na: i32, nb: i32, strideA: i32, strideB: i32, a0: f64, a1: f64, b0: f64, b1: f64): f32 {
  let i = <i32>Math.floor(a0), j = <i32>Math.floor(b0);
  const da = a1 - a0, db = b1 - b0;
  let nextA = da > 0 ? (<f64>(i + 1) - a0) / da : da < 0 ? (<f64>i - a0) / da : Infinity;
  let nextB = db > 0 ? (<f64>(j + 1) - b0) / db : db < 0 ? (<f64>j - b0) / db : Infinity;
  let sum: f64 = 0, reached: f64 = 0;
  while (true) {
    const until = min(min(nextA, nextB), 1);
    if (i >= 0 && j >= 0 && i < na && j < nb) sum += (until - reached) * <f64>load<f32>(plane + (<usize>(i * strideA + j * strideB) << 2));
    if (until >= 1) return <f32>sum;
    reached = until;
    if (nextA <= nextB) {
      i += da > 0 ? 1 : -1;
      nextA += 1 / Math.abs(da);
    } else {
      j += db > 0 ? 1 : -1;
      nextB += 1 / Math.abs(db);
    }
  }
}
