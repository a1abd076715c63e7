import { useCallback, useEffect, useRef, useState } from "react";
import { HapaxError } from "@hapax/base";
import type { Worked } from "./answer-with.ts";

/** Work that a worker does when it is asked, and that may be stopped. */
export interface WorkerTask<Work, Answer> {
  readonly state: { readonly is: "idle" } | { readonly is: "working"; readonly since: number } | { readonly is: "done"; readonly answer: Answer } | { readonly is: "failed"; readonly problem: HapaxError };
  readonly start: (work: Work) => void;
  readonly stop: () => void;
}

/** A task in a worker of its own; a second start, a stop and leaving the page end the first. */
export function useWorkerTask<Work, Answer>(begin: () => Worker): WorkerTask<Work, Answer> {
  const [state, setState] = useState<WorkerTask<Work, Answer>["state"]>({ is: "idle" });
  const worker = useRef<Worker>(undefined);
  const starts = useRef(begin);
  const end = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
  }, []);
  useEffect(() => end, [end]);
  const start = useCallback(
    (work: Work) => {
      end();
      const one = starts.current();
      worker.current = one;
      setState({ is: "working", since: performance.now() });
      one.addEventListener("message", ({ data }: MessageEvent<Worked<Answer>>) => {
        setState("answer" in data ? { is: "done", answer: data.answer } : { is: "failed", problem: new HapaxError(data.problem.code, data.problem.what, data.problem.remedy) });
        end();
      });
      one.addEventListener("error", () => {
        setState({ is: "failed", problem: new HapaxError("web/worker", "This could not be computed: the worker did not start or ended by a fault.", "Reload this page.") });
        end();
      });
      one.postMessage(work);
    },
    [end],
  );
  const stop = useCallback(() => {
    end();
    setState({ is: "idle" });
  }, [end]);
  return { state, start, stop };
}
