import { checkSize, maxCaseBytes } from "@hapax/files";
import { HapaxError } from "@hapax/base";

const mebibyte = 1024 * 1024;

/** Largest bundle with its documents, bytes; a bare record has the smaller limit of a case. */
const maxBundleBytes = 256 * mebibyte;
/** What is read and thrown away, so that a sender who does not listen until the end hears the answer. */
const maxDrainBytes = 1024 * mebibyte;

/**
 * The body of a request, never more of it in memory than is allowed.
 *
 * @param largest  what is allowed, bytes; left out, that of a case or of a bundle
 * @throws files/too-large, however the length was declared
 */
export async function readBody(request: Request, largest?: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxDrainBytes) tooLarge(declared, largest ?? maxCaseBytes);
  const chunks: Uint8Array[] = [];
  let read = 0;
  let limit = largest ?? maxCaseBytes;
  for await (const chunk of request.body ?? []) {
    if (largest === undefined && read === 0 && chunk[0] === 0x50 && chunk[1] === 0x4b) limit = maxBundleBytes;
    read += chunk.length;
    if (read <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (read > maxDrainBytes) break;
  }
  if (read > limit) tooLarge(read, limit);
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(bytes: number, limit: number): never {
  if (limit === maxCaseBytes) checkSize(Math.max(bytes, maxCaseBytes + 1), "The request");
  throw new HapaxError("files/too-large", `The request has ${(bytes / mebibyte).toFixed(1)} MiB; it may have ${limit / mebibyte} MiB.`, "Send less at a time.");
}
