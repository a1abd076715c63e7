import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError, showNumber, spacingOf, type PatientPosition, type Vec3 } from "@hapax/base";
import type { ScanSeries, Scans, Structure, StructureSet, TreatmentPlan } from "@hapax/case";
import { scansOf, type FoundFile } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import { mediumOf, planDose, type ConeCount, type DensityOverride, type Machine, type PlanDose } from "@hapax/dose";
import { doseMaximum } from "@hapax/figures";
import { writeWhole } from "@hapax/files";
import { openCrew } from "@hapax/kernels/crew-node";
import { above0, amount, collect, threadsOf } from "./amount.ts";
import { ctSeries, kvpOf, positionOf } from "./ct-choice.ts";
import { patientNameOf } from "./dose-courses.ts";
import { doseFile } from "./dose-file.ts";
import { secondDoses, type SecondDose } from "./dose-second.ts";
import { curveAt, machineAt } from "./machine-choice.ts";
import { structuresIn } from "./scan-choice.ts";
import { theOne } from "./scans-from.ts";
import { engineOf, type Session } from "./session.ts";
import { printable, table } from "./table.ts";
import { watched } from "./watched.ts";

interface DoseCommand {
  readonly ct?: string;
  readonly machine?: string;
  readonly curve?: string;
  readonly structures?: string;
  readonly override: readonly string[];
  readonly grid: string;
  readonly cones: string;
  readonly threads?: string;
  readonly plan?: string;
  readonly series?: string;
  readonly second?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** The dose of a plan: `dose`. */
export function dose(program: Command, session: Session): void {
  program
    .command("dose")
    .description("the dose of a photon plan by collapsed cones, as RTDOSE")
    .argument("<plan>", "RTPLAN, or a folder or zip that holds one")
    .requiredOption("--out <file>", "RTDOSE to write")
    .option("--ct <folder>", "CT that the plan was made on; left out, it lies with the plan")
    .option("--machine <name>", "id of a machine or a file of one; left out, each beam's own by its name in the plan")
    .option("--curve <name>", "from CT number to density: an id, or a file with your scanner's own; none is taken by default")
    .option("--structures <file>", "RTSTRUCT, whose EXTERNAL is the body; left out, the plan's own where it lies there, else the body is found in the image")
    .option("--override <name=density>", "density of a structure relative to water, as Implant=4.5; may be repeated", collect, [])
    .option("--grid <mm>", "distance of the dose voxels, mm", "2.5")
    .option("--cones <n>", "directions of transport: 24 for a preview, 72, or 288", "72")
    .option("--threads <n>", "threads; left out, as many as the computer has")
    .option("--plan <uid>", "plan, where there are several")
    .option("--series <uid>", "CT series, where there are several")
    .option("--second", "an independent dose at each isocenter beside it, by Nyholm's kernel")
    .option("--json", "for other programs")
    .addHelpText("after", `
Exit: 0 done, 2 bad input, 130 stopped by Ctrl-C, and then nothing is written.
See it:        ./hapax figure wash FOLDER --out wash.png   where plan, CT and dose lie in FOLDER
Its numbers:   ./hapax dvh --dose dose.dcm --structures structures.dcm
Against yours: ./hapax gamma --reference yours.dcm --evaluated dose.dcm --dd 3 --dta 3
Machines:      ./hapax beam list        Curves: ./hapax beam curves
Example: ./hapax dose plan.dcm --ct ct/ --machine generic-6mv --curve schneider2000-topas --out dose.dcm`)
    .action(async (name: string, options: DoseCommand) => {
      const asked = await askedDose(session, name, options);
      const found = await calculated(session, asked);
      session.out(options.json === true ? `${JSON.stringify(doseJson(found), undefined, 2)}\n` : doseText(found));
    });
}

/** Everything that a calculation needs. */
interface AskedDose {
  readonly plan: TreatmentPlan;
  readonly series: ScanSeries;
  readonly patientPosition: PatientPosition;
  readonly machine: Machine | undefined;
  readonly curve: Awaited<ReturnType<typeof curveAt>>;
  readonly gridMm: number;
  readonly cones: ConeCount;
  readonly threads: number;
  readonly body: Structure | undefined;
  readonly overrides: readonly DensityOverride[];
  readonly second: boolean;
  readonly out: string;
  readonly patient: Scans["patient"];
  readonly patientName: string | undefined;
}

interface Read {
  readonly files: readonly FoundFile[];
  readonly scans: Scans;
}

const coneCounts: readonly ConeCount[] = [24, 72, 288];

/** @throws cli/number, cli/choice, cli/several, cli/not-in-file, cli/patients, cli/frame, cli/patient-position, cli/no-meterset, cli/override, and what reading throws */
async function askedDose(session: Session, name: string, options: DoseCommand): Promise<AskedDose> {
  const gridMm = above0(options.grid, "--grid");
  const cones = coneCounts.find((count) => String(count) === options.cones);
  if (cones === undefined) throw new HapaxError("cli/choice", `--cones is ${JSON.stringify(options.cones)}.`, `Give one of ${coneCounts.join(", ")}.`);
  const threads = threadsOf(options.threads);
  const machine = options.machine === undefined ? undefined : await machineAt(session, options.machine);

  const read = async (path: string): Promise<Read> => {
    const { files, problems } = await filesOf(resolve(session.cwd, path));
    const scans = await scansOf(files);
    return { files, scans: { ...scans, problems: [...problems, ...scans.problems] } };
  };
  const ofPlan = await read(name);
  const plan = theOne(ofPlan.scans, "plans", name, options.plan);
  const ofCt = options.ct === undefined ? ofPlan : await read(options.ct);
  const ofSet = options.structures === undefined ? undefined : await read(options.structures);
  const ids = [...new Set([ofPlan, ofCt, ...(ofSet === undefined ? [] : [ofSet])].flatMap(({ scans }) => scans.patient.ids))].sort();
  if (ids.length > 1) throw new HapaxError("cli/patients", `Plan, CT and structures are of the patients ${ids.join(", ")}.`, "Give those of one patient.");
  const unmetered = plan.beams.filter(({ meterset }) => meterset === undefined);
  if (unmetered.length > 0) {
    throw new HapaxError("cli/no-meterset", `Beams without monitor units in the plan ${plan.label}: ${unmetered.map(({ number }) => number).join(", ")}; their dose has no gray.`, "Export the plan after it was calculated, with BeamMeterset.");
  }
  const set = ofSet === undefined ? [...ofPlan.scans.structureSets, ...ofCt.scans.structureSets].find(({ uid }) => uid === plan.structureSetUid) : theOne(ofSet.scans, "structureSets", options.structures ?? "");
  const series = ctSeries(ofCt.scans, options.series, set, options.ct ?? name);
  const curve = await curveAt(session, options.curve, kvpOf(series, ofCt.files));
  return {
    plan, series, machine, curve, gridMm, cones, threads,
    patientPosition: positionOf(series),
    ...structuresOf(set, series, { ...ofCt.scans, registrations: [] }, options.override),
    second: options.second === true,
    out: options.out,
    patient: ofPlan.scans.patient,
    patientName: patientNameOf(ofPlan.files, plan),
  };
}

/** Body and overrides of a structure set, in the frame of the CT. */
function structuresOf(set: StructureSet | undefined, { frameOfReference }: ScanSeries, scans: Scans, overrides: readonly string[]): Pick<AskedDose, "body" | "overrides"> {
  if (set === undefined) {
    if (overrides.length === 0) return { body: undefined, overrides: [] };
    throw new HapaxError("cli/override", `--override ${overrides[0]} names a structure, and there is no structure set.`, "Give --structures.");
  }
  const drawn = structuresIn(set, undefined, frameOfReference, scans);
  return {
    body: drawn.find(({ type }) => type === "EXTERNAL"),
    overrides: overrides.map((text): DensityOverride => {
      const [, name, density] = /^(.+)=([^=]*)$/s.exec(text) ?? [];
      const structure = drawn.find((one) => one.name === name);
      if (name === undefined || density === undefined) throw new HapaxError("cli/override", `--override is ${JSON.stringify(text)}.`, "Write structure=density, as Implant=4.5.");
      if (structure === undefined) throw new HapaxError("cli/override", `The structure set ${set.label} has no drawn structure ${JSON.stringify(name)}.`, `Drawn are ${drawn.map((one) => one.name).join(", ")}.`);
      return { structure, density: amount(density, `--override ${name}`) };
    }),
  };
}

/** What was calculated and written, to be told. */
interface FoundDose {
  readonly asked: AskedDose;
  readonly dose: PlanDose;
  readonly max: { readonly gy: number; readonly point: Vec3 } | undefined;
  readonly second: readonly SecondDose[] | undefined;
  readonly seconds: number;
  readonly engine: string;
  readonly notes: readonly string[];
}

async function calculated(session: Session, asked: AskedDose): Promise<FoundDose> {
  const { plan, series, patientPosition, machine, curve, gridMm, cones, threads, body, overrides } = asked;
  const engine = await engineOf(session);
  const started = performance.now();
  const crew = await openCrew(threads);
  try {
    const { dose: given, medium } = await watched(session, "dose", async (watch) => {
      const field = await mediumOf({ ct: await series.volume(), curve, grid: gridMm, overrides, ...(body === undefined ? {} : { body }), ...(watch.signal === undefined ? {} : { signal: watch.signal }) });
      const calculatedDose = await planDose({ plan, medium: field, patientPosition, cones, crew, ...watch, ...(machine === undefined ? {} : { machine }) });
      return { dose: calculatedDose, medium: field };
    });
    const seconds = (performance.now() - started) / 1000;
    const notes = [...(series.geometry.notice === undefined ? [] : [`The CT: ${series.geometry.notice}`]), ...given.notes];
    const whole = { ...given, notes };
    const from = [series.uid, body?.name ?? "", overrides.map(({ structure, density }) => [structure.name, density])];
    const bytes = doseFile(whole, { plan, patient: asked.patient, patientName: asked.patientName, from, synthetic: plan.synthetic || series.synthetic, engine });
    const second = asked.second ? secondDoses(plan, given, medium, patientPosition) : undefined;
    const path = resolve(session.cwd, asked.out);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, bytes);
    return { asked, dose: given, max: doseMaximum({ grid: given.grid, values: given.doseGy, slope: 1, intercept: 0, unit: "Gy" }), second, seconds, engine, notes };
  } finally {
    await crew.close();
  }
}

/** Dose at the isocenter of all beams; undefined where they have several, or it lies outside the grid. */
function atIsocenter({ asked: { plan }, dose: { beams } }: FoundDose): { readonly gy: number; readonly point: Vec3 } | undefined {
  const points = plan.beams.flatMap(({ controlPoints }) => controlPoints.map(({ isocenter }) => isocenter));
  const [point] = points;
  const doses = beams.flatMap(({ isocenterGy }) => isocenterGy ?? []);
  if (point === undefined || doses.length < beams.length || points.some((other) => other.some((mm, a) => Math.abs(mm - (point[a] as number)) > 0.01))) return undefined;
  return { gy: doses.reduce((sum, gy) => sum + gy, 0), point };
}

const difference = ({ gy }: SecondDose, isocenterGy: number | undefined): number | undefined => (gy === undefined || isocenterGy === undefined || isocenterGy === 0 ? undefined : 100 * (gy / isocenterGy - 1));

function doseJson(found: FoundDose): unknown {
  const { asked, dose: { grid, beams, machines, curve, cones, fractions }, max, second, seconds, engine, notes } = found;
  return {
    file: asked.out,
    plan: { uid: asked.plan.uid, label: asked.plan.label, fractions },
    maximum: max,
    isocenter: atIsocenter(found),
    beams: beams.map((beam) => {
      const other = second?.find((one) => one.beam === beam.number);
      return { ...beam, ...(other === undefined ? {} : { second: { ...other, differencePercent: difference(other, beam.isocenterGy) } }) };
    }),
    machines: machines.map(({ id, version, name }) => ({ id, version, name })),
    curve, cones, threads: asked.threads,
    grid: { size: grid.size, spacingMm: spacingOf(grid) },
    seconds, engine, notes,
  };
}

function doseText(found: FoundDose): string {
  const { asked, dose: { grid, beams, machines, curve, cones, fractions }, max, second, seconds, engine, notes } = found;
  const place = (at: Vec3) => `at ${at.map((mm) => showNumber(mm, 1)).join(", ")} mm`;
  const isocenter = atIsocenter(found);
  const gyOf = (gy: number | undefined) => (gy === undefined ? "outside the dose grid" : `${showNumber(gy, 3)} Gy`);
  const rows = beams.map(({ number, name, mu, isocenterGy }) => {
    const other = second?.find((one) => one.beam === number);
    const percent = other && difference(other, isocenterGy);
    const beside = other === undefined ? [] : [other.gy === undefined ? `cannot tell: ${other.why}` : `${showNumber(other.gy, 3)} Gy`, percent === undefined ? "" : `${percent >= 0 ? "+" : ""}${showNumber(percent, 1)} %`];
    return [String(number), name, mu === undefined ? "not recorded" : `${showNumber(mu, 1)} MU`, gyOf(isocenterGy), ...beside];
  });
  const head = ["beam", "name", "per fraction", "at its isocenter", ...(second === undefined ? [] : ["Nyholm", "difference"])];
  const numbers = [
    ["maximum", max === undefined ? "none" : `${showNumber(max.gy, 3)} Gy ${place(max.point)}`],
    ["isocenter", isocenter === undefined ? "several, or outside the dose grid" : `${showNumber(isocenter.gy, 3)} Gy ${place(isocenter.point)}`],
    ["fractions", String(fractions)],
    ["machine", machines.map(({ id, version, name }) => `${id}, version ${version} (${name})`).join("; ")],
    ["curve", curve],
    ["grid", `${grid.size.join(" × ")} of ${spacingOf(grid).map((mm) => showNumber(mm)).join(" × ")} mm`],
    ["cones", String(cones)],
    ["threads", String(asked.threads)],
    ["time", `${showNumber(seconds, 1)} s`],
    ["engine", engine],
  ];
  return `${table([head, ...rows])}\n${table(numbers)}\n${notes.map((note) => `${printable(note)}\n`).join("")}${printable(asked.out)}\n`;
}
