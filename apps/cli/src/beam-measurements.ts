import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { BeamMeasurements } from "@hapax/dose";
import { z } from "zod";
import { jsonAt } from "./machine-choice.ts";
import type { Session } from "./session.ts";

/** One depth dose on the axis, where there are no tissue-phantom ratios. */
export interface DepthDose {
  readonly fieldMm: number;
  readonly ssdMm: number;
  readonly depthsMm: readonly number[];
  /** In any one unit. */
  readonly percent: readonly number[];
}

/** One profile across an open field in water, through its axis. */
export interface Profile {
  readonly fieldMm: number;
  readonly ssdMm: number;
  readonly depthMm: number;
  /** In the plane of the depth; from the axis outward, or from one side to the other. */
  readonly positionsMm: readonly number[];
  /** In any one unit. */
  readonly values: readonly number[];
}

/** What a clinic measured of a beam. */
export interface ClinicBeam {
  readonly machine: string;
  readonly name: string;
  readonly energyMv: number;
  readonly sadMm: number;
  /** Ratios and output factors, or a depth dose. */
  readonly on: { readonly axis: BeamMeasurements } | { readonly depthDose: DepthDose };
  /** Off axis at the isocenter in air. */
  readonly primaryFluence?: { readonly radiiMm: readonly number[]; readonly values: readonly number[] };
  /** Where the fluence was not measured: it is found so that the engine gives this. */
  readonly profile?: Profile;
  readonly calibration?: { readonly gyPerMu: number; readonly fieldMm: number; readonly ssdMm: number; readonly depthMm: number };
}

const positive = z.number().positive();
const rising = z.array(z.number().min(0)).min(2).refine((values) => values.every((value, i) => i === 0 || value > (values[i - 1] as number)), "rises");

/** Depths that a table of ratios must have: of them is the quality of the beam made, mm. */
const qualityDepthsMm = [100, 200];

const schema = z
  .object({
    machine: z.string().regex(/^[a-z0-9-]+$/, "is an id of small letters, digits and -"),
    name: z.string().min(1),
    energyMv: positive,
    sadMm: positive,
    tpr: z
      .object({ referenceDepthMm: positive, fieldsMm: rising, depthsMm: rising, values: z.array(z.array(positive)) })
      .refine(({ depthsMm, values }) => values.length === depthsMm.length, { path: ["values"], message: "has a row for each depth" })
      .refine(({ fieldsMm, values }) => values.every((row) => row.length === fieldsMm.length), { path: ["values"], message: "has a value for each field in every row" })
      .refine(({ fieldsMm }) => fieldsMm.includes(100), { path: ["fieldsMm"], message: "holds the field of 100 mm" })
      .refine(({ depthsMm, referenceDepthMm }) => [...qualityDepthsMm, referenceDepthMm].every((depth) => depthsMm.includes(depth)), { path: ["depthsMm"], message: "holds 100 mm, 200 mm and the reference depth" })
      .optional(),
    outputFactors: z
      .object({ ssdMm: positive, depthMm: positive, fieldsMm: rising, values: z.array(positive) })
      .refine(({ fieldsMm, values }) => values.length === fieldsMm.length, { path: ["values"], message: "has a value for each field" })
      .optional(),
    depthDose: z
      .object({ fieldMm: positive, ssdMm: positive, depthsMm: rising, percent: z.array(positive) })
      .refine(({ depthsMm, percent }) => percent.length === depthsMm.length, { path: ["percent"], message: "has a value for each depth" })
      .optional(),
    extrapolated: z.object({ toFieldMm: positive, beyondDepthMm: positive, because: z.string() }).optional(),
    primaryFluence: z
      .object({ radiiMm: rising, values: z.array(z.number().min(0)) })
      .refine(({ radiiMm }) => radiiMm[0] === 0, { path: ["radiiMm"], message: "begins on the axis, at 0" })
      .refine(({ radiiMm, values }) => values.length === radiiMm.length, { path: ["values"], message: "has a value for each radius" })
      .optional(),
    profile: z
      .object({ fieldMm: z.number().min(100), ssdMm: positive, depthMm: positive, positionsMm: z.array(z.number()).min(3), values: z.array(positive) })
      .refine(({ positionsMm }) => positionsMm.every((at, i) => i === 0 || at > (positionsMm[i - 1] as number)), { path: ["positionsMm"], message: "rises" })
      .refine(({ positionsMm }) => (positionsMm[0] as number) <= 0 && (positionsMm.at(-1) as number) > 0, { path: ["positionsMm"], message: "goes through the axis, at 0" })
      .refine(({ positionsMm, values }) => values.length === positionsMm.length, { path: ["values"], message: "has a value for each position" })
      .optional(),
    calibration: z.object({ gyPerMu: positive, fieldMm: positive, ssdMm: positive, depthMm: positive }).optional(),
  })
  .refine(({ primaryFluence, profile }) => primaryFluence === undefined || profile === undefined, { path: ["profile"], message: "cannot be fitted beside a measured primaryFluence" })
  .refine(({ tpr, outputFactors, depthDose }) => (tpr === undefined ? depthDose !== undefined : outputFactors !== undefined), "has tpr and outputFactors, or depthDose");

/** How measurements are given, for the help of a command. */
export const measurementsForm = `MEASUREMENTS is JSON, lengths in mm, square fields by their sides at the isocenter:
  { "machine": "hall2-6mv", "name": "Hall 2, 6 MV", "energyMv": 6, "sadMm": 1000,
    "tpr": { "referenceDepthMm": 100, "fieldsMm": [30, 100, 400], "depthsMm": [15, 100, 200, 300],
             "values": [[…three…], …one row for each depth] },        relative to the reference depth in the same field
    "outputFactors": { "ssdMm": 900, "depthMm": 100, "fieldsMm": [30, 100, 400], "values": [0.84, 1, 1.17] },
    "primaryFluence": { "radiiMm": [0, 50, 200], "values": [1, 1.02, 1.06] },   off axis in air; left out, that of --start
    "calibration": { "gyPerMu": 0.01, "fieldMm": 100, "ssdMm": 900, "depthMm": 100 } }   left out, 0.01 by convention
or, for the fluence, "profile": { "fieldMm": 400, "ssdMm": 900, "depthMm": 15, "positionsMm": […], "values": […] } in water,
with "depthDose": { "fieldMm": 100, "ssdMm": 1000, "depthsMm": […], "percent": […] } where there are no tpr and outputFactors,
or a folder with tpr.dat, of.dat, primflu.dat and params.dat: columns of numbers, # before remarks.`;

/**
 * Measurements from a JSON file or a folder of tables.
 *
 * @throws beam/measurements with the field at fault; cli/json
 */
export async function measurementsAt(session: Session, name: string): Promise<ClinicBeam> {
  const inside = await readdir(resolve(session.cwd, name)).catch(() => undefined);
  return measurementsOf(inside === undefined ? await jsonAt(session, name) : await tablesIn(resolve(session.cwd, name), name), name);
}

/** @throws beam/measurements with the field at fault */
export function measurementsOf(json: unknown, where: string): ClinicBeam {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "its whole" : issue.path.join(".");
    throw new HapaxError("beam/measurements", `${where} cannot be used: ${field}: ${issue?.message ?? "not as it should be"}.`, "Correct that field; ./hapax beam fit --help shows the form.");
  }
  const { machine, name, energyMv, sadMm, tpr, outputFactors, depthDose, extrapolated, primaryFluence, profile, calibration } = parsed.data;
  const on = tpr === undefined || outputFactors === undefined ? { depthDose: depthDose as DepthDose } : { axis: { machine, sadMm, tpr, outputFactors, ...(extrapolated === undefined ? {} : { extrapolated }) } };
  return { machine, name, energyMv, sadMm, on, ...(primaryFluence === undefined ? {} : { primaryFluence }), ...(profile === undefined ? {} : { profile }), ...(calibration === undefined ? {} : { calibration }) };
}

/** Depths that are taken of a table of readings every millimeter. */
const depthsWished = [0, 5, 10, 15, 20, 25, 30, ...Array.from({ length: 27 }, (_, i) => 40 + 10 * i)];
/** Readings this far to both sides are averaged, mm; nearer the surface than `steepMm` the curve bends too much for that. */
const around = 2;
const steepMm = 12;

/** The tables of a folder in our form. */
async function tablesIn(folder: string, where: string): Promise<unknown> {
  const rows = async (file: string) => {
    const text = await readFile(join(folder, file), "utf8").catch(() => {
      throw new HapaxError("beam/measurements", `${where} has no ${file}.`, "Give a folder with tpr.dat, of.dat, primflu.dat and params.dat, or JSON.");
    });
    return text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "").map((line) => line.split(/[\s,;]+/));
  };
  const numbers = async (file: string) =>
    (await rows(file)).map((row, n) => {
      const values = row.map(Number);
      if (values.every(Number.isFinite)) return values;
      throw new HapaxError("beam/measurements", `${where}/${file} has ${JSON.stringify(row.join(" "))} in its row ${n + 1}.`, "Give numbers only, with # before remarks.");
    });
  const params = new Map((await rows("params.dat")).map(([key = "", value]) => [key, Number(value)]));
  const param = (key: string) => {
    const value = params.get(key);
    if (value !== undefined && value > 0) return value;
    throw new HapaxError("beam/measurements", `${where}/params.dat says ${value === undefined ? "nothing of" : `${value} for`} ${key}.`, `Give a line "${key} NUMBER", mm or MV.`);
  };
  const [[, ...fieldsMm] = [], ...readings] = await numbers("tpr.dat");
  const referenceDepthMm = param("dose_reference_depth");
  const depthsMm = depthsWished.filter((depth) => readings.some(([at]) => at === depth));
  const deepest = readings.at(-1)?.[0] ?? 0;
  const mean = (depth: number, column: number) => {
    const reach = depth < steepMm || depth + around > deepest ? 0 : around;
    const near = readings.filter(([at = NaN]) => Math.abs(at - depth) <= reach).map((row) => row[column + 1] as number);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  };
  const normal = fieldsMm.map((_, column) => mean(referenceDepthMm, column));
  const factors = await numbers("of.dat");
  const fluence = await numbers("primflu.dat");
  const id = where.split(/[\\/]/).filter((part) => part !== "").at(-1)?.toLowerCase().replace(/[^a-z0-9-]+/g, "-") ?? "";
  return {
    machine: id, name: id, energyMv: param("photon_energy"), sadMm: param("SAD"),
    tpr: { referenceDepthMm, fieldsMm, depthsMm, values: depthsMm.map((depth) => fieldsMm.map((_, column) => mean(depth, column) / (normal[column] as number))) },
    outputFactors: { ssdMm: param("dose_reference_ssd"), depthMm: referenceDepthMm, fieldsMm: factors.map(([field]) => field), values: factors.map(([, value]) => value) },
    primaryFluence: { radiiMm: fluence.map(([radius]) => radius), values: fluence.map(([, value]) => value) },
  };
}
