import { flat, type Grid } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { occupancy } from "@hapax/kernels";
import { outlineGrid } from "./outline-grid.ts";
import type { OutlinedStructure } from "./structure-lines.ts";
import { looksOf } from "./structure-looks.ts";

/**
 * Structures as pictures of every direction need them; those without a closed contour are left out.
 *
 * @param all   of the set, among which colors are given
 * @param grid  of the images
 */
export function outlinedOf(structures: readonly Structure[], grid: Grid, all: readonly Structure[] = structures): OutlinedStructure[] {
  const looks = looksOf(all);
  return structures.flatMap((structure): OutlinedStructure[] => {
    const loops = closedLoops(structure);
    if (loops.length === 0) return [];
    const color = looks.get(structure.number)?.color;
    const sampled = outlineGrid(grid, loops);
    // A short scan may end within a structure, whose shadow in a beam does not.
    const inside = { grid: sampled, ...occupancy(loops, { size: sampled.size, patientFromVoxel: flat(sampled.patientFromVoxel) }, { beyond: true }) };
    return [{ name: structure.name, ...(color === undefined ? {} : { color }), loops, occupancy: inside }];
  });
}
