import { resolve } from "node:path";
import type { HapaxError } from "@hapax/base";
import { filesOf } from "@hapax/dicom/folder";
import { houseCompute, openScanning, userName } from "@hapax/server";
import { scanFolder, withStore, type StoreOptions } from "./locate.ts";
import type { Session } from "./session.ts";
import { printable } from "./table.ts";

export interface ScanOptions extends StoreOptions {
  readonly case?: string;
  readonly name?: string;
  readonly patient?: string;
}

/** Takes DICOM folders, zips and files into the store: a new case, or more scans of one. */
export async function importScans(session: Session, paths: readonly string[], options: ScanOptions): Promise<void> {
  const scans = openScanning(scanFolder(session, options));
  try {
    await withStore(session, options, async (store) => {
      const upload = await scans.uploads.begin();
      try {
        for (const path of paths) await scans.uploads.keep(upload.id, await filesOf(resolve(session.cwd, path)));
        const house = { store, compute: houseCompute, who: userName() };
        const { id, revision, added, problems } = await scans.takeIn(house, upload, { id: options.case, name: options.name, patient: options.patient });
        session.out(`${id}, revision ${revision}: ${added.files} files (${added.filesThereAlready} were there already), ${added.series} series, ${added.structureSets} structure sets, ${added.plans} plans, ${added.doses} doses; ${added.entries} new entries\n`);
        session.err(problemLines(problems));
      } finally {
        await scans.uploads.discard(upload.id);
      }
    });
  } finally {
    await scans.close();
  }
}

/** Each problem in a line, with the next step. */
export function problemLines(problems: readonly HapaxError[]): string {
  return problems.map((p) => `${p.code}  ${printable(p.what)} ${printable(p.remedy)}\n`).join("");
}
