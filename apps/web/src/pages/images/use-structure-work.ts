import { useEffect, useState } from "react";
import type { StructureAnswer, StructureWork } from "./structure-work.ts";

export type StructureAnswers = ReadonlyMap<number, StructureAnswer>;

/** Outlines and numbers of structures, computed beside the page; they come structure by structure. */
export function useStructureWork(work: StructureWork | undefined): { readonly answers: StructureAnswers; readonly done: boolean } {
  const [state, setState] = useState<{ work: StructureWork | undefined; answers: StructureAnswers; done: boolean }>({ work: undefined, answers: new Map(), done: true });
  useEffect(() => {
    if (work === undefined) return undefined;
    const worker = new Worker(new URL("./structure-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<StructureAnswer | "done">) => {
      if (data === "done") worker.terminate();
      setState((now) => {
        // Outlines do not depend on the dose: those of the work before stand until the new ones come.
        const before = now.answers;
        if (data === "done") return { work, answers: before, done: true };
        const answers = new Map(before);
        answers.set(data.number, { ...before.get(data.number), ...data });
        return { work, answers, done: false };
      });
    });
    worker.postMessage(work);
    return () => worker.terminate();
  }, [work]);
  return { answers: state.answers, done: state.work === work && state.done };
}
