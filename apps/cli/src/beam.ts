import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, extname, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError, showNumber } from "@hapax/base";
import { densityCurves, engineDose, machines, measuredBeam, superposedDose, type BeamCheckRow, type DoseOnAxis, type Machine } from "@hapax/dose";
import { beamResiduals, toSvg, toTsv } from "@hapax/figures";
import { writeWhole } from "@hapax/files";
import { openCrew } from "@hapax/kernels/crew-node";
import { checkRows, fitted, residualPanels, withOutput, withProfile, type HeldTo } from "./beam-fit.ts";
import { measurementsAt, measurementsForm } from "./beam-measurements.ts";
import { machineAt } from "./machine-choice.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";
import { watched } from "./watched.ts";

interface CheckCommand {
  readonly measurements?: string;
  readonly by: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface FitCommand {
  readonly out: string;
  readonly start: string;
  readonly figure?: string;
  readonly json?: boolean;
}

/** Machines and density curves: `beam list`, `beam curves`, `beam check` and `beam fit`. */
export function beam(program: Command, session: Session): void {
  const group = program.command("beam").description("machines of the dose engine and density curves: list, curves, check, fit").addHelpText("after", "\nExample: ./hapax beam list");

  group
    .command("list")
    .description("the machines that Hapax brings, and how their numbers came about")
    .option("--json", "for other programs")
    .addHelpText("after", "\nExample: ./hapax beam list")
    .action(({ json }: { json?: boolean }) => {
      const known = machines();
      if (json === true) return session.out(`${JSON.stringify(known.map(({ id, name, version, energyMv, filter, sadMm, calibration, origin }) => ({ id, name, version, energyMv, filter, sadMm, calibration, origin })), undefined, 2)}\n`);
      session.out(table([["machine", "version", "", "beam", "origin"], ...known.map(({ id, version, name, energyMv, filter, origin }) => [id, version, name, `${energyMv} MV, ${filter}`, origin.kind])]));
      for (const { id, calibration: { gyPerMu, fieldMm, ssdMm, depthMm, origin }, origin: { statement, sources } } of known) {
        session.out(`\n${id}\n${table([["origin", statement], ["output", `${gyPerMu} Gy per MU at ${fieldMm} mm, SSD ${ssdMm} mm, depth ${depthMm} mm. ${origin.statement}`], ["sources", sources.join(", ")]], "  ")}`);
      }
    });

  group
    .command("curves")
    .description("the curves from CT number to density, where they are from, and whether they were read there")
    .option("--json", "for other programs, with the nodes")
    .addHelpText("after", "\nYour scanner's own is a JSON file: { id, name, quantity, unit, nodes: [[HU, density], …], source, kvp }, quantity with unit\n\"mass density\" in \"g/cm3\" or \"electron density\" \"relative to water\".\nExample: ./hapax beam curves")
    .action(({ json }: { json?: boolean }) => {
      if (json === true) return session.out(`${JSON.stringify(densityCurves, undefined, 2)}\n`);
      const rows = densityCurves.map(({ id, quantity, nodes, verified, kvp, source }) => [id, quantity, `${showNumber(nodes[0]?.[0] ?? 0)} to ${showNumber(nodes.at(-1)?.[0] ?? 0)} HU`, verified ? "verified" : "not verified", kvp === undefined ? "voltage not recorded" : `${kvp} kV`, source]);
      session.out(table([["curve", "gives", "", "", "", "source"], ...rows]));
    });

  group
    .command("check")
    .description("machines against what was measured of them, and whether each difference is within its bar")
    .argument("[machine...]", "ids, or files of machines; left out, all that Hapax brings")
    .option("--measurements <file>", "measurements to hold against, JSON or a folder of tables; left out, those that the machine was fitted to")
    .option("--by <way>", "engine: 72 cones, minutes; or superposition: what the engine collapses, without cones and voxels", "engine")
    .option("--all", "every number; left out, the greatest difference of each field")
    .option("--json", "for other programs; every number")
    .addHelpText("after", "\nA machine without measurements of its own is held against depth doses of other machines of 6 MV.\nExit: 0 every bar holds, 1 one does not, 2 bad input, 130 stopped.\nExample: ./hapax beam check synergy-6mv --by superposition")
    .action(async (names: readonly string[], options: CheckCommand) => {
      if (options.by !== "engine" && options.by !== "superposition") throw new HapaxError("cli/choice", `--by is ${JSON.stringify(options.by)}.`, "Give engine or superposition.");
      const chosen = names.length === 0 ? machines() : await Promise.all(names.map((name) => machineAt(session, name)));
      const given = options.measurements === undefined ? undefined : (await measurementsAt(session, options.measurements)).on;
      const rows: BeamCheckRow[] = [];
      for (const machine of chosen) rows.push(...(await checked(session, machine, given ?? ownMeasurements(machine), options.by)));
      if (rows.some(({ holds }) => !holds)) session.exitCode = 1;
      if (options.json === true) return session.out(`${JSON.stringify(rows, undefined, 2)}\n`);
      session.out(`${rowsText(options.all === true ? rows : greatest(rows))}\n${verdict(rows, options.by)}`);
    });

  group
    .command("fit")
    .description("makes a machine from measurements in water, and says how near it comes to them")
    .argument("<measurements>", "JSON, or a folder of tables")
    .requiredOption("--out <file>", "machine to write, JSON")
    .option("--start <machine>", "gives what is not fitted: jaws, leaves, distances, width of the source", "generic-6mv")
    .option("--figure <file>", "picture of what was measured and calculated, .svg, .png or .tsv")
    .option("--json", "for other programs: the differences")
    .addHelpText("after", `\n${measurementsForm}\nIt takes a minute or two for a whole table.\nExample: ./hapax beam fit measured.json --out hall2.json --figure residuals.svg`)
    .action((name: string, options: FitCommand) => fit(session, name, options));
}

/** What a machine was fitted to, where the house has it. */
function ownMeasurements({ id, energyMv }: Machine): HeldTo {
  const axis = measuredBeam(id);
  if (axis !== undefined) return { axis };
  if (machines().some((machine) => machine.id === id)) return "other tanks";
  throw new HapaxError("beam/no-measurements", `There are no measurements of ${id}, ${energyMv} MV.`, "Give --measurements with what it was fitted to.");
}

async function checked(session: Session, machine: Machine, held: HeldTo, by: "engine" | "superposition"): Promise<BeamCheckRow[]> {
  const asks = (doseOf: DoseOnAxis) => checkRows(machine, held, doseOf);
  if (by === "superposition") return asks(superposedDose(machine));
  const crew = await openCrew(availableParallelism());
  try {
    return asks(await watched(session, machine.id, (watch) => engineDose(machine, crew, asks, watch)));
  } finally {
    await crew.close();
  }
}

/** The greatest difference of each quantity, curve and field, as a share of its bar. */
function greatest(rows: readonly BeamCheckRow[]): BeamCheckRow[] {
  const worst = new Map<string, BeamCheckRow>();
  for (const row of rows) {
    const key = [row.machine, row.quantity, row.curve ?? "", row.fieldMm].join(" ");
    const before = worst.get(key);
    const share = ({ differencePercent, barPercent }: BeamCheckRow) => Math.abs(differencePercent) / barPercent;
    if (before === undefined || share(row) > share(before)) worst.set(key, row);
  }
  return [...worst.values()];
}

function rowsText(rows: readonly BeamCheckRow[]): string {
  const head = ["machine", "quantity", "field mm", "depth mm", "measured", "calculated", "difference", "bar", ""];
  return table([
    head,
    ...rows.map(({ machine, quantity, curve, fieldMm, depthMm, measured, calculated, differencePercent, barPercent, holds }) => [
      machine, curve === undefined ? quantity : `${quantity} ${curve}`, showNumber(fieldMm), showNumber(depthMm), showNumber(measured, 4), showNumber(calculated, 4),
      `${differencePercent >= 0 ? "+" : ""}${showNumber(differencePercent, 2)} %`, `${showNumber(barPercent, 2)} %`, holds ? "holds" : "does not hold",
    ]),
  ]);
}

function verdict(rows: readonly BeamCheckRow[], by: string): string {
  const within = rows.filter(({ holds }) => holds).length;
  return `${within} of ${rows.length} hold, by ${by === "engine" ? "the engine with 72 cones" : "full superposition"}.\n`;
}

const figureKinds = [".svg", ".png", ".tsv"];

async function fit(session: Session, name: string, { out, start: startName, figure, json }: FitCommand): Promise<void> {
  if (figure !== undefined && !figureKinds.includes(extname(figure))) throw new HapaxError("cli/kind", `${figure} ends with neither ${figureKinds.join(", ")}.`, "Name the file by its kind.");
  const measured = await measurementsAt(session, name);
  const start = await machineAt(session, startName);
  if (session.terminal === true) session.err(`fitting ${measured.machine} …\n`);
  const { machine: uncalibrated, misfit } = fitted(measured, start);
  const crew = await openCrew(availableParallelism());
  try {
    const { profile } = measured;
    const shaped = profile === undefined ? uncalibrated : await watched(session, "profile", (watch) => withProfile(uncalibrated, profile, crew, watch));
    const machine = await watched(session, "output", (watch) => withOutput(shaped, crew, watch));
    const doseOf = superposedDose(machine);
    const rows = checkRows(machine, measured.on, doseOf);
    await write(session, out, new TextEncoder().encode(`${JSON.stringify(machine, undefined, 1)}\n`));
    if (figure !== undefined) await write(session, figure, await figureBytes(machine, residualPanels(measured.on, doseOf), extname(figure)));
    if (rows.some(({ holds }) => !holds)) session.exitCode = 1;
    if (json === true) return session.out(`${JSON.stringify({ machine: out, misfit, rows }, undefined, 2)}\n`);
    const { extraFocal, contamination, origin, calibration } = machine;
    session.out(`${rowsText(greatest(rows))}\n${verdict(rows, "superposition")}${table([
      ["misfit", `${showNumber(100 * misfit, 2)} %`],
      ["extra-focal", `${showNumber(100 * extraFocal.weight, 2)} % of the primary, σ ${showNumber(extraFocal.sigmaMm, 1)} mm`],
      ["electrons", `${showNumber(100 * contamination.weight, 1)} % at the surface`],
      ["output", `${calibration.gyPerMu} Gy per MU. ${calibration.origin.statement}`],
      ["origin", origin.statement],
    ])}${[out, ...(figure === undefined ? [] : [figure])].map((path) => `${path}\n`).join("")}By the engine: ./hapax beam check ${out} --measurements ${name}\n`);
  } finally {
    await crew.close();
  }
}

async function figureBytes({ name }: Machine, panels: Parameters<typeof beamResiduals>[1], kind: string): Promise<Uint8Array> {
  const picture = beamResiduals(name, panels);
  if (kind === ".png") return (await import("@hapax/figures/png")).toPng(picture, "light", 2);
  return new TextEncoder().encode(kind === ".svg" ? toSvg(picture, "light") : toTsv(picture));
}

async function write({ cwd }: Session, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(resolve(cwd, path)), { recursive: true });
  await writeWhole(resolve(cwd, path), bytes);
}
