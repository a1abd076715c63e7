import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { keyOf, titleOf, type CaseRecord, type Finding, type Provenance, type Reason } from "@hapax/case";
import { findingJson, houseCompute } from "@hapax/server";
import { recordOf, type StoreOptions } from "./locate.ts";
import { referenceLine } from "./reference-line.ts";
import type { Session } from "./session.ts";
import { printable, table } from "./table.ts";

interface Options extends StoreOptions {
  readonly asOf?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** What the rules say of a case: `findings`, `explain`, `check`, and `rules`. */
export function findings(program: Command, session: Session): void {
  const { out } = session;

  program
    .command("findings")
    .description("every finding of a case, in the order a board reads them")
    .argument("<case>", "folder, case.json or id in the store")
    .option("--as-of <point>", "only what was known at this time point, such as T3")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .option("--json", "as an array for other programs")
    .addHelpText("after", "\nExample: ./hapax findings cases/leach2025 --as-of T3 --json")
    .action(async (name: string, options: Options) => {
      const record = await recordOf(session, name, options);
      const worked = houseCompute.workup(record, viewOptions(options));
      if (options.json) return out(asJson(worked.findings));
      const { who, now } = houseCompute.summary(record);
      out(printable(`${record.name} · ${who} · ${options.asOf === undefined ? now : `known up to ${options.asOf}`}\n${worked.lead}\n`));
      for (const [discipline, group] of Map.groupBy(worked.findings, (f) => f.rule.split("/")[0] ?? "")) {
        out(`\n${discipline}\n${table(group.map((f) => [f.status, f.question, f.text, f.brief]), "  ")}`);
      }
    });

  program
    .command("explain")
    .description("one finding with all its reasons, and the file of its rule")
    .argument("<rule>", "such as pathology/folpe2005, with #subject for one of several")
    .argument("<case>", "folder, case.json or id in the store")
    .option("--as-of <point>", "only what was known at this time point")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .addHelpText("after", "\nExample: ./hapax explain pathology/bleeker2012 cases/leach2025")
    .action(async (rule: string, name: string, options: Options) => {
      const record = await recordOf(session, name, options);
      const all = houseCompute.workup(record, viewOptions(options)).findings;
      const meant = all.filter((f) => f.rule === rule || keyOf(f) === rule);
      const known = houseCompute.rules.find((r) => r.id === rule.split("#")[0]);
      if (meant.length === 0 && known === undefined) {
        throw new HapaxError("cli/rule", `There is no rule ${rule}.`, "See ./hapax rules for all of them.");
      }
      if (meant.length === 0 && known !== undefined) out(`${known.id}  ${known.question}\nIt has nothing to say of this case.\n${known.about}\nwritten in ${known.file}\n`);
      out(meant.map((f) => explain(f, known?.file)).join("\n"));
    });

  program
    .command("check")
    .description("every contradiction: stated against computed, part against part, claim against source")
    .argument("<case>", "folder, case.json or id in the store")
    .option("--strict", "exit with 1 when there is any")
    .option("--as-of <point>", "only what was known at this time point")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .option("--json", "as an array for other programs")
    .addHelpText("after", "\nExample: ./hapax check cases/leach2025 --strict")
    .action(async (name: string, options: Options) => {
      const record = await recordOf(session, name, options);
      const found = houseCompute.workup(record, viewOptions(options)).findings.filter(contradicts);
      if (options.strict && found.length > 0) session.exitCode = 1;
      if (options.json) return out(asJson(found));
      out(found.map((f) => `${contradiction(f, record)}\n`).join(""));
      out(found.length === 0 ? "No contradiction found.\n" : `${found.length} contradiction${found.length === 1 ? "" : "s"}, in\n${legend(record)}`);
    });

  program
    .command("rules")
    .description("the table of all rules")
    .option("--json", "as an array for other programs")
    .addHelpText("after", "\nExample: ./hapax rules")
    .action((options: Options) => {
      if (options.json) return out(`${JSON.stringify(houseCompute.rules, null, 2)}\n`);
      out(table(houseCompute.rules.map((r) => [r.id, r.question, r.source.map((s) => referenceLine(s, "short")).join("; ") || "no source"])));
    });
}

function viewOptions({ asOf }: Options): { asOf?: string } {
  return asOf === undefined ? {} : { asOf };
}

function asJson(list: readonly Finding[]): string {
  return `${JSON.stringify(list.map(findingJson), null, 2)}\n`;
}

function contradicts(finding: Finding): boolean {
  return finding.status === "contradiction" || finding.stated?.agrees === false;
}

const metWords = new Map<boolean | undefined, string>([[true, "met"], [false, "not met"]]);

function explain(finding: Finding, file: string | undefined): string {
  const parts = [printable(`${keyOf(finding)}  ${finding.question}\n${finding.status}: ${finding.text}\n`)];
  const section = (name: string, rows: readonly (readonly string[])[]) => {
    if (rows.length > 0) parts.push(`${name}\n${table(rows, "  ")}`);
  };
  const reason = (r: Reason) => ["met" in r ? `${metWords.get(r.met) ?? "not recorded"}: ${r.text}` : r.text];
  section("because", finding.because.map(reason));
  if (finding.table !== undefined) section("table", [finding.table.columns, ...finding.table.rows]);
  section("missing", finding.missing.map((m) => [`${m.input} (${m.state ?? "not recorded"})`, `decides ${m.decides}`]));
  section("assumptions", finding.assumptions.map((a) => [`${a.name} = ${a.value}${a.unit === undefined ? "" : ` ${a.unit}`}`, a.why]));
  if (finding.stated !== undefined) {
    section("stated", [[`${finding.stated.agrees ? "agrees" : "differs"}: ${finding.stated.text}`], ...(finding.stated.from ?? []).map((p) => [place(p)])]);
  }
  section("caveats", (finding.caveats ?? []).map((c) => [c]));
  section("unverified", (finding.unverified ?? []).map((u) => [u]));
  section("source", finding.source.map((s) => [referenceLine(s, "whole")]));
  if (file !== undefined) parts.push(`written in ${file}\n`);
  return parts.join("");
}

/** A contradiction: what stands against what, then every place that it rests on. */
function contradiction(finding: Finding, record: CaseRecord): string {
  const entries = [...new Set(finding.because.flatMap((r) => r.entries ?? []))].flatMap((id) => record.entries.find((e) => e.id === id) ?? []);
  const rows = [
    ...(finding.stated?.from ?? []).map((p) => ["stated", place(p)]),
    ...entries.flatMap((entry) => (entry.from ?? []).map((p) => [titleOf(entry), place(p)])),
  ];
  const distinct = [...new Map(rows.map((row) => [row[1], row])).values()];
  const lines = [...(finding.stated === undefined ? [] : [`stated: ${finding.stated.text}`]), ...finding.because.map((r) => r.text)];
  return printable(`≠ ${finding.question}: ${finding.text}  (${keyOf(finding)})\n${lines.map((l) => `  ${l}\n`).join("")}`) + table(distinct, "    ");
}

/** Document, place in it, and its own words. */
function place({ document, place: where, wording }: Provenance): string {
  return `${document}, ${where}${wording === undefined ? "" : `: “${wording}”`}`;
}

/** The documents by the short names that the places use. */
function legend(record: CaseRecord): string {
  return table(record.documents.map((d) => [d.id, d.title]));
}
