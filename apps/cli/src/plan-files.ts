import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HapaxError, showNumber, type Volume } from "@hapax/base";
import { instanceUidOf, writeRtDose, writeRtPlan, type WriteContext, type WrittenFile } from "@hapax/dicom";
import { writeWhole } from "@hapax/files";
import { sourceSkinMm, treatmentPlanOf, type PlanMade } from "@hapax/planning";
import type { ScanToPlan } from "./scan-to-plan.ts";
import type { Session } from "./session.ts";

const planFile = "plan.json";
const reportFile = "report.pdf";
/** DoseComment holds so many characters. */
const longestComment = 64;
const notClinical = "Research and education. Not a medical device.";

/**
 * Refuses a folder that holds a plan, before any time is spent.
 *
 * @throws cli/plan-there
 */
export function requireRoom({ cwd }: Session, folder: string, replace: boolean): void {
  if (replace || !existsSync(join(resolve(cwd, folder), planFile))) return;
  throw new HapaxError("cli/plan-there", `${join(folder, planFile)} is there already.`, "Give another --out, or --replace to overwrite it.");
}

/**
 * A plan as files: RTPLAN, RTDOSE, RTSTRUCT, `request.json`, `plan.json`, and its report as PDF, each written whole.
 *
 * @returns their paths as the caller names the folder
 */
export async function writePlan({ cwd }: Session, folder: string, made: PlanMade, dose: Volume<Float32Array>, on: ScanToPlan): Promise<string[]> {
  const files: WrittenFile[] = [
    ...dicomOf(made, dose, on),
    { name: "RTSTRUCT.dcm", bytes: on.structureFile },
    { name: "request.json", bytes: textOf(made.request) },
    { name: planFile, bytes: textOf(made) },
  ];
  const path = resolve(cwd, folder);
  await mkdir(path, { recursive: true });
  for (const { name, bytes } of files) await writeWhole(join(path, name), bytes);
  // The plan is kept by now, whatever becomes of its pictures.
  await writeWhole(join(path, reportFile), await reportOf(made, dose, on));
  return [...files.map(({ name }) => name), reportFile].map((name) => join(folder, name));
}

/** RTPLAN and RTDOSE of a made plan, in the study of its scan; the same request and beams have the same UIDs. */
export function dicomOf(made: PlanMade, dose: Volume<Float32Array>, { scan, context: joined }: Pick<ScanToPlan, "scan" | "context">): WrittenFile[] {
  const { request, madeFrom, beams } = made;
  const context: WriteContext = { ...joined, seed: JSON.stringify([request, madeFrom, beams]), label: request.name };
  const by = `${madeFrom.machine.id} ${madeFrom.machine.version}; ${request.curve}; ${showNumber(request.gridMm)} mm; ${madeFrom.cones} cones; ${madeFrom.engine}`;
  const plan = writeRtPlan({
    ...treatmentPlanOf(made, scan.structures),
    description: `${by}. ${notClinical}`, patientPosition: scan.patientPosition,
    surfaceDistancesMm: skinOf(made, scan),
  }, context);
  const comment = by.length <= longestComment ? by : `${by.slice(0, longestComment - 1)}…`;
  return [plan, writeRtDose(dose, context, { planUid: instanceUidOf(context, "RTPLAN", 1), comment, notes: [by, ...made.notes, notClinical].join("\n") })];
}

async function reportOf(made: PlanMade, dose: Volume<Float32Array>, { scan, context: { patient, date } }: ScanToPlan): Promise<Uint8Array> {
  // Fonts and layout take long to load, and most commands write no PDF.
  const { planReportPdf } = await import("@hapax/report/plan-report");
  return planReportPdf({ made, scan, dose, ...(scan.synthetic ? {} : { patient: patient.id, date: date.slice(0, 10) }) });
}

/** From the source to the skin along each beam, mm to a tenth, where a body is drawn. */
function skinOf({ beams }: PlanMade, { structures, patientPosition }: ScanToPlan["scan"]): Map<number, number> {
  const body = structures.find(({ type, contours }) => type === "EXTERNAL" && contours.length > 0);
  return new Map(beams.flatMap(({ number, sadMm, controlPoints: [point] }) => {
    const mm = body === undefined || point === undefined ? undefined : sourceSkinMm({ ...point, patientPosition }, sadMm, body);
    return mm === undefined ? [] : [[number, Number(mm.toFixed(1))] as const];
  }));
}

/** JSON with a line for each member and lists of numbers in one, as leaf positions have a hundred. */
function textOf(value: unknown): Uint8Array {
  const text = JSON.stringify(value, undefined, 2).replace(/\[\n\s+(-?[\d.e+-]+(?:,\n\s+-?[\d.e+-]+)*)\n\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\n\s+/g, " ")}]`);
  return new TextEncoder().encode(`${text}\n`);
}
