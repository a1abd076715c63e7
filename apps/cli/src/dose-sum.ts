import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { Gy, HapaxError, showNumber, type Vec3 } from "@hapax/base";
import { standardNameOf, type Registration, type Structure, type StructureSet } from "@hapax/case";
import { writeWhole } from "@hapax/files";
import {
  contributionsAt, cumulativeDose, leastDose, organData, otherOrganAlphaBeta,
  type CourseContribution, type CumulativeDose, type DoseMeasure,
} from "@hapax/radiobiology";
import { cumulativeConstraints, dvhOf, isFor, judge, setOf, withLeast, type Dvh, type Verdict } from "@hapax/radiotherapy";
import { amount, collect } from "./amount.ts";
import { boundsJson, boundsText } from "./bounds.ts";
import { namedCourses, type NamedCourse } from "./dose-courses.ts";
import { sumFile } from "./dose-sum-file.ts";
import { structuresIn } from "./scan-choice.ts";
import { scansAt, theOne } from "./scans-from.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

interface SumCommand {
  readonly dose: readonly string[];
  readonly measure: string;
  readonly alphaBeta?: string;
  readonly structures?: string;
  readonly on: string;
  readonly registration: readonly string[];
  readonly recovery: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

const measures: Readonly<Record<string, DoseMeasure>> = { physical: "physical dose", EQD2: "EQD2", BED: "BED" };

/** What several courses gave together: `sum`. */
export function doseSum(program: Command, session: Session): void {
  program
    .command("sum")
    .description("what several courses gave together, voxel by voxel, each converted at its own dose per fraction")
    .requiredOption("--dose <file:fractions>", "RTDOSE of a whole course and its fractions, a.dcm:30; left out, those of its plan where that lies beside it; repeated", collect)
    .option("--measure <name>", "physical, EQD2 or BED", "EQD2")
    .option("--alpha-beta <Gy>", "of the tissue; left out, each organ has that of the organ table")
    .option("--structures <file>", "RTSTRUCT, or a folder or zip that holds one: a row for each structure")
    .option("--on <uid>", "first, or the UID of the dose on whose grid and in whose frame of reference is summed", "first")
    .option("--registration <file>", "registration object between frames of reference; may be repeated", collect, [])
    .option("--recovery <course:percent:why>", "part of the effect of a course that is taken to be gone, as '1:25:12 months'; never assumed", collect, [])
    .option("--out <file>", "RTDOSE to write, at --alpha-beta: cut to a box in which every course is known, as it has no word for unknown")
    .option("--json", "for other programs")
    .addHelpText("after", "\nExample: ./hapax sum --dose first/dose.dcm:30 --dose second/dose.dcm:5 --structures first/structures.dcm")
    .action(async (options: SumCommand) => {
      const asked = await askedSum(session, options);
      const rows = asked.set === undefined ? [] : organRows(asked, asked.set);
      const whole = asked.alphaBeta === undefined && asked.measure !== "physical dose" ? undefined : asked.sumAt(asked.alphaBeta);
      const file = options.out === undefined ? undefined : await written(session, options.out, asked, whole);
      const found: FoundSum = { asked, rows, whole, file };
      session.out(options.json ? `${JSON.stringify(sumJson(found), undefined, 2)}\n` : sumText(found));
    });
}

/** What is to be summed. */
interface AskedSum {
  readonly courses: readonly NamedCourse[];
  readonly measure: DoseMeasure;
  /** As given. */
  readonly alphaBeta: Gy | undefined;
  readonly frame: string;
  readonly set: StructureSet | undefined;
  readonly registrations: readonly Registration[];
  /** The sum of a tissue; counted once for each α/β. */
  sumAt(alphaBeta: Gy | undefined): CumulativeDose;
}

/** @throws cli/choice, cli/alpha-beta, cli/not-there, and what reading throws */
async function askedSum(session: Session, options: SumCommand): Promise<AskedSum> {
  const measure = measures[options.measure];
  if (measure === undefined) throw new HapaxError("cli/choice", `--measure is ${JSON.stringify(options.measure)}.`, `Give one of ${Object.keys(measures).join(", ")}.`);
  const alphaBeta = options.alphaBeta === undefined ? undefined : Gy(amount(options.alphaBeta, "--alpha-beta"));
  if (measure !== "physical dose" && alphaBeta === undefined && (options.structures === undefined || options.out !== undefined)) {
    throw new HapaxError("cli/alpha-beta", `${measure} of ${options.out === undefined ? "a grid" : "a file"} has one α/β, and none is given.`, "Give --alpha-beta, or --structures alone for each organ at its own.");
  }
  const courses = await namedCourses(session, options.dose, options.recovery);
  const meant = options.on === "first" ? courses[0] : courses.find(({ from }) => from.uid === options.on);
  if (meant === undefined) {
    throw new HapaxError("cli/not-there", `None of the doses is ${options.on}.`, `Give first, or one of ${courses.map(({ from }) => from.uid).join(", ")}.`);
  }
  const named = await Promise.all(options.registration.map(async (path) => (await scansAt(session, path)).registrations));
  const set = options.structures === undefined ? undefined : theOne(await scansAt(session, options.structures), "structureSets", options.structures);
  const registrations = [...named.flat(), ...courses.flatMap((course) => course.registrations)];
  const sums = new Map<number | undefined, CumulativeDose>();
  const sumAt = (tissue: Gy | undefined) => {
    const sum = sums.get(tissue) ?? cumulativeDose(courses, meant.dose.grid, tissue, { measure, registrations });
    sums.set(tissue, sum);
    return sum;
  };
  return { courses, measure, alphaBeta, frame: meant.dose.grid.frameOfReference, set, registrations, sumAt };
}

/** What a structure received of all courses, or why that cannot be told. */
interface OrganRow {
  readonly structure: Structure;
  /** Gy, and where it is from; undefined for physical dose. */
  readonly tissue?: Tissue;
  readonly dvh?: Dvh;
  /** At the highest dose. */
  readonly contributions?: readonly CourseContribution[];
  readonly verdicts: readonly Verdict[];
  readonly problem?: string;
}

interface Tissue {
  readonly alphaBeta: Gy;
  readonly from: string;
}

function organRows(asked: AskedSum, set: StructureSet): OrganRow[] {
  const { registrations, frame } = asked;
  return structuresIn(set, undefined, frame, { registrations }).map((structure): OrganRow => {
    const tissue = asked.measure === "physical dose" ? undefined : tissueOf(structure, asked.alphaBeta);
    if (asked.measure !== "physical dose" && tissue === undefined) {
      return { structure, verdicts: [], problem: "cannot tell: a target has the α/β of its tumor; give --alpha-beta" };
    }
    try {
      return organRow(asked, structure, tissue);
    } catch (error) {
      if (!(error instanceof HapaxError) || !["radiotherapy/not-drawn", "radiotherapy/slice-thickness"].includes(error.code)) throw error;
      return { structure, verdicts: [], problem: error.what };
    }
  });
}

function organRow({ measure, frame, sumAt }: AskedSum, structure: Structure, tissue: Tissue | undefined): OrganRow {
  const found = sumAt(tissue?.alphaBeta);
  const known = dvhOf(structure, found.sum, { frameOfReference: frame });
  const dvh = known.coverage === 1 ? known : withLeast(known, dvhOf(structure, leastDose(found), { frameOfReference: frame }));
  const limits = measure === "EQD2" && tissue !== undefined ? cumulativeConstraints(tissue.alphaBeta).filter((limit) => isFor(limit, structure.name)) : [];
  return {
    structure,
    ...(tissue === undefined ? {} : { tissue }),
    dvh,
    contributions: contributionsAt(found, dvh.maxAt),
    verdicts: limits.map((limit) => judge(limit, dvh)),
  };
}

/** The α/β of a structure; undefined for a target, whose tumor is not in the organ table. */
function tissueOf({ name, type }: Structure, given: Gy | undefined): Tissue | undefined {
  if (given !== undefined) return { alphaBeta: given, from: "given" };
  if (/^(GTV|CTV|ITV|PTV)/i.test(type ?? "") || /^[zi~]*_?(GTV|CTV|ITV|PTV)/i.test(name)) return undefined;
  const tabled = organData(standardNameOf(name))?.alphaBeta;
  return tabled === undefined ? { alphaBeta: Gy(otherOrganAlphaBeta), from: "late effects, not in the organ table" } : { alphaBeta: Gy(tabled), from: "organ table" };
}

/** What was found, to be told. */
interface FoundSum {
  readonly asked: AskedSum;
  readonly rows: readonly OrganRow[];
  /** On the whole grid, where one α/β is given. */
  readonly whole: CumulativeDose | undefined;
  /** What was written, in words. */
  readonly file: string | undefined;
}

async function written({ cwd }: Session, path: string, { courses, alphaBeta, registrations }: AskedSum, whole: CumulativeDose | undefined): Promise<string | undefined> {
  if (whole === undefined) return undefined;
  const { bytes, said } = sumFile(whole, courses, { alphaBeta, registrations });
  await mkdir(dirname(resolve(cwd, path)), { recursive: true });
  await writeWhole(resolve(cwd, path), bytes);
  return `${path}: ${said}`;
}

function sumText({ asked, rows, whole, file }: FoundSum): string {
  const { courses, measure } = asked;
  const numbered = courses.map(({ name, fractions, because }, n) => [String(n + 1), name, `${fractions} fraction${fractions === 1 ? "" : "s"}`, because]);
  const from = courses.map((_, n) => `from ${n + 1}`);
  const head = ["structure", "α/β Gy", "cm³", `max ${measure === "physical dose" ? "Gy" : `Gy ${measure}`}`, ...from, "mean", "D0.03cc", "covered"];
  const verdicts = rows.flatMap((row) => row.verdicts.map((v) => [v.verdict, row.structure.name, v.why, setOf(v.constraint).name]));
  const parts = [
    table(numbered),
    ...(whole === undefined ? [] : [wholeText(whole)]),
    ...(rows.length === 0 ? [] : [table([head, ...rows.map((row) => organLine(row, courses.length))])]),
    ...(verdicts.length === 0 ? [] : [table(verdicts)]),
    [...notesOf(asked, rows, whole), ...(file === undefined ? [] : [file])].map((line) => `${line}\n`).join(""),
  ];
  return parts.join("\n");
}

function organLine({ structure, tissue, dvh, contributions = [], problem = "" }: OrganRow, courses: number): string[] {
  const alphaBeta = tissue === undefined ? "" : `${showNumber(tissue.alphaBeta)}, ${tissue.from}`;
  if (dvh === undefined) return [structure.name, alphaBeta, ...Array.from({ length: courses + 4 }, () => ""), problem];
  return [
    structure.name, alphaBeta, showNumber(dvh.volumeCc, 2), boundsText(dvh.max), ...contributions.map(gyText),
    boundsText(dvh.mean), boundsText(dvh.d003cc), `${showNumber(100 * dvh.coverage, 1)} %`,
  ];
}

const gyText = ({ gy }: CourseContribution): string => (gy === undefined ? "unknown" : showNumber(gy, 2));

function wholeText({ measure, highest, highestIncomplete }: CumulativeDose): string {
  const place = (at: Vec3) => `at ${at.map((mm) => showNumber(mm, 1)).join(", ")} mm`;
  const line = (words: string, point: CumulativeDose["highest"]) =>
    point === undefined ? [] : [[words, `${showNumber(point.gy, 2)} Gy`, ...point.contributions.map(gyText), place(point.at)]];
  return table([
    ...(highest === undefined ? [["No place has a known dose of every course."]] : line(`highest ${measure}`, highest)),
    ...line("highest where a course is not known, at least", highestIncomplete),
  ]);
}

/** What a number rests on: conversion, coverage, and what the files say against it. */
function notesOf({ courses, measure, set, sumAt, alphaBeta }: AskedSum, rows: readonly OrganRow[], whole: CumulativeDose | undefined): string[] {
  const first = rows.find(({ dvh }) => dvh !== undefined);
  const method = whole?.method ?? (first === undefined ? [] : sumAt(first.tissue?.alphaBeta ?? alphaBeta).method.slice(1));
  const notDrawn = set?.structures.filter(({ contours }) => contours.length === 0).map(({ name }) => name) ?? [];
  return [
    ...(whole === undefined ? [`${measure}: each voxel of each course is converted at its own dose per fraction and the α/β of its row, then the courses are added.`] : []),
    ...method,
    ...(measure === "EQD2" || rows.length === 0 ? [] : [`Limits of cumulative EQD2 are not held against ${measure}.`]),
    ...(notDrawn.length === 0 ? [] : [`Not drawn: ${notDrawn.join(", ")}.`]),
    ...courses.filter(({ from }) => from.summation === "MULTI_PLAN").map(({ name, fractions }) => `${name} is a sum of plans, taken as one course of ${fractions} equal fractions.`),
    ...courses.flatMap(({ from }) => from.problems.map(({ what }) => what)),
  ];
}

function sumJson({ asked, rows, whole, file }: FoundSum): unknown {
  const { courses, measure } = asked;
  return {
    measure,
    units: { dose: "Gy", volume: "cm3", coverage: "1", place: "mm" },
    courses: courses.map(({ name, from: { uid, synthetic }, fractions, because, recovered }) => ({ name, dose: uid, fractions, because, synthetic, recovered })),
    ...(whole === undefined ? {} : { grid: gridJson(whole) }),
    structures: rows.map(({ structure, tissue, dvh, contributions, verdicts, problem }) => ({
      number: structure.number,
      name: structure.name,
      ...(tissue === undefined ? {} : tissue),
      ...(dvh === undefined ? { problem } : { ...numbersJson(dvh), contributions: contributions?.map(({ course, gy }) => ({ course, gy: gy ?? null })) }),
      ...(verdicts.length === 0 ? {} : { limits: verdicts.map(({ constraint, verdict, why }) => ({ constraint, verdict, why })) }),
    })),
    method: notesOf(asked, rows, whole),
    ...(file === undefined ? {} : { file }),
  };
}

const gridJson = ({ alphaBeta, covered, highest, highestIncomplete }: CumulativeDose) => ({ alphaBeta, covered, highest, highestIncomplete });

function numbersJson({ volumeCc, coverage, max, maxAt, mean, d003cc }: Dvh): { readonly maxAt: Vec3 } & Record<string, unknown> {
  return { volume: volumeCc, coverage, max: boundsJson(max), maxAt, mean: boundsJson(mean), "D0.03cc": boundsJson(d003cc) };
}
