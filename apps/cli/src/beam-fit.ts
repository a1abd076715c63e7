import { HapaxError, showNumber } from "@hapax/base";
import {
  beamCheck, calibrated, engineDose, fitDepthDose, fitMachine, machineOf, otherTanksCheck, tankDose, wasMeasured,
  type BeamCheckRow, type BeamMeasurements, type DoseOnAxis, type Machine, type MeasuredBeam,
} from "@hapax/dose";
import type { BeamCurve, BeamPanel } from "@hapax/figures";
import type { Crew, WorkOptions } from "@hapax/kernels";
import type { ClinicBeam, DepthDose, Profile } from "./beam-measurements.ts";

/** What a machine is held against: measurements of its own, a depth dose, or the tanks of other machines. */
export type HeldTo = { readonly axis: BeamMeasurements } | { readonly depthDose: DepthDose } | "other tanks";

/** A machine against what it is held to, by whatever calculates its dose. */
export function checkRows(machine: Machine, held: HeldTo, doseOf: DoseOnAxis): BeamCheckRow[] {
  if (held === "other tanks") return otherTanksCheck(machine, doseOf);
  return "axis" in held ? beamCheck(machine, held.axis, doseOf) : depthDoseRows(machine, held.depthDose, doseOf);
}

/** Depths from here on are held to a bar, mm; nearer the surface electrons of the head are no exponential. */
const heldFromMm = { tpr: 15, depthDose: 30 };
const depthDoseBarPercent = 2;
const tprBarPercent = 1;

/** The depth next to 100 mm, where a curve and its dose are brought together. */
const normalDepth = ({ depthsMm }: DepthDose): number => depthsMm.reduce((best, depth) => (Math.abs(depth - 100) < Math.abs(best - 100) ? depth : best));

/** A depth dose brought to the calculated dose at 100 mm, in its own unit. */
function onDepthDose(curve: DepthDose, doseOf: DoseOnAxis): { readonly depthMm: number; readonly measured: number; readonly calculated: number }[] {
  const { fieldMm, ssdMm, depthsMm, percent } = curve;
  const at = normalDepth(curve);
  const normal = (percent[depthsMm.indexOf(at)] as number) / doseOf(fieldMm, at, ssdMm);
  return depthsMm.map((depthMm, d) => ({ depthMm, measured: percent[d] as number, calculated: normal * doseOf(fieldMm, depthMm, ssdMm) }));
}

/** Differences of the greatest dose, as for the tanks of other machines. */
function depthDoseRows(machine: Machine, curve: DepthDose, doseOf: DoseOnAxis): BeamCheckRow[] {
  const greatest = Math.max(...curve.percent);
  return onDepthDose(curve, doseOf).flatMap(({ depthMm, measured, calculated }): BeamCheckRow[] => {
    if (depthMm < heldFromMm.depthDose || depthMm === normalDepth(curve)) return [];
    const differencePercent = (100 * (calculated - measured)) / greatest;
    return [{ machine: machine.id, quantity: "depth dose", fieldMm: curve.fieldMm, depthMm, measured, calculated, differencePercent, barPercent: depthDoseBarPercent, holds: Math.abs(differencePercent) <= depthDoseBarPercent }];
  });
}

/** Narrower fields are neither fitted nor held to a bar, mm. */
const leastFieldMm = 30;
/** Two fields tell the weight of the extra-focal source; its width needs one more. */
const leastFieldsForWidth = 3;

/** Where the fluence off axis is kept, mm. */
const hornStepMm = 10;

function hornsOf({ radiiMm, values }: MeasuredBeam["primaryFluence"]): Machine["primary"]["horns"] {
  const at = Array.from({ length: Math.floor((radiiMm.at(-1) as number) / hornStepMm) + 1 }, (_, i) => hornStepMm * i);
  return {
    radiiMm: at,
    values: at.map((radius) => {
      const above = Math.max(1, radiiMm.findIndex((r) => r >= radius));
      const [from, to] = [radiiMm[above - 1] as number, radiiMm[above] as number];
      return (values[above - 1] as number) + ((radius - from) / (to - from)) * ((values[above] as number) - (values[above - 1] as number));
    }),
  };
}

/**
 * A machine that gives what was measured: spectra, scatter of the head and electrons fitted, all else of the machine that is
 * started with. Its output is not known before `withOutput`.
 *
 * @throws beam/energy where that is of another energy, dose/fit
 */
export function fitted(beam: ClinicBeam, start: Machine): { readonly machine: Machine; readonly misfit: number } {
  if (beam.energyMv !== start.energyMv) {
    throw new HapaxError("beam/energy", `The beam is of ${beam.energyMv} MV; ${start.id}, which the fit would start with, is of ${start.energyMv} MV.`, `Give --start with a machine of ${beam.energyMv} MV.`);
  }
  const { machine: id, name, sadMm, on, primaryFluence, profile, calibration } = beam;
  const offAxis = primaryFluence !== undefined ? "as measured" : profile !== undefined ? `so that the engine gives the profile of ${profile.fieldMm} mm at ${profile.depthMm} mm` : `as ${start.id} has it`;
  const conditions = "axis" in on ? on.axis.outputFactors : { ssdMm: sadMm - 100, depthMm: 100 };
  const byConvention = { gyPerMu: 0.01, fieldMm: 100, ssdMm: conditions.ssdMm, depthMm: conditions.depthMm };
  const searchSigma = "axis" in on && on.axis.tpr.fieldsMm.filter((field) => field >= leastFieldMm).length >= leastFieldsForWidth;
  const what = "axis" in on
    ? `Spectra, extra-focal weight${searchSigma ? " and width" : ""}, and electrons fitted to tissue-phantom ratios and output factors`
    : `Spectrum and electrons fitted to one depth dose of ${on.depthDose.fieldMm} mm; scatter of the head as ${start.id} has it`;
  const from: Machine = {
    ...start, id, name, sadMm, version: "1",
    primary: { ...start.primary, ...(primaryFluence === undefined ? {} : { horns: hornsOf(primaryFluence) }) },
    calibration: {
      ...(calibration ?? byConvention), engineGy: 1,
      origin: calibration === undefined
        ? { kind: "assumed", statement: "1 MU gives 0.01 Gy at these conditions, by convention; no output was given.", sources: [] }
        : { kind: "fitted", statement: "Output as given with the measurements.", sources: [] },
    },
    origin: {
      kind: "fitted",
      statement: `${what}, against full superposition; fluence off axis ${offAxis}. Jaws, leaves, ${searchSigma ? "" : "width of the extra-focal source, "}blur and softening are those of ${start.id}.`,
      sources: [...start.origin.sources],
    },
  };
  return "axis" in on ? fitMachine(on.axis, from, { searchSigma }) : fitDepthDose(on.depthDose, from);
}

/** Nearer to the edge of its field a profile is penumbra, mm at the isocenter. */
const penumbraMm = 20;
/** Scatter follows the fluence only in part, so that each round leaves some of the difference. */
const profileRounds = 3;

/** The machine with fluence off axis so that the engine's profile is the one measured; further out it goes on as it ended. */
export async function withProfile(machine: Machine, profile: Profile, crew: Crew, { signal, onProgress }: WorkOptions): Promise<Machine> {
  const { fieldMm, ssdMm, depthMm } = profile;
  const magnified = (ssdMm + depthMm) / machine.sadMm;
  const furthest = Math.min(fieldMm / 2 - penumbraMm, (profile.positionsMm.at(-1) as number) / magnified);
  let found = machine;
  for (let round = 0; round < profileRounds; round++) {
    signal?.throwIfAborted();
    const doseOf = await tankDose(found, { fieldMm, ssdMm, toDepthMm: depthMm, toRadiusMm: furthest * magnified, crew });
    const ratio = (radiusMm: number) => {
      const x = Math.min(radiusMm, furthest) * magnified;
      return (profileAt(profile, x) / profileAt(profile, 0)) * (doseOf(depthMm) / doseOf(depthMm, x));
    };
    const { radiiMm, values } = found.primary.horns;
    found = { ...found, primary: { ...found.primary, horns: { radiiMm, values: values.map((value, i) => value * ratio(radiiMm[i] as number)) } } };
    onProgress?.((round + 1) / profileRounds);
  }
  return found;
}

/** A profile off its axis, the mean of both sides where both were measured. */
function profileAt({ positionsMm, values }: Profile, xMm: number): number {
  const at = (x: number) => {
    const above = Math.max(1, positionsMm.findIndex((position) => position >= x));
    const [from, to] = [positionsMm[above - 1] as number, positionsMm[above] as number];
    return (values[above - 1] as number) + ((x - from) / (to - from)) * ((values[above] as number) - (values[above - 1] as number));
  };
  return (positionsMm[0] as number) <= -xMm ? (at(xMm) + at(-xMm)) / 2 : at(xMm);
}

/** The machine with what the engine gives at the conditions of its calibration, its numbers to five digits. */
export async function withOutput(machine: Machine, crew: Crew, options: WorkOptions): Promise<Machine> {
  const { fieldMm, ssdMm, depthMm } = machine.calibration;
  const there = (doseOf: DoseOnAxis) => doseOf(fieldMm, depthMm, ssdMm);
  const doseOf = await engineDose(machine, crew, there, options);
  return machineOf(rounded(calibrated(machine, there(doseOf))));
}

/** Five significant digits suffice, and keep a file readable. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
  return value;
}

/** The greatest number of fields that a picture tells apart. */
const mostCurves = 6;

/** What was measured and what a machine gives, for a picture. */
export function residualPanels(on: ClinicBeam["on"], doseOf: DoseOnAxis): BeamPanel[] {
  if ("depthDose" in on) {
    const { fieldMm } = on.depthDose;
    const points = onDepthDose(on.depthDose, doseOf).map(({ depthMm, measured, calculated }) => ({ atMm: depthMm, measured, calculated, held: depthMm >= heldFromMm.depthDose }));
    return [{ title: `Depth dose of ${showNumber(fieldMm)} mm`, axis: "depth, mm", barPercent: depthDoseBarPercent, curves: [{ name: `${showNumber(fieldMm)} mm`, points }] }];
  }
  const { tpr, outputFactors } = on.axis;
  const fields = thinned(tpr.fieldsMm.filter((field) => field >= leastFieldMm));
  const ratios = fields.map((fieldMm): BeamCurve => {
    const column = tpr.fieldsMm.indexOf(fieldMm);
    const reference = doseOf(fieldMm, tpr.referenceDepthMm);
    const depths = tpr.depthsMm.filter((depthMm) => depthMm > 0 && wasMeasured(on.axis, fieldMm, depthMm));
    return {
      name: `${showNumber(fieldMm)} mm`,
      points: depths.map((depthMm) => ({ atMm: depthMm, measured: tpr.values[tpr.depthsMm.indexOf(depthMm)]?.[column] as number, calculated: doseOf(fieldMm, depthMm) / reference, held: depthMm >= heldFromMm.tpr })),
    };
  });
  const normal = doseOf(100, outputFactors.depthMm);
  const factors = outputFactors.fieldsMm.flatMap((fieldMm, f) => {
    const measured = outputFactors.values[f] as number;
    return fieldMm < 29 ? [] : [{ atMm: fieldMm, measured, calculated: doseOf(fieldMm, outputFactors.depthMm) / normal, held: true }];
  });
  return [
    { title: "Tissue-phantom ratio", axis: "depth, mm", barPercent: tprBarPercent, curves: ratios },
    { title: "Output factor", axis: "side of the field, mm", barPercent: tprBarPercent, curves: [{ name: "output factor", points: factors }] },
  ];
}

/** The first, the last, and those between at even steps. */
function thinned(fields: readonly number[]): number[] {
  if (fields.length <= mostCurves) return [...fields];
  return Array.from({ length: mostCurves }, (_, i) => fields[Math.round((i * (fields.length - 1)) / (mostCurves - 1))] as number);
}

