import { join } from "node:path";
import { openArchive, type ScanArchive } from "./archive.ts";
import { preparePhantoms, type PhantomOptions, type Phantoms } from "./phantom.ts";
import type { ScanReading } from "./reading.ts";
import { takeInScans, type ScanHouse, type TakeInOptions, type TakenIn } from "./take-in.ts";
import { readInThread } from "./thread.ts";
import { openUploads, type Upload, type Uploads } from "./uploads.ts";

export { openArchive, type ScanArchive } from "./archive.ts";
export { pngOf } from "./png.ts";
export { summaryOf, type ScanSummary } from "./summary.ts";
export type { TakenIn } from "./take-in.ts";
export { uploadLimits } from "./uploads.ts";

/** Everything that a server or a command does with scans. */
export interface Scanning {
  readonly archive: ScanArchive;
  readonly reading: ScanReading;
  readonly uploads: Uploads;
  readonly phantoms: Phantoms;
  /** One upload after the other, so that two new cases never take one id. */
  takeIn(house: Omit<ScanHouse, "archive" | "reading">, upload: Upload, options: TakeInOptions): Promise<TakenIn>;
  close(): Promise<void>;
}

/** @param folder  where the scans of all cases are */
export function openScanning(folder: string, options: PhantomOptions = {}): Scanning {
  const archive = openArchive(folder);
  const reading = readInThread(folder);
  const uploads = openUploads(join(archive.folder, ".uploads"));
  const phantoms = preparePhantoms(archive, options);
  let last: Promise<unknown> = Promise.resolve();
  return {
    archive,
    reading,
    uploads,
    phantoms,
    takeIn: (house, upload, options) => {
      const mine = last.then(async () => {
        const taken = await takeInScans({ ...house, archive, reading }, upload, options);
        if (upload.files.size === 0) await uploads.discard(upload.id);
        return taken;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      await Promise.all([phantoms.close(), reading.close()]);
    },
  };
}
