import { beamsOf, outputAt, wasMeasured, type BeamMeasurements } from "./fit.ts";
import type { Machine } from "./machine.ts";
import { meanAttenuation } from "./spectrum.ts";
import { normalBelow, superposition } from "./superposition.ts";

/** One number of a beam, as measured and as calculated. */
export interface BeamCheckRow {
  readonly machine: string;
  readonly quantity: "TPR" | "output factor" | "TPR20,10";
  readonly fieldMm: number;
  readonly depthMm: number;
  readonly measured: number;
  readonly calculated: number;
  readonly differencePercent: number;
  /** What the difference is held to, per cent. */
  readonly barPercent: number;
  readonly holds: boolean;
}

/** Dose on the axis at the isocenter behind a depth of water, square field, in any one unit. */
export type DoseOnAxis = (fieldMm: number, depthMm: number) => number;

/**
 * A machine against its measurements: tissue-phantom ratios of 30 to 400 mm from 15 mm down to 1 % (2 % at 400 mm below 200 mm),
 * output factors of 30 to 400 mm to 1 %, TPR20,10 of 100 mm to 0.003.
 *
 * @param doseOf  of the machine, by whatever calculates it
 */
export function beamCheck(machine: Machine, measured: BeamMeasurements, doseOf: DoseOnAxis): BeamCheckRow[] {
  const { tpr, outputFactors } = measured;
  const row = (quantity: BeamCheckRow["quantity"], fieldMm: number, depthMm: number, of: number, calculated: number, barPercent: number): BeamCheckRow => {
    const differencePercent = 100 * (calculated / of - 1);
    return { machine: machine.id, quantity, fieldMm, depthMm, measured: of, calculated, differencePercent, barPercent, holds: Math.abs(differencePercent) <= barPercent };
  };
  const fields = tpr.fieldsMm.filter((field) => field >= 30);
  const ratios = fields.flatMap((fieldMm) => {
    const column = tpr.fieldsMm.indexOf(fieldMm);
    const reference = doseOf(fieldMm, tpr.referenceDepthMm);
    return tpr.depthsMm.flatMap((depthMm, d) => {
      if (depthMm < 15 || depthMm === tpr.referenceDepthMm || !wasMeasured(measured, fieldMm, depthMm)) return [];
      return [row("TPR", fieldMm, depthMm, (tpr.values[d] as readonly number[])[column] as number, doseOf(fieldMm, depthMm) / reference, fieldMm >= 400 && depthMm > 200 ? 2 : 1)];
    });
  });
  const normal = doseOf(100, outputFactors.depthMm);
  const outputs = outputFactors.fieldsMm
    .filter((field) => field >= 29)
    .map((fieldMm) => row("output factor", fieldMm, outputFactors.depthMm, outputAt(outputFactors, fieldMm), doseOf(fieldMm, outputFactors.depthMm) / normal, 1));
  const measuredAt = (depthMm: number) => (tpr.values[tpr.depthsMm.indexOf(depthMm)] as readonly number[])[tpr.fieldsMm.indexOf(100)] as number;
  const quality = measuredAt(200) / measuredAt(100);
  return [...ratios, ...outputs, row("TPR20,10", 100, 200, quality, doseOf(100, 200) / doseOf(100, 100), (100 * 0.003) / quality)];
}

/** The dose of a machine on its axis by full superposition, in a tank of a half width, its answers kept. */
export function superposedDose(machine: Machine, tankHalfWidthMm = 250): DoseOnAxis {
  const known = new Map<string, number>();
  const { sadMm, primary, extraFocal, contamination } = machine;
  return (fieldMm, depthMm) => {
    const key = `${fieldMm} ${depthMm}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const beams = beamsOf(machine, fieldMm);
    const phantom = { ssdMm: sadMm - depthMm, slabs: [{ thicknessMm: 1, density: 1 }], halfWidthMm: tankHalfWidthMm };
    const at = [0, 0, sadMm] as const;
    const open = 2 * normalBelow(fieldMm / 2 / contamination.sigmaMm) - 1;
    const dose =
      superposition(primary.spectrum, beams.primary, phantom, at, { azimuths: 8, symmetry: 8, tilt: true }) +
      extraFocal.weight * superposition(extraFocal.spectrum, beams.extraFocal, phantom, at, { azimuths: 8, symmetry: 4, tilt: true }) +
      contamination.weight * meanAttenuation(primary.spectrum) * open * open * Math.exp(-contamination.ratePerMm * depthMm);
    known.set(key, dose);
    return dose;
  };
}

/** Greatest difference of each field, per cent, for a page that shows where a model bends. */
export function greatestByField(rows: readonly BeamCheckRow[]): { quantity: BeamCheckRow["quantity"]; fieldMm: number; greatestPercent: number; atDepthMm: number; holds: boolean }[] {
  const worst = new Map<string, BeamCheckRow>();
  for (const row of rows) {
    const key = `${row.quantity} ${row.fieldMm}`;
    const before = worst.get(key);
    if (before === undefined || Math.abs(row.differencePercent) > Math.abs(before.differencePercent)) worst.set(key, row);
  }
  return [...worst.values()].map((row) => ({
    quantity: row.quantity,
    fieldMm: row.fieldMm,
    greatestPercent: row.differencePercent,
    atDepthMm: row.depthMm,
    holds: rows.filter((other) => other.quantity === row.quantity && other.fieldMm === row.fieldMm).every((other) => other.holds),
  }));
}
