import { Worker } from "node:worker_threads";
import { HapaxError } from "@hapax/base";
import type { ReadAdded, ScanReading, Told } from "./reading.ts";

/** What goes to the thread. */
export interface Call {
  readonly call: number;
  readonly method: keyof ScanReading;
  readonly given: readonly unknown[];
}

/** What comes back: how far it is, then what it gives or what was met. Errors travel as JSON. */
export type Reply =
  | { readonly call: number; readonly done: number; readonly of: number }
  | { readonly call: number; readonly gives: unknown }
  | { readonly call: number; readonly met: PlainError };

export interface PlainError {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
  readonly problems: readonly PlainError[];
}

interface Pending {
  resolve(value: never): void;
  reject(error: unknown): void;
  readonly told: Told | undefined;
}

/** A reading that runs in a thread; when the thread ends by a fault, the next call starts another. */
export interface ThreadedReading extends ScanReading {
  close(): Promise<void>;
}

export function readInThread(folder: string): ThreadedReading {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let calls = 0;

  const failed = (error: unknown) => {
    worker = undefined;
    const told = new HapaxError("scans/reading", `Reading the scans ended by a fault${error instanceof Error ? `: ${error.message.slice(0, 200)}` : ""}.`, "Try again; if it ends so again, report it with the files.");
    for (const [, one] of pending) one.reject(told);
    pending.clear();
  };
  const start = (): Worker => {
    const one = new Worker(new URL("./worker.ts", import.meta.url), { workerData: { folder }, execArgv: [] });
    one.on("message", (reply: Reply) => {
      const asked = pending.get(reply.call);
      if (asked === undefined) return;
      if ("of" in reply) return asked.told?.(reply.done, reply.of);
      pending.delete(reply.call);
      if ("gives" in reply) asked.resolve(reply.gives as never);
      else asked.reject(errorFrom(reply.met));
      if (pending.size === 0) one.unref();
    });
    one.on("error", failed);
    one.on("exit", () => worker === one && failed(undefined));
    return one;
  };
  const ask = <T>(method: keyof ScanReading, given: readonly unknown[], told?: Told): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      worker ??= start();
      worker.ref();
      const call = ++calls;
      pending.set(call, { resolve, reject, told });
      worker.postMessage({ call, method, given } satisfies Call);
    });

  return {
    patients: (...given) => ask("patients", given),
    summary: (...given) => ask("summary", given),
    volume: (...given) => ask("volume", given),
    structures: (...given) => ask("structures", given),
    picture: (...given) => ask("picture", given),
    check: async (files, told) => {
      const verdicts = await ask<readonly ({ readonly sha256: string; readonly problem?: PlainError })[]>("check", [files], told);
      return verdicts.map(({ problem, ...verdict }) => (problem === undefined ? verdict : { ...verdict, problem: errorFrom(problem) }));
    },
    added: async (...given) => {
      const read = await ask<Omit<ReadAdded, "problems"> & { readonly problems: readonly PlainError[] }>("added", given);
      return { ...read, problems: read.problems.map(errorFrom) };
    },
    close: async () => {
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
}

/** An error that came as JSON. */
export function errorFrom({ code, what, remedy, problems }: PlainError): HapaxError {
  return new HapaxError(code, what, remedy, problems.map(errorFrom));
}
