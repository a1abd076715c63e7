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
export async function addScans(files: readonly DroppedFile[], caseId: string | undefined, { signal, told }: Options): Promise<Added> {
  if (files.length === 0) throw new HapaxError("web/no-files", "What was dropped holds no file.", "Drop the folder that the scanner or the planning system wrote.");
  const began = performance.now();
  const of = files.reduce((sum, { file }) => sum + file.size, 0);
  const { upload } = (await ask("POST", "/api/uploads", undefined, signal)) as { upload: string };
  let bytes = 0;
  const tell = (step: UploadState["step"]) => told({ step, bytes, of, files: files.length, began });
  tell("sending");
  for (const batch of [...batchesOf(files.filter(({ path }) => !isZip(path))), ...files.filter(({ path }) => isZip(path)).map((one) => [one])]) {
    const [only] = batch;
    await ask("POST", `/api/uploads/${upload}`, only !== undefined && isZip(only.path) ? new Blob([only.file], { type: "application/zip" }) : await storedZip(batch), signal);
    bytes += batch.reduce((sum, { file }) => sum + file.size, 0);
    tell("sending");
  }
  tell("reading the scans");
  const target = caseId === undefined ? "/api/scans" : `/api/cases/${encodeURIComponent(caseId)}/scans`;
  const answer = (await ask("POST", `${target}?upload=${encodeURIComponent(upload)}`, undefined, signal)) as { id: string; added?: unknown; problems?: readonly ToldProblem[] };
  return { id: answer.id, words: addedWords(answer.added), problems: answer.problems ?? [] };
}

/** What the server counted, in words. */
function addedWords(added: unknown): string {
  if (typeof added !== "object" || added === null) return "Added to the case.";
  const parts = Object.entries(added).flatMap(([what, n]) => (typeof n === "number" && n > 0 ? [`${n} ${what}`] : []));
  return parts.length === 0 ? "Nothing new was found: the archive has these files already." : `Added ${parts.join(", ")}.`;
}
