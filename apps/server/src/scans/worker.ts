import { parentPort, workerData } from "node:worker_threads";
import { HapaxError } from "@hapax/base";
import { createReading } from "./reading.ts";
import type { Call, Reply } from "./thread.ts";

const reading = createReading((workerData as { folder: string }).folder);
const reply = (message: Reply, transfer: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

parentPort?.on("message", ({ call, method, given }: Call) => {
  const told = (done: number, of: number) => reply({ call, done, of });
  const asked = (reading[method] as (...all: unknown[]) => Promise<unknown>)(...given, ...(method === "check" ? [told] : []));
  asked.then(
    (gives) => {
      if (gives instanceof Uint8Array) return reply({ call, gives }, [gives.buffer as ArrayBuffer]);
      // As JSON, for errors among it lose their kind on the way between threads.
      reply({ call, gives: JSON.parse(JSON.stringify(gives)) });
    },
    (error: unknown) => {
      const met = error instanceof HapaxError ? error : new HapaxError("scans/reading", `Reading the scans met a fault: ${String(error).slice(0, 200)}.`, "Report it with the files.");
      reply({ call, met: JSON.parse(JSON.stringify(met)) });
    },
  );
});
