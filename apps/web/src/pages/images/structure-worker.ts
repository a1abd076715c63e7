import { flat, HapaxError, voxelMm3, type Volume } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { occupancy } from "@hapax/kernels";
import { dvhOf } from "@hapax/radiotherapy";
import { outlineGrid, type DoseNumbers, type StructureAnswer, type StructureWork } from "./structure-work.ts";

/** Points of a curve over the whole range of doses. */
const curvePoints = 240;

self.addEventListener("message", ({ data }: MessageEvent<StructureWork>) => {
  const drawn = data.structures.filter((s) => closedLoops(s).length > 0).sort((a, b) => pointsOf(a) - pointsOf(b));
  const hottest = data.dose === undefined ? 0 : highest(data.dose.values) * data.dose.slope + data.dose.intercept;
  for (const structure of drawn) answer(outlineOf(structure, data));
  for (const structure of data.dose === undefined ? [] : drawn) answer(numbersOf(structure, data.dose as Volume, data.frameOfReference, hottest));
  postMessage("done");
});

const pointsOf = (structure: Structure): number => structure.contours.reduce((sum, c) => sum + c.points.length, 0);

function answer(one: StructureAnswer): void {
  postMessage(one, { transfer: one.occupancy === undefined ? [] : [one.occupancy.fraction.buffer] });
}

/** What lies inside, voxel by voxel, for the outlines that no contour gives and for the names under the cursor. */
function outlineOf(structure: Structure, { grid }: StructureWork): StructureAnswer {
  return told(structure, () => {
    const loops = closedLoops(structure);
    const on = outlineGrid(grid, loops);
    const { first, size, fraction } = occupancy(loops, { size: on.size, patientFromVoxel: flat(on.patientFromVoxel) });
    const cc = (fraction.reduce((sum, share) => sum + share, 0) * voxelMm3(on)) / 1000;
    return { number: structure.number, occupancy: { grid: on, first, size, fraction }, volumeCc: cc };
  });
}

function numbersOf(structure: Structure, dose: Volume, frameOfReference: string, hottest: number): StructureAnswer {
  return told(structure, () => {
    const dvh = dvhOf(structure, dose, { frameOfReference });
    const stepGy = hottest / curvePoints || 1;
    const { coverage, mean, d95, d003cc, max, maxAt, notes } = dvh;
    const numbers: DoseNumbers = { coverage, mean, d95, d003cc, max, maxAt, notes, stepGy, cumulative: dvh.cumulative(stepGy).share, differential: dvh.differential(stepGy).share };
    return { number: structure.number, volumeCc: dvh.volumeCc, dose: numbers };
  });
}

function told(structure: Structure, work: () => StructureAnswer): StructureAnswer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
    const { code, what, remedy } = error;
    return { number: structure.number, problem: { code, what, remedy } };
  }
}

function highest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] || 0);
  return most;
}
