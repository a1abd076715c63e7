import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { DoseGrid, Registration, ScanPatient, TreatmentPlan } from "@hapax/case";
import { readFile, readRtPlan, scansOf, tags, type FoundFile } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import type { DoseCourse, Recovery } from "@hapax/radiobiology";
import { theOne, isPath } from "./scans-from.ts";
import type { Session } from "./session.ts";

/** A course that a command names: its dose, and how it was given. */
export interface NamedCourse extends DoseCourse {
  readonly from: DoseGrid;
  /** Where the number of fractions is from, in words. */
  readonly because: string;
  readonly patient: ScanPatient;
  /** PatientName as the file has it. */
  readonly patientName: string | undefined;
  /** Those that lie with the dose. */
  readonly registrations: readonly Registration[];
}

/**
 * The courses that `--dose FILE:FRACTIONS` and `--recovery COURSE:PERCENT:REASON` name, in their order.
 *
 * @throws cli/fractions where nothing says how many there were, cli/dose-kind for what is not the physical dose of a
 *         course, cli/patients for doses of several patients, cli/recovery
 */
export async function namedCourses(session: Session, doses: readonly string[], recoveries: readonly string[]): Promise<NamedCourse[]> {
  const recovered = recoveries.map((text) => recoveryOf(text, doses.length));
  const courses: NamedCourse[] = [];
  for (const [n, text] of doses.entries()) {
    const course = await courseOf(session, text);
    const own = recovered.find(({ course: number }) => number === n + 1);
    courses.push(own === undefined ? course : { ...course, recovered: own.recovery });
  }
  const ids = [...new Set(courses.flatMap(({ patient }) => patient.ids))];
  if (ids.length > 1) throw new HapaxError("cli/patients", `The doses are of the patients ${ids.join(", ")}.`, "Give the doses of one patient.");
  return courses;
}

async function courseOf(session: Session, text: string): Promise<NamedCourse> {
  const { path, fractions } = pathAndFractions(session, text);
  const { files } = await filesOf(resolve(session.cwd, path));
  const scans = await scansOf(files);
  const from = theOne(scans, "doses", path);
  const other = whyNoCourse(from);
  if (other !== undefined) throw new HapaxError("cli/dose-kind", `${path}: ${other.what}.`, other.remedy);
  const given = fractions === undefined ? await plannedFractions(session, path, from, scans.plans) : { fractions, because: "as given" };
  const { patient, registrations } = scans;
  return { name: path, dose: await from.volume(), from, ...given, patient, patientName: patientNameOf(files, from), registrations };
}

/** A colon may be part of a path: only what follows the last one is a number of fractions. */
function pathAndFractions(session: Session, text: string): { readonly path: string; readonly fractions?: number } {
  const [, path, count] = /^(.+):([^:/\\]*)$/.exec(text) ?? [];
  if (path === undefined || count === undefined || isPath(session, text)) return { path: text };
  const fractions = Number(count);
  if (/^\d+$/.test(count) && fractions >= 1) return { path, fractions };
  throw new HapaxError("cli/fractions", `The fractions of ${path} are ${JSON.stringify(count)}.`, "Write a whole number behind the file: plan.dcm:30.");
}

/** A dose of a part: what it says of a fraction or a beam is not what a course gave. */
const partial = /^(FRACTION|BEAM|BRACHY|FRACTION_SESSION|BEAM_SESSION|BRACHY_SESSION|CONTROL_POINT)$/;

const noCourse: Readonly<Record<string, string>> = {
  EFFECTIVE: "Give the physical dose: this one is weighted for its effect already.",
  ERROR: "Give a dose; this is a difference or an uncertainty.",
};

/** Why a dose is not the physical dose of a whole course, and what to do; undefined where it is. */
export function whyNoCourse({ type, summation }: DoseGrid): { readonly what: string; readonly remedy: string } | undefined {
  const remedy = noCourse[type];
  if (remedy !== undefined) return { what: `the dose is of DoseType ${type}`, remedy };
  return partial.test(summation) ? { what: `the dose is of a ${summation}`, remedy: "Give the dose of the whole course (DoseSummationType PLAN)." } : undefined;
}

/** Fractions of the plan that the dose names, from the same files or those beside it. */
async function plannedFractions({ cwd }: Session, path: string, dose: DoseGrid, plans: readonly TreatmentPlan[]): Promise<Pick<NamedCourse, "fractions" | "because">> {
  const all = plans.length > 0 ? plans : await plansBeside(resolve(cwd, path));
  const plan = all.find(({ uid }) => uid === dose.planUid);
  if (dose.summation === "PLAN" && plan?.fractions !== undefined) return { fractions: plan.fractions, because: `planned by ${plan.label}` };
  const unplanned = dose.planUid === undefined ? "the dose names no plan" : plan === undefined ? "its plan is not there" : "its plan does not say";
  const met = dose.summation === "PLAN" ? unplanned : `the dose is of a ${dose.summation}`;
  throw new HapaxError("cli/fractions", `Nothing says in how many fractions ${path} was given: ${met}.`, `Write the number behind the file: ${path}:30.`);
}

/** Plans among the files beside one. */
async function plansBeside(path: string): Promise<TreatmentPlan[]> {
  const entries = await readdir(dirname(path), { withFileTypes: true });
  const plans: TreatmentPlan[] = [];
  for (const { name } of entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".zip"))) {
    const { files } = await filesOf(join(dirname(path), name));
    plans.push(...files.flatMap((file) => planIn(file) ?? []));
  }
  return plans;
}

function planIn({ bytes, name }: FoundFile): TreatmentPlan | undefined {
  try {
    return readRtPlan(readFile(bytes, name));
  } catch (error) {
    if (error instanceof HapaxError) return undefined;
    throw error;
  }
}

/** PatientName as the file of an object has it. */
export function patientNameOf(files: readonly FoundFile[], of: Pick<DoseGrid, "files">): string | undefined {
  const file = files.find(({ name }) => name === of.files[0]);
  return file === undefined ? undefined : readFile(file.bytes, file.name).data.text(tags.PatientName);
}

/** @throws cli/recovery */
function recoveryOf(text: string, courses: number): { readonly course: number; readonly recovery: Recovery } {
  const [, number, percent, why = ""] = /^(\d+):([\d.]+):(.*)$/s.exec(text) ?? [];
  const [course, share] = [Number(number), Number(percent) / 100];
  if (course >= 1 && course <= courses && share >= 0 && share <= 1 && why.trim() !== "") return { course, recovery: { share, why: why.trim() } };
  throw new HapaxError(
    "cli/recovery",
    `--recovery is ${JSON.stringify(text)}, for ${courses} course${courses === 1 ? "" : "s"}.`,
    "Give the number of the course, the percent of its effect that is taken to be gone, and why: '1:25:12 months'.",
  );
}
