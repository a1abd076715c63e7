import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { phantomEdition, phantomSpec, phantomStudies } from "@hapax/imaging/phantom";
import type { PlanMade } from "@hapax/planning";
import type { LooseFile, ScanArchive } from "./archive.ts";
import { planFilesIn, planFolderOf, plansOfStudy, type PlanFile } from "./phantom-plans.ts";

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
  /** Plans that come with the case; their dose is calculated on the scans. */
  readonly plans: readonly PlanFile[];
  /** Where to put the files. */
  readonly folder: string;
  /** As the generator names it; left out, its usual one. */
  readonly quality?: "coarse" | "default" | "fine";
}

/** A plan that comes with a case. */
export interface OfferedPlan {
  readonly made: PlanMade;
  /** SOPInstanceUIDs of its RTPLAN and RTDOSE; left out until they are made. */
  readonly planUid?: string;
  readonly doseUid?: string;
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
  /** The plans that come with a case, each on the scan that it was made on. @throws as `plansOfStudy` and `phantomSpec` */
  plans(id: string): Promise<readonly OfferedPlan[]>;
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
  const described = async (id: string) => {
    const caseFolder = offered.get(id);
    if (caseFolder === undefined || !existsSync(join(caseFolder, specFile))) return undefined;
    const spec = await readFile(join(caseFolder, specFile), "utf8"), plans = await planFilesIn(caseFolder);
    const hash = createHash("sha256").update(JSON.stringify([spec, plans])).digest("hex");
    return { spec, plans, madeBy: `phantom ${phantomEdition} ${hash}` };
  };
  const make = async (id: string, { spec, plans, madeBy }: NonNullable<Awaited<ReturnType<typeof described>>>) => {
    const folder = join(archive.folder, ".phantoms", id);
    try {
      await archive.add(id, await filesFrom(id, { spec, plans, folder, ...(quality === undefined ? {} : { quality }) }), madeBy);
      progress.delete(id);
    } catch {
      progress.set(id, { step: "failed", done: 0, of: 1 });
    }
  };

  return {
    offer: (id, caseFolder) => void offered.set(id, caseFolder),
    prepare: async (id) => {
      const wanted = await described(id);
      if (wanted === undefined || (await archive.list(id)).some((f) => f.madeBy === wanted.madeBy)) return undefined;
      if (!progress.has(id)) {
        progress.set(id, { step: "beginning", done: 0, of: 1 });
        void make(id, wanted);
      }
      return progress.get(id);
    },
    plans: async (id) => {
      const wanted = await described(id);
      if (wanted === undefined || wanted.plans.length === 0) return [];
      // The door of DICOM is heavy, and few cases have plans.
      const [{ planUidsOf }, { contextOf, planContextOf }] = await Promise.all([import("@hapax/dicom"), import("./phantom-context.ts")]);
      const there = new Set((await archive.list(id)).flatMap((f) => (f.madeBy === wanted.madeBy ? [f.name] : [])));
      return phantomStudies(phantomSpec(JSON.parse(wanted.spec))).flatMap((study, n) =>
        plansOfStudy(wanted.plans, study).map((made) => ({ made, ...(there.has(`${planFolderOf(study, made)}/RTDOSE.dcm`) ? planUidsOf(planContextOf(contextOf(study, n), made)) : {}) })),
      );
    },
    close: async () => {
      await Promise.all([...workers].map((w) => w.terminate()));
    },
  };
}
