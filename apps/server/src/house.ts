import { HapaxError } from "@hapax/base";
import { figures, toSvg, toTsv, type Figure, type FigureName } from "@hapax/figures";
import { figureDataOf, report, reportFigures, timelineWidth, toHtml } from "@hapax/report";
import { fileOf, rules, summaryOf, workup, type Workup } from "@hapax/workup";
import type { Compute } from "./compute.ts";

const names = Object.keys(figures) as FigureName[];
const draw = (worked: Workup, name: FigureName): Figure => figures[name](worked.view, worked.findings, figureDataOf(worked));
const bytes = (text: string) => new TextEncoder().encode(text);

/** Everything that the packages of the house compute, behind one door. */
export const houseCompute: Compute = {
  workup,
  summary: (record) => ({ ...summaryOf(workup(record)) }),
  rules: rules.map((rule) => ({ ...rule, file: fileOf(rule.id) })),
  report: async (record, kind, options) => {
    const worked = workup(record, options);
    // On a page of paper the words of a timeline must not shrink with it.
    const drawn = reportFigures(worked, { timeline: timelineWidth });
    const document = report(worked.view, worked.findings, drawn, { tumor: worked.tumor });
    // The renderers are heavy and rarely needed: they are loaded when a document is asked for.
    if (kind === "pdf") return (await import("@hapax/report/pdf")).toPdf(document, drawn);
    if (kind === "docx") return (await import("@hapax/report/docx")).toDocx(document, drawn);
    return bytes(toHtml(document, drawn));
  },
  figures: names,
  figure: async (record, wanted, kind, options) => {
    const name = names.find((n) => n === wanted);
    if (name === undefined) throw new HapaxError("server/figure", `There is no figure ${JSON.stringify(wanted.slice(0, 60))}.`, `Ask for ${names.join(", ")}.`);
    const figure = draw(workup(record, options), name);
    if (kind === "png") return (await import("@hapax/figures/png")).toPng(figure, "light");
    return bytes(kind === "svg" ? toSvg(figure, "light", "paper") : toTsv(figure));
  },
};
