import { showNumber } from "@hapax/base";
import { svg, type SvgNode } from "./svg.ts";
import { label, overlap, shorten, textBox, textWidth, type Box, type TextStyle } from "./text.ts";

/** A place where a label may stand: its anchor point and on which side of it. */
export interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
}

/** Labels of a picture that keep clear of one another, of marks and of the edges. */
export interface Labels {
  readonly nodes: readonly SvgNode[];
  /** Keeps a place free of labels. */
  keep(box: Box): void;
  /**
   * Sets a label at the first free candidate, or near it; false where none is free.
   *
   * @param near  px above and below a candidate that are tried as well
   */
  put(text: string, candidates: readonly Candidate[], style?: TextStyle, near?: number): boolean;
}

export function labelsWithin(width: number, height: number): Labels {
  const taken: Box[] = [];
  const nodes: SvgNode[] = [];
  const inside = (b: Box) => b.x0 >= 0 && b.x1 <= width && b.y0 >= 0 && b.y1 <= height;
  return {
    nodes,
    keep: (box) => void taken.push(box),
    put(text, candidates, style = {}, near = 0) {
      const tries: Candidate[] = [...candidates];
      for (let d = 4; d <= near; d += 4) {
        for (const c of candidates) tries.push({ ...c, y: c.y - d }, { ...c, y: c.y + d });
      }
      for (const c of tries) {
        const full: TextStyle = { ...style, ...(c.anchor === undefined ? {} : { anchor: c.anchor }) };
        const box = textBox(c.x, c.y, text, full);
        const roomy = { x0: box.x0 - 2, y0: box.y0 - 1, x1: box.x1 + 2, y1: box.y1 + 1 };
        if (!inside(box) || taken.some((t) => overlap(t, roomy))) continue;
        taken.push(box);
        nodes.push(label(c.x, c.y, text, full));
        return true;
      }
      return false;
    },
  };
}

/** Keeps a line of the picture free of labels. */
export function keepLine(labels: Labels, points: readonly (readonly [number, number])[]): void {
  points.slice(1).forEach(([x1, y1], i) => {
    const [x0, y0] = points[i] as readonly [number, number];
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 5));
    for (let s = 0; s <= steps; s++) {
      const [x, y] = [x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps];
      labels.keep({ x0: x - 2, y0: y - 2, x1: x + 2, y1: y + 2 });
    }
  });
}

/** Head of a chart: a strong rule, its title, and in small text the unit. */
export function head(labels: Labels, width: number, title: string, unit: string): SvgNode {
  const name = shorten(title, width, 13, 600);
  labels.put(name, [{ x: 0, y: 20 }], { size: 13, weight: 600 });
  const x = textWidth(name, 13, 600) + 7;
  labels.put(shorten(unit, width - x, 12), [{ x, y: 20 }], { fill: "var(--ink-3)" });
  return svg("path", { d: `M0 0.5H${width}`, stroke: "var(--ink)", "stroke-width": 1, fill: "none" });
}

/** A dashed box with the words: what an unknown looks like. */
export function unknownBox(labels: Labels, x: number, y: number, text: string, maxWidth: number): SvgNode {
  const words = shorten(text, maxWidth - 16, 12);
  labels.put(words, [{ x: x + 8, y: y + 16 }], { fill: "var(--ink-2)" });
  return svg("rect", {
    x,
    y,
    width: textWidth(words, 12) + 16,
    height: 24,
    rx: 3,
    fill: "none",
    stroke: "var(--rule-strong)",
    "stroke-width": 1,
    "stroke-dasharray": "4 3",
  });
}

/** Round values from zero that end at or above the largest: 0, 5, 10, 15, 20. */
export function ticksTo(largest: number, count = 5): number[] {
  const raw = Math.max(largest, 1e-6) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10) * power;
  const last = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: Math.max(last, 1) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** A horizontal axis with its ticks and their texts; texts that would meet are left out. */
export function axisBelow(labels: Labels, y: number, x0: number, x1: number, ticks: readonly { readonly x: number; readonly text: string }[]): SvgNode {
  for (const t of ticks) labels.put(t.text, [{ x: t.x, y: y + 17, anchor: "middle" }], { fill: "var(--ink-3)" });
  const marks = ticks.map((t) => `M${t.x} ${y}v4`).join("");
  return svg("path", { d: `M${x0} ${y}H${x1}${marks}`, stroke: "var(--rule-strong)", "stroke-width": 1, fill: "none" });
}

/** Values of a vertical axis at its left, with lines across. */
export function gridLeft(labels: Labels, ticks: readonly number[], yOf: (value: number) => number, x0: number, x1: number): SvgNode {
  for (const t of ticks) labels.put(showNumber(t), [{ x: x0 - 6, y: yOf(t) + 4, anchor: "end" }], { fill: "var(--ink-3)" });
  return svg("path", { d: ticks.map((t) => `M${x0} ${yOf(t)}H${x1}`).join(""), stroke: "var(--rule)", "stroke-width": 1, fill: "none" });
}

/**
 * Middles for labels in one line, as near to the wanted ones as they can stand without meeting.
 *
 * @param wanted  ascending, px
 * @param widths  of each label, px
 * @returns       undefined where the line is too short for all of them
 */
export function spread(wanted: readonly number[], widths: readonly number[], gap: number, low: number, high: number): number[] | undefined {
  const need = widths.reduce((a, b) => a + b, 0) + gap * (widths.length - 1);
  if (need > high - low) return undefined;
  const half = (i: number) => (widths[i] ?? 0) / 2;
  const apart = (i: number) => half(i) + half(i + 1) + gap;
  const forward: number[] = [];
  wanted.forEach((w, i) => forward.push(Math.max(w, i === 0 ? low + half(0) : (forward[i - 1] ?? 0) + apart(i - 1))));
  const backward: number[] = new Array<number>(wanted.length).fill(0);
  for (let i = wanted.length - 1; i >= 0; i--) {
    const limit = i === wanted.length - 1 ? high - half(i) : (backward[i + 1] ?? 0) - apart(i);
    backward[i] = Math.min(wanted[i] ?? 0, limit);
  }
  // Both passes keep the labels apart, so does their mean, which pushes a crowd to both sides alike.
  const mean = forward.map((f, i) => (f + (backward[i] ?? f)) / 2);
  return clampApart(mean, apart, half, low, high);
}

function clampApart(xs: readonly number[], apart: (i: number) => number, half: (i: number) => number, low: number, high: number): number[] {
  const out = [...xs];
  for (let i = 0; i < out.length; i++) out[i] = Math.max(out[i] ?? 0, i === 0 ? low + half(0) : (out[i - 1] ?? 0) + apart(i - 1));
  for (let i = out.length - 1; i >= 0; i--) {
    out[i] = Math.min(out[i] ?? 0, i === out.length - 1 ? high - half(i) : (out[i + 1] ?? 0) - apart(i));
  }
  return out;
}

/** Lengths in words for a description: "3 lesions", "1 lesion". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
