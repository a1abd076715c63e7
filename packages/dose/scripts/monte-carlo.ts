// Runs the Monte Carlo of fields on water and on a slab of lung and writes packages/dose/src/monte-carlo/slab.json.
//
//   node packages/dose/scripts/monte-carlo.ts [--histories 4000000] [--seed 1] [--open]
//
// Histories are of each of the two. With --open one field on the slab is instead shot photon by photon over its whole
// surface and set beside that by symmetry; nothing is written then.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { depthDose, doseAt, openFieldDose, ratioOf, type DepthDose, type DepthDoseRun, type Estimate } from "../src/monte-carlo/depth-dose.ts";
import { slabSettings } from "../src/monte-carlo/slab.ts";
import { physicsVersion } from "../src/monte-carlo/transport.ts";

const { values } = parseArgs({
  options: { histories: { type: "string", default: "4000000" }, seed: { type: "string", default: "1" }, open: { type: "boolean", default: false } },
});
const histories = Number(values.histories);
const seed = Number(values.seed);
const { sidesCm, depthsCm, waterDepthsCm, windowCm, water, lung } = slabSettings;

function progress(name: string): (share: number) => void {
  const begun = Date.now();
  return (share) => {
    const left = ((Date.now() - begun) / 60_000) * (1 / share - 1);
    process.stderr.write(`${name} ${(100 * share).toFixed(0)} %, ${left.toFixed(1)} min left\n`);
  };
}

const run = (layers: DepthDoseRun["layers"], name: string, offset: number): DepthDoseRun => ({
  ...slabSettings,
  layers,
  histories,
  seed: seed + offset,
  onProgress: progress(name),
});

if (values.open) {
  const pencil = depthDose(run(lung, "by symmetry", 0));
  const open = openFieldDose({ ...run(lung, "open field", 1), histories: 4 * histories }, 0.5);
  for (const depthCm of depthsCm) {
    const { value, sigma } = ratioOf(doseAt(open, 0, depthCm, 1), doseAt(pencil, 0, depthCm, 1));
    process.stdout.write(`${depthCm} cm: open over symmetric ${value.toFixed(4)} ± ${sigma.toFixed(4)}\n`);
  }
} else {
  const inWater = depthDose(run(water, "water", 0));
  const inLung = depthDose(run(lung, "lung", 1));
  const reference = doseAt(inWater, sidesCm.indexOf(10), 10, windowCm);
  const rounded = ({ value, sigma }: Estimate): number[] => [Number(value.toFixed(5)), Number(sigma.toFixed(5))];
  const relative = (dose: DepthDose, depths: readonly number[]): number[][][] =>
    sidesCm.map((_, field) =>
      depths.map((depthCm) => {
        const { value, sigma } = doseAt(dose, field, depthCm, windowCm);
        return rounded({ value: value / reference.value, sigma: sigma / reference.value });
      }),
    );
  const stored = {
    what: "Monte Carlo of this package. Dose on the axis by field and depth, each with one standard deviation: in water and in the slab relative to water, 10 x 10 cm, 10 cm deep (whose own uncertainty is not in it); and in the slab relative to water at the same depth.",
    physicsVersion,
    seed,
    histories,
    batches: slabSettings.batches,
    cutoffs: slabSettings.cutoffs,
    ssdCm: slabSettings.ssdCm,
    windowCm,
    spectrum: slabSettings.spectrumName,
    lung,
    sidesCm,
    referenceSigma: Number((reference.sigma / reference.value).toFixed(5)),
    waterDepthsCm,
    water: relative(inWater, waterDepthsCm),
    depthsCm,
    slab: relative(inLung, depthsCm),
    ratio: sidesCm.map((_, field) =>
      depthsCm.map((depthCm) => rounded(ratioOf(doseAt(inLung, field, depthCm, windowCm), doseAt(inWater, field, depthCm, windowCm)))),
    ),
  };
  writeFileSync(new URL("../src/monte-carlo/slab.json", import.meta.url), `${JSON.stringify(stored).replaceAll('],[[', '],\n[[').replaceAll(',"', ',\n"')}\n`);
}
