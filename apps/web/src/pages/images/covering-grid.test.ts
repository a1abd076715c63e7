import { expect, test } from "vitest";
import { flat, gridOf, voxelMm3 } from "@hapax/base";
import { occupancy } from "@hapax/kernels";
import { coveringGrid } from "./covering-grid.ts";

test("a structure beyond the images keeps its whole volume", () => {
  const images = gridOf({ size: [20, 20, 1], origin: [0, 0, 0], spacing: [2, 2, 3], frameOfReference: "1.2.3" });
  // Ten squares of 30 by 30 mm, 3 mm apart: 27 cm³, of which the one slice of the images holds a tenth.
  const loops = Array.from({ length: 10 }, (_, i) => Float64Array.of(-20, -20, 3 * i, 10, -20, 3 * i, 10, 10, 3 * i, -20, 10, 3 * i));
  const grid = coveringGrid(images, loops);
  const { fraction } = occupancy(loops, { size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) });
  expect((fraction.reduce((a, b) => a + b, 0) * voxelMm3(grid)) / 1000).toBeCloseTo(27, 6);
});
