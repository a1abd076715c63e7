import { gridOf, type Vec3 } from "@hapax/base";
import { describe, expect, test } from "vitest";
import { planeThrough, turned, type ViewPlane } from "./plane.ts";
import { structureLook } from "./structure-colors.ts";
import { structureLines, structurePoints, type OccupancyBox } from "./structure-lines.ts";

const grid = gridOf({ size: [60, 60, 30], origin: [-59, -59, -43.5], spacing: [2, 2, 3], frameOfReference: "1" });
const size = { width: 240, height: 240 };
const plane = (kind: "axial" | "coronal" | "sagittal", point: Vec3) => planeThrough(kind, grid, point, size);
/** Squares of 40 mm on three slices, written with the rounding of a planning system. */
const loops = [-1.5, 1.5, 4.5].map((z, i) => Float64Array.of(-20, -20, z + 0.004 * i, 20, -20, z + 0.004 * i, 20, 20, z + 0.004 * i, -20, 20, z + 0.004 * i));

/** A ball of 25 mm around the origin, 27 points of each voxel; the box begins at voxel (14, 14, 4). */
const ball: OccupancyBox = (() => {
  const fraction = new Float32Array(32 * 32 * 22);
  for (let i = 0; i < fraction.length; i++) {
    const [x, y, z] = [-59 + 2 * (14 + (i % 32)), -59 + 2 * (14 + (Math.floor(i / 32) % 32)), -43.5 + 3 * (4 + Math.floor(i / 1024))];
    for (const a of [-0.66, 0, 0.66]) for (const b of [-0.66, 0, 0.66]) for (const c of [-1, 0, 1]) if (Math.hypot(x + a, y + b, z + c) < 25) fraction[i] = (fraction[i] as number) + 1 / 27;
  }
  return { grid, first: [14, 14, 4], size: [32, 32, 22], fraction };
})();

describe("outlines on a plane", () => {
  test("OHIF 3535, 3651, 4124: contour z differs from slice z by rounding, and it is drawn on the slice all the same", () => {
    expect(structureLines({ name: "PTV", loops }, plane("axial", [0, 0, 4.5]))).toHaveLength(1);
    expect(structureLines({ name: "PTV", loops }, plane("axial", [0, 0, 4.4992]))).toHaveLength(1);
  });

  test("a contour is seen to half of the distance between contours and no farther", () => {
    expect(structureLines({ name: "PTV", loops }, plane("axial", [0, 0, 5.9]))).toHaveLength(1);
    expect(structureLines({ name: "PTV", loops }, plane("axial", [0, 0, 6.2]))).toHaveLength(0);
  });

  test("a contour lies on its points: a square of 40 mm at 0.5 mm a px is 80 px wide and closes", () => {
    const [line] = structureLines({ name: "PTV", loops }, plane("axial", [0, 0, 1.5])) as [Float64Array];
    // x = −20 mm: (−20 + 60) / 0.5 − 0.5 px.
    expect([...line]).toEqual([79.5, 79.5, 159.5, 79.5, 159.5, 159.5, 79.5, 159.5, 79.5, 79.5]);
  });

  const radiusPx = (line: Float64Array, p: ViewPlane) => {
    const radii = Array.from({ length: line.length / 2 }, (_, i) => Math.hypot((line[2 * i] as number) - 119.5, (line[2 * i + 1] as number) - 119.5) * p.mmPerPx);
    return [Math.min(...radii), Math.max(...radii)];
  };

  test("across the slices a ball stays a circle within a third of a voxel", () => {
    for (const p of [plane("coronal", [0, 0, 0]), plane("sagittal", [0, 0, 0]), turned(plane("axial", [0, 0, 0]), "right", 40, [0, 0, 0], grid)]) {
      const lines = structureLines({ name: "GTV", loops: [], occupancy: ball }, p);
      expect(lines, p.kind).toHaveLength(1);
      const [least, most] = radiusPx(lines[0] as Float64Array, p) as [number, number];
      expect(least).toBeGreaterThan(24);
      expect(most).toBeLessThan(26);
    }
  });

  test("OHIF 4093: a POINT is drawn on its slice, an OPEN_PLANAR contour as a line that does not close", () => {
    const marks = { name: "Isocenter", loops: [], points: [[0, 0, 1.5] as Vec3], open: [Float64Array.of(0, 0, 1.5, 10, 0, 1.5)] };
    expect(structurePoints(marks, plane("axial", [0, 0, 1.5]))).toEqual([[119.5, 119.5]]);
    expect(structurePoints(marks, plane("axial", [0, 0, 4.5]))).toEqual([]);
    expect(structureLines(marks, plane("axial", [0, 0, 1.5])).map((l) => [...l])).toEqual([[119.5, 119.5, 139.5, 119.5]]);
  });

  test("a plane that misses the structure has none", () => {
    expect(structureLines({ name: "GTV", loops: [], occupancy: ball }, plane("coronal", [0, 40, 0]))).toEqual([]);
    expect(structureLines({ name: "GTV", loops: [] }, plane("coronal", [0, 0, 0]))).toEqual([]);
  });
});

describe("looks of structures", () => {
  test("the longest prefix of a TG-263 name gives the color, whatever its case", () => {
    expect(structureLook("PTV_High").color).toBe("#FF4FB8");
    expect(structureLook("PTV_5400").color).toBe("#FF7AD1");
    expect(structureLook("ptv").color).toBe("#FF7AD1");
    expect(structureLook("Lung_R").color).not.toBe(structureLook("Lung_L").color);
  });

  test("a planning risk volume has the color of its organ, dashed", () => {
    expect(structureLook("SpinalCord_PRV05")).toEqual({ color: "#FFE34D", dashed: true });
    expect(structureLook("SpinalCord")).toEqual({ color: "#FFE34D", dashed: false });
  });

  test("a person's color beats the name, and an unknown name keeps its color", () => {
    expect(structureLook("Heart", "#123456").color).toBe("#123456");
    expect(structureLook("Zygote").color).toBe(structureLook("Zygote").color);
  });
});
