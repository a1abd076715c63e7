import { HapaxError } from "@hapax/base";
import { ask } from "../../api.ts";
import { batchesOf, storedZip } from "./batches.ts";
import { isZip, type DroppedFile } from "./dropped-files.ts";
import type { ToldProblem } from "./scan-summary.ts";
import type { UploadState } from "./Uploading.tsx";

/** What came into the archive. */
export interface Added {
  readonly id: string;
  /** What was added, in words. */
  readonly words: string;
  readonly problems: readonly ToldProblem[];
}

interface Options {
  readonly signal: AbortSignal;
  readonly told: (state: UploadState) => void;
}

/**
 * Sends files to the archive, batch by batch, and adds them to a case; without one they make a new case.
 *
 * @throws web/no-files when nothing was dropped
 */
export async function addScans(files: readonly DroppedFile[], caseId: string | undefined, { signal, told }: Options): Promise<Added | OfSeveral> {
  if (files.length === 0) throw new HapaxError("web/no-files", "What was dropped holds no file.", "Drop the folder that the scanner or the planning system wrote.");
  const began = performance.now();
  const of = files.reduce((sum, { file }) => sum + file.size, 0);
  const { upload } = (await ask("POST", "/api/uploads", undefined, signal)) as { upload: string };
  let bytes = 0;
  const tell = (step: UploadState["step"]) => told({ step, bytes, of, files: files.length, began });
  tell("sending");
  for (const batch of [...batchesOf(files.filter(({ path }) => !isZip(path))), ...files.filter(({ path }) => isZip(path)).map((one) => [one])]) {
    const [only] = batch;
    await ask("PUT", `/api/uploads/${upload}`, only !== undefined && isZip(only.path) ? new Blob([only.file], { type: "application/zip" }) : await storedZip(batch), signal);
    bytes += batch.reduce((sum, { file }) => sum + file.size, 0);
    tell("sending");
  }
  return takeUp({ upload, caseId, bytes: of, files: files.length, began }, undefined, { signal, told });
}

/** Files that lie in the archive and belong to no case yet. */
interface Waiting {
  readonly upload: string;
  readonly caseId: string | undefined;
  readonly bytes: number;
  readonly files: number;
  readonly began: number;
}

/** Files of several patients: one case is of one, and the reader says of whom. */
export interface OfSeveral {
  readonly patients: readonly string[];
  /** Takes in the files of one of them. */
  readonly take: (patient: string) => Promise<Added | OfSeveral>;
}

/** Makes a case of an upload, or adds it to one. */
async function takeUp(waiting: Waiting, patient: string | undefined, { signal, told }: Options): Promise<Added | OfSeveral> {
  const { upload, caseId, bytes, files, began } = waiting;
  const target = caseId === undefined ? "/api/scans" : `/api/cases/${encodeURIComponent(caseId)}/scans`;
  const query = new URLSearchParams({ upload, ...(patient !== undefined && { patient }) });
  const tell = (step: UploadState["step"], checked: number) => told({ step, bytes, of: bytes, files, checked, began });
  const looking = setInterval(() => {
    ask("GET", `/api/uploads/${upload}`, undefined, signal).then(
      (answer) => tell((answer as { step: UploadState["step"] }).step, (answer as { checked: number }).checked),
      () => undefined,
    );
  }, 1500);
  try {
    tell("checking files", 0);
    const answer = (await ask("POST", `${target}?${query}`, undefined, signal)) as Pick<Added, "id" | "problems"> & { readonly added: Counts };
    return { id: answer.id, words: addedWords(answer.added), problems: answer.problems };
  } catch (error) {
    if (signal.aborted) await ask("DELETE", `/api/uploads/${upload}`).catch(() => undefined);
    if (!(error instanceof HapaxError) || error.code !== "scans/several-patients") throw error;
    const patients = [...error.what.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => JSON.parse(text) as string);
    return { patients, take: (one) => takeUp(waiting, one, { signal, told }) };
  } finally {
    clearInterval(looking);
  }
}

type Counts = Readonly<Record<keyof typeof counted | "filesThereAlready", number>>;
const counted = {
  files: ["file", "files"], series: ["series", "series"], structureSets: ["structure set", "structure sets"], plans: ["plan", "plans"], doses: ["dose", "doses"],
  registrations: ["registration", "registrations"], pictures: ["picture", "pictures"], entries: ["entry of the record", "entries of the record"],
} as const;

/** What came in, in words. */
function addedWords(added: Counts): string {
  if (added.files === 0) return "Nothing new: the case has these files already.";
  const parts = (Object.keys(counted) as (keyof typeof counted)[]).flatMap((what) => (added[what] > 0 ? [`${added[what]} ${counted[what][added[what] === 1 ? 0 : 1]}`] : []));
  return `Added ${parts.join(", ")}.${added.filesThereAlready > 0 ? ` ${added.filesThereAlready} were there already.` : ""}`;
}
