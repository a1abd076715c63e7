// Collapsed cones, four lines at a time: the compiled form of src/cone-dose.ts, which says what is computed. cone-dose-wasm.ts
// lays out what is pointed to here. Rows of voxels are `pitch` floats long, a multiple of 4, and are given by their number.
// What the sweeps read of four voxels lies together: density, energy released, its hardened part, nearness; 16 floats.

const zero = f32x4.splat(0);

/**
 * Lays out what the sweeps read: the density with its floor, the energy released per volume, its hardened part, and one over the
 * distance before the source, along the axis. Also what is densest on each plane, and where each row releases energy: its first
 * voxel and the one after its last, both 0 where none does.
 *
 * @param place  10 floats: voxel spacing (x, y, z), source (x, y, z), axis (x, y, z), least density; mm
 */
export function coneDepart(place: usize, density: usize, terma: usize, hardTerma: usize, voxels: usize, densest: usize, extents: usize, nx: i32, ny: i32, pitch: i32, fromZ: i32, toZ: i32): void {
  const sx = load<f32>(place), sy = load<f32>(place, 4), sz = load<f32>(place, 8);
  const ox = load<f32>(place, 12), oy = load<f32>(place, 16), oz = load<f32>(place, 20);
  const ax = load<f32>(place, 24), ay = load<f32>(place, 28), az = load<f32>(place, 32);
  const least = f32x4.splat(load<f32>(place, 36));
  const lanes = f32x4(0, 1, 2, 3);
  for (let z = fromZ; z < toZ; z++) {
    let most = least;
    for (let y = 0; y < ny; y++) {
      const row = z * ny + y;
      let at = (<usize>row * nx) << 2;
      let to = voxels + ((<usize>row * pitch) << 4);
      const before = f32x4.splat((<f32>y * sy - oy) * ay + (<f32>z * sz - oz) * az - ox * ax);
      for (let x = 0; x < pitch; x += 4, at += 16, to += 64) {
        // The end of a row may be no multiple of 4: what is read of the next row must not be released here.
        const within = i32x4.lt_s(i32x4.add(i32x4.splat(x), i32x4(0, 1, 2, 3)), i32x4.splat(nx));
        const mass = f32x4.max(least, v128.and(within, v128.load(density + at)));
        most = f32x4.max(most, mass);
        const distance = f32x4.add(before, f32x4.mul(f32x4.add(f32x4.splat(<f32>x), lanes), f32x4.splat(sx * ax)));
        v128.store(to, mass);
        v128.store(to, f32x4.mul(v128.and(within, v128.load(terma + at)), mass), 16);
        v128.store(to, f32x4.mul(v128.and(within, v128.load(hardTerma + at)), mass), 32);
        v128.store(to, v128.and(f32x4.div(f32x4.splat(1), distance), f32x4.gt(distance, zero)), 48);
      }
    }
    store<f32>(densest + (<usize>z << 2), max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))));
  }
  coneExtents(voxels, extents, pitch, fromZ * ny, toZ * ny);
}

/** Where each row releases energy: its first voxel and the one after its last, of groups of 4; both 0 where none does. */
export function coneExtents(voxels: usize, extents: usize, pitch: i32, fromRow: i32, toRow: i32): void {
  for (let row = fromRow; row < toRow; row++) {
    let at = voxels + ((<usize>row * pitch) << 4);
    let first = 0, end = 0;
    for (let x = 0; x < pitch; x += 4, at += 64) {
      if (!v128.any_true(v128.or(f32x4.ne(v128.load(at, 16), zero), f32x4.ne(v128.load(at, 32), zero)))) continue;
      if (end == 0) first = x;
      end = x + 4;
    }
    store<i32>(extents + (<usize>row << 3), first);
    store<i32>(extents + (<usize>row << 3), end, 4);
  }
}

/** Copies planes x, y of a volume to planes y, x. From group to group of 4 voxels there are `step` bytes: 64 of what the sweeps read, 16 of a dose. */
export function coneTranspose(from: usize, to: usize, nx: i32, ny: i32, fromPitch: i32, toPitch: i32, step: i32, fromZ: i32, toZ: i32): void {
  const fromRow = <usize>((fromPitch >> 2) * step), toRow = <usize>((toPitch >> 2) * step);
  for (let z = fromZ; z < toZ; z++) {
    for (let y = 0; y < toPitch; y += 4) {
      for (let x = 0; x < fromPitch; x += 4) {
        const source = from + <usize>(z * ny + y) * fromRow + <usize>((x >> 2) * step);
        const a = y < ny ? v128.load(source) : zero;
        const b = y + 1 < ny ? v128.load(source + fromRow) : zero;
        const c = y + 2 < ny ? v128.load(source + 2 * fromRow) : zero;
        const d = y + 3 < ny ? v128.load(source + 3 * fromRow) : zero;
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        const target = to + <usize>(z * nx + x) * toRow + <usize>((y >> 2) * step);
        if (x < nx) v128.store(target, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
        if (x + 1 < nx) v128.store(target + toRow, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
        if (x + 2 < nx) v128.store(target + 2 * toRow, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
        if (x + 3 < nx) v128.store(target + 3 * toRow, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
      }
    }
  }
}

/**
 * Adds to `dose` what one cone brings. Rows of lines are followed from plane to plane, so that what they carry stays in the
 * nearest cache; lines that carry nothing yet are passed over.
 *
 * @param cone     floats: shares of the parts, 3 unhardened and 3 that hardening adds, each times its rate and way and halved, the second of each
 *                 halved twice; α and β times way;
 *                 tilt: 1 − tilt · cos on the axis, then tilt · direction · (voxel − source) at voxel 0 and its change per voxel
 *                 across, per row of lines and per plane; then 8 numbers of the inner loop: h(x) on 0 … 1 and on 0 … 0.1, ½, 1
 * @param offsets  for each plane how far the lines have moved along the row, in voxels; then how many rows they have moved
 * @param states   room for what the lines of a row carry: 3 times `lines` floats, a multiple of 4
 * @param shift    number of the line that starts on the first voxel of a row
 * @param row0     row of line row 0 on the first plane; `rowAcross`, `rowAlong`: from there to the next row of lines, to the next plane
 * @param halvings how often α times way times density is halved to be no more than 1; `betaHalvings` β, to be no more than 0.1
 */
export function coneSweep(
  cone: usize, offsets: usize, extents: usize, states: usize, voxels: usize, dose: usize,
  nx: i32, pitch: i32, lines: i32, shift: i32, rows: i32, planes: i32, row0: i32, rowAcross: i32, rowAlong: i32, halvings: i32, betaHalvings: i32,
): void {
  const rowMoves = offsets + (<usize>planes << 2);
  const lastMove = load<i32>(rowMoves + (<usize>(planes - 1) << 2));
  const firstLine = min(0, -lastMove);
  const endLine = firstLine + rows + abs(lastMove);
  for (let line = firstLine; line < endLine; line++) {
    memory.fill(states, 0, (<usize>lines * 3) << 2);
    // Of the row of lines, those from `first` to before `end` carry something.
    let first = i32.MAX_VALUE, end = i32.MIN_VALUE;
    for (let k = 0; k < planes; k++) {
      const across = line + load<i32>(rowMoves + (<usize>k << 2));
      if (across < 0 || across >= rows) continue;
      const row = row0 + across * rowAcross + k * rowAlong;
      const move = load<i32>(offsets + (<usize>k << 2));
      const releasesTo = load<i32>(extents + (<usize>row << 3), 4);
      if (releasesTo != 0) {
        first = min(first, load<i32>(extents + (<usize>row << 3)) - move);
        end = max(end, releasesTo - move);
      }
      if (end <= first) continue;
      const x = max(0, first + move) & ~3;
      const endX = min(nx, end + move);
      if (x >= endX) continue;
      const at = (<usize>row * pitch + x) << 2;
      const from = voxels + (at << 2), into = dose + at;
      const state = states + (<usize>(x - move + shift) << 2);
      const count = <usize>(endX - x) << 2;
      const tilt = load<f32>(cone, 36) + <f32>x * load<f32>(cone, 40) + <f32>across * load<f32>(cone, 44) + <f32>k * load<f32>(cone, 48);
      if (betaHalvings == 0 && halvings == 0) follow(cone, state, <usize>lines << 2, from, into, count, tilt, 0, 0);
      else if (betaHalvings == 0 && halvings == 1) follow(cone, state, <usize>lines << 2, from, into, count, tilt, 1, 0);
      else follow(cone, state, <usize>lines << 2, from, into, count, tilt, halvings, betaHalvings);
    }
  }
}

/**
 * Steps the lines of one row through one plane.
 *
 * With h(x) = (1 − (1 − e^−x) / x) / x = Σ (−x)^n / (n + 2)!, the mean of the exponential over a step is g = 1 − x h, and what a
 * step absorbs of S passing and P released is x (S g + P h): a polynomial, no division, nothing lost where x is small.
 */
// @ts-ignore: decorator
@inline
function follow(
  cone: usize, state: usize, stride: usize, voxels: usize, dose: usize, count: usize, tiltAtStart: f32, halvings: i32, betaHalvings: i32,
): void {
  // Constants come from memory, once per row: written here they would be made anew at every step.
  const wide0 = v128.load32_splat(cone, 52), wide1 = v128.load32_splat(cone, 56), wide2 = v128.load32_splat(cone, 60), wide3 = v128.load32_splat(cone, 64);
  const short0 = v128.load32_splat(cone, 68), short1 = v128.load32_splat(cone, 72);
  const half = v128.load32_splat(cone, 76), one = v128.load32_splat(cone, 80);
  const a1 = v128.load32_splat(cone), a2 = v128.load32_splat(cone, 4), a3 = v128.load32_splat(cone, 8);
  const b1 = v128.load32_splat(cone, 12), b2 = v128.load32_splat(cone, 16), b3 = v128.load32_splat(cone, 20);
  const alpha = f32x4.mul(v128.load32_splat(cone, 24), f32x4.splat(1 / <f32>(1 << halvings)));
  const beta = f32x4.mul(v128.load32_splat(cone, 28), f32x4.splat(1 / <f32>(1 << betaHalvings)));
  const untilted = v128.load32_splat(cone, 32);
  const perVoxel = load<f32>(cone, 40);
  let tilt = f32x4.add(f32x4.splat(tiltAtStart), f32x4.mul(f32x4.splat(perVoxel), f32x4(0, 1, 2, 3)));
  const perStep = f32x4.splat(4 * perVoxel);
  const stride2 = stride << 1;
  for (const end = dose + count; dose < end; dose += 16, voxels += 64, state += 16) {
    const mass = v128.load(voxels);
    // 1 + t + t²/2 = (1 + (1 + t)²) / 2; the half is in the shares.
    const leaning = f32x4.add(untilted, f32x4.mul(tilt, v128.load(voxels, 48)));
    const tilted = f32x4.add(one, f32x4.mul(leaning, leaning));
    tilt = f32x4.add(tilt, perStep);
    const released = f32x4.mul(v128.load(voxels, 16), tilted);
    const hardened = f32x4.mul(v128.load(voxels, 32), tilted);

    let x = f32x4.mul(alpha, mass);
    // In two halves that do not wait for each other: a step is as long as its longest chain.
    let h = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(wide3, x), wide2), f32x4.mul(x, x)), f32x4.add(f32x4.mul(wide1, x), wide0));
    let g = f32x4.sub(one, f32x4.mul(x, h));
    if (halvings > 0) for (let n = 0; n < halvings; n++) {
      // 2 h(2x) = h(x) + g(x)² / 2.
      h = f32x4.mul(half, f32x4.add(h, f32x4.mul(half, f32x4.mul(g, g))));
      x = f32x4.add(x, x);
      g = f32x4.sub(one, f32x4.mul(x, h));
    }
    const s1 = v128.load(state);
    const p1 = f32x4.add(f32x4.mul(released, a1), f32x4.mul(hardened, b1));
    const d1 = f32x4.add(f32x4.mul(s1, g), f32x4.mul(p1, h));
    v128.store(state, f32x4.sub(f32x4.add(s1, p1), f32x4.mul(x, d1)));

    // The second part fades at twice the rate, one doubling more: 2 h(2x) = h + g²/2. Half of what it carries is kept, so that
    // neither the doubled x nor h itself is needed.
    h = f32x4.add(h, f32x4.mul(half, f32x4.mul(g, g)));
    g = f32x4.sub(one, f32x4.mul(x, h));
    const s2 = v128.load(state + stride);
    const p2 = f32x4.add(f32x4.mul(released, a2), f32x4.mul(hardened, b2));
    const d2 = f32x4.add(f32x4.mul(s2, f32x4.add(g, g)), f32x4.mul(p2, h));
    v128.store(state + stride, f32x4.sub(f32x4.add(s2, p2), f32x4.mul(x, d2)));

    x = f32x4.mul(beta, mass);
    h = f32x4.add(f32x4.mul(short1, x), short0);
    g = f32x4.sub(one, f32x4.mul(x, h));
    if (betaHalvings > 0) for (let n = 0; n < betaHalvings; n++) {
      h = f32x4.mul(half, f32x4.add(h, f32x4.mul(half, f32x4.mul(g, g))));
      x = f32x4.add(x, x);
      g = f32x4.sub(one, f32x4.mul(x, h));
    }
    const s3 = v128.load(state + stride2);
    const p3 = f32x4.add(f32x4.mul(released, a3), f32x4.mul(hardened, b3));
    const d3 = f32x4.add(f32x4.mul(s3, g), f32x4.mul(p3, h));
    v128.store(state + stride2, f32x4.sub(f32x4.add(s3, p3), f32x4.mul(x, d3)));

    v128.store(dose, f32x4.add(v128.load(dose), f32x4.add(f32x4.add(d1, d2), d3)));
  }
}

/** Sets `length` floats to 0. */
export function coneClear(dose: usize, length: i32): void {
  memory.fill(dose, 0, <usize>length << 2);
}

/** Adds to `dose` the `count` volumes of `length` floats that lie one after another at `others`, from float `from` to before `to`, multiples of 4. */
export function coneSum(dose: usize, others: usize, count: i32, length: i32, from: i32, to: i32): void {
  const step = <usize>length << 2;
  for (let at = <usize>from << 2, end = <usize>to << 2; at < end; at += 16) {
    let sum = v128.load(dose + at);
    for (let n: usize = 0; n < <usize>count; n++) sum = f32x4.add(sum, v128.load(others + n * step + at));
    v128.store(dose + at, sum);
  }
}
