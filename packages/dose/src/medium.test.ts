import { gridOf, spacingOf, voxelMm3, type Vec3, type Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { describe, expect, test } from "vitest";
import { curveNamed, electronDensity } from "./density.ts";
import { mediumOf, waterMedium, type Medium } from "./medium.ts";

const curve = curveNamed("matrad-default");
const spacing: Vec3 = [2, 2, 3];

/** A CT of 60 × 50 × 8 voxels, its first face at 0 on every axis, mm. */
function ctOf(hu: (x: number, y: number, z: number) => number, size: Vec3 = [60, 50, 8]): Volume<Int16Array> {
  const values = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => hu((i % size[0]) * 2 + 1, (Math.floor(i / size[0]) % size[1]) * 2 + 1, Math.floor(i / (size[0] * size[1])) * 3 + 1.5));
  return { grid: gridOf({ size, origin: [1, 1, 1.5], spacing, frameOfReference: "ct" }), values, slope: 1, intercept: 0, unit: "HU" };
}
const round = (x: number, y: number, radius: number) => Math.hypot(x - 60, y - 50) < radius;
const body = (x: number, y: number) => (round(x, y, 20) ? -700 : round(x, y, 40) ? 0 : -1000);

const grams = ({ density, grid }: Pick<Medium, "density" | "grid">) => density.reduce((sum, value) => sum + value, 0) * voxelMm3(grid);

/** A box as a structure drawn on planes 3 mm apart. */
const box = (name: string, [x0, x1, y0, y1]: readonly [number, number, number, number], planes: readonly number[]): Structure => ({
  number: 1,
  name,
  contours: planes.map((z) => ({ type: "CLOSED_PLANAR", points: Float64Array.of(x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z) })),
});
const everyPlane = [1.5, 4.5, 7.5, 10.5, 13.5, 16.5, 19.5, 22.5];

describe("the medium of a CT", () => {
  test("electrons are conserved when a CT is averaged onto a coarser grid", async () => {
    const ct = ctOf(body);
    const at = electronDensity(curve);
    const inCt = ct.values.reduce((sum, hu) => sum + at(hu), 0) * voxelMm3(ct.grid);
    for (const grid of [2.5, 4, 7]) {
      expect(grams(await mediumOf({ ct, curve, grid, couch: "as imaged" })) / inCt).toBeCloseTo(1, 5);
    }
  });

  test("a voxel half in air and half in water has half the density of water", async () => {
    const medium = await mediumOf({ ct: ctOf((x) => (x < 62 ? 0 : -1000)), curve, grid: 4, couch: "as imaged" });
    // Voxels of 4 mm from 0: the 16th begins at 60 mm, half of it is water and half air of density 0.001.
    const [x, y] = [15 + 2, 10 + 2];
    expect(medium.density[x + medium.grid.size[0] * (y + medium.grid.size[1] * 2)]).toBeCloseTo((1 + 0.001) / 2, 5);
  });

  test("outside the body that was found is nothing, and the lung within stays", async () => {
    const medium = await mediumOf({ ct: ctOf(body), curve });
    // A ring of 40 mm with 20 mm of lung: π (40² − 20²) · 24 mm³ at 1, and π 20² · 24 at 0.272.
    const lung = electronDensity(curve)(-700);
    expect(grams(medium) / (Math.PI * 24 * (1200 + 400 * lung))).toBeGreaterThan(0.99);
    expect(grams(medium) / (Math.PI * 24 * (1200 + 400 * lung))).toBeLessThan(1.01);
    expect(medium.density[0]).toBe(0);
    expect(spacingOf(medium.grid)).toEqual([2.5, 2.5, 2.5]);
    // The grid holds the body and little more: 80 mm are 32 voxels, one of air at the skin, two of margin on each side.
    expect(medium.grid.size[0]).toBeLessThan(40);
    expect(medium.curve).toBe("matrad-default");
    expect(medium.notes.join(" ")).toMatch(/body was found in the image/);
  });

  test("a couch under the body is left out, and kept where it was asked for", async () => {
    const ct = ctOf((x, y) => (y > 92 && y < 96 ? -100 : body(x, y)));
    const [without, as] = [await mediumOf({ ct, curve }), await mediumOf({ ct, curve, couch: "as imaged" })];
    // A voxel of the couch next to the skin stays.
    expect(grams(without) / grams(await mediumOf({ ct: ctOf(body), curve }))).toBeCloseTo(1, 2);
    expect(grams(as)).toBeGreaterThan(grams(without) + 100 * 4 * 20);
  });

  test("the structure of the outline says where the body is", async () => {
    const medium = await mediumOf({ ct: ctOf(() => 0), curve, grid: 2, body: box("EXTERNAL", [20, 80, 10, 60], everyPlane) });
    expect(grams(medium) / (60 * 50 * 24)).toBeCloseTo(1, 4);
  });

  test("the density of a structure is set, its rim by the part that lies within", async () => {
    const override = { structure: box("contrast", [51, 69, 41, 59], everyPlane), density: 1.02 };
    const plain = await mediumOf({ ct: ctOf(() => 100), curve, grid: 3, couch: "as imaged" });
    const set = await mediumOf({ ct: ctOf(() => 100), curve, grid: 3, couch: "as imaged", overrides: [override] });
    expect(grams(plain) - grams(set)).toBeCloseTo((1.095 - 1.02) * 18 * 18 * 24, 0);
    expect(set.notes.join(" ")).toMatch(/contrast has the density 1.02/);
  });

  test("a body that the image cuts is told, at the face where it is cut", async () => {
    const medium = await mediumOf({ ct: ctOf((x) => (x < 60 ? 0 : -1000)), curve, grid: 2.5 });
    // The body fills the image but for high x: cut at −x, both y, both z.
    expect([...new Set(medium.cut?.faces)].sort()).toEqual([0, 2, 3, 4, 5]);
    const whole = await mediumOf({ ct: ctOf((x, y, z) => (z > 6 && z < 18 ? body(x, y) : -1000)), curve });
    expect(whole.cut).toBeUndefined();
  });

  test("CT numbers that are not known are told, and metal too", async () => {
    const ct = ctOf((x, y) => (round(x, y, 4) ? 3050 : body(x, y)));
    const values = Float32Array.from(ct.values);
    const hole = 80 / 2 + 60 * (50 / 2) + 60 * 50 * 4;
    values[hole] = NaN;
    const medium = await mediumOf({ ct: { ...ct, values }, curve });
    expect(medium.unknown?.length).toBeGreaterThan(0);
    expect(medium.notes.join(" ")).toMatch(/Metal.*unknown in/);
    expect(medium.density.every(Number.isFinite)).toBe(true);
  });

  test("a grid may be given, along the CT and in its frame", async () => {
    const grid = gridOf({ size: [30, 25, 6], origin: [2, 2, 2], spacing: [4, 4, 4], frameOfReference: "ct" });
    expect((await mediumOf({ ct: ctOf(body), curve, grid })).grid).toBe(grid);
    await expect(mediumOf({ ct: ctOf(body), curve, grid: { ...grid, frameOfReference: "other" } })).rejects.toThrow(/dose\/grid-frame/);
    const turned = gridOf({ size: [30, 25, 6], origin: [2, 2, 2], spacing: [4, 4, 4], axes: [[0.8, 0.6, 0], [-0.6, 0.8, 0], [0, 0, 1]], frameOfReference: "ct" });
    await expect(mediumOf({ ct: ctOf(body), curve, grid: turned })).rejects.toThrow(/dose\/grid-oblique/);
  });

  test("what is no CT, holds no body or has no density is refused", async () => {
    await expect(mediumOf({ ct: { ...ctOf(body), unit: "SUVbw" }, curve })).rejects.toThrow(/in SUVbw, not in HU/);
    // MR: numbers without a unit.
    await expect(mediumOf({ ct: { ...ctOf(body), unit: "" }, curve })).rejects.toThrow(/dose\/ct-unit .*is in no unit, not in HU/);
    await expect(mediumOf({ ct: ctOf(() => -1000), curve })).rejects.toThrow(/dose\/no-body/);
    await expect(mediumOf({ ct: ctOf(body), curve, grid: 0 })).rejects.toThrow(/dose\/grid-spacing/);
    await expect(mediumOf({ ct: ctOf(body), curve, overrides: [{ structure: box("PTV", [0, 1, 0, 1], [1.5]), density: NaN }] })).rejects.toThrow(/dose\/override/);
  });

  test("it stops when it is told to", async () => {
    await expect(mediumOf({ ct: ctOf(body), curve, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe("a phantom of water", () => {
  test("a slab fills the voxels at its faces in part", () => {
    const { density } = waterMedium({ size: [1, 6, 1], spacingMm: 10, slabs: [{ fromMm: 15, toMm: 40, density: 0.2 }] });
    expect([...density].map((value) => Math.round(value * 1000) / 1000)).toEqual([1, 0.6, 0.2, 0.2, 1, 1]);
  });
});
