import { gridOf, type Vec3, type Volume } from "@hapax/base";
import type { ControlPoint, DoseGrid, PlanBeam, ScanOrigin, TreatmentPlan } from "@hapax/case";
import { ctGrid, paintCt } from "./ct.ts";
import { primaryDose, type Aperture } from "./primary-dose.ts";
import { outlinesAt } from "./outline.ts";
import { uidOf, type PhantomStudy } from "./phantom-study.ts";

const sadMm = 1000;
const leafEdges = Array.from({ length: 41 }, (_, n) => -200 + 10 * n);
const comment = "SYNTHETIC illustration: primary beam only, not a calculated dose";

/** The palliative plan as the report tells it, 20 Gy in 5 by two opposed beams fitted to the PTV; undefined for other studies. */
export function studyPlan(study: PhantomStudy): TreatmentPlan | undefined {
  const fitted = fit(study);
  if (fitted === undefined) return undefined;
  return {
    ...origin(study, study.planUid, "plan: two opposed beams, fields chosen here"),
    intent: "PALLIATIVE", structureSetUid: study.structureSetUid, fractions: 5,
    prescriptions: [{ structure: fitted.number, role: "TARGET", targetGy: 20, description: "PTV, median dose" }],
    beams: [beam(1, "AP", 0, fitted), beam(2, "PA", 180, fitted)],
  };
}

const origin = (study: PhantomStudy, uid: string, label: string): ScanOrigin => ({
  uid, studyUid: study.studyUid, seriesUid: uidOf(`${uid}/series`), files: [], label: `SYNTHETIC ${label}`, synthetic: true, problems: [],
});

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
  for (let z = -222; z <= 180; z += 6) {
    for (const loop of outlinesAt(target.solid, z, 4)) for (let i = 0; i < loop.length; i += 2) points.push([loop[i] as number, loop[i + 1] as number, z]);
  }
  const middle = (axis: 0 | 1 | 2) => Math.round((Math.min(...points.map((p) => p[axis])) + Math.max(...points.map((p) => p[axis]))) / 2);
  return { number: n + 1, isocenter: [middle(0), middle(1), middle(2)], points };
}

/** A target's point seen from the source, mm at the isocenter: across to the left of the gantry's view, and to the head. */
function seen([x, y, z]: Vec3, isocenter: Vec3, gantryDeg: 0 | 180): readonly [number, number] {
  const sign = gantryDeg === 0 ? 1 : -1;
  const scale = sadMm / (sadMm + sign * (y - isocenter[1]));
  return [sign * (x - isocenter[0]) * scale, (z - isocenter[2]) * scale];
}

function beam(number: number, name: string, gantryDeg: 0 | 180, { isocenter, points }: Fitted): PlanBeam {
  const shadow = points.map((p) => seen(p, isocenter, gantryDeg));
  const near = leafEdges.slice(0, -1).map((edge) => shadow.filter(([, v]) => v > edge - 10 && v < edge + 20).map(([u]) => u));
  const open = near.map((across) => (across.length === 0 ? undefined : [Math.min(...across) - 7, Math.max(...across) + 7] as const));
  const us = shadow.map(([u]) => u), vs = shadow.map(([, v]) => v);
  const limits = {
    x: [Math.min(...us) - 7, Math.max(...us) + 7] as const, y: [Math.min(...vs) - 7, Math.max(...vs) + 7] as const,
    leaves: [...open.map((pair) => pair?.[0] ?? 0), ...open.map((pair) => pair?.[1] ?? 0)].map((v) => Math.round(v * 10) / 10),
  };
  const point = (metersetShare: number): ControlPoint => ({ metersetShare, gantryDeg, collimatorDeg: 0, couchDeg: 0, isocenter, limits });
  return { number, name, type: "STATIC", radiation: "PHOTON", energyMv: 15, sadMm, leafEdges, leafAxis: "x", controlPoints: [point(0), point(1)] };
}

/**
 * A dose to look at until an engine computes one: attenuation of the primary beam through the CT's densities, inverse
 * square and a soft field edge, so scaled that half of the PTV has at least 20 Gy. It is no calculated dose and says so.
 */
export function studyDose(study: PhantomStudy): DoseGrid | undefined {
  const plan = studyPlan(study), fitted = fit(study);
  if (plan === undefined || fitted === undefined) return undefined;
  const grid = gridOf({ size: [104, 80, 92], origin: [-206, -126, -222], spacing: [4, 4, 4], frameOfReference: study.frameOfReference });
  const make = (): Volume<Float32Array> => {
    const ct = paintCt(study.anatomy(), ctGrid("ray", study.frameOfReference), study.spec.seed);
    const beams = plan.beams.map((b): Aperture => ({ fromFront: (b.controlPoints[0] as ControlPoint).gantryDeg === 0, sadMm, isocenter: fitted.isocenter, leafEdges, limits: (b.controlPoints[0] as ControlPoint).limits }));
    const target = study.solids()[fitted.number - 1]?.solid;
    return { grid, values: primaryDose(ct, grid, beams, target, 20), slope: 1, intercept: 0, unit: "Gy" };
  };
  return { ...origin(study, study.doseUid, "dose"), type: "PHYSICAL", summation: "PLAN", planUid: study.planUid, comment, grid, volume: async () => make() };
}
