import { apply, transform, type Grid, type Transform, type Vec3, type Volume } from "@hapax/base";

/** A box of voxels within a grid. */
export interface VoxelBox {
  readonly first: Vec3;
  readonly size: Vec3;
}

/** The part of a grid that a box of voxels takes; the box may reach beyond it. */
export function boxOf(grid: Grid, { first, size }: VoxelBox): Grid {
  const corner = apply(grid.patientFromVoxel, first);
  const [x, y, z] = grid.patientFromVoxel.rows;
  const patientFromVoxel: Transform<"patient", "voxel"> = transform([[x[0], x[1], x[2], corner[0]], [y[0], y[1], y[2], corner[1]], [z[0], z[1], z[2], corner[2]]]);
  return { size, patientFromVoxel, frameOfReference: grid.frameOfReference };
}

/** A part of a volume without an unknown voxel. */
export interface KnownBox {
  readonly volume: Volume<Float32Array>;
  /** Known voxels that the box leaves out. */
  readonly leftOut: number;
}

/**
 * The part of a volume that a format without a word for unknown can hold, such as RTDOSE. The face with the highest
 * share of unknown voxels is taken off until none is left: of grids with parallel axes that is the box of all known
 * voxels, of turned ones a box within them.
 *
 * @returns  undefined where no voxel is known
 */
export function knownBox({ grid, values, ...rest }: Volume<Float32Array>): KnownBox | undefined {
  const whole: VoxelBox = { first: [0, 0, 0], size: grid.size };
  let box = whole;
  let unknown = unknownIn(values, grid.size, whole);
  const known = values.length - unknown;
  while (unknown > 0 && box.size.every((n) => n > 0)) {
    const worst = facesOf(box).map((face) => ({ face, unknown: unknownIn(values, grid.size, face.box) })).reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a));
    box = worst.face.rest;
    unknown -= worst.unknown;
  }
  if (box.size.some((n) => n === 0)) return undefined;
  const inside = cut(values, grid.size, box);
  return { volume: { grid: boxOf(grid, box), values: inside, ...rest }, leftOut: known - inside.length };
}

/** The outermost layer of a box at one of its six sides, and what is left without it. */
interface Face {
  readonly box: VoxelBox;
  readonly rest: VoxelBox;
}

function facesOf({ first, size }: VoxelBox): Face[] {
  return ([0, 1, 2] as const).flatMap((axis) => {
    const layer = replaced(size, axis, 1);
    const less = replaced(size, axis, size[axis] - 1);
    return [
      { box: { first, size: layer }, rest: { first: replaced(first, axis, first[axis] + 1), size: less } },
      { box: { first: replaced(first, axis, first[axis] + size[axis] - 1), size: layer }, rest: { first, size: less } },
    ];
  });
}

const replaced = (vector: Vec3, axis: number, value: number): Vec3 => vector.map((old, a) => (a === axis ? value : old)) as unknown as Vec3;

const shareOf = ({ face: { box: { size } }, unknown }: { readonly face: Face; readonly unknown: number }): number => unknown / (size[0] * size[1] * size[2]);

function unknownIn(values: Float32Array, size: Vec3, box: VoxelBox): number {
  let count = 0;
  for (const row of rowsOf(size, box)) for (let i = row; i < row + box.size[0]; i++) if (Number.isNaN(values[i])) count++;
  return count;
}

function cut(values: Float32Array, size: Vec3, box: VoxelBox): Float32Array {
  const out = new Float32Array(box.size[0] * box.size[1] * box.size[2]);
  rowsOf(size, box).forEach((row, n) => out.set(values.subarray(row, row + box.size[0]), n * box.size[0]));
  return out;
}

/** Where the rows of a box begin in memory. */
function rowsOf([nx, ny]: Vec3, { first: [x, y, z], size }: VoxelBox): number[] {
  return Array.from({ length: size[1] * size[2] }, (_, n) => x + nx * (y + (n % size[1]) + ny * (z + Math.floor(n / size[1]))));
}
