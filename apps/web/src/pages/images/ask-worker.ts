import { HapaxError } from "@hapax/base";
import type { Worked } from "./answer-with.ts";

/**
 * What a worker answers to one question; it ends then.
 *
 * @throws what it says, or web/worker where it does not start or ends by a fault
 */
export function askWorker<Work, Answer>(begin: () => Worker, work: Work): Promise<Answer> {
  const worker = begin();
  return new Promise<Answer>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<Worked<Answer>>) => {
      if ("answer" in data) resolve(data.answer);
      else reject(new HapaxError(data.problem.code, data.problem.what, data.problem.remedy));
    });
    worker.addEventListener("error", () => reject(new HapaxError("web/worker", "This could not be computed: the worker did not start or ended by a fault.", "Reload this page.")));
    worker.postMessage(work);
  }).finally(() => worker.terminate());
}
