import type { Vec3 } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import type { Bounds } from "@hapax/kernels";
import type { Goal, PlanRequest } from "./request.ts";
import type { Feasibility } from "./feasibility-answer.ts";

/** A goal and what the delivered dose has. */
export interface GoalOutcome {
  readonly goal: Goal;
  /** `cannot tell` where the structure is not drawn or the dose not known; `held` is met and at its limit. */
  readonly verdict: "met" | "held" | "not met" | "cannot tell";
  readonly value?: Bounds;
  readonly why: string;
}

/** What keeps the plan from being better. */
export interface Hold {
  readonly goal: Goal;
  /** What one gray more at this limit would change, found by optimizing again with it: metrics and by how much. */
  readonly price: readonly { readonly structure: string; readonly metric: string; readonly changePerGy: number }[];
  readonly why: string;
}

/** An index of a plan; NaN is never one. */
export interface PlanIndex {
  readonly name: string;
  readonly structure: string;
  readonly value: Bounds;
  readonly source: string;
}

/** How long a fraction takes to give, and what that was reckoned with. */
export interface DeliveryTime {
  readonly seconds: number;
  readonly assumptions: readonly string[];
}

/** What a plan was made from. */
export interface MadeFrom {
  /** SeriesInstanceUID of the CT and SOPInstanceUID of the structure set. */
  readonly ct: string;
  readonly structureSet: string;
  readonly frameOfReference: string;
  readonly synthetic: boolean;
  /** Such as "Hapax 0.1.0". */
  readonly engine: string;
  readonly machine: { readonly id: string; readonly version: string; readonly name: string };
  readonly cones: number;
  /** Earlier doses that it reckons with, and the UID of each. */
  readonly earlier: readonly { readonly label: string; readonly dose: string }[];
}

/** A step of the optimizer, for the curve. */
export interface IterationPoint {
  readonly iteration: number;
  readonly objective: number;
  /** Which priority was being optimized, and in which round of correction. */
  readonly priority: number;
  readonly round: number;
}

/** A plan: the request, the beams that came of it, and what they give. With its scan this is all that is needed to have its dose again. */
export interface PlanMade {
  readonly request: PlanRequest;
  readonly madeFrom: MadeFrom;
  readonly isocenter: Vec3;
  /** With monitor units of a fraction and every control point; leaf positions to a tenth of a millimeter. */
  readonly beams: readonly PlanBeam[];
  readonly outcomes: readonly GoalOutcome[];
  readonly holds: readonly Hold[];
  readonly indices: readonly PlanIndex[];
  /** Of a stereotactic plan: which organ's limit its dose reaches first, and at which prescription. */
  readonly feasibility?: Feasibility;
  /** Highest dose anywhere, Gy, and where, LPS, mm. */
  readonly maximum: { readonly gy: number; readonly at: Vec3 };
  readonly mu: number;
  readonly segments: number;
  readonly delivery: DeliveryTime;
  /** Of the whole optimization, thinned to some hundred points. */
  readonly history: readonly IterationPoint[];
  /** What was lost from the optimized to the delivered dose: D95 of each target, Gy, before and after sequencing. */
  readonly sequencing: readonly { readonly structure: string; readonly optimizedGy: number; readonly deliveredGy: number }[];
  /** Wall clock on the machine that made it; not part of what is compared. */
  readonly seconds: number;
  readonly stopped: boolean;
  readonly notes: readonly string[];
}

/** How far planning is. */
export interface PlanningProgress {
  readonly step: "reading densities" | "preparing beams" | "optimizing" | "correcting the dose" | "choosing beams" | "fitting leaves" | "sequencing" | "refining segments" | "calculating the dose" | "finding what holds";
  /** Of the whole, 0 to 1. */
  readonly share: number;
  readonly iteration?: IterationPoint & { readonly atMost: number };
  /** Of the dose at this moment: share of each structure at 0, step, 2 step … Gy. */
  readonly dvh?: { readonly stepGy: number; readonly curves: readonly { readonly structure: string; readonly share: Float32Array }[] };
  /** Goals at this moment. */
  readonly outcomes?: readonly GoalOutcome[];
}
