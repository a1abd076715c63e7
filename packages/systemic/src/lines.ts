import { show } from "@hapax/base";
import { known, stepId, titleOf, type CaseView, type EntryOf, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";

export const linesInfo: RuleInfo = {
  id: "systemic/lines",
  question: "Lines of systemic therapy",
  about: "Antitumor drugs by line, with every dose, why it changed, and what was planned and not given.",
  source: cite("care2013"),
};

/** "4 mg daily", "dose not recorded". */
function doseText(step: EntryOf<"drug">["steps"][number]): string {
  const dose = known(step.dose);
  const every = known(step.every);
  if (dose === undefined) return "dose not recorded";
  if (every === undefined) return show(dose);
  const daily = (every.unit === "h" && every.value === 24) || (every.unit === "d" && every.value === 1);
  return `${show(dose)} ${daily ? "daily" : `every ${show(every)}`}`;
}

function when(view: CaseView, id: string): string {
  const point = view.timePointOf(id);
  if (point === undefined) return "time not recorded";
  const gap = view.timing.gap(point, id);
  if (gap.atLeastDays === 0 && gap.atMostDays === 0) return `at ${point}`;
  return gap.atLeastDays !== undefined && gap.atLeastDays >= 0 ? `after ${point}` : "time not certain";
}

/** Every dose of a drug in words, oldest first. */
export function doseHistory(view: CaseView, drug: EntryOf<"drug">): string[] {
  return drug.steps.map((step, i) => `${doseText(step)}, ${when(view, stepId(drug.id, i))}${step.reason === undefined ? "" : ` (${step.reason})`}`);
}

/** All antitumor drugs of the case in one answer; undefined lines stand last. */
export function lines(view: CaseView): Finding<number>[] {
  const drugs = view.all("drug").filter((d) => d.purpose === "antitumor").sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
  if (drugs.length === 0) return [];
  const wasGiven = (d: EntryOf<"drug">) => d.state === "recorded" || d.state === "completion not recorded";
  const given = drugs.filter(wasGiven);
  const count = new Set(given.map((d) => d.line ?? d.id)).size;
  const others = drugs.filter((d) => !wasGiven(d));
  const short = (d: EntryOf<"drug">) =>
    wasGiven(d) ? [d.name, d.steps.map(doseText).join(" → ")].filter(Boolean).join(" ") : `${d.name} ${d.state}`;
  const end = (d: EntryOf<"drug">) => (wasGiven(d) ? (known(d.stop) ?? "end not recorded") : (d.reason ?? "reason not recorded"));
  return [{
    rule: linesInfo.id,
    question: linesInfo.question,
    status: "determined",
    value: count,
    text: `${count} given${others.length === 0 ? "" : `, ${others.length} not`}`,
    brief: drugs.map(short).join("; "),
    because: drugs.map((d) => ({
      text: `${d.line === undefined ? "Line not recorded" : `Line ${d.line}`}: ${titleOf(d)}, ${wasGiven(d) ? doseHistory(view, d).join("; then ") || "no dose recorded" : `${d.state}${d.reason === undefined ? "" : `: ${d.reason}`}`}.`,
      entries: [d.id],
    })),
    missing: given.filter((d) => known(d.stop) === undefined).map((d) => ({ input: `End of ${d.name}`, decides: "length of the line" })),
    assumptions: [],
    source: linesInfo.source,
    table: {
      columns: ["Line", "Drug", "State", "Doses", "End, or why not given"],
      rows: drugs.map((d) => [
        d.line === undefined ? "not recorded" : String(d.line),
        d.name,
        wasGiven(d) ? (d.state === "recorded" ? "given" : d.state) : d.state,
        d.steps.length === 0 ? (known(d.plannedLength) === undefined ? "not recorded" : `planned for ${show(known(d.plannedLength) ?? { value: 0, unit: "d" })}`) : doseHistory(view, d).join("; "),
        end(d),
      ]),
    },
  }];
}
