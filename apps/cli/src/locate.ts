import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { caseFileOf, openCase, readAttachments, type Bundle } from "@hapax/files";
import { openPglite, openPostgres, type CaseStore } from "@hapax/store";
import type { Session } from "./session.ts";

/** Where the store is: a folder, or a PostgreSQL server. */
export interface StoreOptions {
  readonly data?: string | undefined;
  readonly database?: string | undefined;
  /** Folder of the scans; left out, beside the store. */
  readonly scans?: string | undefined;
}

/** Folder of the store, unless told otherwise. */
export function dataFolder({ root, cwd }: Session, options: StoreOptions): string {
  return options.data === undefined ? join(root, ".hapax", "store") : resolve(cwd, options.data);
}

/** Folder of the scans of all cases: beside the store, or of this machine where the store is on a server. */
export function scanFolder(session: Session, options: StoreOptions): string {
  if (options.scans !== undefined) return resolve(session.cwd, options.scans);
  return options.database === undefined ? join(dataFolder(session, options), "scans") : join(session.root, ".hapax", "scans");
}

/** Folder of the scans of all cases: beside the store, where the server puts them. */
export const archiveFolder = (session: Session, options: StoreOptions): string => join(dataFolder(session, options), "scans");

/** Does something with the store and closes it, whatever happens. */
export async function withStore<T>(session: Session, options: StoreOptions, work: (store: CaseStore) => Promise<T>): Promise<T> {
  const store = options.database === undefined ? await openPglite(dataFolder(session, options)) : await openPostgres(options.database);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * The record that CASE means: a folder or a file where there is one, else an id in the store.
 *
 * @throws files/not-found when it is neither, and all that reading throws
 */
export async function recordOf(session: Session, name: string, options: StoreOptions): Promise<CaseRecord> {
  return (await bundleOf(session, name, options)).record;
}

/** The record with its files. */
export async function bundleOf(session: Session, name: string, options: StoreOptions): Promise<Bundle> {
  const path = resolve(session.cwd, name);
  if (existsSync(path)) {
    const record = await openCase(path);
    return { record, files: await readAttachments(record, dirname(await caseFileOf(path))) };
  }
  const isId = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
  if (isId && (options.database !== undefined || existsSync(dataFolder(session, options)))) {
    return withStore(session, options, async (store) => ({ record: (await store.get(name)).record, files: await store.files(name) }));
  }
  throw new HapaxError("files/not-found", `${name} is no folder, no file${isId ? " and no id in the store" : ""}.`, "Give the folder of a case, such as cases/leach2025.");
}
