import { apply, Gy, HapaxError, showNumber, voxelMm3, type Grid, type Vec3, type Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { addTo, equieffectiveDose, type Occupancy } from "@hapax/kernels";
import { bed } from "./bed.ts";
import { doseOnGrid } from "./course-dose.ts";
import { eqd2 } from "./eqd2.ts";
import { boxOf } from "./known-box.ts";
import { checkCourse } from "./linear-quadratic.ts";
import { organData, organName, otherOrganAlphaBeta } from "./organs.ts";

/** Part of the effect of a course that is taken to be gone. It is never assumed: a share needs its reason. */
export interface Recovery {
  /** 0 to 1. */
  readonly share: number;
  readonly why: string;
}

/** A course with its dose in every voxel. */
export interface DoseCourse {
  readonly name: string;
  /** Physical dose of the whole course, Gy. */
  readonly dose: Volume;
  readonly fractions: number;
  readonly recovered?: Recovery;
}

/** A course of which only the prescription is known: anywhere, 0 to that. */
export interface PrescribedCourse {
  readonly name: string;
  readonly prescribedGy: number;
  readonly fractions: number;
  readonly recovered?: Recovery;
}

/** What is added up. Physical dose says nothing of effect where doses per fraction differ. */
export type DoseMeasure = "EQD2" | "BED" | "physical dose";

export interface SumOptions {
  readonly measure: DoseMeasure;
  /** Tie the frames of reference of doses to that of the grid; rigid or affine. */
  readonly registrations?: readonly Registration[];
  /** Courses of which no dose grid is at hand. */
  readonly prescribed?: readonly PrescribedCourse[];
}

/** What one course gives at a place, Gy of the measure; undefined where its dose is not known there. */
export interface CourseContribution {
  readonly course: string;
  readonly gy: number | undefined;
}

/** A sum at a place, LPS, mm, in the frame of reference of the grid. */
export interface CumulativePoint {
  /** Sum of the courses that are known there, Gy of the measure. */
  readonly gy: number;
  readonly at: Vec3;
  readonly contributions: readonly CourseContribution[];
}

/** The dose of a course, converted, on the chosen grid. */
export interface CoursePart {
  readonly course: string;
  readonly dose: Volume<Float32Array>;
  /** Share of the grid, or of the organ, that its dose reaches, 0 to 1. */
  readonly covered: number;
}

export interface CumulativeDose {
  /** Gy; undefined for physical dose. */
  readonly alphaBeta: number | undefined;
  readonly measure: DoseMeasure;
  /** NaN where the dose of any course is not known. */
  readonly sum: Volume<Float32Array>;
  readonly parts: readonly CoursePart[];
  /** Share of the grid, or of the organ, in which every course is known, 0 to 1. */
  readonly covered: number;
  /** The highest sum where every course is known; undefined where there is no such voxel. */
  readonly highest?: CumulativePoint;
  /** The highest sum of what is known where at least one course is not: the truth there is this or more. */
  readonly highestIncomplete?: CumulativePoint;
  /** Bounds of the maximum, Gy of the measure; without an upper one where a course is not known everywhere. */
  readonly maximum?: { readonly low: number; readonly high: number | undefined };
  /** How it was done, sentence by sentence. */
  readonly method: readonly string[];
}

/**
 * Sum of courses voxel by voxel: each physical dose is sampled on one grid, converted at its own dose per fraction, and
 * then added.
 *
 * @param courses    doses on any grids, in the frame of reference of `grid` or tied to it
 * @param grid       where the sum is wanted
 * @param alphaBeta  of the tissue, Gy; one tissue, one sum; undefined for physical dose alone
 * @throws           radiobiology/courses when there is none; radiobiology/fractions, radiobiology/alpha-beta, radiobiology/recovery,
 *                   radiobiology/unit, radiobiology/frame
 * @source           fowler1989
 */
export function cumulativeDose(courses: readonly DoseCourse[], grid: Grid, alphaBeta: Gy | undefined, options: SumOptions): CumulativeDose {
  return sumWithin({ name: "the grid" }, courses, grid, alphaBeta, options);
}

/** An organ on the chosen grid. */
export interface OrganOnGrid {
  /** TG-263. */
  readonly name: string;
  /** Share of each voxel inside, on the grid of the sum. */
  readonly inside: Occupancy;
  /** Gy; left out, that of the organ table, and 3 Gy for an organ it does not have. */
  readonly alphaBeta?: Gy;
}

/** The cumulative dose of an organ at its own α/β; grid and volumes are those of the box around it. */
export interface OrganCumulativeDose extends CumulativeDose {
  readonly organ: string;
  /** Sum in each voxel of the organ whose courses are all known, Gy of the measure; with `volumesMm3` it is a DVH. */
  readonly dosesGy: Float32Array;
  readonly volumesMm3: Float32Array;
  /** Of the part that is known, Gy of the measure; undefined where nothing is. */
  readonly mean: number | undefined;
}

/**
 * Cumulative dose of an organ at its own α/β. The maximum is that of voxel centers of which any part lies inside.
 *
 * @param grid  of the organ's occupancy
 * @throws      radiobiology/organ-empty when no voxel lies inside; else as `cumulativeDose`
 */
export function cumulativeOrganDose(courses: readonly DoseCourse[], organ: OrganOnGrid, grid: Grid, options: SumOptions): OrganCumulativeDose {
  const { fraction } = organ.inside;
  if (!fraction.some((share) => share > 0)) {
    throw new HapaxError("radiobiology/organ-empty", `${organ.name} has no voxel on the grid.`, "Choose a grid that the organ lies on.");
  }
  const tabled = organData(organ.name)?.alphaBeta;
  const alphaBeta = options.measure === "physical dose" ? undefined : (organ.alphaBeta ?? Gy(tabled ?? otherOrganAlphaBeta));
  const found = sumWithin({ name: organ.name, shares: fraction }, courses, boxOf(grid, organ.inside), alphaBeta, options);
  const from = organ.alphaBeta !== undefined ? "as given" : tabled !== undefined ? "of the organ table" : "for late effects, as the organ table does not have it";
  const said = alphaBeta === undefined ? [] : [`${organName(organ.name)}: α/β ${showNumber(alphaBeta)} Gy, ${from}.`];
  return { ...found, organ: organ.name, ...samplesOf(found.sum, fraction), method: [...said, ...found.method] };
}

/** What is summed over: every voxel of a grid, or the share of each that lies in an organ. */
interface Within {
  readonly name: string;
  readonly shares?: Float32Array;
}

function sumWithin(within: Within, courses: readonly DoseCourse[], grid: Grid, alphaBeta: Gy | undefined, { measure, registrations, prescribed = [] }: SumOptions): CumulativeDose {
  if (courses.length === 0) throw new HapaxError("radiobiology/courses", "No course has a dose grid.", "Give the dose of one course at least.");
  const effect = effectOf(measure, alphaBeta);
  for (const course of courses) checkTerms(course, 0, effect);
  for (const course of prescribed) checkTerms(course, course.prescribedGy, effect);
  const sampled = courses.map((course) => doseOnGrid(course.name, course.dose, grid, registrations));
  const parts = courses.map((course, n): CoursePart => {
    const values = convertedDose(sampled[n]?.gy as Float32Array, course, effect);
    return { course: course.name, dose: inGy(grid, values), covered: coveredShare(values, within) };
  });
  const sum = new Float32Array(parts[0]?.dose.values.length as number);
  for (const part of parts) addTo(sum, part.dose.values);
  const covered = coveredShare(sum, within);
  const bounds = prescribed.map((course) => ({ course, gy: prescriptionIn(effect, course) }));
  const extremes = extremesOf(parts, sum, within, grid);
  return {
    alphaBeta: effect?.alphaBeta,
    measure,
    sum: inGy(grid, sum),
    parts,
    covered,
    ...extremes,
    ...maximumOf(extremes, covered, bounds.reduce((total, bound) => total + bound.gy, 0)),
    method: [
      effect === undefined
        ? "Physical dose: the courses are added as they are; what a fraction gave is not looked at."
        : `${measure} at α/β ${showNumber(effect.alphaBeta)} Gy: each voxel of each course is converted at its own dose per fraction, then the courses are added.`,
      ...parts.map((part, n) => `${part.course}: ${doseTerms(courses[n] as DoseCourse)}; ${sampled[n]?.because}; known in ${percent(part.covered)} of ${within.name}.`),
      ...(covered < 1 ? [`Where a course is not known the sum is not: every course is known in ${percent(covered)} of ${within.name}.`] : []),
      ...bounds.map(({ course, gy }) => `${course.name}: only its prescription is known, ${showNumber(course.prescribedGy)} Gy, ${doseTerms(course)}: 0 to ${showNumber(gy, 2)} Gy at any place, and more in a hot spot.`),
    ],
  };
}

type Terms = DoseCourse | PrescribedCourse;

/** How dose becomes effect; undefined where it stays physical dose. */
interface Effect {
  readonly measure: "EQD2" | "BED";
  readonly alphaBeta: Gy;
}

function effectOf(measure: DoseMeasure, alphaBeta: Gy | undefined): Effect | undefined {
  if (measure === "physical dose") return undefined;
  if (alphaBeta !== undefined) return { measure, alphaBeta };
  throw new HapaxError("radiobiology/alpha-beta", `${measure} was asked without α/β.`, "Give α/β in Gy, above 0, or sum the physical dose.");
}

function convertedDose(gy: Float32Array, course: DoseCourse, effect: Effect | undefined): Float32Array {
  return effect === undefined ? gy : equieffectiveDose(gy, course.fractions, effect.alphaBeta, effect.measure === "EQD2" ? 2 : 0, remaining(course));
}

function checkTerms(course: Terms, dose: number, effect: Effect | undefined): void {
  checkCourse(dose, course.fractions, effect?.alphaBeta ?? Infinity);
  const { recovered } = course;
  if (recovered !== undefined && effect === undefined) {
    throw new HapaxError("radiobiology/recovery", `A recovery of ${course.name} was given for a sum of physical dose.`, "Recovery is of effect: sum EQD2 or BED, or leave it out.");
  }
  if (recovered === undefined || (recovered.share >= 0 && recovered.share <= 1 && recovered.why.trim() !== "")) return;
  throw new HapaxError(
    "radiobiology/recovery",
    `A recovery of ${recovered.share} of ${course.name} was given${recovered.why.trim() === "" ? " without a reason" : ""}.`,
    "Give a share from 0 to 1 and the reason for it, or leave it out.",
  );
}

const remaining = ({ recovered }: Terms): number => 1 - (recovered?.share ?? 0);

function doseTerms({ fractions, recovered }: Terms): string {
  const given = `${fractions} fraction${fractions === 1 ? "" : "s"}`;
  return recovered === undefined || recovered.share === 0 ? `${given}, no recovery` : `${given}, ${percent(recovered.share)} taken off after conversion as recovered (${recovered.why})`;
}

function prescriptionIn(effect: Effect | undefined, course: PrescribedCourse): number {
  if (effect === undefined) return course.prescribedGy;
  return (effect.measure === "EQD2" ? eqd2 : bed)(Gy(course.prescribedGy), course.fractions, effect.alphaBeta) * remaining(course);
}

function coveredShare(values: Float32Array, { shares }: Within): number {
  let [known, all] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const share = shares === undefined ? 1 : (shares[i] as number);
    all += share;
    if (!Number.isNaN(values[i])) known += share;
  }
  return all === 0 ? 0 : known / all;
}

type Extremes = Pick<CumulativeDose, "highest" | "highestIncomplete">;

/** The highest voxel among those where every course is known, and among the others by what is known. */
function extremesOf(parts: readonly CoursePart[], sum: Float32Array, { shares }: Within, grid: Grid): Extremes {
  let [whole, wholeGy, part, partGy] = [-1, -Infinity, -1, -Infinity];
  for (let i = 0; i < sum.length; i++) {
    if (shares !== undefined && (shares[i] as number) <= 0) continue;
    const gy = sum[i] as number;
    if (gy > wholeGy) [whole, wholeGy] = [i, gy];
    if (!Number.isNaN(gy)) continue;
    const known = knownSum(parts, i);
    if (known !== undefined && known > partGy) [part, partGy] = [i, known];
  }
  return {
    ...(whole < 0 ? {} : { highest: pointAt(parts, whole, grid) }),
    ...(part < 0 ? {} : { highestIncomplete: pointAt(parts, part, grid) }),
  };
}

/**
 * What is certain at least in each voxel: the sum of the courses that are known there; NaN where none is.
 *
 * A histogram of it has lower bounds where one of `sum` has none.
 */
export function leastDose({ parts, sum }: Pick<CumulativeDose, "parts" | "sum">): Volume<Float32Array> {
  const values = sum.values.map((gy, i) => (Number.isNaN(gy) ? (knownSum(parts, i) ?? NaN) : gy));
  return { ...sum, values };
}

/** The sum of the courses that are known in a voxel; undefined where none is. */
function knownSum(parts: readonly CoursePart[], voxel: number): number | undefined {
  let sum: number | undefined;
  for (const { dose } of parts) {
    const gy = dose.values[voxel] as number;
    if (!Number.isNaN(gy)) sum = (sum ?? 0) + gy;
  }
  return sum;
}

function pointAt(parts: readonly CoursePart[], voxel: number, { size: [nx, ny], patientFromVoxel }: Grid): CumulativePoint {
  const contributions = parts.map(({ course, dose }): CourseContribution => {
    const gy = dose.values[voxel] as number;
    return { course, gy: Number.isNaN(gy) ? undefined : gy };
  });
  const at = apply(patientFromVoxel, [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))]);
  return { gy: knownSum(parts, voxel) as number, at, contributions };
}

function maximumOf({ highest, highestIncomplete }: Extremes, covered: number, bound: number): Pick<CumulativeDose, "maximum"> {
  if (highest === undefined && highestIncomplete === undefined) return {};
  const low = Math.max(highest?.gy ?? 0, highestIncomplete?.gy ?? 0);
  return { maximum: { low, high: covered === 1 ? low + bound : undefined } };
}

/** The known voxels of an organ, each with its volume inside. */
function samplesOf(sum: Volume<Float32Array>, fraction: Float32Array): Pick<OrganCumulativeDose, "dosesGy" | "volumesMm3" | "mean"> {
  const inside = [...fraction.keys()].filter((i) => (fraction[i] as number) > 0 && !Number.isNaN(sum.values[i]));
  const voxel = voxelMm3(sum.grid);
  const dosesGy = Float32Array.from(inside, (i) => sum.values[i] as number);
  const volumesMm3 = Float32Array.from(inside, (i) => (fraction[i] as number) * voxel);
  let [total, weighted] = [0, 0];
  for (let n = 0; n < dosesGy.length; n++) {
    total += volumesMm3[n] as number;
    weighted += (volumesMm3[n] as number) * (dosesGy[n] as number);
  }
  return { dosesGy, volumesMm3, mean: total === 0 ? undefined : weighted / total };
}

const inGy = (grid: Grid, values: Float32Array): Volume<Float32Array> => ({ grid, values, slope: 1, intercept: 0, unit: "Gy" });

/** One decimal, and never 100 where something is missing. */
const percent = (share: number): string => `${showNumber(share < 1 ? Math.min(99.9, Number((100 * share).toFixed(1))) : 100)} %`;
