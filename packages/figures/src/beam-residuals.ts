import { showNumber } from "@hapax/base";
import { axisBelow, labelsWithin, spread, ticksTo, type Labels } from "./chart.ts";
import { stroke } from "./marks.ts";
import { frame, path, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, textWidth } from "./text.ts";

/** One curve of a beam: what was measured, and what a machine gives at the same places. */
export interface BeamCurve {
  /** As the field, "100 mm". */
  readonly name: string;
  readonly points: readonly BeamPoint[];
}

export interface BeamPoint {
  /** Depth or side of the field, mm. */
  readonly atMm: number;
  readonly measured: number;
  readonly calculated: number;
  /** False where the difference is held to no bar, as above 15 mm of depth. */
  readonly held: boolean;
}

/** Curves of one quantity over one axis. */
export interface BeamPanel {
  readonly title: string;
  /** What the axis below is, "depth, mm". */
  readonly axis: string;
  readonly curves: readonly BeamCurve[];
  /** What a difference is held to, per cent. */
  readonly barPercent: number;
}

const colors = ["var(--data-1)", "var(--data-2)", "var(--data-3)", "var(--data-4)", "var(--data-5)", "var(--data-6)"] as const;
const gap = 56;
const left = 44;
/** Room for the names of curves at their ends, px. */
const names = 46;
/** Half the number under the end of an axis, px. */
const lastTick = 14;

/** What was measured of a beam as points, what its machine gives as lines, and below them the difference with its bar. */
export function beamResiduals(machine: string, panels: readonly BeamPanel[], { width = 960, height = 480 }: { width?: number; height?: number } = {}): Figure {
  const labels = labelsWithin(width, height);
  const weights = panels.map(({ curves }) => (curves.length > 1 ? 2 : 1));
  const room = (width - gap * (panels.length - 1)) / weights.reduce((sum, weight) => sum + weight, 0);
  let x0 = 0;
  const nodes = panels.flatMap((panel, i) => {
    const from = x0;
    x0 += (weights[i] as number) * room + gap;
    return panelOf(labels, panel, from, from + (weights[i] as number) * room, height);
  });
  const worst = (panel: BeamPanel) => Math.max(0, ...panel.curves.flatMap(({ points }) => points.filter(({ held }) => held).map((point) => Math.abs(differenceOf(point)))));
  return {
    name: "beam-residuals",
    title: `${machine}: measured and calculated`,
    description: panels.map((panel) => `${panel.title}: greatest difference ${showNumber(worst(panel), 2)} % of a bar of ${showNumber(panel.barPercent)} %.`).join(" "),
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: {
      columns: ["Quantity", "Curve", "At, mm", "Measured", "Calculated", "Difference, %"],
      rows: panels.flatMap(({ title, curves }) => curves.flatMap(({ name, points }) => points.map((p) => [title, name, showNumber(p.atMm), String(p.measured), p.calculated.toFixed(4), differenceOf(p).toFixed(2)]))),
    },
  };
}

const differenceOf = ({ measured, calculated }: BeamPoint) => 100 * (calculated / measured - 1);

function panelOf(labels: Labels, { title, axis, curves, barPercent }: BeamPanel, x0: number, x1: number, height: number): SvgNode[] {
  const [from, to] = [x0 + left, x1 - (curves.length > 1 ? names : lastTick)];
  const [top, middle, below, bottom] = [42, height * 0.64, height * 0.64 + 34, height - 40];
  const points = curves.flatMap((curve) => curve.points);
  const ticks = ticksTo(Math.max(...points.map(({ atMm }) => atMm)), 6);
  const xOf = (mm: number) => from + (mm / (ticks.at(-1) as number)) * (to - from);
  const high = Math.max(...points.flatMap(({ measured, calculated }) => [measured, calculated]));
  const doses = ticksTo(high, 5);
  const yOf = (dose: number) => middle - (dose / (doses.at(-1) as number)) * (middle - top);
  const held = points.filter((point) => point.held).map((point) => Math.abs(differenceOf(point)));
  const most = Math.max(2 * barPercent, ...held.map((percent) => percent * 1.05));
  const dOf = (percent: number) => (below + bottom) / 2 - (Math.min(most, Math.max(-most, percent)) / most) * ((bottom - below) / 2);

  const nodes: SvgNode[] = [
    svg("path", { d: `M${x0} 0.5H${x1}`, stroke: "var(--ink)", "stroke-width": 1, fill: "none" }),
    label(x0, 20, title, { size: 13, weight: 600 }),
    label(x0 + textWidth(title, 13, 600) + 7, 20, "measured as points, calculated as lines", { fill: "var(--ink-3)" }),
    label(x0, below - 10, `calculated less measured, %${points.some(({ held }) => !held) ? "; open circles are held to no bar" : ""}`, { fill: "var(--ink-3)" }),
    label(to, height - 6, axis, { fill: "var(--ink-3)", anchor: "end" }),
    svg("path", { d: doses.map((t) => `M${from} ${yOf(t)}H${to}`).join(""), stroke: "var(--rule)", "stroke-width": 1, fill: "none" }),
    ...doses.map((t) => label(from - 6, yOf(t) + 4, showNumber(t), { fill: "var(--ink-3)", anchor: "end" })),
    svg("rect", { x: from, y: dOf(barPercent), width: to - from, height: dOf(-barPercent) - dOf(barPercent), fill: "var(--well)" }),
    svg("path", { d: `M${from} ${dOf(0)}H${to}`, stroke: "var(--rule-strong)", "stroke-width": 1, fill: "none" }),
    ...[-barPercent, 0, barPercent].map((t) => label(from - 6, dOf(t) + 4, t > 0 ? `+${showNumber(t)}` : showNumber(t), { fill: "var(--ink-3)", anchor: "end" })),
    axisBelow(labels, bottom, from, to, ticks.map((t) => ({ x: xOf(t), text: showNumber(t) }))),
  ];
  curves.forEach((curve, i) => {
    const color = colors[i % colors.length] as string;
    const line = curve.points.map(({ atMm, calculated }): [number, number] => [xOf(atMm), yOf(calculated)]);
    nodes.push(
      stroke(line, 1.4, color),
      svg("path", { d: path(curve.points.map((p) => [xOf(p.atMm), dOf(differenceOf(p))])), stroke: color, "stroke-width": 0.8, "stroke-opacity": 0.5, fill: "none" }),
      ...curve.points.flatMap((p) => {
        const fill = p.held ? color : "none";
        const said = svg("title", {}, `${curve.name}, ${showNumber(p.atMm)} mm: measured ${p.measured}, calculated ${p.calculated.toFixed(4)}, ${differenceOf(p).toFixed(2)} %`);
        return [
          svg("circle", { cx: xOf(p.atMm), cy: yOf(p.measured), r: 2, fill: "var(--paper)", stroke: color, "stroke-width": 1.1 }, said),
          svg("circle", { cx: xOf(p.atMm), cy: dOf(differenceOf(p)), r: 1.8, fill, stroke: color, "stroke-width": 0.8 }),
        ];
      }),
    );
  });
  return curves.length > 1 ? [...nodes, ...namesAtEnds(curves, to, yOf, top, middle)] : nodes;
}

/** Names beside the last points of their curves, in their order, as near as they can stand. */
function namesAtEnds(curves: readonly BeamCurve[], x: number, yOf: (dose: number) => number, top: number, bottom: number): SvgNode[] {
  const ends = curves.map(({ name, points }, i) => ({ name, color: colors[i % colors.length] as string, y: yOf(points.at(-1)?.calculated ?? 0) })).sort((a, b) => a.y - b.y);
  const places = spread(ends.map(({ y }) => y), ends.map(() => 13), 0, top, bottom) ?? ends.map(({ y }) => y);
  return ends.map(({ name, color }, i) => label(x + 6, (places[i] as number) + 4, name, { fill: color, weight: 600 }));
}
