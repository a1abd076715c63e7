import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { gamma, type GammaCriteria } from "./gamma.ts";
import type { Sampled } from "./resample.ts";

type Triple = readonly [number, number, number];

/** A dose given by a function of patient millimetres. */
function dose(of: (x: number, y: number, z: number) => number, size: Triple, spacing: Triple, origin: Triple = [0, 0, 0]): Sampled<Float32Array> {
  const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) =>
    of(origin[0] + spacing[0] * (n % size[0]), origin[1] + spacing[1] * (Math.floor(n / size[0]) % size[1]), origin[2] + spacing[2] * Math.floor(n / (size[0] * size[1]))),
  );
  return { size, values, patientFromVoxel: Float64Array.of(spacing[0], 0, 0, origin[0], 0, spacing[1], 0, origin[1], 0, 0, spacing[2], origin[2]) };
}

const threeThree: GammaCriteria = { mm: 3, percent: 3, local: false, normalizationGy: 50, thresholdGy: 0, cap: 2, search: "interpolated" };

/** Gamma in the middle of the reference. */
function inTheMiddle(reference: Sampled<Float32Array>, evaluated: Sampled<Float32Array>, criteria: Partial<GammaCriteria> = {}): number {
  const [nx, ny, nz] = reference.size;
  const middle = (nx >> 1) + nx * ((ny >> 1) + ny * (nz >> 1));
  return gamma(reference, evaluated, { ...threeThree, ...criteria }).gamma[middle] as number;
}

describe("a ramp of gradient g with a difference c has gamma |c| / √(DD² + (g DTA)²)", () => {
  const sizes: readonly (readonly [string, Triple])[] = [
    ["one dimension", [41, 1, 1]],
    ["two dimensions", [21, 21, 1]],
    ["three dimensions", [17, 17, 17]],
  ];
  test.each(sizes)("in %s", (_, size) => {
    const inside = size.map((n) => (n > 1 ? 1 : 0));
    fc.assert(
      fc.property(fc.double({ min: -1.2, max: 1.2, noNaN: true }), fc.double({ min: -1.2, max: 1.2, noNaN: true }), fc.double({ min: -1.2, max: 1.2, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (a, b, e, c) => {
        const [gx, gy, gz] = [a * inside[0]!, b * inside[1]!, e * inside[2]!];
        const ramp = (shift: number) => (x: number, y: number, z: number) => 50 + gx * x + gy * y + gz * z + shift;
        const spacing = [2.5, 2.1, 3] as const;
        const origin = [-spacing[0] * (size[0] >> 1), -spacing[1] * (size[1] >> 1), -spacing[2] * (size[2] >> 1)] as const;
        // DD = 1.5 Gy, DTA = 3 mm
        const exact = Math.abs(c) / Math.hypot(1.5, 3 * Math.hypot(gx, gy, gz));
        const found = inTheMiddle(dose(ramp(0), size, spacing, origin), dose(ramp(c), size, spacing, origin));
        expect(Math.abs(found - Math.min(2, exact))).toBeLessThan(1e-4);
      }),
      { numRuns: 60 },
    );
  });
});

test("the published numbers: DD 3 %, DTA 2 mm, gradient 2 % per mm, difference 5 % is gamma 1", () => {
  // 0.05 / √(0.03² + (0.02 × 2)²) = 0.05 / 0.05
  const line = (c: number) => dose((x) => 0.5 + 0.02 * x + c, [41, 1, 1], [1, 1, 1], [-20, 0, 0]);
  expect(inTheMiddle(line(0), line(0.05), { mm: 2, normalizationGy: 1 })).toBeCloseTo(1, 5);
});

test("a flat dose 3 % too high has gamma 1 at 3 %, and passes", () => {
  const found = gamma(dose(() => 50, [5, 5, 5], [2, 2, 2]), dose(() => 51.5, [5, 5, 5], [2, 2, 2]), threeThree);
  for (const value of found.gamma) expect(value).toBeCloseTo(1, 4);
  expect(found.counts).toEqual({ evaluated: 125, passed: 125, belowThreshold: 0, unknown: 0 });
});

test("a steep ramp that is shifted by 1.5 mm has nearly half the distance to agreement", () => {
  // c = g s = 20 × 1.5 = 30 Gy; 30 / √(1.5² + 60²) = 0.49984
  const ramp = (s: number) => dose((x) => 500 + 20 * (x - s), [21, 3, 3], [2, 2, 2], [-20, -2, -2]);
  expect(inTheMiddle(ramp(0), ramp(1.5))).toBeCloseTo(0.49984, 4);
});

test("local gamma asks for a share of the dose at the point", () => {
  const flat = (gy: number) => dose(() => gy, [3, 3, 3], [2, 2, 2]);
  // 0.15 Gy of 10: 1.5 %, half of 3 %; global it is 0.1 of 1.5 Gy
  expect(inTheMiddle(flat(10), flat(10.15), { local: true })).toBeCloseTo(0.5, 4);
  expect(inTheMiddle(flat(10), flat(10.15))).toBeCloseTo(0.1, 4);
});

test("the grids may differ in spacing, origin and size", () => {
  const ramp = (c: number) => (x: number, y: number, z: number) => 40 + 0.4 * x - 0.3 * y + 0.5 * z + c;
  const reference = dose(ramp(0), [9, 9, 9], [2.5, 2.5, 3], [-10, -10, -12]);
  const evaluated = dose(ramp(0.7), [31, 29, 40], [1.7, 1.3, 1.1], [-25.3, -19.1, -21.7]);
  expect(inTheMiddle(reference, evaluated)).toBeCloseTo(0.7 / Math.hypot(1.5, 3 * Math.hypot(0.4, 0.3, 0.5)), 4);
});

test("a registration moves the reference into the frame of the evaluated dose", () => {
  const ramp = (s: number) => dose((x) => 40 + 2 * (x - s), [31, 5, 5], [2, 2, 2], [-30, -4, -4]);
  const moved = gamma(ramp(0), ramp(4), threeThree, Float64Array.of(1, 0, 0, 4, 0, 1, 0, 0, 0, 0, 1, 0));
  expect(Math.max(...moved.gamma.filter((value) => !Number.isNaN(value)))).toBeLessThan(1e-5);
});

test("points outside the evaluated grid are unknown, and never pass", () => {
  const found = gamma(dose(() => 50, [6, 1, 1], [2, 2, 2]), dose(() => 50, [3, 1, 1], [2, 2, 2]), threeThree);
  expect(found.counts).toEqual({ evaluated: 3, passed: 3, belowThreshold: 0, unknown: 3 });
  expect([...found.gamma].map(Number.isNaN)).toEqual([false, false, false, true, true, true]);
});

test("an unknown evaluated dose leaves what lies around it unknown", () => {
  const evaluated = dose(() => 50, [6, 1, 1], [2, 2, 2]);
  evaluated.values[2] = NaN;
  const found = gamma(dose(() => 50, [11, 1, 1], [1, 2, 2]), evaluated, threeThree);
  expect([...found.gamma].map(Number.isNaN)).toEqual([false, false, false, true, true, true, false, false, false, false, false]);
});

test("a reference that is not known is not compared", () => {
  const reference = dose(() => 50, [3, 1, 1], [2, 2, 2]);
  reference.values[0] = NaN;
  expect(gamma(reference, dose(() => 50, [3, 1, 1], [2, 2, 2]), threeThree).counts).toMatchObject({ evaluated: 2, unknown: 1 });
});

test("points below the threshold have no gamma", () => {
  const found = gamma(dose((x) => x, [11, 1, 1], [1, 1, 1]), dose((x) => x, [11, 1, 1], [1, 1, 1]), { ...threeThree, thresholdGy: 5 });
  expect(found.counts).toEqual({ evaluated: 6, passed: 6, belowThreshold: 5, unknown: 0 });
});

test("a search at voxel centres alone fails a shifted dose that agrees", () => {
  // 1 mm of a ramp of 3 Gy/mm: 0.32 by interpolation, 3 Gy over 1.5 at the same voxel
  const ramp = (s: number) => dose((x) => 100 + 3 * (x - s), [21, 3, 3], [2.5, 2.5, 2.5], [-25, -2.5, -2.5]);
  expect(inTheMiddle(ramp(0), ramp(1))).toBeCloseTo(3 / Math.hypot(1.5, 9), 4);
  expect(inTheMiddle(ramp(0), ramp(1), { search: "voxels" })).toBeGreaterThan(1);
});

const smallDoses = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 27, maxLength: 27 });

test.prop([smallDoses])("a dose compared with itself has gamma 0 everywhere", (doses) => {
  const volume = { ...dose(() => 0, [3, 3, 3], [2, 2.5, 3]), values: Float32Array.from(doses) };
  const found = gamma(volume, volume, threeThree);
  expect(Math.max(...found.gamma)).toBeLessThan(1e-6);
});

test.prop([smallDoses, smallDoses, fc.double({ min: 0.1, max: 10, noNaN: true })])("gamma is the same in cGy as in Gy", (a, b, factor) => {
  const volume = (doses: readonly number[], by: number) => ({ ...dose(() => 0, [3, 3, 3], [2, 2.5, 3]), values: Float32Array.from(doses, (d) => d * by) });
  const plain = gamma(volume(a, 1), volume(b, 1), threeThree).gamma;
  const scaled = gamma(volume(a, factor), volume(b, factor), { ...threeThree, normalizationGy: 50 * factor }).gamma;
  for (let i = 0; i < plain.length; i++) expect(scaled[i]).toBeCloseTo(plain[i]!, 3);
});

const nearDoses = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 27, maxLength: 27 });

test.prop([nearDoses, fc.double({ min: 0.1, max: 6, noNaN: true })], { numRuns: 8 })("no point of a fine search is nearer, and one is nearly as near", (doses, atPoint) => {
  const spacing = [2, 2.5, 3] as const;
  const evaluated = { ...dose(() => 0, [3, 3, 3], spacing), values: Float32Array.from(doses) };
  const place = [1.7, 2.1, 3.3] as const;
  const reference = { ...dose(() => Math.fround(atPoint), [1, 1, 1], spacing, place) };
  const found = gamma(reference, evaluated, threeThree).gamma[0] ?? NaN;
  const searched = fineSearch(evaluated.values, spacing, place, reference.values[0] ?? NaN);
  expect(found).toBeLessThanOrEqual(Math.min(2, searched) + 1e-6);
  // Half of 1/24 of a step along each axis: 3 × 6 Gy / 48 = 0.375 Gy of 1.5 Gy, and 0.03 of 3 mm
  expect(found).toBeGreaterThan(Math.min(2, searched) - 0.3);
});

/** Gamma by trying every 24th of a step of a 3 × 3 × 3 dose that is linear in the six tetrahedra of each cell. */
function fineSearch(values: Float32Array, spacing: Triple, place: Triple, doseGy: number): number {
  const at = (i: number, j: number, k: number) => values[i + 3 * (j + 3 * k)] as number;
  let best = Infinity;
  for (let n = 0; n < 49 ** 3; n++) {
    const p = [(n % 49) / 24, (Math.floor(n / 49) % 49) / 24, Math.floor(n / 49 ** 2) / 24] as const;
    const corner = p.map((value) => Math.min(1, Math.floor(value))) as unknown as [number, number, number];
    const part = p.map((value, axis) => value - (corner[axis] as number));
    const order = [0, 1, 2].sort((a, b) => (part[b] as number) - (part[a] as number));
    let value = at(...corner);
    for (const axis of order) {
      const before = at(...corner);
      corner[axis] = (corner[axis] as number) + 1;
      value += (part[axis] as number) * (at(...corner) - before);
    }
    const far = Math.hypot(...p.map((q, axis) => (q * (spacing[axis] as number) - (place[axis] as number)) / 3));
    best = Math.min(best, Math.hypot(far, (value - doseGy) / 1.5));
  }
  return best;
}

test("axes that are not at right angles are refused", () => {
  const sheared = { ...dose(() => 1, [3, 3, 3], [2, 2, 2]), patientFromVoxel: Float64Array.of(2, 1, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0) };
  expect(() => gamma(sheared, sheared, threeThree)).toThrow(RangeError);
});
