import { basename } from "node:path";
import { HapaxError } from "@hapax/base";
import { frameMap, type Registration } from "@hapax/case";
import type { EarlierAsked, EarlierDose, PlanRequest } from "@hapax/planning";
import { amount } from "./amount.ts";
import { namedCourses } from "./dose-courses.ts";
import type { ScanToPlan } from "./scan-to-plan.ts";
import { volumeIn } from "./scan-choice.ts";
import type { Session } from "./session.ts";

/** As a command line names earlier doses. */
export interface EarlierChoice {
  /** `dose.dcm=30`, in order of time. */
  readonly earlier: readonly string[];
  /** Of all of them, mm. */
  readonly shift: string;
  /** `1:25:12 months`, as `sum` has it. */
  readonly recovery: readonly string[];
}

export interface EarlierFound {
  readonly asked: readonly EarlierAsked[];
  /** On the planning scan, in the order of `asked`. */
  readonly doses: readonly EarlierDose[];
}

/**
 * The earlier doses in the frame of reference of the planning scan.
 *
 * @throws cli/earlier, cli/patients, figure/frame where nothing ties their frame of reference to the scan's, and as `namedCourses`
 */
export async function earlierDoses(session: Session, { earlier, shift, recovery }: EarlierChoice, { scan, registrations, patientIds }: ScanToPlan): Promise<EarlierFound> {
  const shiftMm = amount(shift, "--shift");
  if (earlier.length === 0 && shiftMm > 0) throw new HapaxError("cli/earlier", "--shift is of earlier doses, and there are none.", "Give --earlier, or leave it out.");
  const courses = await namedCourses(session, earlier.map(withColon), recovery);
  const frame = scan.ct.grid.frameOfReference;
  const found = await Promise.all(courses.map(async (course, n) => {
    const others = course.patient.ids.filter((id) => !patientIds.includes(id));
    if (others.length > 0) throw new HapaxError("cli/patients", `${course.name} is of the patient ${others.join(", ")}, the scan of ${patientIds.join(", ")}.`, "Give doses of the same patient.");
    const ties: readonly Registration[] = [...registrations, ...course.registrations];
    const dose = volumeIn(await course.from.volume(), frame, { registrations: ties }, `the earlier dose ${course.name}`);
    const label = `${n + 1} ${basename(course.name)}`;
    const asked: EarlierAsked = {
      label, fractions: course.fractions, shiftMm, recovery: course.recovered?.share ?? 0,
      ...(course.recovered === undefined ? {} : { recoverySource: course.recovered.why }),
      registration: frameMap(course.from.grid.frameOfReference, frame, ties)?.because ?? "",
    };
    return { asked, dose: { label, uid: course.from.uid, dose } };
  }));
  return { asked: found.map(({ asked }) => asked), doses: found.map(({ dose }) => dose) };
}

/**
 * Earlier doses under the labels that a request has for them, in its order.
 *
 * @throws cli/earlier where there are not as many, or their fractions are others
 */
export function asRequested({ earlier = [] }: PlanRequest, { asked, doses }: EarlierFound): readonly EarlierDose[] {
  if (earlier.length !== asked.length || earlier.some(({ fractions }, n) => fractions !== asked[n]?.fractions)) {
    throw new HapaxError(
      "cli/earlier",
      `The plan reckons with ${earlier.length === 0 ? "no earlier dose" : earlier.map(({ label, fractions }) => `${label} in ${fractions} fractions`).join(", ")}; given are ${asked.length === 0 ? "none" : asked.map(({ label, fractions }) => `${label} in ${fractions}`).join(", ")}.`,
      "Give --earlier FILE=FRACTIONS for each, in its order.",
    );
  }
  return doses.map((dose, n) => ({ ...dose, label: (earlier[n] as EarlierAsked).label }));
}

/** Courses are named as file:fractions elsewhere. */
function withColon(text: string): string {
  const [, path, fractions] = /^(.+)=(\d+)$/s.exec(text) ?? [];
  return path === undefined || fractions === undefined ? text : `${path}:${fractions}`;
}
