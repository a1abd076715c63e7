import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { strFromU8, unzipSync, zipSync, type Zippable } from "fflate";
import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { caseFile, decodeText } from "./folder.ts";
import { caseText, checkSize, parseCaseText } from "./text.ts";

/** A file of a case by its name in the folder of the case: `documents/letter.pdf`. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A case with its files. */
export interface Bundle {
  readonly record: CaseRecord;
  readonly files: readonly Attachment[];
}

const mebibyte = 1024 * 1024;
const limits = { entries: 2000, file: 256 * mebibyte, whole: 1024 * mebibyte };

/** Same content, same bytes: no clock in the archive. */
const noDate = new Date(1980, 0, 1);

/** A case with its files as one zip. */
export function exportBundle({ record, files }: Bundle): Uint8Array {
  const content: Zippable = { [caseFile]: new TextEncoder().encode(caseText(record)) };
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) content[checkName(file.name, record.id)] = file.bytes;
  return zipSync(content, { mtime: noDate, level: 6 });
}

/**
 * Reads a bundle made by `exportBundle`, or a bare case.json.
 *
 * @param bytes  the file
 * @param where  its name, for the message
 * @throws       files/bundle when it is no zip, leads outside its folder, or unpacks to more than it should;
 *               and all that `parseCaseText` throws
 */
export function importBundle(bytes: Uint8Array, where: string): Bundle {
  if (!isZip(bytes)) {
    checkSize(bytes.length, where);
    return { record: parseCaseText(decodeText(bytes, where), where), files: [] };
  }
  const unpacked = unpack(bytes, where);
  const text = unpacked.get(caseFile);
  if (text === undefined) {
    throw new HapaxError("files/bundle", `${where} has no ${caseFile} at its top.`, "Give a bundle made by ./hapax export.");
  }
  unpacked.delete(caseFile);
  return {
    record: parseCaseText(decodeText(text, `${where}/${caseFile}`), `${where}/${caseFile}`),
    files: [...unpacked].map(([name, content]) => ({ name, bytes: content })),
  };
}

/**
 * The files that the documents of a record name, from its folder. A file named and not there is left out: its
 * document says where it came from all the same.
 *
 * @throws files/bundle when a name leads out of the folder
 */
export async function readAttachments(record: CaseRecord, folder: string): Promise<Attachment[]> {
  const names = [...new Set(record.documents.flatMap((d) => d.file ?? []))];
  const files = await Promise.all(
    names.map(async (name): Promise<Attachment[]> => {
      const path = join(folder, checkName(name, record.id));
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() ? [{ name, bytes: await readFile(path) }] : [];
    }),
  );
  return files.flat();
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

function unpack(bytes: Uint8Array, where: string): Map<string, Uint8Array> {
  const names = new Set<string>();
  let whole = 0;
  let content: Record<string, Uint8Array>;
  try {
    // Sizes are checked as declared, before anything is unpacked; that they are true is checked afterwards.
    content = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith("/") && originalSize === 0) return false;
        checkName(name, where);
        if (names.has(name)) throw new HapaxError("files/bundle", `${where} holds ${name} twice.`, "Keep one of the two.");
        names.add(name);
        whole += originalSize;
        if (names.size > limits.entries || originalSize > limits.file || whole > limits.whole) {
          throw new HapaxError(
            "files/bundle",
            `${where} unpacks to more than ${limits.entries} files, ${limits.file / mebibyte} MiB in one of them, or ${limits.whole / mebibyte} MiB in all.`,
            "Leave out what is not a document of the case.",
          );
        }
        if (name === caseFile) checkSize(originalSize, `${where}/${caseFile}`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof HapaxError) throw error;
    throw new HapaxError("files/bundle", `${where} is a damaged zip.`, "Export it again, or copy it again.");
  }
  const sums = checksums(bytes);
  for (const [name, unpackedBytes] of Object.entries(content)) {
    if (sums.get(name) !== crc32(unpackedBytes)) {
      throw new HapaxError("files/bundle", `${where}: ${name} does not match its checksum.`, "Export it again, or copy it again.");
    }
  }
  return new Map(Object.entries(content));
}

/** CRC-32 of each file, from the central directory of the zip. */
function checksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end > 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  const sums = new Map<string, number>();
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 8, true); i > 0 && at + 46 <= bytes.length; i--) {
    const nameLength = view.getUint16(at + 28, true);
    const inUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    sums.set(strFromU8(bytes.subarray(at + 46, at + 46 + nameLength), !inUtf8), view.getUint32(at + 16, true));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return sums;
}

/**
 * A name that stays in the folder of the case, on every system.
 *
 * @throws files/bundle
 */
export function checkName(name: string, where: string): string {
  const parts = name.split("/");
  const safe = parts.every((p) => p !== "" && p !== "." && p !== "..") && !/[\\:\u0000-\u001f]/.test(name) && name.length <= 300 && name !== "__proto__";
  if (!safe) {
    throw new HapaxError("files/bundle", `${where}: the name ${JSON.stringify(name.slice(0, 100))} leads out of its folder.`, "Name files relative to the folder, with / between.");
  }
  return name;
}
