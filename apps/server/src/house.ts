import { HapaxError } from "@hapax/base";
import type { CaseRecord, CaseView, Finding, ViewOptions } from "@hapax/case";
import { timeline, toSvg, toTsv, type Figure } from "@hapax/figures";
import { report, toHtml } from "@hapax/report";
import { fileOf, rules, summaryOf, workup } from "@hapax/workup";
import type { Compute } from "./compute.ts";

type Draw = (view: CaseView, findings: readonly Finding[]) => Figure;

/** Every figure by the name in its address. */
const figures: Readonly<Record<string, Draw>> = {
  timeline: (view, findings) => timeline(view, findings),
};

const bytes = (text: string) => new TextEncoder().encode(text);

/** Everything that the packages of the house compute, behind one door. */
export const houseCompute: Compute = {
  workup,
  summary: (record) => ({ ...summaryOf(workup(record)) }),
  rules: rules.map((rule) => ({ ...rule, file: fileOf(rule.id) })),
  report: async (record, kind, options) => {
    const { view, findings, tumor } = workup(record, options);
    const drawn = Object.values(figures).map((draw) => draw(view, findings));
    const document = report(view, findings, drawn, { tumor });
    // The renderers are heavy and rarely needed: they are loaded when a document is asked for.
    if (kind === "pdf") return (await import("@hapax/report/pdf")).toPdf(document, drawn);
    if (kind === "docx") return (await import("@hapax/report/docx")).toDocx(document, drawn);
    return bytes(toHtml(document, drawn));
  },
  figures: Object.keys(figures),
  figure: async (record: CaseRecord, name, kind, options?: ViewOptions) => {
    const draw = Object.hasOwn(figures, name) ? figures[name] : undefined;
    if (draw === undefined) throw new HapaxError("server/figure", `There is no figure ${JSON.stringify(name.slice(0, 60))}.`, `Ask for ${Object.keys(figures).join(", ")}.`);
    const { view, findings } = workup(record, options);
    const figure = draw(view, findings);
    if (kind === "png") return (await import("@hapax/figures/png")).toPng(figure, "light");
    return bytes(kind === "svg" ? toSvg(figure, "light", "paper") : toTsv(figure));
  },
};
