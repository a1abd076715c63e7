import { readFile as readBytes } from "node:fs/promises";
import { HapaxError } from "@hapax/base";
import type { CaseRecord, Scans, StructureSet } from "@hapax/case";
import { entriesOf, readFile, scansOf, tags, volumeOf } from "@hapax/dicom";
import { volumeBytes } from "@hapax/files";
import { openArchive, type LooseFile } from "./archive.ts";
import { pngOf } from "./png.ts";
import { summaryOf, type ScanSummary } from "./summary.ts";

/** What one file turned out to be: DICOM of a patient, or a problem. */
export type Verdict = { readonly sha256: string; readonly patientId?: string } | { readonly sha256: string; readonly problem: HapaxError };

/** What the scans that were added say. */
export interface ReadAdded {
  readonly record: CaseRecord;
  readonly counts: Readonly<Record<"series" | "structureSets" | "plans" | "doses" | "registrations" | "pictures" | "entries", number>>;
  readonly problems: readonly HapaxError[];
}

export type Told = (done: number, of: number) => void;

/** Everything that is heavy about scans; it runs in a thread of its own, so that the server answers meanwhile. */
export interface ScanReading {
  /** PatientID of all scans of a case. */
  patients(id: string): Promise<readonly string[]>;
  summary(id: string): Promise<ScanSummary>;
  /** As `volumeFrom` reads it. @throws scans/not-found, and all that decoding throws */
  volume(id: string, uid: string, unit?: string): Promise<Uint8Array<ArrayBuffer>>;
  /** JSON of a structure set with its contours, mm to three decimals. */
  structures(id: string, uid: string): Promise<Uint8Array<ArrayBuffer>>;
  /** PNG. */
  picture(id: string, uid: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Looks into each file. */
  check(files: readonly LooseFile[], told?: Told): Promise<readonly Verdict[]>;
  /** What the files of these names add to a record. */
  added(id: string, names: readonly string[], record: CaseRecord): Promise<ReadAdded>;
}

/** Scans of as many cases as their files take this much memory, bytes. */
const maxKept = 2 * 1024 ** 3;

interface Kept {
  readonly state: string;
  readonly scans: Scans;
  readonly bytes: number;
}

/** Reads the scans of an archive, and keeps those of the cases that were asked for last. */
export function createReading(folder: string, { keep = maxKept }: { readonly keep?: number } = {}): ScanReading {
  const archive = openArchive(folder);
  const kept = new Map<string, Promise<Kept>>();

  const read = async (id: string, state: string): Promise<Kept> => {
    const files = await archive.read(id);
    return { state, scans: await scansOf(files), bytes: files.reduce((sum, f) => sum + f.bytes.length, 0) };
  };
  const scansOfCase = async (id: string): Promise<Scans> => {
    const state = await archive.stateOf(id);
    let here = kept.get(id);
    if (here === undefined || (await here).state !== state) here = read(id, state);
    // Set anew, it is the last to go.
    kept.delete(id);
    kept.set(id, here);
    here.catch(() => kept.get(id) === here && kept.delete(id));
    const { scans } = await here;
    await dropOldest();
    return scans;
  };
  const dropOldest = async () => {
    const sizes = await Promise.all([...kept].map(async ([id, one]) => [id, (await one.catch(() => undefined))?.bytes ?? 0] as const));
    let whole = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    for (const [id, bytes] of sizes.slice(0, -1)) {
      if (whole <= keep) return;
      kept.delete(id);
      whole -= bytes;
    }
  };

  return {
    patients: async (id) => (await archive.stateOf(id)) === "" ? [] : (await scansOfCase(id)).patient.ids,
    summary: async (id) => summaryOf(await scansOfCase(id)),
    volume: async (id, uid, unit) => {
      const scans = await scansOfCase(id);
      const dose = scans.doses.find((d) => d.uid === uid);
      if (dose !== undefined && unit === undefined) return volumeBytes(await dose.volume());
      const series = scans.series.find((s) => s.uid === uid);
      if (series === undefined) throw notFound(dose === undefined ? `A series or dose ${uid}` : `A dose in ${unit}`);
      return volumeBytes(await (unit === undefined ? series.volume() : volumeOf(series, { unit: unitOf(unit) })));
    },
    structures: async (id, uid) => {
      const set = (await scansOfCase(id)).structureSets.find((s) => s.uid === uid);
      if (set === undefined) throw notFound(`A structure set ${uid}`);
      return new TextEncoder().encode(JSON.stringify(contoursOf(set)));
    },
    picture: async (id, uid) => {
      const picture = (await scansOfCase(id)).pictures.find((p) => p.uid === uid);
      if (picture === undefined) throw notFound(`A picture ${uid}`);
      return pngOf(await picture.pixels(), picture.width, picture.height);
    },
    check: async (files, told) => {
      const verdicts: Verdict[] = [];
      for (const file of files) {
        verdicts.push(await verdictOn(file));
        told?.(verdicts.length, files.length);
      }
      return verdicts;
    },
    added: async (id, names, record) => {
      const wanted = new Set(names);
      const scans = await scansOfCase(id);
      const fresh = addedOf(scans, wanted);
      const { record: next, added, problems } = entriesOf(fresh, record);
      const { series, structureSets, plans, doses, registrations, pictures } = fresh;
      const counts = { series, structureSets, plans, doses, registrations, pictures, entries: added };
      return {
        record: next,
        counts: Object.fromEntries(Object.entries(counts).map(([key, list]) => [key, list.length])) as unknown as ReadAdded["counts"],
        problems: [...problems, ...scans.problems],
      };
    },
  };
}

async function verdictOn({ sha256, path, name }: LooseFile): Promise<Verdict> {
  try {
    const patientId = readFile(new Uint8Array(await readBytes(path)), name).data.text(tags.PatientID);
    return { sha256, ...(patientId === undefined ? {} : { patientId }) };
  } catch (error) {
    if (error instanceof HapaxError) return { sha256, problem: error };
    throw error;
  }
}

/** The scans of which at least one file is among those named. */
function addedOf(scans: Scans, names: ReadonlySet<string>): Scans {
  const among = <T extends { readonly files: readonly string[] }>(list: readonly T[]) => list.filter((one) => one.files.some((file) => names.has(file)));
  return {
    ...scans,
    series: among(scans.series),
    structureSets: among(scans.structureSets),
    plans: among(scans.plans),
    doses: among(scans.doses),
    registrations: among(scans.registrations),
    pictures: among(scans.pictures),
  };
}

function contoursOf({ uid, frameOfReference, referencedSeries, structures }: StructureSet): unknown {
  const rounded = (points: Float64Array) => Array.from(points, (v) => Math.round(v * 1000) / 1000);
  return {
    uid,
    frameOfReference,
    ...(referencedSeries === undefined ? {} : { referencedSeries }),
    structures: structures.map(({ contours, ...one }) => ({ ...one, contours: contours.map(({ type, points }) => ({ type, points: rounded(points) })) })),
  };
}

const units = ["HU", "SUVbw", "SUVlbm", "Bq/mL"] as const;

function unitOf(asked: string): (typeof units)[number] {
  const unit = units.find((u) => u === asked);
  if (unit === undefined) throw notFound(`A volume in ${asked.slice(0, 40)}`);
  return unit;
}

function notFound(what: string): HapaxError {
  return new HapaxError("scans/not-found", `${what.slice(0, 120)} is not among the scans of this case.`, "See /api/cases/{id}/scans.");
}
