import { describe, expect, test } from "vitest";
import { dvhOf, type Dvh } from "./dvh.ts";
import { along, circle, doseOf, drawn, structure } from "./shapes.fixture.ts";

const options = { frameOfReference: "1.2.3" };

/**
 * Closed forms of radiotherapy-physics section 5 (radius 12 mm, height 24 mm, 1 Gy/mm, 4 to 28 Gy): volume, D1, D2, D5,
 * D50, D95, D98, D99, D0.03cc, mean. For the cone across, D0.03cc has no value there.
 */
const closed = [
  ["sphere", "x", 7.23823, 26.5863, 25.9831, 24.7516, 16, 7.2484, 6.0169, 5.4137, 27.0965, 16],
  ["sphere", "z", 7.23823, 26.5863, 25.9831, 24.7516, 16, 7.2484, 6.0169, 5.4137, 27.0965, 16],
  ["cylinder", "x", 10.85734, 27.212, 26.7441, 25.6646, 16, 6.3354, 5.2559, 4.788, 27.667, 16],
  ["cylinder", "y", 10.85734, 27.212, 26.7441, 25.6646, 16, 6.3354, 5.2559, 4.788, 27.667, 16],
  ["cylinder", "z", 10.85734, 27.76, 27.52, 26.8, 16, 5.2, 4.48, 4.24, 27.9337, 16],
  ["cone", "z", 3.61911, 22.8294, 21.4854, 19.1583, 8.9512, 4.4069, 4.1611, 4.0803, 23.1428, 10],
  ["cone", "down", 3.61911, 27.9197, 27.8389, 27.5931, 23.0488, 12.8417, 10.5146, 9.1706, 27.9335, 22],
  ["cone", "x", 3.61911, 25.7889, 25.0624, 23.7043, 16, 8.2957, 6.9376, 6.2111, NaN, 16],
] as const;

/** D-values and mean, in the order of the table. */
const numbers = (dvh: Dvh) => [dvh.dAt(0.01), dvh.d2, dvh.dAt(0.05), dvh.d50, dvh.d95, dvh.d98, dvh.dAt(0.99), dvh.d003cc, dvh.mean].map((bounds) => bounds.low);

function worst(ours: readonly number[], theirs: readonly number[]): number {
  return Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))).filter((difference) => !Number.isNaN(difference)));
}

describe("through contours on slices of 1 mm and a dose grid of 1 mm", () => {
  test.for(closed)("a %s with the gradient along %s has the dose–volume values of the closed form within 0.1 Gy, its volume within 0.2 %", ([shape, direction, cc, ...expected]) => {
    const dvh = dvhOf(drawn(shape, 1), doseOf(along[direction], { offset: [0.3, 0.4, 0.2] }), options);
    expect(worst(numbers(dvh), expected)).toBeLessThan(0.1);
    expect(Math.abs(dvh.volumeCc / cc - 1)).toBeLessThan(0.002);
    expect(dvh.coverage).toBe(1);
  });
});

describe("through contours on slices of 3 mm and a dose grid of 3 mm", () => {
  test.for(closed)("a %s with the gradient along %s has the values of the closed form within 0.3 Gy, its volume within 0.5 %", ([shape, direction, cc, ...expected]) => {
    const dvh = dvhOf(drawn(shape, 3), doseOf(along[direction], { spacing: 3, offset: [0.9, 1.2, 0.6] }), options);
    expect(worst(numbers(dvh), expected)).toBeLessThan(0.3);
    expect(Math.abs(dvh.volumeCc / cc - 1)).toBeLessThan(0.005);
  });
});

// A slab does not know how a shape ends within its 3 mm: half of it, 1.5 Gy here, is the most that may be missed.
const slabBar = { "sphere x": 0.05, "sphere z": 0.75, "cylinder x": 0.05, "cylinder y": 0.05, "cylinder z": 0.05, "cone z": 0.32, "cone down": 0.25, "cone x": 0.12 } as Readonly<Record<string, number>>;

describe("through contours on slices of 3 mm and a dose grid of 3 mm, slabs", () => {
  test.for(closed)("a %s with the gradient along %s keeps its volume within 0.8 %, and its dose within half a slice of gradient at the tips", ([shape, direction, cc, ...expected]) => {
    const dvh = dvhOf(drawn(shape, 3), doseOf(along[direction], { spacing: 3, offset: [0.9, 1.2, 0.6] }), { ...options, between: "slab" });
    expect(worst(numbers(dvh), expected)).toBeLessThan(slabBar[`${shape} ${direction}`] as number);
    expect(Math.abs(dvh.volumeCc / cc - 1)).toBeLessThan(0.008);
  });
});

test("V of a sphere is that of the closed form: 99.49, 84.38, 50, 7.41, 0.51 % at 5, 10, 16, 24, 27 Gy", () => {
  const dvh = dvhOf(drawn("sphere", 1), doseOf(along.x), options);
  // V = (2R³ − 3R²t + t³) / 4R³ with t = D − 16 Gy.
  for (const [gy, percent] of [[5, 99.4936], [8, 92.5926], [10, 84.375], [12, 74.0741], [16, 50], [20, 25.9259], [24, 7.4074], [27, 0.5064]] as const) {
    expect(Math.abs(100 * dvh.vAt(gy).low - percent)).toBeLessThan(0.15);
  }
});

test("V of a sphere in a radial dose is (L (1 − D / Dm) / R)³", () => {
  // Dm 40 Gy falls by 1 Gy/mm: L = 40 mm. At 30 Gy r = 10 mm: (10 / 12)³ = 57.87 %.
  const dvh = dvhOf(drawn("sphere", 1), doseOf((x, y, z) => 40 - Math.hypot(x, y, z)), options);
  for (const gy of [29, 30, 32, 34]) expect(dvh.vAt(gy).low).toBeCloseTo(((40 - gy) / 12) ** 3, 2);
});

test("the highest dose lies where the gradient leaves the shape", () => {
  const dvh = dvhOf(drawn("cylinder", 3), doseOf(along.x, { spacing: 3 }), options);
  expect(dvh.max.low).toBeCloseTo(28, 1);
  expect(dvh.maxAt[0]).toBeCloseTo(12, 1);
  expect(dvh.min.low).toBeCloseTo(4, 1);
});

describe("a sphere on slices of 3 mm, wherever they lie", () => {
  test.for([0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.9])("the first %f slices off its center, has its volume within 0.5 % and its dose within 0.2 Gy", (phase) => {
    const contours = Array.from({ length: 9 }, (_, k) => 3 * (k - 4 + phase)).filter((z) => Math.abs(z) < 11.99).map((z) => circle(Math.sqrt(144 - z * z), z));
    const dvh = dvhOf(structure("sphere", contours), doseOf(along.z, { spacing: 3, offset: [0.9, 1.2, 0.6] }), options);
    expect(worst(numbers(dvh), closed[1].slice(3) as number[])).toBeLessThan(0.2);
    expect(Math.abs(dvh.volumeCc / 7.23823 - 1)).toBeLessThan(0.005);
  });
});
