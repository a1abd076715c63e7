import { useEffect, useState } from "react";
import type { OccupancyBox } from "@hapax/figures";
import type { Answered, Course, Goal, StructureAnswer, StructureWork, Told } from "./structure-work.ts";

export type StructureAnswers = ReadonlyMap<number, StructureAnswer>;

export interface StructureResults {
  readonly answers: StructureAnswers;
  /** What lies inside each; it stays as it is while numbers come, so that no picture is drawn anew for them. */
  readonly boxes: ReadonlyMap<number, OccupancyBox>;
  /** Undefined until all is computed. */
  readonly goals: readonly Goal[] | undefined;
}

/** Outlines and numbers of structures, computed beside the page; they come structure by structure, the goals at the end. */
export function useStructureWork(work: StructureWork | undefined, course: Course): StructureResults {
  const [boxes, setBoxes] = useState<ReadonlyMap<number, OccupancyBox>>(new Map());
  const [answers, setAnswers] = useState<StructureAnswers>(new Map());
  const [goals, setGoals] = useState<readonly Goal[]>();
  const [worker, setWorker] = useState<Worker>();
  useEffect(() => {
    if (work === undefined) return undefined;
    const one = new Worker(new URL("./structure-worker.ts", import.meta.url), { type: "module" });
    one.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
      if ("goals" in data) setGoals(data.goals);
      else {
        const { number, occupancy } = data.structure;
        if (occupancy !== undefined) setBoxes((before) => new Map(before).set(number, occupancy));
        setAnswers((before) => new Map(before).set(number, { ...before.get(number), ...data.structure }));
      }
    });
    // A worker whose code is gone, or that ends by a fault, leaves every row without numbers: they say so.
    one.addEventListener("error", () => {
      const problem = { code: "web/worker", what: "The numbers could not be computed: the worker did not start or ended by a fault.", remedy: "Reload this page." };
      setAnswers((before) => new Map(work.structures.map(({ number }) => [number, { number, problem, ...before.get(number) }])));
      setGoals([]);
    });
    one.postMessage({ work } satisfies Told);
    setGoals(undefined);
    setWorker(one);
    return () => one.terminate();
  }, [work]);
  const { fractions, perFractionGy } = course;
  useEffect(() => worker?.postMessage({ course: { fractions, perFractionGy } } satisfies Told), [worker, fractions, perFractionGy]);
  return { answers, boxes, goals };
}
