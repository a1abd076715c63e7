import { flat, HapaxError, voxelMm3, type Volume } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { outlineGrid } from "@hapax/figures";
import { occupancy } from "@hapax/kernels";
import { constraintsFor, dvhOf, isFor, judge, type Dvh } from "@hapax/radiotherapy";
import { coveringGrid } from "./covering-grid.ts";
import type { Answered, Course, DoseNumbers, Goal, StructureAnswer, StructureWork, Told } from "./structure-work.ts";

/** Points of a curve over the whole range of doses. */
const curvePoints = 240;

const histograms = new Map<string, Dvh | undefined>();
let course: Course | undefined;

self.addEventListener("message", ({ data }: MessageEvent<Told>) => {
  if ("course" in data) course = data.course;
  else compute(data.work);
  tell({ goals: goals() });
});

function compute(work: StructureWork): void {
  const { dose, frameOfReference, outlines = true } = work;
  histograms.clear();
  for (const { name } of work.structures) histograms.set(name, undefined);
  const drawn = work.structures.filter((s) => closedLoops(s).length > 0).sort((a, b) => pointsOf(a) - pointsOf(b));
  if (outlines) for (const structure of drawn) answer(outlineOf(structure, work));
  if (dose === undefined) return;
  const hottest = highest(dose.values) * dose.slope + dose.intercept;
  for (const structure of drawn) answer(numbersOf(structure, dose, frameOfReference, hottest));
}

/** Every limit that may be asked of the course, of each structure that it is for. */
function goals(): Goal[] {
  if (course?.fractions === undefined || histograms.size === 0) return [];
  const { fractions, perFractionGy } = course;
  return constraintsFor({ fractions, ...(perFractionGy !== undefined && { perFractionGy }) }).flatMap((constraint) =>
    [...histograms].filter(([name]) => isFor(constraint, name)).map(([name, dvh]) => ({ name, ...judge(constraint, dvh, `${name} has no contours.`) })),
  );
}

const pointsOf = (structure: Structure): number => structure.contours.reduce((sum, c) => sum + c.points.length, 0);

function answer(one: StructureAnswer): void {
  const told: Answered = { structure: one };
  postMessage(told, { transfer: one.occupancy === undefined ? [] : [one.occupancy.fraction.buffer] });
}

function tell(told: Answered): void {
  postMessage(told);
}

/** What lies inside, voxel by voxel, for the outlines that no contour gives and for the names under the cursor. */
function outlineOf(structure: Structure, { grid }: StructureWork): StructureAnswer {
  return told(structure, () => {
    const loops = closedLoops(structure);
    const on = coveringGrid(outlineGrid(grid, loops), loops);
    const { first, size, fraction } = occupancy(loops, { size: on.size, patientFromVoxel: flat(on.patientFromVoxel) });
    const cc = (fraction.reduce((sum, share) => sum + share, 0) * voxelMm3(on)) / 1000;
    return { number: structure.number, occupancy: { grid: on, first, size, fraction }, volumeCc: cc };
  });
}

function numbersOf(structure: Structure, dose: Volume, frameOfReference: string, hottest: number): StructureAnswer {
  return told(structure, () => {
    const dvh = dvhOf(structure, dose, { frameOfReference });
    histograms.set(structure.name, dvh);
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
