import { gpuCones } from "./cone-dose-gpu.ts";
import { crewOf, plainCrew, type Crew, type FromThread } from "./crew.ts";

/**
 * Starts a crew in a browser, from a page or from a worker, with the graphics card if there is one. It is plain where the page is
 * not cross-origin isolated, and so has no shared memory, and where the browser does not compile SIMD.
 *
 * @throws TypeError when the compiled kernels cannot be fetched
 */
export async function openCrew(threads: number = navigator.hardwareConcurrency): Promise<Crew> {
  const crew = await openThreads(threads);
  const gpu = await gpuCones();
  if (gpu === undefined) return crew;
  const close = () => {
    gpu.close();
    return crew.close();
  };
  return { ...crew, gpu, close };
}

async function openThreads(threads: number): Promise<Crew> {
  if (!globalThis.crossOriginIsolated) return plainCrew;
  const response = await fetch(new URL("../wasm/hapax.wasm", import.meta.url));
  if (!response.ok) throw new TypeError(`The kernels were not found (${response.status}).`);
  const bytes = await response.arrayBuffer();
  if (!WebAssembly.validate(bytes)) return plainCrew;
  return crewOf(await WebAssembly.compile(bytes), threads, (answer, fault) => {
    const worker = new Worker(new URL("./crew-web-thread.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<FromThread>) => answer(data));
    worker.addEventListener("error", ({ message }) => fault(new Error(`A thread of the kernels ended: ${message}`)));
    return { send: (message) => worker.postMessage(message), busy: () => undefined, end: async () => worker.terminate() };
  });
}
