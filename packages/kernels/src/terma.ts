/** Numbers in the plane of the isocenter, axes of the collimator; each is the mean over its square pixel; x fastest; 0 outside. */
export interface PlaneMap {
  readonly size: readonly [number, number];
  readonly spacingMm: number;
  /** Centre of the first pixel. */
  readonly originMm: readonly [number, number];
  readonly values: Float32Array;
}

/** TERMA per energy fluence and its hardening (0 at the surface), at each `stepMm` of water from 0 on. */
export interface TermaTable {
  readonly stepMm: number;
  readonly terma: Float32Array;
  readonly hardening: Float32Array;
}

export interface HeadOverGrid {
  readonly size: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  /** Water-equivalent depth of each voxel from the target, mm; length nx·ny·nz. */
  readonly depthMm: Float32Array;
  /** Three rows of four: from mm along the grid (origin at the centre of the first voxel) to the collimator at the isocenter, z to the target. */
  readonly collimatorFromGrid: ArrayLike<number>;
  /** From the target to the isocenter. */
  readonly sadMm: number;
  /** Photons of the target. `softeningPer100Mm`: relative rise of the water-equivalent depth per 100 mm off axis at the isocenter. */
  readonly primary: { readonly map: PlaneMap; readonly table: TermaTable; readonly softeningPer100Mm: number };
  /** Photons of the head, from a source `distanceMm` below the target. */
  readonly extraFocal: { readonly map: PlaneMap; readonly table: TermaTable; readonly distanceMm: number };
  /** Electrons of the head: dose at depth 0 relative to the primary TERMA there, fading by `ratePerMm` of water. */
  readonly electrons: { readonly map: PlaneMap; readonly ratePerMm: number };
}

export interface Released {
  /** Energy released per mass, primary and extra-focal. */
  readonly terma: Float32Array;
  /** The same, each part times its hardening. */
  readonly hardTerma: Float32Array;
  /** Dose of the head's electrons, in the unit of the TERMA. */
  readonly electronDose: Float32Array;
}

/**
 * Energy that the photons of the head release in every voxel, and the dose of its electrons.
 *
 * A map gives the fluence at points of the plane of the isocenter, whatever the angle of the ray through them; along that ray
 * fluence falls with the square of the distance from its source, which is the square of the distances along the axis. The
 * primary is the mean over the voxel's shadow: a rectangle along the collimator, exact where the voxel stands square to it, else
 * one of the same variance. Extra-focal photons and electrons are smooth and taken at the voxel's centre; both fade with
 * the depth from the target. Nothing is released behind a source.
 *
 * @returns per voxel, in the unit of map × table; length nx·ny·nz
 */
export function terma(input: HeadOverGrid): Released {
  const { size: [nx, ny, nz], spacingMm: [dx, dy, dz], depthMm, collimatorFromGrid, sadMm, primary, extraFocal, electrons } = input;
  const along = (row: 0 | 4 | 8, i: number, j: number, k: number) =>
    (collimatorFromGrid[row] as number) * i * dx + (collimatorFromGrid[row + 1] as number) * j * dy + (collimatorFromGrid[row + 2] as number) * k * dz + (collimatorFromGrid[row + 3] as number);
  const released = { terma: new Float32Array(depthMm.length), hardTerma: new Float32Array(depthMm.length), electronDose: new Float32Array(depthMm.length) };
  const sums = sumsOf(primary.map);
  const [shadowX, shadowY] = shadowMm(input);
  const extraSadMm = sadMm - extraFocal.distanceMm;
  const surface = primary.table.terma[0] as number;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const [x, y, z] = [along(0, i, j, k), along(4, i, j, k), along(8, i, j, k)];
        if (z >= sadMm) continue;
        const depth = depthMm[at] as number;
        const scale = sadMm / (sadMm - z);
        const [atX, atY] = [x * scale, y * scale];
        const fluence = meanOver(primary.map, sums, atX, atY, shadowX * scale, shadowY * scale) * scale ** 2;
        const softened = depth * (1 + (primary.softeningPer100Mm * Math.hypot(atX, atY)) / 100);
        let sum = fluence * inTable(primary.table.terma, softened / primary.table.stepMm);
        let hard = sum * hardnessAt(primary.table, softened);
        if (z < extraSadMm) {
          const extraScale = extraSadMm / (extraSadMm - z);
          const extra = bilinear(extraFocal.map, x * extraScale, y * extraScale) * extraScale ** 2 * inTable(extraFocal.table.terma, depth / extraFocal.table.stepMm);
          sum += extra;
          hard += extra * hardnessAt(extraFocal.table, depth);
        }
        released.terma[at] = sum;
        released.hardTerma[at] = hard;
        released.electronDose[at] = bilinear(electrons.map, atX, atY) * scale ** 2 * surface * Math.exp(-electrons.ratePerMm * depth);
      }
    }
  }
  return released;
}

/**
 * Sums of a map's pixels to the left and below each corner: (nx + 1)·(ny + 1), x fastest. Interpolated between corners they are
 * the integral of the map up to any point, px².
 */
export function sumsOf({ size: [nx, ny], values }: PlaneMap): Float64Array {
  const sums = new Float64Array((nx + 1) * (ny + 1));
  for (let y = 0; y < ny; y++) {
    let row = 0;
    for (let x = 0; x < nx; x++) {
      row += values[x + nx * y] as number;
      sums[x + 1 + (nx + 1) * (y + 1)] = row + (sums[x + 1 + (nx + 1) * y] as number);
    }
  }
  return sums;
}

/** Sides of a voxel's shadow along collimator x and y at the isocenter, mm: those of the rectangle with its variance, and never less than a pixel of the primary map. */
export function shadowMm({ spacingMm, collimatorFromGrid, primary }: Pick<HeadOverGrid, "spacingMm" | "collimatorFromGrid" | "primary">): readonly [number, number] {
  const side = (row: 0 | 4) => Math.hypot(...spacingMm.map((mm, axis) => mm * (collimatorFromGrid[row + axis] as number)));
  return [Math.max(side(0), primary.map.spacingMm), Math.max(side(4), primary.map.spacingMm)];
}

function meanOver(map: PlaneMap, sums: Float64Array, x: number, y: number, sideX: number, sideY: number): number {
  const { size: [nx, ny], spacingMm, originMm } = map;
  // Corners of pixels count from 0 at the outer corner of the first.
  const middleX = (x - originMm[0]) / spacingMm + 0.5;
  const middleY = (y - originMm[1]) / spacingMm + 0.5;
  const [halfX, halfY] = [sideX / spacingMm / 2, sideY / spacingMm / 2];
  const upTo = (cornerX: number, cornerY: number) => {
    const u = Math.min(nx, Math.max(0, cornerX));
    const v = Math.min(ny, Math.max(0, cornerY));
    const i = Math.min(nx - 1, Math.floor(u));
    const j = Math.min(ny - 1, Math.floor(v));
    const at = i + (nx + 1) * j;
    const below = mixed(sums[at] as number, sums[at + 1] as number, u - i);
    const above = mixed(sums[at + nx + 1] as number, sums[at + nx + 2] as number, u - i);
    return mixed(below, above, v - j);
  };
  const sum =
    upTo(middleX + halfX, middleY + halfY) - upTo(middleX - halfX, middleY + halfY) - upTo(middleX + halfX, middleY - halfY) + upTo(middleX - halfX, middleY - halfY);
  return sum / (4 * halfX * halfY);
}

/** A smooth map between the centres of its pixels; level in the outer half of its border pixels, 0 beyond. */
function bilinear({ size: [nx, ny], spacingMm, originMm, values }: PlaneMap, x: number, y: number): number {
  const u = (x - originMm[0]) / spacingMm;
  const v = (y - originMm[1]) / spacingMm;
  if (!(u >= -0.5 && v >= -0.5 && u <= nx - 0.5 && v <= ny - 0.5)) return 0;
  const i = Math.min(Math.max(0, nx - 2), Math.max(0, Math.floor(u)));
  const j = Math.min(Math.max(0, ny - 2), Math.max(0, Math.floor(v)));
  const shareX = nx < 2 ? 0 : Math.min(1, Math.max(0, u - i));
  const shareY = ny < 2 ? 0 : Math.min(1, Math.max(0, v - j));
  const at = i + nx * j;
  const [right, up] = [nx < 2 ? 0 : 1, ny < 2 ? 0 : nx];
  const below = mixed(values[at] as number, values[at + right] as number, shareX);
  const above = mixed(values[at + up] as number, values[at + up + right] as number, shareX);
  return mixed(below, above, shareY);
}

/** TERMA between two steps; beyond the table it falls on as from the last but one to the last. */
function inTable(values: Float32Array, at: number): number {
  const last = values.length - 1;
  const end = values[last] as number;
  if (at >= last) return end <= 0 || last === 0 ? end : end * (end / (values[last - 1] as number)) ** (at - last);
  const i = Math.floor(at);
  return mixed(values[i] as number, values[i + 1] as number, at - i);
}

/** Hardening between two steps; beyond the table its last. */
function hardnessAt({ stepMm, hardening }: TermaTable, depthMm: number): number {
  const last = hardening.length - 1;
  const at = Math.min(depthMm / stepMm, last);
  const i = Math.min(Math.max(0, last - 1), Math.floor(at));
  return last === 0 ? (hardening[0] as number) : mixed(hardening[i] as number, hardening[i + 1] as number, at - i);
}

function mixed(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
