import { apply, type Vec3, type Volume } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { doseOfBeams } from "./collapsed.ts";
import { conformalBeams } from "./conformal/conformal.ts";
import { planIndices } from "./conformal/indices.ts";
import { normalizedFactor } from "./conformal/normalize.ts";
import { deliveryTime } from "./deliver/time.ts";
import type { Feasibility } from "./feasibility-answer.ts";
import { modulatedBeams, type ModulatedBeams } from "./modulated.ts";
import type { PlanMade } from "./plan-made.ts";
import type { PlanRequest } from "./request.ts";
import { settingOf } from "./setting-of.ts";
import type { PlanningScan, PlanningWork, Setting } from "./setting.ts";
import { checkAsked, checkRequest } from "./setup/check.ts";
import { stereotacticFeasibility } from "./setup/feasibility.ts";
import { outcomesOf } from "./setup/outcomes.ts";
import { Telling } from "./telling.ts";

const cones = 72;

/**
 * Makes a plan: from a request and a scan to beams that a machine can give, and the dose that they give by collapsed cones.
 *
 * The same request on the same scan gives the same plan, whatever the number of threads. Goals that cannot be met end with the best plan
 * found, and say so.
 *
 * @returns what was made, and its dose, Gy of all fractions
 * @throws  as `settingOf`, `checkRequest`, `conformalBeams` and `modulatedBeams`; the signal's reason when it is aborted
 */
export async function makePlan(request: PlanRequest, scan: PlanningScan, work: PlanningWork): Promise<{ made: PlanMade; dose: Volume<Float32Array> }> {
  const began = performance.now();
  const telling = new Telling(work.onProgress);
  checkAsked(request, scan);
  const setting = await settingOf(request, scan, work);
  checkRequest(setting);
  telling.stage("preparing beams", 0.03);
  const { beams, doseGy, holds, sequencing, stopped, notes } = await fieldsOf(setting, work, telling);
  const given = await normalized(setting, beams, doseGy, work, telling);
  return {
    dose: given.dose,
    made: {
      request,
      madeFrom: {
        ct: scan.uids.ct,
        structureSet: scan.uids.structureSet,
        frameOfReference: scan.ct.grid.frameOfReference,
        synthetic: scan.synthetic,
        engine: work.engine,
        machine: { id: setting.machine.id, version: setting.machine.version, name: setting.machine.name },
        cones,
        earlier: (scan.earlier ?? []).map(({ label, uid }) => ({ label, dose: uid ?? "no file" })),
      },
      isocenter: setting.isocenter,
      beams: given.beams,
      outcomes: outcomesOf(setting, given.dose),
      holds,
      indices: planIndices(setting, given.dose),
      ...(request.technique === "SBRT" ? { feasibility: feasibilityOf(setting, given.dose) } : {}),
      maximum: maximumOf(given.dose),
      mu: Math.round(10 * given.beams.reduce((sum, { meterset }) => sum + (meterset ?? 0), 0)) / 10,
      segments: given.beams.reduce((sum, beam) => sum + segmentsOf(beam), 0),
      delivery: deliveryTime(given.beams),
      history: telling.history,
      sequencing,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      stopped,
      notes: [...new Set(notes)],
    },
  };
}

async function fieldsOf(setting: Setting, work: PlanningWork, telling: Telling): Promise<ModulatedBeams> {
  const { crew, signal } = work;
  const { modulated } = setting.request;
  if (modulated !== undefined) return modulatedBeams(setting, modulated, work, telling);
  const { beams, notes } = await conformalBeams(setting, work);
  const { doseGy, notes: said } = await doseOfBeams(setting, beams, { crew, cones, signal, onProgress: telling.stage("calculating the dose", 0.97) });
  return { beams, doseGy, notes: [...notes, ...said], holds: [], sequencing: [], stopped: work.stop?.aborted === true };
}

/** Monitor units scaled as the request normalizes, to a tenth, and the dose of exactly these. */
async function normalized(setting: Setting, beams: readonly PlanBeam[], doseGy: Float32Array, { crew, signal }: PlanningWork, telling: Telling): Promise<{ beams: readonly PlanBeam[]; dose: Volume<Float32Array> }> {
  const volumeOf = (values: Float32Array): Volume<Float32Array> => ({ grid: setting.medium.grid, values: values as Float32Array<ArrayBuffer>, slope: 1, intercept: 0, unit: "Gy" });
  const factor = normalizedFactor(setting, volumeOf(doseGy));
  const scaled = beams.map((beam) => (beam.meterset === undefined ? beam : { ...beam, meterset: Math.round(10 * factor * beam.meterset) / 10 }));
  if (scaled.every(({ meterset }, b) => meterset === beams[b]?.meterset)) return { beams, dose: volumeOf(doseGy) };
  const again = await doseOfBeams(setting, scaled, { crew, cones, signal, onProgress: telling.stage("calculating the dose", 1) });
  return { beams: scaled, dose: volumeOf(again.doseGy) };
}

function feasibilityOf(setting: Setting, dose: Volume<Float32Array>): Feasibility {
  const { fractions, prescriptions } = setting.request;
  const doseGy = Math.max(...prescriptions.map((prescription) => prescription.doseGy));
  return stereotacticFeasibility(setting, dose, doseGy, { doseGy, fractions });
}

/** Control points come in pairs around the meterset that each opening is given. */
function segmentsOf({ controlPoints }: PlanBeam): number {
  return controlPoints.filter((point, i) => i > 0 && point.metersetShare > (controlPoints[i - 1]?.metersetShare ?? 0)).length;
}

function maximumOf({ grid, values }: Volume<Float32Array>): { gy: number; at: Vec3 } {
  let highest = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[highest] as number)) highest = i;
  const [nx, ny] = grid.size;
  return { gy: values[highest] as number, at: apply(grid.patientFromVoxel, [highest % nx, Math.floor(highest / nx) % ny, Math.floor(highest / (nx * ny))]) };
}
