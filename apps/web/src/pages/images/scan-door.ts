import { HapaxError, type Volume, type VolumeUnit } from "@hapax/base";
import type { StructureSet } from "@hapax/case";
import { volumeFrom } from "@hapax/files/volume-bytes";
import { ask } from "../../api.ts";
import { calculatedVolume } from "./calculated-doses.ts";
import type { ScanSummary, SeriesInfo } from "./scan-summary.ts";

const scansOf = (id: string) => `/api/cases/${encodeURIComponent(id)}/scans`;

/** What lies in the archive of a case. */
export async function readScans(id: string): Promise<ScanSummary> {
  return (await ask("GET", scansOf(id))) as ScanSummary;
}

const structuresRead = new Map<string, Promise<StructureSet["structures"]>>();

/** The structures of a set with their contours; read once while the page is open. */
export function readStructures(id: string, uid: string): Promise<StructureSet["structures"]> {
  const key = `${id} ${uid}`;
  const read = structuresRead.get(key) ?? structuresOf(id, uid);
  structuresRead.set(key, read);
  read.catch(() => structuresRead.delete(key));
  return read;
}

async function structuresOf(id: string, uid: string): Promise<StructureSet["structures"]> {
  const { structures } = (await ask("GET", `${scansOf(id)}/${uid}/structures`)) as { structures: (Omit<StructureSet["structures"][number], "contours"> & { contours: { type: string; points: number[] }[] })[] };
  return structures.map((s) => ({ ...s, contours: s.contours.map((c) => ({ ...c, points: Float64Array.from(c.points) })) })) as StructureSet["structures"];
}

export const pictureAddress = (id: string, uid: string): string => `${scansOf(id)}/${uid}/picture`;

/** How far a volume has come, bytes. */
export interface Arrived {
  readonly bytes: number;
  readonly of: number | undefined;
}

/**
 * The voxels of a series or of a dose, in the unit asked for; of a dose that was calculated in this page as it is held here.
 *
 * @param told  called as they come
 */
export async function readVolume(id: string, uid: string, options: { readonly unit?: VolumeUnit | undefined; readonly told?: (arrived: Arrived) => void; readonly signal?: AbortSignal } = {}): Promise<Volume> {
  const held = calculatedVolume(id, uid);
  if (held !== undefined) return held;
  const query = options.unit === undefined ? "" : `?unit=${encodeURIComponent(options.unit)}`;
  const response = await fetch(`${scansOf(id)}/${uid}/volume${query}`, { ...(options.signal && { signal: options.signal }) }).catch((error: unknown) => {
    if (options.signal?.aborted === true) throw error;
    throw new HapaxError("web/server-away", "The server of Hapax does not answer.", "Start it again with ./run, then reload this page.");
  });
  if (!response.ok || response.body === null) throw await toldBy(response);
  const length = Number(response.headers.get("content-length"));
  const of = Number.isInteger(length) && length > 0 ? length : undefined;
  return volumeFrom(await gathered(response.body, of, (bytes) => options.told?.({ bytes, of })));
}

async function gathered(body: ReadableStream<Uint8Array>, of: number | undefined, told: (bytes: number) => void): Promise<Uint8Array> {
  const reader = body.getReader();
  let all = new Uint8Array(of ?? 2 ** 20);
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return all.length === bytes ? all : all.slice(0, bytes);
    if (bytes + value.length > all.length) {
      const wider = new Uint8Array(Math.max(2 * all.length, bytes + value.length));
      wider.set(all);
      all = wider;
    }
    all.set(value, bytes);
    bytes += value.length;
    told(bytes);
  }
}

async function toldBy(response: Response): Promise<HapaxError> {
  try {
    const { code, what, remedy } = (await response.json()) as { code: string; what: string; remedy: string };
    return new HapaxError(code, what, remedy);
  } catch {
    return new HapaxError("web/answer", `The server answered ${response.status} to ${new URL(response.url).pathname}.`, "Reload this page; if it stays, see the server's window.");
  }
}

/** A series as it is read: PET as SUV where its files allow, and otherwise as stored, with why. */
export interface ReadSeries {
  readonly volume: Volume;
  readonly notice?: string;
}

export async function readSeries(id: string, { uid, modality }: Pick<SeriesInfo, "uid" | "modality">, options: { readonly told?: (arrived: Arrived) => void; readonly signal?: AbortSignal } = {}): Promise<ReadSeries> {
  if (modality !== "PT") return { volume: await readVolume(id, uid, options) };
  try {
    return { volume: await readVolume(id, uid, { ...options, unit: "SUVbw" }) };
  } catch (error) {
    if (!(error instanceof HapaxError) || error.code.startsWith("web/")) throw error;
    return { volume: await readVolume(id, uid, options), notice: `No SUV: ${error.what} ${error.remedy}` };
  }
}
