import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { Scans } from "@hapax/case";
import { readFile as readDicom, scansOf, tags, type FoundFile } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import { ctSeries, kvpOf, positionOf } from "./ct-choice.ts";
import { phantomScan } from "./plan-phantom.ts";
import { structuresIn } from "./scan-choice.ts";
import { theOne } from "./scans-from.ts";
import type { ScanToPlan, ScanToPlanChoice } from "./scan-to-plan.ts";
import type { Session } from "./session.ts";

const phantomFile = "phantom.json";

/**
 * The scan of CASE: a folder, zip or file of DICOM, or the folder of a case with a phantom.
 *
 * @throws cli/study, cli/ct, cli/patient-position, cli/patients, cli/several, cli/not-in-file, figure/frame, and what reading throws
 */
export async function scanToPlan(session: Session, where: string, choice: ScanToPlanChoice): Promise<ScanToPlan> {
  const path = resolve(session.cwd, where);
  const folder = basename(path) === "case.json" || basename(path) === phantomFile ? dirname(path) : path;
  const phantom = join(folder, phantomFile);
  if (existsSync(phantom)) return phantomScan(JSON.parse(await readFile(phantom, "utf8")) as unknown, choice);
  if (choice.study !== undefined) throw new HapaxError("cli/study", `--study ${choice.study} is of a phantom, and ${where} has none.`, "Leave it out; --series and --set choose among scans.");
  const { files, problems } = await filesOf(path);
  const scans = await scansOf(files);
  return dicomScan({ ...scans, problems: [...problems, ...scans.problems] }, files, where, choice);
}

async function dicomScan(scans: Scans, files: readonly FoundFile[], where: string, { series: seriesUid, set: setUid }: ScanToPlanChoice): Promise<ScanToPlan> {
  const { ids } = scans.patient;
  if (ids.length > 1) throw new HapaxError("cli/patients", `${where} holds files of the patients ${ids.join(", ")}.`, "Give those of one patient.");
  const set = theOne(scans, "structureSets", where, setUid ?? ofSeries(scans, seriesUid));
  const series = ctSeries(scans, seriesUid, set, where);
  const structures = structuresIn(set, undefined, series.frameOfReference, { registrations: [] });
  const bytesOf = (name: string | undefined) => (files.find((file) => file.name === name) as FoundFile).bytes;
  const [firstSlice] = series.files;
  const { data } = readDicom(bytesOf(firstSlice), firstSlice as string);
  const kvp = kvpOf(series, files);
  return {
    scan: {
      ct: await series.volume(), structures, patientPosition: positionOf(series),
      uids: { ct: series.uid, structureSet: set.uid }, synthetic: series.synthetic || set.synthetic,
    },
    context: contextOf(data, scans, series.synthetic || set.synthetic),
    structureFile: bytesOf(set.files[0]),
    patientIds: ids,
    registrations: scans.registrations,
    ...(kvp === undefined ? {} : { kvp }),
    notes: [
      ...(series.geometry.notice === undefined ? [] : [`The CT: ${series.geometry.notice}`]),
      ...set.structures.filter(({ contours }) => contours.length === 0).map(({ name }) => `${name} is named and not drawn.`),
    ],
  };
}

/** The set that was drawn on a named series, where it is the only one. */
function ofSeries({ structureSets }: Scans, seriesUid: string | undefined): string | undefined {
  const drawn = structureSets.filter(({ referencedSeries }) => seriesUid !== undefined && referencedSeries === seriesUid);
  return drawn.length === 1 ? drawn[0]?.uid : undefined;
}

/** What the slices say of patient and study; the date is that of today. */
function contextOf(data: ReturnType<typeof readDicom>["data"], { patient }: Scans, synthetic: boolean): ScanToPlan["context"] {
  const told = <K extends string>(key: K, tag: Parameters<typeof data.text>[0]) => {
    const text = data.text(tag);
    return (text === undefined ? {} : { [key]: text }) as { readonly [key in K]?: string };
  };
  const uid = data.text(tags.StudyInstanceUID);
  return {
    patient: {
      id: patient.id ?? "", name: data.text(tags.PatientName) ?? "", ...told("birthDate", tags.PatientBirthDate), ...(patient.sex === undefined ? {} : { sex: patient.sex }),
      ...(patient.weightKg === undefined ? {} : { weightKg: patient.weightKg }), ...(patient.heightM === undefined ? {} : { heightM: patient.heightM }),
    },
    ...(uid === undefined ? {} : { study: { uid, ...told("date", tags.StudyDate), ...told("time", tags.StudyTime), ...told("id", tags.StudyID), ...told("accessionNumber", tags.AccessionNumber) } }),
    ...told("studyDescription", tags.StudyDescription),
    date: new Date().toISOString().slice(0, 19),
    synthetic,
  };
}
