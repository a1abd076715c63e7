import { readFileSync } from "node:fs";
import { flat } from "@hapax/base";
import {
  beamCheck, dosePerFluence, engineDose, greatestByField, headFluence, machineNamed, measuredBeams, nyholmCheck, otherProfilesCheck, otherTanksCheck, squareField,
  tankDose, waterMedium, type BeamCheckRow, type DoseOnAxis, type Machine, type ProfileCheckRow,
} from "@hapax/dose";
import { beamResiduals, type BeamPanel, type Figure } from "@hapax/figures";
import { toPng } from "@hapax/figures/png";
import { gamma, type Crew } from "@hapax/kernels";
import { residualPanels } from "../apps/cli/src/beam-fit.ts";
import { depthsMm, fieldsMm, monteCarloRatio, ratiosOf, table } from "../packages/dose/src/lung-slab.fixture.ts";

/** The page docs/validation.md and the pictures that it shows, by their file names. */
export interface DoseValidation {
  readonly page: string;
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

const drawn = (figure: Figure) => toPng(figure, "light");
const signed = (percent: number, digits = 2) => `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent).toFixed(digits)}`;
const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
const heads = (cells: readonly string[]) => `${row(cells)}\n${row(cells.map(() => "---"))}`;

/** Everything that the dose engine is held to which is a number: minutes of work. */
export async function doseValidation(crew: Crew, tell: (line: string) => void): Promise<DoseValidation> {
  const pictures = new Map<string, Uint8Array>();
  const own: string[] = [];
  for (const measured of measuredBeams) {
    tell(`${measured.machine}: its own beam`);
    const machine = machineNamed(measured.machine);
    const asks = (doseOf: DoseOnAxis) => [...beamCheck(machine, measured, doseOf), ...residualPanels({ axis: measured }, doseOf)];
    const doseOf = await engineDose(machine, crew, asks);
    own.push(ownBeam(machine, beamCheck(machine, measured, doseOf)));
    pictures.set(`validation-${machine.id}.png`, drawn(beamResiduals(machine.name, residualPanels({ axis: measured }, doseOf))));
  }
  tell("other tanks");
  const generic = machineNamed("generic-6mv");
  const onAxis = await engineDose(generic, crew, (doseOf) => [otherTanksCheck(generic, doseOf), nyholmCheck(generic, doseOf)]);
  const profiles = await otherProfilesCheck(generic, (tank) => tankDose(generic, { ...tank, crew }));
  tell("lung slab");
  const slab = await lungSlab(crew);
  pictures.set("validation-lung-slab.png", slab.picture);
  tell("72 and 288 cones");
  const cones = await conesOf(crew, generic);
  return { page: page({ own, tanks: otherTanksCheck(generic, onAxis), profiles, nyholm: nyholmCheck(generic, onAxis), slab: slab.text, cones }), pictures };
}

function ownBeam(machine: Machine, rows: readonly BeamCheckRow[]): string {
  const greatest = greatestByField(rows);
  const outside = rows.filter(({ holds }) => !holds);
  const quality = rows.find(({ quantity }) => quantity === "TPR20,10") as BeamCheckRow;
  const fields = [...new Set(greatest.filter(({ quantity }) => quantity !== "TPR20,10").map(({ fieldMm }) => fieldMm))].sort((a, b) => a - b);
  const cell = (quantity: BeamCheckRow["quantity"], fieldMm: number) => {
    const one = greatest.find((some) => some.quantity === quantity && some.fieldMm === fieldMm);
    return one === undefined ? "–" : quantity === "TPR" ? `${signed(one.greatestPercent)} at ${one.atDepthMm} mm` : signed(one.greatestPercent);
  };
  return `### ${machine.name} (${machine.id}, version ${machine.version})

${rows.length} numbers, ${outside.length === 0 ? "all within their bars" : `${rows.length - outside.length} within their bars`}. TPR20,10 of 10 cm × 10 cm: measured ${quality.measured.toFixed(4)}, calculated ${quality.calculated.toFixed(4)} (bar 0.003).

![Measured and calculated, and their difference](pictures/validation-${machine.id}.png)

Greatest difference by the side of the field, per cent:

${heads(["", ...fields.map((mm) => `${mm} mm`)])}
${row(["TPR, 15 to 300 mm deep", ...fields.map((mm) => cell("TPR", mm))])}
${row(["output factor", ...fields.map((mm) => cell("output factor", mm))])}
${outside.length === 0 ? "" : `\nBeyond its bar:\n\n${heads(["quantity", "field", "depth", "measured", "calculated", "difference, %", "bar, %"])}\n${outside.map((one) => row([one.quantity, `${one.fieldMm} mm`, `${one.depthMm} mm`, one.measured.toFixed(4), one.calculated.toFixed(4), signed(one.differencePercent), one.barPercent.toFixed(2)])).join("\n")}\n`}`;
}

async function lungSlab(crew: Crew): Promise<{ text: string; picture: Uint8Array }> {
  const lines: string[] = [];
  const panels: BeamPanel[] = [];
  for (const fieldMm of fieldsMm) {
    const along = await ratiosOf(crew, fieldMm, false);
    const turned = await ratiosOf(crew, fieldMm, true);
    const monteCarlo = depthsMm.map((depth) => monteCarloRatio(fieldMm, depth));
    const side = `${fieldMm / 10} × ${fieldMm / 10} cm`;
    lines.push(
      row([side, "superposition", ...(table[fieldMm] as readonly number[]).map((ratio) => ratio.toFixed(3))]),
      row(["", "engine, kernels along the axis, %", ...along.map((ratio, d) => signed(100 * (ratio / (table[fieldMm]?.[d] as number) - 1), 1))]),
      row(["", "Monte Carlo", ...monteCarlo.map(([ratio]) => ratio.toFixed(3))]),
      row(["", "its σ, %", ...monteCarlo.map(([ratio, sigma]) => ((100 * sigma) / ratio).toFixed(1))]),
      row(["", "engine, %", ...turned.map((ratio, d) => signed(100 * (ratio / (monteCarlo[d]?.[0] as number) - 1), 1))]),
    );
    panels.push({ title: side, axis: "depth, mm", barPercent: 3, curves: [{ name: side, points: depthsMm.map((atMm, d) => ({ atMm, measured: monteCarlo[d]?.[0] as number, calculated: turned[d] as number, held: true })) }] });
  }
  const text = `${heads(["field", "", ...depthsMm.map((mm) => `${mm / 10} cm`)])}\n${lines.join("\n")}`;
  return { text, picture: drawn(beamResiduals("Lung slab, Monte Carlo as points", panels, { width: 1480, height: 420 })) };
}

/** Share of voxels in which 72 cones agree with 288 at 2 %/2 mm, from straight ahead and aslant, through 5 cm of lung. */
async function conesOf(crew: Crew, machine: Machine): Promise<string> {
  const medium = waterMedium({ size: [61, 50, 61], spacingMm: 3, slabs: [{ fromMm: 40, toMm: 90, density: 0.25 }] });
  const lattice = { size: medium.grid.size, patientFromVoxel: flat(medium.grid.patientFromVoxel) };
  const lines: string[] = [];
  for (const gantryDeg of [0, 30]) {
    const of = (cones: 24 | 72 | 288) =>
      dosePerFluence({ machine, medium, position: { isocenter: [0, 75, 0], patientPosition: "HFS", gantryDeg, collimatorDeg: 0, couchDeg: 0 }, head: headFluence(machine, [{ ...squareField(100), share: 1 }]), cones, crew });
    const reference = await of(288);
    const normalizationGy = reference.reduce((most, gy) => Math.max(most, gy), 0);
    const shares: string[] = [];
    for (const cones of [72, 24] as const) {
      const { counts } = gamma({ ...lattice, values: reference }, { ...lattice, values: await of(cones) }, { mm: 2, percent: 2, local: false, normalizationGy, thresholdGy: 0.1 * normalizationGy, cap: 2, search: "interpolated" });
      shares.push(`${((100 * counts.passed) / counts.evaluated).toFixed(2)} %`);
    }
    lines.push(row([`${gantryDeg}°`, ...shares]));
  }
  return `${heads(["gantry", "72 cones", "24 cones, the preview"])}\n${lines.join("\n")}`;
}

function profileLine(rows: readonly ProfileCheckRow[], quantity: ProfileCheckRow["quantity"], words: string): string {
  const of = rows.filter((one) => one.quantity === quantity);
  const worst = of.reduce((most, one) => (Math.abs(one.difference) > Math.abs(most.difference) ? one : most));
  return row([words, `${of.filter(({ holds }) => holds).length} of ${of.length}`, `${worst.bar} ${worst.unit}`, `${signed(worst.difference)} ${worst.unit}: ${worst.plane}, ${worst.fieldMm} mm, ${worst.depthMm} mm deep`]);
}

interface Parts {
  readonly own: readonly string[];
  readonly tanks: readonly BeamCheckRow[];
  readonly profiles: readonly ProfileCheckRow[];
  readonly nyholm: readonly BeamCheckRow[];
  readonly slab: string;
  readonly cones: string;
}

function page({ own, tanks, profiles, nyholm, slab, cones }: Parts): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const curves = [...new Set(tanks.map(({ curve }) => curve as string))].map((curve) => {
    const of = tanks.filter((one) => one.curve === curve);
    const worst = of.reduce((most, one) => (Math.abs(one.differencePercent) > Math.abs(most.differencePercent) ? one : most));
    return row([curve, `${worst.fieldMm} mm`, of.map(({ depthMm }) => depthMm).join(", "), `${signed(worst.differencePercent)} at ${worst.depthMm} mm`]);
  });
  const nyholmFields = [...new Set(nyholm.map(({ fieldMm }) => fieldMm))];
  const nyholmDepths = [...new Set(nyholm.map(({ depthMm }) => depthMm))];
  const nyholmOf = (fieldMm: number, depthMm: number) => nyholm.find((one) => one.fieldMm === fieldMm && one.depthMm === depthMm);
  return `# Validation of the dose engine

Made by \`npm run validate\` with Hapax ${version}: 72 collapsed cones, compiled kernels. Plans and histograms have
their own pages, [planning](validation-planning.md) and [histograms](validation-dvh.md).
Research and education. Not a medical device.

## Water: the machines' own beams

Tissue-phantom ratios of fields from 3 × 3 to 40 × 40 cm from 15 to 300 mm deep are held to 1 % (2 % at 40 × 40 cm deeper than 200 mm),
output factors to 1 %, TPR20,10 to 0.003. Measured: DKFZ E0404, MIT licence.

${own.join("\n")}
## Water: other tanks

\`generic-6mv\`, whose spectrum was fitted to the first of these depth doses alone, against tanks of other makers and clinics, both
brought together at 100 mm; difference in per cent of the greatest dose, deeper than 20 mm (bar 2). Its source's width was chosen from the
penumbrae of 10 × 10 cm below, and its fluence and softening off axis from the profile of 40 × 40 cm at 100 and 200 mm; the other
profiles, and every other depth dose, had no part in it.

${heads(["tank", "field", "depths, mm", "greatest difference, %"])}
${curves.join("\n")}

Across the beam:

${heads(["", "hold", "bar", "greatest difference"])}
${profileLine(profiles, "penumbra", "penumbra, 80 to 20 %")}
${profileLine(profiles, "width", "width at 50 %")}
${profileLine(profiles, "off axis", "dose within the field")}
${profileLine(profiles, "outside", "dose 10 and 20 mm outside")}

## Nyholm's pencil kernel

A calculation that knows of the machine no more than TPR20,10 and what leaves its head, \`generic-6mv\`: dose at the isocenter relative to that
of 10 × 10 cm at 100 mm; engine less Nyholm, per cent (bar 1.5; ${nyholm.filter(({ holds }) => holds).length} of ${nyholm.length} hold).

${heads(["field", ...nyholmDepths.map((mm) => `${mm} mm`)])}
${nyholmFields.map((side) => row([`${side} mm`, ...nyholmDepths.map((depth) => { const one = nyholmOf(side, depth); return one === undefined ? "–" : `${signed(one.differencePercent)}${one.holds ? "" : " (beyond)"}`; })])).join("\n")}

## Lung slab

5 cm of water, 10 cm of lung of density 0.25, water; point source, SSD 100 cm, spectrum of Ali and Rogers. Dose over the dose in water
at the same depth. The full superposition has all kernels along the axis, so the engine is held to it (1 %) with kernels that do not turn;
against our Monte Carlo of photons and electrons (3 %) it is as it is used. Statistics, seed and histories of the Monte Carlo are in
\`packages/dose/src/monte-carlo/slab.json\`.

![Monte Carlo as points, the engine as lines](pictures/validation-lung-slab.png)

${slab}

## Number of cones

A 10 × 10 cm field through 15 cm of tissue with 5 cm of lung, 3 mm voxels: voxels above 10 % of the greatest dose that agree with 288 cones at
2 %/2 mm (bar for 72: 98 %).

${cones}

## What is exact, at every commit

Held by tests: [O'Connor's scaling, energy, inverse square, turned phantoms, symmetry, monitor units, abutting fields, TERMA of one
energy, gaps](../packages/dose/src/engine.exact.test.ts); compiled [cones](../packages/kernels/src/cone-dose-wasm.test.ts),
[TERMA](../packages/kernels/src/terma-wasm.test.ts) and [pencil beams](../packages/kernels/src/pencil-beam-wasm.test.ts) against their plain
forms to 1e-4 of the greatest dose, and the adjoint of the [pencil beam](../packages/kernels/src/pencil-beam.test.ts) to 1e-5; the cones of a
[graphics card](../tests/cones-on-a-card.browser.test.ts) to 1e-5.
`;
}
