import { pencilRank, type PencilBeams, type PencilField } from "./pencil-beam.ts";

/** Numbers from −1 to 1 that look like chance and are the same for the same seed. */
export function randomNumbers(length: number, seed: number): Float32Array {
  let state = seed >>> 0 || 1;
  return Float32Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

/** Transforms of Gaussians whose sums are 1; widths in pixels. */
export function gaussianSpectra([nx, ny]: readonly [number, number], sigmas: readonly number[]): Float32Array {
  const spectra = new Float32Array(pencilRank * nx * ny);
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const square = (Math.min(i, nx - i) / nx) ** 2 + (Math.min(j, ny - j) / ny) ** 2;
      sigmas.forEach((sigma, k) => (spectra[pencilRank * (j * nx + i) + k] = Math.exp(-2 * Math.PI ** 2 * sigma ** 2 * square)));
    }
  }
  return spectra;
}

/** Fields of bixels of 2 × 2 pixels over the middle of their map, and voxels anywhere on it. */
export function pencilsAtRandom({ fieldCount, voxelCount, size: [nx, ny], seed }: { fieldCount: number; voxelCount: number; size: readonly [number, number]; seed: number }): PencilBeams {
  const fields = Array.from({ length: fieldCount }, (_, f): PencilField => {
    const bixels: number[] = [];
    for (let j = ny >> 2; j + 2 <= ny - (ny >> 2); j += 2) for (let i = nx >> 2; i + 2 <= nx - (nx >> 2); i += 2) bixels.push(j * nx + i);
    const between0And1 = (count: number, more: number) => randomNumbers(count, seed * 31 + f * 7 + more).map((value) => (value + 1) / 2);
    return {
      size: [nx, ny],
      spectra: gaussianSpectra([nx, ny], [0.7 + f / 10, 1.2, 2.5, 5]),
      bixels: Int32Array.from(bixels),
      pixelsPerBixel: 2,
      openFluence: between0And1(nx * ny, 1).map((value) => 1 + value / 10),
      positions: between0And1(2 * voxelCount, 2).map((value, i) => value * ((i % 2 === 0 ? nx : ny) - 1)),
      factors: randomNumbers(pencilRank * voxelCount, seed * 31 + f * 7 + 3),
    };
  });
  return { fields, voxelCount };
}
