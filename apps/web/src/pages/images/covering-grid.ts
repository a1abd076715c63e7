import { apply, transform, type Grid, type Vec3 } from "@hapax/base";
import { extentIn } from "@hapax/figures";

/** Voxels around a structure: a slab reaches beyond its contour. */
const margin = 4;

/** The part of a lattice, within or beyond its own borders, that holds all of a structure. */
export function coveringGrid(lattice: Grid, loops: readonly Float64Array[]): Grid {
  const { low, high } = extentIn(lattice, loops);
  const first = low.map((at) => Math.floor(at) - margin) as unknown as Vec3;
  const size = first.map((at, a) => Math.ceil(high[a] as number) + margin - at + 1) as unknown as Vec3;
  const origin = apply(lattice.patientFromVoxel, first);
  const row = (i: 0 | 1 | 2) => {
    const [x, y, z] = lattice.patientFromVoxel.rows[i];
    return [x, y, z, origin[i]] as const;
  };
  return { size, patientFromVoxel: transform([row(0), row(1), row(2)]), frameOfReference: lattice.frameOfReference };
}
