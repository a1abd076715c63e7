import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { DoseGrid, Scans, ScanSeries, StructureSet, TreatmentPlan } from "@hapax/case";
import { scansOf } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import type { Session } from "./session.ts";

/**
 * The scans that a path means: a folder of DICOM files, a zip of one, or one file.
 *
 * @throws dicom/not-found, dicom/too-much, dicom/zip
 */
export async function scansAt({ cwd }: Session, path: string): Promise<Scans> {
  const { files, problems } = await filesOf(resolve(cwd, path));
  const scans = await scansOf(files);
  return { ...scans, problems: [...problems, ...scans.problems] };
}

/** True where a name is a path and not the id of a case. */
export const isPath = ({ cwd }: Session, name: string): boolean => existsSync(resolve(cwd, name));

type Kind = "series" | "structureSets" | "plans" | "doses";
interface ByKind {
  readonly series: ScanSeries;
  readonly structureSets: StructureSet;
  readonly plans: TreatmentPlan;
  readonly doses: DoseGrid;
}
const words: Readonly<Record<Kind, string>> = { series: "series of images", structureSets: "structure set", plans: "plan", doses: "dose" };

/**
 * The one object of a kind, by its UID where there are several.
 *
 * @throws cli/not-in-file with what the reader met instead, cli/several with the UIDs to choose from
 */
export function theOne<K extends Kind>(scans: Scans, kind: K, where: string, uid?: string): ByKind[K] {
  const all = scans[kind] as readonly ByKind[K][];
  const meant = uid === undefined ? all : all.filter((one) => one.uid === uid);
  const [first] = meant;
  if (meant.length === 1 && first !== undefined) return first;
  const met = scans.problems.map((p) => p.what).slice(0, 3).join(" ");
  if (first === undefined) {
    throw new HapaxError("cli/not-in-file", `${where} holds no ${words[kind]}${uid === undefined ? "" : ` ${uid}`}. ${met}`.trim(), "See ./hapax dicom for what it holds.");
  }
  throw new HapaxError("cli/several", `${where} holds ${meant.length}: ${meant.map((one) => `${one.uid} (${one.label})`).join(", ")}.`, `Name the ${words[kind]} by its UID.`);
}
