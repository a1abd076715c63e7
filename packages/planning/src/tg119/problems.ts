import { gridOf, type Vec3, type Volume } from "@hapax/base";
import { machineNamed } from "@hapax/dose";
import { planSchema, planVersion, type Goal, type PlanRequest } from "../request.ts";
import type { PlanningScan } from "../setting.ts";
import { box, both, cylinder, drawn, either, ellipsoid, grown, sector, without, type Depth } from "./shapes.ts";

/** A goal of the task group with what its participants reached, Gy. */
export interface Tg119Goal extends Goal {
  readonly publishedMean: number;
  readonly publishedSd: number;
}

/** One of the planning problems of AAPM task group 119 in its block of water. */
export interface Tg119Problem {
  readonly id: "multitarget" | "prostate" | "head and neck" | "C-shape, easier" | "C-shape, harder";
  readonly scan: PlanningScan;
  readonly request: PlanRequest;
  readonly goals: readonly Tg119Goal[];
}

/** Shapes, goals and published doses were recalled, not read in the report (Ezzell 2009, doi 10.1118/1.3238104). */
const source = "AAPM TG-119, Ezzell 2009; recalled";
const frameOfReference = "TG-119";
const sliceMm = 2.5;
const planes = (from: number, to: number) => Array.from({ length: Math.round((to - from) / sliceMm) }, (_, k) => from + (k + 0.5) * sliceMm);

interface Shape {
  readonly name: string;
  readonly type: "PTV" | "ORGAN";
  readonly depth: Depth;
}
interface Sketch {
  readonly shapes: readonly Shape[];
  readonly beams: number;
  readonly everyDeg: number;
  /** LPS, mm: the middle of the targets. */
  readonly isocenter: Vec3;
  /** 0 unless given; at 90 leaves end where targets do along the table. */
  readonly collimatorDeg?: number;
  /** Side of a bixel, mm; 5 unless given. */
  readonly bixelMm?: number;
  /** Of a beam, at most; 12 unless given. */
  readonly segments?: number;
  readonly fractions: number;
  /** What the monitor units are scaled to: within the published spread of it. */
  readonly scaledTo: readonly [structure: string, metric: string, gy: number];
  readonly doses: Readonly<Record<string, number>>;
  readonly goals: readonly (readonly [structure: string, metric: string, side: "atLeast" | "atMost", gy: number, priority: number, mean: number, sd: number])[];
}

const ring = (inner: number, outer: number): Depth => without(cylinder([0, 0], outer, [-40, 40]), cylinder([0, 0], inner, [-41, 41]));
/** A ring open over 151 degrees to the back, as the task group's surrounds its core. */
const cShape: Depth = both(ring(15, 37), sector([0, 0], 270, 104.5));
const core: Depth = cylinder([0, 0], 10, [-50, 50]);

const rectum: Depth = cylinder([0, 30], 7.5, [-45, 45]);
/** 40 mm wide, 65 mm long, 26 mm deep in the middle; behind hollow, so that it meets the rectum there. */
const prostate: Depth = without(ellipsoid([0, 10.75, 0], [20, 14.25, 32.5]), cylinder([0, 42.5], 20, [-100, 100]));

const cord: Depth = cylinder([0, 30], 6, [-75, 75]);
const parotids: Depth = either(ellipsoid([-47, 5, 38], [12, 18, 22]), ellipsoid([47, 5, 38], [12, 18, 22]));
/** All in front from the base of the skull to the upper neck with the nodes behind, 15 mm from the cord. */
const neck: Depth = without(both(cylinder([0, 5], 52, [-50, 50]), box([-52, -45, -50], [52, 50, 50])), grown(cord, 15), box([-21, 30, -60], [21, 80, 60]), grown(parotids, 1));

const sketches: Readonly<Record<Tg119Problem["id"], Sketch>> = {
  multitarget: {
    shapes: [
      { name: "PTV_Mid", type: "PTV", depth: cylinder([0, 0], 20, [-20, 20]) },
      { name: "PTV_Sup", type: "PTV", depth: cylinder([0, 0], 20, [20, 60]) },
      { name: "PTV_Inf", type: "PTV", depth: cylinder([0, 0], 20, [-60, -20]) },
    ],
    beams: 7, everyDeg: 50, isocenter: [0, 0, 0], collimatorDeg: 90, bixelMm: 2.5, segments: 16, fractions: 25, scaledTo: ["PTV_Mid", "D99%[Gy]", 49], doses: { PTV_Mid: 50, PTV_Sup: 25, PTV_Inf: 12.5 },
    goals: [
      ["PTV_Mid", "D99%[Gy]", "atLeast", 50, 2, 49.55, 1.62], ["PTV_Mid", "D10%[Gy]", "atMost", 53, 2, 54.55, 1.73],
      ["PTV_Sup", "D99%[Gy]", "atLeast", 25, 2, 25.16, 0.85], ["PTV_Sup", "D10%[Gy]", "atMost", 35, 2, 34.12, 3.04],
      ["PTV_Inf", "D99%[Gy]", "atLeast", 12.5, 2, 14.07, 1.85], ["PTV_Inf", "D10%[Gy]", "atMost", 25, 2, 24.18, 2.72],
    ],
  },
  prostate: {
    shapes: [
      { name: "PTV", type: "PTV", depth: grown(prostate, 6) },
      { name: "Rectum", type: "ORGAN", depth: rectum },
      { name: "Bladder", type: "ORGAN", depth: ellipsoid([0, -8, 45], [25, 20, 25]) },
    ],
    beams: 7, everyDeg: 50, isocenter: [0, 11, 0], fractions: 42, scaledTo: ["PTV", "D95%[Gy]", 75.65], doses: { PTV: 75.6 },
    goals: [
      ["PTV", "D95%[Gy]", "atLeast", 75.6, 2, 75.66, 0.21], ["PTV", "D5%[Gy]", "atMost", 83, 2, 81.43, 1.56],
      ["Rectum", "D30%[Gy]", "atMost", 70, 2, 65.36, 2.97], ["Rectum", "D10%[Gy]", "atMost", 75, 1, 73.03, 1.5],
      ["Bladder", "D30%[Gy]", "atMost", 70, 3, 43.94, 8.78], ["Bladder", "D10%[Gy]", "atMost", 75, 3, 62.69, 8.15],
    ],
  },
  "head and neck": {
    shapes: [
      { name: "PTV", type: "PTV", depth: neck },
      { name: "SpinalCord", type: "ORGAN", depth: cord },
      { name: "Parotid_L", type: "ORGAN", depth: both(parotids, box([0, -90, -100], [160, 90, 100])) },
      { name: "Parotid_R", type: "ORGAN", depth: both(parotids, box([-160, -90, -100], [0, 90, 100])) },
    ],
    beams: 9, everyDeg: 40, isocenter: [0, 3, 0], segments: 18, fractions: 25, scaledTo: ["PTV", "D90%[Gy]", 50.1], doses: { PTV: 50 },
    goals: [
      ["PTV", "D90%[Gy]", "atLeast", 50, 2, 50.28, 0.58], ["PTV", "D99%[Gy]", "atLeast", 46.5, 2, 47.04, 0.52], ["PTV", "D20%[Gy]", "atMost", 55, 2, 52.99, 0.93],
      ["SpinalCord", "Max[Gy]", "atMost", 40, 1, 37.41, 2.5],
      ["Parotid_L", "D50%[Gy]", "atMost", 20, 1, 17.98, 1.84], ["Parotid_R", "D50%[Gy]", "atMost", 20, 1, 17.98, 1.84],
    ],
  },
  "C-shape, easier": {
    shapes: [{ name: "PTV", type: "PTV", depth: cShape }, { name: "Core", type: "ORGAN", depth: core }],
    beams: 9, everyDeg: 40, isocenter: [0, -14, 0], segments: 18, fractions: 25, scaledTo: ["PTV", "D95%[Gy]", 50.1], doses: { PTV: 50 },
    goals: [["PTV", "D95%[Gy]", "atLeast", 50, 2, 50.1, 0.17], ["PTV", "D10%[Gy]", "atMost", 55, 2, 54.4, 0.52], ["Core", "D10%[Gy]", "atMost", 25, 1, 22, 3.14]],
  },
  "C-shape, harder": {
    shapes: [{ name: "PTV", type: "PTV", depth: cShape }, { name: "Core", type: "ORGAN", depth: core }],
    beams: 9, everyDeg: 40, isocenter: [0, -14, 0], segments: 18, fractions: 25, scaledTo: ["PTV", "D95%[Gy]", 50.1], doses: { PTV: 50 },
    goals: [["PTV", "D95%[Gy]", "atLeast", 50, 2, 50.11, 0.165], ["PTV", "D10%[Gy]", "atMost", 55, 2, 57.02, 2.2], ["Core", "D10%[Gy]", "atMost", 10, 2, 16.3, 3.07]],
  },
};

/** The problems by name, in the order of the report. */
export const tg119Problems = Object.keys(sketches) as readonly Tg119Problem["id"][];

/**
 * A planning problem of TG-119: a block of water 300 mm wide, 150 deep and 300 long, with the structures drawn in it.
 *
 * @param gridMm  of the dose; 3 unless given
 */
export function tg119(id: Tg119Problem["id"], { gridMm = 3 }: { readonly gridMm?: number } = {}): Tg119Problem {
  const { shapes, beams, everyDeg, isocenter, collimatorDeg = 0, bixelMm = 5, segments = 12, fractions, scaledTo: [structure, metric, gy], doses, goals: asked } = sketches[id];
  const goals = asked.map(([name, of, side, limit, priority, publishedMean, publishedSd]): Tg119Goal => ({ structure: name, metric: of, [side]: limit, priority, source, verified: false, publishedMean, publishedSd }));
  const machine = machineNamed("generic-6mv");
  return {
    id, goals, scan: { ...scanOf(shapes), synthetic: true },
    request: {
      schema: planSchema, version: planVersion, id: id.replace(/[^a-z]+/gi, "-"), name: `TG-119 ${id}`, technique: "IMRT", intent: "CURATIVE", fractions,
      prescriptions: Object.entries(doses).map(([name, doseGy]) => ({ structure: name, doseGy })),
      normalization: { kind: "metric", structure, metric, gy }, machine: { id: machine.id, version: machine.version }, curve: "matrad-default", gridMm, isocenter,
      beams: { given: Array.from({ length: beams }, (_, n) => ({ name: `Gantry ${n * everyDeg}`, gantryDeg: n * everyDeg, collimatorDeg, couchDeg: 0 })) },
      goals: goals.map(({ publishedMean: _mean, publishedSd: _sd, ...goal }) => goal),
      modulated: { bixelMm, segmentsPerBeam: segments, leastSegmentMu: 2, smoothing: 3, iterations: 100, corrections: 2 },
    },
  };
}

function scanOf(shapes: readonly Shape[]): Omit<PlanningScan, "synthetic"> {
  const body = box([-150, -75, -150], [150, 75, 150]);
  const spacing = [3, 3, sliceMm] as const;
  const size = [112, 60, 128] as const;
  const origin = [-((size[0] - 1) * spacing[0]) / 2, -((size[1] - 1) * spacing[1]) / 2, -((size[2] - 1) * spacing[2]) / 2] as const;
  const values = new Int16Array(size[0] * size[1] * size[2]).fill(-1000);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) if (body(origin[0] + i * spacing[0], origin[1] + j * spacing[1], origin[2] + k * spacing[2]) >= 0) values[at] = 0;
    }
  }
  const ct: Volume = { grid: gridOf({ size, origin, spacing, frameOfReference }), values, slope: 1, intercept: 0, unit: "HU" };
  const structures = [
    drawn(1, "Body", "EXTERNAL", body, planes(-150, 150), { halfMm: [160, 90], pixelMm: 5 }),
    ...shapes.map(({ name, type, depth }, n) => drawn(n + 2, name, type, depth, planes(-80, 80), { halfMm: [64, 64], pixelMm: 1 })),
  ];
  return { ct, structures, patientPosition: "HFS", uids: { ct: "TG-119", structureSet: "TG-119" } };
}
