import { apply, type Vec3 } from "@hapax/base";
import type { Contour } from "@hapax/case";
import { isolines } from "@hapax/kernels";
import type { Shape } from "./structure-algebra.ts";

/** Contours around half and more of a structure on each slice of its grid; holes are contours of their own, by the even-odd rule. */
export function contoursOf({ grid, inside: { first, size, fraction } }: Shape): Contour[] {
  const contours: Contour[] = [];
  for (let k = 0; k < size[2]; k++) {
    const slice = fraction.subarray(k * size[0] * size[1], (k + 1) * size[0] * size[1]);
    for (const line of isolines(slice, size[0], size[1], [0.5], { beyond: 0 })[0] ?? []) {
      const points = new Float64Array((line.length / 2 - 1) * 3);
      for (let p = 0; p < points.length / 3; p++) {
        const voxel: Vec3 = [first[0] + (line[2 * p] as number), first[1] + (line[2 * p + 1] as number), first[2] + k];
        points.set(apply(grid.patientFromVoxel, voxel), 3 * p);
      }
      contours.push({ type: "CLOSED_PLANAR", points });
    }
  }
  return contours;
}
