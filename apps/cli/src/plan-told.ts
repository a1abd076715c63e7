import { showNumber } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import type { Bounds } from "@hapax/kernels";
import type { Goal, GoalOutcome, PlanMade } from "@hapax/planning";
import { boundsJson, boundsText } from "./bounds.ts";
import type { Reproduced } from "./plan-reproduced.ts";
import { printable, table } from "./table.ts";

/** What a command of planning has to tell. */
export interface PlanTold {
  readonly made: PlanMade;
  /** Where a plan was made or calculated again. */
  readonly reproduced?: Reproduced;
  /** Written, as the caller named the folder. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** The unit between the brackets of a metric. */
const unitOf = (metric: string): string => /\[(.+)\]$/.exec(metric)?.[1] ?? "";

/** Openings of a beam through which meterset is given. */
const segmentsOf = ({ controlPoints }: PlanBeam): number => controlPoints.filter(({ metersetShare }, i) => metersetShare > (controlPoints[i - 1]?.metersetShare ?? 0)).length;

/** Share of D95 that sequencing took, percent; below 0 where it gave. */
const lossPercent = ({ optimizedGy, deliveredGy }: PlanMade["sequencing"][number]): number => 100 * (1 - deliveredGy / optimizedGy);

export function planJson({ made, reproduced, files, notes }: PlanTold): unknown {
  const { request, madeFrom, isocenter, beams, outcomes, holds, indices, feasibility, maximum, mu, segments, delivery, sequencing, seconds, stopped } = made;
  return {
    id: request.id, name: request.name, technique: request.technique, fractions: request.fractions, prescriptions: request.prescriptions,
    ...(request.template === undefined ? {} : { template: request.template }),
    madeFrom, curve: request.curve, gridMm: request.gridMm, isocenter,
    goals: outcomes.map(({ goal, verdict, value, why }) => ({ ...goal, achieved: value === undefined ? null : boundsJson(value), verdict, why })),
    holds, indices: indices.map((index) => ({ ...index, value: boundsJson(index.value) })), ...(feasibility === undefined ? {} : { feasibility }), maximum,
    beams: beams.map((beam) => ({ number: beam.number, name: beam.name, ...anglesOf(beam), segments: segmentsOf(beam), mu: beam.meterset })),
    mu, segments, delivery,
    sequencing: sequencing.map((loss) => ({ ...loss, lossPercent: lossPercent(loss) })),
    seconds, stopped,
    ...(reproduced === undefined ? {} : { reproduced }),
    notes: [...made.notes, ...notes], files,
  };
}

export function planText({ made, reproduced, files, notes }: PlanTold): string {
  const { request, madeFrom, outcomes, holds, indices, feasibility, beams, sequencing } = made;
  const parts = [
    table(headOf(made)),
    table([["structure", "goal", "achieved", "", "priority", "source"], ...outcomes.map(goalRow)]),
    ...(holds.length === 0 ? [] : [`What holds the plan\n${table(holds.flatMap(({ goal, price, why }) => [[goal.structure, limitOf(goal), why], ...price.map(priceRow)]), "  ")}`]),
    table([["beam", "name", "gantry", "collimator", "couch", "segments", "per fraction"], ...beams.map(beamRow)]),
    ...(indices.length === 0 ? [] : [table([["index", "structure", "value", "source"], ...indices.map(({ name, structure, value, source }) => [name, structure, boundsText(value), source])])]),
    ...(feasibility === undefined ? [] : [feasibilityText(feasibility)]),
    ...(sequencing.length === 0 ? [] : [table([["sequencing", "D95 optimized", "delivered", "lost"], ...sequencing.map((loss) => [loss.structure, gy(loss.optimizedGy), gy(loss.deliveredGy), `${showNumber(lossPercent(loss), 2)} %`])])]),
    ...(reproduced === undefined ? [] : [reproducedText(reproduced)]),
    [
      ...(made.stopped ? ["Ended before it was done: the plan is as good as it was then."] : []),
      ...made.notes, ...notes, ...made.delivery.assumptions.map((assumption) => `Time: ${assumption}`),
      `${madeFrom.engine}. Research and education. Not a medical device.`,
      ...files,
    ].map((said) => `${printable(said)}\n`).join(""),
  ];
  return `${printable(request.name)}\n${parts.join("\n")}`;
}

const gy = (dose: number): string => `${showNumber(dose, 2)} Gy`;

function headOf({ request, madeFrom, maximum, mu, segments, delivery, seconds }: PlanMade): string[][] {
  const { machine } = madeFrom;
  const highest = Math.max(...request.prescriptions.map(({ doseGy }) => doseGy));
  return [
    ["prescribed", `${request.prescriptions.map(({ structure, doseGy }) => `${showNumber(doseGy)} Gy to ${structure}`).join(", ")} in ${request.fractions} fractions, ${request.technique}`],
    ["maximum", `${gy(maximum.gy)}, ${showNumber((100 * maximum.gy) / highest, 1)} % of ${showNumber(highest)} Gy, at ${maximum.at.map((mm) => showNumber(mm, 1)).join(", ")} mm`],
    ["per fraction", `${showNumber(mu, 1)} MU in ${segments} segments, about ${showNumber(delivery.seconds / 60, 1)} min`],
    ["machine", `${machine.id}, version ${machine.version} (${machine.name})`],
    ["dose", `${request.curve}, ${showNumber(request.gridMm)} mm, ${madeFrom.cones} cones`],
    ["made in", `${showNumber(seconds, 1)} s`],
  ];
}

const verdicts: Readonly<Record<GoalOutcome["verdict"], string>> = { met: "met", held: "met, at its limit", "not met": "NOT MET", "cannot tell": "cannot tell" };

function goalRow({ goal, verdict, value, why }: GoalOutcome): string[] {
  const achieved = value === undefined ? why : valueOf(value, goal.metric);
  return [goal.structure, limitOf(goal), achieved, verdicts[verdict], goal.priority === 1 ? "limit" : String(goal.priority), sourceOf(goal)];
}

/** Whose goal it is; all of its source stands in the report and in JSON. */
const sourceOf = ({ source, verified }: Goal): string => `${source.split(/[:;]/)[0] as string}${verified ? "" : ", not verified"}`;

const valueOf = (value: Bounds, metric: string): string => `${boundsText(value)} ${unitOf(metric)}`.trim();

/** As "D95% at least 62.7 Gy"; of a sum of courses, that it is one and with which α/β, Gy. */
function limitOf({ metric, atLeast, atMost, cumulative }: Goal): string {
  const unit = unitOf(metric);
  const words = [...(atLeast === undefined ? [] : [`at least ${showNumber(atLeast)} ${unit}`]), ...(atMost === undefined ? [] : [`at most ${showNumber(atMost)} ${unit}`])].join(", ");
  return `${metric.replace(/\[.+\]$/, "")} ${words}${cumulative === undefined ? "" : ` EQD2 in all, α/β ${showNumber(cumulative.alphaBeta)}`}`;
}

function priceRow({ structure, metric, changePerGy }: PlanMade["holds"][number]["price"][number]): string[] {
  const unit = unitOf(metric);
  return ["", `each Gy more: ${structure} ${metric.replace(/\[.+\]$/, "")}`, `${changePerGy >= 0 ? "+" : ""}${showNumber(changePerGy, 2)} ${unit}`];
}

const anglesOf = ({ controlPoints: [first] }: PlanBeam) => ({ gantryDeg: first?.gantryDeg, collimatorDeg: first?.collimatorDeg, couchDeg: first?.couchDeg });

function beamRow(beam: PlanBeam): string[] {
  const { gantryDeg, collimatorDeg, couchDeg } = anglesOf(beam);
  const angle = (deg: number | undefined) => (deg === undefined ? "" : `${showNumber(deg, 1)}°`);
  return [String(beam.number), beam.name, angle(gantryDeg), angle(collimatorDeg), angle(couchDeg), String(segmentsOf(beam)), beam.meterset === undefined ? "" : `${showNumber(beam.meterset, 1)} MU`];
}

/** The limits that are reached first, so many. */
const mostReached = 12;

function feasibilityText({ why, reaches, notDrawn }: NonNullable<PlanMade["feasibility"]>): string {
  const rows = reaches.slice(0, mostReached).map(({ organ, metric, limit, atAsked, atPrescriptionGy, set, verified }) => [
    organ, `${metric.replace(/\[.+\]$/, "")} ${showNumber(limit)} ${unitOf(metric)}`, `${showNumber(atAsked, 1)} ${unitOf(metric)}`, Number.isFinite(atPrescriptionGy) ? gy(atPrescriptionGy) : "at none", `${set}${verified ? "" : ", not verified"}`,
  ]);
  const rest = reaches.length > mostReached ? `and ${reaches.length - mostReached} limits that are reached later\n` : "";
  const lacking = notDrawn.length === 0 ? "" : `Not drawn: ${notDrawn.join(", ")}\n`;
  return `Would it be feasible? ${why}\n${table([["organ", "limit", "at this dose", "reached at", "source"], ...rows])}${rest}${lacking}`;
}

function reproducedText({ how, largestPercent, goals }: Reproduced): string {
  const rows = goals.map(({ structure, metric, before, now, percent }) => [
    structure, metric, before === undefined ? "not known" : showNumber(before, 3), now === undefined ? "not known" : showNumber(now, 3), percent === undefined ? "" : `${percent >= 0 ? "+" : ""}${showNumber(percent, 3)} %`,
  ]);
  const said = largestPercent === undefined ? "No goal could be compared." : `The plan reproduces within ${showNumber(largestPercent, 3)} %, ${how}.`;
  return `${table([["structure", "metric", "before", "now", "difference"], ...rows])}${said}\n`;
}
