import type { PlanBeam } from "@hapax/case";
import type { DvhCurve } from "./image/dvh-figure.ts";
import { beam, isocenter, structures } from "./image/samples.fixture.ts";
import type { OutlinedStructure } from "./image/structure-lines.ts";
import type { BeamArrangement } from "./plan-beams.ts";
import { dvhGoals, type DvhOfPlan } from "./plan-dvh.ts";
import type { ObjectiveStep } from "./plan-objective.ts";
import type { Room } from "./plan-room.ts";

/** The body of the trunk no one has, in ellipses. */
export const body: OutlinedStructure = {
  name: "BODY",
  loops: Array.from({ length: 22 }, (_, k) => {
    const z = -126 + 12 * k;
    const wide = z > 80 ? 0.6 : 1;
    return Float64Array.from({ length: 64 * 3 }, (_, i) => [150 * wide * Math.cos((Math.floor(i / 3) * Math.PI) / 32), 5 + 100 * wide * Math.sin((Math.floor(i / 3) * Math.PI) / 32), z][i % 3] as number);
  }),
};

const fan = [0, 40, 80, 120, 160, 200, 240, 280, 320].map((gantryDeg, i) => ({ number: i + 1, name: `${i + 1}`, gantryDeg, couchDeg: 0 }));

export const coplanar: BeamArrangement = { beams: fan, isocenter, patientPosition: "HFS", structures: [body, ...structures.filter(({ name }) => name !== "SpinalCord_PRV05")] };
export const nonCoplanar: BeamArrangement = { ...coplanar, beams: [{ number: 1, name: "AP", gantryDeg: 0, couchDeg: 0 }, { number: 2, name: "left oblique", gantryDeg: 60, couchDeg: 0 }, { number: 3, name: "superior", gantryDeg: 40, couchDeg: 270 }, { number: 4, name: "oblique", gantryDeg: 300, couchDeg: 30 }] };

export const room: Room = {
  beams: [...coplanar.beams.slice(0, 5), ...nonCoplanar.beams.slice(3).map((one) => ({ ...one, number: 6 }))].map((one) => ({ ...one, collimatorDeg: 0, sadMm: 1000, x: [-60, 70] as const, y: [-60, 60] as const })),
  isocenter, patientPosition: "HFS", body: body.loops, targets: structures.filter(({ name }) => name === "PTV"), chosen: 3,
};

/** Falls by a tenth of what is left; corrected at 40, refined at 70. */
export const history: readonly ObjectiveStep[] = Array.from({ length: 90 }, (_, i): ObjectiveStep => ({
  iteration: i, priority: i < 20 ? 1 : 2, round: i < 40 ? 0 : i < 70 ? 1 : 2,
  objective: (i < 20 ? 4000 : 900) * Math.exp(-0.1 * (i - (i < 20 ? 0 : 20))) + 20.6 + (i >= 40 && i < 45 ? 30 : 0),
}));

const fall = (half: number, width: number): DvhCurve["points"] => Array.from({ length: 301 }, (_, i) => [i * 0.25, (100 * (1 + Math.exp(-half / width))) / (1 + Math.exp((i * 0.25 - half) / width))]);
const planned = (shift: number): readonly DvhCurve[] => [
  { name: "PTV_High", points: fall(67 + shift / 3, 0.7), coverage: 1 },
  { name: "PTV_Low", points: fall(57 + shift / 2, 1.6), coverage: 1 },
  { name: "SpinalCord", points: fall(25 + shift, 3), coverage: 1 },
  { name: "Esophagus", points: fall(15 + 2 * shift, 6), coverage: 1 },
  { name: "Lung_R", points: fall(6 + shift, 5), coverage: 1 },
  { name: "BrachialPlex_R", points: fall(50 - shift, 5), coverage: 1 },
];

export const plans: readonly DvhOfPlan[] = [0, 2, -2, 4].map((shift, i) => ({ name: ["IMRT, 9 beams", "IMRT, 7 beams", "3D conformal", "SBRT"][i] as string, curves: planned(shift) }));
export const goals = [
  ...dvhGoals({ structure: "PTV_High", metric: "D95%[Gy]", atLeast: 62.7 }),
  ...dvhGoals({ structure: "PTV_High", metric: "D2%[Gy]", atMost: 70.6 }),
  ...dvhGoals({ structure: "PTV_Low", metric: "D95%[Gy]", atLeast: 51.3 }),
  ...dvhGoals({ structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 39 }, 40),
  ...dvhGoals({ structure: "Lung_R", metric: "V20Gy[%]", atMost: 5 }).map((goal) => ({ ...goal, met: false })),
  ...dvhGoals({ structure: "Esophagus", metric: "Mean[Gy]", atMost: 20 }),
];

const point = beam.controlPoints[0] as PlanBeam["controlPoints"][number];
const shifted = (by: number) => ({ ...point.limits, leaves: (point.limits.leaves as readonly number[]).map((at, i) => (i < 24 ? Math.min(at + by, 75) : at)) });
/** Three openings, of 30, 20 and 10 MU, the leaves of bank 1 each time farther in. */
export const modulated: PlanBeam = {
  ...beam, meterset: 60,
  controlPoints: [0, 30, 50].flatMap((before, i) => [before, before + [30, 20, 10][i]!].map((mu) => ({ ...point, metersetShare: mu / 60, limits: shifted(20 * i) }))),
};
