import { afterAll, beforeAll, expect, test } from "vitest";

import type { SimdCrew } from "./crew.ts";
import { openCrew } from "./crew-node.ts";
import { plainCrew } from "./crew.ts";
import { pencilBeam } from "./pencil-beam.ts";
import { pencilBeamWith } from "./pencil-beam-wasm.ts";
import { pencilsAtRandom, randomNumbers } from "./pencil-beam.fixture.ts";

let crew: SimdCrew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

const sizes = [[16, 24], [48, 32], [12, 64], [96, 128], [192, 36]] as const;

test.each(sizes)("maps of %i × %i pixels: the crew gives the dose and the transpose of the plain form", async (nx, ny) => {
  const beams = pencilsAtRandom({ fieldCount: 3, voxelCount: 3000, size: [nx, ny], seed: nx });
  const plain = pencilBeam(beams);
  const fast = pencilBeamWith(crew, beams);
  const weights = randomNumbers(plain.weightCount, 5);
  const gradient = randomNumbers(plain.voxelCount, 6);
  expect(farthest(await fast.forward(weights), plain.forward(weights))).toBeLessThan(1e-5);
  expect(farthest(await fast.adjoint(gradient), plain.adjoint(gradient))).toBeLessThan(1e-5);
  // A second time, over what the first left in memory.
  expect(farthest(await fast.forward(weights), plain.forward(weights))).toBeLessThan(1e-5);
  fast.close();
});

test.each([1, 2, 3])("on the crew too the transpose is the transpose: weights and gradients at random %i", async (seed) => {
  const fast = pencilBeamWith(crew, pencilsAtRandom({ fieldCount: 2, voxelCount: 40_000, size: [96, 64], seed }));
  const weights = randomNumbers(fast.weightCount, seed + 1);
  const gradient = randomNumbers(fast.voxelCount, seed + 2);
  const dose = await fast.forward(weights);
  const [there, back] = [inner(dose, gradient), inner(weights, await fast.adjoint(gradient))];
  expect(Math.abs(there - back) / Math.sqrt(inner(dose, dose) * inner(gradient, gradient))).toBeLessThan(1e-5);
  fast.close();
});

test("where there is no SIMD the plain form answers", async () => {
  const beams = pencilsAtRandom({ fieldCount: 1, voxelCount: 50, size: [16, 16], seed: 4 });
  const weights = randomNumbers(pencilBeam(beams).weightCount, 1);
  expect(await pencilBeamWith(plainCrew, beams).forward(weights)).toEqual(pencilBeam(beams).forward(weights));
});

/** Greatest difference, as share of the greatest value. */
function farthest(a: Float32Array, b: Float32Array): number {
  const most = b.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - (b[i] as number))), 0) / most;
}

function inner(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
