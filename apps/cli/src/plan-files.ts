import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HapaxError, type Volume } from "@hapax/base";
import { writePlanAndDose, type WrittenFile } from "@hapax/dicom";
import { writeWhole } from "@hapax/files";
import { planInFiles, planSeed, type PlanMade } from "@hapax/planning";
import type { ScanToPlan } from "./scan-to-plan.ts";
import type { Session } from "./session.ts";

const planFile = "plan.json";
const reportFile = "report.pdf";

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

/** RTPLAN and RTDOSE of a made plan, in the study of its scan. */
export function dicomOf(made: PlanMade, dose: Volume<Float32Array>, { scan, context: joined }: Pick<ScanToPlan, "scan" | "context">): WrittenFile[] {
  const { plan, dose: about } = planInFiles(made, scan);
  const files = writePlanAndDose(plan, dose, about, { ...joined, ...planSeed(made, joined) });
  return [files.plan, files.dose];
}

async function reportOf(made: PlanMade, dose: Volume<Float32Array>, { scan, context: { patient, date } }: ScanToPlan): Promise<Uint8Array> {
  // Fonts and layout take long to load, and most commands write no PDF.
  const { planReportPdf } = await import("@hapax/report/plan-report");
  return planReportPdf({ made, scan, dose, ...(scan.synthetic ? {} : { patient: patient.id, date: date.slice(0, 10) }) });
}

/** JSON with a line for each member and lists of numbers in one, as leaf positions have a hundred. */
function textOf(value: unknown): Uint8Array {
  const text = JSON.stringify(value, undefined, 2).replace(/\[\n\s+(-?[\d.e+-]+(?:,\n\s+-?[\d.e+-]+)*)\n\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\n\s+/g, " ")}]`);
  return new TextEncoder().encode(`${text}\n`);
}
