import { apply, invert, voxelFromPatient, type Grid, type Vec3 } from "@hapax/base";
import { between } from "./in-frame.ts";
import type { RegistrationInfo } from "./scan-summary.ts";

/** How places of one study are found in another. */
export interface Link {
  readonly there: (point: Vec3) => Vec3;
  readonly back: (point: Vec3) => Vec3;
  /** In words, for the reader. */
  readonly because: string;
}

/**
 * Ties two grids: by their frame of reference or a registration, so that both show one place of the patient; otherwise
 * only by how far through each study a slice lies.
 */
export function linkOf(from: Grid, to: Grid, registrations: readonly RegistrationInfo[]): Link {
  const tied = between(from.frameOfReference, to.frameOfReference, registrations);
  if (tied !== undefined) {
    const back = invert(tied.map);
    return { there: (p) => apply(tied.map, p), back: (p) => apply(back, p), because: `The same place of the patient: ${tied.because}.` };
  }
  return {
    there: (p) => alike(p, from, to),
    back: (p) => alike(p, to, from),
    because: "Nothing ties the two scans, so the same slice is not the same place: they move together by their share of each scan.",
  };
}

/** The point as far through one grid as another is through its own, each from its first voxel on. */
function alike(point: Vec3, from: Grid, to: Grid): Vec3 {
  const at = apply(voxelFromPatient(from), point);
  const share = (i: 0 | 1 | 2) => ((at[i] + 0.5) / from.size[i]) * to.size[i] - 0.5;
  return apply(to.patientFromVoxel, [share(0), share(1), share(2)]);
}
