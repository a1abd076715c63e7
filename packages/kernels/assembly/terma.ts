// Energy released by the photons of a head, and the dose of its electrons: the compiled form of src/terma.ts, which says what is
// computed. terma-wasm.ts lays out what is pointed to here.

/**
 * One row after another of the grid.
 *
 * @param place   23 doubles: grid to collimator, 3 rows of 4, per voxel; sad; sides of a shadow; softening per mm; sad of the
 *                extra-focal; TERMA at the surface; of the tables of primary, extra-focal and electrons: steps per mm
 * @param primary sums of the map's pixels, doubles
 * @param tables  3 pointers to tables and their last steps: TERMA and hardening by turns, twice; and what is left of the electrons
 * @param maps    9 doubles: of each map one over the spacing, and the first centre x, y
 * @param sizes   of each map nx, ny; the smooth ones have a border of one pixel more
 */
export function releaseRows(
  place: usize, maps: usize, sizes: usize, primary: usize, extraFocal: usize, electrons: usize, tables: usize,
  depthMm: usize, terma: usize, hardTerma: usize, electronDose: usize, nx: i32, ny: i32, fromZ: i32, toZ: i32,
): void {
  const xx = load<f64>(place), xy = load<f64>(place, 8), xz = load<f64>(place, 16), x0 = load<f64>(place, 24);
  const yx = load<f64>(place, 32), yy = load<f64>(place, 40), yz = load<f64>(place, 48), y0 = load<f64>(place, 56);
  const zx = load<f64>(place, 64), zy = load<f64>(place, 72), zz = load<f64>(place, 80), z0 = load<f64>(place, 88);
  const sad = load<f64>(place, 96), halfX = load<f64>(place, 104) / 2, halfY = load<f64>(place, 112) / 2;
  const softening = load<f64>(place, 120), extraSad = load<f64>(place, 128), surface = load<f64>(place, 136);
  const primarySteps = load<f64>(place, 144), extraSteps = load<f64>(place, 152), electronSteps = load<f64>(place, 160);
  const primaryTable = <usize>load<u32>(tables), primaryLast = load<i32>(tables, 4);
  const extraTable = <usize>load<u32>(tables, 8), extraLast = load<i32>(tables, 12);
  const electronTable = <usize>load<u32>(tables, 16), electronLast = load<i32>(tables, 20);
  for (let k = fromZ; k < toZ; k++) {
    for (let j = 0; j < ny; j++) {
      const rowX = xy * <f64>j + xz * <f64>k + x0;
      const rowY = yy * <f64>j + yz * <f64>k + y0;
      const rowZ = zy * <f64>j + zz * <f64>k + z0;
      let at = <usize>((k * ny + j) * nx) << 2;
      for (let i = 0; i < nx; i++, at += 4) {
        const x = rowX + xx * <f64>i, y = rowY + yx * <f64>i, z = rowZ + zx * <f64>i;
        let sum: f64 = 0, hard: f64 = 0, electron: f64 = 0;
        if (z < sad) {
          const depth = <f64>load<f32>(depthMm + at);
          const scale = sad / (sad - z);
          const atX = x * scale, atY = y * scale, nearer = scale * scale;
          const mean = meanOver(maps, sizes, primary, atX, atY, halfX * scale, halfY * scale);
          if (mean != 0) {
            const steps = min(depth * (1 + softening * Math.sqrt(atX * atX + atY * atY)) * primarySteps, <f64>primaryLast);
            const step = min(<i32>steps, primaryLast - 1);
            const share = steps - <f64>step;
            const entry = primaryTable + (<usize>step << 3);
            sum = mean * nearer * mixed(load<f32>(entry), load<f32>(entry, 8), share);
            hard = sum * mixed(load<f32>(entry, 4), load<f32>(entry, 12), share);
          }
          if (z < extraSad) {
            const extraScale = extraSad / (extraSad - z);
            const fluence = smooth(maps + 24, sizes + 8, extraFocal, x * extraScale, y * extraScale);
            const steps = min(depth * extraSteps, <f64>extraLast);
            const step = min(<i32>steps, extraLast - 1);
            const share = steps - <f64>step;
            const entry = extraTable + (<usize>step << 3);
            const extra = fluence * extraScale * extraScale * mixed(load<f32>(entry), load<f32>(entry, 8), share);
            sum += extra;
            hard += extra * mixed(load<f32>(entry, 4), load<f32>(entry, 12), share);
          }
          const faded = depth * electronSteps;
          if (faded < <f64>electronLast) {
            const step = <i32>faded;
            const entry = electronTable + (<usize>step << 2);
            electron = smooth(maps + 48, sizes + 16, electrons, atX, atY) * nearer * surface * mixed(load<f32>(entry), load<f32>(entry, 4), faded - <f64>step);
          }
        }
        store<f32>(terma + at, <f32>sum);
        store<f32>(hardTerma + at, <f32>hard);
        store<f32>(electronDose + at, <f32>electron);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function mixed(a: f32, b: f32, share: f64): f64 {
  return <f64>a + (<f64>b - <f64>a) * share;
}

/** Mean of the primary over a shadow. */
// @ts-ignore: decorator
@inline
function meanOver(map: usize, sizes: usize, sums: usize, x: f64, y: f64, halfSideX: f64, halfSideY: f64): f64 {
  const perMm = load<f64>(map);
  const nx = load<i32>(sizes), ny = load<i32>(sizes, 4);
  const middleX = (x - load<f64>(map, 8)) * perMm + 0.5, middleY = (y - load<f64>(map, 16)) * perMm + 0.5;
  const halfX = halfSideX * perMm, halfY = halfSideY * perMm;
  const left = min(<f64>nx, max(0, middleX - halfX)), right = min(<f64>nx, max(0, middleX + halfX));
  const bottom = min(<f64>ny, max(0, middleY - halfY)), top = min(<f64>ny, max(0, middleY + halfY));
  if (left == right || bottom == top) return 0;
  const l = min(nx - 1, <i32>left), r = min(nx - 1, <i32>right);
  const b = min(ny - 1, <i32>bottom), t = min(ny - 1, <i32>top);
  const shareL = left - <f64>l, shareR = right - <f64>r;
  const stride = <usize>(nx + 1) << 3;
  const low = sums + <usize>b * stride, high = sums + <usize>t * stride;
  const sum =
    between(high, stride, l, r, shareL, shareR, top - <f64>t) -
    between(low, stride, l, r, shareL, shareR, bottom - <f64>b);
  return sum / (4 * halfX * halfY);
}

/** What lies below a height between two places. */
// @ts-ignore: decorator
@inline
function between(row: usize, stride: usize, l: i32, r: i32, shareL: f64, shareR: f64, share: f64): f64 {
  const left = row + (<usize>l << 3), right = row + (<usize>r << 3);
  const below = load<f64>(right) + (load<f64>(right, 8) - load<f64>(right)) * shareR - load<f64>(left) - (load<f64>(left, 8) - load<f64>(left)) * shareL;
  const nextLeft = left + stride, nextRight = right + stride;
  const above = load<f64>(nextRight) + (load<f64>(nextRight, 8) - load<f64>(nextRight)) * shareR - load<f64>(nextLeft) - (load<f64>(nextLeft, 8) - load<f64>(nextLeft)) * shareL;
  return below + (above - below) * share;
}

/** A smooth map between its centres; 0 outside. */
// @ts-ignore: decorator
@inline
function smooth(map: usize, sizes: usize, values: usize, x: f64, y: f64): f64 {
  const perMm = load<f64>(map);
  const u = (x - load<f64>(map, 8)) * perMm, v = (y - load<f64>(map, 16)) * perMm;
  const nx = load<i32>(sizes), ny = load<i32>(sizes, 4);
  if (!(u >= -0.5 && v >= -0.5 && u <= <f64>nx - 0.5 && v <= <f64>ny - 0.5)) return 0;
  // One more for the border.
  const i = <i32>(u + 1), j = <i32>(v + 1);
  const shareX = u + 1 - <f64>i, shareY = v + 1 - <f64>j;
  const stride = <usize>(nx + 2) << 2;
  const at = values + <usize>j * stride + (<usize>i << 2);
  const below = mixed(load<f32>(at), load<f32>(at, 4), shareX);
  const above = mixed(load<f32>(at + stride), load<f32>(at + stride, 4), shareX);
  return below + (above - below) * shareY;
}
