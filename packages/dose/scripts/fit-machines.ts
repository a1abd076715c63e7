/**
 * Fits the machines that Hapax brings to their measurements and writes packages/dose/machines/*.json.
 *
 *   node packages/dose/scripts/fit-machines.ts [machine ...]     those named, or all
 *
 * Fitted first against the superposition; then again so that the engine agrees, which gives up to 1 % more or less and 1.7 %
 * less at 15 mm: three exponentials do not end as electrons do, and 72 directions are few.
 *
 * What is measured is fitted; what is not (distances, collimators, transmission) is written here and said in `origin`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { openCrew } from "@hapax/kernels/crew-node";
import { beamCheck, engineDose, greatestByField, superposedDose, type DoseOnAxis } from "../src/check.ts";
import { fitDepthDose, fitMachine, type BeamMeasurements } from "../src/fit.ts";
import { calibrated, machineNamed } from "../src/machine-schema.ts";
import type { Machine, MachineOrigin, Mlc } from "../src/machine.ts";
import otherTanks from "../src/measured/other-tanks.json" with { type: "json" };
import { aliRogersSpectrum, spectrumOf } from "../src/spectrum.ts";
import { tankDose } from "../src/tank.ts";

interface Measured extends BeamMeasurements {
  readonly primaryFluence: { readonly radiiMm: readonly number[]; readonly values: readonly number[] };
}

const measuredOf = (id: string) => JSON.parse(readFileSync(new URL(`../src/measured/${id}.json`, import.meta.url), "utf8")) as Measured;

const radiiMm = Array.from({ length: 31 }, (_, i) => 10 * i);

function hornsOf({ primaryFluence: { radiiMm: at, values } }: Measured): number[] {
  return radiiMm.map((radius) => {
    const above = Math.max(1, at.findIndex((r) => r >= radius));
    const [from, to] = [at[above - 1] as number, at[above] as number];
    const value = (values[above - 1] as number) + ((radius - from) / (to - from)) * ((values[above] as number) - (values[above - 1] as number));
    return Number(value.toFixed(4));
  });
}

const leaves5: Mlc = {
  axis: "x",
  leafEdgesMm: Array.from({ length: 81 }, (_, i) => 5 * i - 200),
  distanceMm: 355,
  travelMm: [-200, 200],
  transmission: 0.005,
  tipOffsetMm: 0.3,
  tongueMm: 1,
  tongueTransmission: 0.3,
};
const leaves120: Mlc = {
  ...leaves5,
  leafEdgesMm: [...Array.from({ length: 10 }, (_, i) => 10 * i - 200), ...Array.from({ length: 41 }, (_, i) => 5 * i - 100), ...Array.from({ length: 10 }, (_, i) => 10 * i + 110)],
  distanceMm: 510,
  transmission: 0.015,
  tipOffsetMm: 0.7,
};

/** Shapes that the fit starts with: a target behind its filter, and what the filter scatters. */
const target = aliRogersSpectrum({ c1: 0, c2: 6.34, c3: -1.186, endpointMev: 6 });
const scattered = aliRogersSpectrum({ c1: 0, c2: 4.5, c3: -1.186, endpointMev: 4 });

const assumedHead = "Positions, transmission, tips and tongues of jaws and leaves and the source's width (2.3 mm) are assumed.";
const absorbed = "Fitted with what 72 collapsed cones give of the full superposition (within 1.1 % from 25 to 300 mm of depth, 1.7 % at 15 mm).";
const byConvention: MachineOrigin = { kind: "assumed", statement: "1 MU gives 0.01 Gy at these conditions, by convention; the set of measurements has no absolute dose.", sources: [] };

function startOf(id: string, name: string, horns: number[], sigmaMm: number, mlc: Mlc, jaws: Machine["jaws"], conditions: { ssdMm: number; depthMm: number }, origin: MachineOrigin): Machine {
  return {
    id,
    name,
    version: "2",
    energyMv: 6,
    filter: "flattened",
    sadMm: 1000,
    primary: { spectrum: target, horns: { radiiMm, values: horns }, softeningPer100Mm: 0.025, blurMm: [2.3, 2.3] },
    extraFocal: { weight: 0.09, distanceMm: 125, sigmaMm, spectrum: scattered },
    contamination: { weight: 0.15, ratePerMm: 0.176, sigmaMm: 20 },
    jaws,
    mlc,
    calibration: { gyPerMu: 0.01, fieldMm: 100, ...conditions, engineGy: 1, origin: byConvention },
    origin,
  };
}

const jawsAcross = { y: { distanceMm: 470, travelMm: [-200, 200], transmission: 0.005 } } as const;
const jawsBoth = { x: { distanceMm: 405, travelMm: [-200, 200], transmission: 0.005 }, y: { distanceMm: 320, travelMm: [-200, 200], transmission: 0.005 } } as const;

const fittedTo = (what: string, softening: string): MachineOrigin => ({
  kind: "fitted",
  statement: `Spectra, extra-focal weight and width, and electrons fitted to ${what} in a tank of 50 cm; primary fluence off axis as measured. Softening off axis is ${softening}. ${absorbed} ${assumedHead}`,
  sources: ["e0404beams", "conehead2022"],
});

const softened = (machine: Machine, softeningPer100Mm: number): Machine => ({ ...machine, primary: { ...machine.primary, softeningPer100Mm } });

const starts: readonly Machine[] = [
  startOf("synergy-6mv", "Elekta Synergy Agility, 6 MV", hornsOf(measuredOf("synergy-6mv")), 27, leaves5, jawsAcross, { ssdMm: 900, depthMm: 100 }, fittedTo("tissue-phantom ratios and output factors of 2019, fields of 3 to 40 cm,", "assumed, 2.5 % per 100 mm")),
  softened(startOf("artiste-6mv", "Siemens Artiste, 6 MV", hornsOf(measuredOf("artiste-6mv")), 22, leaves5, jawsAcross, { ssdMm: 950, depthMm: 50 }, fittedTo("tissue-phantom ratios of 2008 and output factors of 2009, fields of 3 to 40 cm,", "1 % per 100 mm, as the ratios of 40 cm ask for")), 0.01),
];

/** What fluence off axis (mm, at the isocenter) of a third machine lies below the mean of the two, by its profile of 40 cm at 100 mm of depth. */
const belowMean = [[0, 0], [24, 0.0012], [48, 0.0122], [95, 0.0212], [143, 0.0089], [200, 0.005], [300, 0.005]] as const;

function genericHorns(first: Machine, second: Machine): number[] {
  return radiiMm.map((radius, i) => {
    const mean = ((first.primary.horns.values[i] as number) + (second.primary.horns.values[i] as number)) / 2;
    const above = Math.max(1, belowMean.findIndex(([r]) => r >= radius));
    const [[r0, below0], [r1, below1]] = [belowMean[above - 1] as readonly [number, number], belowMean[above] as readonly [number, number]];
    // Beyond the primary collimator there is nothing to take from.
    return Number((mean > 0.5 ? mean - below0 - ((radius - r0) / (r1 - r0)) * (below1 - below0) : mean).toFixed(4));
  });
}

/** What an average head adds, from the two that were measured. */
function genericFrom([first, second]: readonly [Machine, Machine], horns: number[]): Machine {
  const start = startOf("generic-6mv", "Generic linear accelerator, 6 MV", horns, (first.extraFocal.sigmaMm + second.extraFocal.sigmaMm) / 2, leaves120, jawsBoth, { ssdMm: 900, depthMm: 100 }, {
    kind: "generic",
    statement: `Spectrum and electrons fitted to one measured depth dose of 10 cm x 10 cm; scatter of the head is the mean of the two fitted machines; fluence off axis too, less what one measured profile of 40 cm at 100 mm of depth asks for, and softening (3.5 % per 100 mm) by the same profile at 200 mm; the source's width (2.1 mm across, 1.0 mm along) by penumbrae of 10 cm x 10 cm. ${absorbed} Positions, transmission, tips and tongues of jaws and leaves are assumed.`,
    sources: ["bistromath", "pymedphys", "e0404beams", "conehead2022"],
  });
  const spectrum = spectrumOf(
    first.extraFocal.spectrum.energiesMev,
    first.extraFocal.spectrum.energyFluence.map((share, i) => share + (second.extraFocal.spectrum.energyFluence[i] as number)),
  );
  const primary = { ...start.primary, softeningPer100Mm: 0.035, blurMm: [2.1, 1] as const };
  return { ...start, primary, extraFocal: { ...start.extraFocal, weight: (first.extraFocal.weight + second.extraFocal.weight) / 2, spectrum } };
}

/** Five significant digits suffice, and keep a file readable. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
  return value;
}

function write(machine: Machine): void {
  const text = JSON.stringify(rounded(machine), null, 1).replace(/\[\s+([^\]\[]*?)\s+\]/g, (_, inner: string) => `[${inner.replace(/\s+/g, " ")}]`);
  writeFileSync(new URL(`../machines/${machine.id}.json`, import.meta.url), `${text}\n`);
}

const crew = await openCrew();

const everyFieldMm = [30, 40, 50, 60, 80, 100, 150, 200, 300, 400];
const depthsMm = [10, 15, 20, 25, 30, 40, 60, 100, 150, 200, 250, 300];

/** What the engine gives of the superposition, straight between depths and logarithms of fields. */
async function engineShareOf(machine: Machine, fieldsMm: readonly number[] = everyFieldMm): Promise<(fieldMm: number, depthMm: number) => number> {
  const exact = superposedDose(machine);
  const every = (doseOf: DoseOnAxis) => fieldsMm.map((fieldMm) => depthsMm.map((depthMm) => doseOf(fieldMm, depthMm)));
  const engine = every(await engineDose(machine, crew, every));
  const shares = every(exact).map((row, f) => row.map((dose, d) => (engine[f]?.[d] ?? NaN) / dose));
  shares.forEach((row, f) => console.log(`  engine of superposition, ${fieldsMm[f]} mm: ${row.map((share) => `${(100 * (share - 1)).toFixed(2)}`).join(" ")} %`));
  const place = (of: readonly number[], value: number): [number, number] => {
    const low = Math.min(of.length - 2, Math.max(0, of.findLastIndex((entry) => entry <= value)));
    return [low, Math.min(1, Math.max(0, (value - (of[low] as number)) / ((of[low + 1] as number) - (of[low] as number))))];
  };
  const logs = fieldsMm.map(Math.log);
  return (fieldMm, depthMm) => {
    const [f, wide] = place(logs, Math.log(fieldMm));
    const [d, deep] = place(depthsMm, depthMm);
    const along = (row: readonly number[]) => (row[d] as number) * (1 - deep) + (row[d + 1] as number) * deep;
    return along(shares[f] as number[]) * (1 - wide) + along(shares[f + 1] as number[]) * wide;
  };
}

/** With what the engine gives at its conditions. */
async function withOutput(machine: Machine): Promise<Machine> {
  const { fieldMm, ssdMm, depthMm } = machine.calibration;
  const dose = await tankDose(machine, { fieldMm, ssdMm, toDepthMm: depthMm, crew });
  return calibrated(machine, dose(depthMm));
}

function report(machine: Machine, measured: Measured, doseOf: (fieldMm: number, depthMm: number) => number): void {
  for (const { quantity, fieldMm, greatestPercent, atDepthMm, holds } of greatestByField(beamCheck(machine, measured, doseOf))) {
    console.log(`  ${quantity} ${fieldMm} mm: ${greatestPercent.toFixed(2)} % at ${atDepthMm} mm${holds ? "" : ", beyond its bar"}`);
  }
}

const named = process.argv.slice(2);
const asked = (id: string) => named.length === 0 || named.includes(id);
const fitted: Machine[] = [];
for (const start of starts) {
  if (!asked(start.id)) {
    fitted.push(machineNamed(start.id));
    continue;
  }
  const measured = measuredOf(start.id);
  const first = fitMachine(measured, start, { searchSigma: true }).machine;
  const share = await engineShareOf(first);
  const { machine, misfit } = fitMachine(measured, first, { engineShare: share });
  console.log(machine.id, `misfit ${(100 * misfit).toFixed(2)} %, extra-focal ${machine.extraFocal.weight.toFixed(4)} of σ ${machine.extraFocal.sigmaMm} mm, electrons ${machine.contamination.weight.toFixed(3)}`);
  const exact = superposedDose(machine);
  report(machine, measured, (fieldMm, depthMm) => exact(fieldMm, depthMm) * share(fieldMm, depthMm));
  fitted.push(await withOutput(machine));
  write(fitted[fitted.length - 1] as Machine);
}

const [synergy, artiste] = fitted as [Machine, Machine];
if (asked("generic-6mv")) {
  const [curve] = otherTanks.depthDoses;
  const start = genericFrom([synergy, artiste], genericHorns(synergy, artiste));
  const { machine: generic, misfit } = fitDepthDose(curve as (typeof otherTanks.depthDoses)[number], start, { engineShare: await engineShareOf(synergy, [80, 100, 150]) });
  console.log(generic.id, `misfit ${(100 * misfit).toFixed(2)} %`);
  write(await withOutput(generic));
}
await crew.close();
