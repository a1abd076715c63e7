import { convert, show, showNumber } from "@hapax/base";
import { known, type CaseView, type EntryOf, type Finding } from "@hapax/case";
import { axisBelow, counted, gridLeft, head, keepLine, labelsWithin, ticksTo, unknownBox, type Labels } from "./chart.ts";
import type { ChartOptions } from "./diameter-chart.ts";
import { boundsBox, stroke } from "./marks.ts";
import { frame, path, svg, type Figure, type SvgNode } from "./svg.ts";
import { shorten, textWidth } from "./text.ts";

/** What a model of a drug says, as a caller brings it; concentrations in ng/mL, times in days. */
export interface DrugCourse {
  /** Concentration over time at the dose at which the level was drawn: typical patient and band of patients. */
  readonly tDays: readonly number[];
  readonly typical: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Typical trough in steady state at that dose. */
  readonly trough?: number;
  /** A range of troughs to aim at, and where it comes from. */
  readonly band?: { readonly low: number; readonly high: number; readonly from: string };
  /** The level as measured; `tDays` is left out where its day is not recorded. */
  readonly level?: { readonly value: number; readonly tDays?: number };
  /** Troughs to expect after a change of dose, as bounds. */
  readonly forecasts?: readonly { readonly label: string; readonly low: number; readonly high: number }[];
}

export interface DrugLevelOptions extends ChartOptions {
  /** Entry of the drug; the first that has a level unless given. */
  readonly drug?: string;
  readonly course?: DrugCourse;
}

/**
 * Levels of a drug against its dose steps, the band aimed at, what a model expects at the dose, and its forecast after
 * a change of dose, hatched between its bounds. Wide and with a course it is the curve over days.
 */
export function drugLevelChart(view: CaseView, _findings: readonly Finding[], options: DrugLevelOptions = {}): Figure {
  const { width = 220, height = 176, course } = options;
  const drugId = options.drug ?? view.all("drugLevel")[0]?.drug ?? view.all("drug").find((d) => d.purpose === "antitumor")?.id;
  const found = drugId === undefined ? undefined : view.get(drugId);
  const drug = found?.kind === "drug" ? found : undefined;
  const levels = view.all("drugLevel").flatMap((level) => {
    const value = known(level.value);
    const nanograms = value === undefined ? undefined : nanogramsPerMilliliter(value);
    return level.drug === drugId && nanograms !== undefined ? [{ level, value: nanograms }] : [];
  });
  const labels = labelsWithin(width, height);
  const title = drug === undefined ? "Drug level" : `${drug.name.charAt(0).toUpperCase()}${drug.name.slice(1)} level`;
  const nodes = [head(labels, width, title, "ng/mL")];
  if (drug === undefined) nodes.push(unknownBox(labels, 0, 52, "no drug recorded", width));
  else if (width >= 400 && course !== undefined && course.tDays.length > 1) nodes.push(...overDays(labels, width, height, drug, levels, course));
  else nodes.push(...overSteps(labels, width, height, drug, levels, course));
  const forecasts = course?.forecasts ?? [];
  return {
    name: "level",
    title: `${title}, ng/mL`,
    description: [
      drug === undefined ? "No drug is recorded." : `${counted(drug.steps.length, "dose step")}: ${drug.steps.map(stepText).join(", then ")}.`,
      levels.length === 0 ? "No level is recorded." : `Level ${levels.map((l) => showNumber(l.value)).join(", ")} ng/mL.`,
      course?.trough === undefined ? "" : `The model expects ${showNumber(course.trough, 1)}.`,
      ...forecasts.map((f) => `Forecast at ${f.label}: ${showNumber(f.low, 1)} to ${showNumber(f.high, 1)}.`),
    ]
      .filter((s) => s !== "")
      .join(" "),
    width,
    height,
    root: frame(width, height, nodes, [...labels.nodes]),
    table: {
      columns: ["What", "Dose", "ng/mL"],
      rows: [
        ...(drug?.steps ?? []).map((s) => ["dose", stepText(s), ""]),
        ...levels.map((l) => ["level", known(l.level.dose) === undefined ? "not recorded" : show(known(l.level.dose) ?? { value: 0, unit: "mg" }), showNumber(l.value)]),
        ...(course?.trough === undefined ? [] : [["model, typical trough", "", showNumber(course.trough, 1)]]),
        ...forecasts.map((f) => ["forecast", f.label, `${showNumber(f.low, 1)} to ${showNumber(f.high, 1)}`]),
      ],
    },
  };
}

interface Level {
  readonly level: EntryOf<"drugLevel">;
  readonly value: number;
}

function overSteps(labels: Labels, width: number, height: number, drug: EntryOf<"drug">, levels: readonly Level[], course: DrugCourse | undefined): SvgNode[] {
  const nodes: SvgNode[] = [];
  const bottom = height - 26;
  const top = 46;
  const left = 6;
  const right = width - 10;
  const steps = drug.steps;
  const forecasts = course?.forecasts ?? [];
  const count = Math.max(steps.length, forecasts.length > 0 && steps.length < 2 ? 2 : 1);
  const part = (right - left) / count;
  const largest = [...levels.map((l) => l.value), course?.band?.high ?? 0, ...forecasts.map((f) => f.high), course?.trough ?? 0].reduce((a, b) => Math.max(a, b), 0);
  const scale = ticksTo(largest, 4).at(-1) ?? 1;
  const yOf = (value: number) => bottom - (value / scale) * (bottom - top);
  // A level belongs to the last step whose dose it was drawn at; to the first where that is not recorded.
  const xOfLevel = (l: Level) => {
    const dose = known(l.level.dose);
    const i = dose === undefined ? 0 : steps.findIndex((s) => known(s.dose)?.value === dose.value && known(s.dose)?.unit === dose.unit);
    return left + part * (Math.max(i, 0) + 0.3);
  };
  if (course?.band !== undefined) {
    const { low, high, from } = course.band;
    nodes.push(svg("rect", { x: left, y: yOf(high), width: right - left, height: yOf(low) - yOf(high), fill: "var(--well)" }));
    nodes.push(svg("path", { d: `M${left} ${yOf(high)}H${right}M${left} ${yOf(low)}H${right}`, stroke: "var(--rule-strong)", "stroke-width": 0.7, fill: "none" }));
    const band = `band ${showNumber(low)}–${showNumber(high)}`;
    // The source of the band in full where it fits, else up to its first clause, else the numbers alone.
    const texts = [`${band}, ${from}`, `${band}, ${from.split(/[;,.]/)[0] ?? ""}`, band];
    const places = [{ x: left + 2, y: yOf(high) - 4 }, { x: left + 2, y: yOf(low) + 13 }];
    const limit = forecasts.length > 0 ? part * (count - 1) + part * 0.3 : right - left;
    const text = texts.find((t) => textWidth(t, 12) <= limit) ?? band;
    labels.put(text, places, { fill: "var(--ink-2)" });
  }
  for (const l of levels) {
    const [x, y] = [xOfLevel(l), yOf(l.value)];
    labels.keep({ x0: x - 5, y0: y - 5, x1: x + 5, y1: y + 5 });
    nodes.push(svg("g", { "data-entry": l.level.id }, svg("title", {}, `level ${showNumber(l.value)} ng/mL`), svg("circle", { cx: x, cy: y, r: 3.5, fill: "var(--ink)" })));
    labels.put(showNumber(l.value), [{ x: x + 8, y: y + 4 }, { x: x - 8, y: y + 4, anchor: "end" }], { weight: 600 }, 16);
  }
  for (const [i, f] of forecasts.entries()) {
    const w = Math.min(26, part / (forecasts.length + 1));
    const x = Math.min(left + part * (count - 1) + part * 0.35 + i * (w + 34), right - w - 34);
    nodes.push(boundsBox(x, yOf(f.high), w, Math.max(yOf(f.low) - yOf(f.high), 2)));
    labels.keep({ x0: x, y0: yOf(f.high), x1: x + w, y1: yOf(f.low) });
    labels.put(showNumber(f.high, 1), [{ x: x + w + 5, y: yOf(f.high) + 9 }], { fill: "var(--uncertain)" }, 8);
    labels.put(showNumber(f.low, 1), [{ x: x + w + 5, y: yOf(f.low) }], { fill: "var(--uncertain)" }, 8);
  }
  if (course?.trough !== undefined) {
    const y = yOf(course.trough);
    const x1 = left + part * (count > 1 ? 1 : 0.6);
    nodes.push(stroke([[left, y], [x1, y]], 1.4, "var(--ink)", "4 3"));
    labels.put(`model: ${showNumber(course.trough, 1)}`, [{ x: left + 2, y: y - 5 }, { x: left + 2, y: y + 14 }, { x: x1 + 5, y: y + 4 }]);
  }
  if (levels.length === 0) nodes.push(unknownBox(labels, left, 56, "level not recorded", width - left));
  const texts = steps.map((s, i) => ({ x: left + part * (i + 0.5), text: stepText(s) }));
  if (steps.length === 0) texts.push({ x: (left + right) / 2, text: "dose not recorded" });
  nodes.push(axisBelow(labels, bottom, left, right, texts));
  for (let i = 1; i < count; i++) nodes.push(svg("path", { d: `M${left + part * i} ${bottom - 5}v10`, stroke: "var(--rule-strong)", "stroke-width": 1, fill: "none" }));
  return nodes;
}

function overDays(labels: Labels, width: number, height: number, drug: EntryOf<"drug">, levels: readonly Level[], course: DrugCourse): SvgNode[] {
  const nodes: SvgNode[] = [];
  const forecasts = course.forecasts ?? [];
  const left = 40;
  const right = width - (forecasts.length > 0 ? 60 + 78 * forecasts.length : 90);
  const bottom = height - 30;
  const top = 46;
  const last = course.tDays.at(-1) ?? 1;
  const highest = [...course.high, ...levels.map((l) => l.value), course.band?.high ?? 0, ...forecasts.map((f) => f.high)].reduce((a, b) => Math.max(a, b), 0);
  const ticks = ticksTo(highest);
  const yOf = (value: number) => bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top);
  const xOf = (day: number) => left + (day / last) * (right - left);
  nodes.push(gridLeft(labels, ticks, yOf, left, width - 10));
  for (const [i, f] of forecasts.entries()) {
    const x = right + 30 + 78 * i;
    labels.keep({ x0: x, y0: yOf(f.high), x1: x + 28, y1: yOf(f.low) });
    labels.put(showNumber(f.high, 1), [{ x: x + 33, y: yOf(f.high) + 9 }], { fill: "var(--uncertain)" }, 8);
    labels.put(showNumber(f.low, 1), [{ x: x + 33, y: yOf(f.low) }], { fill: "var(--uncertain)" }, 8);
    labels.put(f.label, [{ x: x + 14, y: bottom + 16, anchor: "middle" }], { fill: "var(--ink-2)" });
  }
  let bandText: string | undefined;
  let bandY = 0;
  if (course.band !== undefined) {
    const { low, high, from } = course.band;
    nodes.push(svg("rect", { x: left, y: yOf(high), width: width - 10 - left, height: yOf(low) - yOf(high), fill: "var(--well)" }));
    bandText = `band ${showNumber(low)}–${showNumber(high)}, ${from}`;
    bandY = yOf(high);
  }
  const typical = course.tDays.map((t, i): [number, number] => [xOf(t), yOf(course.typical[i] ?? 0)]);
  keepLine(labels, typical);
  const at = (values: readonly number[]) => course.tDays.map((t, i): [number, number] => [xOf(t), yOf(values[i] ?? 0)]);
  nodes.push(svg("path", { d: path([...at(course.high), ...at(course.low).reverse()], true), fill: "var(--systemic)", "fill-opacity": 0.18 }));
  nodes.push(stroke(typical, 1.6, "var(--systemic)"));
  labels.keep({ x0: 0, y0: bottom - 1, x1: width, y1: bottom + 5 });
  nodes.push(axisBelow(labels, bottom, left, right, ticksTo(last, 7).filter((t) => t <= last).map((t) => ({ x: xOf(t), text: t === 0 ? "day 0" : showNumber(t) }))));
  const dose = drug.steps[0];
  for (const l of levels) {
    const y = yOf(l.value);
    const day = course.level?.tDays ?? known(l.level.dayOfTherapy);
    const mark =
      day === undefined
        ? svg("path", { d: `M${left} ${y}H${right}`, stroke: "var(--ink)", "stroke-width": 1.4, "stroke-dasharray": "1.5 3", fill: "none" })
        : svg("circle", { cx: xOf(Math.min(day, last)), cy: y, r: 4, fill: "var(--ink)" });
    nodes.push(svg("g", { "data-entry": l.level.id }, svg("title", {}, `level ${showNumber(l.value)} ng/mL`), mark));
    const x = day === undefined ? left + 6 : xOf(Math.min(day, last)) + 8;
    labels.put(`level ${showNumber(l.value)}${day === undefined ? ", day not recorded" : ""}`, [{ x, y: y - 6 }, { x, y: y + 15 }], { weight: 600 }, 12);
  }
const model = `model${course.trough === undefined ? "" : ` ${showNumber(course.trough, 1)}`}${dose === undefined ? "" : ` at ${stepText(dose)}`}, typical`;
  // Beside the curve, where it is flat enough for a line of text.
  const beside = [0.2, 0.3, 0.12, 0.45, 0.6, 0.75].flatMap((share) => {
    const [x, y] = typical[Math.round(share * (typical.length - 1))] ?? [left, bottom];
    return [{ x, y: y - 8 }, { x, y: y + 16 }];
  });
  labels.put(model, beside, {}, 8);
  if (bandText !== undefined) {
    const text = shorten(bandText, right - left - 12, 12);
    labels.put(text, [{ x: width - 12, y: bandY - 5, anchor: "end" }, { x: left + 6, y: bandY - 5 }, { x: left + 6, y: bandY + 14 }], { fill: "var(--ink-2)" }, 16);
  }
  for (const [i, f] of forecasts.entries()) {
    const x = right + 30 + 78 * i;
    nodes.push(boundsBox(x, yOf(f.high), 28, Math.max(yOf(f.low) - yOf(f.high), 2)));
  }
  return nodes;
}

function stepText(step: EntryOf<"drug">["steps"][number]): string {
  const dose = known(step.dose);
  const every = known(step.every);
  if (dose === undefined) return "dose not recorded";
  if (every === undefined) return show(dose);
  const daily = (every.unit === "h" && every.value === 24) || (every.unit === "d" && every.value === 1);
  return daily ? `${show(dose)} daily` : `${show(dose)} every ${show(every)}`;
}

function nanogramsPerMilliliter(value: { value: number; unit: string }): number | undefined {
  try {
    return convert(value, "ng/mL");
  } catch {
    // A unit of another kind has no place on this axis.
    return undefined;
  }
}
