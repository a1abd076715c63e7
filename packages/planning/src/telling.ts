import { groupHistogram, groupMetric } from "./optimize/group-metric.ts";
import type { VoxelGroup } from "./optimize/terms.ts";
import type { GoalOutcome, IterationPoint, PlanningProgress } from "./plan-made.ts";
import type { Goal } from "./request.ts";
import type { PlanningWork } from "./setting.ts";

/** Told no oftener than this while iterations run, ms: as often as an eye follows. */
const everyMs = 100;
const stepGy = 0.5;
/** Of the curve of the objective, at most; then every second point is dropped. */
const mostPoints = 400;

/** Tells how planning is going, from 0 to 1 over stages of known share. */
export class Telling {
  readonly history: IterationPoint[] = [];
  readonly #onProgress: PlanningWork["onProgress"];
  #from = 0;
  #to = 0;
  #toldAt = -Infinity;
  #every = 1;
  #iteration = 0;
  #begun = 0;

  constructor(onProgress: PlanningWork["onProgress"]) {
    this.#onProgress = onProgress;
  }

  /** Begins a stage that ends at this share of the whole. */
  stage(step: PlanningProgress["step"], to: number): (share: number) => void {
    [this.#from, this.#to] = [this.#to, to];
    this.#begun = this.#iteration;
    this.#onProgress?.({ step, share: this.#from });
    return (share) => this.#onProgress?.({ step, share: this.#shareAt(share) });
  }

  /** An iteration of the stage, which has so many at most, with the dose of that moment and the structures that goals speak of. */
  iteration(step: PlanningProgress["step"], share: number, { objective, priority, round, atMost }: Omit<IterationPoint, "iteration"> & { readonly atMost: number }, doseGy: Float32Array | undefined, shown: Shown): void {
    const iteration = ++this.#iteration;
    const point: IterationPoint = { iteration, objective, priority, round };
    if (iteration % this.#every === 0) this.history.push(point);
    if (this.history.length > mostPoints) {
      this.#every *= 2;
      this.history.splice(0, this.history.length, ...this.history.filter((_, i) => i % 2 === 1));
    }
    const now = performance.now();
    if (this.#onProgress === undefined || now - this.#toldAt < everyMs) return;
    this.#toldAt = now;
    this.#onProgress({
      step, share: this.#shareAt(share), iteration: { ...point, atMost: this.#begun + atMost },
      ...(doseGy === undefined ? {} : { dvh: histograms(doseGy, shown), outcomes: shown.goals.map((goal) => judgedNow(goal, doseGy, shown)) }),
    });
  }

  #shareAt(share: number): number {
    return this.#from + (this.#to - this.#from) * Math.min(1, Math.max(0, share));
  }
}

/** What is shown of a dose on the way. */
export interface Shown {
  readonly groups: ReadonlyMap<string, VoxelGroup>;
  readonly goals: readonly Goal[];
  /** Doses of interest end here, Gy. */
  readonly highestGy: number;
}

function histograms(doseGy: Float32Array, { groups, highestGy }: Shown): NonNullable<PlanningProgress["dvh"]> {
  const count = Math.ceil((1.2 * highestGy) / stepGy) + 1;
  return { stepGy, curves: [...groups.values()].map((group) => ({ structure: group.name, share: groupHistogram(doseGy, group, stepGy, count) })) };
}

/** A goal by the dose of the moment: near, and said so. */
function judgedNow(goal: Goal, doseGy: Float32Array, { groups }: Shown): GoalOutcome {
  const group = groups.get(goal.structure);
  if (group === undefined) return { goal, verdict: "cannot tell", why: `${goal.structure} is not drawn.` };
  if (goal.cumulative !== undefined) return { goal, verdict: "cannot tell", why: "The sum with earlier doses is judged at the end." };
  const value = groupMetric(goal.metric, doseGy, group);
  const met = value <= (goal.atMost ?? Infinity) && value >= (goal.atLeast ?? -Infinity);
  return { goal, verdict: met ? "met" : "not met", value: { low: value, high: value }, why: "By the dose of this moment, on a sample of voxels." };
}
