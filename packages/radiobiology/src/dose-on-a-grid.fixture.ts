import { gridOf, type Grid, type Vec3, type Volume } from "@hapax/base";

/** A grid in the frame of reference "planning" unless another is named. */
export function cube(n: number, mm: number, origin: Vec3 = [0, 0, 0], frameOfReference = "planning"): Grid {
  return gridOf({ size: [n, n, n], origin, spacing: [mm, mm, mm], frameOfReference });
}

/** A dose given by a function of patient millimetres. */
export function doseOn(grid: Grid, of: (x: number, y: number, z: number) => number): Volume<Float32Array> {
  const [nx, ny, nz] = grid.size;
  const { rows: [x, y, z] } = grid.patientFromVoxel;
  const values = Float32Array.from({ length: nx * ny * nz }, (_, o) =>
    of(x[0] * (o % nx) + x[3], y[1] * (Math.floor(o / nx) % ny) + y[3], z[2] * Math.floor(o / (nx * ny)) + z[3]),
  );
  return { grid, values, slope: 1, intercept: 0, unit: "Gy" };
}
