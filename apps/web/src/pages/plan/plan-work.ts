import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { DensityCurve, Machine } from "@hapax/dose";
import type { IterationPoint, PlanMade, PlanningProgress, PlanningScan, PlanRequest } from "@hapax/planning";
import type { DoseNumbers } from "../images/structure-work.ts";

/** What the worker is told: to say what there is to plan with, to make a plan, to end the optimization where it is, or to say what structures receive. */
export type PlanAsked =
  | "choices"
  | "stop and keep"
  | { readonly make: PlanRequest; readonly scan: PlanningScan }
  | { readonly numbersOf: { readonly dose: Volume; readonly structures: readonly Structure[]; readonly frameOfReference: string } };

/** What there is to plan with. */
export interface PlanChoices {
  readonly machines: readonly (Pick<Machine, "id" | "name" | "version" | "energyMv"> & { readonly kind: Machine["origin"]["kind"] })[];
  readonly curves: readonly Pick<DensityCurve, "id" | "name" | "source" | "verified">[];
}

/** What it tells on the way: how far it is, and the points of the curve since it last spoke. */
export interface PlanTold {
  readonly now: PlanningProgress;
  readonly points: readonly IterationPoint[];
}

export interface PlanAnswer {
  readonly made: PlanMade;
  readonly dose: Volume<Float32Array>;
}

/** What each structure receives from a dose, by its name; those without a volume are left out. */
export type NumbersOfPlan = readonly (DoseNumbers & { readonly structure: string; readonly volumeCc: number })[];
