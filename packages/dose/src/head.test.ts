import { describe, expect, test } from "vitest";
import { squareField } from "./aperture.ts";
import { erf, integral, plainMachine, valueAt } from "./head.fixture.ts";
import { headFluence } from "./head.ts";
import type { Machine } from "./machine.ts";

const machine = plainMachine();
const tight: Machine = { ...machine, jaws: { x: { ...machine.jaws.x!, transmission: 0 }, y: { ...machine.jaws.y!, transmission: 0 } } };
const whole = (side: number) => [{ ...squareField(side), share: 1 }];
/** Share of a Gaussian of σ around a place that lies between two edges. */
const within = (at: number, half: number, sigma: number) => (erf((at + half) / sigma / Math.SQRT2) - erf((at - half) / sigma / Math.SQRT2)) / 2;

describe("the primary of a field", () => {
  test("carries as much as the area that is open", () => {
    for (const side of [5, 37.3, 100, 250]) expect(integral(headFluence(tight, whole(side)).primary)).toBeCloseTo(side ** 2, side > 200 ? 0 : 2);
  });

  test("falls over its edges as the error function of the source's width, along x and along y", () => {
    const { primary } = headFluence(tight, whole(100));
    for (let off = -5.5; off <= 5.5; off += 1) {
      expect(valueAt(primary, 50 + off, 0)).toBeCloseTo(within(50 + off, 50, 1.5), 2);
      expect(valueAt(primary, 0, -50 + off)).toBeCloseTo(within(-50 + off, 50, 2), 2);
    }
  });

  test("of 5 mm is lower on its axis by what the source's width takes away", () => {
    // The mean over the four pixels around the axis is within 2 % of the axis itself.
    expect(valueAt(headFluence(tight, whole(5)).primary, 0, 0)).toBeCloseTo(within(0, 2.5, 1.5) * within(0, 2.5, 2), 1);
  });

  test("is the same left and right, and up and down", () => {
    const { primary: { values, size: [nx, ny] } } = headFluence(machine, whole(73));
    for (let at = 0; at < values.length; at += 97) {
      const [i, j] = [at % nx, Math.floor(at / nx)];
      expect(values[nx - 1 - i + nx * j]).toBeCloseTo(values[at] as number, 7);
      expect(values[i + nx * (ny - 1 - j)]).toBeCloseTo(values[at] as number, 7);
    }
  });

  test("has the horns of the machine and ends at its primary collimator", () => {
    const horned: Machine = { ...machine, primary: { ...machine.primary, horns: { radiiMm: [0, 100, 250], values: [1, 1.04, 1.06] } } };
    const { primary } = headFluence(horned, whole(400));
    expect(valueAt(primary, 50, 0)).toBeCloseTo(1.02, 3);
    expect(valueAt(primary, 0, 175)).toBeCloseTo(1.05, 3);
    // The jaws leak 1 % as far as the collimator.
    expect(valueAt(primary, 240, 0)).toBeCloseTo(0.01 * (1.04 + (0.02 * 140) / 150), 3);
    expect(valueAt(primary, 262, 0)).toBe(0);
  });

  test("of segments is their sum by shares of the meterset", () => {
    const [small, large] = [headFluence(machine, whole(40)), headFluence(machine, whole(120))];
    const both = headFluence(machine, [{ ...squareField(40), share: 0.25 }, { ...squareField(120), share: 0.75 }]);
    for (const part of ["primary", "electrons"] as const) {
      both[part].values.forEach((value, i) => {
        if (i % 101 === 0) expect(value).toBeCloseTo(0.25 * (small[part].values[i] as number) + 0.75 * (large[part].values[i] as number), 6);
      });
    }
  });
});

describe("the extra-focal photons of a field", () => {
  // Jaws at 400 and 300 mm, source at 125 mm, σ 25 mm: seen at the isocenter σ is 25 · 600 / 275 and 25 · 700 / 175 mm,
  // and edges stand at 0.4 · 875 / 275 and 0.3 · 875 / 175 of their place in the light field.
  const [sigmaX, sigmaY] = [(25 * 600) / 275, (25 * 700) / 175];
  const [scaleX, scaleY] = [(0.4 * 875) / 275, (0.3 * 875) / 175];

  test("rise with the field as more of the source is seen, up to the machine's weight", () => {
    for (const side of [50, 100, 200]) {
      const seen = within(0, (scaleX * side) / 2, sigmaX) * within(0, (scaleY * side) / 2, sigmaY);
      expect(valueAt(headFluence(tight, whole(side)).extraFocal, 0, 0)).toBeCloseTo(0.1 * seen, 4);
    }
    const open = headFluence({ ...tight, jaws: { x: { ...machine.jaws.x!, travelMm: [-2000, 2000] }, y: { ...machine.jaws.y!, travelMm: [-2000, 2000] } } }, whole(4000));
    expect(valueAt(open.extraFocal, 0, 0)).toBeCloseTo(0.1, 6);
  });

  test("reach beyond the edges of the field", () => {
    const { extraFocal } = headFluence(tight, whole(100));
    expect(valueAt(extraFocal, 90, 0)).toBeCloseTo(0.1 * within(90, 50 * scaleX, sigmaX) * within(0, 50 * scaleY, sigmaY), 4);
  });
});

test("electrons are spread by their own width", () => {
  const { electrons } = headFluence(tight, whole(100));
  for (const x of [0, 40, 50, 65]) expect(valueAt(electrons, x, 0)).toBeCloseTo(0.2 * within(x, 50, 12) * within(0, 50, 12), 3);
});

describe("a fluence map", () => {
  const bixels = { size: [4, 4], spacingMm: 10, originMm: [-15, -15], values: Float32Array.from({ length: 16 }, (_, i) => (i % 5) / 4) } as const;

  test("keeps its integral and its places", () => {
    const { primary } = headFluence(machine, bixels);
    expect(integral(primary)).toBeCloseTo(integral(bixels), 2);
    expect(valueAt(primary, -5, -15)).toBeCloseTo(0.25, 2);
  });

  test("that is open in a square is the square field of a machine whose jaws let nothing through", () => {
    const open = headFluence(machine, { ...bixels, values: new Float32Array(16).fill(1) });
    const field = headFluence(tight, whole(40));
    open.primary.values.forEach((value, i) => {
      if (i % 53 === 0) expect(value).toBeCloseTo(field.primary.values[i] as number, 6);
    });
  });

  test("below nothing, or nothing at all, is refused", () => {
    expect(() => headFluence(machine, { ...bixels, values: new Float32Array(16) })).toThrow("dose/fluence-map");
    expect(() => headFluence(machine, { ...bixels, values: new Float32Array(16).fill(-1) })).toThrow("dose/fluence-map");
    expect(() => headFluence(machine, [])).toThrow("dose/no-apertures");
  });
});
