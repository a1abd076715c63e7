import { convert, showNumber, type Quantity } from "@hapax/base";
import { known, titleOf, type CaseView, type EntryOf, type Finding } from "@hapax/case";
import { axisBelow, counted, gridLeft, head, labelsWithin, ticksTo, unknownBox } from "./chart.ts";
import type { ChartOptions } from "./diameter-chart.ts";
import { stroke } from "./marks.ts";
import { frame, path, svg, type Figure, type SvgNode } from "./svg.ts";

/**
 * Hemoglobin, g/dL, over the time points in order, with transfusions below and the value that was to be kept. Where
 * later values are not in the record a dotted line says so; transfusions whose place is only bounded are hollow.
 */
export function hemoglobinChart(view: CaseView, _findings: readonly Finding[], options: ChartOptions = {}): Figure {
  const { width = 220, height = 176 } = options;
  const large = width >= 400;
  const labels = labelsWithin(width, height);
  const points = view.record.timePoints.map((t) => t.id);
  const left = large ? 40 : 10;
  const right = width - 14;
  const bottom = height - 26;
  const top = 44;
  const at = (position: number) =>
    points.length < 2 ? (left + right) / 2 : left + 8 + (Math.min(Math.max(position, -0.3), points.length - 0.7) / (points.length - 1)) * (right - left - 16);
  const positions = placesOf(view, points);

  const values = view.all("lab").flatMap((lab) => {
    const value = known(lab.value);
    const grams = isHemoglobin(lab) && value !== undefined ? gramsPerDeciliter(value) : undefined;
    return grams === undefined ? [] : [{ lab, grams, x: at(positions(lab.id)) }];
  });
  const transfusions = view.all("transfusion");
  const keep = transfusions.flatMap((t) => {
    const value = known(t.keepAbove);
    return value === undefined ? [] : (gramsPerDeciliter(value) ?? []);
  })[0];
  const ticks = ticksTo([...values.map((v) => v.grams), keep ?? 0, 10].reduce((a, b) => Math.max(a, b), 0), large ? 5 : 4);
  const yOf = (grams: number) => bottom - (grams / (ticks.at(-1) ?? 1)) * (bottom - top);

  const nodes: SvgNode[] = [head(labels, width, "Hemoglobin", "g/dL")];
  if (large) nodes.push(gridLeft(labels, ticks, yOf, left, right));
  nodes.push(axisBelow(labels, bottom, left, right, points.map((id, i) => ({ x: at(i), text: id }))));
  if (values.length === 0) nodes.push(unknownBox(labels, left, 60, "hemoglobin not recorded", width - left));
  for (const v of values) labels.keep({ x0: v.x - 5, y0: yOf(v.grams) - 5, x1: v.x + 5, y1: yOf(v.grams) + 5 });
  if (values.length > 1) nodes.push(stroke(values.map((v) => [v.x, yOf(v.grams)]), 1.5, "var(--ink)"));
  for (const v of values) {
    nodes.push(
      svg("g", { "data-entry": v.lab.id }, svg("title", {}, `hemoglobin ${showNumber(v.grams)} g/dL`), svg("circle", { cx: v.x, cy: yOf(v.grams), r: 3.5, fill: "var(--ink)" })),
    );
    const text = showNumber(v.grams, 1);
    const beside = { x: v.x + 8, y: yOf(v.grams) + 4 };
    const above = { x: v.x, y: yOf(v.grams) - 8, anchor: "middle" } as const;
    // Beside the point a grid line would strike the number through.
    labels.put(text, large ? [above, beside] : [beside, above], { weight: 600 }, 16);
  }
  const last = values.at(-1);
  if (last !== undefined && last.x < right - 40) {
    const y = yOf(last.grams);
    const from = last.x + 42;
    nodes.push(svg("path", { d: `M${from} ${y}H${right}`, stroke: "var(--ink-3)", "stroke-width": 1.2, "stroke-dasharray": "1.5 3", fill: "none" }));
    labels.put("later values not recorded", [{ x: right, y: y - 7, anchor: "end" }, { x: right, y: y + 16, anchor: "end" }], { fill: "var(--ink-2)" });
  }
  if (keep !== undefined) {
    const y = yOf(keep);
    nodes.push(svg("path", { d: `M${left} ${y}H${right}`, stroke: "var(--rule-strong)", "stroke-width": 1.2, fill: "none" }));
    labels.put(`keep above ${showNumber(keep)}`, [{ x: right, y: y - 5, anchor: "end" }, { x: right, y: y + 15, anchor: "end" }]);
  }
  const y = Math.min((keep === undefined ? bottom - 28 : yOf(keep)) + 12, bottom - 10);
  const spots = new Map<number, number>();
  for (const t of transfusions) {
    const position = positions(t.id);
    // Transfusions of one place stand beside one another.
    const shift = spots.get(position) ?? 0;
    spots.set(position, shift + 1);
    const x = Math.min(at(position) + 13 * shift, right - 6);
    const sure = t.when?.at !== undefined || t.when?.date !== undefined || t.when?.day !== undefined;
    nodes.push(
      svg(
        "g",
        { "data-entry": t.id },
        svg("title", {}, `${titleOf(t)}${sure ? "" : ", place only bounded"}`),
        svg("path", {
          d: path([[x - 5, y + 5], [x + 5, y + 5], [x, y - 5]], true),
          fill: sure ? "var(--contradiction)" : "var(--paper)",
          stroke: "var(--contradiction)",
          "stroke-width": 1.2,
          "stroke-dasharray": sure ? undefined : "2 1.5",
        }),
      ),
    );
    labels.keep({ x0: x - 6, y0: y - 6, x1: x + 6, y1: y + 6 });
  }
  if (transfusions.length > 0) {
    const text = large ? "transfused; dashed: its place is only bounded" : "transfused";
    labels.put(text, [{ x: left + 2, y: y + 4 }, { x: right, y: y + 4, anchor: "end" }, { x: left + 2, y: y + 20 }], { fill: "var(--ink-3)" });
  }
  return {
    name: "hemoglobin",
    title: "Hemoglobin, g/dL",
    description: `${counted(values.length, "value")}: ${values.map((v) => showNumber(v.grams)).join(", ") || "none recorded"}. ${counted(transfusions.length, "transfusion")}.${keep === undefined ? "" : ` To be kept above ${showNumber(keep)}.`}`,
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: {
      columns: ["Event", "Time point", "Value"],
      rows: [
        ...values.map((v) => ["hemoglobin", view.timePointOf(v.lab.id) ?? "before the first", `${showNumber(v.grams)} g/dL`]),
        ...transfusions.map((t) => ["transfusion", view.timePointOf(t.id) ?? "before the first", titleOf(t)]),
      ],
    },
  };
}

function isHemoglobin(lab: EntryOf<"lab">): boolean {
  return lab.loinc === "718-7" || /^(h(a?)emoglobin|hb|hgb)$/i.test(lab.analyte);
}

function gramsPerDeciliter(value: Quantity): number | undefined {
  try {
    return convert(value, "g/dL");
  } catch {
    // An amount of substance (mmol/L) has no mass without a factor; it is not drawn on this axis.
    return undefined;
  }
}

/** Place of an event among the time points: 2 at the third, between 2 and 3 after it, spread where several follow. */
function placesOf(view: CaseView, points: readonly string[]): (id: string) => number {
  const ranks = points.map((id) => view.timing.rank(id)?.start ?? 0);
  return (id) => {
    const rank = view.timing.rank(id)?.start;
    if (rank === undefined) return -0.3;
    const i = ranks.findLastIndex((r) => r <= rank);
    const from = ranks[i];
    if (from === undefined || from === rank) return Math.max(i, -0.3);
    const to = ranks[i + 1] ?? from + 10;
    return i + Math.min(0.8, Math.max(0.2, (rank - from) / (to - from)));
  };
}
