import type { Command } from "commander";
import { showNumber } from "@hapax/base";
import { gammaOf } from "@hapax/radiotherapy";
import { amount, collect } from "./amount.ts";
import { dvhFound, dvhJson, dvhText, type DvhWords } from "./dvh-rows.ts";
import { scansAt, theOne } from "./scans-from.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

interface DvhCommand extends DvhWords {
  readonly dose: string;
  readonly structures: string;
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
    .option("--ntcp", "complication probability by every set of parameters that there is for an organ, in EQD2: needs --fractions")
    .option("--indices <target:Gy>", "conformity, gradient and homogeneity of a target at its prescription, as PTV_High:66; may be repeated", collect, [])
    .option("--slice <mm>", "distance of the image slices, for structures drawn on one slice")
    .option("--voxels", "counts whole dose voxels, as some programs do, and does not sample between them")
    .option("--json", "for other programs; holds both")
    .addHelpText("after", "\nExample: ./hapax dvh --dose RTDOSE.dcm --structures RTSTRUCT.dcm --metric 'V20Gy[%]'")
    .action(async (options: DvhCommand) => {
      const dose = theOne(await scansAt(session, options.dose), "doses", options.dose);
      const set = theOne(await scansAt(session, options.structures), "structureSets", options.structures);
      const found = await dvhFound(set, dose, options);
      session.out(options.json ? `${JSON.stringify(dvhJson(found), undefined, 2)}\n` : dvhText(found, options.metric));
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
