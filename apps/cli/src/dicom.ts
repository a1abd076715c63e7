import { resolve } from "node:path";
import type { Command } from "commander";
import { spacingOf } from "@hapax/base";
import type { Scans, ScanSeries, TreatmentPlan } from "@hapax/case";
import { scansOf } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import { summaryOf } from "@hapax/server";
import { problemLines } from "./import-scans.ts";
import type { Session } from "./session.ts";
import { printable, table } from "./table.ts";

/** What lies beside images, and is no fault of them. */
const leftAside: ReadonlySet<string> = new Set(["dicom/not-dicom", "dicom/directory", "dicom/zip-inside", "dicom/copy"]);

/** What is in a folder of DICOM files: `dicom`. */
export function dicom(program: Command, session: Session): void {
  program
    .command("dicom")
    .description("what is in a folder, a zip or a file of DICOM: series, geometry, structures, plans, doses, every problem")
    .argument("<folder>", "folder, zip or file")
    .option("--json", "for other programs")
    .addHelpText("after", "\nExit: 0 all DICOM read as it is, 2 with a problem in it; files that are no DICOM are told and left.\nExample: ./hapax dicom scans/ --json")
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { files, problems } = await filesOf(resolve(session.cwd, name));
      const read = await scansOf(files);
      const scans: Scans = { ...read, problems: [...problems, ...read.problems] };
      if (scans.problems.some(({ code }) => !leftAside.has(code))) session.exitCode = 2;
      if (json) return session.out(`${JSON.stringify(withFileNames(scans), undefined, 2)}\n`);
      session.out(`${printable(name)}: ${files.length} files\n${asTables(scans)}`);
      if (scans.problems.length > 0) session.out(`\nproblems\n${problemLines(scans.problems)}`);
    });
}

/** The summary of the server, which counts files, with their names. */
function withFileNames(scans: Scans): unknown {
  const summary = summaryOf(scans);
  const kinds = ["series", "structureSets", "plans", "doses", "registrations", "pictures"] as const;
  return { ...summary, ...Object.fromEntries(kinds.map((kind) => [kind, summary[kind].map((one, i) => ({ ...one, fileNames: scans[kind][i]?.files }))])) };
}

function asTables({ series, structureSets, plans, doses, registrations, pictures }: Scans): string {
  const part = (name: string, rows: readonly (readonly string[])[]) => (rows.length === 0 ? "" : `\n${name}\n${table(rows, "  ")}`);
  return [
    part("series", series.map(seriesRow)),
    ...series.map((s) => (s.geometry.notice === undefined ? "" : `  ${printable(s.geometry.notice)}\n`)),
    ...structureSets.map((set) => part(`structures ${printable(set.label)}`, set.structures.map((s) => [String(s.number), s.name, s.type ?? "type not recorded", s.contours.length === 0 ? "not drawn" : `${s.contours.length} contours`]))),
    part("plans", plans.map(planRow)),
    part("doses", doses.map((d) => [d.label, d.type, d.summation, sizeOf(d), ...(d.comment === undefined ? [] : [d.comment])])),
    part("registrations", registrations.map((r) => [r.label, `${r.from} → ${r.to}`])),
    part("pictures", pictures.map((p) => [p.label, `${p.width} × ${p.height} px`])),
  ].join("");
}

function seriesRow(series: ScanSeries): string[] {
  const { modality, description, label, date, geometry } = series;
  return [modality, description || label, date ?? "date not recorded", geometry.classes.join(", ") || "no geometry", geometry.shown, sizeOf(series)];
}

function planRow({ label, intent, fractions, beams, prescriptions }: TreatmentPlan): string[] {
  const doses = prescriptions.flatMap((p) => (p.role === "TARGET" && p.targetGy !== undefined ? [`${p.targetGy} Gy`] : []));
  return [label, intent ?? "intent not recorded", fractions === undefined ? "fractions not recorded" : `${fractions} fractions`, `${beams.length} beams`, doses.join(", ") || "no target dose"];
}

/** `512 × 512 × 150, 0.98 × 0.98 × 3 mm`. */
function sizeOf({ grid }: Pick<ScanSeries, "grid">): string {
  if (grid === undefined) return "no volume";
  return `${grid.size.join(" × ")}, ${spacingOf(grid).map((mm) => Number(mm.toFixed(3))).join(" × ")} mm`;
}
