import type { GpuCones } from "./cone-dose-gpu.ts";
import type { WorkOptions } from "./work-options.ts";

/** One call of a compiled kernel: its name in `assembly/index.ts`, and its numbers and pointers. */
export type Task = readonly [kernel: string, ...given: number[]];

/** Threads that run the compiled kernels over one shared memory, the same in Node and in a browser. */
export interface SimdCrew {
  readonly form: "simd";
  readonly threads: number;
  /** Room in the shared memory; close it when what was computed has been copied out. */
  room(): Room;
  /**
   * Runs chains of tasks: the tasks of a chain one after another, chains beside each other. The caller's thread is not blocked.
   *
   * @throws  the signal's reason once it is aborted and no task of these chains runs any more
   */
  run(chains: readonly (readonly Task[])[], options?: WorkOptions): Promise<void>;
  /** A graphics card, where the crew found one that is right. */
  readonly gpu?: GpuCones;
  /** Ends the threads; the memory goes with them. */
  close(): Promise<void>;
}

/** Where SIMD or shared memory is missing: callers use the plain form of their kernel, in slices. */
export interface PlainCrew {
  readonly form: "plain";
  readonly threads: 1;
  readonly gpu?: GpuCones;
  close(): Promise<void>;
}

export type Crew = SimdCrew | PlainCrew;

/** What a calculation holds of the shared memory. */
export interface Room {
  /**
   * Pointer to `bytes` bytes, a multiple of 16. They hold whatever was there before.
   *
   * @throws RangeError when there is not so much memory
   */
  take(bytes: number): number;
  /** Takes room for numbers and copies them there. */
  put(values: Float32Array | Int32Array): number;
  floats(pointer: number, length: number): Float32Array<SharedArrayBuffer>;
  integers(pointer: number, length: number): Int32Array<SharedArrayBuffer>;
  /** Gives all of it back. */
  close(): void;
}

export const plainCrew: PlainCrew = { form: "plain", threads: 1, close: () => Promise.resolve() };

/** One thread, as Node and browsers have them. */
export interface Hand {
  send(message: ToThread): void;
  /** Whether it has work; a thread without does not keep the program from ending. */
  busy(is: boolean): void;
  end(): Promise<unknown>;
}

/** To a thread: first the module and its memory, then tasks. */
export type ToThread = { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory } | { readonly task: Task };

/** From a thread, after each task: what went wrong, if anything. */
export interface FromThread {
  readonly fault?: string;
}

/** What a thread does with a message. */
export function threadWork(): (message: ToThread) => FromThread | undefined {
  let kernels: Record<string, (...given: number[]) => void>;
  return (message) => {
    if ("module" in message) {
      // `abort` is what AssemblyScript calls where memory allocation fails; no kernel allocates.
      const instance = new WebAssembly.Instance(message.module, { env: { memory: message.memory, abort: () => undefined } });
      kernels = instance.exports as typeof kernels;
      return undefined;
    }
    const [kernel, ...given] = message.task;
    try {
      (kernels[kernel] as (...given: number[]) => void)(...given);
      return {};
    } catch (error) {
      return { fault: `${kernel}: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
}

const page = 65_536;
/** Largest memory that the module declares. */
const mostPages = 32_768;

interface Chain {
  readonly tasks: readonly Task[];
  next: number;
  readonly run: Run;
}

interface Run {
  running: number;
  left: number;
  stopped: { readonly because: unknown } | undefined;
  done(): void;
}

/**
 * A crew of threads over the compiled kernels.
 *
 * @param module   the compiled kernels
 * @param start    starts a thread that does `threadWork`, and says where its answers and its end by a fault are to go
 */
export function crewOf(module: WebAssembly.Module, threads: number, start: (answer: (from: FromThread) => void, fault: (error: unknown) => void) => Hand): SimdCrew {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
  const rooms = roomsOf(memory);
  const waiting: Chain[] = [];
  const idle: Worker[] = [];
  let broken: { readonly because: unknown } | undefined;

  interface Worker {
    readonly hand: Hand;
    chain: Chain | undefined;
  }
  const workers = Array.from({ length: threads }, (): Worker => {
    const worker: Worker = { hand: start((from) => finished(worker, from), fail), chain: undefined };
    worker.hand.send({ module, memory });
    worker.hand.busy(false);
    idle.push(worker);
    return worker;
  });

  function fail(because: unknown): void {
    broken ??= { because };
    const runs = new Set([...waiting, ...workers.flatMap(({ chain }) => chain ?? [])].map(({ run }) => run));
    waiting.length = 0;
    for (const run of runs) {
      run.stopped ??= broken;
      run.running = 0;
      run.done();
    }
  }
  function dispatch(): void {
    while (idle.length > 0 && waiting.length > 0) {
      // The longest chain first, so that all end together.
      const longest = waiting.reduce((a, b) => (b.tasks.length - b.next > a.tasks.length - a.next ? b : a));
      waiting.splice(waiting.indexOf(longest), 1);
      if (longest.run.stopped !== undefined) continue;
      const worker = idle.pop() as Worker;
      worker.chain = longest;
      longest.run.running++;
      worker.hand.busy(true);
      worker.hand.send({ task: longest.tasks[longest.next++] as Task });
    }
  }
  function finished(worker: Worker, { fault }: FromThread): void {
    const chain = worker.chain as Chain;
    worker.chain = undefined;
    worker.hand.busy(false);
    idle.push(worker);
    const { run } = chain;
    run.running--;
    run.left--;
    if (fault !== undefined) run.stopped ??= { because: new Error(`A kernel failed: ${fault}`) };
    else if (chain.next < chain.tasks.length) waiting.push(chain);
    dispatch();
    run.done();
  }

  return {
    form: "simd",
    threads,
    room: rooms,
    run: (chains, { signal, onProgress } = {}) =>
      new Promise<void>((resolve, reject) => {
        const total = chains.reduce((sum, tasks) => sum + tasks.length, 0);
        const run: Run = {
          running: 0,
          left: total,
          stopped: broken ?? (signal?.aborted === true ? { because: signal.reason } : undefined),
          done: () => {
            if (run.stopped !== undefined ? run.running > 0 : run.left > 0) {
              if (run.stopped === undefined) onProgress?.(1 - run.left / total);
              return;
            }
            signal?.removeEventListener("abort", abort);
            if (run.stopped !== undefined) return reject(run.stopped.because as Error);
            onProgress?.(1);
            resolve();
          },
        };
        const abort = () => {
          run.stopped ??= { because: signal?.reason };
          run.done();
        };
        if (run.stopped !== undefined || total === 0) return run.done();
        signal?.addEventListener("abort", abort);
        waiting.push(...chains.filter((tasks) => tasks.length > 0).map((tasks) => ({ tasks, next: 0, run })));
        dispatch();
      }),
    close: async () => {
      fail(new Error("The crew was closed."));
      await Promise.all(workers.map(({ hand }) => hand.end()));
    },
  };
}

/** Gives out the bytes of a memory: the first gap that is large enough, gaps joined when they are given back. */
function roomsOf(memory: WebAssembly.Memory): () => Room {
  // The first page is the module's own.
  const gaps: { start: number; end: number }[] = [{ start: page, end: mostPages * page }];
  const take = (bytes: number): { start: number; end: number } => {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const gap = gaps.find(({ start, end }) => end - start >= size);
    if (gap === undefined) throw new RangeError(`The kernels have no room for ${Math.ceil(size / 1e6)} MB more.`);
    const span = { start: gap.start, end: gap.start + size };
    const missing = Math.ceil(span.end / page) - memory.buffer.byteLength / page;
    if (missing > 0) memory.grow(missing);
    gap.start = span.end;
    if (gap.start === gap.end) gaps.splice(gaps.indexOf(gap), 1);
    return span;
  };
  const give = (span: { start: number; end: number }) => {
    const after = gaps.findIndex(({ start }) => start >= span.end);
    const at = after === -1 ? gaps.length : after;
    gaps.splice(at, 0, span);
    for (const n of [at, at - 1]) {
      const [left, right] = [gaps[n], gaps[n + 1]];
      if (left === undefined || right === undefined || left.end !== right.start) continue;
      left.end = right.end;
      gaps.splice(n + 1, 1);
    }
  };
  return () => {
    const held: { start: number; end: number }[] = [];
    const room: Room = {
      take(bytes) {
        const span = take(bytes);
        held.push(span);
        return span.start;
      },
      put(values) {
        const pointer = room.take(values.byteLength);
        if (values instanceof Float32Array) room.floats(pointer, values.length).set(values);
        else room.integers(pointer, values.length).set(values);
        return pointer;
      },
      floats: (pointer, length) => new Float32Array(memory.buffer as unknown as SharedArrayBuffer, pointer, length),
      integers: (pointer, length) => new Int32Array(memory.buffer as unknown as SharedArrayBuffer, pointer, length),
      close() {
        for (const span of held.splice(0)) give(span);
      },
    };
    return room;
  };
}
