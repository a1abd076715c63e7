import { HapaxError } from "@hapax/base";
import type { DoseGrid, Registration, ScanPicture, Scans, ScanSeries, StructureSet, TreatmentPlan } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { checkPixels } from "../pixels.ts";
import { readFile } from "../read.ts";
import { patientOf } from "./origin.ts";
import { picturesOf } from "./picture.ts";
import { readRegistration } from "./registration.ts";
import { readRtDose } from "./rt-dose.ts";
import { readRtPlan } from "./rt-plan.ts";
import { structureSetsOf } from "./rt-struct.ts";
import { seriesOf } from "./series.ts";

/** A file as it was found. */
export interface FoundFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Told while files are read: how many of how many. */
export type Progress = (done: number, all: number) => void;

/**
 * What is in a heap of files: images by series, structure sets, plans, doses, registrations, pictures, and every problem
 * met. A file that cannot be read never stops the others; the order of the files never matters.
 */
export async function scansOf(files: readonly FoundFile[], progress: Progress = () => {}): Promise<Scans> {
  const problems: HapaxError[] = [];
  const read: DicomFile[] = [];
  for (const [i, { name, bytes }] of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)).entries()) {
    const file = attempt(problems, () => readFile(bytes, name));
    if (file !== undefined) read.push(file);
    progress(i + 1, files.length);
  }
  const sorted = sortedFiles(read, problems);
  const each = <T>(kind: Kind, reader: (file: DicomFile) => readonly T[]): T[] => sorted[kind].flatMap((file) => attempt(problems, () => reader(file)) ?? []);
  const structureSets: StructureSet[] = each("structures", structureSetsOf);
  const plans: TreatmentPlan[] = each("plan", (file) => [readRtPlan(file)]);
  const doses: DoseGrid[] = each("dose", (file) => [readRtDose(file)]);
  const registrations: Registration[] = each("registration", readRegistration);
  const pictures: ScanPicture[] = each("picture", picturesOf);
  const series = await allSeries(sorted.image, problems);
  const patient = patientOf(read);
  if (patient.ids.length > 1) {
    problems.push(new HapaxError("dicom/several-patients", `The files are of ${patient.ids.length} patients: ${patient.ids.join(", ")}.`, "Give the files of one patient; one case is one patient."));
  }
  const told = [...problems, ...read.flatMap((file) => file.problems), ...[...series, ...structureSets, ...plans, ...doses, ...registrations, ...pictures].flatMap((one) => one.problems)];
  return { patient, series, structureSets, plans, doses, registrations, pictures, problems: [...new Set(told)] };
}

/** What a reader gives, or its problem kept. */
function attempt<T>(problems: HapaxError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
    problems.push(error);
    return undefined;
  }
}

type Kind = "image" | "structures" | "plan" | "dose" | "registration" | "picture";

const DICOMDIR = "1.2.840.10008.1.3.10";
const kinds: Readonly<Record<string, Kind>> = { RTSTRUCT: "structures", RTPLAN: "plan", RTDOSE: "dose", REG: "registration" };

function sortedFiles(files: readonly DicomFile[], problems: HapaxError[]): Record<Kind, DicomFile[]> {
  const sorted: Record<Kind, DicomFile[]> = { image: [], structures: [], plan: [], dose: [], registration: [], picture: [] };
  const seen = new Map<string, DicomFile>();
  for (const file of files) {
    const kind = kindOf(file);
    if (kind instanceof HapaxError) problems.push(kind);
    else if (isWhole(file, kind, problems) && !isCopy(file, seen, problems)) sorted[kind].push(file);
  }
  return sorted;
}

const withPixels: ReadonlySet<Kind> = new Set(["image", "dose", "picture"]);

/** Whether the pixels are those that the header asks for; a file whose are not is told and left out. */
function isWhole(file: DicomFile, kind: Kind, problems: HapaxError[]): boolean {
  return !withPixels.has(kind) || attempt(problems, () => (checkPixels(file), true)) === true;
}

/** A file whose SOPInstanceUID was there before with the same bytes of every element; other bytes under one UID are told. */
function isCopy(file: DicomFile, seen: Map<string, DicomFile>, problems: HapaxError[]): boolean {
  const uid = file.data.text(tags.SOPInstanceUID);
  const before = uid === undefined ? undefined : seen.get(uid);
  if (uid === undefined) return false;
  if (before === undefined) {
    seen.set(uid, file);
    return false;
  }
  if (!sameElements(before, file)) {
    if (before.transferSyntax === file.transferSyntax) problems.push(new HapaxError("dicom/instance-twice", `${before.name} and ${file.name} have one SOPInstanceUID and are not the same.`, "Both are read; ask the archive which of them is right."));
    return false;
  }
  problems.push(new HapaxError("dicom/copy", `${file.name} is a copy of ${before.name}.`, "One of them is used."));
  return true;
}

const sameElements = (a: DicomFile, b: DicomFile) => a.transferSyntax === b.transferSyntax && sameData(a.data, b.data);

function sameData(a: DataSet, b: DataSet): boolean {
  if (a.elements.size !== b.elements.size) return false;
  return [...a.elements].every(([tag, one]) => {
    const other = b.elements.get(tag);
    if (other === undefined || one.items?.length !== other.items?.length || one.fragments?.length !== other.fragments?.length) return false;
    return sameBytes(one.bytes, other.bytes)
      && (one.items ?? []).every((item, i) => sameData(item, other.items?.[i] as DataSet))
      && (one.fragments ?? []).every((fragment, i) => sameBytes(fragment, other.fragments?.[i] as Uint8Array));
  });
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

const spatial = new Set(["CT", "MR", "PT"]);

/** What a file is, by its Modality and by what it holds. */
function kindOf({ data, name }: DicomFile): Kind | HapaxError {
  if (data.text(tags.MediaStorageSOPClassUID) === DICOMDIR || data.has(tags.DirectoryRecordSequence)) {
    return new HapaxError("dicom/directory", `${name} is a DICOMDIR, the list of contents of a disc.`, "It is left aside; the files themselves are read.");
  }
  const modality = data.text(tags.Modality) ?? "";
  const kind = kinds[modality];
  if (kind !== undefined) return kind;
  if (!data.has(tags.PixelData) && !data.has(tags.FloatPixelData)) {
    return new HapaxError("dicom/no-image", `${name} holds no image and is none of the radiotherapy objects (Modality ${modality === "" ? "not recorded" : modality}).`, "It is left aside.");
  }
  if ((data.number(tags.SamplesPerPixel) ?? 1) > 1) return "picture";
  const placed = data.has(tags.ImagePositionPatient) || data.has(tags.SharedFunctionalGroupsSequence) || data.has(tags.PerFrameFunctionalGroupsSequence);
  const captured = (data.text(tags.SOPClassUID) ?? "").startsWith("1.2.840.10008.5.1.4.1.1.7");
  return placed || (spatial.has(modality) && !captured) ? "image" : "picture";
}

async function allSeries(images: readonly DicomFile[], problems: HapaxError[]): Promise<ScanSeries[]> {
  const groups = Map.groupBy(images, ({ data, name }) => data.text(tags.SeriesInstanceUID) ?? name);
  const found: ScanSeries[] = [];
  for (const uid of [...groups.keys()].sort()) {
    try {
      found.push(...(await seriesOf(groups.get(uid) as DicomFile[])));
    } catch (error) {
      if (!(error instanceof HapaxError)) throw error;
      problems.push(error);
    }
  }
  return found;
}
