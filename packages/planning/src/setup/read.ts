import { HapaxError } from "@hapax/base";
import { z } from "zod";
import type { PlanMade } from "../plan-made.ts";
import { planSchema, planVersion, type PlanRequest } from "../request.ts";

const text = z.string().min(1);
const number = z.number();
const above = z.number().positive();
const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const angle = z.number().min(-360).max(360);
const point = z.tuple([number, number, number]);
const pair = z.tuple([number, number]);
/** An upper bound that is not known is Infinity, which JSON writes as null. */
const upper = z.union([number, z.null().transform(() => Infinity), z.custom<number>((value) => value === Infinity)]);
const bounds = z.strictObject({ low: number, high: upper });

const machine = z.strictObject({ id: text, version: text });

const goal = z.strictObject({
  structure: text,
  metric: text,
  atMost: number.optional(),
  atLeast: number.optional(),
  priority: z.number().int().min(1),
  source: text,
  verified: z.boolean(),
  cumulative: z.strictObject({ alphaBeta: above }).optional(),
});

const beamAsked = z.strictObject({ name: text, gantryDeg: angle, collimatorDeg: angle, couchDeg: angle });
const someBeams = z.number().int().min(1);

/** Fractions and doses are only read here: what is wrong with them is said by `checkAsked`. */
const request = z.strictObject({
  schema: z.literal(planSchema),
  version: z.literal(planVersion),
  id: z.string().regex(/^[A-Za-z0-9-]+$/, "letters, digits and hyphens are asked"),
  name: text,
  course: text.optional(),
  template: text.optional(),
  technique: z.enum(["3D conformal", "IMRT", "SBRT"]),
  intent: text,
  fractions: number,
  prescriptions: z.array(z.strictObject({ structure: text, doseGy: number })),
  normalization: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("metric"), structure: text, metric: text, gy: above }),
    z.strictObject({ kind: z.literal("isocenter"), gy: above }),
    z.strictObject({ kind: z.literal("none") }),
  ]),
  machine,
  curve: text,
  gridMm: above,
  isocenter: point.optional(),
  beams: z.union([z.strictObject({ given: z.array(beamAsked) }), z.strictObject({ even: someBeams }), z.strictObject({ chosen: someBeams })]),
  goals: z.array(goal),
  conformal: z.strictObject({ marginMm: number, leafStrategy: z.enum(["outside", "middle", "inside"]), fieldsInField: count, hottestPercent: above }).optional(),
  modulated: z
    .strictObject({ bixelMm: above, segmentsPerBeam: z.number().int().min(1), leastSegmentMu: z.number().min(0), smoothing: z.number().min(0), iterations: z.number().int().min(1), corrections: count })
    .optional(),
  earlier: z.array(z.strictObject({ label: text, fractions: number, shiftMm: number, recovery: number, recoverySource: text.optional(), registration: text })).optional(),
});

const limits = z.strictObject({ x: pair.optional(), y: pair.optional(), leaves: z.array(number).optional() });

const beam = z.strictObject({
  number: z.number().int(),
  name: text,
  type: text,
  radiation: text,
  machine: text.optional(),
  energyMv: above.optional(),
  sadMm: above,
  meterset: z.number().min(0).optional(),
  leafEdges: z.array(number).optional(),
  leafAxis: z.enum(["x", "y"]).optional(),
  blocks: z.array(z.strictObject({ type: z.enum(["SHIELDING", "APERTURE"]), outlineMm: z.array(pair), transmission: share.optional() })).optional(),
  modifiers: z.array(z.string()).optional(),
  controlPoints: z.array(z.strictObject({ metersetShare: share, gantryDeg: angle, collimatorDeg: angle, couchDeg: angle, isocenter: point, limits })),
});

const reached = z.strictObject({
  organ: text, metric: text, limit: number, atAsked: number, atPrescriptionGy: upper, whole: z.boolean(), set: text, source: z.string(), verified: z.boolean(), cumulativeAlphaBeta: above.optional(),
});
/** `feasible` that cannot be told is left out by JSON. */
const feasibility = z
  .strictObject({ fractionation: z.strictObject({ doseGy: above, fractions: z.number().int().min(1) }), reaches: z.array(reached), limiting: reached.optional(), feasible: z.boolean().optional(), why: z.string(), notDrawn: z.array(text), withoutLimit: z.array(text) })
  .transform(({ feasible, ...rest }) => ({ ...rest, feasible }));

const made = z.strictObject({
  request,
  madeFrom: z.strictObject({
    ct: z.string(),
    structureSet: z.string(),
    frameOfReference: z.string(),
    synthetic: z.boolean(),
    engine: text,
    machine: z.strictObject({ id: text, version: text, name: text }),
    cones: z.number().int().min(1),
    earlier: z.array(z.strictObject({ label: text, dose: z.string() })),
  }),
  isocenter: point,
  beams: z.array(beam),
  outcomes: z.array(z.strictObject({ goal, verdict: z.enum(["met", "held", "not met", "cannot tell"]), value: bounds.optional(), why: z.string() })),
  holds: z.array(z.strictObject({ goal, price: z.array(z.strictObject({ structure: text, metric: text, changePerGy: number })), why: z.string() })),
  indices: z.array(z.strictObject({ name: text, structure: text, value: bounds, source: z.string() })),
  feasibility: feasibility.optional(),
  maximum: z.strictObject({ gy: number, at: point }),
  mu: z.number().min(0),
  segments: count,
  delivery: z.strictObject({ seconds: z.number().min(0), assumptions: z.array(z.string()) }),
  history: z.array(z.strictObject({ iteration: count, objective: number, priority: count, round: count })),
  sequencing: z.array(z.strictObject({ structure: text, optimizedGy: number, deliveredGy: number })),
  seconds: z.number().min(0),
  stopped: z.boolean(),
  notes: z.array(z.string()),
});

/**
 * A request from its JSON. Whether it can be planned is for `checkAsked` and `checkRequest`.
 *
 * @throws planning/request with one problem for each field that does not fit, naming it and the value met
 */
export function planRequestOf(json: unknown): PlanRequest {
  return read(request, json, "planning/request", "The plan request") satisfies PlanRequest;
}

/**
 * A made plan from its JSON.
 *
 * @throws planning/file with one problem for each field that does not fit, naming it and the value met
 */
export function planMadeOf(json: unknown): PlanMade {
  return read(made, json, "planning/file", "The plan") satisfies PlanMade;
}

function read<Read>(schema: z.ZodType<Read>, json: unknown, code: string, what: string): Read {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const remedy = "Correct the fields named; `hapax plan` writes files that can be read.";
  const problems = parsed.error.issues.flatMap((issue) => leaves(issue, [])).map(({ path, message }) => new HapaxError(code, `${path.length === 0 ? "the whole" : path.map(String).join(".")} is ${met(json, path)}: ${message}.`, remedy));
  const more = problems.length > 3 ? ` And ${problems.length - 3} more.` : "";
  throw new HapaxError(code, `${what} cannot be read: ${problems.slice(0, 3).map((problem) => problem.what).join(" ")}${more}`, remedy, problems);
}

type Path = readonly PropertyKey[];

/** The fields that an issue is about: of several forms that a value may have, those of the form it comes nearest to. */
function leaves(issue: z.core.$ZodIssue, before: Path): { path: Path; message: string }[] {
  const path = [...before, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path: [...path, key], message: "no field of this name is known" }));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best));
    return nearest.flatMap((one) => leaves(one, path));
  }
  return [{ path, message: issue.message.replace(/\.$/, "") }];
}

/** What stands at a path, cut to a length that can be read. */
function met(json: unknown, path: Path): string {
  const value = path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined), json);
  if (value === undefined) return "missing";
  const shown = typeof value === "number" && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
