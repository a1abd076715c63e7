import { test as prop, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";

import { pencilBeam, pencilRank, type PencilBeams, type PencilField } from "./pencil-beam.ts";
import { gaussianSpectra, pencilsAtRandom, randomNumbers } from "./pencil-beam.fixture.ts";

/** One bixel of one pixel in the middle of a map of 32 × 48, and a voxel on every pixel that sees the first kernel alone. */
function oneBixel(): PencilBeams {
  const size = [32, 48] as const;
  const pixels = size[0] * size[1];
  const field: PencilField = {
    size,
    spectra: gaussianSpectra(size, [1.5, 3, 4, 2]),
    bixels: Int32Array.of(24 * 32 + 16),
    pixelsPerBixel: 1,
    openFluence: new Float32Array(pixels).fill(1),
    positions: Float32Array.from({ length: 2 * pixels }, (_, i) => (i % 2 === 0 ? (i >> 1) % 32 : Math.floor((i >> 1) / 32))),
    factors: Float32Array.from({ length: pencilRank * pixels }, (_, i) => (i % pencilRank === 0 ? 1 : 0)),
  };
  return { fields: [field], voxelCount: pixels };
}

test("a bixel of one pixel gives the kernel itself", () => {
  const dose = pencilBeam(oneBixel()).forward(Float32Array.of(1));
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 2], [-3, 1], [4, -4]] as const) {
    // A Gaussian of 1.5 pixels whose sum is 1.
    const expected = Math.exp(-(dx * dx + dy * dy) / 4.5) / (2 * Math.PI * 2.25);
    expect(dose[(24 + dy) * 32 + 16 + dx]).toBeCloseTo(expected, 6);
  }
});

test("fields on which each kernel is a delta give the fluence back, times the factors, straight between pixels", () => {
  const beams = pencilsAtRandom({ fieldCount: 1, voxelCount: 40, size: [24, 16], seed: 3 });
  const field = { ...(beams.fields[0] as PencilField), spectra: new Float32Array(pencilRank * 24 * 16).fill(1), bixels: Int32Array.of(5 * 24 + 8), pixelsPerBixel: 4 };
  const dose = pencilBeam({ fields: [field], voxelCount: 40 }).forward(Float32Array.of(2));
  const fluence = (i: number, j: number) => (i >= 8 && i < 12 && j >= 5 && j < 9 ? 2 * (field.openFluence[j * 24 + i] as number) : 0);
  for (let v = 0; v < 40; v++) {
    const [x, y] = [field.positions[2 * v] as number, field.positions[2 * v + 1] as number];
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const low = fluence(i, j) * (i + 1 - x) + fluence(i + 1, j) * (x - i);
    const high = fluence(i, j + 1) * (i + 1 - x) + fluence(i + 1, j + 1) * (x - i);
    const factor = field.factors.subarray(pencilRank * v, pencilRank * v + pencilRank).reduce((sum, value) => sum + value, 0);
    expect(dose[v]).toBeCloseTo((low * (j + 1 - y) + high * (y - j)) * factor, 4);
  }
});

const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

prop.prop([fc.integer({ min: 1, max: 1e6 }), fc.constantFrom([16, 24] as const, [48, 32] as const, [12, 64] as const)], { numRuns: 20 })(
  "dose of any weights against any gradient is the weights against the transposed gradient",
  (seed, size) => {
    const operator = pencilBeam(pencilsAtRandom({ fieldCount: 2, voxelCount: 500, size, seed }));
    const weights = randomNumbers(operator.weightCount, seed + 1);
    const gradient = randomNumbers(operator.voxelCount, seed + 2);
    const dose = operator.forward(weights);
    const there = inner(dose, gradient);
    const back = inner(weights, operator.adjoint(gradient));
    const scale = Math.sqrt(inner(dose, dose) * inner(gradient, gradient));
    expect(Math.abs(there - back) / scale).toBeLessThan(1e-5);
  },
);

prop.prop([fc.integer({ min: 1, max: 1e6 })], { numRuns: 10 })("dose is linear in the weights", (seed) => {
  const operator = pencilBeam(pencilsAtRandom({ fieldCount: 2, voxelCount: 100, size: [24, 16], seed }));
  const [a, b] = [randomNumbers(operator.weightCount, seed + 1), randomNumbers(operator.weightCount, seed + 2)];
  const both = operator.forward(a.map((value, i) => 2 * value - 3 * (b[i] as number)));
  const [ofA, ofB] = [operator.forward(a), operator.forward(b)];
  both.forEach((dose, v) => expect(dose).toBeCloseTo(2 * (ofA[v] as number) - 3 * (ofB[v] as number), 4));
});

test("voxels and bixels off their map are refused", () => {
  const beams = pencilsAtRandom({ fieldCount: 1, voxelCount: 10, size: [16, 16], seed: 1 });
  const field = beams.fields[0] as PencilField;
  const off = Float32Array.from(field.positions);
  off[3] = 15.5;
  expect(() => pencilBeam({ fields: [{ ...field, positions: off }], voxelCount: 10 })).toThrow(RangeError);
  expect(() => pencilBeam({ fields: [{ ...field, bixels: Int32Array.of(15) }], voxelCount: 10 })).toThrow(RangeError);
  expect(() => pencilBeam({ fields: [field], voxelCount: 11 })).toThrow(RangeError);
});
