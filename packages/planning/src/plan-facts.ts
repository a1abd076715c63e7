import { spacingOf, type Volume } from "@hapax/base";
import { closedLoops } from "@hapax/case";
import { densityCurves, machines, type DensityCurve, type Machine } from "@hapax/dose";
import { dvhOf } from "@hapax/radiotherapy";
import type { PlanMade } from "./plan-made.ts";
import type { PlanningScan } from "./setting.ts";
import { organsNamed } from "./setup/named-structures.ts";
import { sourceSkinMm } from "./source-skin.ts";

/** A cumulative histogram, as it is drawn. */
export interface PlanHistogram {
  readonly structure: string;
  readonly volumeCc: number;
  /** Share of the volume whose dose is known, 0 to 1. */
  readonly coverage: number;
  /** Gy, rising, and the least percent of the volume that has at least that dose. */
  readonly points: readonly (readonly [number, number])[];
}

/** What is told of a plan beside what it holds itself. */
export interface PlanFacts {
  /** Undefined where this machine is not here in the version that the plan was made with. */
  readonly machine?: Pick<Machine, "name" | "energyMv" | "filter" | "sadMm" | "calibration" | "origin" | "mlc">;
  /** Undefined where the curve is none of the house's. */
  readonly curve?: DensityCurve;
  /** Of every drawn structure but the body, in the order of the set. */
  readonly histograms: readonly PlanHistogram[];
  /** ROINames that each goal of the request is about, in their order; none where the structure is not drawn. */
  readonly goalStructures: readonly (readonly string[])[];
  /** From the source to the skin along the axis of each beam, mm; undefined where no body is drawn there. */
  readonly skinMm: readonly (number | undefined)[];
}

/** Steps of a curve up to the highest dose. */
const curveSteps = 240;

/**
 * Machine, curve, histograms and distances of a made plan.
 *
 * @param dose  of all fractions, Gy, in the frame of reference of the scan
 * @throws      as `dvhOf`
 */
export function planFacts({ beams, madeFrom, request }: PlanMade, { structures, ct, patientPosition }: PlanningScan, dose: Volume<Float32Array>): PlanFacts {
  const machine = machines().find(({ id, version }) => id === madeFrom.machine.id && version === madeFrom.machine.version);
  const curve = densityCurves.find(({ id }) => id === request.curve);
  const body = structures.find(({ type, contours }) => type === "EXTERNAL" && contours.length > 0);
  const highest = dose.values.reduce((most, gy) => Math.max(most, gy), 0) || 1;
  const histograms = structures.flatMap((structure): PlanHistogram[] => {
    if (structure === body || closedLoops(structure).length === 0) return [];
    const dvh = dvhOf(structure, dose, { frameOfReference: dose.grid.frameOfReference, sliceMm: spacingOf(ct.grid)[2] });
    const points = Array.from({ length: curveSteps + 1 }, (_, i) => (i * highest) / curveSteps).map((gy) => [gy, 100 * dvh.vAt(gy).low] as const);
    return [{ structure: structure.name, volumeCc: dvh.volumeCc, coverage: dvh.coverage, points }];
  });
  const goalStructures = request.goals.map(({ structure }) => (histograms.some((one) => one.structure === structure) ? [structure] : organsNamed(structure, structures)));
  const skinMm = beams.map(({ controlPoints: [point], sadMm }) => (body === undefined || point === undefined ? undefined : sourceSkinMm({ ...point, patientPosition }, sadMm, body)));
  return { ...(machine === undefined ? {} : { machine }), ...(curve === undefined ? {} : { curve }), histograms, goalStructures, skinMm };
}
