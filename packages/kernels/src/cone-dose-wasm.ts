import { coneDirection, coneLines, coneRows, leastConeDensity, type ConeLines } from "./cone-dose.ts";
import type { ConeField, Cones } from "./cone-field.ts";
import type { Crew, Room, SimdCrew, Task } from "./crew.ts";
import type { WorkOptions } from "./work-options.ts";

/**
 * How many sums of dose are kept apart. Each is made in one order and they are added in one order, so that the dose is the same to
 * the bit whatever the number of threads.
 */
const sums = 8;

/**
 * Dose by collapsed cones on a crew, or on its graphics card where it has one that can: the fast form of `coneDose`, which is what
 * a plain crew runs, in slices.
 *
 * @returns  dose, in the unit of the TERMA; length nx·ny·nz
 * @throws   the signal's reason when it is aborted; RangeError when the memory is too small for the grid
 */
export async function coneDoseWith(crew: Crew, field: ConeField, cones: Cones, options: WorkOptions = {}): Promise<Float32Array> {
  const onCard = await crew.gpu?.dose(field, cones, options);
  if (onCard !== undefined) return onCard;
  if (crew.form === "plain") return plainly(field, cones, options);
  const room = crew.room();
  try {
    return await swept(crew, room, field, cones, options);
  } finally {
    room.close();
  }
}

/**
 * Numbers of the inner loop: h(x) = Σ (−x)^n / (n + 2)! by Chebyshev interpolation on 0 … 1, to 8e−6, and on 0 … 0.1, to 5e−5;
 * a half and one.
 */
const constants = [0.49999178, -0.1664024, 0.0403123603, -0.00602944378, 0.49994792, -0.1625, 0.5, 1];

/** Rows are followed for so long, ms, before the page may draw. */
const sliceMs = 8;

async function plainly(field: ConeField, cones: Cones, { signal, onProgress }: WorkOptions): Promise<Float32Array> {
  const dose = new Float32Array(field.density.length);
  let drawn = -Infinity;
  for (let c = 0; c < cones.count; c++) {
    const { rows, follow } = coneRows(dose, field, cones, c);
    for (let row = 0; row < rows; row++) {
      if (performance.now() - drawn > sliceMs) {
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        drawn = performance.now();
      }
      follow(row);
    }
    onProgress?.((c + 1) / cones.count);
  }
  signal?.throwIfAborted();
  return dose;
}

/** The voxels in the shared memory: in rows along x or, for the cones that step along x, in rows along y. */
interface Layout {
  /** Axes along the rows, between the rows of a plane, between the planes. */
  readonly axes: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  /** Length of a row, floats: a multiple of 4. */
  readonly pitch: number;
  /** Floats of a dose. */
  readonly length: number;
  /** What the sweeps read of each voxel. */
  readonly voxels: number;
  readonly extents: number;
}

/** Sums of dose in one layout, one after another, and the cones that go into each. */
interface Sums {
  readonly layout: Layout;
  readonly doses: number;
  readonly count: number;
  readonly chains: readonly (readonly Task[])[];
}

/** From one plane, or group of floats, to before another. */
type Slab = readonly [from: number, to: number];

async function swept(crew: SimdCrew, room: Room, field: ConeField, cones: Cones, { signal, onProgress }: WorkOptions): Promise<Float32Array> {
  const every = Array.from({ length: cones.count }, (_, c): Line => ({ c, lines: coneLines(field, coneDirection(cones, c)) }));
  const alongX = every.filter(({ lines }) => lines.along === 0);
  const others = every.filter(({ lines }) => lines.along !== 0);
  const slabs = slabsOf(field.size[2], 2 * crew.threads);

  const straight = layoutOf(room, field, [0, 1, 2]);
  const densest = await depart(crew, room, straight, field, slabs, { signal });
  const sumsOf = (layout: Layout, some: readonly Line[], count: number): Sums => {
    const doses = room.take(4 * layout.length * count);
    const chains = Array.from({ length: count }, (_, n): Task[] => {
      const dose = doses + 4 * layout.length * n;
      return [["coneClear", dose, layout.length], ...some.filter((_one, at) => at % count === n).map((line) => sweep(room, layout, dose, densest, field, cones, line))];
    });
    return { layout, doses, count, chains };
  };
  // By the number of cones, and each layout has one at least.
  const sumsAlongX = alongX.length === 0 ? 0 : Math.min(sums - 1, Math.max(1, Math.round((sums * alongX.length) / cones.count)));
  const straightSums = sumsOf(straight, others, sums - sumsAlongX);
  if (sumsAlongX === 0) {
    await crew.run(straightSums.chains, { signal, onProgress });
  } else {
    const turned = layoutOf(room, field, [1, 0, 2]);
    await crew.run(slabs.map(([from, to]) => [
      ...[0, 16, 32, 48].map((at) => transpose(straight, straight.voxels + at, turned, turned.voxels + at, 64, [from, to])),
      ["coneExtents", turned.voxels, turned.extents, turned.pitch, turned.size[1] * from, turned.size[1] * to],
    ]), { signal });
    const turnedSums = sumsOf(turned, alongX, sumsAlongX);
    await crew.run([...straightSums.chains, ...turnedSums.chains], { signal, onProgress });
    await added(crew, turnedSums, { signal });
    // What was released is no longer needed; the dose along x is turned to the other in its place.
    await crew.run(slabs.map((slab) => [
      transpose(turned, turnedSums.doses, straight, straight.voxels, 16, slab),
      ["coneSum", straightSums.doses, straight.voxels, 1, straight.length, ...slab.map((z) => z * straight.size[1] * straight.pitch)],
    ]), { signal });
  }
  await added(crew, straightSums, { signal });
  return packed(room, straight, straightSums.doses);
}

interface Line {
  readonly c: number;
  readonly lines: ConeLines;
}

function layoutOf(room: Room, field: ConeField, axes: readonly [number, number, number]): Layout {
  const size = axes.map((axis) => field.size[axis]) as [number, number, number];
  const pitch = 4 * Math.ceil(size[0] / 4);
  const length = pitch * size[1] * size[2];
  return { axes, size, pitch, length, voxels: room.take(4 * 4 * length), extents: room.take(8 * size[1] * size[2]) };
}

/** Lays out what the sweeps read; gives the largest density. */
async function depart(crew: SimdCrew, room: Room, layout: Layout, field: ConeField, slabs: readonly Slab[], options: WorkOptions): Promise<number> {
  const [nx, ny, nz] = field.size;
  const place = room.put(Float32Array.of(...field.spacingMm, ...field.sourceMm, ...field.axis, leastConeDensity));
  const densest = room.take(4 * nz);
  const given = crew.room();
  try {
    const volumes = [field.density, field.terma, field.hardTerma].map((values) => {
      // Rows are read by groups of 4, the last one beyond its end.
      const pointer = given.take(values.byteLength + 16);
      given.floats(pointer, values.length).set(values);
      return pointer;
    });
    await crew.run(slabs.map((slab) => [["coneDepart", place, ...volumes, layout.voxels, densest, layout.extents, nx, ny, layout.pitch, ...slab]]), options);
  } finally {
    given.close();
  }
  return Math.max(...room.floats(densest, nz));
}

function packed(room: Room, { pitch, length, size: [nx, ny, nz] }: Layout, dose: number): Float32Array {
  const source = room.floats(dose, length);
  const values = new Float32Array(nx * ny * nz);
  if (pitch === nx) values.set(source);
  else for (let row = 0; row * pitch < length; row++) values.set(source.subarray(row * pitch, row * pitch + nx), row * nx);
  return values;
}

const slabsOf = (count: number, most: number): Slab[] =>
  Array.from({ length: Math.min(count, most) }, (_, n, of = Math.min(count, most)) => [Math.floor((n * count) / of), Math.floor(((n + 1) * count) / of)] as const);

/** Turns planes x, y of one layout to those of the other; 64 or 16 bytes from group to group of voxels. */
const transpose = (from: Layout, source: number, to: Layout, target: number, step: number, slab: Slab): Task =>
  ["coneTranspose", source, target, from.size[0], from.size[1], from.pitch, to.pitch, step, ...slab];

function added(crew: SimdCrew, { layout: { length }, doses, count }: Sums, options: WorkOptions): Promise<void> {
  return crew.run(slabsOf(length / 4, 2 * crew.threads).map(([from, to]): Task[] => [["coneSum", doses, doses + 4 * length, count - 1, length, 4 * from, 4 * to]]), options);
}

/** The sweep of one cone through a layout, added to the sum at `dose`. */
function sweep(room: Room, layout: Layout, dose: number, densest: number, field: ConeField, cones: Cones, { c, lines }: Line): Task {
  const { axes: [inRow], size: [nx, ny], pitch } = layout;
  // Lines step along the rows of a plane or along its planes; `across` is the third.
  const stepsPlanes = lines.along === layout.axes[2];
  const across = lines.across.find((axis) => axis !== inRow) as number;
  const [moves, rowMoves] = lines.across[0] === inRow ? [lines.first, lines.second] : [lines.second, lines.first];
  const [planes, rows] = [field.size[lines.along] as number, field.size[across] as number];
  const [rowAlong, rowAcross] = stepsPlanes ? [ny * lines.sign, 1] : [lines.sign, ny];
  const row0 = lines.sign > 0 ? 0 : -rowAlong * (planes - 1);

  const [alpha, beta] = [0, 1].map((n) => (cones.rates[2 * c + n] as number) * lines.wayMm) as [number, number];
  const direction = coneDirection(cones, c);
  const dot = (a: readonly number[]) => direction.reduce((sum, d, axis) => sum + d * (a[axis] as number), 0);
  const tilt = cones.tilts[c] as number;
  const perVoxel = (axis: number) => tilt * (direction[axis] as number) * (field.spacingMm[axis] as number);
  const atStart = -tilt * dot(field.sourceMm) + (lines.sign > 0 ? 0 : perVoxel(lines.along) * (planes - 1));
  const shares = [...cones.shares.subarray(6 * c, 6 * c + 6)].map((share, n) => (share * [alpha, alpha, beta][n % 3]!) / 2);
  const cone = room.put(Float32Array.of(...shares, alpha, beta, 1 - tilt * dot(field.axis), atStart, perVoxel(inRow), perVoxel(across), lines.sign * perVoxel(lines.along), ...constants));

  const offsets = room.put(Int32Array.of(...moves, ...rowMoves));
  const shift = Math.max(0, moves[planes - 1] as number);
  const count = pitch + 4 * Math.ceil(Math.abs(moves[planes - 1] as number) / 4);
  const states = room.take(3 * 4 * count);
  const halvings = (thickness: number, most: number) => Math.max(0, Math.ceil(Math.log2(thickness / most)));
  return [
    "coneSweep", cone, offsets, layout.extents, states, layout.voxels, dose,
    nx, pitch, count, shift, rows, planes, row0, rowAcross, rowAlong, halvings(alpha * densest, 1), halvings(beta * densest, 0.1),
  ];
}
