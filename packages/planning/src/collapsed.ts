import type { BeamPosition } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { beamDose, headFluence, planDose, type ConeCount, type DoseOperator, type FluenceMap } from "@hapax/dose";
import type { WorkOptions } from "@hapax/kernels";
import type { PlanningWork, Setting } from "./setting.ts";

interface Watched extends WorkOptions {
  readonly crew: PlanningWork["crew"];
  readonly cones: ConeCount;
}

/** Dose of bixel weights by collapsed cones, Gy on the grid of the medium; as `beamDose` throws. */
export async function doseOfFluence({ machine, medium }: Setting, positions: readonly BeamPosition[], operator: Pick<DoseOperator, "fluenceOf">, weights: Float32Array, { crew, cones, signal, onProgress }: Watched): Promise<Float32Array> {
  const total = new Float32Array(medium.density.length);
  for (const [b, position] of positions.entries()) {
    const map: FluenceMap = operator.fluenceOf(weights, b);
    if (!map.values.some((mu) => mu > 0)) continue;
    const given = await beamDose({ machine, medium, position, head: headFluence(machine, map), cones, crew, signal, onProgress: (share) => onProgress?.((b + share) / positions.length) });
    for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (given[i] as number);
  }
  return total;
}

/** Dose of beams with their segments by collapsed cones, Gy of all fractions on the grid of the medium, and what was assumed; as `planDose` throws. */
export async function doseOfBeams({ request, machine, medium, patientPosition }: Setting, beams: readonly PlanBeam[], { crew, cones, signal, onProgress }: Watched): Promise<{ doseGy: Float32Array; notes: readonly string[] }> {
  return planDose({ plan: { label: request.name, beams, fractions: request.fractions }, medium, machine, patientPosition, cones, crew, signal, onProgress });
}
