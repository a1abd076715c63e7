// Water-equivalent depth along the rays of a beam: the compiled form of src/water-depth.ts, which says what is computed.
// water-depth-wasm.ts lays out what is pointed to here. Voxels are counted from the near corner of the first: a centre is at i + 0.5.

/**
 * Depths of the voxels whose rays lie between two rows of the fan, a row apart from them included. Each call has its own sums, so
 * that calls beside each other share nothing but the density.
 *
 * @param fan     14 doubles: the source along a, b, c in voxels; the first slope and what is between rays along a, and along b; voxel
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
      let column = ((0.5 - sa) / centre - firstA) / apartA;
      let u = (0.5 - sa) / centre;
      let at = <usize>(k * strideC + j * strideB) << 2;
      const aslant = Math.abs(v) > 1;
      for (let i = 0; i < na; i++, column += overA, u += 1 / centre, at += <usize>strideA << 2) {
        const m = <i32>column;
        const shareA = <f32>(column - <f64>m);
        const place = sums + (<usize>m << 2);
        const below = load<f32>(place), right = load<f32>(place, 4);
        const above = load<f32>(place + (<usize>rays << 2)), corner = load<f32>(place + (<usize>rays << 2), 4);
        const low = below + (right - below) * shareA;
        const high = above + (corner - above) * shareA;
        const own = aslant || Math.abs(u) > 1
          ? alongSlab(plane, na, nb, strideA, strideB, <f64>i + 0.5 - 0.5 * u, <f64>i + 0.5, <f64>j + 0.5 - 0.5 * v, <f64>j + 0.5)
          : load<f32>(density + at);
        const planes = low + (high - low) * shareB + <f32>0.5 * own;
        store<f32>(depth + at, planes * <f32>(spacing * Math.sqrt(across + (u * perA) * (u * perA))));
      }
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
          raysThroughRow(sums, plane + (<usize>(j * strideB) << 2), na, <usize>strideA << 2, sa, firstA, apartA, enters + reached, enters + until, fromM, toM);
        }
        if (next >= 1) break;
        reached = next;
        j += v > 0 ? 1 : -1;
        next += 1 / Math.abs(v);
      }
    }
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
  const way = <f32>(leaves - enters);
  const per0 = apartA * enters, per1 = apartA * leaves;
  let a0 = sa + (firstA + <f64>insideFrom * apartA) * enters;
  let a1 = sa + (firstA + <f64>insideFrom * apartA) * leaves;
  for (let m = insideFrom; m <= insideTo; m++, a0 += per0, a1 += per1) {
    const at = sums + (<usize>m << 2);
    const i0 = <i32>a0, i1 = <i32>a1;
    const one = load<f32>(row + <usize>i0 * stride);
    if (i0 == i1) {
      store<f32>(at, load<f32>(at) + way * one);
      continue;
    }
    const other = load<f32>(row + <usize>i1 * stride);
    const apart = i1 - i0;
    if (apart == 1 || apart == -1) {
      const face = <f64>(apart == 1 ? i1 : i0);
      const share = <f32>((face - a0) / (a1 - a0));
      store<f32>(at, load<f32>(at) + way * (other + (one - other) * share));
    } else addAlongRow(sums, m, row, na, stride, sa, firstA, apartA, enters, leaves);
  }
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
