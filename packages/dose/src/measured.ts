import type { BeamMeasurements } from "./fit.ts";
import artiste from "./measured/artiste-6mv.json" with { type: "json" };
import synergy from "./measured/synergy-6mv.json" with { type: "json" };

/** A beam as it was measured, with its fluence off axis. */
export interface MeasuredBeam extends BeamMeasurements {
  readonly primaryFluence: { readonly radiiMm: readonly number[]; readonly values: readonly number[] };
}

/** What the fitted machines of the house were measured to give. */
export const measuredBeams: readonly MeasuredBeam[] = [synergy, artiste];

/** What a machine was measured to give; undefined where the house has no measurements of it. */
export const measuredBeam = (machine: string): MeasuredBeam | undefined => measuredBeams.find((beam) => beam.machine === machine);

/** TPR20,10 of 100 mm × 100 mm as measured; undefined where one of the three is not. */
export function measuredTpr2010({ tpr }: BeamMeasurements): number | undefined {
  const at = (depthMm: number) => tpr.values[tpr.depthsMm.indexOf(depthMm)]?.[tpr.fieldsMm.indexOf(100)];
  const [deep, shallow] = [at(200), at(100)];
  return deep === undefined || shallow === undefined ? undefined : deep / shallow;
}
