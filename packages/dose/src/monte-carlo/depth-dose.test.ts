import { describe, expect, test } from "vitest";
import { depthDose, doseAt, openFieldDose, ratioOf, shareInSquare, type DepthDoseRun } from "./depth-dose.ts";
import { slabSettings } from "./slab.ts";
import stored from "./slab.json" with { type: "json" };
import { physicsVersion } from "./transport.ts";

const small: DepthDoseRun = { ...slabSettings, layers: slabSettings.lung, histories: 2000, batches: 4, seed: 3 };

/** The stored value and its standard deviation. */
const entry = (table: readonly (readonly (readonly number[])[])[], field: number, depth: number) => {
  const [value = 0, sigma = 0] = table[field]?.[depth] ?? [];
  return { value, sigma };
};

test("a circle lies in a square until it reaches the sides, and leaves it at the corners", () => {
  expect(shareInSquare(0.99, 1)).toBe(1);
  expect(shareInSquare(2.01, 1)).toBe(0);
  // At 2/√3 of half the side, 30° to each side of every axis are outside: a third is left.
  expect(shareInSquare(4 / 3, 1)).toBeCloseTo(1 / 3, 12);
});

test("the same seed gives the same dose, another seed another", () => {
  const { batches } = depthDose(small);
  expect(depthDose(small).batches).toEqual(batches);
  expect(depthDose({ ...small, seed: 4 }).batches).not.toEqual(batches);
});

test("a spectrum beyond the tables is refused", () => {
  expect(() => depthDose({ ...small, spectrum: { energiesMev: [10], energyFluence: [1] } })).toThrow(/reaches 10 MeV/);
});

test("photons all on the axis give the dose of a field shot over its whole surface", () => {
  const run = { ...slabSettings, layers: slabSettings.lung, sidesCm: [3], batches: 20 };
  const symmetric = doseAt(depthDose({ ...run, histories: 40_000, seed: 1 }), 0, 12, 20);
  const open = doseAt(openFieldDose({ ...run, histories: 150_000, seed: 2 }, 0.5), 0, 12, 20);
  const { value, sigma } = ratioOf(open, symmetric);
  expect(sigma).toBeLessThan(0.025);
  expect(Math.abs(value - 1)).toBeLessThan(3.5 * sigma);
});

describe("the stored Monte Carlo of slab.json", () => {
  test("is of the settings and physics that stand here, to 0.7 % or better at one standard deviation", () => {
    expect(stored).toMatchObject({
      depthsCm: slabSettings.depthsCm,
      waterDepthsCm: slabSettings.waterDepthsCm,
      sidesCm: slabSettings.sidesCm,
      lung: slabSettings.lung,
      cutoffs: slabSettings.cutoffs,
      physicsVersion,
    });
    for (const row of stored.ratio) for (const [value = 0, sigma = 1] of row) expect(sigma / value).toBeLessThan(0.007);
  });

  test("is what a few photons give, within their spread", () => {
    const water = depthDose({ ...small, layers: slabSettings.water, histories: 80_000, batches: 20 });
    const lung = depthDose({ ...small, histories: 80_000, batches: 20 });
    const off: number[] = [];
    for (const field of [0, 2]) {
      slabSettings.depthsCm.forEach((depthCm, depth) => {
        const fresh = ratioOf(doseAt(lung, field, depthCm, 0.4), doseAt(water, field, depthCm, 0.4));
        const kept = entry(stored.ratio, field, depth);
        off.push((fresh.value - kept.value) / Math.hypot(fresh.sigma, kept.sigma));
      });
    }
    // 20 batches: their spread is known to 16 %; of 24 points, many of the same photons, none is 4.5 off.
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(4.5);
  });

  test("falls with depth in water as the superposition of Mackie's kernels does, 10 x 10 cm, within 2 % beyond 2 cm", () => {
    // Percent of the maximum, the same spectrum, computed apart from this code.
    const superposed = new Map([[2, 98.9], [3, 94.8], [5, 86.3], [8, 73.9], [10, 66.3], [15, 50.1], [20, 37.6], [25, 28.2], [30, 21.4]]);
    const field = slabSettings.sidesCm.indexOf(10);
    for (const [depthCm, percent] of superposed) {
      const { value } = entry(stored.water, field, stored.waterDepthsCm.indexOf(depthCm));
      expect(Math.abs((value * 66.3) / percent - 1)).toBeLessThan(0.02);
    }
  });
});
