import { fourier2Of } from "./fourier.ts";

/** Lateral kernels of a pencil beam: two to a complex transform. */
export const pencilRank = 4;

/** One beam: its fluence in the plane of the isocenter, and what each voxel sees of it. */
export interface PencilField {
  /**
   * Pixels of the map, nx and ny, products of 2 and 3 and multiples of 4. Convolutions go around its edges: as many pixels as
   * field and voxels span together keep them apart.
   */
  readonly size: readonly [number, number];
  /**
   * Transforms of the four lateral kernels, each even and so with a real transform; the four of a frequency together,
   * frequencies x fastest; length 4·nx·ny.
   */
  readonly spectra: Float32Array;
  /** Bixels are squares of `pixelsPerBixel` pixels a side; the first pixel of each. */
  readonly bixels: Int32Array;
  readonly pixelsPerBixel: number;
  /** Fluence of a pixel where its bixel has weight 1; length nx·ny. */
  readonly openFluence: Float32Array;
  /** Where the ray through each voxel meets the map, in pixels from the centre of the first, u then v; 0 ≤ u ≤ nx − 1, 0 ≤ v ≤ ny − 1. */
  readonly positions: Float32Array;
  /** Weight of each of the four kernels in each voxel: what depth and distance make of them. */
  readonly factors: Float32Array;
}

export interface PencilBeams {
  readonly fields: readonly PencilField[];
  readonly voxelCount: number;
}

/** Dose as a linear map of the weights of bixels, with its transpose; no matrix is stored. */
export interface PencilOperator {
  /** Bixels of all fields, one after the other. */
  readonly weightCount: number;
  readonly voxelCount: number;
  /** Dose of each voxel from the weight of each bixel. */
  forward(weights: Float32Array): Float32Array;
  /** For each bixel the sum over voxels of `gradient` times its dose there per unit of weight. */
  adjoint(gradient: Float32Array): Float32Array;
}

/**
 * Dose of beams whose pencil beam is a sum of four products of depth and lateral distance: per beam one map of fluence, four
 * convolutions of it, and in each voxel a bilinear look-up of the four, each times its factor.
 *
 * @throws RangeError where arrays do not fit together, a size has other primes than 2 and 3, or a voxel or bixel is off its map
 */
export function pencilBeam(beams: PencilBeams): PencilOperator {
  checkPencilBeams(beams);
  const { fields, voxelCount } = beams;
  const firsts = firstWeights(fields);
  const weightCount = firsts[fields.length] as number;
  return {
    weightCount,
    voxelCount,
    forward(weights) {
      const dose = new Float64Array(voxelCount);
      fields.forEach((field, f) => {
        const maps = convolved(field, fluenceOf(field, weights.subarray(firsts[f], firsts[f + 1])));
        lookUp(field, voxelCount, (voxel, at, share) => {
          for (let k = 0; k < pencilRank; k++) {
            dose[voxel] = (dose[voxel] as number) + share * (maps[pencilRank * at + k] as number) * (field.factors[pencilRank * voxel + k] as number);
          }
        });
      });
      return Float32Array.from(dose);
    },
    adjoint(gradient) {
      const result = new Float32Array(weightCount);
      fields.forEach((field, f) => {
        const maps = new Float64Array(pencilRank * pixelsOf(field));
        lookUp(field, voxelCount, (voxel, at, share) => {
          for (let k = 0; k < pencilRank; k++) {
            const to = pencilRank * at + k;
            maps[to] = (maps[to] as number) + share * (gradient[voxel] as number) * (field.factors[pencilRank * voxel + k] as number);
          }
        });
        const fluence = correlated(field, maps);
        field.bixels.forEach((first, b) => {
          let sum = 0;
          eachPixel(field, first, (pixel) => (sum += (fluence[pixel] as number) * (field.openFluence[pixel] as number)));
          result[(firsts[f] as number) + b] = sum;
        });
      });
      return result;
    },
  };
}

/** Index of the first weight of each field, and after the last their number. */
export function firstWeights(fields: readonly PencilField[]): number[] {
  const firsts = [0];
  for (const field of fields) firsts.push((firsts[firsts.length - 1] as number) + field.bixels.length);
  return firsts;
}

/** @throws RangeError as `pencilBeam` */
export function checkPencilBeams({ fields, voxelCount }: PencilBeams): void {
  for (const field of fields) {
    const { size: [nx, ny], spectra, bixels, pixelsPerBixel, openFluence, positions, factors } = field;
    const fits = spectra.length === pencilRank * nx * ny && openFluence.length === nx * ny && positions.length === 2 * voxelCount && factors.length === pencilRank * voxelCount;
    if (!fits || nx % 4 !== 0 || ny % 4 !== 0) throw new RangeError(`The arrays of a pencil field do not fit its map of ${nx} × ${ny} pixels and ${voxelCount} voxels.`);
    for (const first of bixels) {
      if (!(first >= 0 && (first % nx) + pixelsPerBixel <= nx && Math.floor(first / nx) + pixelsPerBixel <= ny)) throw new RangeError(`A bixel at pixel ${first} is off its map.`);
    }
    for (let v = 0; v < voxelCount; v++) {
      const [x, y] = [positions[2 * v] as number, positions[2 * v + 1] as number];
      if (!(x >= 0 && y >= 0 && x <= nx - 1 && y <= ny - 1)) throw new RangeError(`Voxel ${v} is off its map, at ${x}, ${y}.`);
    }
  }
}

/** The four maps of a field's kernels over its fluence, together in each pixel. */
function convolved({ size, spectra }: PencilField, re: Float64Array): Float64Array {
  const transform = fourier2Of(size);
  const im = new Float64Array(re.length);
  transform(re, im);
  const maps = new Float64Array(pencilRank * re.length);
  for (let pair = 0; pair < pencilRank; pair += 2) {
    // Two real maps in one complex transform: the second comes out as the imaginary part.
    const [both, other] = [new Float64Array(re.length), new Float64Array(re.length)];
    for (let q = 0; q < re.length; q++) {
      const [first, second] = [spectra[pencilRank * q + pair] as number, spectra[pencilRank * q + pair + 1] as number];
      both[q] = (re[q] as number) * first - (im[q] as number) * second;
      other[q] = (im[q] as number) * first + (re[q] as number) * second;
    }
    transform(both, other, true);
    for (let p = 0; p < re.length; p++) {
      maps[pencilRank * p + pair] = (both[p] as number) / re.length;
      maps[pencilRank * p + pair + 1] = (other[p] as number) / re.length;
    }
  }
  return maps;
}

/** The transpose of `convolved`. */
function correlated({ size, spectra }: PencilField, maps: Float64Array): Float64Array {
  const transform = fourier2Of(size);
  const count = maps.length / pencilRank;
  const [sumRe, sumIm] = [new Float64Array(count), new Float64Array(count)];
  for (let pair = 0; pair < pencilRank; pair += 2) {
    const re = Float64Array.from({ length: count }, (_, p) => maps[pencilRank * p + pair] as number);
    const im = Float64Array.from({ length: count }, (_, p) => maps[pencilRank * p + pair + 1] as number);
    transform(re, im);
    for (let q = 0; q < count; q++) {
      const [first, second] = [spectra[pencilRank * q + pair] as number, spectra[pencilRank * q + pair + 1] as number];
      // (G1 + i G2)(K1 − i K2): K1 G1 + K2 G2 belongs to a real map, the rest to an imaginary one, which is dropped.
      sumRe[q] = (sumRe[q] as number) + (re[q] as number) * first + (im[q] as number) * second;
      sumIm[q] = (sumIm[q] as number) + (im[q] as number) * first - (re[q] as number) * second;
    }
  }
  transform(sumRe, sumIm, true);
  return sumRe.map((value) => value / count);
}

function fluenceOf(field: PencilField, weights: Float32Array): Float64Array {
  const fluence = new Float64Array(pixelsOf(field));
  field.bixels.forEach((first, b) => {
    eachPixel(field, first, (pixel) => (fluence[pixel] = (fluence[pixel] as number) + (weights[b] as number) * (field.openFluence[pixel] as number)));
  });
  return fluence;
}

const pixelsOf = ({ size: [nx, ny] }: PencilField) => nx * ny;

function eachPixel({ size: [nx], pixelsPerBixel }: PencilField, first: number, visit: (pixel: number) => void): void {
  for (let j = 0; j < pixelsPerBixel; j++) for (let i = 0; i < pixelsPerBixel; i++) visit(first + j * nx + i);
}

/** Visits the four pixels about each voxel's ray, with their shares. */
function lookUp({ size: [nx, ny], positions }: PencilField, voxelCount: number, visit: (voxel: number, pixel: number, share: number) => void): void {
  for (let v = 0; v < voxelCount; v++) {
    const [x, y] = [positions[2 * v] as number, positions[2 * v + 1] as number];
    const i = Math.min(nx - 2, Math.floor(x));
    const j = Math.min(ny - 2, Math.floor(y));
    const [right, down] = [x - i, y - j];
    const at = j * nx + i;
    visit(v, at, (1 - right) * (1 - down));
    visit(v, at + 1, right * (1 - down));
    visit(v, at + nx, (1 - right) * down);
    visit(v, at + nx + 1, right * down);
  }
}
