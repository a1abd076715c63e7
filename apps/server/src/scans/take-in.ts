import { HapaxError, listed } from "@hapax/base";
import { newCase, parseCase, type CaseRecord } from "@hapax/case";
import type { CaseStore } from "@hapax/store";
import type { Compute } from "../compute.ts";
import { freeId, summarize } from "../take-in.ts";
import type { ScanArchive } from "./archive.ts";
import type { ReadAdded, ScanReading } from "./reading.ts";
import type { Upload } from "./uploads.ts";

/** Where scans go and who takes them in. */
export interface ScanHouse {
  readonly store: CaseStore;
  readonly compute: Pick<Compute, "summary">;
  readonly who: string;
  readonly archive: ScanArchive;
  readonly reading: ScanReading;
}

export interface TakeInOptions {
  /** The case they belong to; left out, a new one is made of them. */
  readonly id?: string | undefined;
  /** How a new case is called; left out, by what the scans are. */
  readonly name?: string | undefined;
  /** PatientID, where the files are of several. */
  readonly patient?: string | undefined;
}

/** What became of an upload. */
export interface TakenIn {
  readonly id: string;
  readonly revision: number;
  readonly added: ReadAdded["counts"] & { readonly files: number; readonly filesThereAlready: number };
  readonly problems: readonly HapaxError[];
}

/** A new case of scans says so until somebody says which tumor it is. */
const anyTumor = "other";

/**
 * Takes the files of an upload into a case, or makes a case of them: those that are DICOM of one patient go into the
 * archive, and what they say into the record. What cannot be read is told and left out.
 *
 * @throws scans/nothing when no file is DICOM, scans/several-patients, scans/other-patient, store/not-found
 */
export async function takeInScans(house: ScanHouse, upload: Upload, { id, name, patient }: TakeInOptions): Promise<TakenIn> {
  const { store, archive, reading } = house;
  if (upload.step !== "receiving") throw new HapaxError("scans/upload", "The upload is being read already.", "Wait for it, or send the files again.");
  if (id !== undefined) await store.get(id);
  try {
    upload.step = "checking files";
    const { good, problems } = await checked(reading, upload, patient);
    const caseId = id ?? (await freeId(store, name ?? "scans"));
    if (id !== undefined) await samePatient(reading, id, good.map((g) => g.patientId));
    upload.step = "reading scans";
    const before = new Set((await archive.list(caseId)).map((f) => f.sha256));
    const files = await archive.add(caseId, good.map((g) => g.file));
    for (const { sha256 } of files) upload.files.delete(sha256);
    const { revision, counts, told } = await recordScans(house, caseId, files.map((f) => f.name), id === undefined, name);
    upload.step = "done";
    const there = files.filter((f) => before.has(f.sha256)).length;
    return { id: caseId, revision, added: { files: files.length - there, filesThereAlready: there, ...counts }, problems: [...upload.problems, ...problems, ...told] };
  } finally {
    upload.checked = 0;
    // What is left, such as the files of another patient, can be taken up by another call.
    if (upload.step !== "done" || upload.files.size > 0) upload.step = "receiving";
  }
}

interface Good {
  readonly file: Upload["files"] extends Map<string, infer F> ? F : never;
  readonly patientId: string | undefined;
}

async function checked(reading: ScanReading, upload: Upload, patient: string | undefined): Promise<{ good: Good[]; problems: HapaxError[] }> {
  const all = [...upload.files.values()];
  const verdicts = await reading.check(all, (done) => (upload.checked = done));
  const problems = verdicts.flatMap((v) => ("problem" in v ? [v.problem] : []));
  const good = verdicts.flatMap((v) => {
    const file = upload.files.get(v.sha256);
    return "problem" in v || file === undefined ? [] : [{ file, patientId: v.patientId }];
  });
  const ids = [...new Set(good.flatMap((g) => g.patientId ?? []))].sort();
  if (good.length === 0) throw new HapaxError("scans/nothing", `None of the ${all.length} files is DICOM that can be read.`, "Give the folder that the hospital or the planning system exported.", problems);
  if (patient === undefined && ids.length > 1) {
    throw new HapaxError("scans/several-patients", `The files are of ${ids.length} patients: ${listed(ids.map((i) => JSON.stringify(i)))}.`, "A case is of one patient: choose which (patient=…), and take the others in as cases of their own.");
  }
  const own = patient === undefined ? good : good.filter((g) => g.patientId === patient);
  if (own.length === 0) throw new HapaxError("scans/nothing", `No file is of the patient ${JSON.stringify(patient?.slice(0, 80))}.`, `The files are of ${listed(ids.map((i) => JSON.stringify(i)))}.`);
  return { good: own, problems };
}

/** @throws scans/other-patient when the case has scans of somebody else */
async function samePatient(reading: ScanReading, id: string, given: readonly (string | undefined)[]): Promise<void> {
  const there = await reading.patients(id);
  const other = given.find((p) => p !== undefined && there.length > 0 && !there.includes(p));
  if (other === undefined) return;
  throw new HapaxError("scans/other-patient", `The scans of ${id} are of the patient ${listed(there.map((i) => JSON.stringify(i)))}, these of ${JSON.stringify(other)}.`, "Take them in as a case of their own.");
}

/** Writes into the record what the scans say; somebody who saves in between is not overwritten. */
async function recordScans(house: ScanHouse, id: string, names: readonly string[], isNew: boolean, name: string | undefined): Promise<{ revision: number; counts: ReadAdded["counts"]; told: readonly HapaxError[] }> {
  const { store, compute, reading, who } = house;
  for (let attempt = 1; ; attempt++) {
    const there = isNew ? undefined : await store.get(id);
    const record = there?.record ?? newCase(id, name ?? "Scans", anyTumor);
    const { record: next, counts, problems } = await reading.added(id, names, record);
    const named = isNew && name === undefined ? { ...next, ...titleOf(next) } : next;
    const checkedRecord = parseCase(named, "What the scans say");
    if (there !== undefined && JSON.stringify(parseCase(record, id)) === JSON.stringify(checkedRecord)) return { revision: there.revision, counts, told: problems };
    try {
      const revision = await store.put(checkedRecord, summarize(compute, checkedRecord), { who, what: isNew ? "new case of scans" : "scans added", expected: there?.revision ?? 0 });
      return { revision, counts, told: problems };
    } catch (error) {
      const taken = error instanceof HapaxError && error.code === "store/conflict";
      if (!taken || isNew || attempt === 5) throw error;
    }
  }
}

/** What the scans are and of when: never who, for names and numbers of patients stay in the files. */
function titleOf(record: CaseRecord): Pick<CaseRecord, "name" | "title"> {
  const studies = record.documents.filter((d) => d.id.startsWith("study-")).map((d) => d.title.replace(/^DICOM: /, ""));
  const [first = "Scans", ...more] = studies;
  const name = `${first}${more.length === 0 ? "" : ` and ${more.length} more`}`.slice(0, 300);
  return { name, title: name };
}
