import type { CaseView, Finding } from "@hapax/case";
import { labelsWithin } from "./chart.ts";
import { stroke } from "./marks.ts";
import { frame, svg, type Figure, type SvgNode } from "./svg.ts";
import { shorten } from "./text.ts";

export interface SpineOptions {
  readonly width?: number;
  /** Time point up to which the case is seen; everything where it is left out. */
  readonly selected?: string | undefined;
}

/**
 * The time points of a case as dots in order, with its outcome: what stands in the header of every page. The dot up to
 * which the case is seen is violet, later ones are hollow. Each part carries `data-time-point`; the outcome's is empty
 * and means everything.
 */
export function spine(view: CaseView, _findings: readonly Finding[], options: SpineOptions = {}): Figure {
  const { width = 260, selected } = options;
  const height = 36;
  const labels = labelsWithin(width, height);
  const points = view.record.timePoints;
  const outcome = view.all("outcome")[0];
  const stops = points.length + (outcome === undefined ? 0 : 1);
  const left = 14;
  const right = width - 18;
  const xOf = (i: number) => (stops < 2 ? left : left + (i / (stops - 1)) * (right - left));
  const chosen = points.findIndex((p) => p.id === selected);
  const y = 12;
  const nodes: SvgNode[] = [];
  const upTo = chosen === -1 ? stops - 1 : chosen;
  if (stops > 1) {
    if (upTo > 0) nodes.push(stroke([[xOf(0), y], [xOf(upTo), y]], 1.5, "var(--ink)"));
    if (upTo < stops - 1) nodes.push(stroke([[xOf(upTo), y], [xOf(stops - 1), y]], 1.2, "var(--rule-strong)", "2 3"));
  }
  for (const [i, point] of points.entries()) {
    const x = xOf(i);
    const later = i > upTo;
    const here = i === chosen;
    nodes.push(
      svg(
        "g",
        { "data-time-point": point.id },
        svg("title", {}, `Known up to ${point.id}: ${point.label}`),
        svg("rect", { x: x - 14, y: 0, width: 28, height, fill: "var(--paper)", "fill-opacity": 0 }),
        here ? svg("circle", { cx: x, cy: y, r: 7.5, fill: "none", stroke: "var(--accent)", "stroke-width": 1.5 }) : undefined,
        svg("circle", {
          cx: x, cy: y, r: 4, fill: later ? "var(--paper)" : here ? "var(--accent)" : "var(--ink)",
          stroke: later ? "var(--rule-strong)" : undefined, "stroke-width": later ? 1.2 : undefined,
        }),
      ),
    );
    labels.put(shorten(point.id, 60, 12), [{ x, y: 32, anchor: "middle" }], { fill: here ? "var(--accent)" : "var(--ink-2)", weight: here ? 600 : 400 });
  }
  if (outcome !== undefined) {
    const x = xOf(stops - 1);
    const color = chosen === -1 ? "var(--outcome)" : "var(--rule-strong)";
    nodes.push(
      svg(
        "g",
        { "data-time-point": "" },
        svg("title", {}, `Everything known; ${outcome.status}`),
        svg("rect", { x: x - 14, y: 0, width: 28, height, fill: "var(--paper)", "fill-opacity": 0 }),
        outcome.status === "died"
          ? [stroke([[x - 4.5, y - 4.5], [x + 4.5, y + 4.5]], 1.8, color), stroke([[x - 4.5, y + 4.5], [x + 4.5, y - 4.5]], 1.8, color)]
          : svg("circle", { cx: x, cy: y, r: 4.5, fill: "var(--paper)", stroke: color, "stroke-width": 1.6 }),
      ),
    );
    const word = outcome.status === "lost to follow-up" ? "lost" : outcome.status;
    labels.put(word, [{ x: Math.min(x, width - 14), y: 32, anchor: "middle" }], { fill: "var(--ink-2)" });
  }
  return {
    name: "spine",
    title: "Known up to",
    description: `${points.map((p) => `${p.id}: ${p.label}`).join(", ")}${outcome === undefined ? "" : `; ${outcome.status}`}. ${chosen === -1 ? "Everything is seen." : `Seen up to ${selected ?? ""}.`}`,
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: { columns: ["Time point", "Label"], rows: points.map((p) => [p.id, p.label]) },
  };
}
