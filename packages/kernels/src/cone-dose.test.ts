import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { coneDose, coneLines } from "./cone-dose.ts";
import type { ConeField, Cones } from "./cone-field.ts";

type Triple = readonly [number, number, number];

/** A field whose source is far above, along −z; `at` gives density, TERMA and hardened TERMA. */
function field(size: Triple, at: (i: number, j: number, k: number) => Triple, spacingMm: Triple = [2, 2, 2]): ConeField {
  const length = size[0] * size[1] * size[2];
  const [density, terma, hardTerma] = [new Float32Array(length), new Float32Array(length), new Float32Array(length)];
  for (let n = 0; n < length; n++) {
    const values = at(n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / size[0] / size[1]));
    [density[n], terma[n], hardTerma[n]] = values;
  }
  return { size, spacingMm, density, terma, hardTerma, sourceMm: [size[0], size[1], -1000], axis: [0, 0, 1] };
}

interface Cone {
  readonly direction: Triple;
  readonly rates?: readonly [number, number];
  readonly shares?: readonly number[];
  readonly tilt?: number;
}

function conesOf(list: readonly Cone[]): Cones {
  return {
    count: list.length,
    directions: Float32Array.from(list.flatMap(({ direction }) => direction.map((d) => d / Math.hypot(...direction)))),
    rates: Float32Array.from(list.flatMap(({ rates = [0.05, 0.004] }) => rates)),
    shares: Float32Array.from(list.flatMap(({ shares = [0.5, 0.3, 0.2, 0, 0, 0] }) => shares)),
    tilts: Float32Array.from(list.map(({ tilt = 0 }) => tilt)),
  };
}

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const most = (values: Float32Array) => values.reduce((a, b) => Math.max(a, b), 0);
function expectClose(found: Float32Array, expected: Float32Array, share: number): void {
  const least = share * most(expected);
  let worst = 0;
  for (let n = 0; n < expected.length; n++) worst = Math.max(worst, Math.abs((found[n] as number) - (expected[n] as number)));
  expect(worst).toBeLessThanOrEqual(least);
}

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const directions = fc.tuple(coordinate, coordinate, coordinate).filter((d) => Math.hypot(...d) > 0.1);
const someCones = fc.array(fc.record({ direction: directions, tilt: fc.double({ min: -1, max: 3, noNaN: true }) }), { minLength: 1, maxLength: 4 });
/** Values that vary from voxel to voxel, the same at every run. */
const scatter = (n: number) => Math.abs(Math.sin(12.9898 * n + 78.233) * 43758.5453) % 1;
const uneven = (size: Triple, spacingMm?: Triple) => field(size, (i, j, k) => {
  const n = i + 31 * j + 977 * k;
  return [0.2 + scatter(n), scatter(n + 0.3), 0.3 * scatter(n + 0.7)];
}, spacingMm);

test("along an axis the dose of one voxel falls as three exponentials", () => {
  const [alpha, beta, spacing, density] = [0.05, 0.004, 2, 1.3];
  const line = field([1, 1, 12], (_i, _j, k) => [density, k === 2 ? 10 : 0, k === 2 ? 4 : 0]);
  const found = coneDose(line, conesOf([{ direction: [0, 0, 1], rates: [alpha, beta], shares: [0.5, 0.3, 0.2, 0.1, -0.1, 0.05] }]));
  for (let k = 0; k < 12; k++) {
    let expected = 0;
    for (const [rate, share] of [[alpha, 10 * 0.5 + 4 * 0.1], [2 * alpha, 10 * 0.3 - 4 * 0.1], [beta, 10 * 0.2 + 4 * 0.05]] as const) {
      // A source uniform over the voxel: of all points s in it, the share absorbed between the planes at s' and s'' is the mean of e^(s − s') − e^(s − s'').
      const x = rate * density * spacing;
      const mean = (1 - Math.exp(-x)) / x;
      expected += k < 2 ? 0 : share * (k === 2 ? 1 - mean : mean * Math.exp(-x * (k - 3)) * (1 - Math.exp(-x)));
    }
    expect(found[k]).toBeCloseTo(expected, 6);
  }
});

test.prop([someCones], { numRuns: 10 })("in a phantom that nothing leaves, the energy absorbed is the energy released", (list) => {
  const size = [21, 21, 21] as const;
  const middle = (n: number) => n === 10;
  // 10 voxels of 40 mm at 0.05 per mm: e^−20 leaves.
  const phantom = field(size, (i, j, k) => [0.9 + 0.2 * scatter(i + 21 * j + 441 * k), middle(i) && middle(j) && middle(k) ? 1 : 0, middle(i) && middle(j) && middle(k) ? 0.4 : 0], [40, 40, 40]);
  const cones = conesOf(list.map((cone) => ({ direction: cone.direction, rates: [0.08, 0.05] as const, shares: [0.5, 0.3, 0.2, 0.1, -0.02, 0.05] })));
  const dose = coneDose(phantom, cones);
  const absorbed = sum(dose.map((d, n) => d * (phantom.density[n] as number)));
  // Of each unit of TERMA 1 and of each of its hardened 0.13 is sent out.
  const released = cones.count * sum(phantom.terma.map((t, n) => (t * 1 + (phantom.hardTerma[n] as number) * 0.13) * (phantom.density[n] as number)));
  expect(absorbed / released).toBeCloseTo(1, 5);
});

test.prop([someCones], { numRuns: 10 })("O'Connor: a quarter of the density at four times the size has the same dose", (list) => {
  const near = { ...uneven([9, 8, 7]), sourceMm: [9, 8, -100] as const };
  const far = { ...near, spacingMm: [8, 8, 8] as const, density: near.density.map((d) => d / 4), sourceMm: [36, 32, -400] as const };
  expectClose(coneDose(far, conesOf(list)), coneDose(near, conesOf(list)), 1e-6);
});

test.prop([someCones, fc.double({ min: 0.1, max: 10, noNaN: true })], { numRuns: 10 })("the dose is linear in what is released", (list, factor) => {
  const one = uneven([6, 7, 8]);
  const other = { ...one, terma: one.terma.toReversed(), hardTerma: one.hardTerma.toReversed() };
  const both = { ...one, terma: one.terma.map((t, n) => t + factor * (other.terma[n] as number)), hardTerma: one.hardTerma.map((t, n) => t + factor * (other.hardTerma[n] as number)) };
  const [a, b] = [coneDose(one, conesOf(list)), coneDose(other, conesOf(list))];
  expectClose(coneDose(both, conesOf(list)), a.map((v, n) => v + factor * (b[n] as number)), 1e-6);
});

test.prop([someCones, fc.constantFrom(0, 1, 2)], { numRuns: 15 })("a mirrored phantom with mirrored cones has the mirrored dose", (list, axis) => {
  const size = [7, 8, 9] as const;
  const mirrored = <T extends Triple>(of: T): Triple => of.map((v, n) => (n === axis ? -v : v)) as unknown as Triple;
  const flip = (values: Float32Array) => values.map((_, n) => {
    const at = [n % 7, Math.floor(n / 7) % 8, Math.floor(n / 56)] as [number, number, number];
    at[axis] = (size[axis] as number) - 1 - (at[axis] as number);
    return values[at[0] + 7 * at[1] + 56 * at[2]] as number;
  });
  const straight: ConeField = { ...uneven(size), sourceMm: [3, 20, -200], axis: [0, 0, 1] };
  const source = [...straight.sourceMm] as [number, number, number];
  source[axis] = 2 * ((size[axis] as number) - 1) - (source[axis] as number);
  const turned: ConeField = { ...straight, density: flip(straight.density), terma: flip(straight.terma), hardTerma: flip(straight.hardTerma), sourceMm: source, axis: mirrored(straight.axis) };
  const found = coneDose(turned, conesOf(list.map((cone) => ({ ...cone, direction: mirrored(cone.direction) }))));
  expectClose(flip(found), coneDose(straight, conesOf(list)), 1e-6);
});

test("energy crosses a gap of vacuum: behind it the dose is what it was without the gap", () => {
  const cones = conesOf([{ direction: [0, 0, 1] }]);
  const solid = coneDose(field([1, 1, 10], (_i, _j, k) => [1, k === 0 ? 1 : 0, 0]), cones);
  const gapped = coneDose(field([1, 1, 15], (_i, _j, k) => [k >= 5 && k < 10 ? 0 : 1, k === 0 ? 1 : 0, 0]), cones);
  // The gap counts as density 0.001: 5 voxels of 2 mm at 2 · 0.05 per mm take 0.1 %.
  for (let k = 5; k < 10; k++) expect(gapped[k + 5]! / solid[k]!).toBeCloseTo(1, 2);
  expect(gapped[7]).toBeGreaterThan(0);
});

test("a tilted kernel sends more where the local ray comes nearer to the cone, and never less than half", () => {
  // The source is 100 mm above the row; the ray to a voxel x mm aside leans by x / 100, and so does its cosine with the cone along x.
  const row: ConeField = { ...field([11, 1, 1], () => [1, 1, 0]), sourceMm: [10, 0, -100] };
  const shares = [0, 0, 1, 0, 0, 0];
  const one = (tilt: number) => coneDose(row, conesOf([{ direction: [0, 1, 0], tilt, shares }, { direction: [1, 0, 0], tilt, shares: [0, 0, 0, 0, 0, 0] }]));
  expect(one(3)).toEqual(one(0));
  const along = (tilt: number) => coneDose({ ...row, terma: Float32Array.from(row.terma, (_, n) => (n === 8 ? 1 : 0)) }, conesOf([{ direction: [1, 0, 0], tilt, shares }]));
  // t = 2 · 6 / 100, and 1 + t + t²/2 is least at t = −1.
  expect(along(2)[9]! / along(0)[9]!).toBeCloseTo(1 + 0.12 + 0.12 ** 2 / 2, 5);
  expect(along(-100 / 6)[9]! / along(0)[9]!).toBeCloseTo(1 / 2, 5);
});

test.prop([directions, fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))])("lines step at most one voxel aside per plane, and those of the opposite direction are their mirror", (direction, size) => {
  const grid = { size, spacingMm: [2, 2.5, 3] as const };
  const [there, back] = [coneLines(grid, direction), coneLines(grid, direction.map((d) => -d) as unknown as Triple)];
  expect([back.along, back.sign, back.wayMm]).toEqual([there.along, -there.sign, there.wayMm]);
  for (const which of ["first", "second"] as const) {
    expect([...there[which]].map((o) => 0 - o)).toEqual([...back[which]]);
    for (let k = 1; k < there[which].length; k++) expect(Math.abs(there[which][k]! - there[which][k - 1]!)).toBeLessThanOrEqual(1);
  }
});
