import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { crewOf, type SimdCrew } from "./crew.ts";

/**
 * Starts a crew in Node.
 *
 * @throws Error when the kernels have not been compiled
 */
export async function openCrew(threads: number = availableParallelism()): Promise<SimdCrew> {
  const bytes = await readFile(new URL("../wasm/hapax.wasm", import.meta.url)).catch((cause) => {
    throw new Error("The kernels have not been compiled. Run: npm run kernels", { cause });
  });
  return crewOf(await WebAssembly.compile(bytes), threads, (answer, fault) => {
    const worker = new Worker(new URL("./crew-node-thread.ts", import.meta.url), { execArgv: [] });
    worker.on("message", answer);
    worker.on("error", fault);
    return { send: (message) => worker.postMessage(message), busy: (is) => (is ? worker.ref() : worker.unref()), end: () => worker.terminate() };
  });
}
