import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { composeAffine, identityAffine, invertAffine } from "./affine.ts";
import { resample, resampleNearest, type Lattice, type Sampled } from "./resample.ts";

const lattice = (size: readonly [number, number, number], spacing: readonly [number, number, number], origin: readonly [number, number, number]): Lattice => ({
  size,
  patientFromVoxel: Float64Array.of(spacing[0], 0, 0, origin[0], 0, spacing[1], 0, origin[1], 0, 0, spacing[2], origin[2]),
});

/** A dose that is linear along each axis, so that trilinear interpolation is exact. */
const dose = (x: number, y: number, z: number) => 3 + 0.5 * x - 0.25 * y + 0.125 * z + 0.01 * x * y * z;

function sampled(grid: Lattice): Sampled<Float64Array> {
  const [nx, ny, nz] = grid.size;
  const m = grid.patientFromVoxel as Float64Array;
  const at = (row: number, i: number, j: number, k: number) => m[row]! * i + m[row + 1]! * j + m[row + 2]! * k + m[row + 3]!;
  const values = Float64Array.from({ length: nx * ny * nz }, (_, index) => {
    const [i, j, k] = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))];
    return dose(at(0, i, j, k), at(4, i, j, k), at(8, i, j, k));
  });
  return { ...grid, values };
}

test("a dose is sampled where it lies in the patient, whatever the origins and steps of the two grids", () => {
  const source = sampled(lattice([9, 8, 7], [2.5, 2.5, 3], [-10, -8, -9]));
  const target = lattice([5, 5, 5], [1, 1.5, 2], [-7.3, -5.1, -4.4]);
  const found = resample(source, target);
  const exact = sampled(target).values;
  for (let i = 0; i < exact.length; i++) expect(found[i]).toBeCloseTo(exact[i]!, 4);
});

test("beyond the outermost voxel centres the dose is unknown, not zero", () => {
  const source = sampled(lattice([3, 3, 3], [2, 2, 2], [0, 0, 0]));
  const found = resample(source, lattice([7, 1, 1], [1, 1, 1], [-1, 2, 2]));
  expect([...found].map(Number.isNaN)).toEqual([true, false, false, false, false, false, true]);
});

test("a grid of one plane is known on that plane, and nowhere beside it", () => {
  const plane = sampled(lattice([4, 4, 1], [1, 1, 5], [0, 0, 10]));
  expect(resample(plane, lattice([1, 1, 2], [1, 1, 1], [1.5, 1.5, 10]))[0]).toBeCloseTo(dose(1.5, 1.5, 10), 5);
  expect(resample(plane, lattice([1, 1, 2], [1, 1, 1], [1.5, 1.5, 10]))[1]).toBeNaN();
});

test("an unknown voxel makes its neighbourhood unknown, and no voxel that is met at its centre", () => {
  const source = sampled(lattice([4, 1, 1], [1, 1, 1], [0, 0, 0]));
  source.values[1] = NaN;
  expect([...resample(source, lattice([7, 1, 1], [0.5, 1, 1], [0, 0, 0]))].map(Number.isNaN)).toEqual([false, true, true, true, false, false, false]);
});

test("a registration takes the points of the target into the frame of the source", () => {
  const source = sampled(lattice([9, 9, 9], [2, 2, 2], [0, 0, 0]));
  const shift = Float64Array.of(1, 0, 0, 3, 0, 1, 0, 4, 0, 0, 1, 5);
  expect(resample(source, lattice([1, 1, 1], [1, 1, 1], [1, 1, 1]), shift)[0]).toBeCloseTo(dose(4, 5, 6), 5);
});

test("a target whose axes are turned is sampled at the same places as one whose axes are not", () => {
  const source = sampled(lattice([9, 8, 7], [2.5, 2.5, 3], [-10, -8, -9]));
  const straight = resample(source, lattice([6, 5, 4], [1.3, 1.1, 1.7], [-7.3, -5.1, -4.4]));
  // x and y of the patient change places: the target's first axis runs along y
  const turned = resample(source, { size: [5, 6, 4], patientFromVoxel: Float64Array.of(0, 1.3, 0, -7.3, 1.1, 0, 0, -5.1, 0, 0, 1.7, -4.4) });
  for (let k = 0; k < 4; k++) for (let j = 0; j < 5; j++) for (let i = 0; i < 6; i++) expect(turned[j + 5 * (i + 6 * k)]).toBeCloseTo(straight[i + 6 * (j + 5 * k)]!, 5);
});

test("a mask keeps its values: the nearest voxel, and a stated value outside", () => {
  const mask = { ...lattice([2, 1, 1], [2, 2, 2], [0, 0, 0]), values: Uint8Array.of(7, 9) };
  expect([...resampleNearest(mask, lattice([5, 1, 1], [1, 1, 1], [-1.5, 0, 0]))]).toEqual([0, 7, 7, 9, 9]);
  expect(resampleNearest(mask, lattice([1, 1, 1], [1, 1, 1], [9, 0, 0]), identityAffine, 255)[0]).toBe(255);
});

const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });

test.prop([numbers])("a map and its inverse are the identity", (rows) => {
  // A heavy diagonal keeps it from being flat.
  const map = Float64Array.from(rows, (value, i) => (i % 5 === 0 ? value + Math.sign(value + 0.5) * 9 : value));
  const back = composeAffine(invertAffine(map), map);
  for (const [i, value] of identityAffine.entries()) expect(back[i]).toBeCloseTo(value, 9);
});

test.prop([fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 })])("on its own grid a dose is left as it is", (nx, ny, nz) => {
  const source = sampled(lattice([nx, ny, nz], [0.7, 1.3, 2.9], [-11.1, 5.3, 0.1]));
  expect(resample(source, source)).toEqual(Float32Array.from(source.values));
});
