import type { Crew, Room } from "./crew.ts";
import type { WorkOptions } from "./work-options.ts";
import { shadowMm, sumsOf, terma, type HeadOverGrid, type PlaneMap, type Released, type TermaTable } from "./terma.ts";
import { doubles } from "./water-depth-wasm.ts";

/**
 * Energy released, and the dose of electrons, on a crew: the fast form of `terma`, which is what a plain crew runs.
 *
 * @throws the signal's reason when it is aborted; RangeError when the memory is too small
 */
export async function termaWith(crew: Crew, head: HeadOverGrid, options: WorkOptions = {}): Promise<Released> {
  if (crew.form === "plain") return terma(head);
  const { size: [nx, ny, nz], spacingMm, depthMm, collimatorFromGrid, sadMm, primary, extraFocal, electrons } = head;
  const room = crew.room();
  try {
    let deepest = 0;
    for (let n = 0; n < depthMm.length; n++) deepest = Math.max(deepest, depthMm[n] as number);
    const softest = 1 + (primary.softeningPer100Mm * furthestMm(primary.map)) / 100;
    const perVoxel = Array.from({ length: 12 }, (_, n) => (collimatorFromGrid[n] as number) * (n % 4 === 3 ? 1 : (spacingMm[n % 4] as number)));
    const place = doubles(room, [...perVoxel, sadMm, ...shadowMm(head), primary.softeningPer100Mm / 100, sadMm - extraFocal.distanceMm, primary.table.terma[0] as number, electrons.ratePerMm]);
    const maps = mixed(room, [primary.map, extraFocal.map, electrons.map].map(({ size, spacingMm: pixelMm, originMm }, n) => [
      [1 / pixelMm, ...originMm],
      [...size, n === 0 ? doubles(room, sumsOf(primary.map)) : room.put(bordered(n === 1 ? extraFocal.map : electrons.map))],
    ]));
    const tables = mixed(room, [
      [[1 / primary.table.stepMm], packedTable(room, primary.table, deepest * softest)],
      [[1 / extraFocal.table.stepMm], packedTable(room, extraFocal.table, deepest)],
    ]);
    // Rows are read four voxels at a time, the last beyond its end.
    const depth = room.take(4 * depthMm.length + 16);
    room.floats(depth, depthMm.length).set(depthMm);
    const [released, hardened, electronDose] = [0, 1, 2].map(() => room.take(4 * depthMm.length)) as [number, number, number];
    const slabs = Math.min(nz, 4 * crew.threads);
    await crew.run(
      Array.from({ length: slabs }, (_, n) => [["releaseRows", place, maps, tables, depth, released, hardened, electronDose, nx, ny, Math.floor((n * nz) / slabs), Math.floor(((n + 1) * nz) / slabs)]]),
      options,
    );
    const out = (pointer: number) => room.floats(pointer, depthMm.length).slice();
    return { terma: out(released), hardTerma: out(hardened), electronDose: out(electronDose) };
  } finally {
    room.close();
  }
}

/** Takes room for rows of numbers: floats, then integers. */
function mixed(room: Room, rows: readonly (readonly [floats: readonly number[], integers: readonly number[]])[]): number {
  const length = rows.reduce((sum, [floats, integers]) => sum + floats.length + integers.length, 0);
  const pointer = room.take(4 * length);
  let at = pointer;
  for (const [floats, integers] of rows) {
    room.floats(at, floats.length).set(floats);
    at += 4 * floats.length;
    room.integers(at, integers.length).set(integers);
    at += 4 * integers.length;
  }
  return pointer;
}

/** TERMA and hardening by turns, as far as the deepest voxel; the number of the last step, and where they are. */
function packedTable(room: Room, { stepMm, terma: values, hardening }: TermaTable, deepestMm: number): [last: number, pointer: number] {
  const given = values.length - 1;
  const last = Math.max(1, given, Math.ceil(deepestMm / stepMm));
  const end = values[given] as number;
  const falls = end <= 0 || given === 0 ? 1 : end / (values[given - 1] as number);
  const packed = new Float32Array(2 * (last + 1));
  for (let step = 0; step <= last; step++) {
    packed[2 * step] = step <= given ? (values[step] as number) : end * falls ** (step - given);
    packed[2 * step + 1] = hardening[Math.min(step, given)] as number;
  }
  return [last, room.put(packed)];
}

/** A map with its outermost pixels once more around it. */
function bordered({ size: [nx, ny], values }: PlaneMap): Float32Array {
  const wide = new Float32Array((nx + 2) * (ny + 2));
  const within = (n: number, count: number) => Math.min(count - 1, Math.max(0, n - 1));
  for (let y = 0; y < ny + 2; y++) for (let x = 0; x < nx + 2; x++) wide[x + (nx + 2) * y] = values[within(x, nx) + nx * within(y, ny)] as number;
  return wide;
}

/** From the axis to the farthest corner of a map. */
function furthestMm({ size, spacingMm, originMm }: PlaneMap): number {
  return Math.hypot(...([0, 1] as const).map((axis) => Math.max(Math.abs(originMm[axis] - spacingMm), Math.abs(originMm[axis] + size[axis] * spacingMm))));
}
