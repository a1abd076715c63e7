import { HapaxError } from "@hapax/base";
import { minimize } from "@hapax/kernels";
import { meanAttenuation, spectrumOf } from "./spectrum.ts";
import type { Machine, Spectrum } from "./machine.ts";
import { doseOfEnergies, headField, normalBelow, openField, type PointBeam } from "./superposition.ts";

/** What was measured of a beam in water, on its axis; fields are square, sides at the isocenter. */
export interface BeamMeasurements {
  readonly machine: string;
  readonly sadMm: number;
  /** Dose at the isocenter behind a depth of water, relative to the reference depth in the same field; rows by depth. */
  readonly tpr: { readonly referenceDepthMm: number; readonly fieldsMm: readonly number[]; readonly depthsMm: readonly number[]; readonly values: readonly (readonly number[])[] };
  /** Ratios that are no measurements: of fields to a side, beyond a depth. */
  readonly extrapolated?: { readonly toFieldMm: number; readonly beyondDepthMm: number; readonly because: string };
  /** Dose relative to the field of 100 mm. */
  readonly outputFactors: { readonly ssdMm: number; readonly depthMm: number; readonly fieldsMm: readonly number[]; readonly values: readonly number[] };
}

/** One point of a measurement: a field, a depth, and the dose there relative to 100 mm at the reference depth, or to a point of the same curve. */
interface Reading {
  readonly fieldMm: number;
  readonly depthMm: number;
  readonly ssdMm: number;
  readonly dose: number;
  /** How much the reading counts. */
  readonly trust: number;
}

/** What the beam gives at a reading: per unit of each energy of the primary and of the head, and of its electrons. */
interface Response {
  readonly primary: Float64Array;
  readonly extraFocal: Float64Array;
  readonly electrons: number;
}

export interface FitOptions {
  readonly fieldsMm?: readonly number[];
  readonly depthsMm?: readonly number[];
  /** Half the side of the tank, mm: TERMA ends there. 250 unless given. */
  readonly tankHalfWidthMm?: number;
  /** Looks for the width of the extra-focal source too; else it stays as given. */
  readonly searchSigma?: boolean;
  /** What the engine gives of the superposition in a field at a depth, where it is known to differ; the machine is then fitted so that the engine agrees. */
  readonly engineShare?: (fieldMm: number, depthMm: number) => number;
  readonly azimuths?: number;
}

export interface MachineFit {
  readonly machine: Machine;
  /** Root of the mean square of calculated / measured − 1 over the readings, each by its trust. */
  readonly misfit: number;
}

/** Readings are trusted to this, relative. */
const noise = 0.004;
/** How far neighbors of a spectrum may bend from the shape it starts with, relative. */
const bend = 0.03;
/** Rounds of weighing. */
const rounds = 12;
/** How far those of the head's spectrum may lean from it. */
const lean = 0.2;

/**
 * Fits a machine's spectra, the weight and width of its extra-focal source and its electrons to measurements on the axis.
 *
 * Dose is linear in the energy fluence of each energy. So for a given width of the extra-focal source both spectra and the
 * electrons are one least-squares problem with nothing below 0, each spectrum held near the shape of `start`; around it goes a
 * search for the width. Off-axis fluence, softening, distances and blur stay those of `start`.
 *
 * @throws dose/fit when the output factors were not measured at the isocenter
 */
export function fitMachine(measured: BeamMeasurements, start: Machine, options: FitOptions = {}): MachineFit {
  const readings = readingsOf(measured, options);
  const primary = readings.map((reading) => response(start, reading, "primary", options));
  const solve = (sigmaMm: number) => {
    const machine = { ...start, extraFocal: { ...start.extraFocal, sigmaMm } };
    const responses = readings.map((reading, i): Response => ({
      primary: primary[i] as Float64Array,
      extraFocal: response(machine, reading, "extraFocal", options),
      electrons: electronsAt(machine, reading),
    }));
    return spectraFor(machine, readings, responses);
  };
  if (options.searchSigma !== true) return solve(start.extraFocal.sigmaMm);
  const best = minimize(([logSigma]) => solve(Math.exp(logSigma as number)).misfit, Float64Array.of(Math.log(start.extraFocal.sigmaMm)), Float64Array.of(0.25), {
    pointTolerance: 0.03,
    valueTolerance: 1e-4,
    maxEvaluations: 14,
  });
  return solve(Number(Math.exp(best.point[0] as number).toPrecision(3)));
}

/** Whether a ratio was read in water and not drawn on from those above it. */
export const wasMeasured = ({ extrapolated }: BeamMeasurements, fieldMm: number, depthMm: number): boolean =>
  extrapolated === undefined || fieldMm > extrapolated.toFieldMm || depthMm <= extrapolated.beyondDepthMm;

/**
 * Fits a machine's spectrum and electrons to one depth dose on the axis; its head stays as given.
 *
 * @param curve  side of the field at the isocenter, source to surface, mm, and dose in any unit; used from 10 mm on
 */
export function fitDepthDose(curve: { readonly fieldMm: number; readonly ssdMm: number; readonly depthsMm: readonly number[]; readonly percent: readonly number[] }, start: Machine, options: FitOptions = {}): MachineFit {
  const { fieldMm, ssdMm, depthsMm, percent } = curve;
  const share = options.engineShare ?? (() => 1);
  const readings = depthsMm.flatMap((depthMm, d): Reading[] =>
    depthMm < 10 ? [] : [{ fieldMm, depthMm, ssdMm, dose: (percent[d] as number) / 100 / share(fieldMm, depthMm), trust: depthMm < 15 ? 0.2 : 1 }],
  );
  const responses = readings.map((reading): Response => ({
    primary: response(start, reading, "primary", options),
    extraFocal: response(start, reading, "extraFocal", options),
    electrons: electronsAt(start, reading),
  }));
  return spectraFor(start, readings, responses, true);
}

function readingsOf(measured: BeamMeasurements, options: FitOptions): Reading[] {
  const { sadMm, tpr, outputFactors } = measured;
  const { fieldsMm = tpr.fieldsMm.filter((field) => field >= 30), depthsMm = fitDepths(tpr.depthsMm) } = options;
  if (outputFactors.ssdMm + outputFactors.depthMm !== sadMm || outputFactors.depthMm !== tpr.referenceDepthMm) {
    throw new HapaxError(
      "dose/fit",
      `Output factors at ${outputFactors.depthMm} mm depth, ${outputFactors.ssdMm} mm from the source, do not tie tissue-phantom ratios of reference depth ${tpr.referenceDepthMm} mm together.`,
      "Give output factors at the isocenter and at the reference depth of the ratios.",
    );
  }
  const engineShare = options.engineShare ?? (() => 1);
  const normal = engineShare(100, tpr.referenceDepthMm);
  const reading = (fieldMm: number, depthMm: number, dose: number): Reading => {
    // Output factors and TPR20,10 have bars of their own; electrons of the head are no exponential, so the first centimeters count less.
    const trust = fieldMm === 100 && (depthMm === 100 || depthMm === 200) ? 20 : depthMm === tpr.referenceDepthMm ? 3 : depthMm < 15 ? 0.2 : 1;
    return { fieldMm, depthMm, ssdMm: sadMm - depthMm, dose: (dose * normal) / engineShare(fieldMm, depthMm), trust };
  };
  return tpr.fieldsMm.flatMap((fieldMm, f) =>
    fieldsMm.includes(fieldMm)
      ? tpr.depthsMm.flatMap((depthMm, d) => (depthsMm.includes(depthMm) && wasMeasured(measured, fieldMm, depthMm) ? [reading(fieldMm, depthMm, (tpr.values[d]?.[f] ?? NaN) * outputAt(outputFactors, fieldMm))] : []))
      : [],
  );
}

/** From 10 mm on; nearer the surface a chamber reads what it displaces. */
const fitDepths = (depthsMm: readonly number[]) => {
  const wished = [10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 200, 220, 250, 280, 300];
  return wished.map((wish) => depthsMm.reduce((best, depth) => (Math.abs(depth - wish) < Math.abs(best - wish) ? depth : best)));
};

/** An output factor, straight in the logarithm of the side between those measured. */
export function outputAt({ fieldsMm, values }: BeamMeasurements["outputFactors"], fieldMm: number): number {
  let i = 1;
  while (i < fieldsMm.length - 1 && (fieldsMm[i] as number) < fieldMm) i++;
  const [from, to] = [fieldsMm[i - 1] as number, fieldsMm[i] as number];
  const share = Math.log(fieldMm / from) / Math.log(to / from);
  return (values[i - 1] as number) + share * ((values[i] as number) - (values[i - 1] as number));
}

/** Beams of a machine through a square field. */
export function beamsOf(machine: Machine, fieldMm: number): { readonly primary: PointBeam; readonly extraFocal: PointBeam } {
  const half = [fieldMm / 2, fieldMm / 2] as const;
  const { sadMm, primary, extraFocal, jaws, mlc } = machine;
  const { radiiMm, values } = primary.horns;
  const horns = (radius: number) => {
    let i = 1;
    while (i < radiiMm.length - 1 && (radiiMm[i] as number) < radius) i++;
    const [from, to] = [radiiMm[i - 1] as number, radiiMm[i] as number];
    if (radius > to) return 0;
    return (values[i - 1] as number) + ((radius - from) / (to - from)) * ((values[i] as number) - (values[i - 1] as number));
  };
  const collimatorMm = [collimator(jaws.x ?? mlc), collimator(jaws.y ?? mlc)] as const;
  return {
    primary: openField(half, { sadMm, blurMm: primary.blurMm, horns, softeningPer100Mm: primary.softeningPer100Mm }),
    extraFocal: headField(half, { distanceMm: extraFocal.distanceMm, sigmaMm: extraFocal.sigmaMm, collimatorMm, sadMm }),
  };
}

/** Middle of what closes a field; half way down to the isocenter where a machine names nothing. */
const collimator = (device: { readonly distanceMm: number } | undefined) => device?.distanceMm ?? 500;

function response(machine: Machine, { fieldMm, depthMm, ssdMm }: Reading, of: "primary" | "extraFocal", { tankHalfWidthMm = 250, azimuths = 8 }: FitOptions): Float64Array {
  const phantom = { ssdMm, slabs: [{ thicknessMm: 1, density: 1 }], halfWidthMm: tankHalfWidthMm };
  const symmetry = of === "primary" ? 8 : 4;
  return doseOfEnergies(beamsOf(machine, fieldMm)[of], phantom, [0, 0, ssdMm + depthMm], machine[of].spectrum.energiesMev, { azimuths, symmetry, tilt: true });
}

/** Dose of the head's electrons on the axis, per unit of their surface dose. */
function electronsAt({ sadMm, contamination: { ratePerMm, sigmaMm } }: Machine, { fieldMm, depthMm, ssdMm }: Reading): number {
  const open = (2 * normalBelow(fieldMm / 2 / sigmaMm) - 1) * (sadMm / (ssdMm + depthMm));
  return open * open * Math.exp(-ratePerMm * depthMm);
}

/** Both spectra, the weight of the second and the electrons, by least squares with nothing below 0. */
function spectraFor(start: Machine, readings: readonly Reading[], responses: readonly Response[], headHeld = false): MachineFit {
  const [first, second] = [start.primary.spectrum, start.extraFocal.spectrum];
  const n = first.energiesMev.length;
  const m = second.energiesMev.length;
  const unknowns = n + m + 1;
  // Unknowns are ratios to the shapes started with; that of the head begins at its weight, electrons at theirs.
  const scale = readings.length === 0 ? 1 : startScale(start, readings, responses);
  const electronScale = start.contamination.weight * meanAttenuation(first) * scale;
  const rows = responses.map(({ primary, extraFocal, electrons }) =>
    Float64Array.from({ length: unknowns }, (_, i) => {
      if (i < n) return scale * (first.energyFluence[i] as number) * (primary[i] as number);
      if (i < n + m) return scale * start.extraFocal.weight * (second.energyFluence[i - n] as number) * (extraFocal[i - n] as number);
      return electronScale * electrons;
    }),
  );
  const shape = shapeEquations(first, m, headHeld);
  const errors = (ratios: Float64Array) => rows.map((row, r) => row.reduce((dose, value, i) => dose + value * (ratios[i] as number), 0) / (readings[r] as Reading).dose - 1);
  const trusts = readings.map(({ trust }) => trust);
  let ratios = new Float64Array(unknowns).fill(1);
  let weights = trusts;
  // What is to hold is the greatest error, not their mean: readings that are missed by much weigh more, to ten times.
  for (let round = 0; round < rounds; round++) {
    const normal = shape.copy();
    rows.forEach((row, r) => normal.add(row, (readings[r] as Reading).dose, (weights[r] as number) / ((readings[r] as Reading).dose * noise)));
    ratios = normal.solveNonNegative();
    const missed = errors(ratios).map(Math.abs);
    weights = weights.map((weight, r) => Math.min(10 * (trusts[r] as number), weight * (1 + 2 * Math.max(0, (missed[r] as number) / 0.01 - 0.5))));
  }
  const last = errors(ratios).map((error, r) => error * (trusts[r] as number));
  const misfit = rootMeanSquare(last) / rootMeanSquare(trusts);
  const scaled = (spectrum: Spectrum, from: number) => spectrum.energyFluence.map((value, i) => value * (ratios[from + i] as number));
  const [psi, extra] = [scaled(first, 0), scaled(second, n)];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const primarySpectrum = spectrumOf(first.energiesMev, psi);
  return {
    misfit,
    machine: {
      ...start,
      primary: { ...start.primary, spectrum: primarySpectrum },
      extraFocal: { ...start.extraFocal, weight: (start.extraFocal.weight * sum(extra)) / sum(psi), spectrum: spectrumOf(second.energiesMev, extra) },
      contamination: { ...start.contamination, weight: (start.contamination.weight * meanAttenuation(first) * (ratios[unknowns - 1] as number)) / (sum(psi) * meanAttenuation(primarySpectrum)) },
    },
  };
}

/** Neighbors in a spectrum follow its shape, the head's more firmly, for the two can stand for each other; electrons stay near their share. */
function shapeEquations({ energyFluence }: Spectrum, m: number, headHeld: boolean): NormalEquations {
  const n = energyFluence.length;
  const normal = new NormalEquations(n + m + 1);
  const row = (...entries: readonly (readonly [number, number])[]) => {
    const out = new Float64Array(n + m + 1);
    for (const [i, value] of entries) out[i] = value;
    return out;
  };
  for (const [from, count] of [[0, n], [n, m]] as const) {
    for (let i = from + 1; i < from + count - 1; i++) normal.add(row([i - 1, 1], [i, -2], [i + 1, 1]), 0, 1 / bend);
  }
  for (let i = n; i < n + m - 1; i++) normal.add(row([i, -1], [i + 1, 1]), 0, 1 / lean);
  normal.add(row([n + m, 1]), 1, 2);
  // Its shape and its weight relative to the primary stay.
  if (headHeld) for (let i = n; i < n + m; i++) normal.add(row([i, 1], ...energyFluence.map((share, k) => [k, -share] as const)), 0, 1000);
  return normal;
}

const rootMeanSquare = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** What brings the machine that is started with to the readings as a whole, so that ratios stand near 1. */
function startScale(start: Machine, readings: readonly Reading[], responses: readonly Response[]): number {
  const calculated = responses.map(({ primary, extraFocal, electrons }) => {
    const { primary: { spectrum }, extraFocal: head, contamination } = start;
    const of = (dose: Float64Array, { energyFluence }: Spectrum) => dose.reduce((sum, value, i) => sum + value * (energyFluence[i] as number), 0);
    return of(primary, spectrum) + head.weight * of(extraFocal, head.spectrum) + contamination.weight * meanAttenuation(spectrum) * electrons;
  });
  return readings.reduce((sum, { dose }, i) => sum + dose / (calculated[i] as number), 0) / readings.length;
}

/** Least squares gathered row by row. */
export class NormalEquations {
  readonly #size: number;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#matrix = new Float64Array(size * size);
    this.#right = new Float64Array(size);
  }

  copy(): NormalEquations {
    const same = new NormalEquations(this.#size);
    same.#matrix.set(this.#matrix);
    same.#right.set(this.#right);
    return same;
  }

  /** One equation row · x = value, times its weight. */
  add(row: Float64Array, value: number, weight: number): void {
    const n = this.#size;
    const square = weight * weight;
    for (let i = 0; i < n; i++) {
      const at = square * (row[i] as number);
      if (at === 0) continue;
      this.#right[i] = (this.#right[i] as number) + at * value;
      for (let j = 0; j < n; j++) this.#matrix[i * n + j] = (this.#matrix[i * n + j] as number) + at * (row[j] as number);
    }
  }

  /**
   * The least squares with no unknown below 0, by active sets: the unknown that would gain most is freed, and on the way to the
   * free solution those that reach 0 are held there.
   */
  solveNonNegative(): Float64Array<ArrayBuffer> {
    const n = this.#size;
    const free = new Set<number>();
    let x = new Float64Array(n);
    for (let round = 0; round < 10 * n; round++) {
      let best = -1;
      let most = 1e-9 * Math.max(...this.#right.map(Math.abs));
      for (let i = 0; i < n; i++) {
        if (free.has(i)) continue;
        let gain = this.#right[i] as number;
        for (let j = 0; j < n; j++) gain -= (this.#matrix[i * n + j] as number) * (x[j] as number);
        if (gain > most) [best, most] = [i, gain];
      }
      if (best < 0) break;
      free.add(best);
      for (;;) {
        const next = this.#solve([...free]);
        const falling = [...free].filter((i) => (next[i] as number) <= 0);
        if (falling.length === 0) {
          x = next;
          break;
        }
        const step = Math.min(...falling.map((i) => (x[i] as number) / ((x[i] as number) - (next[i] as number))));
        x = x.map((value, i) => (free.has(i) ? value + step * ((next[i] as number) - value) : 0));
        for (const i of falling) {
          if ((x[i] as number) <= 1e-12) {
            x[i] = 0;
            free.delete(i);
          }
        }
      }
    }
    return x;
  }

  /** The unknowns named, the others 0: Cholesky. */
  #solve(of: readonly number[]): Float64Array<ArrayBuffer> {
    const n = this.#size;
    const k = of.length;
    const lower = new Float64Array(k * k);
    const y = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = this.#matrix[(of[i] as number) * n + (of[j] as number)] as number;
        for (let q = 0; q < j; q++) sum -= (lower[i * k + q] as number) * (lower[j * k + q] as number);
        lower[i * k + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / (lower[j * k + j] as number);
      }
      let right = this.#right[of[i] as number] as number;
      for (let q = 0; q < i; q++) right -= (lower[i * k + q] as number) * (y[q] as number);
      y[i] = right / (lower[i * k + i] as number);
    }
    const x = new Float64Array(n);
    for (let i = k - 1; i >= 0; i--) {
      let sum = y[i] as number;
      for (let q = i + 1; q < k; q++) sum -= (lower[q * k + i] as number) * (x[of[q] as number] as number);
      x[of[i] as number] = sum / (lower[i * k + i] as number);
    }
    return x;
  }
}
