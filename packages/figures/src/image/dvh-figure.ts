import type { Candidate } from "../chart.ts";
import { keepLine, labelsWithin } from "../chart.ts";
import { frame, path, round, svg, type Figure, type SvgNode } from "../svg.ts";
import { onBlack } from "./image-colors.ts";
import { haloed } from "./overlay.ts";
import { outlineKey } from "./outline-key.ts";
import { footed } from "./plane-figures.ts";
import { structureLook } from "./structure-colors.ts";

/** A cumulative dose-volume histogram as it is drawn. */
export interface DvhCurve {
  readonly name: string;
  /** `#rrggbb`, where a person has set one. */
  readonly color?: string;
  /** Dose in Gy, rising, and the percent of the whole structure that has at least that dose and is within the dose grid. */
  readonly points: readonly (readonly [number, number])[];
  /** Part of the structure whose dose is known, 0 to 1. */
  readonly coverage: number;
  /** Drawn dashed, as the second of two plans. */
  readonly dashed?: boolean;
}

export interface DvhFigureOptions {
  readonly label?: string;
  readonly synthetic?: boolean;
  /** px; default 520 × 360. */
  readonly width?: number;
  readonly height?: number;
  /** Dose of 100 %, Gy: a second axis in percent. */
  readonly referenceGy?: number;
}

const space = { left: 44, right: 18, top: 40, bottom: 46 };

/**
 * Cumulative histograms with their names on them. Where part of a structure has no known dose, its curve is the least that
 * can be true; the hatched band above it reaches to the most.
 */
export function dvhFigure(curves: readonly DvhCurve[], options: DvhFigureOptions = {}): Figure {
  const { width = 520, height = 360, referenceGy } = options;
  const most = Math.max(1e-6, referenceGy ?? 0, ...curves.flatMap(({ points }) => points.filter(([, percent]) => percent > 0).map(([gy]) => gy))) * 1.04;
  const x = (gy: number) => space.left + (gy / most) * (width - space.left - space.right);
  const y = (percent: number) => height - space.bottom - (percent / 100) * (height - space.top - space.bottom);
  const labels = labelsWithin(width, height);
  const ink = { fill: onBlack.ink };
  const quiet = { fill: onBlack["ink-2"], size: 11 };
  labels.put("DVH", [{ x: 10, y: 20 }], { ...ink, size: 13, weight: 600 });
  labels.put("cumulative", [{ x: 42, y: 20 }], quiet);
  if (options.synthetic === true) labels.put("SYNTHETIC", [{ x: width - 10, y: 20, anchor: "end" }], { ...ink, weight: 600 });
  const nodes: SvgNode[] = [];
  for (const percent of [0, 25, 50, 75, 100]) {
    labels.put(String(percent), [{ x: space.left - 6, y: y(percent) + 4, anchor: "end" }], quiet);
    nodes.push(rule(`M${space.left} ${round(y(percent))}H${width - space.right}`));
  }
  for (const gy of ticks(most)) {
    labels.put(String(gy), [{ x: x(gy), y: height - space.bottom + 15, anchor: "middle" }], quiet);
    nodes.push(rule(`M${round(x(gy))} ${round(y(0))}v4`));
  }
  labels.put("volume, %", [{ x: 10, y: height - 12 }], quiet);
  labels.put(referenceGy === undefined ? "dose, Gy" : `dose, Gy; 100 % = ${referenceGy.toFixed(1)} Gy`, [{ x: width - space.right, y: height - 12, anchor: "end" }], quiet);
  if (referenceGy !== undefined) {
    const d = `M${round(x(referenceGy))} ${round(y(0))}V${space.top}`;
    nodes.push(svg("path", { d, stroke: onBlack["ink-2"], "stroke-width": 1, "stroke-dasharray": "2 3", fill: "none" }));
    labels.put("100 %", [{ x: x(referenceGy) + 3, y: space.top - 5 }, { x: x(referenceGy), y: space.top - 5, anchor: "end" }], quiet);
  }
  const bands = curves.flatMap((curve) => unknownBand(curve, x, y));
  const lines = curves.map((curve) => lineOf(curve, x, y));
  for (const { points } of curves) keepLine(labels, points.map(([gy, percent]) => [x(gy), y(percent)]));
  // Names stay among the curves and off the numbers of the axes.
  labels.keep({ x0: -1e6, y0: -1e6, x1: space.left, y1: 1e6 });
  labels.keep({ x0: -1e6, y0: height - space.bottom, x1: 1e6, y1: 1e6 });
  const unnamed = curves.filter((curve) => !putName(curve));
  const key = outlineKey(unnamed.map(({ name, color, coverage }) => ({ ...structureLook(name, color), name: nameText(name, coverage) })), width, height);
  const ground = footed(width, height + key.height, options.label ?? "");
  return {
    name: "dvh",
    title: "Dose-volume histograms",
    description: curves.map(({ name, coverage }) => `${name}${coverage < 1 ? `, dose known in ${(100 * coverage).toFixed(1)} %` : ""}`).join("; "),
    width,
    height: ground.height,
    root: frame(width, ground.height, ground.nodes, nodes, bands, lines, labels.nodes.map(haloed), key.nodes),
    table: tableOf(curves),
  };

  /** False where no place is free on the curve. */
  function putName({ name, color, points, coverage }: DvhCurve): boolean {
    const style = { fill: structureLook(name, color).color, weight: 600 } as const;
    const inside = points.filter(([, percent]) => percent > 2 && percent < 98);
    const stride = Math.max(1, Math.floor(inside.length / 40));
    const along = inside.filter((_, i) => i % stride === 0).flatMap(([gy, percent]): Candidate[] => [{ x: x(gy) + 6, y: y(percent) - 6 }, { x: x(gy) - 6, y: y(percent) + 15, anchor: "end" }]);
    return labels.put(nameText(name, coverage), [...along, { x: space.left + 6, y: y(100 * coverage) - 4 }], style, 24);
  }
}

const nameText = (name: string, coverage: number): string => (coverage < 1 ? `${name}, ${Math.floor(100 * coverage)} % known` : name);

function rule(d: string): SvgNode {
  return svg("path", { d, stroke: onBlack.rule, "stroke-width": 1, fill: "none" });
}

function lineOf({ name, color, points, dashed = false }: DvhCurve, x: (gy: number) => number, y: (percent: number) => number): SvgNode {
  const look = structureLook(name, color);
  const dash = dashed || look.dashed ? "5 3" : undefined;
  return svg("path", { d: path(points.map(([gy, percent]) => [x(gy), y(percent)])), fill: "none", stroke: look.color, "stroke-width": 1.5, "stroke-linejoin": "round", "stroke-dasharray": dash, "data-structure": name });
}

/** Upright strokes between the least and the most that can be true. */
function unknownBand({ points, coverage }: DvhCurve, x: (gy: number) => number, y: (percent: number) => number): SvgNode[] {
  if (coverage >= 1 || points.length < 2) return [];
  const from = x((points[0] as readonly [number, number])[0]);
  const end = x((points.at(-1) as readonly [number, number])[0]);
  const unknown = 100 * (1 - coverage);
  let d = "";
  let next = 0;
  for (let px = from; px <= end; px += 4) {
    while (next < points.length - 2 && x((points[next + 1] as readonly [number, number])[0]) < px) next++;
    const [[g0, p0], [g1, p1]] = [points[next], points[next + 1]] as [readonly [number, number], readonly [number, number]];
    const t = x(g1) === x(g0) ? 0 : Math.min(Math.max((px - x(g0)) / (x(g1) - x(g0)), 0), 1);
    const percent = p0 + (p1 - p0) * t;
    d += `M${round(px)} ${round(y(percent))}L${round(px + 3)} ${round(y(Math.min(percent + unknown, 100)))}`;
  }
  return [svg("path", { d, stroke: onBlack.uncertain, "stroke-opacity": 0.7, "stroke-width": 1, fill: "none", "data-unknown": "dose" })];
}

function ticks(most: number): number[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
  const step = steps.find((s) => most / s <= 8) ?? 200;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => Number((i * step).toFixed(1)));
}

function tableOf(curves: readonly DvhCurve[]): Figure["table"] {
  const rows = curves.flatMap(({ name, points, coverage }) => points.map(([gy, percent]) => [name, gy.toFixed(2), percent.toFixed(3), (100 * coverage).toFixed(2)]));
  return { columns: ["structure", "dose, Gy", "volume with at least that dose, %", "volume of known dose, %"], rows };
}
