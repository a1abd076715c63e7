import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { caseText, checkSize, parseCaseText } from "./text.ts";

export const caseFile = "case.json";

/**
 * Opens a case from its folder, or from the file itself.
 *
 * @param path  folder that has a case.json, or a JSON file
 * @throws      files/not-found, files/too-large, files/encoding, files/json, case/schema, case/invalid
 */
export async function openCase(path: string): Promise<CaseRecord> {
  const file = await caseFileOf(path);
  checkSize((await stat(file)).size, file);
  return parseCaseText(decodeText(await readFile(file), file), file);
}

/**
 * Writes a record to `folder/case.json`: whole or not at all. A crash in the middle leaves the previous file.
 *
 * @param folder  made when it is not there
 * @returns       the path of the file
 * @throws        case/invalid when the record could not be read back
 */
export async function saveCase(record: CaseRecord, folder: string): Promise<string> {
  const text = caseText(record);
  await mkdir(folder, { recursive: true });
  const file = join(folder, caseFile);
  await writeWhole(file, new TextEncoder().encode(text));
  return file;
}

/** Writes beside, flushes to the disk, then renames over: readers see the old file or the new one. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  // The new name is safe against power loss only when its directory is on the disk too.
  const folder = await open(dirname(file), "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/**
 * The case.json that a path means.
 *
 * @throws files/not-found
 */
export async function caseFileOf(path: string): Promise<string> {
  const whole = resolve(path);
  const found = await stat(whole).catch(() => undefined);
  const file = found?.isDirectory() ? join(whole, caseFile) : whole;
  if (found === undefined || (file !== whole && !(await stat(file).catch(() => undefined))?.isFile())) {
    throw new HapaxError("files/not-found", `${path} is not there, or is a folder without ${caseFile}.`, "Give the folder of a case, or its case.json.");
  }
  return file;
}

/**
 * Bytes as text.
 *
 * @throws files/encoding when they are not UTF-8
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HapaxError("files/encoding", `${where} is not UTF-8 text.`, "Save it as UTF-8.");
  }
}
