import type { Crew, Room, SimdCrew, Task } from "./crew.ts";
import { radicesOf } from "./fourier.ts";
import { checkPencilBeams, firstWeights, pencilBeam, type PencilBeams, type PencilField } from "./pencil-beam.ts";

/** A `PencilOperator` whose work is done by a crew. */
export interface PencilCrew {
  readonly weightCount: number;
  readonly voxelCount: number;
  /** As `PencilOperator.forward`. */
  forward(weights: Float32Array): Promise<Float32Array>;
  /** As `PencilOperator.adjoint`. */
  adjoint(gradient: Float32Array): Promise<Float32Array>;
  /** Gives its share of the crew's memory back. */
  close(): void;
}

/**
 * Dose of pencil beams and its transpose on a crew: the fast form of `pencilBeam`, which is what a plain crew runs. One call at
 * a time.
 *
 * @throws RangeError as `pencilBeam`, and when the memory is too small
 */
export function pencilBeamWith(crew: Crew, beams: PencilBeams): PencilCrew {
  if (crew.form === "plain") {
    const { forward, adjoint, ...counts } = pencilBeam(beams);
    return { ...counts, forward: (weights) => Promise.resolve(forward(weights)), adjoint: (gradient) => Promise.resolve(adjoint(gradient)), close: () => undefined };
  }
  checkPencilBeams(beams);
  const room = crew.room();
  try {
    return laidOut(crew, room, beams);
  } catch (error) {
    room.close();
    throw error;
  }
}

/** Voxels of one task of the look-up: enough that a message costs little, few enough that threads end together. */
const taskVoxels = 32_768;

function laidOut(crew: SimdCrew, room: Room, { fields, voxelCount }: PencilBeams): PencilCrew {
  const firsts = firstWeights(fields);
  const weightCount = firsts[fields.length] as number;
  const [weights, result] = [room.take(4 * weightCount), room.take(4 * weightCount)];
  const [dose, gradient] = [room.take(4 * voxelCount), room.take(4 * voxelCount)];
  const once = onceFor(room);
  const descriptors: number[] = [];
  const convolve: Task[][] = [];
  const adjoint: Task[][] = [];
  fields.forEach((field, f) => {
    const [nx, ny] = field.size;
    const maps = room.take(16 * (nx + 1) * (ny + 1));
    const fluence = room.take(8 * (nx + 2) * ny);
    const work = room.take(32 * Math.max(nx, ny));
    const [positions, factors] = [room.put(field.positions), room.put(field.factors)];
    descriptors.push(nx, positions, factors, maps);
    const shape = [nx, ny, room.put(Int32Array.of(once.plan(nx, false), once.plan(nx, true), once.plan(ny, false), once.plan(ny, true))), room.put(rowsOf(field))];
    const bixels = [room.put(field.bixels), field.bixels.length, field.pixelsPerBixel, room.put(field.openFluence), once.spectra(field)];
    const first = 4 * (firsts[f] as number);
    convolve.push([["pencilConvolve", ...shape, ...bixels, weights + first, maps, fluence, work]]);
    adjoint.push([["pencilAdjoint", ...shape, ...bixels, positions, factors, gradient, voxelCount, result + first, maps, fluence, work]]);
  });
  const described = room.put(Int32Array.from(descriptors));
  const gather: Task[][] = [];
  for (let voxel = 0; voxel < voxelCount; voxel += taskVoxels) {
    gather.push([["pencilGather", described, fields.length, voxel, Math.min(taskVoxels, voxelCount - voxel), room.take(16 * 1024), dose]]);
  }
  return {
    weightCount,
    voxelCount,
    async forward(given) {
      room.floats(weights, weightCount).set(given);
      await crew.run(convolve);
      await crew.run(gather);
      return room.floats(dose, voxelCount).slice();
    },
    async adjoint(given) {
      room.floats(gradient, voxelCount).set(given);
      await crew.run(adjoint);
      return room.floats(result, weightCount).slice();
    },
    close: () => room.close(),
  };
}

/** First row and number of rows with bixels, then of rows that voxels look up, first rows even and numbers too: transforms leave out the others. */
export function rowsOf({ size: [nx, ny], bixels, pixelsPerBixel, positions }: PencilField): Int32Array {
  const evenly = (first: number, last: number) => {
    const from = first - (first % 2);
    return [from, Math.min(ny, last + 1 + ((last + 1) % 2)) - from];
  };
  const rows = bixels.map((first) => Math.floor(first / nx));
  const field = bixels.length === 0 ? [0, 0] : evenly(rows.reduce((a, b) => Math.min(a, b)), rows.reduce((a, b) => Math.max(a, b)) + pixelsPerBixel - 1);
  let [least, most] = [ny - 1, 0];
  for (let v = 1; v < positions.length; v += 2) {
    const row = Math.floor(positions[v] as number);
    least = Math.min(least, row);
    most = Math.max(most, Math.min(ny - 1, row + 1));
  }
  return Int32Array.from([...field, ...evenly(Math.min(least, most), most)]);
}

/** Plans and spectra that several fields have in common are laid out once. */
function onceFor(room: Room): { plan(length: number, inverse: boolean): number; spectra(field: PencilField): number } {
  const plans = new Map<number, number>();
  const spectra = new Map<Float32Array, number>();
  return {
    plan(length, inverse) {
      const key = inverse ? -length : length;
      const pointer = plans.get(key) ?? putPlan(room, length, inverse);
      plans.set(key, pointer);
      return pointer;
    },
    spectra({ spectra: values, size: [nx, ny] }) {
      const pointer = spectra.get(values) ?? room.put(values.map((value) => value / (nx * ny)));
      spectra.set(values, pointer);
      return pointer;
    },
  };
}

/** What `transformLine` of `assembly/pencil-beam.ts` reads. */
function putPlan(room: Room, length: number, inverse: boolean): number {
  const radices = radicesOf(length) as readonly number[];
  const sign = inverse ? -1 : 1;
  const quarter = [sign, -sign, sign, -sign];
  const numbers = [...quarter, ...quarter.map((value) => value * Math.sqrt(0.75))];
  let left = length;
  for (const radix of radices) {
    for (let p = 0; p < left / radix; p++) {
      for (let j = 1; j < radix; j++) {
        const angle = (sign * -2 * Math.PI * j * p) / left;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        numbers.push(c, c, c, c, -s, s, -s, s);
      }
    }
    left /= radix;
  }
  const pointer = room.take(32 + 4 * numbers.length);
  room.integers(pointer, 8).set([radices.length, ...radices]);
  room.floats(pointer + 32, numbers.length).set(numbers);
  return pointer;
}
