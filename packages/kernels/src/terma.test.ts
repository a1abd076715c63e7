import { describe, expect, test } from "vitest";
import { terma, type HeadOverGrid, type PlaneMap, type TermaTable } from "./terma.ts";

const mu = 0.005;
/** One energy: falls by μ; hardening rises to 1 over the table. */
const table: TermaTable = { stepMm: 1, terma: Float32Array.from({ length: 401 }, (_, i) => mu * Math.exp(-mu * i)), hardening: Float32Array.from({ length: 401 }, (_, i) => i / 400) };
const level = (value: number, half = 200, spacingMm = 1): PlaneMap => {
  const count = Math.round((2 * half) / spacingMm);
  return { size: [count, count], spacingMm, originMm: [spacingMm / 2 - half, spacingMm / 2 - half], values: new Float32Array(count ** 2).fill(value) };
};
/** Open up to an edge along x, its pixel counted by its part. */
const edged = (edgeMm: number): PlaneMap => {
  const map = level(0, 100);
  for (let i = 0; i < map.values.length; i++) map.values[i] = Math.min(1, Math.max(0, edgeMm + 100 - (i % 200)));
  return map;
};
const size = [9, 7, 11] as const;
const spacingMm = [2.5, 3, 2] as const;
/** Beam down along the grid's y: collimator x along the grid's x, collimator y along its z; the isocenter at the middle of the grid. */
const above = [1, 0, 0, -10, 0, 0, 1, -10, 0, -1, 0, 9];
const head = (given: Partial<HeadOverGrid> = {}): HeadOverGrid => ({
  size,
  spacingMm,
  depthMm: new Float32Array(693),
  collimatorFromGrid: above,
  sadMm: 1000,
  primary: { map: level(1), table, softeningPer100Mm: 0 },
  extraFocal: { map: level(0, 200, 5), table, distanceMm: 125 },
  electrons: { map: level(0, 200, 5), ratePerMm: 0.1 },
  ...given,
});
const voxel = (i: number, j: number, k: number) => i + 9 * (j + 7 * k);

describe("TERMA", () => {
  test("where a ray meets nothing is the map times the table's first, by the inverse square along the axis", () => {
    const released = terma(head());
    for (let j = 0; j < 7; j++) {
      // The plane of row j stands 9 − 3 j mm above the isocenter.
      for (const i of [0, 4, 8]) expect(released.terma[voxel(i, j, 3)]! / (mu * (1000 / (991 + 3 * j)) ** 2)).toBeCloseTo(1, 6);
    }
    expect(released.hardTerma.every((value) => value === 0)).toBe(true);
  });

  test("falls with the depth as the table does, and on as its last step", () => {
    const depthMm = Float32Array.from({ length: 693 }, (_, n) => n);
    const released = terma(head({ depthMm }));
    for (const n of [0, 100, 399, 500, 692]) {
      const j = Math.floor(n / 9) % 7;
      expect(released.terma[n]! / (mu * Math.exp(-mu * n) * (1000 / (991 + 3 * j)) ** 2)).toBeCloseTo(1, 4);
      expect(released.hardTerma[n]! / released.terma[n]!).toBeCloseTo(Math.min(1, n / 400), 5);
    }
  });

  test("of a field's edge inside a voxel is that part of the voxel, to 1 %", () => {
    for (const edge of [-4.9, -3.7, 0.1, 1.3, 2.5, 3.3]) {
      const released = terma(head({ primary: { map: edged(edge), table, softeningPer100Mm: 0 } }));
      for (let i = 0; i < 9; i++) {
        const [from, to] = [2.5 * i - 11.25, 2.5 * i - 8.75];
        const part = Math.min(1, Math.max(0, (edge - from) / (to - from)));
        // Pixels that the voxel's own faces cut are known as their means only: up to a quarter of a pixel of 1 mm in 2.5.
        const cut = Math.min(Math.abs(edge - from), Math.abs(edge - to)) < 1 ? 0.1 : 0.01;
        expect(Math.abs(released.terma[voxel(i, 3, 5)]! / mu - part)).toBeLessThan(cut);
      }
    }
  });

  test("summed over voxels is the fluence that falls on them", () => {
    // A pixel of 1 mm² alone: whatever voxels share it, together they have it all.
    const map = level(0, 100);
    map.values[103 + 200 * 98] = 1;
    const released = terma(head({ primary: { map, table, softeningPer100Mm: 0 } }));
    let sum = 0;
    for (let k = 0; k < 11; k++) for (let i = 0; i < 9; i++) sum += (released.terma[voxel(i, 3, k)]! / mu) * 2.5 * 2;
    expect(sum).toBeCloseTo(1, 5);
  });

  test("turned by the collimator is the map turned", () => {
    const quarter = [0, 0, 1, -10, -1, 0, 0, 10, 0, -1, 0, 9];
    const turned = terma(head({ collimatorFromGrid: quarter, primary: { map: edged(1.3), table, softeningPer100Mm: 0 } }));
    // Open where the grid's z is less than 11.3 mm: planes 0 to 5, the edge in plane 6 (11 to 13 mm).
    expect([4, 5, 6, 7].map((k) => turned.terma[voxel(4, 3, k)]! / mu)).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5), expect.closeTo(0.15, 1), 0]);
  });

  test("off axis is softer: its depth counts for more", () => {
    const depthMm = new Float32Array(693).fill(100);
    const [soft, hard] = [0.3, 0].map((softeningPer100Mm) => terma(head({ depthMm, primary: { map: level(1), table, softeningPer100Mm } })).terma) as [Float32Array, Float32Array];
    // Voxel 8, 3, 5 stands 10 mm off axis: 3 % more depth.
    expect(soft[voxel(8, 3, 5)]! / hard[voxel(8, 3, 5)]!).toBeCloseTo(Math.exp(-mu * 3), 5);
    expect(soft[voxel(4, 3, 5)]).toBe(hard[voxel(4, 3, 5)]);
  });

  test("of extra-focal photons diverges from their own source", () => {
    const released = terma(head({ primary: { map: level(0), table, softeningPer100Mm: 0 }, extraFocal: { map: level(0.1, 200, 5), table, distanceMm: 125 } }));
    // 9 mm above the isocenter, 875 mm below the source.
    expect(released.terma[voxel(4, 0, 5)]! / (0.1 * mu * (875 / 866) ** 2)).toBeCloseTo(1, 6);
  });

  test("behind the source is nothing", () => {
    const beyond = terma(head({ sadMm: 5, extraFocal: { map: level(1, 200, 5), table, distanceMm: 1 } }));
    // Row 0 stands 9 mm above the isocenter, the target 5.
    expect(beyond.terma[voxel(4, 0, 5)]).toBe(0);
    expect(beyond.terma[voxel(4, 2, 5)]).toBeGreaterThan(0);
  });

  test("outside the maps is nothing", () => {
    const released = terma(head({ primary: { map: level(1, 5), table, softeningPer100Mm: 0 }, extraFocal: { map: level(1, 5), table, distanceMm: 125 } }));
    expect(released.terma[voxel(0, 3, 5)]).toBe(0);
    expect(released.terma[voxel(4, 3, 5)]).toBeGreaterThan(0);
  });
});

test("the dose of the head's electrons fades from the surface, relative to the primary TERMA there", () => {
  const depthMm = Float32Array.from({ length: 693 }, (_, n) => (n % 9) * 5);
  const { electronDose } = terma(head({ depthMm, electrons: { map: level(0.2, 200, 5), ratePerMm: 0.1 } }));
  for (let i = 0; i < 9; i++) expect(electronDose[voxel(i, 3, 5)]! / (0.2 * mu * Math.exp(-0.5 * i))).toBeCloseTo(1, 5);
});
