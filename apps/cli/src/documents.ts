import { mkdir } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { writeWhole } from "@hapax/files";
import type { CaseRecord, ViewOptions } from "@hapax/case";
import { toSvg, toTsv } from "@hapax/figures";
import { careCoverage, careLint } from "@hapax/report";
import { houseCompute, type FigureKind, type ReportKind } from "@hapax/server";
import { workup } from "@hapax/workup";
import { recordOf, type StoreOptions } from "./locate.ts";
import { scanFigureOptions, withScanOptions, type ScanFigureWords } from "./scan-figure-options.ts";
import { scanFigure, scanFigureNames, type ScanFigureName } from "./scan-figures.ts";
import { scansOfWhere } from "./scans-from.ts";
import type { Session } from "./session.ts";

interface Options extends StoreOptions {
  readonly out: string;
  readonly asOf?: string;
}

const reportKinds: readonly ReportKind[] = ["html", "pdf", "docx"];
const figureKinds: readonly FigureKind[] = ["svg", "png", "tsv"];

/** What is made from a case: `report` and `figure`. */
export function documents(program: Command, session: Session): void {
  program
    .command("report")
    .description("the write-up in CARE order as HTML, PDF and DOCX")
    .argument("<case>", "folder, case.json or id in the store")
    .requiredOption("--out <folder>", "where to write; made when it is not there")
    .option("--as-of <point>", "only what was known at this time point")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .addHelpText("after", "\nExample: ./hapax report cases/leach2025 --out out/")
    .action(async (name: string, options: Options) => {
      const record = await recordOf(session, name, options);
      for (const kind of reportKinds) {
        const bytes = await houseCompute.report(record, kind, viewOptions(options));
        await write(session, join(options.out, `${record.id}.${kind}`), bytes);
      }
      session.out(careLines(record, viewOptions(options)));
    });

  const figure = program
    .command("figure")
    .description(`a picture as SVG, PNG or TSV, of a case: ${houseCompute.figures.join(", ")}; of scans: ${scanFigureNames.join(", ")}`)
    .argument("<name>", "such as timeline or wash")
    .argument("<where>", "case; for pictures of scans also a folder, zip or file of DICOM")
    .requiredOption("--out <file>", "file that ends with .svg, .png or .tsv")
    .option("--as-of <point>", "only what was known at this time point; of a case")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store");
  withScanOptions(figure)
    .addHelpText("after", "\nExample: ./hapax figure timeline cases/leach2025 --out timeline.svg\nExample: ./hapax figure wash plan/ --prescription 66 --plane axial --out wash.png")
    .action(async (name: string, where: string, options: Options & ScanFigureWords) => {
      const ending = extname(options.out).slice(1);
      const kind = figureKinds.find((k) => k === ending);
      if (kind === undefined) throw new HapaxError("cli/kind", `${options.out} ends with neither .svg, .png nor .tsv.`, "Name the file by its kind.");
      await write(session, options.out, await figureBytes(session, name, where, kind, options));
    });
}

/** @throws cli/figure when there is none of that name */
async function figureBytes(session: Session, name: string, where: string, kind: FigureKind, options: Options & ScanFigureWords): Promise<Uint8Array> {
  const ofScans = scanFigureNames.find((n) => n === name);
  if (ofScans !== undefined) return scanFigureBytes(session, ofScans, where, kind, options);
  if (!houseCompute.figures.includes(name)) {
    throw new HapaxError("cli/figure", `There is no figure ${JSON.stringify(name)}.`, `Of a case there are ${houseCompute.figures.join(", ")}; of scans ${scanFigureNames.join(", ")}.`);
  }
  return houseCompute.figure(await recordOf(session, where, options), name, kind, viewOptions(options));
}

/** Pictures of scans are dark in every theme. */
async function scanFigureBytes(session: Session, name: ScanFigureName, where: string, kind: FigureKind, words: Options & ScanFigureWords): Promise<Uint8Array> {
  const { scans, options } = await scanFigureOptions(session, await scansOfWhere(session, where, words), where, words);
  const figure = await scanFigure(name, scans, options);
  if (kind === "png") return (await import("@hapax/figures/png")).toPng(figure, "dark", 2, "none");
  return new TextEncoder().encode(kind === "svg" ? toSvg(figure, "dark", "none") : toTsv(figure));
}

function viewOptions({ asOf }: Options): { asOf?: string } {
  return asOf === undefined ? {} : { asOf };
}

async function write({ out, cwd }: Session, name: string, bytes: Uint8Array): Promise<void> {
  const file = resolve(cwd, name);
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, bytes);
  out(`${name}\n`);
}

/** What the CARE checklist still lacks, an item a line. */
function careLines(record: CaseRecord, options: ViewOptions): string {
  const { view, findings } = workup(record, options);
  const lint = careLint(view, findings);
  const { covered, of } = careCoverage(lint);
  const lacking = lint.filter((item) => item.status !== "present");
  return [`CARE: ${covered} of ${of} items`, ...lacking.map((i) => `  ${i.status.padEnd(8)} ${i.item.padEnd(4)} ${i.topic}: ${i.why}`), ""].join("\n");
}
