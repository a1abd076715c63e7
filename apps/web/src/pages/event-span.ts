import { lasting, titleOf, type Bound, type CaseView, type Entry } from "@hapax/case";
import { courseDays, daysBetween, label, laneOf, mark, plannedBox, stripes, svg, type Figure, type SvgNode } from "@hapax/figures";

const width = 380;
const height = 86;
const y = 38;

/** Time points between which an event certainly lies; undefined where none bounds it on that side. */
export interface Between {
  readonly at: string | undefined;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** The last time point certainly not after an event begins, and the first certainly not before it ends. */
export function between({ record, timing }: CaseView, id: string): Between {
  const points = record.timePoints.map((t) => t.id);
  const exact = points.find((p) => {
    const { atLeastDays, atMostDays } = timing.gap(p, id);
    return atLeastDays === 0 && atMostDays === 0;
  });
  return {
    at: exact,
    after: points.findLast((p) => p !== exact && (timing.gap(p, id).atLeastDays ?? -1) >= 0 && (timing.gap(p, exact ?? id).atLeastDays ?? -1) >= 0),
    before: points.find((p) => p !== exact && (timing.gap(p, id, { end: true }).atMostDays ?? 1) <= 0),
  };
}

/** " 2024-03-07" or " day 39"; nothing where a bound says no more than the order does. */
const day = (days: number | undefined, dated: boolean): string =>
  days === undefined || (!dated && days === 0) ? "" : dated ? ` ${new Date(days * 86_400_000).toISOString().slice(0, 10)}` : ` day ${days}`;

/** When an event can have been at the earliest and at the latest, between the time points that bound it. */
export function eventSpan(view: CaseView, entry: Entry): Figure {
  const { at, after, before } = between(view, entry.id);
  const { start, end } = view.timing.bounds(entry.id);
  const color = `var(--${laneOf(entry) ?? "supportive"})`;
  const long = lasting.has(entry.kind) && entry.state !== "not performed";
  const left = 30;
  const right = width - 30;
  const axis = (x0: number, x1: number, dash?: string) => svg("path", { d: `M${x0} ${y}H${x1}`, stroke: "var(--rule-strong)", "stroke-width": 1, "stroke-dasharray": dash, fill: "none" });
  const dot = (x: number, name: string): SvgNode[] => [
    svg("circle", { cx: x, cy: y, r: 5, fill: "var(--ink)" }),
    label(x, y + 24, name, { anchor: "middle", size: 12 }),
  ];
  const edge = (x: number, words: string): SvgNode[] => [
    svg("path", { d: `M${x} ${y - 17}V${y + 17}`, stroke: "var(--ink-2)", "stroke-width": 1.2, "stroke-dasharray": "3 2.5", fill: "none" }),
    label(x, 14, words, { anchor: "middle", size: 12, fill: "var(--ink-2)" }),
  ];
  const body = (x0: number, x1: number): SvgNode[] => {
    const w = x1 - x0;
    if (!long) return [mark(entry.state, (x0 + x1) / 2, y, 13)];
    if (entry.state === "planned, not given") return [plannedBox(x0, y - 9, w, 18, color)];
    const solid = entry.state === "completion not recorded" ? w * 0.55 : w;
    return [svg("rect", { x: x0, y: y - 9, width: solid, height: 18, fill: color }), ...(solid < w ? stripes(x0 + solid, y - 9, w - solid, 18, color) : [])];
  };
  const words = long ? (daysBetween(entry.when?.lasts?.atLeastDays, entry.when?.lasts?.atMostDays) ?? daysBetween(courseDays(entry), undefined) ?? "length not recorded") : undefined;
  const nodes: SvgNode[] = [axis(left, right)];
  if (after !== undefined) nodes.push(...dot(left, after));
  else nodes.push(label(left - 24, y + 24, "start not bounded", { size: 12, fill: "var(--ink-3)" }));
  if (before !== undefined) nodes.push(...dot(right, before));
  else nodes.push(label(right + 24, y + 24, "end not bounded", { anchor: "end", size: 12, fill: "var(--ink-3)" }));
  const middle = (left + right) / 2;
  if (at !== undefined) {
    const x1 = long ? middle + 90 : middle;
    nodes.push(...(long ? body(middle, x1) : []), ...dot(middle, at), ...(long ? [] : body(middle - 7, middle + 7)));
    if (words !== undefined) nodes.push(label(middle + 45, y + 24, words, { anchor: "start", size: 12, fill: "var(--ink-2)" }));
  } else {
    const a = left + 42;
    const b = right - 42;
    const first = `earliest${day(start.atLeastDays, view.timing.dated)}`;
    const last = `latest${day(end.atMostDays, view.timing.dated)}`;
    if (after !== undefined || start.atLeastDays !== undefined) nodes.push(...edge(a, first));
    if (before !== undefined || end.atMostDays !== undefined) nodes.push(...edge(b, last));
    nodes.push(...body(a + 34, b - 34));
    if (words !== undefined) nodes.push(label(middle, y + 24, words, { anchor: "middle", size: 12, fill: "var(--ink-2)" }));
  }
  const place = at === undefined ? [after === undefined ? "start not bounded" : `not before ${after}`, before === undefined ? "end not bounded" : `not after ${before}`].join(", ") : `at ${at}`;
  return {
    name: "event-span",
    title: "When it was",
    description: `${place}${words === undefined ? "" : `; ${words}`}.`,
    width,
    height: height - 16,
    root: svg("svg", { width, height: height - 16, viewBox: `0 0 ${width} ${height - 16}`, "font-family": "var(--sans)", role: "img" }, nodes),
    table: { columns: ["Between"], rows: [[place]] },
  };
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** What the record says of the time of an event, each bound a sentence with the events by name. */
export function boundsInWords(view: CaseView, entry: Entry): string[] {
  const when = entry.when;
  const nameOf = (id: string) => {
    const other = view.get(id);
    return other === undefined ? id : titleOf(other);
  };
  const bound = (word: string) => (b: Bound) => {
    const range = daysBetween(b.atLeastDays, b.atMostDays);
    return `${range === undefined ? "" : `${range} `}${word} ${nameOf(b.of)}`;
  };
  const length = daysBetween(when?.lasts?.atLeastDays, when?.lasts?.atMostDays);
  const parts = [
    when?.date === undefined ? undefined : `dated ${when.date}`,
    when?.day === undefined ? undefined : `on day ${when.day}`,
    when?.endDay === undefined ? undefined : `to day ${when.endDay}`,
    when?.at === undefined ? undefined : `at ${nameOf(when.at)}`,
    when?.startsWith === undefined ? undefined : `begins with ${nameOf(when.startsWith)}`,
    ...(when?.during ?? []).map((id) => `during ${nameOf(id)}`),
    ...(when?.after ?? []).map(bound("after")),
    ...(when?.before ?? []).map(bound("before")),
    length === undefined ? undefined : `lasts ${length}`,
  ];
  const said = parts.filter((p) => p !== undefined);
  return said.length === 0 ? [] : [sentence(said.join("; "))];
}
