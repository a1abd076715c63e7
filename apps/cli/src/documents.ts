import { mkdir } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { writeWhole } from "@hapax/files";
import type { CaseRecord, ViewOptions } from "@hapax/case";
import { careCoverage, careLint } from "@hapax/report";
import { houseCompute, type FigureKind, type ReportKind } from "@hapax/server";
import { workup } from "@hapax/workup";
import { recordOf, type StoreOptions } from "./locate.ts";
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

  program
    .command("figure")
    .description(`a figure of a case as SVG, PNG or TSV: ${houseCompute.figures.join(", ")}`)
    .argument("<name>", "such as timeline")
    .argument("<case>", "folder, case.json or id in the store")
    .requiredOption("--out <file>", "file that ends with .svg, .png or .tsv")
    .option("--as-of <point>", "only what was known at this time point")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .addHelpText("after", "\nExample: ./hapax figure timeline cases/leach2025 --out timeline.svg")
    .action(async (figure: string, name: string, options: Options) => {
      const ending = extname(options.out).slice(1);
      const kind = figureKinds.find((k) => k === ending);
      if (kind === undefined) throw new HapaxError("cli/kind", `${options.out} ends with neither .svg, .png nor .tsv.`, "Name the file by its kind.");
      const record = await recordOf(session, name, options);
      await write(session, options.out, await houseCompute.figure(record, figure, kind, viewOptions(options)));
    });
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
