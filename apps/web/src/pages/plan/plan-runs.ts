import { useSyncExternalStore } from "react";
import { HapaxError } from "@hapax/base";
import type { IterationPoint, PlanningProgress, PlanningScan, PlanRequest } from "@hapax/planning";
import type { OnTheWay, Worked } from "../images/answer-with.ts";
import type { PlanAnswer, PlanAsked, PlanTold } from "./plan-work.ts";

type Histograms = NonNullable<PlanningProgress["dvh"]>;

/** A plan that is being made. */
export interface Running {
  readonly is: "running";
  readonly request: PlanRequest;
  /** By the clock of the page, ms. */
  readonly since: number;
  readonly now: PlanningProgress | undefined;
  readonly points: readonly IterationPoint[];
  readonly dvh: Histograms | undefined;
  /** About twenty iterations before. */
  readonly dvhBefore: Histograms | undefined;
  readonly outcomes: PlanningProgress["outcomes"];
  /** Whether it was told to end where it is. */
  readonly ending: boolean;
}

/** What came of making a plan. */
export interface MadeHere extends PlanAnswer {
  /** Among those of this page, from 1. */
  readonly place: number;
  /** When it was made, ISO 8601 in UTC, to the second. */
  readonly at: string;
  /** Its number among the plans of the case, once it is kept. */
  readonly revision?: number;
}

/** What planning has come to in a case, while this page is open: it goes on while other pages of the case are shown. */
export interface Planning {
  readonly run: { readonly is: "idle" } | Running | { readonly is: "failed"; readonly request: PlanRequest; readonly problem: HapaxError };
  readonly made: readonly MadeHere[];
}

/** A dose is some megabytes: of those that are not kept, so many are held. */
const atMostHeld = 4;
const iterationsBefore = 20;
const nothing: Planning = { run: { is: "idle" }, made: [] };

const byCase = new Map<string, Planning>();
const workers = new Map<string, Worker>();
const seen = new Map<string, { readonly at: number; readonly dvh: Histograms }[]>();
const hearing = new Set<() => void>();
let places = 0;

export const planningOf = (id: string): Planning => byCase.get(id) ?? nothing;

function set(id: string, next: Partial<Planning>): void {
  byCase.set(id, { ...planningOf(id), ...next });
  for (const hear of hearing) hear();
}

function listen(hear: () => void): () => void {
  hearing.add(hear);
  return () => hearing.delete(hear);
}

export const usePlanning = (id: string): Planning => useSyncExternalStore(listen, () => planningOf(id));

const warn = (event: BeforeUnloadEvent) => event.preventDefault();
/** What would be lost with the window is worth a question before it closes. */
function guard(): void {
  const lost = [...byCase.values()].some(({ run, made }) => run.is === "running" || made.some(({ revision }) => revision === undefined));
  if (lost) addEventListener("beforeunload", warn);
  else removeEventListener("beforeunload", warn);
}
hearing.add(guard);

/** Makes a plan in a worker of its own; another that is being made for the case is discarded. */
export function startPlan(id: string, request: PlanRequest, scan: PlanningScan): void {
  discardPlan(id);
  const worker = new Worker(new URL("./plan-worker.ts", import.meta.url), { type: "module" });
  workers.set(id, worker);
  seen.set(id, []);
  set(id, { run: { is: "running", request, since: performance.now(), now: undefined, points: [], dvh: undefined, dvhBefore: undefined, outcomes: undefined, ending: false } });
  worker.addEventListener("message", ({ data }: MessageEvent<Worked<PlanAnswer> | OnTheWay<PlanTold>>) => {
    if ("progress" in data) return hear(id, data.progress);
    end(id);
    if ("problem" in data) return set(id, { run: { is: "failed", request, problem: new HapaxError(data.problem.code, data.problem.what, data.problem.remedy) } });
    places += 1;
    set(id, { run: { is: "idle" }, made: held([...planningOf(id).made, { ...data.answer, place: places, at: new Date().toISOString().slice(0, 19) }]) });
  });
  worker.addEventListener("error", () => {
    end(id);
    set(id, { run: { is: "failed", request, problem: new HapaxError("web/worker", "The plan could not be made: the worker did not start or ended by a fault.", "Reload this page; plans that are kept stay as they are.") } });
  });
  worker.postMessage({ make: request, scan } satisfies PlanAsked);
}

function hear(id: string, { now, points }: PlanTold): void {
  const { run } = planningOf(id);
  if (run.is !== "running") return;
  const all = points.length === 0 ? run.points : [...run.points, ...points];
  const earliest = (all.at(-1)?.iteration ?? 0) - iterationsBefore;
  const past = seen.get(id) ?? [];
  if (now.dvh !== undefined) past.push({ at: earliest + iterationsBefore, dvh: now.dvh });
  const before = past.findLast(({ at }) => at <= earliest)?.dvh;
  // What is older than the one that is shown is not shown again.
  while (past[1] !== undefined && past[1].at <= earliest) past.shift();
  set(id, { run: { ...run, now, points: all, dvh: now.dvh ?? run.dvh, dvhBefore: before, outcomes: now.outcomes ?? run.outcomes } });
}

/** Ends the optimization where it is: what was found is sequenced, calculated and there. */
export function stopPlan(id: string): void {
  const { run } = planningOf(id);
  if (run.is !== "running" || run.ending) return;
  workers.get(id)?.postMessage("stop and keep" satisfies PlanAsked);
  set(id, { run: { ...run, ending: true } });
}

/** Ends it without a plan. */
export function discardPlan(id: string): void {
  if (!workers.has(id)) return;
  end(id);
  set(id, { run: { is: "idle" } });
}

function end(id: string): void {
  workers.get(id)?.terminate();
  workers.delete(id);
  seen.delete(id);
}

/** Takes the words about a plan that could not be made off the page. */
export const dismissFailure = (id: string): void => set(id, { run: { is: "idle" } });

/** Notes under which number a plan lies with the case now. */
export const notePlanKept = (id: string, place: number, revision: number): void =>
  set(id, { made: planningOf(id).made.map((one) => (one.place === place ? { ...one, revision } : one)) });

/** Forgets a plan that is not kept. */
export const forgetPlan = (id: string, place: number): void => set(id, { made: planningOf(id).made.filter((one) => one.place !== place) });

/** All that are not kept, up to so many, the latest; those kept are had from the case. */
function held(made: readonly MadeHere[]): readonly MadeHere[] {
  const open = made.filter(({ revision }) => revision === undefined).slice(-atMostHeld);
  return made.filter((one) => one.revision !== undefined || open.includes(one));
}
