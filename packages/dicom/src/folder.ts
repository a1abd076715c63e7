import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { crc32, inflateRaw } from "node:zlib";
import { promisify } from "node:util";
import { HapaxError } from "@hapax/base";

/** A file by its name within what was dropped: `CT/slice-001.dcm`. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files that could be had, and what was met on the way. */
export interface Gathered {
  readonly files: readonly NamedFile[];
  readonly problems: readonly HapaxError[];
}

/** The most that is taken into memory. */
export interface GatherLimits {
  readonly files: number;
  /** Of one file and of all, bytes. */
  readonly file: number;
  readonly whole: number;
}

const mebibyte = 1024 * 1024;
export const gatherLimits: GatherLimits = { files: 20_000, file: 1024 * mebibyte, whole: 4096 * mebibyte };

/**
 * The files of a folder with all its folders, of a zip, or the file itself. Links are not followed, and a zip in a
 * folder is left shut: both are told.
 *
 * @throws dicom/not-found, dicom/too-much, dicom/zip
 */
export async function filesOf(path: string, limits: GatherLimits = gatherLimits): Promise<Gathered> {
  const whole = await realpath(path).catch(() => undefined);
  const found = whole === undefined ? undefined : await stat(whole);
  if (whole === undefined || found === undefined || !(found.isFile() || found.isDirectory())) {
    throw new HapaxError("dicom/not-found", `${path} is no file and no folder.`, "Give a folder of DICOM files, a zip of one, or a DICOM file.");
  }
  if (found.isDirectory()) return filesOfFolder(whole, path, limits);
  const budget = budgetOf(path, limits);
  budget.take(basename(whole), found.size);
  const bytes = await readWhole(whole);
  return isZip(bytes) ? filesOfZip(bytes, path, limits) : { files: [{ name: basename(whole), bytes }], problems: [] };
}

async function filesOfFolder(root: string, where: string, limits: GatherLimits): Promise<Gathered> {
  const budget = budgetOf(where, limits);
  const paths: string[] = [];
  const problems: HapaxError[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (isOfTheSystem(entry.name)) continue;
      else if (entry.isFile()) paths.push(path);
      else problems.push(notFollowed(relative(root, path)));
    }
  };
  await walk(root);
  const files: NamedFile[] = [];
  for (const path of paths) {
    const name = relative(root, path).replaceAll("\\", "/");
    try {
      budget.take(name, (await stat(path)).size);
      const bytes = await readWhole(path);
      if (isZip(bytes)) problems.push(leftShut(name));
      else files.push({ name, bytes });
    } catch (error) {
      if (error instanceof HapaxError) throw error;
      problems.push(new HapaxError("dicom/unreadable", `${name} cannot be read.`, "Check who may read it, or copy it again."));
    }
  }
  return { files, problems };
}

/** Bytes in memory of their own, as a worker or a cache may have them. */
async function readWhole(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/**
 * The files of a zip. Each is unpacked to the size that the zip declares and held against its checksum; what does not
 * match, leads out of the zip or is a zip itself is left out and told.
 *
 * @param where  name of the zip, for messages
 * @throws       dicom/zip when it is none or is damaged, dicom/too-much
 */
export async function filesOfZip(bytes: Uint8Array, where: string, limits: GatherLimits = gatherLimits): Promise<Gathered> {
  const entries = directoryOf(bytes, where).filter((e) => !e.name.endsWith("/") && !isOfTheSystem(basename(e.name)) && !e.name.startsWith("__MACOSX/"));
  const budget = budgetOf(where, limits);
  // As declared, before anything is unpacked: no more than this is ever unpacked.
  for (const entry of entries) budget.take(entry.name, entry.size);
  const files: NamedFile[] = [];
  const problems: HapaxError[] = [];
  const names = new Set<string>();
  for (const entry of entries) {
    try {
      checkName(entry.name, where);
      if (names.has(entry.name)) throw new HapaxError("dicom/zip-name", `${where} holds ${entry.name} twice; the first was read.`, "Pack the folder again.");
      names.add(entry.name);
      const content = await unpack(bytes, entry, where);
      if (isZip(content)) throw leftShut(entry.name);
      files.push({ name: entry.name, bytes: content });
    } catch (error) {
      if (!(error instanceof HapaxError)) throw error;
      problems.push(error);
    }
  }
  return { files, problems };
}

/** True for the bytes of a zip, also of an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The names in a zip, as its list has them. @throws dicom/zip */
export function namesInZip(bytes: Uint8Array, where: string): string[] {
  return directoryOf(bytes, where).map((e) => e.name);
}

/** A file of a zip, as its central directory has it. */
interface Packed {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header lies. */
  readonly at: number;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

/** APPNOTE 4.3.12 and 4.3.16: the last record of the file says where the directory is. */
function directoryOf(bytes: Uint8Array, where: string): Packed[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const first = Math.max(0, bytes.length - 22 - 0xffff);
  while (end >= first && view.getUint32(end, true) !== endSignature) end--;
  if (end < first) throw damagedZip(where);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffff_ffff) {
    throw new HapaxError("dicom/zip", `${where} is a zip of the large kind (ZIP64).`, "Unpack it and give the folder.");
  }
  const entries: Packed[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== centralSignature) throw damagedZip(where);
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    // Names that are not said to be UTF-8 are of an old code page; only their letters beyond ASCII differ.
    const name = new TextDecoder((flags & 0x800) !== 0 ? "utf-8" : "latin1").decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

const inflated = promisify(inflateRaw);

async function unpack(bytes: Uint8Array, { name, method, encrypted, crc, packedSize, size, at }: Packed, where: string): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localSignature) throw damagedFile(name, where);
  if (encrypted) throw new HapaxError("dicom/zip", `${name} in ${where} is locked with a password.`, "Unpack the zip with its password and give the folder.");
  if (method !== 0 && method !== 8) throw new HapaxError("dicom/zip", `${name} in ${where} is packed by method ${method}.`, "Unpack the zip and give the folder.");
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const packed = bytes.subarray(start, start + packedSize);
  if (packed.length !== packedSize) throw damagedFile(name, where);
  const content = method === 0 ? packed.slice() : await inflated(packed, { maxOutputLength: Math.max(size, 1) }).then((b) => new Uint8Array(b), () => undefined);
  if (content === undefined || content.length !== size || crc32(content) !== crc) throw damagedFile(name, where);
  return content;
}

function budgetOf(where: string, limits: GatherLimits): { take(name: string, bytes: number): void } {
  let files = 0;
  let whole = 0;
  return {
    take: (name, bytes) => {
      files += 1;
      whole += bytes;
      if (files <= limits.files && bytes <= limits.file && whole <= limits.whole) return;
      const mebibytes = (n: number) => `${Math.floor(n / mebibyte)} MiB`;
      throw new HapaxError(
        "dicom/too-much",
        `${where} holds more than ${limits.files} files, ${mebibytes(limits.file)} in one of them, or ${mebibytes(limits.whole)} in all (met at ${name}).`,
        "Give the studies one at a time.",
      );
    },
  };
}

/** What a file manager leaves in a folder. */
function isOfTheSystem(name: string): boolean {
  return name === ".DS_Store" || name === "Thumbs.db" || name === "desktop.ini" || name.startsWith("._");
}

/** A name that stays within what was dropped, on every system. @throws dicom/zip-name */
function checkName(name: string, where: string): void {
  const safe = name.split("/").every((p) => p !== "" && p !== "." && p !== "..") && !/[\\:\u0000-\u001f]/.test(name) && name.length <= 500;
  if (!safe) throw new HapaxError("dicom/zip-name", `${where}: the name ${JSON.stringify(name.slice(0, 100))} leads out of the zip; it was not read.`, "Pack the folder again.");
}

function notFollowed(name: string): HapaxError {
  return new HapaxError("dicom/link", `${name} is a link or a device; it was not followed.`, "Give the folder that it leads to.");
}

function leftShut(name: string): HapaxError {
  return new HapaxError("dicom/zip-inside", `${name} is a zip; it was not opened.`, "Give it by itself.");
}

function damagedZip(where: string): HapaxError {
  return new HapaxError("dicom/zip", `${where} is a damaged zip: its list of files cannot be read.`, "Copy it again, or unpack it and give the folder.");
}

function damagedFile(name: string, where: string): HapaxError {
  return new HapaxError("dicom/zip", `${name} in ${where} is damaged: it is not of the size or the checksum that the zip declares.`, "Copy the zip again.");
}
