import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { phantomEdition } from "@hapax/imaging/phantom";
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
  /** As the generator names it; left out, its usual one. */
  readonly quality?: "coarse" | "default" | "fine";
}

/** Scans that Hapax makes itself, for cases of which no real ones are public. */
export interface Phantoms {
  /** Names the folder of a case, which may have a phantom.json. */
  offer(id: string, caseFolder: string): void;
  /**
   * Makes the scans of a case in the background where a phantom is offered and they are not there: once, for they stay
   * in the archive until the phantom is another.
   *
   * @returns how far it is; undefined when nothing is to be made. The step is `failed` where it could not be
   */
  prepare(id: string): Promise<Preparing | undefined>;
  close(): Promise<void>;
}

const specFile = "phantom.json";

export interface PhantomOptions {
  readonly quality?: PhantomTask["quality"];
}

export function preparePhantoms(archive: ScanArchive, { quality }: PhantomOptions = {}): Phantoms {
  const offered = new Map<string, string>();
  const progress = new Map<string, Preparing>();
  const workers = new Set<Worker>();

  const filesFrom = (id: string, task: PhantomTask): Promise<readonly LooseFile[]> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./phantom-worker.ts", import.meta.url), { workerData: task, execArgv: [] });
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
  const make = async (id: string, spec: string, madeBy: string) => {
    const folder = join(archive.folder, ".phantoms", id);
    try {
      await archive.add(id, await filesFrom(id, { spec, folder, ...(quality === undefined ? {} : { quality }) }), madeBy);
      progress.delete(id);
    } catch {
      progress.set(id, { step: "failed", done: 0, of: 1 });
    }
  };

  return {
    offer: (id, caseFolder) => void offered.set(id, join(caseFolder, specFile)),
    prepare: async (id) => {
      const path = offered.get(id);
      if (path === undefined || !existsSync(path)) return undefined;
      const spec = await readFile(path, "utf8");
      const madeBy = `phantom ${phantomEdition} ${createHash("sha256").update(spec).digest("hex")}`;
      if ((await archive.list(id)).some((f) => f.madeBy === madeBy)) return undefined;
      if (!progress.has(id)) {
        progress.set(id, { step: "beginning", done: 0, of: 1 });
        void make(id, spec, madeBy);
      }
      return progress.get(id);
    },
    close: async () => {
      await Promise.all([...workers].map((w) => w.terminate()));
    },
  };
}
