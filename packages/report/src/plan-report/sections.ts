import type { Content } from "pdfmake/interfaces.js";
import type { ControlPoint, PlanBeam } from "@hapax/case";
import { beamOpenings } from "@hapax/figures";
import type { GoalOutcome, PlanFacts, PlanMade } from "@hapax/planning";
import { bounds, cannotTell, cm, counted, degrees, duration, goalText, gy, indexText, mu, notRecorded, percent, place, unitOf } from "./numbers.ts";
import { ink, list, marked, mono, pairs, paragraph, small, strong, table, unknown, type Cell } from "./layout.ts";

/** What each target is to receive. */
export function prescription({ request }: PlanMade): Content[] {
  const { fractions, prescriptions, normalization } = request;
  const rows = prescriptions.map(({ structure, doseGy }) => [mono(structure), strong(gy(doseGy)), String(fractions), `${(doseGy / fractions).toFixed(2)}\u00a0Gy`]);
  const scaled = {
    metric: () => (normalization.kind === "metric" ? `Monitor units are scaled so that ${normalization.metric.replace(/\[.*$/, "")} of ${normalization.structure} is ${gy(normalization.gy)}.` : ""),
    isocenter: () => (normalization.kind === "isocenter" ? `Monitor units are scaled so that the isocenter gets ${gy(normalization.gy)}.` : ""),
    none: () => "Monitor units are as the optimizer left them; nothing was scaled afterwards.",
  }[normalization.kind]();
  return [table([{ head: "Target", share: 4 }, { head: "Dose", share: 2, align: "right" }, { head: "Fractions", share: 2, align: "right" }, { head: "Per fraction", share: 2, align: "right" }], rows), small(scaled)];
}

/** Goals as they were asked, by priority, and what the dose has. */
export function goals({ outcomes }: PlanMade): Content[] {
  if (outcomes.length === 0) return [paragraph("No goal was asked of this plan.")];
  const rows = [...outcomes].sort((a, b) => a.goal.priority - b.goal.priority).map((outcome): Cell[] => {
    const { goal, value, verdict, why } = outcome;
    const said = verdict === "cannot tell" ? [{ text: why, fontSize: 7.5, color: ink.second }] : [];
    return [
      String(goal.priority), mono(goal.structure), goalText(goal),
      value === undefined ? unknown(cannotTell) : strong(bounds(value, unitOf(goal.metric))),
      verdictCell(verdict),
      { stack: [{ text: [goal.source === "" ? notRecorded : goal.source, ...(goal.verified ? [] : [{ text: "; " }, { text: "unverified", decoration: "underline", decorationStyle: "dotted" }])], fontSize: 7.5, color: ink.second }, ...said] } as Cell,
    ];
  });
  const count = (verdicts: readonly GoalOutcome["verdict"][]) => outcomes.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return [
    paragraph(`Of ${counted(outcomes.length, "goal")}: met ${count(["met", "held"])}, of which at the limit ${count(["held"])}; not met ${count(["not met"])}; cannot tell ${count(["cannot tell"])}. A goal gives way to those of a lesser number; those of priority 1 are limits.`),
    table([{ head: "Priority", share: 1.3, align: "right" }, { head: "Structure", share: 3.2 }, { head: "Goal", share: 3.6 }, { head: "Achieved", share: 2.1, align: "right" }, { head: "Verdict", share: 2.3 }, { head: "Source", share: 5 }], rows),
  ];
}

function verdictCell(verdict: GoalOutcome["verdict"]): Cell {
  switch (verdict) {
    case "met":
      return marked("met", "met", ink.met);
    case "held":
      return marked("met", "met, holds", ink.uncertain, true);
    case "not met":
      return marked("not met", "not met", ink.contradiction, true);
    case "cannot tell":
      return marked("cannot tell", "cannot tell", ink.third);
  }
}

/** What keeps the plan from being better, and what one gray would buy. */
export function holds({ holds: held }: PlanMade): Content[] {
  if (held.length === 0) return [paragraph("No goal was found to hold the plan.")];
  const change = (value: number, metric: string) => `${value > 0 ? "+" : ""}${value.toFixed(2).replace("-", "−")}\u00a0${unitOf(metric)}`;
  const rows = held.flatMap(({ goal, price, why }): Cell[][] => {
    const first: Cell[] = [mono(goal.structure), goalText(goal)];
    if (price.length === 0) return [[...first, why, unknown("not calculated")]];
    return price.map((one, i): Cell[] => [...(i === 0 ? first : ["", ""]), i === 0 ? why : "", { text: [{ text: `${one.structure} `, font: "Source Code Pro", fontSize: 7.6 }, `${one.metric.replace(/\[.*$/, "")} ${change(one.changePerGy, one.metric)}`] } as Cell]);
  });
  return [table([{ head: "Structure", share: 2.6 }, { head: "Goal that holds", share: 3.4 }, { head: "Why", share: 4.6 }, { head: "One gray given back there changes", share: 4 }], rows)];
}

/** Each beam with its angles, field and monitor units of one fraction. */
export function beams({ beams: own, mu: total, segments, isocenter }: PlanMade, { skinMm }: PlanFacts): Content[] {
  const rows = own.map((beam, i): Cell[] => {
    const [point] = beam.controlPoints;
    const skin = skinMm[i];
    const jaws = (axis: "x" | "y") => {
      const span = widest(beam, axis);
      return span === undefined ? unknown(notRecorded) : `${cm(span[0])} to ${cm(span[1])}`;
    };
    return [
      String(beam.number), beam.name,
      ...(point === undefined ? [unknown(notRecorded), unknown(notRecorded), unknown(notRecorded)] : [turn(beam.controlPoints, "gantryDeg"), degrees(point.collimatorDeg), degrees(point.couchDeg)]),
      skin === undefined ? unknown(cannotTell) : cm(skin), jaws("x"), jaws("y"),
      String(beamOpenings(beam).length),
      beam.meterset === undefined ? unknown(notRecorded) : strong(beam.meterset.toFixed(1)),
    ];
  });
  const sum: Cell[] = ["", strong("All beams"), "", "", "", "", "", "", strong(String(segments)), strong(total.toFixed(1))];
  return [
    table(
      [{ head: "No.", share: 0.8, align: "right" }, { head: "Name", share: 3 }, { head: "Gantry", share: 1.7, align: "right" }, { head: "Collimator", share: 1.8, align: "right" }, { head: "Couch", share: 1.3, align: "right" }, { head: "SSD, cm", share: 1.5, align: "right" }, { head: "X jaws, cm", share: 2.2, align: "right" }, { head: "Y jaws, cm", share: 2.2, align: "right" }, { head: "Segments", share: 1.6, align: "right" }, { head: "MU", share: 1.4, align: "right" }],
      [...rows, sum],
    ),
    small(`Angles as IEC 61217; jaws at the isocenter, the widest of each beam; monitor units of one fraction. Isocenter ${place(isocenter)} in DICOM patient coordinates.`),
  ];
}

/** How long a fraction takes. */
export function delivery({ delivery: { seconds, assumptions }, mu: total, segments }: PlanMade): Content[] {
  return [
    paragraph(`Estimated time to deliver one fraction: ${duration(seconds)}, with ${mu(total)} through ${counted(segments, "segment")}. It is reckoned with:`),
    assumptions.length === 0 ? paragraph(`Assumptions: ${notRecorded}.`) : list(assumptions),
  ];
}

function widest({ controlPoints }: PlanBeam, axis: "x" | "y"): readonly [number, number] | undefined {
  const spans = controlPoints.flatMap(({ limits }) => (limits[axis] === undefined ? [] : [limits[axis]]));
  return spans.length === 0 ? undefined : [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

function turn(points: readonly ControlPoint[], of: "gantryDeg"): string {
  const [from, to] = [points[0], points.at(-1)].map((point) => degrees(point?.[of] ?? 0)) as [string, string];
  return from === to ? from : `${from} to ${to}`;
}

/** Which organ's limit a stereotactic dose reaches first. */
export function feasibility({ why, reaches, notDrawn }: NonNullable<PlanMade["feasibility"]>): Content[] {
  const rows = reaches.map(({ organ, metric, limit, atAsked, atPrescriptionGy, whole, set, verified }): Cell[] => [
    mono(organ), `${metric.replace(/\[.*$/, "")} ${limit}\u00a0${unitOf(metric)}`, `${atAsked.toFixed(1)}\u00a0${unitOf(metric)}`,
    Number.isFinite(atPrescriptionGy) ? strong(gy(atPrescriptionGy)) : "at none",
    { text: [set, ...(verified ? [] : [{ text: "; " }, { text: "unverified", decoration: "underline", decorationStyle: "dotted" }]), ...(whole ? [] : [{ text: "; known only in part of the organ" }])], fontSize: 7.5, color: ink.second } as Cell,
  ]);
  return [
    paragraph(why),
    ...(rows.length === 0 ? [] : [table([{ head: "Organ", share: 3 }, { head: "Limit", share: 3 }, { head: "At this dose", share: 2.2, align: "right" }, { head: "Reached at", share: 2.2, align: "right" }, { head: "Source", share: 4 }], rows)]),
    ...(notDrawn.length === 0 ? [] : [small(`Limits of organs that are not drawn: ${notDrawn.join(", ")}.`)]),
  ];
}

/** Indices of each target, and the highest dose. */
export function indices({ indices: own, maximum, request }: PlanMade): Content[] {
  const prescribed = Math.max(...request.prescriptions.map(({ doseGy }) => doseGy));
  const highest = `Highest dose anywhere: ${gy(maximum.gy)}, ${percent((100 * maximum.gy) / prescribed)} of ${gy(prescribed)}, at ${place(maximum.at)}.`;
  if (own.length === 0) return [paragraph("No index was calculated."), paragraph(highest)];
  const structures = [...new Set(own.map(({ structure }) => structure))];
  const names = [...new Set(own.map(({ name }) => name))];
  const rows = names.map((name): Cell[] => {
    const some = own.filter((index) => index.name === name);
    return [
      name,
      ...structures.map((structure): Cell => {
        const index = some.find((one) => one.structure === structure);
        return index === undefined ? unknown("not calculated") : indexText(index);
      }),
      { text: [...new Set(some.map(({ source }) => source))].filter((source) => source !== "").join("; ") || "defined as named", color: ink.second, fontSize: 7.5 } as Cell,
    ];
  });
  return [table([{ head: "Index", share: 2.4 }, ...structures.map((head) => ({ head, share: 2, align: "right" as const })), { head: "Source", share: 3 }], rows), paragraph(highest)];
}

/** What was lost from the optimized to the delivered dose. */
export function sequencing({ sequencing: lost }: PlanMade): Content[] {
  if (lost.length === 0) return [paragraph("Nothing was sequenced: the beams are open fields, and the dose that was optimized is the dose that is delivered.")];
  const rows = lost.map(({ structure, optimizedGy, deliveredGy }): Cell[] => [mono(structure), gy(optimizedGy), strong(gy(deliveredGy)), gy(deliveredGy - optimizedGy), optimizedGy > 0 ? percent((100 * (deliveredGy - optimizedGy)) / optimizedGy) : unknown(cannotTell)]);
  return [table([{ head: "Target", share: 4 }, { head: "D95% optimized", share: 2, align: "right" }, { head: "D95% delivered", share: 2, align: "right" }, { head: "Change", share: 2, align: "right" }, { head: "Relative", share: 2, align: "right" }], rows)];
}

/** Doses given before that the plan reckons with. */
export function earlier({ request }: PlanMade): Content[] {
  const asked = request.earlier ?? [];
  if (asked.length === 0) return [paragraph("None: limits are those of this plan alone.")];
  const rows = asked.map(({ label, fractions, shiftMm, recovery, recoverySource, registration }): Cell[] => [
    label, String(fractions), `${shiftMm.toFixed(1)}\u00a0mm`,
    recovery === 0 ? "none" : `${percent(100 * recovery)}; ${recoverySource ?? `source ${notRecorded}`}`,
    registration === "" ? unknown(notRecorded) : registration,
  ]);
  return [
    table([{ head: "Dose", share: 2.5 }, { head: "Fractions", share: 1.4, align: "right" }, { head: "Shift allowed", share: 1.7, align: "right" }, { head: "Recovery of EQD2", share: 2.2 }, { head: "Registration", share: 2.6 }], rows),
    small("Each earlier dose counts by its EQD2, the worst within the shift allowed; the UID of each stands at the end."),
  ];
}

/** Machine, curve, grid and engine. */
export function calculation({ request, madeFrom, beams: [first] }: PlanMade, { machine, curve }: PlanFacts): Content[] {
  const gone = `not among the machines here in version ${madeFrom.machine.version}`;
  const origin = machine === undefined ? unknown(gone) : `${machine.origin.kind}: ${machine.origin.statement}`;
  return [
    pairs([
      ["Machine", madeFrom.machine.name], ["Id, version", `${madeFrom.machine.id}, version ${madeFrom.machine.version}`],
      ["Energy", machine === undefined ? (first?.energyMv === undefined ? unknown(notRecorded) : `${first.energyMv}\u00a0MV`) : `${machine.energyMv}\u00a0MV photons, ${machine.filter === "FFF" ? "flattening filter free" : "flattened"}`],
      ["Source to axis", first === undefined ? unknown(notRecorded) : `${first.sadMm}\u00a0mm`],
      ["Leaves", machine?.mlc === undefined ? unknown(notRecorded) : `${machine.mlc.leafEdgesMm.length - 1} pairs along ${machine.mlc.axis}`],
      ["Monitor unit", machine === undefined ? unknown(gone) : `${machine.calibration.gyPerMu}\u00a0Gy in water, ${machine.calibration.fieldMm / 10} × ${machine.calibration.fieldMm / 10}\u00a0cm, SSD ${machine.calibration.ssdMm}\u00a0mm, depth ${machine.calibration.depthMm}\u00a0mm`],
      ["Density curve", curve === undefined ? request.curve : `${curve.name} (${curve.id})`], ["Curve, source", curve === undefined ? unknown("not among the curves here") : `${curve.source}${curve.verified ? "" : "; unverified"}`],
      ["Dose grid", `${request.gridMm}\u00a0mm`], ["Dose", "absorbed dose in the medium, Gy over all fractions"],
      ["Superposition", `collapsed cones, ${madeFrom.cones} directions`], ["Engine", madeFrom.engine],
    ]),
    { text: [{ text: "Where the machine’s numbers come from: ", color: ink.third }, typeof origin === "string" ? origin : gone], margin: [0, 0, 0, 3] },
    ...(machine === undefined ? [] : [{ text: [{ text: "Where its calibration comes from: ", color: ink.third }, `${machine.calibration.origin.kind}: ${machine.calibration.origin.statement}`], margin: [0, 0, 0, 5] } as Content]),
  ];
}

/** What has to be had to make the plan again. */
export function origin({ request, madeFrom, seconds, stopped }: PlanMade): Content[] {
  const uid = (text: string): Cell => (text === "" ? unknown(notRecorded) : ({ text, font: "Source Code Pro", fontSize: 7, margin: [0, 1.5, 0, 0] } as Cell));
  return [
    table([{ head: "What", share: 3 }, { head: "Identity", share: 7 }], [
      ["CT, SeriesInstanceUID", uid(madeFrom.ct)],
      ["Structures, SOPInstanceUID", uid(madeFrom.structureSet)],
      ["Frame of reference", uid(madeFrom.frameOfReference)],
      ["Machine", `${madeFrom.machine.id}, version ${madeFrom.machine.version}`],
      ["Density curve", request.curve],
      ["Engine", madeFrom.engine],
      ["Request", `${request.schema} version ${request.version}, id ${request.id}`],
      ...madeFrom.earlier.map(({ label, dose }): Cell[] => [`Earlier dose: ${label}`, uid(dose)]),
    ]),
    small(`The same request on the same scan gives the same plan. ${stopped ? "A person ended the optimization before it was done. " : ""}It took ${duration(seconds)} on the machine that made it.`),
  ];
}
