import { Zip, ZipPassThrough } from "fflate";
import type { DroppedFile } from "./dropped-files.ts";

/** How much goes to the server at once; what has arrived is safe when the next is stopped. */
export const batchBytes = 64 * 2 ** 20;
const batchFiles = 2000;

/** Files in their order, in batches of at most so many bytes; a larger file is a batch of its own. */
export function batchesOf(files: readonly DroppedFile[], bytes = batchBytes): DroppedFile[][] {
  const batches: DroppedFile[][] = [];
  let room = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || file.file.size > room || last.length >= batchFiles) {
      batches.push([file]);
      room = bytes - file.file.size;
    } else {
      last.push(file);
      room -= file.file.size;
    }
  }
  return batches;
}

/** One zip of files as they are: stored, since pixels hardly shrink and the way is short. */
export async function storedZip(files: readonly DroppedFile[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  for (const { path, file } of files) {
    const entry = new ZipPassThrough(path);
    zip.add(entry);
    entry.push(new Uint8Array(await file.arrayBuffer()), true);
  }
  zip.end();
  return new Blob(parts, { type: "application/zip" });
}
