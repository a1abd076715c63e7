import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { DensityCurve, Machine } from "@hapax/dose";
import type { Fractionation, IterationPoint, PlanMade, PlanningProgress, PlanningScan, PlanRequest, PlanTemplate, TemplateChoices, TemplateGoal } from "@hapax/planning";
import type { DoseNumbers } from "../images/structure-work.ts";

/** What the worker is told: to say what there is to plan with, to write a request by a template, to make a plan, to end the optimization where it is, to say what structures receive, or which limit a stereotactic dose would reach first. */
export type PlanAsked =
  | "choices"
  | { readonly template: string; readonly structures: readonly Structure[]; readonly choices: TemplateChoices }
  | "stop and keep"
  | { readonly make: PlanRequest; readonly scan: PlanningScan }
  | { readonly feasibilityOf: { readonly request: PlanRequest; readonly scan: PlanningScan; readonly dose: Volume; readonly fractionation: Fractionation } }
  | { readonly numbersOf: { readonly dose: Volume; readonly structures: readonly Structure[]; readonly frameOfReference: string } };

/** A template as it is offered. */
export interface OfferedTemplate extends Pick<PlanTemplate, "id" | "name" | "technique" | "fractions" | "targets" | "secondCourse"> {
  /** Goals among which may be chosen, the one that is taken by itself first. */
  readonly options: readonly { readonly choice: string; readonly options: readonly { readonly option: string; readonly goal: TemplateGoal }[] }[];
}

/** What there is to plan with. */
export interface PlanChoices {
  readonly templates: readonly OfferedTemplate[];
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
