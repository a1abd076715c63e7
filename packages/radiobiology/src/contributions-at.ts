import { apply, flat, voxelFromPatient, type Vec3 } from "@hapax/base";
import { doseSampler } from "@hapax/kernels";
import type { CourseContribution, CumulativeDose } from "./cumulative-dose.ts";

/**
 * What each course gives at a place, trilinear between voxel centers and constant for half a voxel beyond the
 * outermost, as a histogram has it.
 *
 * @param at  LPS, mm, in the frame of reference of the sum
 */
export function contributionsAt({ parts }: Pick<CumulativeDose, "parts">, at: Vec3): CourseContribution[] {
  return parts.map(({ course, dose: { grid, values } }) => {
    const gy = doseSampler({ size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel), values })(...apply(voxelFromPatient(grid), at));
    return { course, gy: Number.isNaN(gy) ? undefined : gy };
  });
}
