import { fc, test } from "@fast-check/vitest";
import { afterAll, beforeAll, expect } from "vitest";
import { coneDose } from "./cone-dose.ts";
import { coneDoseWith } from "./cone-dose-wasm.ts";
import type { ConeField, Cones } from "./cone-field.ts";
import { openCrew } from "./crew-node.ts";
import { plainCrew, type SimdCrew } from "./crew.ts";

type Triple = readonly [number, number, number];

let crew: SimdCrew;
let alone: SimdCrew;
beforeAll(async () => {
  [crew, alone] = await Promise.all([openCrew(2), openCrew(1)]);
});
afterAll(() => Promise.all([crew.close(), alone.close()]));

const unit = (v: Triple): Triple => v.map((d) => d / Math.hypot(...v)) as unknown as Triple;
/** Values that vary from voxel to voxel, the same at every run. */
const scatter = (n: number) => Math.abs(Math.sin(12.9898 * n + 78.233) * 43758.5453) % 1;

/** A field whose source is 200 mm from the middle, against the axis; `at` gives density, TERMA and hardened TERMA. */
function field(size: Triple, spacingMm: Triple, axis: Triple, at: (n: number, i: number, j: number, k: number) => Triple): ConeField {
  const length = size[0] * size[1] * size[2];
  const [density, terma, hardTerma] = [new Float32Array(length), new Float32Array(length), new Float32Array(length)];
  for (let n = 0; n < length; n++) [density[n], terma[n], hardTerma[n]] = at(n, n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / size[0] / size[1]));
  const towards = unit(axis);
  return { size, spacingMm, density, terma, hardTerma, axis: towards, sourceMm: size.map((s, a) => ((s - 1) / 2) * (spacingMm[a] as number) - 200 * (towards[a] as number)) as unknown as Triple };
}

/** Rings of cones around an axis, shares falling and rates rising away from it. */
function rings(axis: Triple, polar: number, azimuths: number, thick = 1): Cones {
  const z = unit(axis);
  const aside = unit(Math.abs(z[0]) < 0.9 ? [0, z[2], -z[1]] : [-z[2], 0, z[0]]);
  const up: Triple = [z[1] * aside[2] - z[2] * aside[1], z[2] * aside[0] - z[0] * aside[2], z[0] * aside[1] - z[1] * aside[0]];
  const list = Array.from({ length: polar * azimuths }, (_, c) => {
    const cos = 1 - (2 * (Math.floor(c / azimuths) + 0.5)) / polar;
    const azimuth = (2 * Math.PI * ((c % azimuths) + 0.3)) / azimuths;
    const sin = Math.sqrt(1 - cos * cos);
    return { direction: [0, 1, 2].map((a) => cos * z[a]! + sin * (Math.cos(azimuth) * aside[a]! + Math.sin(azimuth) * up[a]!)), cos };
  });
  return {
    count: list.length,
    directions: Float32Array.from(list.flatMap(({ direction }) => direction)),
    rates: Float32Array.from(list.flatMap(({ cos }) => [thick * (0.05 + 0.05 * (1 - cos)), thick * 0.005])),
    shares: Float32Array.from(list.flatMap(({ cos }) => [0.5, 0.2, 0.1, 0.1, -0.05, 0.05].map((share) => (share * Math.exp(2 * cos)) / list.length))),
    tilts: Float32Array.from(list.map(({ cos }) => 2 * (1 - cos * cos))),
  };
}

/** Largest difference, of the largest dose. */
function difference(found: Float32Array, expected: Float32Array): number {
  let [worst, most] = [0, 0];
  for (let n = 0; n < expected.length; n++) {
    // Not Math.max alone: a NaN is the worst.
    const apart = Math.abs((found[n] as number) - (expected[n] as number));
    worst = Number.isNaN(apart) ? Infinity : Math.max(worst, apart);
    most = Math.max(most, expected[n] as number);
  }
  return worst / most;
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 23 }));
const part = fc.double({ min: -1, max: 1, noNaN: true });
const axes = fc.tuple(part, part, part).filter((a) => Math.hypot(...a) > 0.1);
const spacings = fc.tuple(fc.constantFrom(1, 2, 2.5), fc.constantFrom(2, 2.5), fc.constantFrom(2, 3));

test.prop([sizes, spacings, axes, fc.constantFrom(0.3, 1, 4, 20), fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 60 })(
  "the compiled sweep gives the dose of the plain one, voxel by voxel, on grids of any size, beams and rates of any kind",
  async (size, spacing, axis, thick, emptyShare) => {
    const scattered = field(size, spacing, axis, (n) => {
      const empty = scatter(n + 0.9) < emptyShare && n !== 0;
      return [scatter(n + 0.1) < 0.2 ? 0 : 2 * scatter(n), empty ? 0 : 0.1 + scatter(n + 0.3), empty ? 0 : 0.4 * scatter(n + 0.7)];
    });
    const cones = rings(axis, 3, 4, thick);
    const found = await coneDoseWith(crew, scattered, cones);
    expect(difference(found, coneDose(scattered, cones))).toBeLessThanOrEqual(1e-4);
  },
);

/** A cylinder of water with a lung and a spine in it, and air around: a field of 40 mm. */
function phantom(axis: Triple): ConeField {
  const [size, spacing] = [[53, 47, 29], [2.5, 2.5, 3]] as const;
  const made = field(size, spacing, axis, (_n, i, j) => {
    const r = Math.hypot((i - 26) / 24, (j - 23) / 20);
    return [r > 1 ? 0 : Math.hypot(i - 16, j - 22) < 7 ? 0.25 : Math.hypot(i - 26, j - 36) < 4 ? 1.8 : 1, 0, 0];
  });
  for (let n = 0; n < made.density.length; n++) {
    const from = [n % 53, Math.floor(n / 53) % 47, Math.floor(n / 53 / 47)].map((v, a) => v * spacing[a]! - made.sourceMm[a]!);
    const before = from.reduce((sum, v, a) => sum + v * made.axis[a]!, 0);
    const aside = Math.sqrt(from.reduce((sum, v) => sum + v * v, 0) - before * before) / before;
    if (made.density[n] === 0 || aside > 0.1) continue;
    made.terma[n] = 1e4 * Math.exp(-0.005 * (before - 140)) / (before * before);
    made.hardTerma[n] = made.terma[n]! * 0.003 * (before - 140);
  }
  return made;
}

test.each<[string, Triple]>([["from above", [0, 1, 0]], ["from the side", [-1, 0, 0]], ["from the head", [0, 0, 1]], ["oblique", [0.5, 0.7, -0.3]]])(
  "in a thorax with the beam %s, compiled and plain agree within 1e-4 of the maximum, and one thread and two to the bit",
  async (_, axis) => {
    const cones = rings(axis, 6, 12);
    const thorax = phantom(axis);
    const found = await coneDoseWith(crew, thorax, cones);
    expect(difference(found, coneDose(thorax, cones))).toBeLessThanOrEqual(1e-4);
    expect(await coneDoseWith(alone, thorax, cones)).toEqual(found);
  },
);

test("a field that releases nothing has no dose, and no cones give none", async () => {
  const empty = field([5, 6, 7], [2, 2, 2], [0, 0, 1], () => [1, 0, 0]);
  expect(Math.max(...await coneDoseWith(crew, empty, rings([0, 0, 1], 2, 4)))).toBe(0);
  const full = field([5, 6, 7], [2, 2, 2], [0, 0, 1], () => [1, 1, 1]);
  expect(Math.max(...await coneDoseWith(crew, full, rings([0, 0, 1], 0, 4)))).toBe(0);
});

test("a crew without compiled kernels takes the plain form", async () => {
  const thorax = field([9, 8, 7], [2, 2, 2], [0, 0, 1], (n) => [1, scatter(n), 0]);
  const cones = rings([0, 0, 1], 2, 4);
  const told: number[] = [];
  expect(await coneDoseWith(plainCrew, thorax, cones, { onProgress: (share) => told.push(share) })).toEqual(coneDose(thorax, cones));
  expect(told.at(-1)).toBe(1);
  expect(told).toHaveLength(8);
});

test("a calculation tells how far it is, stops when it is told to, and leaves the crew ready for the next", async () => {
  const thorax = phantom([0, 1, 0]);
  const cones = rings([0, 1, 0], 6, 12);
  for (const some of [crew, plainCrew]) {
    const stop = new AbortController();
    const told: number[] = [];
    const stopped = coneDoseWith(some, thorax, cones, { signal: stop.signal, onProgress: (share) => told.push(share) > 2 && stop.abort() });
    await expect(stopped).rejects.toThrow("aborted");
    expect(told.every((share, n) => share < 0.5 && share > (told[n - 1] ?? 0))).toBe(true);
    await expect(coneDoseWith(some, thorax, cones, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  }
  expect(difference(await coneDoseWith(crew, thorax, cones), coneDose(thorax, cones))).toBeLessThanOrEqual(1e-4);
});
