import { HapaxError, listed } from "@hapax/base";
import { machineNamed } from "@hapax/dose";
import { constraints, constraintSets, type Constraint, type ConstraintSet } from "@hapax/radiotherapy";
import { planSchema, planVersion, type BeamAsked, type BeamsAsked, type ConformalAsked, type EarlierAsked, type Goal, type ModulatedAsked, type Normalization, type PlanRequest, type Prescription } from "../request.ts";
import type { PlanningScan } from "../setting.ts";
import { drawnTargets, organsNamed, targetsFor } from "./named-structures.ts";
import data from "./templates.json" with { type: "json" };

/** A volume that a template treats. */
export interface TemplateTarget {
  /** What the goals of the template call it; a TG-263 name. */
  readonly role: string;
  /** Gy over all fractions. */
  readonly doseGy: number;
}

/** A goal before its structure is found on a scan. */
export interface TemplateGoal extends Pick<Goal, "metric" | "atMost" | "atLeast" | "priority" | "source" | "verified" | "cumulative"> {
  /** A role of the template, or the TG-263 name of an organ; without a side both sides are meant. */
  readonly structure: string;
  /** Percent of the prescription of `of`, in the place of Gy. */
  readonly atMostPercent?: number;
  readonly atLeastPercent?: number;
  /** The role whose prescription is 100 %; left out, that of `structure`. */
  readonly of?: string;
  /** One of several goals among which the planner chooses: the first is taken unless another is named. */
  readonly choice?: string;
  readonly option?: string;
}

/** Goals that a set of published limits brings, those of the template's fractions. */
export interface TemplateSet {
  readonly set: string;
  readonly structures: readonly string[];
  /** Left out, all that the set has. */
  readonly metrics?: readonly string[];
  readonly priority: number;
}

/** How a kind of treatment is usually planned: everything of a request but the names on a scan. */
export interface PlanTemplate extends Pick<PlanRequest, "id" | "name" | "technique" | "intent" | "fractions" | "gridMm" | "conformal" | "modulated"> {
  readonly site: string;
  /** Of the highest dose first. */
  readonly targets: readonly TemplateTarget[];
  readonly beams: { readonly gantryDeg: readonly number[]; readonly names?: readonly string[] };
  readonly normalization: { readonly kind: "metric"; readonly of: string; readonly metric: string; readonly percent: number } | { readonly kind: "none" };
  readonly goals: readonly TemplateGoal[];
  readonly sets?: readonly TemplateSet[];
  /** It reckons with earlier doses and cannot be without them. */
  readonly secondCourse?: boolean;
}

/** The templates of the house. */
export const planTemplates: readonly PlanTemplate[] = data.templates as readonly PlanTemplate[];

/** What a planner may choose beyond the template. */
export interface TemplateChoices {
  /** Id of the density curve: it belongs to the scanner and is never guessed. */
  readonly curve?: string;
  /** ROIName of each role that the scan names otherwise. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Gy over all fractions, by role. */
  readonly doses?: Readonly<Record<string, number>>;
  readonly beams?: BeamsAsked;
  /** Id of the machine; left out, generic-6mv. */
  readonly machine?: string;
  /** Of goals among which may be chosen: `{ cord: "60" }`. */
  readonly options?: Readonly<Record<string, string>>;
  readonly earlier?: readonly EarlierAsked[];
  readonly gridMm?: number;
  readonly conformal?: ConformalAsked;
  readonly modulated?: ModulatedAsked;
  /** Letters, digits and hyphens; left out, that of the template. */
  readonly id?: string;
  readonly name?: string;
  readonly course?: string;
}

/**
 * The template of an id.
 *
 * @throws planning/template, listing those there are
 */
export function templateNamed(id: string): PlanTemplate {
  const found = planTemplates.find((template) => template.id === id);
  if (found === undefined) throw new HapaxError("planning/template", `There is no plan template "${id}".`, `There are ${planTemplates.map((template) => template.id).join(", ")}.`);
  return found;
}

/** The choices that a template leaves, the option that is taken by itself first. */
export function choicesOf(template: PlanTemplate): { readonly choice: string; readonly options: readonly { readonly option: string; readonly goal: TemplateGoal }[] }[] {
  const choices = [...new Set(template.goals.flatMap(({ choice }) => choice ?? []))];
  return choices.map((choice) => ({ choice, options: template.goals.flatMap((goal) => (goal.choice === choice && goal.option !== undefined ? [{ option: goal.option, goal }] : [])) }));
}

/**
 * A request by a template on a scan: roles and organs become the names drawn there, percent become Gy. An organ that is not drawn
 * keeps its TG-263 name, so that its goal is shown as one that cannot be told.
 *
 * @throws planning/template, planning/template-choice; planning/target where a role fits no target or several; planning/curve where no
 *         density curve is chosen; planning/earlier-missing for a second course without the first; dose/machine-unknown
 */
export function requestFrom(templateId: string, scan: Pick<PlanningScan, "structures">, choices: TemplateChoices = {}): PlanRequest {
  const template = templateNamed(templateId);
  const { structures } = scan;
  refuseUnknown(template, choices);
  const { curve } = choices;
  if (curve === undefined) throw new HapaxError("planning/curve", `No density curve was chosen for ${template.name}.`, "Choose the curve of the scanner that the CT is from: the same tissue has other CT numbers on another.");
  if (template.secondCourse === true && (choices.earlier ?? []).length === 0) {
    throw new HapaxError("planning/earlier-missing", `${template.name} holds the sum of courses, and no earlier dose was given.`, "Give the earlier dose with its fractions, or take a template of a first course.");
  }
  const drawnAs = new Map(template.targets.map(({ role, doseGy }) => [role, targetOf(template, role, choices.doses?.[role] ?? doseGy, choices, scan)]));
  const doseOf = (role: string): number => choices.doses?.[role] ?? (template.targets.find((target) => target.role === role) as TemplateTarget).doseGy;
  const prescriptions: Prescription[] = template.targets.map(({ role }) => ({ structure: drawnAs.get(role) as string, doseGy: doseOf(role) })).sort((a, b) => b.doseGy - a.doseGy);
  const namesOf = (structure: string): string[] => {
    const target = drawnAs.get(structure);
    if (target !== undefined) return [target];
    const organs = organsNamed(structure, structures);
    return organs.length > 0 ? organs : [structure];
  };
  const goals = goalsOf(template, choices.options ?? {}).flatMap((goal) => namesOf(goal.structure).map((structure) => resolved(goal, structure, doseOf)));
  const machine = machineNamed(choices.machine ?? "generic-6mv");
  return {
    schema: planSchema,
    version: planVersion,
    id: choices.id ?? template.id,
    name: choices.name ?? template.name,
    ...(choices.course === undefined ? {} : { course: choices.course }),
    template: template.id,
    technique: template.technique,
    intent: template.intent,
    fractions: template.fractions,
    prescriptions,
    normalization: normalizationOf(template, drawnAs, doseOf),
    machine: { id: machine.id, version: machine.version },
    curve,
    gridMm: choices.gridMm ?? template.gridMm,
    beams: choices.beams ?? { given: beamsGiven(template) },
    goals,
    ...fieldsOf(template, choices),
    ...(choices.earlier === undefined ? {} : { earlier: choices.earlier }),
  };
}

function refuseUnknown(template: PlanTemplate, { targets = {}, doses = {}, options = {} }: TemplateChoices): void {
  const roles = template.targets.map(({ role }) => role);
  const strange = [...Object.keys(targets), ...Object.keys(doses)].find((role) => !roles.includes(role));
  if (strange !== undefined) throw new HapaxError("planning/template-choice", `${template.id} has no target ${strange}.`, `It has ${listed(roles)}.`);
  const offered = choicesOf(template);
  for (const [choice, option] of Object.entries(options)) {
    const found = offered.find((one) => one.choice === choice);
    if (found?.options.some((one) => one.option === option) === true) continue;
    throw new HapaxError("planning/template-choice", `${template.id} leaves no choice ${choice}: ${option}.`, found === undefined ? `It leaves ${listed(offered.map((one) => one.choice)) || "none"}.` : `${choice} may be ${listed(found.options.map((one) => one.option))}.`);
  }
}

function targetOf(template: PlanTemplate, role: string, doseGy: number, { targets = {} }: TemplateChoices, { structures }: Pick<PlanningScan, "structures">): string {
  const drawn = drawnTargets(structures);
  const remedy = drawn.length === 0 ? "No target is drawn on this scan." : `Drawn are ${listed(drawn)}: name the one that is meant.`;
  const chosen = targets[role];
  if (chosen !== undefined) {
    if (structures.some(({ name }) => name === chosen)) return chosen;
    throw new HapaxError("planning/target", `${chosen}, named as ${role} of ${template.id}, is not on this scan.`, remedy);
  }
  const found = targetsFor(role, doseGy, template.targets.length === 1, structures);
  if (found.length === 1) return found[0] as string;
  throw new HapaxError("planning/target", found.length === 0 ? `${role} of ${template.id} is not drawn on this scan.` : `${role} of ${template.id} may be ${listed(found)}.`, remedy);
}

/** The goals of a template with one of each choice, and those of its sets. */
function goalsOf(template: PlanTemplate, options: Readonly<Record<string, string>>): TemplateGoal[] {
  const taken = new Map(choicesOf(template).map(({ choice, options: offered }) => [choice, options[choice] ?? offered[0]?.option]));
  const own = template.goals.filter(({ choice, option }) => choice === undefined || taken.get(choice) === option);
  const published = (template.sets ?? []).flatMap((asked) => {
    const set = constraintSets.find(({ id }) => id === asked.set) as ConstraintSet;
    const held = constraints.filter((constraint) => constraint.set === asked.set && asked.structures.includes(constraint.structure) && (asked.metrics?.includes(constraint.metric) ?? true) && holdsFor(set, constraint, template.fractions));
    return held.map((constraint) => goalFrom(set, constraint, asked.priority));
  });
  return [...own, ...published].sort((a, b) => a.priority - b.priority);
}

const holdsFor = (set: ConstraintSet, constraint: Constraint, fractions: number): boolean => set.conventional === true || set.cumulativeEqd2 === true || constraint.fractions === fractions;

function goalFrom(set: ConstraintSet, { structure, metric, atMost, atLeast, alphaBeta, note }: Constraint, priority: number): TemplateGoal {
  return {
    structure, metric, priority,
    ...(atMost === undefined ? {} : { atMost }),
    ...(atLeast === undefined ? {} : { atLeast }),
    source: `${set.name}: ${set.source}${note === undefined || set.cumulativeEqd2 === true ? "" : ` (${note})`}`,
    verified: set.verified,
    ...(set.cumulativeEqd2 === true && alphaBeta !== undefined ? { cumulative: { alphaBeta } } : {}),
  };
}

function resolved(goal: TemplateGoal, structure: string, doseOf: (role: string) => number): Goal {
  const { metric, priority, source, verified, cumulative } = goal;
  const gy = (percent: number) => tidy((percent / 100) * doseOf(goal.of ?? goal.structure));
  const atMost = goal.atMostPercent === undefined ? goal.atMost : gy(goal.atMostPercent);
  const atLeast = goal.atLeastPercent === undefined ? goal.atLeast : gy(goal.atLeastPercent);
  return {
    structure, metric,
    ...(atMost === undefined ? {} : { atMost }),
    ...(atLeast === undefined ? {} : { atLeast }),
    priority, source, verified,
    ...(cumulative === undefined ? {} : { cumulative }),
  };
}

function normalizationOf({ normalization }: PlanTemplate, drawnAs: ReadonlyMap<string, string>, doseOf: (role: string) => number): Normalization {
  if (normalization.kind === "none") return normalization;
  const { of, metric, percent } = normalization;
  return { kind: "metric", structure: drawnAs.get(of) as string, metric, gy: tidy((percent / 100) * doseOf(of)) };
}

/** Open fields or modulated ones: those asked for, else those of the template; never both. */
function fieldsOf(template: PlanTemplate, choices: TemplateChoices): Pick<PlanRequest, "conformal" | "modulated"> {
  const { conformal, modulated } = choices.conformal === undefined && choices.modulated === undefined ? template : choices;
  return { ...(conformal === undefined ? {} : { conformal }), ...(modulated === undefined ? {} : { modulated }) };
}

function beamsGiven({ beams: { gantryDeg, names } }: PlanTemplate): BeamAsked[] {
  return gantryDeg.map((angle, n) => ({ name: names?.[n] ?? `G${String(angle).padStart(3, "0")}`, gantryDeg: angle, collimatorDeg: 0, couchDeg: 0 }));
}

/** Without the last digits that a product of decimals leaves: 0.95 × 66 is 62.7. */
const tidy = (value: number): number => Number(value.toPrecision(10));
