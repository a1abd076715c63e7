import { convert, show, showNumber } from "@hapax/base";
import { keyOf, known, lesionSeries, stepId, type CaseView, type Entry, type EntryOf, type Finding, type LesionSeries } from "@hapax/case";
import { stripes, mark, plannedBox, stroke, type MarkKind } from "./marks.ts";
import { beside, drawRow, pack, packOneRow, type Arrangement, type Item, type PackedRow, type RowLabel } from "./pack.ts";
import { comparable } from "./sizes.ts";
import { frame, svg, type Figure, type SvgNode } from "./svg.ts";
import { label, overlap, shorten, textBox, textWidth, type Box } from "./text.ts";
import { endIsKnown, layAxis, type Axis, type Need, type Zoom } from "./timeline-axis.ts";
import { courseDays, daysBetween, laneOf, lanes, timelineEntries, timelineRows, type Lane } from "./timeline-rows.ts";

export interface TimelineOptions {
  /** Width of the picture, px; 1220 is the content of a page. */
  readonly width?: number;
  /** Event or time point from which times are counted. */
  readonly anchor?: string | undefined;
  readonly lanes?: readonly Lane[];
  readonly zoom?: Zoom | undefined;
  /** The overview leaves symptoms, single findings on imaging, labs and decisions to the table. */
  readonly detail?: "overview" | "all";
}

/** Rows that stand together in a lane under one name. */
interface Group {
  readonly name?: string;
  readonly swatch?: string;
  readonly rows: readonly PackedRow[];
  /** What lies behind the items of the first row, such as the line that joins the sizes of a lesion. */
  readonly behind?: (y: number) => SvgNode[];
}

/** What every part of the drawing needs to know. */
interface Scene {
  readonly view: CaseView;
  readonly axis: Axis;
  readonly entries: readonly Entry[];
  readonly left: number;
  readonly right: number;
}

const nameColumn = 142;
const laneTitles: Readonly<Record<Lane, string>> = {
  disease: "Disease",
  imaging: "Imaging",
  systemic: "Systemic",
  radiotherapy: "Radiotherapy",
  supportive: "Supportive",
  outcome: "Outcome",
};

/**
 * The whole course on one picture: a spine of time points, and under it lanes of disease, imaging, systemic therapy,
 * radiotherapy, supportive care and outcome. Without dates the columns are ranks, and the picture says so; with dates
 * or days the axis is true, and events known in order only stand after a break.
 */
export function timeline(view: CaseView, findings: readonly Finding[], options: TimelineOptions = {}): Figure {
  const { width = 1220, anchor, zoom, detail = "overview" } = options;
  const shown = lanes.filter((l) => options.lanes?.includes(l) ?? true);
  const left = nameColumn + 14;
  const right = width - 14;
  const all = inZoom(view, drawn(view, shown), zoom);
  const entries = detail === "all" ? all : all.filter(inOverview(view));
  const axis = layAxis(view, entries, needsOf(view, entries), left, right, anchor, zoom);
  const scene: Scene = { view, axis, entries, left, right };
  const spine = drawSpine(scene, anchor, zoom);
  const body: SvgNode[] = [];
  const guides: SvgNode[] = [];
  let y = spine.height;
  const first = y;
  for (const [i, lane] of shown.entries()) {
    const band = i % 2 === 0 ? "var(--paper)" : "var(--desk)";
    const groups = groupsOf(lane, scene, findings).filter((g) => g.rows.length > 0);
    const drawnLane = drawLane(lane, groups, y, width, band);
    // An empty lane says so, or it would read as a lane that was not looked at.
    if (groups.length === 0) body.push(label(left, y + 19, zoom === undefined ? "nothing recorded" : "nothing in this part", { fill: "var(--ink-3)" }));
    body.push(...drawnLane.nodes);
    guides.push(drawnLane.ground);
    y += drawnLane.height;
  }
  const note = [moreNote(all, entries), untimedNote(view, shown)].filter((n) => n !== undefined).join(" ");
  const foot = note === "" ? [] : [label(left, y + 18, shorten(note, right - left, 12), { fill: "var(--ink-3)" })];
  const points = spine.points.map((x) =>
    svg("path", { d: `M${x} ${first}V${y}`, stroke: "var(--rule-strong)", "stroke-width": 1, "stroke-dasharray": "1.5 3", fill: "none" }),
  );
  const height = Math.ceil(y + (foot.length > 0 ? 26 : 2));
  const rows = timelineRows(view, shown);
  const order = axis.scale === "order" ? "in order, not in time" : axis.scale === "dates" ? "on a true axis of dates" : "on a true axis of days";
  return {
    name: "timeline",
    title: `Timeline: ${view.record.name}`,
    description: `${rows.length} events ${order}, ${view.record.timePoints.length} time points, lanes: ${shown.map((l) => laneTitles[l]).join(", ")}. The same events are in the table.`,
    width,
    height,
    root: frame(width, height, guides, points, spine.nodes, body, foot),
    table: {
      columns: ["Order", "Event", "Lane", "State", "Bounds", "Wording"],
      rows: rows.map((r) => [String(r.order), r.title, laneTitles[r.lane], r.state, r.bounds, r.wording]),
    },
  };
}

/** Entries with a place in time that the lanes draw; sizes read on a study are drawn though they are no events. */
function drawn(view: CaseView, shown: readonly Lane[]): Entry[] {
  const sizes = shown.includes("disease") ? view.all("measurement") : [];
  const events = timelineEntries(view, shown).filter((e) => e.kind !== "measurement");
  return [...events, ...sizes].filter((e) => view.timing.has(e.id));
}

function inOverview(view: CaseView): (entry: Entry) => boolean {
  const measured = new Set(view.all("measurement").map((m) => m.lesion));
  return (entry) => {
    switch (entry.kind) {
      case "complaint":
      case "examination":
      case "lab":
      case "decision":
        return false;
      case "observation":
        // What is seen of a lesion without sizes is all that there is of it.
        return entry.lesion !== undefined && !measured.has(entry.lesion);
      default:
        return true;
    }
  };
}

function moreNote(all: readonly Entry[], shown: readonly Entry[]): string | undefined {
  const names: Partial<Record<Entry["kind"], string>> = {
    complaint: "symptoms",
    examination: "examinations",
    observation: "findings on imaging",
    lab: "labs",
    decision: "decisions",
  };
  const left = all.filter((e) => !shown.includes(e));
  if (left.length === 0) return undefined;
  const kinds = [...new Set(left.flatMap((e) => names[e.kind] ?? []))];
  return `Not drawn, in the table: ${left.length} ${left.length === 1 ? "event" : "events"} (${kinds.join(", ")}).`;
}

function inZoom(view: CaseView, entries: readonly Entry[], zoom: Zoom | undefined): readonly Entry[] {
  const from = zoom && view.timing.rank(zoom.from)?.start;
  const to = zoom && view.timing.rank(zoom.to)?.start;
  if (from === undefined || to === undefined) return entries;
  return entries.filter((e) => {
    const rank = view.timing.rank(e.id);
    return rank !== undefined && rank.start <= to && Math.max(rank.start, endIsKnown(view, e) ? rank.end : rank.start) >= from;
  });
}

function untimedNote(view: CaseView, shown: readonly Lane[]): string | undefined {
  const count = timelineEntries(view, shown).filter((e) => !view.timing.has(e.id)).length;
  if (count === 0) return undefined;
  return `${count === 1 ? "1 event has" : `${count} events have`} no time in the record; the table has ${count === 1 ? "it" : "them"}.`;
}

/** Room that bars and the sizes of lesions want along the axis. */
function needsOf(view: CaseView, entries: readonly Entry[]): Need[] {
  const needs: Need[] = [];
  const scale = sizeScale(view);
  for (const series of lesionSeries(view)) {
    const sizes = atOnePlace(series, (id) => view.timing.rank(id)?.start);
    for (const [i, here] of sizes.entries()) {
      const main = here[0];
      if (main === undefined) continue;
      const own = radii(main, scale).rx + 5 + Math.max(textWidth(sizeText(main), 12), textWidth(otherSizes(here), 12)) + 14;
      const next = sizes[i + 1]?.[0];
      needs.push({
        from: main.measurement.id,
        to: next?.measurement.id,
        px: own + (next === undefined ? 0 : radii(next, scale).rx),
        firm: true,
      });
    }
  }
  for (const entry of entries) {
    if (entry.kind === "radiotherapy" && endIsKnown(view, entry) && entry.state !== "not performed") {
      const px = entry.state === "recorded" ? textWidth(barTitle(entry), 12, 600) + 20 : 84;
      needs.push({ from: entry.id, to: entry.id, toEnd: true, px, firm: true });
    }
  }
  const row = entries.filter((e) => laneOf(e) === "imaging");
  for (const [i, entry] of row.entries()) {
    needs.push({ from: entry.id, to: row[i + 1]?.id, px: 24 + textWidth(eventTitle(entry), 12), firm: false });
  }
  return needs;
}

interface Bracket {
  readonly x0: number;
  readonly x1: number;
  readonly text: string;
  readonly known: boolean;
  readonly entry?: string;
}

function drawSpine(scene: Scene, anchor: string | undefined, zoom: Zoom | undefined) {
  const { view, axis, left, right } = scene;
  const points = zoomedPoints(view, zoom).flatMap((point) => {
    const place = axis.start(point.id);
    return place === undefined ? [] : [{ point, x: place.x }];
  });
  const levels = bracketLevels(brackets(scene, points.map((p) => ({ id: p.point.id, x: p.x }))), left, right);
  const y = 22 + 26 * levels.length;
  const nodes: SvgNode[] = [];
  for (const [i, level] of levels.entries()) {
    const at = y - 18 - 26 * i;
    for (const b of level) nodes.push(drawBracket(b, at, left, right));
  }
  const words = { order: "Order, not time", days: "Days", dates: "Date" }[axis.scale];
  nodes.push(label(14, y + 4, words, { fill: "var(--ink-3)" }));
  const line = (x0: number, x1: number) => svg("path", { d: `M${x0} ${y}H${x1}`, stroke: "var(--ink)", "stroke-width": 1.5, fill: "none" });
  const end = axis.breakAt;
  if (end === undefined) nodes.push(line(left - 8, right));
  else {
    nodes.push(line(left - 8, end - 6), line(end + 6, right));
    nodes.push(stroke([[end - 9, y + 6], [end - 3, y - 6]], 1.2, "var(--ink)"), stroke([[end + 3, y + 6], [end + 9, y - 6]], 1.2, "var(--ink)"));
  }
  nodes.push(stroke([[right - 6, y - 4], [right + 1, y], [right - 6, y + 4]], 1.2, "var(--ink)"));
  const boxes: Box[] = [];
  const place = (x: number, baseline: number, text: string, weight: 400 | 600, fill: string): boolean => {
    const half = textWidth(text, 12, weight) / 2;
    const middle = Math.min(Math.max(x, 8 + half), right + 10 - half);
    const style = { weight, fill, anchor: "middle" } as const;
    const box = textBox(middle, baseline, text, style);
    if (text === "" || boxes.some((b) => overlap({ ...box, x0: box.x0 - 4, x1: box.x1 + 4 }, b))) return false;
    boxes.push(box);
    nodes.push(label(middle, baseline, text, style));
    return true;
  };
  for (const { point, x } of points) {
    nodes.push(
      svg(
        "g",
        { "data-time-point": point.id },
        svg("title", {}, `${point.id}: ${point.label}`),
        svg("circle", { cx: x, cy: y, r: 5.5, fill: "var(--ink)" }),
        point.id === anchor ? svg("circle", { cx: x, cy: y, r: 8.5, fill: "none", stroke: "var(--accent)", "stroke-width": 1.5 }) : undefined,
      ),
    );
    place(x, y + 20, shorten(point.id, 64, 12, 600), 600, "var(--ink)");
  }
  let second = false;
  if (axis.scale === "order") {
    for (const t of axis.ticks) {
      if (points.some((p) => Math.abs(p.x - t.x) < 7)) continue;
      nodes.push(svg("circle", { cx: t.x, cy: y, r: 2, fill: "var(--paper)", stroke: "var(--ink-3)", "stroke-width": 1 }));
    }
    if (anchor !== undefined && view.timing.has(anchor)) {
      for (const { point, x } of points) second = place(x, y + 35, distance(view, anchor, point.id), 400, "var(--ink-3)") || second;
    }
  } else {
    for (const t of axis.ticks) {
      nodes.push(svg("path", { d: `M${t.x} ${y - 4}V${y + 4}`, stroke: "var(--ink-3)", "stroke-width": 1, fill: "none" }));
      second = place(t.x, y + 35, t.text ?? "", 400, "var(--ink-3)") || second;
    }
    if (end !== undefined) second = place((end + right) / 2, y + 35, "order only", 400, "var(--ink-3)") || second;
  }
  return { nodes, points: points.map((p) => p.x), height: y + (second ? 44 : 30) };
}

function zoomedPoints(view: CaseView, zoom: Zoom | undefined) {
  const all = view.record.timePoints;
  const from = all.findIndex((t) => t.id === zoom?.from);
  const to = all.findIndex((t) => t.id === zoom?.to);
  return from === -1 || to === -1 ? all : all.slice(from, to + 1);
}

/** From the anchor to a time point, in few characters; only the order where no days are known. */
function distance(view: CaseView, anchor: string, id: string): string {
  if (id === anchor) return "day 0";
  const { atLeastDays: low, atMostDays: high } = view.timing.gap(anchor, id);
  if (low !== undefined && high !== undefined) return low === high ? `day ${showNumber(low)}` : `day ${showNumber(low)}–${showNumber(high)}`;
  if (low !== undefined && low > 0) return `day ≥ ${showNumber(low)}`;
  if (high !== undefined && high < 0) return `day ≤ ${showNumber(high)}`;
  return low === 0 ? "later" : high === 0 ? "earlier" : "order open";
}

/** Lengths that are known, and those between time points that are not. */
function brackets(scene: Scene, points: readonly { id: string; x: number }[]): Bracket[] {
  const { view, axis, entries } = scene;
  if (axis.scale !== "order") return [];
  const found: Bracket[] = [];
  for (const entry of entries) {
    const start = axis.start(entry.id);
    const end = axis.end(entry.id);
    if (start === undefined || end === undefined || end.x - start.x < 8) continue;
    const lasts = daysBetween(entry.when?.lasts?.atLeastDays, entry.when?.lasts?.atMostDays);
    const shortest = courseDays(entry);
    const fractions = entry.kind === "radiotherapy" ? known(entry.fractions) : undefined;
    let text = lasts;
    if (text === undefined && shortest !== undefined && fractions !== undefined) {
      const least = daysBetween(shortest, undefined) ?? "1 day";
      const rate = entry.kind === "radiotherapy" && known(entry.fractionsPerWeek) !== undefined ? "" : " on weekdays";
      text = entry.state === "completion not recorded" ? `${least}, if completed` : `${least}: ${fractions} fractions${rate}`;
    }
    if (text !== undefined) found.push({ x0: start.x, x1: end.x, text, known: true, entry: entry.id });
  }
  const gaps = points.slice(1).map((b, i) => {
    const a = points[i] as { id: string; x: number };
    return { a, b, ...view.timing.gap(a.id, b.id) };
  });
  let open: { x0: number; x1: number } | undefined;
  const close = () => {
    if (open !== undefined) found.push({ ...open, text: "length not recorded", known: false });
    open = undefined;
  };
  for (const gap of gaps) {
    const words = daysBetween(gap.atLeastDays, gap.atMostDays);
    if (words === undefined) {
      open = { x0: open?.x0 ?? gap.a.x, x1: gap.b.x };
      continue;
    }
    close();
    // A course inside already says the same bound.
    const said = found.some((f) => f.x0 >= gap.a.x - 1 && f.x1 <= gap.b.x + 1 && f.text.startsWith(words));
    if (!said) found.push({ x0: gap.a.x, x1: gap.b.x, text: words, known: true });
  }
  close();
  return found;
}

/** Brackets in as many levels as they need, at most three; those left over are in the table. */
function bracketLevels(all: readonly Bracket[], left: number, right: number): Bracket[][] {
  const levels: Bracket[][] = [];
  const extent = (b: Bracket) => {
    const text = bracketText(b, left, right);
    return { x0: Math.min(b.x0, text.x0) - 6, x1: Math.max(b.x1, text.x1) + 6 };
  };
  for (const b of [...all].sort((p, q) => Number(q.known) - Number(p.known) || p.x0 - q.x0)) {
    const own = extent(b);
    const level = levels.find((l) => l.every((o) => extent(o).x1 <= own.x0 || own.x1 <= extent(o).x0));
    if (level !== undefined) level.push(b);
    else if (levels.length < 3) levels.push([b]);
  }
  return levels;
}

function bracketText(b: Bracket, left: number, right: number): { x0: number; x1: number; middle: number } {
  const half = textWidth(b.text, 12) / 2;
  const middle = Math.min(Math.max((b.x0 + b.x1) / 2, left + half), right - half);
  return { x0: middle - half, x1: middle + half, middle };
}

function drawBracket(b: Bracket, y: number, left: number, right: number): SvgNode {
  const color = b.known ? "var(--ink-2)" : "var(--ink-3)";
  return svg(
    "g",
    { "data-entry": b.entry },
    svg("path", {
      d: `M${b.x0} ${y + 8}V${y + 2}H${b.x1}V${y + 8}`,
      fill: "none",
      stroke: color,
      "stroke-width": 1,
      "stroke-dasharray": b.known ? undefined : "3 2.5",
    }),
    label(bracketText(b, left, right).middle, y - 3, b.text, { anchor: "middle", fill: color }),
  );
}

function drawLane(lane: Lane, groups: readonly Group[], top: number, width: number, band: string) {
  const nodes: SvgNode[] = [label(14, top + 19, laneTitles[lane], { size: 13, weight: 600 })];
  const named = groups.some((g) => g.name !== undefined);
  if (groups.some((g) => g.swatch !== undefined)) {
    nodes.push(label(22 + textWidth(laneTitles[lane], 13, 600), top + 19, "sizes to scale, cm", { fill: "var(--ink-3)" }));
  }
  let y = top + (named ? 24 : 5);
  for (const group of groups) {
    for (const [i, row] of group.rows.entries()) {
      const middle = y + row.up + 2;
      if (i === 0) {
        if (group.swatch !== undefined) nodes.push(svg("rect", { x: 14, y: middle - 4, width: 8, height: 8, fill: group.swatch }));
        if (group.name !== undefined) {
          const x = group.swatch === undefined ? 14 : 27;
          nodes.push(label(x, middle + 4, shorten(group.name, nameColumn - x, 12), { fill: "var(--ink-2)" }));
        }
        nodes.push(...(group.behind?.(middle) ?? []));
      }
      nodes.push(...drawRow(row, middle, band));
      y = middle + row.down + 2;
    }
  }
  const height = Math.max(y + 5 - top, 30);
  const ground = svg(
    "g",
    { "data-lane": lane },
    svg("rect", { x: 0, y: top, width, height, fill: band }),
    svg("rect", { x: 0, y: top, width: 4, height, fill: `var(--${lane})` }),
  );
  return { nodes, ground, height };
}

function groupsOf(lane: Lane, scene: Scene, findings: readonly Finding[]): Group[] {
  const of = <K extends Entry["kind"]>(...kinds: K[]) =>
    scene.entries.filter((e): e is EntryOf<K> => (kinds as readonly string[]).includes(e.kind));
  const marks = (name: string | undefined, entries: readonly Entry[], more: readonly Item[] = []): Group[] => {
    const items = [...clusters(scene, entries), ...more].sort((a, b) => (a.arrangements[0]?.x0 ?? 0) - (b.arrangements[0]?.x0 ?? 0));
    return items.length === 0 ? [] : [{ ...(name === undefined ? {} : { name }), rows: pack(items) }];
  };
  switch (lane) {
    case "disease": {
      const sized = lesionSeries(scene.view);
      const measured = new Set(sized.map((s) => s.lesion.id));
      const seen = of("observation");
      const unsized = scene.view.record.entries.filter((e) => e.kind === "lesion").filter((l) => !measured.has(l.id));
      const elsewhere = seen.filter((o) => o.lesion === undefined || !unsized.some((l) => l.id === o.lesion));
      const against = contradictions(scene, findings);
      const own = (id: string) => against.filter((a) => a.about.includes(id)).map((a) => a.item);
      const others = against.filter((a) => !unsized.some((l) => a.about.includes(l.id))).map((a) => a.item);
      return [
        ...marks("symptoms, examination", of("complaint", "examination")),
        ...sized.map((series, i) => lesionGroup(scene, series, i)).filter((g) => g.rows.length > 0),
        ...unsized.flatMap((l) => marks(lower(l.name), seen.filter((o) => o.lesion === l.id), own(l.id))),
        ...marks("seen on imaging", elsewhere),
        ...marks("as stated", [], others),
        ...marks("complications", of("complication")),
      ];
    }
    case "imaging":
      return marks(undefined, of("imaging", "specimen"));
    case "systemic": {
      const levels = of("drugLevel");
      const items = of("drug").map((drug) => drugItem(scene, drug, levels.filter((l) => l.drug === drug.id)));
      return [{ rows: pack(items, 4) }, ...marks(undefined, levels.filter((l) => !of("drug").some((d) => d.id === l.drug)))];
    }
    case "radiotherapy":
      return [{ rows: pack(of("radiotherapy").map((course) => courseItem(scene, course)), 4) }];
    case "supportive":
      return [
        ...marks("labs", of("lab")),
        ...marks("transfusions", of("transfusion")),
        ...marks("admissions, care", of("encounter")),
        ...marks("procedures", of("procedure")),
        ...marks("decisions", of("decision")),
      ];
    case "outcome":
      return [{ rows: pack(of("outcome").flatMap((o) => outcomeItem(scene, o) ?? [])) }];
  }
}

type Size = LesionSeries["points"][number];

/** Pixels per centimeter so that the largest lesion of the case is 36 px wide. */
function sizeScale(view: CaseView): number {
  const largest = lesionSeries(view).reduce((m, s) => s.points.reduce((n, p) => Math.max(n, p.diametersCm[0] ?? 0), m), 0);
  return largest > 0 ? 36 / largest : 1;
}

function radii(size: Size, scale: number): { rx: number; ry: number } {
  const [long = 0, across = long] = size.diametersCm;
  return { rx: Math.max(2.5, (long * scale) / 2), ry: Math.max(2.5, (across * scale) / 2) };
}

function sizeText(size: Size): string {
  return size.diametersCm.map((d) => showNumber(d)).join(" × ");
}

/** Sizes of the same place in time by other methods, for a second line. */
function otherSizes(sizes: readonly Size[]): string {
  return sizes.slice(1).map((s) => `${s.measurement.method} ${sizeText(s)}`).join("; ");
}

/** Sizes of one place in time together, the one of a cross-sectional study first. */
function atOnePlace(series: LesionSeries, placeOf: (id: string) => number | undefined): Size[][] {
  const groups = new Map<number, Size[]>();
  for (const size of series.points) {
    const at = placeOf(size.measurement.id);
    if (at === undefined) continue;
    groups.set(at, [...(groups.get(at) ?? []), size]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, sizes]) => sizes.sort((a, b) => Number(comparable(b)) - Number(comparable(a))));
}

function lesionGroup(scene: Scene, series: LesionSeries, index: number): Group {
  const { axis, left, right } = scene;
  const color = `var(--data-${(index % 6) + 1})`;
  const scale = sizeScale(scene.view);
  const drawnIds = new Set(scene.entries.map((e) => e.id));
  const places = atOnePlace({ ...series, points: series.points.filter((p) => drawnIds.has(p.measurement.id)) }, (id) => axis.start(id)?.x);
  const items: Item[] = places.flatMap((sizes) => {
    const main = sizes[0];
    const x = main && axis.start(main.measurement.id)?.x;
    if (main === undefined || x === undefined) return [];
    const { rx } = radii(main, scale);
    const tall = sizes.reduce((m, s) => Math.max(m, radii(s, scale).ry), 0);
    const wide = sizes.reduce((m, s) => Math.max(m, radii(s, scale).rx), 0);
    const others = otherSizes(sizes);
    const bare: Arrangement = { x0: x - rx, x1: x + rx, labels: [] };
    const one = beside(x - wide, x + wide, [sizeText(main)], left, right, {}, others === "" ? 4 : -3);
    const two = others === "" ? one : one.map((a) => withSecondLine(a, others, left, right));
    return [
      {
        up: Math.max(tall, 9),
        down: Math.max(tall, others === "" ? 9 : 15),
        arrangements: [...two, ...one, bare],
        draw: (y) =>
          [...sizes].reverse().map((s) => {
            const { rx: a, ry: b } = radii(s, scale);
            return svg(
              "g",
              { "data-entry": s.measurement.id },
              svg("title", {}, `${series.lesion.name}: ${sizeText(s)} cm, ${s.measurement.method}${s.timePoint === undefined ? "" : `, ${s.timePoint}`}`),
              comparable(s)
                ? svg("ellipse", { cx: x, cy: y, rx: a, ry: b, fill: color, "fill-opacity": 0.86, stroke: color })
                : svg("ellipse", { cx: x, cy: y, rx: a, ry: b, fill: "none", stroke: color, "stroke-width": 1.4, "stroke-dasharray": "3 2" }),
            );
          }),
      },
    ];
  });
  const xs = places.map((sizes) => (sizes[0] === undefined ? 0 : (axis.start(sizes[0].measurement.id)?.x ?? 0)));
  return {
    name: lower(series.lesion.name),
    swatch: color,
    rows: packOneRow(items),
    behind: (y) =>
      xs.length < 2
        ? []
        : [svg("path", { d: `M${xs[0]} ${y}H${xs.at(-1)}`, stroke: color, "stroke-width": 1.2, "stroke-dasharray": "1.5 3", fill: "none" })],
  };
}

/** The arrangement with a smaller line under its label; as it was where the line does not fit. */
function withSecondLine(a: Arrangement, text: string, left: number, right: number): Arrangement {
  const first = a.labels[0];
  if (first === undefined) return a;
  const width = textWidth(text, 12);
  const second: RowLabel = { ...first, dy: first.dy + 14, text, fill: "var(--ink-3)" };
  if (first.anchor === "end") return first.x - width < left ? a : { ...a, x0: Math.min(a.x0, first.x - width), labels: [first, second] };
  return first.x + width > right ? a : { ...a, x1: Math.max(a.x1, first.x + width), labels: [first, second] };
}

/** Name of an event on the picture: short, with what its state adds. */
function eventTitle(entry: Entry): string {
  if (entry.label !== undefined) return lower(entry.label);
  switch (entry.kind) {
    case "imaging": {
      const name = entry.modality === "MR" ? "MRI" : entry.modality;
      return /not recorded/i.test(entry.region) ? name : `${name} ${lower(entry.region)}`;
    }
    case "specimen":
      return lower(entry.method);
    case "observation": {
      const levels = known(entry.levels);
      const where = levels === undefined ? "" : `, ${levels.from}–${levels.to}`;
      return `${known(entry.presence) === "absent" ? "no " : ""}${lower(entry.what)}${where}`;
    }
    case "complication": {
      const levels = known(entry.levels);
      return `${lower(entry.what)}${levels === undefined ? "" : `, ${levels.from}–${levels.to}`}`;
    }
    case "complaint": {
      const lost = known(entry.weightLoss);
      const over = known(entry.over);
      const amount = lost === undefined ? "" : ` ${show(lost)}${over === undefined ? "" : ` in ${show(over)}`}`;
      return `${lower(entry.what)}${amount}`;
    }
    case "examination":
    case "procedure":
    case "decision":
    case "encounter":
      return lower(entry.what);
    case "transfusion":
      return "transfusion";
    case "drugLevel": {
      const value = known(entry.value);
      return value === undefined ? "level not recorded" : `level ${show(value)}`;
    }
    case "lab": {
      const value = known(entry.value);
      return value === undefined ? entry.analyte : `${entry.analyte} ${show(value)}`;
    }
    case "drug":
      return entry.name;
    case "radiotherapy":
      return barTitle(entry);
    case "measurement": {
      return entry.diameters.map((d) => showNumber(convert(d, "cm"))).join(" × ");
    }
    default:
      return entry.id;
  }
}

/** A phrase inside a line: its first letter small, unless the word is a name or an acronym. */
function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function withState(entry: Entry): string[] {
  const title = eventTitle(entry);
  const words = { "not performed": "not done", "planned, not given": "planned, not given", "completion not recorded": "completion not recorded" };
  const state = entry.state in words ? words[entry.state as keyof typeof words] : undefined;
  if (state === undefined) return [title];
  return entry.reason === undefined ? [`${title}, ${state}`] : [`${title}, ${state}: ${lower(entry.reason)}`, `${title}, ${state}`];
}

function markOf(entry: Entry): MarkKind {
  if (entry.state !== "recorded") return entry.state;
  if (entry.kind === "observation" && (known(entry.presence) === "equivocal" || known(entry.metastatic) === "equivocal")) return "uncertain";
  return "recorded";
}

/** Events of a row: those of one place share a label, those of loose order share a dashed span. */
function clusters(scene: Scene, entries: readonly Entry[]): Item[] {
  const groups = new Map<string, { low: number; high: number; entries: Entry[] }>();
  const bars: Item[] = [];
  for (const entry of entries) {
    const start = scene.axis.start(entry.id);
    if (start === undefined) continue;
    const end = scene.axis.end(entry.id);
    if (entry.state === "recorded" && end !== undefined && end.x - start.x > 14) {
      bars.push(lastingItem(scene, entry, start.x, end.x));
      continue;
    }
    const loose = start.high - start.low > 6;
    const [low, high] = loose ? [start.low, start.high] : [start.x, start.x];
    const key = `${Math.round(low)} ${Math.round(high)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { low, high, entries: [entry] });
    else group.entries.push(entry);
  }
  const points = [...groups.values()].sort((a, b) => a.low - b.low || a.high - b.high);
  return [...bars, ...points.map((g) => clusterItem(scene, g.low, g.high, g.entries))];
}

/** An event that takes time and whose end is known: a thin bar. */
function lastingItem(scene: Scene, entry: Entry, x0: number, x1: number): Item {
  const color = laneOf(entry) === "disease" ? "var(--disease)" : "var(--supportive)";
  return {
    up: 9,
    down: 9,
    arrangements: beside(x0, x1, withState(entry), scene.left, scene.right),
    attrs: { "data-entry": entry.id },
    words: hoverWords(entry),
    draw: (y) => [svg("rect", { x: x0, y: y - 4, width: x1 - x0, height: 8, fill: color })],
  };
}

const markStep = 11;
const markLimit = 7;

function clusterItem(scene: Scene, low: number, high: number, entries: readonly Entry[]): Item {
  const { left, right } = scene;
  const count = Math.min(entries.length, markLimit);
  const loose = high > low;
  const first = loose ? low : Math.min(low, right - (count - 1) * markStep - 6);
  const xs = Array.from({ length: count }, (_, i) => (loose ? low + ((high - low) * (i + 1)) / (count + 1) : first + i * markStep));
  const [head] = entries as [Entry, ...Entry[]];
  const place = loose ? ", in this interval" : "";
  const texts = (entries.length === 1 ? withState(head) : fewer(entries)).map((t) => t + place);
  const cut = shorten(eventTitle(head), 150, 12) + (entries.length > 1 ? ` +${entries.length - 1}` : "");
  const [x0, x1] = loose ? [low, high] : [first - 5, (xs.at(-1) ?? first) + 5];
  const single = entries.length === 1 && entries[0] !== undefined ? entries[0] : undefined;
  return {
    up: 9,
    down: 9,
    arrangements: beside(x0, x1, texts, left, right),
    tight: beside(x0, x1, [cut], left, right),
    attrs: { "data-entry": head.id },
    ...(single === undefined ? {} : { words: hoverWords(single) }),
    draw: (y) => [
      ...(loose ? [looseSpan(low, high, y)] : []),
      ...xs.map((x, i) => {
        const entry = entries[i] as Entry;
        const shape = eventShape(entry, x, y, loose);
        return single === undefined ? svg("g", { "data-entry": entry.id }, svg("title", {}, hoverWords(entry)), shape) : shape;
      }),
    ],
  };
}

/** Names of events at one place: all of them, then fewer and how many more. */
function fewer(entries: readonly Entry[]): string[] {
  const names = entries.map((e) => withState(e).at(-1) ?? "");
  return names.map((_, i) => {
    const left = names.length - i;
    return names.slice(0, left).join(", ") + (i === 0 ? "" : ` +${i}`);
  });
}

function hoverWords(entry: Entry): string {
  const words = entry.state === "recorded" ? eventTitle(entry) : `${eventTitle(entry)}: ${entry.state}`;
  return entry.reason === undefined ? words : `${words}. ${entry.reason}`;
}

/** Somewhere between two ends, in an order that is not recorded. */
function looseSpan(low: number, high: number, y: number): SvgNode {
  return svg(
    "g",
    {},
    svg("path", { d: `M${low} ${y}H${high}`, stroke: "var(--ink-3)", "stroke-width": 1.2, "stroke-dasharray": "3 2.5", fill: "none" }),
    svg("path", { d: `M${low} ${y - 7}V${y + 7}M${high} ${y - 7}V${y + 7}`, stroke: "var(--ink-3)", "stroke-width": 1.2, fill: "none" }),
  );
}

function eventShape(entry: Entry, x: number, y: number, loose: boolean): SvgNode {
  const kind = markOf(entry);
  if (kind === "recorded" && (entry.kind === "imaging" || entry.kind === "specimen")) {
    const fill = "var(--imaging)";
    if (entry.kind === "imaging") return svg("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9, fill });
    return svg("path", { d: `M${x} ${y - 5.5}L${x + 5.5} ${y}L${x} ${y + 5.5}L${x - 5.5} ${y}Z`, fill });
  }
  if (kind === "recorded" && entry.kind === "transfusion") {
    return svg("path", {
      d: `M${x - 5.5} ${y + 5}L${x + 5.5} ${y + 5}L${x} ${y - 5.5}Z`,
      fill: loose ? "var(--paper)" : "var(--supportive)",
      stroke: loose ? "var(--ink-2)" : undefined,
      "stroke-dasharray": loose ? "2 1.5" : undefined,
    });
  }
  return mark(kind, x, y, 11);
}

/** Statements of the record on one topic that read differently, at the last place where one of them stands. */
function contradictions(scene: Scene, findings: readonly Finding[]): { about: readonly string[]; item: Item }[] {
  const { view, axis, left, right } = scene;
  const outcome = view.all("outcome")[0];
  const last = (outcome && view.timing.rank(outcome.id)?.start) ?? Infinity;
  const topics = new Map<string, EntryOf<"statement">[]>();
  for (const s of view.all("statement")) {
    const rank = view.timing.rank(s.id)?.start;
    // What the document says after the story has no place on the axis.
    if (rank === undefined || rank > last || (s.about ?? []).every((id) => view.get(id)?.kind !== "lesion" && view.get(id)?.kind !== "observation")) continue;
    topics.set(s.topic, [...(topics.get(s.topic) ?? []), s]);
  }
  return [...topics.values()].flatMap((statements) => {
    const readings = [...new Set(statements.map((s) => s.reading))];
    const places = statements.flatMap((s) => (s.when?.at === undefined ? [] : (axis.start(s.when.at)?.x ?? [])));
    if (readings.length < 2 || places.length === 0) return [];
    const x = Math.max(...places) - 1;
    const ids = new Set(statements.map((s) => s.id));
    const finding = findings.find((f) => f.status === "contradiction" && f.because.some((b) => b.entries?.some((e) => ids.has(e))));
    const texts = [readings.map((r) => `“${r}”`).join(" ≠ ")];
    const topic = statements[0]?.topic ?? "";
    return [
      {
        about: statements.flatMap((s) => s.about ?? []),
        item: {
          up: 9,
          down: 9,
          arrangements: beside(x - 5, x + 6, [`${lower(topic)}: ${texts[0]}`, ...texts], left, right, { fill: "var(--contradiction)" }),
          attrs: { "data-entry": statements[0]?.id, "data-finding": finding === undefined ? undefined : keyOf(finding) },
          words: `${topic}: contradictory readings, ${readings.join(" against ")}`,
          draw: (y: number) => [mark("contradiction", x, y, 13)],
        },
      },
    ];
  });
}

const doseHeight = 20;

function drugItem(scene: Scene, drug: EntryOf<"drug">, levels: readonly EntryOf<"drugLevel">[]): Item {
  const { axis, left, right, view } = scene;
  const start = axis.start(drug.id)?.x ?? left;
  if (drug.state !== "recorded" && drug.state !== "uncertain" && drug.state !== "completion not recorded") {
    const length = known(drug.plannedLength);
    const title = length === undefined ? drug.name : `${drug.name}, ${show(length)}`;
    return notGivenItem(scene, drug, title, "var(--systemic)");
  }
  const steps = drug.steps.map((step, i) => ({
    x: Math.max(start, axis.start(stepId(drug.id, i))?.x ?? start),
    dose: known(step.dose),
  }));
  const lastKnown = [...steps.map((s) => s.x), ...levels.map((l) => axis.start(l.id)?.x ?? start)].reduce((a, b) => Math.max(a, b), start);
  const ended = axis.end(drug.id)?.x;
  const next = view.record.timePoints.flatMap((t) => axis.start(t.id)?.x ?? []).find((x) => x > lastKnown + 90) ?? lastKnown + 130;
  const end = Math.min(right, Math.max(ended ?? next, start + 16));
  const largest = steps.reduce((m, s) => Math.max(m, s.dose?.value ?? 0), 0);
  const height = (dose: { value: number } | undefined) => (dose === undefined || largest === 0 ? 8 : Math.max(5, (doseHeight * dose.value) / largest));

  const texts: { x: number; text: string; weight?: 600; entry?: string }[] = [];
  const doses = steps.map((s) => (s.dose === undefined ? undefined : show(s.dose)));
  const nothing = doses.every((d) => d === undefined);
  const tail = ended === undefined ? "; end not recorded" : "";
  const opening = `${drug.name} ${doses[0] ?? ""}`.trim() + (nothing ? ", dose not recorded" : "") + (steps.length < 2 || nothing ? tail : "");
  const inFront = start - 6 - textWidth(opening, 12) >= left && steps.length > 1 && !nothing;
  if (!inFront) texts.push({ x: start, text: opening });
  for (const [i, s] of steps.entries()) {
    if (i === 0 || nothing) continue;
    const text = doses[i] ?? "dose not recorded";
    texts.push({ x: s.x, text: i === steps.length - 1 ? text + tail : text });
  }
  const dots = levels.flatMap((l) => {
    const x = axis.start(l.id)?.x;
    return x === undefined ? [] : [{ level: l, x }];
  });
  for (const { level, x } of dots) texts.push({ x: x + 8, text: eventTitle(level), entry: level.id });
  const lines = flow(texts, left, right);
  const textHeight = 15 * lines.length;
  const bars = nothing ? 8 : doseHeight;
  const extent = lines.flat().reduce((m, t) => Math.max(m, t.x + textWidth(t.text, 12)), end);
  const front = inFront ? start - 6 - textWidth(opening, 12) : start;
  const firstX = lines.flat().reduce((m, t) => Math.min(m, t.x), front);
  // The middle of the row is the middle of the bar; lines of text stand above it.
  const labels: RowLabel[] = lines.flatMap((line, i) =>
    line.map((t) => ({ x: t.x, dy: -bars / 2 - 5 - 15 * (lines.length - 1 - i), text: t.text })),
  );
  if (inFront) labels.push({ x: start - 6, dy: 4, text: opening, anchor: "end" });
  return {
    up: bars / 2 + textHeight + 4,
    down: bars / 2 + 2,
    arrangements: [{ x0: firstX, x1: extent, labels }],
    attrs: { "data-entry": drug.id },
    words: hoverWords(drug),
    draw: (y) => {
      const base = y + bars / 2;
      const nodes: SvgNode[] = [];
      const edges = steps.length === 0 ? [{ x: start, dose: undefined }] : steps;
      for (const [i, s] of edges.entries()) {
        const x0 = i === 0 ? start : s.x;
        const x1 = edges[i + 1]?.x ?? end;
        const h = height(s.dose);
        const last = i === edges.length - 1;
        if (x1 <= x0) continue;
        if (last && ended === undefined) nodes.push(...fade(x0, x1, base - h, h, "var(--systemic)", lastKnown));
        else nodes.push(svg("rect", { x: x0, y: base - h, width: x1 - x0, height: h, fill: "var(--systemic)" }));
      }
      for (const { level, x } of dots) {
        nodes.push(
          svg("g", { "data-entry": level.id }, svg("title", {}, eventTitle(level)), svg("circle", { cx: x, cy: base - bars, r: 4, fill: "var(--ink)", stroke: "var(--paper)", "stroke-width": 1 })),
        );
      }
      return nodes;
    },
  };
}

/** Texts in lines: each at its place or as near to the right of it as its line allows. */
function flow<T extends { x: number; text: string }>(texts: readonly T[], left: number, right: number): T[][] {
  const lines: T[][] = [];
  for (const wanted of [...texts].sort((a, b) => a.x - b.x)) {
    const text = shorten(wanted.text, right - left, 12);
    const width = textWidth(text, 12);
    const x = Math.max(left, Math.min(wanted.x, right - width));
    let placed = false;
    for (const line of lines) {
      const end = line.reduce((m, t) => Math.max(m, t.x + textWidth(t.text, 12)), -Infinity);
      const at = Math.max(x, end + 10);
      if (at + width > right || at - x > 24) continue;
      line.push({ ...wanted, x: at, text });
      placed = true;
      break;
    }
    if (!placed) lines.push([{ ...wanted, x, text }]);
  }
  return lines;
}

/** A bar whose end is not recorded: solid as far as it is known, then thinning out. */
function fade(x0: number, x1: number, y: number, height: number, color: string, knownTo: number): SvgNode[] {
  const solid = Math.min(Math.max(knownTo, x0 + 0.35 * (x1 - x0)), x1);
  const slices = 24;
  const step = (x1 - solid) / slices;
  const parts = Array.from({ length: slices }, (_, i) =>
    svg("rect", { x: solid + i * step, y, width: step, height, fill: color, "fill-opacity": 1 - (i + 1) / (slices + 1), "shape-rendering": "crispEdges" }),
  );
  return [svg("rect", { x: x0, y, width: solid - x0, height, fill: color }), ...parts];
}

function barTitle(course: EntryOf<"radiotherapy">): string {
  if (course.label !== undefined) return course.label;
  const doses = course.volumes.flatMap((v) => known(v.dose)?.value ?? []);
  const fractions = known(course.fractions);
  if (doses.length === 0) return `${course.technique}, ${lower(course.site)}`;
  return `${course.technique} ${[...new Set(doses)].map((d) => showNumber(d)).join(" and ")} Gy${fractions === undefined ? "" : ` in ${fractions}`}`;
}

function courseItem(scene: Scene, course: EntryOf<"radiotherapy">): Item {
  const { axis, left, right } = scene;
  const title = barTitle(course);
  if (course.state === "planned, not given") return notGivenItem(scene, course, title, "var(--radiotherapy)");
  const start = axis.start(course.id)?.x ?? left;
  if (course.state === "not performed" || course.state === "not recorded") {
    const x = Math.min(start, right - 6);
    return {
      up: 11,
      down: 11,
      arrangements: beside(x - 6, x + 6, withState(course), left, right),
      attrs: { "data-entry": course.id },
      words: hoverWords(course),
      draw: (y) => [mark(course.state, x, y, 13)],
    };
  }
  const x0 = Math.min(start, right - 40);
  const x1 = Math.min(right, Math.max(axis.end(course.id)?.x ?? start + 60, x0 + 40));
  const complete = course.state !== "completion not recorded";
  const inside = complete && textWidth(title, 12, 600) + 16 <= x1 - x0;
  const texts = complete ? [title] : [`${title}, completion not recorded`, title];
  return {
    up: 13,
    down: 13,
    arrangements: inside ? [{ x0, x1, labels: [] }] : beside(x0, x1, texts, left, right),
    attrs: { "data-entry": course.id },
    words: hoverWords(course),
    draw: (y) => {
      const fill = "var(--radiotherapy)";
      if (!complete) {
        const half = (x0 + x1) / 2;
        return [svg("rect", { x: x0, y: y - 10, width: half - x0, height: 20, fill }), ...stripes(half, y - 10, x1 - half, 20, fill)];
      }
      const fractions = known(course.fractions);
      const step = fractions === undefined ? 0 : (x1 - x0 - 12) / fractions;
      let ticks = "";
      if (fractions !== undefined && step >= 2.5) {
        for (let i = 0; i < fractions; i++) ticks += `M${Math.round((x0 + 6 + (i + 0.5) * step) * 100) / 100} ${y + 5}v4`;
      }
      return [
        svg("rect", { x: x0, y: y - 11, width: x1 - x0, height: 22, fill }),
        ...(ticks === "" ? [] : [svg("path", { d: ticks, stroke: "var(--paper)", "stroke-width": 1, fill: "none" })]),
        ...(inside ? [label(x0 + 8, y + 1.5, title, { weight: 600, fill: "var(--paper)" })] : []),
      ];
    },
  };
}

/** A treatment that was planned and not given, at its place, with the reason beside it. */
function notGivenItem(scene: Scene, entry: EntryOf<"drug"> | EntryOf<"radiotherapy">, title: string, color: string): Item {
  const { axis, left, right } = scene;
  const start = axis.start(entry.id)?.x ?? left;
  const end = axis.end(entry.id)?.x ?? start;
  const width = Math.min(Math.max(end - start, 90), 150);
  const x0 = Math.min(start, right - width - 6);
  const x1 = x0 + width;
  const state = entry.state === "planned, not given" ? "not given" : entry.state;
  const name = `${title}, ${state}`;
  const whole = entry.reason === undefined ? name : `${name}: ${lower(entry.reason)}`;
  const apart = entry.reason === undefined ? [] : reasonInFront(x0 - 8, x1 + 8, lower(entry.reason), name, left, right);
  return {
    up: 12,
    down: 12,
    arrangements: [...apart, ...beside(x0 - 8, x1 + 8, [whole], left, right)],
    tight: beside(x0 - 8, x1 + 8, [name], left, right),
    attrs: { "data-entry": entry.id },
    words: hoverWords(entry),
    draw: (y) => [plannedBox(x0, y - 8, width, 16, color)],
  };
}

function reasonInFront(x0: number, x1: number, reason: string, name: string, left: number, right: number): Arrangement[] {
  const before = textWidth(reason, 12);
  const after = textWidth(name, 12);
  if (x0 - 2 - before < left || x1 + 2 + after > right) return [];
  return [
    {
      x0: x0 - 2 - before,
      x1: x1 + 2 + after,
      labels: [
        { x: x0 - 2, dy: 4, text: reason, anchor: "end", fill: "var(--ink-2)" },
        { x: x1 + 2, dy: 4, text: name },
      ],
    },
  ];
}

function outcomeItem(scene: Scene, outcome: EntryOf<"outcome">): Item | undefined {
  const { axis, left, right } = scene;
  const place = axis.start(outcome.id);
  if (place === undefined) return undefined;
  const x = Math.min(place.x, right - 8);
  const where = outcome.place?.state === "recorded" || outcome.place?.state === "uncertain" ? outcome.place.value : undefined;
  const dated = outcome.when?.date !== undefined || outcome.when?.day !== undefined;
  const text = `${where === undefined ? "" : `${lower(where)}; `}${outcome.status}${dated ? "" : ", date not recorded"}`;
  return {
    up: 11,
    down: 11,
    arrangements: beside(x - (dated ? 8 : 24), x + 8, [text, outcome.status], left, right),
    attrs: { "data-entry": outcome.id },
    words: hoverWords(outcome),
    draw: (y) => [
      ...(dated ? [] : [svg("path", { d: `M${x - 22} ${y}H${x + 8}`, stroke: "var(--ink-2)", "stroke-width": 1.2, "stroke-dasharray": "2 2.5", fill: "none" })]),
      ...(outcome.status === "died"
        ? [stroke([[x - 5, y - 5], [x + 5, y + 5]], 2, "var(--outcome)"), stroke([[x - 5, y + 5], [x + 5, y - 5]], 2, "var(--outcome)")]
        : [svg("circle", { cx: x, cy: y, r: 5, fill: outcome.status === "alive" ? "var(--outcome)" : "var(--paper)", stroke: "var(--outcome)", "stroke-width": 1.5 })]),
    ],
  };
}
