import { fc, test } from "@fast-check/vitest";
import { afterAll, beforeAll, expect } from "vitest";
import { openCrew } from "./crew-node.ts";
import { plainCrew, type SimdCrew } from "./crew.ts";
import { termaWith } from "./terma-wasm.ts";
import { terma, type HeadOverGrid, type PlaneMap, type TermaTable } from "./terma.ts";
import { waterDepthWith } from "./water-depth-wasm.ts";
import { waterDepth } from "./water-depth.ts";

type Triple = readonly [number, number, number];

let crew: SimdCrew;
let alone: SimdCrew;
beforeAll(async () => {
  [crew, alone] = await Promise.all([openCrew(2), openCrew(1)]);
});
afterAll(() => Promise.all([crew.close(), alone.close()]));

/** Values that vary from voxel to voxel, the same at every run. */
const scatter = (n: number) => Math.abs(Math.sin(12.9898 * n + 78.233) * 43758.5453) % 1;
const beams = fc.record({
  size: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
  spacingMm: fc.tuple(fc.double({ min: 1, max: 5, noNaN: true }), fc.double({ min: 1, max: 5, noNaN: true }), fc.double({ min: 1, max: 5, noNaN: true })),
  polar: fc.double({ min: -1, max: 1, noNaN: true }),
  around: fc.double({ min: 0, max: 6.28, noNaN: true }),
  sadMm: fc.double({ min: 300, max: 1000, noNaN: true }),
  turn: fc.double({ min: 0, max: 6.28, noNaN: true }),
});

/** A grid of scattered density, and a beam whose axis goes through its middle. */
function layout({ size, spacingMm, polar, around, sadMm, turn }: (typeof beams extends fc.Arbitrary<infer Beam> ? Beam : never)) {
  const middle = size.map((count, axis) => ((count - 1) / 2) * (spacingMm[axis] as number)) as unknown as Triple;
  const sin = Math.sqrt(1 - polar ** 2);
  const z: Triple = [sin * Math.cos(around), sin * Math.sin(around), polar];
  const e: Triple = [-Math.sin(around), Math.cos(around), 0];
  const f: Triple = [z[1] * e[2] - z[2] * e[1], z[2] * e[0] - z[0] * e[2], z[0] * e[1] - z[1] * e[0]];
  const x = e.map((_, n) => Math.cos(turn) * e[n]! + Math.sin(turn) * f[n]!);
  const y = e.map((_, n) => -Math.sin(turn) * e[n]! + Math.cos(turn) * f[n]!);
  const row = (axis: readonly number[]) => [...axis, -axis.reduce((sum, value, n) => sum + value * middle[n]!, 0)];
  const length = size[0] * size[1] * size[2];
  return {
    medium: { size, spacingMm, density: Float32Array.from({ length }, (_, n) => 2 * scatter(n)), sourceMm: middle.map((mm, n) => mm + sadMm * z[n]!) as unknown as Triple },
    collimatorFromGrid: [...row(x), ...row(y), ...row(z)],
    sadMm,
  };
}

const differ = (a: Float32Array, b: Float32Array) => a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), 0);
const most = (values: Float32Array) => values.reduce((top, value) => Math.max(top, value), 1e-9);
const map = (count: number, spacingMm: number, at: (n: number) => number): PlaneMap => ({ size: [count, count + 1], spacingMm, originMm: [-(count - 1) * spacingMm * 0.5, -count * spacingMm * 0.45], values: Float32Array.from({ length: count * (count + 1) }, (_, n) => at(n)) });
const table: TermaTable = { stepMm: 2, terma: Float32Array.from({ length: 40 }, (_, n) => Math.exp(-0.01 * n)), hardening: Float32Array.from({ length: 40 }, (_, n) => n / 40) };
const head = (beam: ReturnType<typeof layout>, depthMm: Float32Array): HeadOverGrid => ({
  size: beam.medium.size,
  spacingMm: beam.medium.spacingMm,
  depthMm,
  collimatorFromGrid: beam.collimatorFromGrid,
  sadMm: beam.sadMm,
  primary: { map: map(40, 1, scatter), table, softeningPer100Mm: 0.05 },
  extraFocal: { map: map(16, 5, (n) => 0.1 * scatter(n)), table, distanceMm: 125 },
  electrons: { map: map(21, 3, (n) => 0.2 * scatter(n)), ratePerMm: 0.1 },
});

test.prop([beams], { numRuns: 40 })("the compiled depth is that of the plain form, from any side, through any grid", async (given) => {
  const { medium } = layout(given);
  const plain = waterDepth(medium);
  const compiled = await waterDepthWith(crew, medium);
  expect(differ(compiled, plain)).toBeLessThan(1e-4 * most(plain));
  expect(await waterDepthWith(alone, medium)).toEqual(compiled);
});

test.prop([beams], { numRuns: 40 })("the compiled TERMA is that of the plain form, of photons and electrons", async (given) => {
  const beam = layout(given);
  const input = head(beam, waterDepth(beam.medium));
  const plain = terma(input);
  const compiled = await termaWith(crew, input);
  for (const part of ["terma", "hardTerma", "electronDose"] as const) expect(differ(compiled[part], plain[part])).toBeLessThan(1e-4 * most(plain[part]));
  expect(await termaWith(alone, input)).toEqual(compiled);
});

test("on a plain crew the plain forms are run", async () => {
  const beam = layout({ size: [5, 6, 7], spacingMm: [2, 2, 3], polar: 0.3, around: 1, sadMm: 900, turn: 0.2 });
  const depth = await waterDepthWith(plainCrew, beam.medium);
  expect(depth).toEqual(waterDepth(beam.medium));
  expect(await termaWith(plainCrew, head(beam, depth))).toEqual(terma(head(beam, depth)));
});

test("aborted work is not finished", async () => {
  const beam = layout({ size: [5, 6, 7], spacingMm: [2, 2, 3], polar: 0.3, around: 1, sadMm: 900, turn: 0.2 });
  const signal = AbortSignal.abort(new Error("no longer wanted"));
  await expect(waterDepthWith(crew, beam.medium, { signal })).rejects.toThrow("no longer wanted");
  await expect(termaWith(crew, head(beam, waterDepth(beam.medium)), { signal })).rejects.toThrow("no longer wanted");
});
