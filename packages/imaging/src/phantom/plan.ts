import { collimatorFromPatient, projected, type Vec3 } from "@hapax/base";
import type { ControlPoint, PlanBeam, TreatmentPlan } from "@hapax/case";
import { outlinesAt } from "./outline.ts";
import { uidOf, type PhantomStudy } from "./phantom-study.ts";

const sadMm = 1000;
/** Pairs of the generic machine: 5 mm in the middle, 10 mm beyond. */
const leafEdges = [...edges(-200, -100, 10), ...edges(-100, 100, 5), ...edges(100, 201, 10)];
/** From the target to the edge of a field, mm. */
const margin = 7;

/** Fields of a palliative plan; the report names neither their number nor their directions. */
export type Fields = "two opposed" | "four";

/** The oblique pair enters from behind on the right and leaves in front on the left: the cord then lies at its edge. */
const directions: Readonly<Record<Fields, readonly (readonly [name: string, gantryDeg: number])[]>> = {
  "two opposed": [["AP", 0], ["PA", 180]],
  four: [["AP", 0], ["LAO", 45], ["PA", 180], ["RPO", 225]],
};

/**
 * The palliative plan as the report tells it, 20 Gy in 5 to the PTV, by fields that are fitted to it; undefined for other
 * studies. It has no monitor units: who calculates its dose sets them.
 */
export function studyPlan(study: PhantomStudy, fields: Fields = "two opposed"): TreatmentPlan | undefined {
  const fitted = fit(study);
  if (fitted === undefined) return undefined;
  const uid = uidOf(`${study.studyUid}/plan/${fields}`);
  return {
    uid, studyUid: study.studyUid, seriesUid: uidOf(`${uid}/series`), files: [], label: `SYNTHETIC plan: ${fields} fields chosen here`, synthetic: true, problems: [],
    intent: "PALLIATIVE", structureSetUid: study.structureSetUid, fractions: 5,
    prescriptions: [{ structure: fitted.number, role: "TARGET", targetGy: 20, description: "PTV, median dose" }],
    beams: directions[fields].map(([name, gantryDeg], n) => beam(n + 1, name, gantryDeg, fitted)),
  };
}

interface Fitted {
  readonly number: number;
  readonly isocenter: Vec3;
  /** Points of the target's surface, LPS, mm. */
  readonly points: readonly Vec3[];
}

function fit(study: PhantomStudy): Fitted | undefined {
  if (study.spec.treatment !== "palliative-3d") return undefined;
  const n = study.solids().findIndex(({ name }) => name === "PTV");
  const target = study.solids()[n];
  if (target === undefined) return undefined;
  const points: Vec3[] = [];
  for (let z = -222; z <= 180; z += 3) {
    for (const loop of outlinesAt(target.solid, z, 4)) for (let i = 0; i < loop.length; i += 2) points.push([loop[i] as number, loop[i + 1] as number, z]);
  }
  const middle = (axis: 0 | 1 | 2) => Math.round((Math.min(...points.map((p) => p[axis])) + Math.max(...points.map((p) => p[axis]))) / 2);
  return { number: n + 1, isocenter: [middle(0), middle(1), middle(2)], points };
}

function beam(number: number, name: string, gantryDeg: number, { isocenter, points }: Fitted): PlanBeam {
  const position = { isocenter, patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg: 0 } as const;
  const seen = collimatorFromPatient(position);
  const shadow = points.map((p) => projected(seen, sadMm, p));
  const open = leafEdges.slice(0, -1).map((edge, n) => {
    const to = leafEdges[n + 1] as number;
    const across = shadow.filter(([, y]) => y > edge - margin && y < to + margin).map(([x]) => x);
    return across.length === 0 ? ([0, 0] as const) : ([Math.min(...across) - margin, Math.max(...across) + margin] as const);
  });
  const around = (values: readonly number[]) => [tenth(Math.min(...values) - margin), tenth(Math.max(...values) + margin)] as const;
  const limits = {
    x: around(shadow.map(([x]) => x)), y: around(shadow.map(([, y]) => y)),
    leaves: [...open.map(([left]) => tenth(left)), ...open.map(([, right]) => tenth(right))],
  };
  const point = (metersetShare: number): ControlPoint => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter, limits });
  return { number, name, type: "STATIC", radiation: "PHOTON", machine: "generic-6mv", energyMv: 6, sadMm, leafEdges, leafAxis: "x", controlPoints: [point(0), point(1)] };
}

const tenth = (mm: number): number => Math.round(mm * 10) / 10;

/** From, from + step, … below to. */
function edges(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step);
}
