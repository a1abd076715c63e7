import { showNumber } from "@hapax/base";
import { known, lesionSeries, type CaseView, type Finding, type LesionSeries } from "@hapax/case";
import { axisBelow, counted, gridLeft, head, keepLine, labelsWithin, ticksTo, unknownBox } from "./chart.ts";
import { comparable } from "./sizes.ts";
import { frame, path, svg, type Figure, type SvgNode } from "./svg.ts";
import { textBoxes } from "./text.ts";

export interface ChartOptions {
  /** px; from 400 on the chart has a grid and the value of every point. */
  readonly width?: number;
  readonly height?: number;
}

export interface DiameterOptions extends ChartOptions {
  /** The sum of target lesions as well, at time points where each of them has a comparable size. */
  readonly sum?: boolean;
}

/**
 * Longest diameter of each lesion, cm, over the time points in order; the short axis for lymph nodes. Sizes by PET or
 * palpation are hollow and not joined.
 */
export function diameterChart(view: CaseView, _findings: readonly Finding[], options: DiameterOptions = {}): Figure {
  const { width = 220, height = 176, sum = false } = options;
  const large = width >= 400;
  const labels = labelsWithin(width, height);
  const all = lesionSeries(view);
  const points = view.record.timePoints.map((t) => t.id);
  const sizeOf = (series: LesionSeries, p: LesionSeries["points"][number]) =>
    (known(series.lesion.node) === true ? p.diametersCm.at(-1) : p.diametersCm[0]) ?? 0;
  const sums = sum ? sumsOf(all, points, sizeOf) : [];
  const values = [...all.flatMap((s) => s.points.map((p) => sizeOf(s, p))), ...sums.map((s) => s.value)];
  const left = large ? 40 : 10;
  const right = width - (large ? 150 : 40);
  const bottom = height - 26;
  const ticks = ticksTo(values.reduce((a, b) => Math.max(a, b), 0));
  const top = 44;
  const yOf = (value: number) => bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top);
  const xOf = (id: string) => {
    const i = points.indexOf(id);
    return points.length < 2 ? (left + right) / 2 : left + 8 + (i / (points.length - 1)) * (right - left - 16);
  };
  const nodes: SvgNode[] = [head(labels, width, "Longest diameter", "cm")];
  if (values.length === 0) nodes.push(unknownBox(labels, 0, 52, "no size recorded", width));
  if (large && values.length > 0) nodes.push(gridLeft(labels, ticks, yOf, left, right));
  nodes.push(axisBelow(labels, bottom, left, right, points.map((id) => ({ x: xOf(id), text: id }))));

  const lines = all.map((series, i) => {
    const color = `var(--data-${(i % 6) + 1})`;
    const placed = series.points.flatMap((p) =>
      p.timePoint === undefined ? [] : [{ p, x: xOf(p.timePoint), value: sizeOf(series, p), y: yOf(sizeOf(series, p)) }],
    );
    for (const d of placed) labels.keep({ x0: d.x - 4, y0: d.y - 4, x1: d.x + 4, y1: d.y + 4 });
    return { series, color, placed, joined: placed.filter((d) => comparable(d.p)) };
  });
  for (const { series, color, placed, joined } of lines) {
    if (joined.length > 1) {
      keepLine(labels, joined.map((d) => [d.x, d.y]));
      nodes.push(svg("path", { d: path(joined.map((d) => [d.x, d.y])), fill: "none", stroke: color, "stroke-width": 1.8, "stroke-linejoin": "round" }));
    }
    for (const d of placed) {
      const solid = comparable(d.p);
      nodes.push(
        svg(
          "g",
          { "data-entry": d.p.measurement.id },
          svg("title", {}, `${series.lesion.name}, ${d.p.timePoint ?? ""}: ${showNumber(d.value)} cm, ${d.p.measurement.method}`),
          svg("circle", { cx: d.x, cy: d.y, r: 3.2, fill: solid ? color : "var(--paper)", stroke: color, "stroke-width": 1.5 }),
        ),
      );
    }
  }
  if (sums.length > 0) {
    nodes.push(
      svg("path", { d: path(sums.map((s) => [xOf(s.id), yOf(s.value)])), fill: "none", stroke: "var(--ink)", "stroke-width": 1.5, "stroke-dasharray": "5 3" }),
      ...sums.map((s) => svg("circle", { cx: xOf(s.id), cy: yOf(s.value), r: 3, fill: "var(--ink)" })),
    );
    keepLine(labels, sums.map((s) => [xOf(s.id), yOf(s.value)]));
    for (const s of sums) labels.put(sumText(s.value), [{ x: xOf(s.id), y: yOf(s.value) - 8, anchor: "middle" }], { weight: 600 }, 16);
    const last = sums.at(-1);
    if (last !== undefined) labels.put("sum of targets", [{ x: xOf(last.id) + 12, y: yOf(last.value) + 4 }], {}, 40);
  }
  // Values at the ends first: they are what a reader looks for; names next to the color of their line.
  for (const { joined, placed } of lines) {
    const last = joined.at(-1) ?? placed.at(-1);
    if (last !== undefined && (!large || joined.length > 0)) {
      labels.put(showNumber(last.value), [{ x: last.x + 8, y: last.y + 4 }], { weight: 600 }, 20);
    }
  }
  for (const { series, color, joined, placed } of lines) {
    const first = joined[0] ?? placed[0];
    const last = joined.at(-1) ?? placed.at(-1);
    if (first === undefined || last === undefined) continue;
    const before = labels.nodes.length;
    const value = joined.length > 1 && !large ? ` ${showNumber(first.value)}` : "";
    const name = `${series.lesion.name}${value}`;
    const at = large
      ? [{ x: last.x + 52, y: last.y + 4 }]
      : [{ x: first.x + 12, y: first.y - 9 }, { x: first.x + 12, y: first.y + 16 }];
    labels.put(name, at, {}, 48);
    const node = labels.nodes[before];
    if (node !== undefined) {
      const [x, y] = [Number(node.attrs["x"]), Number(node.attrs["y"])];
      nodes.push(svg("rect", { x: x - 10, y: y - 8, width: 7, height: 7, fill: color }));
    }
    if (large) {
      for (const d of placed.filter((d) => d !== last)) {
        labels.put(showNumber(d.value), [{ x: d.x, y: d.y - 8, anchor: "middle" }, { x: d.x, y: d.y + 17, anchor: "middle" }], {}, 12);
      }
    }
  }
  const hollow = [...new Set(lines.flatMap((l) => l.placed.filter((d) => !comparable(d.p)).map((d) => d.p.measurement.method)))];
  if (hollow.length > 0) {
    const before = labels.nodes.length;
    labels.put(`${hollow.join(", ")}: not joined`, [{ x: width - 2, y: bottom - 6, anchor: "end" }, { x: width - 2, y: 36, anchor: "end" }, { x: 16, y: bottom - 6 }], { fill: "var(--ink-3)" });
    const node = labels.nodes[before];
    if (node !== undefined) {
      const box = { x: Number(node.attrs["x"]), y: Number(node.attrs["y"]) };
      const start = node.attrs["text-anchor"] === "end" ? box.x - widthOf(node) : box.x;
      nodes.push(svg("circle", { cx: start - 8, cy: box.y - 4, r: 3, fill: "none", stroke: "var(--ink-2)", "stroke-width": 1.4 }));
    }
  }
  return {
    name: "diameters",
    title: "Longest diameter, cm",
    description: all
      .map((s) => `${s.lesion.name}: ${s.points.map((p) => `${showNumber(sizeOf(s, p))} at ${p.timePoint ?? "no time point"} by ${p.measurement.method}`).join(", ")}`)
      .concat(`${counted(all.length, "lesion")}, time points in order.`)
      .join(". "),
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: {
      columns: ["Lesion", "Time point", "Diameters, cm", "Method"],
      rows: [
        ...all.flatMap((s) =>
          s.points.map((p) => [s.lesion.name, p.timePoint ?? "not recorded", p.diametersCm.map((d) => showNumber(d)).join(" × "), p.measurement.method]),
        ),
        ...sums.map((s) => ["sum of targets", s.id, sumText(s.value), ""]),
      ],
    },
  };
}

function sumText(cm: number): string {
  return showNumber(Number(cm.toFixed(1)));
}

function widthOf(node: SvgNode): number {
  const box = textBoxes(node)[0];
  return box === undefined ? 0 : box.x1 - box.x0;
}

/** Sums over the target lesions, at time points where every one of them has a size that may be joined. */
function sumsOf(
  all: readonly LesionSeries[],
  points: readonly string[],
  sizeOf: (series: LesionSeries, point: LesionSeries["points"][number]) => number,
): { id: string; value: number }[] {
  const marked = all.filter((s) => known(s.lesion.target) === true);
  const targets = marked.length > 0 ? marked : all;
  // The sum of one lesion is its own line.
  if (targets.length < 2) return [];
  return points.flatMap((id) => {
    const sizes = targets.map((s) => {
      const point = s.points.find((p) => p.timePoint === id && comparable(p));
      return point === undefined ? undefined : sizeOf(s, point);
    });
    return sizes.length === 0 || sizes.includes(undefined) ? [] : [{ id, value: sizes.reduce<number>((a, b) => a + (b ?? 0), 0) }];
  });
}
