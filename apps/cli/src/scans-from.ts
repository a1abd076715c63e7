import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { DoseGrid, Scans, ScanSeries, StructureSet, TreatmentPlan } from "@hapax/case";
import { scansOf } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import { caseFile, openCase } from "@hapax/files";
import { openArchive } from "@hapax/server";
import { archiveFolder, type StoreOptions } from "./locate.ts";
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

/**
 * The scans of WHERE: a folder, zip or file of DICOM, or a case, whose scans lie in the archive beside the store.
 *
 * @throws cli/no-scans where a case has none, and all that reading throws
 */
export async function scansOfWhere(session: Session, where: string, options: StoreOptions): Promise<Scans> {
  const id = await caseOf(session, where);
  if (id === undefined) return scansAt(session, where);
  const files = await openArchive(archiveFolder(session, options)).read(id);
  if (files.length > 0) return scansOf(files);
  throw new HapaxError("cli/no-scans", `The case ${id} has no scans here.`, "Drop its DICOM files on its images page (./hapax serve), or name a folder of DICOM files.");
}

/** The case that is meant; undefined where the path is not that of one. */
async function caseOf({ cwd }: Session, where: string): Promise<string | undefined> {
  const path = resolve(cwd, where);
  if (!existsSync(path)) return where;
  const isCase = basename(path) === caseFile || existsSync(join(path, caseFile));
  return isCase ? (await openCase(path)).id : undefined;
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
