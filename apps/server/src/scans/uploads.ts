import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { HapaxError } from "@hapax/base";
import { filesOfZip, isZip, type Gathered } from "@hapax/dicom/folder";
import { putLoose, type LooseFile } from "./archive.ts";

const mebibyte = 1024 * 1024;

/** What is taken: one batch, a whole upload, bytes; files of an upload. */
export const uploadLimits = { batch: 256 * mebibyte, whole: 8192 * mebibyte, files: 20_000 };

/** How far an upload is. */
export interface UploadProgress {
  readonly step: "receiving" | "checking files" | "reading scans" | "done";
  readonly files: number;
  readonly bytes: number;
  /** Files looked at so far, while they are being checked. */
  readonly checked: number;
  readonly problems: readonly HapaxError[];
}

/** Files on their way to a case: they lie apart until the case takes them over, all at once. */
export interface Upload {
  readonly id: string;
  readonly folder: string;
  readonly files: Map<string, LooseFile>;
  readonly problems: HapaxError[];
  step: UploadProgress["step"];
  checked: number;
}

export interface Uploads {
  begin(): Promise<Upload>;
  /** Adds a batch: a zip of files, or one file with its name. @throws scans/upload, scans/too-much, dicom/zip */
  put(id: string, body: Uint8Array, name: string): Promise<UploadProgress>;
  /** Adds files that were gathered already. @throws scans/upload, scans/too-much */
  keep(id: string, gathered: Gathered): Promise<UploadProgress>;
  /** @throws scans/upload when there is none of that id */
  get(id: string): Upload;
  discard(id: string): Promise<void>;
}

/** Uploads that nobody took up or touched for this long are discarded, ms. */
const forgottenAfter = 24 * 60 * 60 * 1000;

export function openUploads(root: string): Uploads {
  const open = new Map<string, Upload>();
  const get = (id: string): Upload => {
    const upload = open.get(id);
    if (upload === undefined) throw new HapaxError("scans/upload", "There is no such upload, or it was taken up or discarded.", "Send the files again, beginning with POST /api/uploads.");
    return upload;
  };
  const keep: Uploads["keep"] = async (id, { files, problems }) => {
    const upload = get(id);
    const bytes = bytesOf(upload) + files.reduce((sum, f) => sum + f.bytes.length, 0);
    if (upload.files.size + files.length > uploadLimits.files || bytes > uploadLimits.whole) throw tooMuch();
    for (const file of files) {
      const loose = await putLoose(upload.folder, file);
      upload.files.set(loose.sha256, loose);
    }
    upload.problems.push(...problems);
    await utimes(upload.folder, new Date(), new Date());
    return progressOf(upload);
  };
  const discard = async (id: string) => {
    open.delete(id);
    await rm(join(root, id), { recursive: true, force: true });
  };

  return {
    begin: async () => {
      await mkdir(root, { recursive: true });
      for (const name of await readdir(root)) {
        const touched = (await stat(join(root, name)).catch(() => undefined))?.mtimeMs ?? Infinity;
        if (touched < Date.now() - forgottenAfter) await discard(name);
      }
      const id = randomBytes(12).toString("hex");
      const upload: Upload = { id, folder: join(root, id), files: new Map(), problems: [], step: "receiving", checked: 0 };
      await mkdir(upload.folder);
      open.set(id, upload);
      return upload;
    },
    // A batch unpacks to little more than it was: DICOM packs to a quarter at best, and a bomb to a thousandth.
    put: async (id, body, name) => {
      get(id);
      const limits = { files: uploadLimits.files, file: 4 * uploadLimits.batch, whole: 4 * uploadLimits.batch };
      return keep(id, isZip(body) ? await filesOfZip(body, "the batch", limits) : { files: [{ name, bytes: body }], problems: [] });
    },
    keep,
    get,
    discard,
  };
}

export function progressOf(upload: Upload): UploadProgress {
  const { step, files, checked, problems } = upload;
  return { step, files: files.size, bytes: bytesOf(upload), checked, problems };
}

function bytesOf({ files }: Upload): number {
  return [...files.values()].reduce((sum, f) => sum + f.bytes, 0);
}

function tooMuch(): HapaxError {
  return new HapaxError(
    "scans/too-much",
    `An upload has at most ${uploadLimits.files} files and ${uploadLimits.whole / mebibyte} MiB.`,
    "Send the studies one at a time, or give the folder to ./hapax import.",
  );
}
