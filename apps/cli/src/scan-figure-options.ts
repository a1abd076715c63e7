import type { Command } from "commander";
import { HapaxError, type Vec3 } from "@hapax/base";
import type { Scans } from "@hapax/case";
import { doseSchemes, planeKinds, type PlaneChoice, type ScanFigureOptions } from "./scan-figures.ts";
import { isPath, scansAt, theOne } from "./scans-from.ts";
import type { Session } from "./session.ts";

/** What a command says about a picture of scans. */
export interface ScanFigureWords {
  readonly series?: string;
  readonly dose?: string;
  readonly plan?: string;
  readonly structures?: string;
  readonly names?: string;
  readonly at?: string;
  readonly plane?: string;
  readonly window?: string;
  readonly prescription?: string;
  readonly scheme?: string;
  readonly beam?: string;
  readonly width?: string;
  readonly second?: string;
  readonly dd?: string;
  readonly dta?: string;
  readonly local?: boolean;
  readonly threshold?: string;
}

/** The options of pictures of scans, each with its words. */
export function withScanOptions(command: Command): Command {
  return command
    .optionsGroup("Pictures of scans:")
    .option("--series <uid>", "images, where there are several")
    .option("--dose <uid>", "dose, where there are several")
    .option("--plan <uid>", "plan, where there are several")
    .option("--structures <uid>", "structure set, where there are several")
    .option("--names <A,B>", "structures to draw; left out, all that are drawn")
    .option("--at <x,y,z>", "place in the patient to the left, back and head, mm; left out, the middle of the target, else the highest dose")
    .option("--plane <plane>", "axial, coronal, sagittal or all", "all")
    .option("--window <C,W>", "center and width, or a name such as lung")
    .option("--prescription <Gy>", "dose of 100 %; left out, what the plan prescribes where that is one dose")
    .option("--scheme <name>", "levels of dose: percent, or figure2 with 100, 102, 105 and 109 %", "percent")
    .option("--beam <n>", "number of the beam; left out, the first")
    .option("--width <px>", "of the whole figure; a PNG has two pixels for each px")
    .option("--second <dose>", "file or UID of the dose that is compared, or judged by gamma")
    .option("--dd <percent>", "dose difference of gamma, %")
    .option("--dta <mm>", "distance to agreement of gamma, mm")
    .option("--local", "gamma by the dose at each point, not by the highest")
    .option("--threshold <percent>", "gamma leaves out points below this share of the highest dose, %", "10");
}

/** A picture asked for in words, with the scans that it is of: a second dose brings its registrations. */
export async function scanFigureOptions(session: Session, scans: Scans, where: string, words: ScanFigureWords): Promise<{ scans: Scans; options: ScanFigureOptions }> {
  const { series, dose, plan, structures } = words;
  const named = Object.fromEntries(Object.entries({ series, dose, plan, structures }).filter(([, uid]) => uid !== undefined));
  const second = words.second === undefined ? undefined : await secondDose(session, scans, where, words.second);
  const options: ScanFigureOptions = {
    ...named,
    plane: oneOf([...planeKinds, "all"] as const, words.plane ?? "all", "--plane") satisfies PlaneChoice,
    scheme: oneOf(Object.keys(doseSchemes) as (keyof typeof doseSchemes)[], words.scheme ?? "percent", "--scheme"),
    ...(words.names === undefined ? {} : { names: words.names.split(",").map((name) => name.trim()) }),
    ...(words.at === undefined ? {} : { at: numbers(words.at, 3, "--at") as unknown as Vec3 }),
    ...(words.window === undefined ? {} : { window: windowOf(words.window) }),
    ...(words.prescription === undefined ? {} : { prescriptionGy: positive(words.prescription, "--prescription") }),
    ...(words.beam === undefined ? {} : { beam: positive(words.beam, "--beam") }),
    ...(words.width === undefined ? {} : { width: positive(words.width, "--width") }),
    ...(second === undefined ? {} : { second: second.dose }),
    ...criteriaOf(words),
  };
  return { options, scans: second === undefined ? scans : { ...scans, registrations: [...scans.registrations, ...second.registrations] } };
}

async function secondDose(session: Session, scans: Scans, where: string, second: string) {
  if (!isPath(session, second)) return { dose: theOne(scans, "doses", where, second), registrations: [] };
  const others = await scansAt(session, second);
  return { dose: theOne(others, "doses", second), registrations: others.registrations };
}

function criteriaOf({ dd, dta, local = false, threshold = "10" }: ScanFigureWords): Pick<ScanFigureOptions, "gamma"> {
  if (dd === undefined && dta === undefined) return {};
  if (dd === undefined || dta === undefined) throw new HapaxError("cli/criteria", `${dd === undefined ? "--dd" : "--dta"} is missing.`, "Gamma needs both: --dd 3 --dta 3.");
  return { gamma: { percent: positive(dd, "--dd"), mm: positive(dta, "--dta"), local, thresholdPercent: numbers(threshold, 1, "--threshold")[0] as number } };
}

/** Two numbers, or the name of a usual window. */
function windowOf(text: string): string | readonly [number, number] {
  return /^\s*[-+.\d]/.test(text) ? (numbers(text, 2, "--window") as unknown as readonly [number, number]) : text.trim();
}

/** @throws cli/number */
function numbers(text: string, count: number, option: string): number[] {
  const parts = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (parts.length === count && parts.every(Number.isFinite)) return parts;
  const wanted = count === 1 ? "a number" : `${count} numbers with commas between them`;
  throw new HapaxError("cli/number", `${option} is ${JSON.stringify(text)}.`, `Give ${wanted}, with a point for decimals.`);
}

/** @throws cli/number */
function positive(text: string, option: string): number {
  const [value = 0] = numbers(text, 1, option);
  if (value > 0) return value;
  throw new HapaxError("cli/number", `${option} is ${JSON.stringify(text)}.`, "Give a number above 0, with a point for decimals.");
}

/** @throws cli/choice */
function oneOf<T extends string>(choices: readonly T[], text: string, option: string): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new HapaxError("cli/choice", `${option} is ${JSON.stringify(text)}.`, `Give one of ${choices.join(", ")}.`);
}
