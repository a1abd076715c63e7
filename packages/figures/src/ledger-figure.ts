import { showNumber } from "@hapax/base";
import type { CaseView, Finding } from "@hapax/case";
import { axisBelow, counted, head, labelsWithin, spread, ticksTo, unknownBox } from "./chart.ts";
import type { ChartOptions } from "./diameter-chart.ts";
import { boundsBox, plannedBox } from "./marks.ts";
import { frame, path, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, shorten, textWidth } from "./text.ts";

/** One course in the bar of an organ, EQD2 in Gy; `high` left out where nothing bounds it. */
export interface LedgerSegment {
  readonly course: string;
  readonly low: number;
  readonly high?: number | undefined;
  readonly state: "recorded" | "bounds" | "planned";
  /** "39 Gy in 30": what was prescribed or recorded. */
  readonly label?: string;
}

/** One organ of the ledger with its courses in order of time and the limits published for it. */
export interface LedgerBar {
  readonly organ: string;
  readonly alphaBeta: number;
  readonly metric: string;
  readonly segments: readonly LedgerSegment[];
  readonly limits: readonly { readonly name: string; readonly value: number | readonly [number, number] }[];
}

/** What a ledger computes, as far as a bar needs it; a caller passes its rows as they are. */
export interface LedgerRowLike {
  readonly name: string;
  readonly alphaBeta: number;
  readonly metric: string;
  readonly contributions: readonly ContributionLike[];
  readonly planned: readonly (ContributionLike & { readonly before: { readonly low: number; readonly high?: number | undefined } })[];
  readonly limits: readonly { readonly name: string; readonly low: number; readonly high: number }[];
}

interface ContributionLike {
  readonly course: string;
  readonly label: string;
  readonly known: string;
  readonly eqd2: { readonly low: number; readonly high?: number | undefined };
}

/** Rows of a ledger as bars: a planned course stands after what had been given before it. */
export function ledgerBars(rows: readonly LedgerRowLike[]): LedgerBar[] {
  return rows.map((row) => {
    const segments: LedgerSegment[] = row.contributions.map((c) => ({
      course: c.course,
      low: c.eqd2.low,
      high: c.eqd2.high,
      state: c.eqd2.high === c.eqd2.low && c.known !== "bounds only" ? "recorded" : "bounds",
      label: c.label,
    }));
    for (const p of row.planned) {
      let sum = 0;
      let at = segments.findIndex((s) => {
        if (s.state !== "planned") sum += s.high ?? s.low;
        return sum > (p.before.high ?? Infinity) + 1e-6;
      });
      if (at === -1) at = segments.length;
      segments.splice(at, 0, { course: p.course, low: p.eqd2.low, high: p.eqd2.high, state: "planned", label: p.label });
    }
    return {
      organ: row.name,
      alphaBeta: row.alphaBeta,
      metric: row.metric,
      segments,
      limits: row.limits.map((l) => ({ name: l.name, value: l.low === l.high ? l.low : ([l.low, l.high] as const) })),
    };
  });
}

export interface LedgerOptions extends ChartOptions {
  readonly ledger?: readonly LedgerBar[];
}

interface Placed {
  readonly segment: LedgerSegment;
  readonly from: number;
  readonly to: number;
}

/** Courses end to end; a planned one starts where the courses before it end and moves nothing. */
function endToEnd(bar: LedgerBar): Placed[] {
  let sum = 0;
  return bar.segments.map((segment) => {
    const to = sum + (segment.high ?? segment.low);
    const placed = { segment, from: sum, to };
    if (segment.state !== "planned") sum = to;
    return placed;
  });
}

function range(segment: LedgerSegment): string {
  if (segment.state === "recorded") return showNumber(segment.high ?? segment.low, 1);
  if (segment.high === undefined) return `${showNumber(segment.low)} or more`;
  return `${showNumber(segment.low)} to ${showNumber(segment.high, segment.high % 1 === 0 ? 0 : 1)}`;
}

function ledgerTable(bars: readonly LedgerBar[]): Figure["table"] {
  return {
    columns: ["Organ", "α/β, Gy", "Metric", "Course", "State", "EQD2, Gy"],
    rows: bars.flatMap((b) => [
      ...b.segments.map((s) => [b.organ, showNumber(b.alphaBeta), b.metric, s.label ?? s.course, s.state === "bounds" ? "bounds only" : s.state === "planned" ? "planned, not given" : s.state, range(s)]),
      ...b.limits.map((l) => [b.organ, showNumber(b.alphaBeta), b.metric, `limit ${l.name}`, "published", typeof l.value === "number" ? showNumber(l.value) : l.value.map((v) => showNumber(v)).join(" to ")]),
    ]),
  };
}

function ledgerWords(bars: readonly LedgerBar[]): string {
  return bars
    .map((b) => `${b.organ}, α/β ${showNumber(b.alphaBeta)} Gy: ${b.segments.map((s) => `${s.label ?? s.course}, ${s.state === "bounds" ? "bounds only" : s.state === "planned" ? "planned, not given" : s.state}, EQD2 ${range(s)} Gy`).join("; ") || "no course"}`)
    .join(". ");
}

/**
 * The ledger: per organ one bar of EQD2, courses end to end, solid where the dose of the organ is recorded, hatched
 * between its bounds where it is not, planned courses below, published limits as ticks and ranges as thick lines.
 */
export function ledgerFigure(_view: CaseView, _findings: readonly Finding[], options: LedgerOptions = {}): Figure {
  const { width = 836, ledger: bars = [] } = options;
  const names = Math.min(150, width * 0.25);
  const left = names;
  const right = width - 22;
  const largest = bars.reduce((m, b) => {
    const dose = endToEnd(b).reduce((n, p) => Math.max(n, p.to), m);
    return b.limits.reduce((n, l) => Math.max(n, typeof l.value === "number" ? l.value : l.value[1]), dose);
  }, 10);
  const ticks = ticksTo(largest * 1.02, width > 600 ? 12 : 6);
  const end = Math.max(largest * 1.03, 10);
  const xOf = (gy: number) => left + (gy / end) * (right - left);
  const rows: SvgNode[] = [];
  const legend = drawLegend(width);
  let y = 34;
  const top = y;
  for (const bar of bars) {
    const drawn = drawBar(bar, y, xOf, left, width);
    rows.push(...drawn.nodes);
    y += drawn.height;
  }
  const bottom = Math.max(y, 70);
  const height = bottom + 26;
  const labels = labelsWithin(width, height);
  labels.put("EQD2, Gy", [{ x: left - 12, y: bottom + 16, anchor: "end" }], { fill: "var(--ink-3)" });
  const shown = ticks.filter((t) => t <= end);
  const grid = svg("path", { d: shown.map((t) => `M${xOf(t)} ${top}V${bottom}`).join(""), stroke: "var(--rule)", "stroke-width": 1, fill: "none" });
  const axis = axisBelow(labels, bottom, left, right, shown.map((t) => ({ x: xOf(t), text: showNumber(t) })));
  const empty = bars.length === 0 ? unknownBox(labels, left, 36, "no course with a dose", right - left) : undefined;
  return {
    name: "ledger",
    title: "Ledger of cumulative EQD2",
    description: `${counted(bars.length, "organ")}. ${ledgerWords(bars)}.`,
    width,
    height,
    root: frame(width, height, legend, bars.length === 0 ? undefined : grid, axis, empty, rows, [...labels.nodes]),
    table: ledgerTable(bars),
  };
}

function drawLegend(width: number): SvgNode[] {
  const y = 16;
  const nodes: SvgNode[] = [];
  let x = width - 4;
  const entry = (text: string, swatch: (x: number) => SvgNode) => {
    x -= textWidth(text, 12);
    nodes.push(label(x, y + 4, text, { fill: "var(--ink-2)" }));
    x -= 28;
    nodes.push(swatch(x));
    x -= 18;
  };
  entry("not given", (at) => plannedBox(at + 1, y - 5, 16, 10, "var(--radiotherapy)"));
  entry("bounds only", (at) => boundsBox(at, y - 6, 18, 11));
  entry("recorded", (at) => svg("rect", { x: at, y: y - 6, width: 18, height: 11, fill: "var(--radiotherapy)" }));
  return nodes;
}

const barHeight = 24;

function drawBar(bar: LedgerBar, top: number, xOf: (gy: number) => number, left: number, width: number) {
  const singles = new Map<number, string[]>();
  const ranges: { name: string; low: number; high: number }[] = [];
  for (const l of bar.limits) {
    if (typeof l.value === "number") singles.set(l.value, [...(singles.get(l.value) ?? []), l.name]);
    else ranges.push({ name: l.name, low: l.value[0], high: l.value[1] });
  }
  const values = [...singles.keys()].sort((a, b) => a - b);
  const nodes: SvgNode[] = [];
  const leaders: [number, number, number][] = [];
  let y = top + 8;

  // Numbers of the single limits in one line, their names behind them or on a line of their own.
  if (values.length > 0) {
    const numbers = values.map((v) => showNumber(v));
    const middles = spread(values.map(xOf), numbers.map((t) => textWidth(t, 12, 600)), 6, left, width - 2);
    const namesText = values.map((v) => singles.get(v)?.join(", ") ?? "").join(" · ");
    const after = middles === undefined ? left : (middles.at(-1) ?? left) + textWidth(numbers.at(-1) ?? "", 12, 600) / 2 + 8;
    const before = (middles?.[0] ?? left) - textWidth(numbers[0] ?? "", 12, 600) / 2 - 8;
    const wide = textWidth(namesText, 12);
    if (middles === undefined || (after + wide > width - 2 && before - wide < left)) {
      nodes.push(label(left, y + 10, shorten(namesText, width - left - 2, 12), { fill: "var(--ink-2)" }));
      y += 15;
    } else if (after + wide <= width - 2) nodes.push(label(after, y + 10, namesText, { fill: "var(--ink-2)" }));
    else nodes.push(label(before, y + 10, namesText, { fill: "var(--ink-2)", anchor: "end" }));
    middles?.forEach((m, i) => nodes.push(label(m, y + 10, numbers[i] ?? "", { weight: 600, anchor: "middle" })));
    values.forEach((v, i) => leaders.push([middles?.[i] ?? xOf(v), xOf(v), y + 12]));
    y += 15;
  }
  for (const r of ranges) {
    const text = `${r.name} ${showNumber(r.low)}–${showNumber(r.high)}`;
    const [x0, x1] = [xOf(r.low), xOf(r.high)];
    const wide = textWidth(text, 12);
    // Beside the range where no tick of a single limit runs through the words.
    const clear = (a: number, b: number) => values.every((v) => xOf(v) < a - 1 || xOf(v) > b + 1);
    const before = x0 - 6 - wide >= left;
    const after = x1 + 6 + wide <= width - 2;
    const fits = before && (clear(x0 - 6 - wide, x0 - 6) || !after || !clear(x1 + 6, x1 + 6 + wide));
    nodes.push(svg("rect", { x: x0, y: y + 3.5, width: Math.max(x1 - x0, 2), height: 5, fill: "var(--ink-2)" }));
    nodes.push(label(fits ? x0 - 6 : x1 + 6, y + 10, fits ? text : shorten(text, width - x1 - 8, 12), { fill: "var(--ink-2)", anchor: fits ? "end" : "start" }));
    y += 15;
  }
  y += 3;

  const placed = endToEnd(bar);
  const below: { x: number; text: string; fill: string }[] = [];
  const texts: SvgNode[] = [];
  for (const p of placed) {
    if (p.segment.state === "planned") continue;
    const [x0, x1] = [xOf(p.from), xOf(p.to)];
    const group: SvgNode[] = [svg("title", {}, `${p.segment.label ?? p.segment.course}: EQD2 ${range(p.segment)} Gy`)];
    if (p.segment.state === "recorded") {
      group.push(svg("rect", { x: x0, y, width: Math.max(x1 - x0, 1), height: barHeight, fill: "var(--radiotherapy)" }));
      const value = range(p.segment);
      const wide = textWidth(value, 13, 600);
      const rest = p.segment.label ?? "";
      if (wide + 14 <= x1 - x0) {
        texts.push(label(x0 + 8, y + 16.5, value, { size: 13, weight: 600, fill: "var(--paper)" }));
        if (wide + 22 + textWidth(rest, 12) <= x1 - x0) texts.push(label(x0 + wide + 15, y + 16.5, rest, { fill: "var(--paper)" }));
        else if (rest !== "") below.push({ x: x0, text: rest, fill: "var(--ink-2)" });
      } else below.push({ x: x0, text: `${value}${rest === "" ? "" : `: ${rest}`}`, fill: "var(--ink-2)" });
    } else {
      group.push(boundsBox(x0, y, Math.max(x1 - x0, 2), barHeight));
      const text = `${p.segment.label ?? p.segment.course}: ${range(p.segment)}`;
      const wide = textWidth(text, 12, 600);
      if (wide + 16 <= x1 - x0) {
        texts.push(svg("rect", { x: x0 + 6, y: y + 4, width: wide + 6, height: barHeight - 8, fill: "var(--uncertain-wash)" }));
        texts.push(label(x0 + 9, y + 16, text, { weight: 600, fill: "var(--uncertain)" }));
      } else below.push({ x: x0, text, fill: "var(--uncertain)" });
    }
    nodes.push(svg("g", { "data-entry": p.segment.course }, group));
  }
  if (placed.every((p) => p.segment.state === "planned")) {
    nodes.push(svg("path", { d: `M${left} ${y}v${barHeight}`, stroke: "var(--rule-strong)", "stroke-width": 1, fill: "none" }));
  }
  // Ticks of the limits cross the bar, so that one sees on which side it ends; words stay on top of them.
  for (const [from, x, start] of leaders) {
    nodes.push(svg("path", { d: path([[from, Math.min(start, y - 5)], [x, y - 3], [x, y + barHeight + 3]]), stroke: "var(--ink)", "stroke-width": 1.5, fill: "none" }));
  }
  for (const r of ranges) nodes.push(svg("path", { d: `M${xOf(r.low)} ${y - 4}V${y + barHeight}`, stroke: "var(--ink-2)", "stroke-width": 1, "stroke-dasharray": "2 2", fill: "none" }));
  nodes.push(...texts);
  nodes.push(label(0, y + 11, shorten(bar.organ, left - 8, 13, 600), { size: 13, weight: 600 }));
  nodes.push(label(0, y + 26, shorten(`α/β ${showNumber(bar.alphaBeta)} Gy, ${bar.metric}`, left - 8, 12), { fill: "var(--ink-3)" }));
  y += barHeight + 4;
  for (const b of below) {
    const text = shorten(b.text, width - left - 4, 12);
    const x = Math.min(b.x, width - 2 - textWidth(text, 12));
    nodes.push(label(x, y + 12, text, { fill: b.fill }));
    y += 16;
  }
  for (const p of placed) {
    if (p.segment.state !== "planned") continue;
    const [x0, x1] = [xOf(p.from), xOf(p.to)];
    const reach = p.segment.high === undefined ? "" : `: up to ${showNumber(p.to, 1)}`;
    const text = `${p.segment.label ?? p.segment.course}, planned, not given${reach}`;
    const wide = textWidth(text, 12);
    const inside = wide + 40 <= x1 - x0;
    const x = inside ? x1 - 16 - wide : Math.max(left, Math.min(x1 + 12, width - 2 - wide));
    const apart = !inside && x < x1 + 12;
    nodes.push(
      svg(
        "g",
        { "data-entry": p.segment.course },
        svg("title", {}, text),
        plannedBox(x0, y + 3, Math.max(x1 - x0, 6), 14, "var(--radiotherapy)", inside ? [x - 6, x + wide + 6] : undefined),
        label(x, apart ? y + 31 : y + 14, shorten(text, width - x - 2, 12), { fill: "var(--ink-2)" }),
      ),
    );
    y += apart ? 37 : 22;
  }
  return { nodes, height: Math.max(y - top + 8, 58) };
}

/** The spinal cord alone, small: its courses end to end against the limits published. */
export function cordChart(_view: CaseView, _findings: readonly Finding[], options: LedgerOptions = {}): Figure {
  const { width = 220, height = 176 } = options;
  const bar = options.ledger?.find((b) => /cord/i.test(b.organ));
  const labels = labelsWithin(width, height);
  const nodes: SvgNode[] = [head(labels, width, "Spinal cord", bar === undefined ? "EQD2, Gy" : `EQD2, Gy; α/β ${showNumber(bar.alphaBeta)}`)];
  const left = 4;
  const right = width - 12;
  const bottom = height - 26;
  const top = 84;
  const placed = bar === undefined ? [] : endToEnd(bar).filter((p) => p.segment.state !== "planned");
  const singles = [...new Set((bar?.limits ?? []).flatMap((l) => (typeof l.value === "number" ? [l.value] : [])))].sort((a, b) => a - b);
  const largest = [...placed.map((p) => p.to), ...singles, 10].reduce((a, b) => Math.max(a, b), 0);
  const ticks = ticksTo(largest, 4);
  const xOf = (gy: number) => left + (gy / (ticks.at(-1) ?? 1)) * (right - left);
  if (bar === undefined || placed.length === 0) nodes.push(unknownBox(labels, left, 52, "no course near the cord", width - left));
  for (const p of placed) {
    const [x0, x1] = [xOf(p.from), xOf(p.to)];
    const recorded = p.segment.state === "recorded";
    nodes.push(
      svg(
        "g",
        { "data-entry": p.segment.course },
        svg("title", {}, `${p.segment.label ?? p.segment.course}: EQD2 ${range(p.segment)} Gy`),
        recorded ? svg("rect", { x: x0, y: top, width: Math.max(x1 - x0, 1), height: 26, fill: "var(--radiotherapy)" }) : boundsBox(x0, top, Math.max(x1 - x0, 2), 26),
      ),
    );
    const value = range(p.segment);
    if (recorded && textWidth(value, 12, 600) + 10 <= x1 - x0) labels.put(value, [{ x: x0 + 6, y: top + 17 }], { weight: 600, fill: "var(--paper)" });
    const text = recorded ? (p.segment.label ?? p.segment.course) : `${(p.segment.label ?? p.segment.course).replace(" Gy in ", "/")}: ${value}`;
    labels.put(shorten(text, width - 4, 12), [{ x: x0, y: top + 43 }, { x: right, y: top + 43, anchor: "end" }, { x: left, y: top + 58 }], { fill: recorded ? "var(--ink-2)" : "var(--uncertain)" });
  }
  const numbers = fitting(singles, xOf, 2);
  for (const v of singles) nodes.push(svg("path", { d: `M${xOf(v)} ${top - 16}V${top + 31}`, stroke: "var(--ink)", "stroke-width": numbers.includes(v) ? 1.6 : 0.8, fill: "none" }));
  for (const v of numbers) labels.put(showNumber(v), [{ x: xOf(v), y: top - 22, anchor: "middle" }], { weight: 600, size: 11 });
  if (singles.length > 0) labels.put("published limits", [{ x: left, y: top - 22 }, { x: left, y: top - 36 }], { fill: "var(--ink-2)" });
  nodes.push(axisBelow(labels, bottom, left, right, ticks.map((t) => ({ x: xOf(t), text: showNumber(t) }))));
  return {
    name: "cord",
    title: "Spinal cord, EQD2 in Gy",
    description: bar === undefined ? "No course near the cord is recorded." : `${ledgerWords([bar])}. Limits ${singles.map((s) => showNumber(s)).join(", ")} Gy.`,
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: ledgerTable(bar === undefined ? [] : [bar]),
  };
}

/** The lowest, the highest, and between them as many values as have room for their numbers. */
function fitting(values: readonly number[], xOf: (value: number) => number, gap: number): number[] {
  const free = (v: number, taken: readonly number[]) =>
    taken.every((t) => Math.abs(xOf(v) - xOf(t)) >= (textWidth(showNumber(v), 11, 600) + textWidth(showNumber(t), 11, 600)) / 2 + gap);
  const taken: number[] = [];
  const [first, last] = [values[0], values.at(-1)];
  for (const v of [first, last, ...values]) if (v !== undefined && !taken.includes(v) && free(v, taken)) taken.push(v);
  return taken.sort((a, b) => a - b);
}
