import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { Contour, PlanBeam, Structure } from "@hapax/case";
import type { Goal, GoalOutcome, PlanMade, PlanningScan } from "@hapax/planning";

const frameOfReference = "1.2.840.1";
const grid = gridOf({ size: [60, 48, 40], origin: [-147.5, -117.5, -97.5], spacing: [5, 5, 5], frameOfReference });

function volumeOf<V extends Int16Array | Float32Array>(values: V, unit: Volume["unit"], value: (p: Vec3) => number): Volume<V> {
  for (let i = 0; i < values.length; i++) values[i] = value([-147.5 + 5 * (i % 60), -117.5 + 5 * (Math.floor(i / 60) % 48), -97.5 + 5 * Math.floor(i / 2880)]);
  return { grid, values, slope: 1, intercept: 0, unit };
}

const count = 60 * 48 * 40;
const inBox = ([x, y, z]: Vec3) => Math.abs(x) < 130 && Math.abs(y) < 95 && Math.abs(z) < 95;
const ct = volumeOf(new Int16Array(count), "HU", (p) => (!inBox(p) ? -1000 : Math.hypot(p[0] - 5, p[1] - 60) < 22 ? 350 : Math.hypot(p[0] + 70, p[1], p[2]) < 40 ? -700 : 0));

/** 20 Gy in the middle of the target, hotter towards the front, and a low bath along the table. */
export const dose = volumeOf(new Float32Array(count), "Gy", ([x, y, z]) => (18.8 - 0.02 * y) / (1 + Math.exp((Math.hypot(x, y, z) - 52) / 3.5)) + 1.5 * Math.exp(-((x / 60) ** 2)));

const loop = (points: readonly (readonly [number, number])[], z: number): Contour => ({ type: "CLOSED_PLANAR", points: Float64Array.from(points.flatMap(([x, y]) => [x, y, z])) });
const circle = (radius: number, [x, y]: readonly [number, number]) => Array.from({ length: 48 }, (_, i) => [x + radius * Math.cos((i * Math.PI) / 24), y + radius * Math.sin((i * Math.PI) / 24)] as const);
const planes = Array.from({ length: 39 }, (_, k) => -95 + 5 * k);
const structures: readonly Structure[] = [
  { number: 1, name: "BODY", type: "EXTERNAL", contours: planes.map((z) => loop([[-130, -95], [130, -95], [130, 95], [-130, 95]], z)) },
  { number: 2, name: "PTV", type: "PTV", contours: planes.filter((z) => Math.abs(z) < 39).map((z) => loop(circle(Math.sqrt(40 ** 2 - z * z), [0, 0]), z)) },
  { number: 3, name: "SpinalCord", type: "ORGAN", contours: planes.map((z) => loop(circle(7, [5, 60]), z)) },
  { number: 4, name: "Lung_R", type: "ORGAN", contours: planes.filter((z) => Math.abs(z) < 39).map((z) => loop(circle(Math.sqrt(40 ** 2 - z * z), [-70, 0]), z)) },
  { number: 5, name: "Larynx", type: "ORGAN", contours: [] },
];

/** A ball in a box of water, with a cord behind it. */
export const scan: PlanningScan = { ct, structures, patientPosition: "HFS", uids: { ct: "1.2.840.1.1", structureSet: "1.2.840.1.2" }, synthetic: true };

const edges = Array.from({ length: 21 }, (_, i) => -50 + 5 * i);
/** Leaves on a circle, those of bank 1 moved in by so much. */
const leaves = (by: number) => [-1, 1].flatMap((side) => edges.slice(1).map((edge) => side * Math.sqrt(Math.max(46 ** 2 - (edge - 2.5) ** 2, 0)) + (side === -1 ? Math.min(by, 2 * Math.sqrt(Math.max(46 ** 2 - (edge - 2.5) ** 2, 0))) : 0)));
const beam = (number: number, name: string, gantryDeg: number, couchDeg: number, meterset: number): PlanBeam => {
  const at = (metersetShare: number, by: number) => ({ metersetShare, gantryDeg, collimatorDeg: 10, couchDeg, isocenter: [0, 0, 0] as const, limits: { x: [-48, 48] as const, y: [-46, 47] as const, leaves: leaves(by) } });
  return { number, name, type: "STATIC", radiation: "PHOTON", machine: "generic-6mv", energyMv: 6, sadMm: 1000, meterset, leafEdges: edges, leafAxis: "x", controlPoints: [at(0, 0), at(0.7, 0), at(0.7, 40), at(1, 40)] };
};

const goals: readonly Goal[] = [
  { structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 8.2, priority: 1, source: "QUANTEC, cord", verified: true },
  { structure: "PTV", metric: "D95%[Gy]", atLeast: 18.1, priority: 2, source: "95 % of the prescribed dose", verified: true },
  { structure: "PTV", metric: "Max[Gy]", atMost: 20.3, priority: 2, source: "107 % of the prescribed dose; recalled", verified: false },
  { structure: "Lung_R", metric: "V10Gy[%]", atMost: 30, priority: 3, source: "", verified: false },
  { structure: "Larynx", metric: "Mean[Gy]", atMost: 12, priority: 4, source: "Departmental", verified: false },
  { structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 54, priority: 1, source: "Sum of EQD2", verified: false, cumulative: { alphaBeta: 2 } },
];
const verdicts: readonly (Omit<GoalOutcome, "goal">)[] = [
  { verdict: "held", value: { low: 8.11, high: 8.11 }, why: "At its limit." },
  { verdict: "met", value: { low: 19.23, high: 19.23 }, why: "Met." },
  { verdict: "not met", value: { low: 20.87, high: 20.87 }, why: "Too hot." },
  { verdict: "met", value: { low: 11.8, high: 13.4 }, why: "Met, with part of the dose unknown." },
  { verdict: "cannot tell", why: "Larynx is not drawn." },
  { verdict: "met", value: { low: 47.3, high: 47.3 }, why: "Met." },
];

/** Two beams with two segments each on the ball in the box; every number of it is made up. */
export const made: PlanMade = {
  request: {
    schema: "hapax/plan", version: 1, id: "made-up", name: "Made up, 19 Gy in 5", course: "palliative", technique: "IMRT", intent: "PALLIATIVE", fractions: 5,
    prescriptions: [{ structure: "PTV", doseGy: 19 }], normalization: { kind: "metric", structure: "PTV", metric: "D98%[Gy]", gy: 19.1 },
    machine: { id: "generic-6mv", version: "2" }, curve: "schneider2000-gate", gridMm: 2.5,
    beams: { given: [{ name: "AP", gantryDeg: 0, collimatorDeg: 10, couchDeg: 0 }, { name: "left oblique", gantryDeg: 60, collimatorDeg: 10, couchDeg: 345 }] },
    goals, modulated: { bixelMm: 5, segmentsPerBeam: 2, leastSegmentMu: 2, smoothing: 0.1, iterations: 60, corrections: 1 },
    earlier: [{ label: "First course", fractions: 30, shiftMm: 4, recovery: 0.25, recoverySource: "assumed", registration: "the same frame of reference" }],
  },
  madeFrom: {
    ct: "1.2.840.1.1", structureSet: "1.2.840.1.2", frameOfReference, synthetic: true, engine: "Hapax 0.1.0", machine: { id: "generic-6mv", version: "2", name: "Generic linear accelerator, 6 MV" }, cones: 72,
    earlier: [{ label: "First course", dose: "1.2.840.1.77" }],
  },
  isocenter: [0, 0, 0],
  beams: [beam(1, "AP", 0, 0, 311.4), beam(2, "left oblique", 60, 345, 287.9)],
  outcomes: goals.map((goal, i) => ({ goal, ...(verdicts[i] as Omit<GoalOutcome, "goal">) })),
  holds: [{ goal: goals[0] as Goal, price: [{ structure: "PTV", metric: "D95%[Gy]", changePerGy: 0.31 }, { structure: "Lung_R", metric: "V10Gy[%]", changePerGy: -0.42 }], why: "The cord stands at its limit." }],
  feasibility: {
    fractionation: { doseGy: 19, fractions: 8 },
    reaches: [
      { organ: "Esophagus", metric: "D0.1cc[Gy]", limit: 40, atAsked: 41.5, atPrescriptionGy: 18.3, whole: true, set: "a hospital’s set", source: "tolerance doses of a clinic", verified: true },
      { organ: "Skin", metric: "D10cc[Gy]", limit: 44, atAsked: 0, atPrescriptionGy: Infinity, whole: false, set: "another set", source: "recalled", verified: false },
    ],
    feasible: false, why: "Esophagus reaches its limit at 18.3 Gy.", notDrawn: ["Bronchus_Main"], withoutLimit: [],
  },
  indices: [
    { name: "D98%", structure: "PTV", value: { low: 19.06, high: 19.06 }, source: "ICRU 83" }, { name: "V95%", structure: "PTV", value: { low: 99.97, high: 99.97 }, source: "ICRU 83" },
    { name: "conformity, Paddick", structure: "PTV", value: { low: 0.786, high: 0.786 }, source: "Paddick 2000" }, { name: "R50%", structure: "PTV", value: { low: 4.372, high: 4.372 }, source: "RTOG 0813" },
  ],
  maximum: { gy: 20.87, at: [-2.5, -32.5, -2.5] },
  mu: 599.3, segments: 4,
  delivery: { seconds: 137, assumptions: ["600 monitor units a minute, and 2 s for a beam to start", "setup and imaging are not counted"] },
  history: Array.from({ length: 40 }, (_, i) => ({ iteration: i, objective: 300 * Math.exp(-i / 8) + 4.87, priority: 1, round: i < 20 ? 0 : i < 30 ? 1 : 2 })),
  sequencing: [{ structure: "PTV", optimizedGy: 19.41, deliveredGy: 19.23 }],
  seconds: 84, stopped: false,
  notes: ["Lung_R was sampled at every second voxel."],
};
