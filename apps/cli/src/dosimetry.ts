import type { Command } from "commander";
import { HapaxError, showNumber } from "@hapax/base";
import type { DoseGrid, Structure, StructureSet } from "@hapax/case";
import type { Bounds } from "@hapax/kernels";
import { constraintsFor, dvhOf, gammaOf, isFor, judge, metricOf, setOf, type Dvh, type Verdict } from "@hapax/radiotherapy";
import { amount, collect } from "./amount.ts";
import { boundsJson, boundsText } from "./bounds.ts";
import { scansAt, theOne } from "./scans-from.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

interface DvhCommand {
  readonly dose: string;
  readonly structures: string;
  readonly metric: readonly string[];
  readonly fractions?: string;
  readonly slice?: string;
  readonly voxels?: boolean;
  readonly json?: boolean;
}

interface GammaCommand {
  readonly reference: string;
  readonly evaluated: string;
  readonly dd: string;
  readonly dta: string;
  readonly threshold: string;
  readonly normalization?: string;
  readonly local?: boolean;
  readonly voxels?: boolean;
  readonly json?: boolean;
}

/** Numbers of doses: `dvh` and `gamma`. */
export function dosimetry(program: Command, session: Session): void {
  program
    .command("dvh")
    .description("what each structure receives: volume, mean, maximum, D and V, and how much of it the dose covers")
    .requiredOption("--dose <file>", "RTDOSE, or a folder or zip that holds one")
    .requiredOption("--structures <file>", "RTSTRUCT, or a folder or zip that holds one")
    .option("--metric <name>", "a further number as TG-263 writes it, such as V20Gy[%] or D0.1cc[Gy]; may be repeated", collect, [])
    .option("--fractions <n>", "judges the limits published for so many fractions")
    .option("--slice <mm>", "distance of the image slices, for structures drawn on one slice")
    .option("--voxels", "counts whole dose voxels, as some programs do, and does not sample between them")
    .option("--json", "for other programs; holds both")
    .addHelpText("after", "\nExample: ./hapax dvh --dose RTDOSE.dcm --structures RTSTRUCT.dcm --metric 'V20Gy[%]'")
    .action(async (options: DvhCommand) => {
      const dose = theOne(await scansAt(session, options.dose), "doses", options.dose);
      const set = theOne(await scansAt(session, options.structures), "structureSets", options.structures);
      const rows = await dvhRows(set, dose, options);
      session.out(options.json ? `${JSON.stringify(dvhJson(set, dose, rows), undefined, 2)}\n` : dvhText(rows, options.metric));
    });

  program
    .command("gamma")
    .description("how far an evaluated dose agrees with a reference")
    .requiredOption("--reference <file>", "RTDOSE that the other is held against")
    .requiredOption("--evaluated <file>", "RTDOSE that is judged")
    .requiredOption("--dd <percent>", "dose difference, %")
    .requiredOption("--dta <mm>", "distance to agreement, mm")
    .option("--local", "percent of the dose at each point, not of the normalization")
    .option("--threshold <percent>", "points below this share of the normalization are not compared, %", "10")
    .option("--normalization <Gy>", "dose of 100 %; left out, the highest reference dose")
    .option("--voxels", "compares voxel centers without interpolation, as some programs do")
    .option("--json", "for other programs")
    .addHelpText("after", "\nExample: ./hapax gamma --reference plan.dcm --evaluated second.dcm --dd 3 --dta 3 --local")
    .action(async (options: GammaCommand) => {
      const volumeOf = async (path: string) => theOne(await scansAt(session, path), "doses", path).volume();
      const { map: _map, ...result } = gammaOf(await volumeOf(options.reference), await volumeOf(options.evaluated), {
        percent: amount(options.dd, "--dd"),
        mm: amount(options.dta, "--dta"),
        local: options.local === true,
        thresholdPercent: amount(options.threshold, "--threshold"),
        ...(options.normalization === undefined ? {} : { normalizationGy: amount(options.normalization, "--normalization") }),
        ...(options.voxels === true ? { search: "voxels" as const } : {}),
      });
      if (options.json) return session.out(`${JSON.stringify(result, undefined, 2)}\n`);
      const { passRate, counts, mean, highest, method } = result;
      const rate = passRate === undefined ? "cannot tell: no point could be compared" : `${showNumber(100 * passRate, 2)} %`;
      const numbers = [["pass", rate], ["compared", String(counts.evaluated)], ["passed", String(counts.passed)], ["below the threshold", String(counts.belowThreshold)], ["dose not known", String(counts.unknown)]];
      if (mean !== undefined && highest !== undefined) numbers.push(["mean gamma", showNumber(mean, 3)], ["highest gamma", showNumber(highest, 3)]);
      session.out(`${table(numbers)}\n${method.join("\n")}\n`);
    });
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
}

async function dvhRows(set: StructureSet, dose: DoseGrid, options: DvhCommand): Promise<DvhRow[]> {
  const volume = await dose.volume();
  const limits = options.fractions === undefined ? [] : constraintsFor({ fractions: amount(options.fractions, "--fractions") });
  const slice = options.slice === undefined ? {} : { sliceMm: amount(options.slice, "--slice") };
  return set.structures.map((structure): DvhRow => {
    const own = limits.filter((limit) => isFor(limit, structure.name));
    const by = (samples: "fine" | "dose voxels") => dvhOf(structure, volume, { frameOfReference: set.frameOfReference, ...slice, samples });
    try {
      const dvh = by(options.voxels === true ? "dose voxels" : "fine");
      const further = Object.fromEntries(options.metric.map((metric) => [metric, metricOf(metric, dvh)]));
      const counted = options.json === true ? { counted: by("dose voxels") } : {};
      return { structure, dvh, ...counted, further, verdicts: own.map((limit) => judge(limit, dvh)) };
    } catch (error) {
      // Another frame of reference or a wrong metric holds for every structure; what one of them lacks stands in its row.
      if (!(error instanceof HapaxError) || !["radiotherapy/not-drawn", "radiotherapy/slice-thickness"].includes(error.code)) throw error;
      return { structure, problem: error, further: {}, verdicts: own.map((limit) => judge(limit, undefined, error.what)) };
    }
  });
}

function dvhText(rows: readonly DvhRow[], metrics: readonly string[]): string {
  const head = ["structure", "cm³", "mean Gy", "max Gy", "D2%", "D50%", "D95%", "D98%", "D0.03cc", ...metrics, "covered"];
  const lines = rows.map(({ structure, dvh, problem, further }) =>
    dvh === undefined
      ? [structure.name, ...head.slice(2).map(() => ""), problem?.what ?? ""]
      : [
          structure.name,
          showNumber(dvh.volumeCc, 2),
          ...[dvh.mean, dvh.max, dvh.d2, dvh.d50, dvh.d95, dvh.d98, dvh.d003cc, ...Object.values(further)].map(boundsText),
          `${showNumber(100 * dvh.coverage, 1)} %`,
        ],
  );
  const verdicts = rows.flatMap(({ verdicts }) => verdicts.map((v) => [v.verdict, v.constraint.structure, v.why, setOf(v.constraint).name]));
  const notes = rows.flatMap(({ dvh }) => (dvh === undefined || dvh.coverage === 1 ? [] : dvh.notes.map((note) => `${dvh.name}: ${note}\n`)));
  return `${table([head, ...lines])}${verdicts.length === 0 ? "" : `\n${table(verdicts)}`}${notes.length === 0 ? "" : `\n${notes.join("")}`}`;
}

function dvhJson(set: StructureSet, dose: DoseGrid, rows: readonly DvhRow[]): unknown {
  return {
    dose: { uid: dose.uid, label: dose.label, type: dose.type, summation: dose.summation, synthetic: dose.synthetic },
    structureSet: { uid: set.uid, label: set.label },
    units: { volume: "cm3", dose: "Gy", coverage: "1" },
    structures: rows.map(({ structure, dvh, counted, problem, further, verdicts }) => ({
      number: structure.number,
      name: structure.name,
      ...(dvh === undefined ? { problem: problem?.toJSON() } : { ...numbersJson(dvh), ...Object.fromEntries(Object.entries(further).map(([name, value]) => [name, boundsJson(value)])), notes: dvh.notes }),
      ...(counted === undefined ? {} : { byDoseVoxels: numbersJson(counted) }),
      ...(verdicts.length === 0 ? {} : { limits: verdicts.map(({ constraint, verdict, value, why }) => ({ constraint, verdict, why, ...(value === undefined ? {} : { value: boundsJson(value) }) })) }),
    })),
  };
}

function numbersJson({ volumeCc, coverage, mean, max, min, maxAt, dAt, d003cc }: Dvh): Record<string, unknown> {
  const shares = Object.fromEntries([2, 5, 50, 95, 98, 99].map((percent) => [`D${percent}%`, boundsJson(dAt(percent / 100))]));
  return { volume: volumeCc, coverage, mean: boundsJson(mean), max: boundsJson(max), min: boundsJson(min), maxAt, ...shares, "D0.03cc": boundsJson(d003cc) };
}
