import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { LooseFile, ScanArchive } from "./archive.ts";

/** How far the scans of a phantom are. */
export interface Preparing {
  readonly step: string;
  readonly done: number;
  readonly of: number;
}

/** What the thread that makes a phantom tells: how far it is, then its files. */
export type PhantomReply = Preparing | { readonly files: readonly LooseFile[] };

/** What the thread needs. */
export interface PhantomTask {
  readonly spec: string;
  /** Where to put the files. */
  readonly folder: string;
}

/** Scans that Hapax makes itself, for cases of which no real ones are public. */
export interface Phantoms {
  /**
   * Makes the scans of a case in the background where its folder has a phantom.json, once: they stay in the archive
   * until the phantom is another.
   *
   * @returns settles when they are there
   */
  prepare(id: string, caseFolder: string): Promise<void>;
  /** Undefined when nothing is being made; `failed` in the step when it could not be. */
  progressOf(id: string): Preparing | undefined;
  close(): Promise<void>;
}

const specFile = "phantom.json";

/** @param script  the thread; another in tests */
export function preparePhantoms(archive: ScanArchive, script: URL = new URL("./phantom-worker.ts", import.meta.url)): Phantoms {
  const progress = new Map<string, Preparing>();
  const workers = new Set<Worker>();

  const run = (id: string, task: PhantomTask): Promise<readonly LooseFile[]> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script, { workerData: task, execArgv: [] });
      workers.add(worker);
      // A server that is stopped does not wait for its phantom; the next start begins it anew.
      worker.unref();
      worker.on("message", (reply: PhantomReply) => ("files" in reply ? resolve(reply.files) : progress.set(id, reply)));
      worker.on("error", reject);
      worker.on("exit", () => {
        workers.delete(worker);
        reject(new Error("The thread ended."));
      });
    });

  return {
    prepare: async (id, caseFolder) => {
      const path = join(caseFolder, specFile);
      if (!existsSync(path)) return;
      const spec = await readFile(path, "utf8");
      const madeBy = `phantom ${createHash("sha256").update(spec).digest("hex")}`;
      if ((await archive.list(id)).some((f) => f.madeBy === madeBy)) return;
      progress.set(id, { step: "beginning", done: 0, of: 1 });
      try {
        const files = await run(id, { spec, folder: join(archive.folder, ".phantoms", id) });
        await archive.add(id, files, madeBy);
        progress.delete(id);
      } catch {
        progress.set(id, { step: "failed", done: 0, of: 1 });
      }
    },
    progressOf: (id) => progress.get(id),
    close: async () => {
      await Promise.all([...workers].map((w) => w.terminate()));
    },
  };
}
