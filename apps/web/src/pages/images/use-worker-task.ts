import { useCallback, useEffect, useRef, useState } from "react";
import { HapaxError } from "@hapax/base";
import type { OnTheWay, Worked } from "./answer-with.ts";

/** Work that a worker does when it is asked, and that may be stopped. */
export interface WorkerTask<Work, Answer, Progress = never> {
  readonly state:
    | { readonly is: "idle" }
    | { readonly is: "working"; readonly since: number; /** What it told last. */ readonly progress?: Progress }
    | { readonly is: "done"; readonly answer: Answer }
    | { readonly is: "failed"; readonly problem: HapaxError };
  readonly start: (work: Work) => void;
  readonly stop: () => void;
}

/**
 * A task in a worker of its own; a second start, a stop and leaving the page end the first.
 *
 * @param answered  called with each answer as it comes
 */
export function useWorkerTask<Work, Answer, Progress = never>(begin: () => Worker, answered?: (answer: Answer) => void): WorkerTask<Work, Answer, Progress> {
  const [state, setState] = useState<WorkerTask<Work, Answer, Progress>["state"]>({ is: "idle" });
  const worker = useRef<Worker>(undefined);
  const starts = useRef(begin);
  const hears = useRef(answered);
  useEffect(() => {
    hears.current = answered;
  });
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
      const since = performance.now();
      setState({ is: "working", since });
      one.addEventListener("message", ({ data }: MessageEvent<Worked<Answer> | OnTheWay<Progress>>) => {
        if ("progress" in data) return setState({ is: "working", since, progress: data.progress });
        setState("answer" in data ? { is: "done", answer: data.answer } : { is: "failed", problem: new HapaxError(data.problem.code, data.problem.what, data.problem.remedy) });
        if ("answer" in data) hears.current?.(data.answer);
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
