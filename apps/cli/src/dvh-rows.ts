import { HapaxError, showNumber, type Volume } from "@hapax/base";
import { standardNameOf, type DoseGrid, type Structure, type StructureSet } from "@hapax/case";
import type { Bounds } from "@hapax/kernels";
import {
  constraintsFor, dvhOf, isFor, judge, metricOf, setOf, targetIndices,
  type Dvh, type TargetIndex, type TargetIndices, type Verdict,
} from "@hapax/radiotherapy";
import { amount } from "./amount.ts";
import { boundsJson, boundsText } from "./bounds.ts";
import { responseJson, responseNotes, responsesOf, responseTable, type ResponseRow } from "./dose-response.ts";
import { table } from "./table.ts";

/** What is asked of histograms besides their usual numbers. */
export interface DvhWords {
  readonly metric: readonly string[];
  readonly fractions?: string;
  readonly ntcp?: boolean;
  readonly indices: readonly string[];
  readonly slice?: string;
  readonly voxels?: boolean;
  /** Asks for the numbers by whole dose voxels too. */
  readonly json?: boolean;
}

/** What the structures of a set receive. */
export interface DvhFound {
  readonly set: StructureSet;
  readonly dose: DoseGrid;
  readonly rows: readonly DvhRow[];
  readonly indices: readonly TargetIndices[];
}

/** A structure with its numbers, or why it has none. */
interface DvhRow {
  readonly structure: Structure;
  readonly dvh?: Dvh;
  /** By whole dose voxels, for comparison with programs that count them. */
  readonly counted?: Dvh;
  readonly problem?: HapaxError;
  readonly further: Readonly<Record<string, Bounds>>;
  readonly verdicts: readonly Verdict[];
  readonly responses: readonly ResponseRow[];
}

/** @throws cli/number, cli/not-there, and what histograms throw for every structure */
export async function dvhFound(set: StructureSet, dose: DoseGrid, words: DvhWords): Promise<DvhFound> {
  const volume = await dose.volume();
  const fractions = words.fractions === undefined ? undefined : amount(words.fractions, "--fractions");
  const limits = fractions === undefined ? [] : constraintsFor({ fractions });
  const slice = words.slice === undefined ? {} : { sliceMm: amount(words.slice, "--slice") };
  const rows = set.structures.map((structure): DvhRow => {
    const own = limits.filter((limit) => isFor(limit, structure.name));
    const responses = (dvh: Dvh | undefined) => (words.ntcp === true ? responsesOf(structure.name, dvh, dose, fractions) : []);
    const by = (samples: "fine" | "dose voxels") => dvhOf(structure, volume, { frameOfReference: set.frameOfReference, ...slice, samples });
    try {
      const dvh = by(words.voxels === true ? "dose voxels" : "fine");
      const further = Object.fromEntries(words.metric.map((metric) => [metric, metricOf(metric, dvh)]));
      const counted = words.json === true ? { counted: by("dose voxels") } : {};
      return { structure, dvh, ...counted, further, verdicts: own.map((limit) => judge(limit, dvh)), responses: responses(dvh) };
    } catch (error) {
      // Another frame of reference or a wrong metric holds for every structure; what one of them lacks stands in its row.
      if (!(error instanceof HapaxError) || !["radiotherapy/not-drawn", "radiotherapy/slice-thickness"].includes(error.code)) throw error;
      return { structure, problem: error, further: {}, verdicts: own.map((limit) => judge(limit, undefined, error.what)), responses: responses(undefined) };
    }
  });
  return { set, dose, rows, indices: words.indices.map((text) => indicesOf(text, rows, volume)) };
}

/** The indices of `TARGET:GY`, within the outline of the patient where it is drawn. */
function indicesOf(text: string, rows: readonly DvhRow[], volume: Volume): TargetIndices {
  const [, name, gy] = /^(.+):([^:]*)$/.exec(text) ?? [];
  const prescriptionGy = gy === undefined ? 0 : amount(gy, "The prescription of --indices");
  if (name === undefined || prescriptionGy === 0) {
    throw new HapaxError("cli/number", `--indices is ${JSON.stringify(text)}.`, "Give a target and its prescription in Gy: PTV_High:66.");
  }
  const row = rows.find(({ structure }) => structure.name === name);
  if (row?.problem !== undefined) throw row.problem;
  if (row?.dvh === undefined) {
    throw new HapaxError("cli/not-there", `There is no structure ${JSON.stringify(name)}.`, `There are ${rows.map(({ structure }) => structure.name).join(", ")}.`);
  }
  const outline = rows.find(({ structure, dvh }) => dvh !== undefined && (structure.type === "EXTERNAL" || standardNameOf(structure.name) === "External"));
  return targetIndices(row.dvh, outline?.dvh, volume, prescriptionGy);
}

/** As a person reads it. */
export function dvhText({ rows, indices }: DvhFound, metrics: readonly string[]): string {
  const head = ["structure", "cm³", "mean Gy", "max Gy", "D2%", "D50%", "D95%", "D98%", "D0.03cc", ...metrics, "covered"];
  const lines = rows.map(({ structure, dvh, problem, further }) =>
    dvh === undefined
      ? [structure.name, ...head.slice(2).map(() => ""), problem?.what ?? ""]
      : [
          structure.name,
          showNumber(dvh.volumeCc, 2),
          ...[dvh.mean, dvh.max, dvh.d2, dvh.d50, dvh.d95, dvh.d98, dvh.d003cc, ...Object.values(further)].map((value) => boundsText(value)),
          `${showNumber(100 * dvh.coverage, 1)} %`,
        ],
  );
  const verdicts = rows.flatMap((row) => row.verdicts.map((v) => [v.verdict, row.structure.name, v.why, setOf(v.constraint).name]));
  const responses = rows.flatMap((row) => row.responses);
  const notes = [
    // The first note is the rule of ends, which every structure has; what follows is of this one.
    ...rows.flatMap(({ dvh }) => dvh?.notes.slice(1).map((note) => `${dvh.name}: ${note}`) ?? []),
    ...responseNotes(responses),
  ];
  const parts = [
    table([head, ...lines]),
    ...(verdicts.length === 0 ? [] : [table(verdicts)]),
    ...indices.map(indicesText),
    ...(responses.length === 0 ? [] : [table(responseTable(responses))]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `${note}\n`).join("")]),
  ];
  return parts.join("\n");
}

function indicesText({ target, prescriptionGy, targetCc, coveredCc, prescribedCc, halfPrescribedCc, indices, notes }: TargetIndices): string {
  const volumes = [
    ["target", `${showNumber(targetCc, 2)} cm³`],
    ["of it at the prescription", `${boundsText(coveredCc)} cm³`],
    [`isodose of ${showNumber(prescriptionGy)} Gy`, `${boundsText(prescribedCc)} cm³`],
    [`isodose of ${showNumber(prescriptionGy / 2)} Gy`, `${boundsText(halfPrescribedCc)} cm³`],
  ];
  const numbers = indices.map(({ name, value, source }) => [name, indexText(value), source]);
  return `${table([[target, `${showNumber(prescriptionGy)} Gy`], ...volumes, ...numbers])}${notes.map((note) => `${note}\n`).join("")}`;
}

function indexText({ low, high }: TargetIndex["value"]): string {
  if (Number.isNaN(low) || Number.isNaN(high)) return "cannot tell";
  return low <= 0 && high === Infinity ? "cannot tell: the dose grid does not cover it" : boundsText({ low, high }, 3);
}

/** As a program reads it. */
export function dvhJson({ set, dose, rows, indices }: DvhFound): unknown {
  return {
    dose: { uid: dose.uid, label: dose.label, type: dose.type, summation: dose.summation, synthetic: dose.synthetic },
    structureSet: { uid: set.uid, label: set.label },
    units: { volume: "cm3", dose: "Gy", coverage: "1" },
    structures: rows.map(rowJson),
    ...(indices.length === 0 ? {} : { indices: indices.map(indicesJson) }),
  };
}

function rowJson({ structure: { number, name }, dvh, counted, problem, further, verdicts, responses }: DvhRow): unknown {
  const asked = Object.fromEntries(Object.entries(further).map(([metric, value]) => [metric, boundsJson(value)]));
  return {
    number,
    name,
    ...(dvh === undefined ? { problem: problem?.toJSON() } : { ...numbersJson(dvh), ...asked, notes: dvh.notes }),
    ...(counted === undefined ? {} : { byDoseVoxels: numbersJson(counted) }),
    ...(verdicts.length === 0 ? {} : { limits: verdicts.map(verdictJson) }),
    ...(responses.length === 0 ? {} : { responses: responses.map(responseJson) }),
  };
}

const verdictJson = ({ constraint, verdict, value, why }: Verdict) => ({ constraint, verdict, why, ...(value === undefined ? {} : { value: boundsJson(value) }) });

function indicesJson({ target, prescriptionGy, targetCc, coveredCc, prescribedCc, halfPrescribedCc, indices, notes }: TargetIndices): unknown {
  return {
    target,
    prescription: prescriptionGy,
    volume: targetCc,
    coveredByPrescription: boundsJson(coveredCc),
    prescriptionIsodose: boundsJson(prescribedCc),
    halfPrescriptionIsodose: boundsJson(halfPrescribedCc),
    indices: indices.map(({ name, value, source }) => ({ name, value: boundsJson(value), source })),
    notes,
  };
}

function numbersJson({ volumeCc, coverage, mean, max, min, maxAt, dAt, d003cc }: Dvh): Record<string, unknown> {
  const shares = Object.fromEntries([2, 5, 50, 95, 98, 99].map((percent) => [`D${percent}%`, boundsJson(dAt(percent / 100))]));
  return { volume: volumeCc, coverage, mean: boundsJson(mean), max: boundsJson(max), min: boundsJson(min), maxAt, ...shares, "D0.03cc": boundsJson(d003cc) };
}
