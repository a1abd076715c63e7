import { test as prop, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { squareField, type Aperture } from "./aperture.ts";
import { plainMachine } from "./head.fixture.ts";
import { openingOf, type Pixels } from "./opening.ts";

const machine = plainMachine();
const pixels: Pixels = { size: [120, 120], spacingMm: 1, originMm: [-59.5, -59.5] };
const area = (open: Float64Array) => open.reduce((sum, share) => sum + share, 0);
const at = (open: Float64Array, x: number, y: number) => open[Math.floor(x + 60) + 120 * Math.floor(y + 60)];
/** All ten pairs at one place. */
const slit = (from: number, to: number) => ({ positionsMm: [...Array<number>(10).fill(from), ...Array<number>(10).fill(to)] });
const mm = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true });

describe("an opening", () => {
  prop.prop([mm(-40, -1), mm(1, 40), mm(-40, -1), mm(1, 40)])("lets through its area, and what its jaws leak", (x1, x2, y1, y2) => {
    const open = openingOf(machine, { x: [x1, x2], y: [y1, y2] }, pixels);
    // 120 mm in each direction, open or at 1 %; jaws across each other leak 1 % of 1 %.
    const along = (from: number, to: number) => to - from + 0.01 * (120 - to + from);
    expect(area(open)).toBeCloseTo(along(x1, x2) * along(y1, y2), 6);
  });

  prop.prop([mm(-30, 30)])("of two halves that abut is that of the whole, less what each leaks under the other", (cut) => {
    const tight = { ...machine, jaws: { x: { ...machine.jaws.x!, transmission: 0 }, y: { ...machine.jaws.y!, transmission: 0 } } };
    const [left, right, whole] = ([[-40, cut], [cut, 40], [-40, 40]] as const).map((x) => openingOf(tight, { x, y: [-40, 40] }, pixels)) as [Float64Array, Float64Array, Float64Array];
    expect(Math.max(...whole.map((share, i) => Math.abs(share - (left[i] as number) - (right[i] as number))))).toBeLessThan(1e-12);
  });

  prop.prop([mm(-30, -1), mm(1, 30)])("counts a pixel by its covered part: jaws and leaves at one place are one edge", (from, to) => {
    const leaves = slit(from, to);
    const both = openingOf(machine, { x: [from, to], leaves }, pixels);
    const alone = openingOf({ ...machine, mlc: { ...machine.mlc!, transmission: 0.0002 } }, { leaves }, pixels);
    // 1 % of 2 % passes both; beside the pairs, in the outer rows, there are jaws only.
    const rows = (open: Float64Array) => open.subarray(10 * 120, 110 * 120);
    expect(Math.max(...rows(both).map((share, i) => Math.abs(share - (rows(alone)[i] as number))))).toBeLessThan(1e-9);
  });

  test("of a staircase of leaves is the sum of its steps", () => {
    const positionsMm = [...Array.from({ length: 10 }, (_, i) => -5.3 * i - 1), ...Array.from({ length: 10 }, (_, i) => 2.7 * i)];
    const open = openingOf({ ...machine, mlc: { ...machine.mlc!, transmission: 0 } }, { leaves: { positionsMm } }, pixels);
    // Widths 8 i + 1 over 10 mm each: 10 (8 · 45 + 10) = 3700 mm².
    expect(area(open)).toBeCloseTo(3700, 6);
    expect(at(open, -40.5, 45)).toBe(1);
    expect(at(open, -40.5, 25)).toBe(0);
  });

  test("of leaves along y is that of leaves along x, turned", () => {
    const leaves = { positionsMm: [...Array.from({ length: 10 }, (_, i) => -20 - i), ...Array.from({ length: 10 }, (_, i) => 10 + 2.2 * i)] };
    const along = openingOf(machine, { x: [-25, 15], y: [-33.3, 40], leaves }, pixels);
    const turned = openingOf(machine, { y: [-25, 15], x: [-33.3, 40], leaves: { ...leaves, axis: "y" } }, pixels);
    for (const [x, y] of [[3, 4], [-25, -33], [14, 41], [-29, 7]] as const) expect(at(turned, y, x)).toBeCloseTo(at(along, x, y) as number, 12);
  });

  test("passes 2 % under a leaf, 1 % under a jaw, 0.02 % under both", () => {
    const open = openingOf(machine, { ...squareField(60), leaves: slit(-20, 20) }, pixels);
    expect([at(open, 0, 0), at(open, 25, 0), at(open, 0, 40), at(open, 40, 0)]).toEqual([1, 0.02, 0.01, expect.closeTo(0.0002, 12)]);
  });

  test("is wider by the offset of rounded tips on each side", () => {
    const tips = { ...machine, mlc: { ...machine.mlc!, transmission: 0, tipOffsetMm: 0.7 } };
    // 21.4 mm over ten pairs of 10 mm.
    expect(area(openingOf(tips, { leaves: slit(-10, 10) }, pixels))).toBeCloseTo(2140, 6);
  });

  test("shows the tongue where one of two neighbors is open, and not where both are", () => {
    const tongues = { ...machine, mlc: { ...machine.mlc!, tongueMm: 1 } };
    const oneOpen = { positionsMm: [...Array<number>(5).fill(-20), ...Array<number>(5).fill(20), ...Array<number>(10).fill(20)] };
    const half: Pixels = { ...pixels, spacingMm: 0.5, originMm: [-29.75, -29.75] };
    const value = (aperture: Aperture, y: number) => openingOf(tongues, aperture, half)[60 + 120 * Math.floor((y + 30) / 0.5)];
    // The edge between pairs 5 and 6 is at y = 0: the tongue spans −0.5 to 0.5.
    expect([-0.75, -0.25, 0.25, 0.75].map((y) => value({ leaves: oneOpen }, y))).toEqual([1, 0.3, 0.3, 0.02]);
    expect([-0.75, -0.25, 0.25, 0.75].map((y) => value({ leaves: slit(-20, 20) }, y))).toEqual([1, 1, 1, 1]);
  });

  prop.prop([mm(-20, 20), mm(-20, 20), mm(3, 25), fc.integer({ min: 3, max: 9 }), mm(0, 6)])("takes a block's outline by its area, whichever way round it is drawn", (x, y, radius, corners, turn) => {
    const outline = Array.from({ length: corners }, (_, i) => [x + radius * Math.cos(turn + (2 * Math.PI * i) / corners), y + radius * Math.sin(turn + (2 * Math.PI * i) / corners)] as const);
    const covered = (corners / 2) * radius ** 2 * Math.sin((2 * Math.PI) / corners);
    const through = (aperture: Aperture) => area(openingOf({ ...machine, jaws: {} }, aperture, pixels));
    expect(through({ blocks: [{ kind: "shielding", outlineMm: outline, transmission: 0.05 }] })).toBeCloseTo(14400 - 0.95 * covered, 6);
    expect(through({ blocks: [{ kind: "aperture", outlineMm: outline.toReversed(), transmission: 0.05 }] })).toBeCloseTo(0.05 * 14400 + 0.95 * covered, 6);
  });

  test("of a machine without jaws along its leaves is made by the leaves", () => {
    const jawless = { ...machine, jaws: { y: machine.jaws.y! } };
    const open = openingOf(jawless, squareField(40), pixels);
    expect([at(open, 0, 0), at(open, 21, 0), at(open, 0, 21)]).toEqual([1, 0.02, expect.closeTo(0.0002, 12)]);
  });
});

describe("what a machine cannot do is refused with leaf, position and limit:", () => {
  const refused = (aperture: Aperture, code: string, ...words: string[]) => {
    for (const word of [code, ...words]) expect(() => openingOf(machine, aperture, pixels)).toThrow(word);
  };
  const moved = (leaf: number, position: number) => ({ positionsMm: slit(-20, 20).positionsMm.with(leaf, position) });

  test("jaws beyond their travel, or crossed", () => {
    refused(squareField(401), "dose/jaw-travel", "x1", "-200.5 mm", "-200 to 200");
    refused({ x: [10, -10] }, "dose/jaws-crossed", "10 mm", "-10 mm");
  });

  test("leaves beyond their travel, crossed, or not as many as the machine's", () => {
    refused({ leaves: moved(12, 151) }, "dose/leaf-travel", "Leaf 3 of bank 2", "151 mm", "-150 to 150");
    refused({ leaves: moved(4, 21) }, "dose/leaves-crossed", "pair 5", "21 and 20 mm");
    refused({ leaves: { positionsMm: [-1, -1, 1, 1] } }, "dose/leaf-count", "4 leaf positions for 10 pairs");
  });

  test("nothing open, be it by leaves or by jaws over the only gap", () => {
    refused({ leaves: slit(5, 5) }, "dose/closed");
    refused({ x: [3, 3] }, "dose/closed");
    refused({ y: [0, 20], leaves: { positionsMm: [...Array<number>(10).fill(0), ...Array<number>(10).fill(0).with(2, 15)] } }, "dose/closed");
  });

  test("leaves or jaws that the machine has not", () => {
    const { mlc: _, ...jawsOnly } = machine;
    expect(() => openingOf(jawsOnly, { leaves: slit(-1, 1) }, pixels)).toThrow("dose/no-leaves");
    expect(() => openingOf({ ...jawsOnly, jaws: {} }, squareField(50), pixels)).toThrow("dose/no-jaws");
  });
});
