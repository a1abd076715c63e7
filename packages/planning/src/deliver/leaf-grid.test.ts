import { machineNamed, openingOf, type BeamBixels, type Interval, type Machine } from "@hapax/dose";
import { describe, expect, test } from "vitest";
import { ellipseOfBixels } from "./bixels.fixture.ts";
import { endsGradient, leafGrid, leavesOf, letThrough, roomsOf } from "./leaf-grid.ts";

const generic = machineNamed("generic-6mv");
const alongY: Machine = { ...generic, mlc: { ...leavesOf(generic), axis: "y" } };
const pairs = leavesOf(generic).leafEdgesMm.length - 1;

/** Leaves of every pair somewhere within 70 mm, some closed. */
const leaves = Array.from({ length: pairs }, (_, pair): Interval => (pair % 9 === 4 ? [-31.3, -31.3] : [-45.2 + 13.7 * Math.sin(pair), 38.9 + 22.3 * Math.cos(2.7 * pair)]));

/** Shares of each bixel as the dose engine has them. */
function byEngine(machine: Machine, { centersMm }: BeamBixels, bixelMm: number, leavesMm: readonly Interval[]): number[] {
  const positionsMm = [...leavesMm.map(([one]) => one), ...leavesMm.map(([, two]) => two)];
  return Array.from({ length: centersMm.length / 2 }, (_, bixel) =>
    openingOf(machine, { leaves: { positionsMm } }, { size: [1, 1], spacingMm: bixelMm, originMm: [centersMm[2 * bixel] as number, centersMm[2 * bixel + 1] as number] })[0] as number);
}

describe("what leaves let through bixels", () => {
  test.each([
    ["5 mm, under one pair each", generic, 5, 60, 70],
    ["5 mm, two under a pair beyond 100 mm", generic, 5, 30, 140],
    ["10 mm, under two pairs", generic, 10, 60, 70],
    ["4 mm, across the edges of pairs", generic, 4, 50, 40],
    ["5 mm, leaves along y", alongY, 5, 60, 70],
  ] as const)("is what the dose engine lets through them: %s", (_, machine, bixelMm, xMm, yMm) => {
    const bixels = ellipseOfBixels(xMm, yMm, bixelMm);
    const shares = letThrough(leafGrid(bixels, bixelMm, machine), leaves);
    const expected = byEngine(machine, bixels, bixelMm, leaves);
    expect(shares.length).toBe(expected.length);
    expect(Math.max(...expected.map((share, bixel) => Math.abs(share - (shares[bixel] as number))))).toBeLessThan(1e-6);
  });

  test.each([["x", generic], ["y", alongY]] as const)("changes with the end of a leaf along %s as its derivative says", (_, machine) => {
    const bixels = ellipseOfBixels(60, 110, 5);
    const grid = leafGrid(bixels, 5, machine);
    const gradient = Float64Array.from({ length: grid.bixelCount }, (_, bixel) => Math.sin(1.7 * bixel));
    const sum = (leavesMm: readonly Interval[]) => letThrough(grid, leavesMm).reduce((total, share, bixel) => total + share * (gradient[bixel] as number), 0);
    const slopes = endsGradient(grid, leaves, gradient);
    let seen = 0;
    for (let pair = 0; pair < pairs; pair++) {
      for (const bank of [0, 1] as const) {
        const moved = (by: number) => leaves.map((stretch, at): Interval => (at !== pair ? stretch : bank === 0 ? [stretch[0] + by, stretch[1]] : [stretch[0], stretch[1] + by]));
        const step = 1e-4;
        const difference = (sum(moved(step)) - sum(moved(-step))) / (2 * step);
        expect(slopes[2 * pair + bank]).toBeCloseTo(difference, 7);
        if (difference !== 0) seen++;
      }
    }
    expect(seen).toBeGreaterThan(40);
  });
});

test("leaves may stand open where there are bixels under half their width, apart for each stretch, their tips behind the edge", () => {
  const around = ellipseOfBixels(40, 40, 5).centersMm;
  // A gap of 20 mm around the axis, in every row.
  const split = Float32Array.from(Array.from({ length: around.length / 2 }, (_, b) => [around[2 * b] as number, around[2 * b + 1] as number]).filter(([x]) => Math.abs(x as number) > 10).flat());
  const rooms = roomsOf(leafGrid({ firstWeight: 0, centersMm: split }, 5, generic));
  // Pair 30 lies between y = 0 and 5: bixels reach to 40 mm; tips let 0.7 mm more through.
  expect(leavesOf(generic).leafEdgesMm[30]).toBe(0);
  expect(rooms[30]).toEqual([[expect.closeTo(-39.3, 9), expect.closeTo(-10.7, 9)], [expect.closeTo(10.7, 9), expect.closeTo(39.3, 9)]]);
  expect(rooms[10]).toEqual([]);
  const { mlc: _, ...without } = generic;
  expect(() => leafGrid(ellipseOfBixels(20, 20, 5), 5, without)).toThrow("planning/no-leaves");
});
