import type { Crew, WorkOptions } from "@hapax/kernels";
import { squareField } from "./aperture.ts";
import { beamsOf, outputAt, wasMeasured, type BeamMeasurements } from "./fit.ts";
import { headFluence } from "./head.ts";
import type { Machine } from "./machine.ts";
import otherTanks from "./measured/other-tanks.json" with { type: "json" };
import { nyholmDose } from "./nyholm.ts";
import { meanAttenuation } from "./spectrum.ts";
import { normalBelow, superposition, waterPhantom } from "./superposition.ts";
import { tankDose, type TankDose } from "./tank.ts";

/** One number of a beam, as measured and as calculated. */
export interface BeamCheckRow {
  readonly machine: string;
  readonly quantity: "TPR" | "output factor" | "TPR20,10" | "depth dose" | "Nyholm";
  /** Of a depth dose: which curve. */
  readonly curve?: string;
  readonly fieldMm: number;
  readonly depthMm: number;
  /** Of Nyholm: what his kernel gives. */
  readonly measured: number;
  readonly calculated: number;
  readonly differencePercent: number;
  /** What the difference is held to, per cent. */
  readonly barPercent: number;
  readonly holds: boolean;
}

/** Dose on the axis behind a depth of water in any one unit, square field by its side at the isocenter; at the isocenter where no SSD is given. */
export type DoseOnAxis = (fieldMm: number, depthMm: number, ssdMm?: number) => number;

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

/**
 * A machine against depth doses of other machines of 6 MV, from 30 mm down, both brought together at 100 mm: within 2 % of the greatest dose.
 *
 * @param doseOf  of the machine, by whatever calculates it
 */
export function otherTanksCheck(machine: Machine, doseOf: DoseOnAxis): BeamCheckRow[] {
  return otherTanks.depthDoses.flatMap(({ id, fieldMm, ssdMm, depthsMm, percent }) => {
    const normal = (percent[depthsMm.indexOf(100)] as number) / doseOf(fieldMm, 100, ssdMm);
    return depthsMm.flatMap((depthMm, d): BeamCheckRow[] => {
      if (depthMm < 30 || depthMm === 100) return [];
      const measured = percent[d] as number;
      const calculated = normal * doseOf(fieldMm, depthMm, ssdMm);
      const differencePercent = calculated - measured;
      return [{ machine: machine.id, quantity: "depth dose", curve: id, fieldMm, depthMm, measured, calculated, differencePercent, barPercent: 2, holds: Math.abs(differencePercent) <= 2 }];
    });
  });
}

/** Across the beam: a number of a profile, as measured and as calculated. */
export interface ProfileCheckRow {
  readonly machine: string;
  /** Way from 80 to 20 % of the axis; width at 50 %; dose within the field, and 10 or 20 mm outside its edge of 50 %, of the axis. */
  readonly quantity: "penumbra" | "width" | "off axis" | "outside";
  readonly plane: "crossplane" | "inplane";
  readonly fieldMm: number;
  readonly depthMm: number;
  /** From the axis, or from the edge of 50 % outside; mm at the depth. */
  readonly atMm?: number;
  readonly measured: number;
  readonly calculated: number;
  /** mm; of doses, per cent of the axis. */
  readonly difference: number;
  readonly unit: "mm" | "%";
  readonly bar: number;
  readonly holds: boolean;
}

/**
 * A machine against profiles of other machines of 6 MV: penumbrae and widths to 1 mm, doses to 2 % of the axis. Crossplane is along
 * x of the collimator, inplane along y.
 *
 * @param tankOf  a tank at an SSD, to 200 mm of depth and to a distance off axis
 */
export async function otherProfilesCheck(machine: Machine, tankOf: (tank: { fieldMm: number; ssdMm: number; toDepthMm: number; toRadiusMm: number; spacingMm: number }) => Promise<TankDose>): Promise<ProfileCheckRow[]> {
  const { penumbrae, tails, offAxis } = otherTanks;
  const rows: ProfileCheckRow[] = [];
  const add = (row: Omit<ProfileCheckRow, "machine" | "difference" | "holds">) => {
    const difference = (row.calculated - row.measured) * (row.unit === "mm" ? 1 : 100);
    rows.push({ machine: machine.id, ...row, difference, holds: Math.abs(difference) <= row.bar });
  };
  for (const fieldMm of [...new Set(penumbrae.rows.map((row) => row.fieldMm))]) {
    const dose = await tankOf({ fieldMm, ssdMm: penumbrae.ssdMm, toDepthMm: 200, toRadiusMm: fieldMm / 2 + 40, spacingMm: 2 });
    penumbrae.depthsMm.forEach((depthMm, d) => {
      for (const { plane, penumbraMm, widthMm, shoulders } of penumbrae.rows.filter((row) => row.fieldMm === fieldMm)) {
        const along = plane === "crossplane" ? "crossplane" : "inplane";
        const relative = (at: number) => (along === "crossplane" ? dose(depthMm, at) : dose(depthMm, 0, at)) / dose(depthMm);
        const half = edgeOf(relative, 0.5, fieldMm);
        const of = { plane: along, fieldMm, depthMm } as const;
        add({ ...of, quantity: "penumbra", measured: penumbraMm[d] as number, calculated: edgeOf(relative, 0.2, fieldMm) - edgeOf(relative, 0.8, fieldMm), unit: "mm", bar: 1 });
        if (widthMm !== undefined) add({ ...of, quantity: "width", measured: widthMm[d] as number, calculated: 2 * half, unit: "mm", bar: 1 });
        if (shoulders !== undefined) add({ ...of, quantity: "off axis", atMm: 0.8 * half, measured: shoulders[d] as number, calculated: relative(0.8 * half), unit: "%", bar: 2 });
        const tail = along === "inplane" ? tails.rows.find((row) => row.fieldMm === fieldMm) : undefined;
        for (const [atMm, values] of [[10, tail?.at10Mm], [20, tail?.at20Mm]] as const) {
          if (values !== undefined) add({ ...of, quantity: "outside", atMm, measured: values[d] as number, calculated: relative(half + atMm), unit: "%", bar: 2 });
        }
      }
    });
  }
  const wide = await tankOf({ fieldMm: offAxis.fieldMm, ssdMm: offAxis.ssdMm, toDepthMm: 200, toRadiusMm: 150, spacingMm: 5 });
  offAxis.depthsMm.forEach((depthMm, d) => offAxis.radiiMm.forEach((atMm, r) => {
    add({ quantity: "off axis", plane: "crossplane", fieldMm: offAxis.fieldMm, depthMm, atMm, measured: (offAxis.values[d] as number[])[r] as number, calculated: wide(depthMm, atMm) / wide(depthMm), unit: "%", bar: 2 });
  }));
  return rows;
}

/** Where a profile, 1 on the axis, falls to a share, mm. */
function edgeOf(relative: (at: number) => number, share: number, fieldMm: number): number {
  const step = 0.25;
  let at = 0.3 * fieldMm;
  while (relative(at + step) >= share && at < fieldMm) at += step;
  const [before, after] = [relative(at), relative(at + step)];
  return at + (step * (before - share)) / (before - after);
}

/**
 * A machine against Nyholm's pencil kernel, which knows of it the TPR20,10 that it has here and what leaves its head: dose at the
 * isocenter relative to that of 100 mm at 100 mm, fields of 40 to 400 mm, to 1.5 %. The kernel has no electrons of the head.
 *
 * @param doseOf  of the machine, by whatever calculates it
 * @source        nyholm2006, nyholm2011
 */
export function nyholmCheck(machine: Machine, doseOf: DoseOnAxis): BeamCheckRow[] {
  const normal = doseOf(100, 100);
  const tpr2010 = doseOf(100, 200) / normal;
  // Asked with doses of 1 there is no beam quality.
  const quality = tpr2010 < 0.62 || tpr2010 > 0.82 ? 0.68 : tpr2010;
  // On the axis of a field edges need no finer pixels.
  const through = (fieldMm: number) => headFluence(machine, [{ ...squareField(fieldMm), share: 1 }], { pixelMm: 4 });
  const calibrationHead = through(100);
  return [40, 50, 60, 80, 100, 150, 200, 300, 400].flatMap((fieldMm) => {
    const head = through(fieldMm);
    const second = (depthMm: number, of = head) => nyholmDose({ machine, tpr2010: quality, head: of, calibrationHead, pointMm: [0, 0, 0], waterDepthMm: depthMm, mu: 1 });
    return [15, 20, 30, 50, 100, 150, 200, 250, 300].map((depthMm): BeamCheckRow => {
      const measured = second(depthMm) / second(100, calibrationHead);
      const calculated = doseOf(fieldMm, depthMm) / normal;
      const differencePercent = 100 * (calculated / measured - 1);
      return { machine: machine.id, quantity: "Nyholm", fieldMm, depthMm, measured, calculated, differencePercent, barPercent: 1.5, holds: Math.abs(differencePercent) <= 1.5 };
    });
  });
}

/**
 * The dose of a machine on its axis by the engine: 72 cones, voxels as `tankDose` has them. What a check asks for is
 * calculated first, one tank for every field and SSD, so that the check itself need not wait.
 *
 * @param asks  a check, such as `(doseOf) => beamCheck(machine, measured, doseOf)`; run once with doses of 1 to learn what it asks for
 * @returns     of what was asked for
 */
export async function engineDose(machine: Machine, crew: Crew, asks: (doseOf: DoseOnAxis) => unknown, { signal, onProgress }: WorkOptions = {}): Promise<DoseOnAxis> {
  const depths = new Map<string, number[]>();
  const tankOf = (fieldMm: number, depthMm: number, ssdMm = machine.sadMm - depthMm) => `${fieldMm} ${ssdMm}`;
  asks((...point) => {
    const tank = tankOf(...point);
    depths.set(tank, [...(depths.get(tank) ?? []), point[1]]);
    return 1;
  });
  const doses = new Map<string, TankDose>();
  for (const [tank, of] of depths) {
    signal?.throwIfAborted();
    const [fieldMm, ssdMm] = tank.split(" ").map(Number) as [number, number];
    const dose = await tankDose(machine, { fieldMm, ssdMm, toDepthMm: Math.max(...of), crew });
    // The tank itself is not kept: a check has hundreds.
    const known = new Map(of.map((depthMm) => [depthMm, dose(depthMm)]));
    doses.set(tank, (depthMm) => known.get(depthMm) ?? NaN);
    onProgress?.(doses.size / depths.size);
  }
  return (...point) => doses.get(tankOf(...point))?.(point[1]) ?? NaN;
}

/** The dose of a machine on its axis by full superposition, in a tank of a half width, its answers kept. */
export function superposedDose(machine: Machine, tankHalfWidthMm = 250): DoseOnAxis {
  const known = new Map<string, number>();
  const { sadMm, primary, extraFocal, contamination } = machine;
  return (fieldMm, depthMm, ssdMm = sadMm - depthMm) => {
    const key = `${fieldMm} ${depthMm} ${ssdMm}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const beams = beamsOf(machine, fieldMm);
    const phantom = { ...waterPhantom(ssdMm), halfWidthMm: tankHalfWidthMm };
    const at = [0, 0, ssdMm + depthMm] as const;
    const open = (2 * normalBelow(fieldMm / 2 / contamination.sigmaMm) - 1) * (sadMm / at[2]);
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
