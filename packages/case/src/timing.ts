import edtf from "edtf";
import { HapaxError } from "@hapax/base";
import { lasting, type Entry } from "./entries.ts";
import { known } from "./facts.ts";
import type { CaseRecord } from "./record.ts";
import type { Bound, When } from "./time.ts";

/** One constraint of the record: x(to) − x(from) ≤ days, and the words and ids that name it. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly because: string;
  readonly ids: readonly string[];
}

/** Constraints that cannot hold together, each in words, with the entries that it comes from. */
export interface TimeContradiction {
  readonly constraints: readonly string[];
  readonly entries: readonly string[];
}

/** From one event to another, days; undefined where nothing bounds it. */
export interface Gap {
  readonly atLeastDays: number | undefined;
  readonly atMostDays: number | undefined;
}

/** What the constraints of a record say of its events. */
export interface Timing {
  readonly contradictions: readonly TimeContradiction[];
  /** True when at least one event has a calendar date. */
  readonly dated: boolean;
  /** Column of the start and of the end of an event in drawing order; equal columns are simultaneous. */
  rank(id: string): { start: number; end: number } | undefined;
  readonly columns: number;
  /** Bounds of the time from the start of `a` to the start of `b`; `end: true` measures to the end of `b`. */
  gap(a: string, b: string, options?: { end?: boolean }): Gap;
  /** Days from the anchor, or since 1970-01-01 when the record has dates. */
  bounds(id: string): { start: Gap; end: Gap };
  /** True when the start of `id` is certainly at or before the time point. Events with no time are known always. */
  knownAt(timePoint: string, id: string): boolean;
  has(id: string): boolean;
}

const epoch = "1970-01-01";
const dayMs = 86_400_000;

/**
 * Shortest time that n fractions can take when given once per weekday: five in a week, the first on a Monday.
 *
 * @returns days from the first to the last fraction: 30 → 39, 5 → 4
 */
export function shortestCourseDays(fractions: number, perWeek = 5): number {
  const last = fractions - 1;
  if (perWeek >= 7) return Math.ceil(last / (perWeek / 7));
  return Math.floor(last / perWeek) * 7 + (last % perWeek);
}

/** Days since 1970-01-01 between which an EDTF date lies; for an interval, of its start and of its end. */
export function edtfDays(date: string): { start: [number, number]; end: [number, number] } {
  try {
    const parsed = edtf(date);
    const range = (d: { min: number; max: number }): [number, number] => [
      Math.floor(d.min / dayMs),
      Math.floor(d.max / dayMs),
    ];
    if (parsed.type === "Interval") {
      const { lower, upper } = parsed as { lower?: { min: number; max: number }; upper?: { min: number; max: number } };
      const open: [number, number] = [-Infinity, Infinity];
      return { start: lower ? range(lower) : open, end: upper ? range(upper) : open };
    }
    return { start: range(parsed), end: range(parsed) };
  } catch {
    throw new HapaxError(
      "case/date",
      `"${date}" is not an EDTF date.`,
      "Write 2024-03-07, 2024-03, 2024-03~ (approximate), 2024-03? (uncertain) or 2024-03-07/2024-04-20.",
    );
  }
}

/**
 * Solves the time constraints of a record as a simple temporal network (Dechter 1991): every event gets its earliest
 * and latest possible time, and constraints that cannot hold together are named and the latest of them is set aside.
 */
export function solveTiming(record: CaseRecord): Timing {
  const nodes = new Map<string, number>();
  const node = (name: string) => {
    const found = nodes.get(name);
    if (found !== undefined) return found;
    nodes.set(name, nodes.size);
    return nodes.size - 1;
  };
  const start = (id: string) => node(`${id}|start`);
  const end = (id: string) => node(`${id}|end`);
  const ids = new Set([...record.timePoints.map((t) => t.id), ...record.entries.map((e) => e.id)]);
  const placed = new Set<string>();
  let edges: Edge[] = [];
  let dated = false;

  const atMost = (from: number, to: number, days: number, because: string, ...about: string[]) => {
    if (days !== Infinity) edges.push({ from, to, days, because, ids: about });
  };
  const atLeast = (from: number, to: number, days: number, because: string, ...about: string[]) => {
    if (days !== -Infinity) edges.push({ from: to, to: from, days: -days, because, ids: about });
  };
  const equal = (a: number, b: number, because: string, ...about: string[]) => {
    atMost(a, b, 0, because, ...about);
    atLeast(a, b, 0, because, ...about);
  };
  const within = (b: Bound) =>
    b.atLeastDays !== undefined || b.atMostDays !== undefined
      ? ` by ${b.atLeastDays ?? 0}${b.atMostDays === undefined ? " days or more" : ` to ${b.atMostDays} days`}`
      : "";

  const place = (id: string, when: When | undefined, point: boolean) => {
    if (point) equal(start(id), end(id), `${id} is a point in time`, id);
    else atLeast(start(id), end(id), 0, `${id} ends after it begins`, id);
    if (when === undefined) return;
    placed.add(id);
    const origin = node(epoch);
    if (when.date !== undefined) {
      dated = true;
      const days = edtfDays(when.date);
      atLeast(origin, start(id), days.start[0], `${id} is dated ${when.date}`, id);
      atMost(origin, start(id), days.start[1], `${id} is dated ${when.date}`, id);
      if (when.date.includes("/")) {
        atLeast(origin, end(id), days.end[0], `${id} is dated ${when.date}`, id);
        atMost(origin, end(id), days.end[1], `${id} is dated ${when.date}`, id);
      }
    }
    const anchor = record.anchor;
    if (anchor !== undefined && ids.has(anchor)) {
      if (when.day !== undefined) {
        atLeast(start(anchor), start(id), when.day, `${id} is on day ${when.day}`, id);
        atMost(start(anchor), start(id), when.day, `${id} is on day ${when.day}`, id);
      }
      if (when.endDay !== undefined) {
        atLeast(start(anchor), end(id), when.endDay, `${id} ends on day ${when.endDay}`, id);
        atMost(start(anchor), end(id), when.endDay, `${id} ends on day ${when.endDay}`, id);
      }
    }
    if (when.at !== undefined && ids.has(when.at)) {
      equal(start(when.at), start(id), `${id} is at ${when.at}`, id, when.at);
    }
    if (when.startsWith !== undefined && ids.has(when.startsWith)) {
      equal(start(when.startsWith), start(id), `${id} begins with ${when.startsWith}`, id, when.startsWith);
    }
    for (const bound of when.after ?? []) {
      if (!ids.has(bound.of)) continue;
      const words = `${id} is after ${bound.of}${within(bound)}`;
      atLeast(end(bound.of), start(id), bound.atLeastDays ?? 0, words, id, bound.of);
      if (bound.atMostDays !== undefined) atMost(end(bound.of), start(id), bound.atMostDays, words, id, bound.of);
    }
    for (const bound of when.before ?? []) {
      if (!ids.has(bound.of)) continue;
      const words = `${id} is before ${bound.of}${within(bound)}`;
      atLeast(end(id), start(bound.of), bound.atLeastDays ?? 0, words, id, bound.of);
      if (bound.atMostDays !== undefined) atMost(end(id), start(bound.of), bound.atMostDays, words, id, bound.of);
    }
    for (const other of when.during ?? []) {
      if (!ids.has(other)) continue;
      atLeast(start(other), start(id), 0, `${id} is during ${other}`, id, other);
      atLeast(start(id), end(other), 0, `${id} is during ${other}`, id, other);
    }
    if (when.lasts?.atLeastDays !== undefined) {
      atLeast(start(id), end(id), when.lasts.atLeastDays, `${id} lasts ${when.lasts.atLeastDays} days or more`, id);
    }
    if (when.lasts?.atMostDays !== undefined) {
      atMost(start(id), end(id), when.lasts.atMostDays, `${id} lasts at most ${when.lasts.atMostDays} days`, id);
    }
  };

  for (const [i, point] of record.timePoints.entries()) {
    place(point.id, point.when, true);
    placed.add(point.id);
    const previous = record.timePoints[i - 1];
    if (previous) atLeast(end(previous.id), start(point.id), 0, `${point.id} follows ${previous.id}`, point.id, previous.id);
  }
  for (const entry of record.entries) {
    place(entry.id, entry.when ?? ofItsStudy(entry), !lasting.has(entry.kind));
    const shortest = impliedLength(entry);
    if (shortest !== undefined && entry.when?.lasts?.atLeastDays === undefined) {
      atLeast(start(entry.id), end(entry.id), shortest.days, shortest.because, entry.id);
    }
    if (entry.kind !== "drug") continue;
    for (const [i, step] of entry.steps.entries()) {
      const id = stepId(entry.id, i);
      ids.add(id);
      place(id, step.when, true);
      if (entry.when !== undefined) placed.add(id);
      const words = `step ${i + 1} of ${entry.id} follows the one before`;
      if (i === 0 && step.when === undefined) equal(start(entry.id), start(id), `${entry.id} begins with its first dose`, entry.id);
      else if (i === 0) atLeast(start(entry.id), start(id), 0, words, entry.id);
      else atLeast(start(stepId(entry.id, i - 1)), start(id), 0, words, entry.id);
      atLeast(start(id), end(entry.id), 0, `step ${i + 1} is within ${entry.id}`, entry.id);
    }
  }

  const contradictions: TimeContradiction[] = [];
  const lastMention = new Map(record.entries.map((e, i) => [e.id, i]));
  for (;;) {
    const cycle = negativeCycle(nodes.size, edges);
    if (cycle === undefined) break;
    contradictions.push({
      constraints: [...new Set(cycle.map((e) => e.because))].filter((words) => !words.endsWith("is a point in time")),
      entries: [...new Set(cycle.flatMap((e) => e.ids))],
    });
    const age = (e: Edge) => Math.max(-1, ...e.ids.map((id) => lastMention.get(id) ?? -1));
    const latest = cycle.reduce((a, b) => (age(b) > age(a) ? b : a));
    edges = edges.filter((e) => e.because !== latest.because);
  }

  const forward = adjacency(nodes.size, edges, "from", "to");
  const backward = adjacency(nodes.size, edges, "to", "from");
  const fromCache = new Map<number, Float64Array>();
  const toCache = new Map<number, Float64Array>();
  const from = (n: number) => cached(fromCache, n, () => shortest(forward, n));
  const to = (n: number) => cached(toCache, n, () => shortest(backward, n));
  const finite = (n: number | undefined) => (n === undefined || !Number.isFinite(n) ? undefined : n + 0);
  const gapOf = (a: number, b: number): Gap => ({
    atLeastDays: finite(-(to(a)[b] ?? Infinity)),
    atMostDays: finite(from(a)[b]),
  });
  const anchored = record.anchor !== undefined && ids.has(record.anchor) ? start(record.anchor) : undefined;
  const reference = dated ? node(epoch) : anchored;
  // A date or a day is a distance from one origin; which of two comes first follows only from both.
  const origins = [dated ? node(epoch) : undefined, anchored].filter((n) => n !== undefined);
  const columns = rankNodes(nodes.size, edges, origins.map((n) => ({ latest: from(n), earliest: to(n).map((days) => 0 - days) })));
  const none: Gap = { atLeastDays: undefined, atMostDays: undefined };

  return {
    contradictions,
    dated,
    columns: 1 + columns.reduce((a, b) => Math.max(a, b), 0),
    has: (id) => placed.has(id),
    rank: (id) =>
      placed.has(id) ? { start: columns[start(id)] ?? 0, end: columns[end(id)] ?? 0 } : undefined,
    gap: (a, b, options) => (placed.has(a) && placed.has(b) ? gapOf(start(a), options?.end ? end(b) : start(b)) : none),
    bounds: (id) =>
      reference === undefined || !placed.has(id)
        ? { start: none, end: none }
        : { start: gapOf(reference, start(id)), end: gapOf(reference, end(id)) },
    knownAt: (timePoint, id) => !placed.has(id) || (from(start(timePoint))[start(id)] ?? Infinity) <= 0,
  };
}

/** Name of a dose step in the network. */
export function stepId(drug: string, index: number): string {
  return `${drug}/step-${index + 1}`;
}

/** What is measured or seen on a study, and has no time of its own, has the time of the study. */
function ofItsStudy(entry: Entry): When | undefined {
  return (entry.kind === "measurement" || entry.kind === "observation") && entry.study !== undefined ? { at: entry.study } : undefined;
}

function impliedLength(entry: Entry): { days: number; because: string } | undefined {
  if (entry.kind !== "radiotherapy" || entry.state !== "recorded") return undefined;
  const fractions = known(entry.fractions);
  if (fractions === undefined) return undefined;
  const perWeek = known(entry.fractionsPerWeek) ?? 5;
  const days = shortestCourseDays(fractions, perWeek);
  return { days, because: `${entry.id}: ${fractions} fractions, ${perWeek} a week, take at least ${days} days` };
}

function cached<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function adjacency(count: number, edges: readonly Edge[], tail: "from" | "to", head: "from" | "to") {
  const lists: [number, number][][] = Array.from({ length: count }, () => []);
  for (const e of edges) lists[e[tail]]?.push([e[head], e.days]);
  return lists;
}

/** Shortest paths from one node; the graph has no negative cycle. */
function shortest(lists: readonly (readonly [number, number][])[], source: number): Float64Array {
  const distance = new Float64Array(lists.length).fill(Infinity);
  distance[source] = 0;
  const queue = [source];
  const queued = new Uint8Array(lists.length);
  for (let head = 0; head < queue.length; head++) {
    const u = queue[head] as number;
    queued[u] = 0;
    for (const [v, days] of lists[u] ?? []) {
      const through = (distance[u] as number) + days;
      if (through < (distance[v] as number)) {
        distance[v] = through;
        if (!queued[v]) {
          queued[v] = 1;
          queue.push(v);
        }
      }
    }
  }
  return distance;
}

/** The edges of one negative cycle (Bellman and Ford), or undefined when the constraints can all hold. */
function negativeCycle(count: number, edges: readonly Edge[]): Edge[] | undefined {
  const distance = new Float64Array(count);
  const cause: (Edge | undefined)[] = new Array(count).fill(undefined);
  let last = -1;
  for (let round = 0; round <= count; round++) {
    last = -1;
    for (const e of edges) {
      const through = (distance[e.from] as number) + e.days;
      if (through < (distance[e.to] as number) - 1e-9) {
        distance[e.to] = through;
        cause[e.to] = e;
        last = e.to;
      }
    }
    if (last === -1) return undefined;
  }
  for (let i = 0; i < count; i++) last = cause[last]?.from ?? last;
  const cycle: Edge[] = [];
  for (let at = last; ; ) {
    const e = cause[at];
    if (e === undefined) return cycle;
    cycle.push(e);
    at = e.from;
    if (at === last) return cycle.reverse();
  }
}

/** Earliest and latest day of each node, counted from one origin; infinite where nothing bounds it. */
interface Days {
  readonly earliest: Float64Array;
  readonly latest: Float64Array;
}

/**
 * Columns for drawing: events that must be simultaneous share one; otherwise precedence, then the order of listing.
 * Precedence is what a constraint says, or what the days of two events leave no doubt of.
 */
function rankNodes(count: number, edges: readonly Edge[], origins: readonly Days[]): number[] {
  // x(to) − x(from) ≤ days with days ≤ 0 says that `to` comes before or with `from`.
  const before: number[][] = Array.from({ length: count }, () => []);
  for (const e of edges) if (e.days <= 0) before[e.to]?.push(e.from);
  // Each day by which something must have come or can come is a node of its own, between the two.
  for (const { earliest, latest } of origins) {
    const days = [...new Set([...earliest, ...latest].filter(Number.isFinite))].sort((a, b) => a - b);
    const firstDay = before.length;
    const dayNode = new Map(days.map((day, i) => [day, firstDay + i]));
    days.forEach((_, i) => before.push(i + 1 < days.length ? [firstDay + i + 1] : []));
    for (let n = 0; n < count; n++) {
      const [canCome, hasCome] = [dayNode.get(earliest[n] as number), dayNode.get(latest[n] as number)];
      if (canCome !== undefined) before[canCome]?.push(n);
      if (hasCome !== undefined) before[n]?.push(hasCome);
    }
  }
  const group = components(before);
  const groups = 1 + group.reduce((a, b) => Math.max(a, b), -1);
  const follows: Set<number>[] = Array.from({ length: groups }, () => new Set());
  const waits = new Int32Array(groups);
  for (const [u, list] of before.entries()) {
    for (const v of list) {
      const a = group[u] as number;
      const b = group[v] as number;
      if (a !== b && !follows[a]?.has(b)) {
        follows[a]?.add(b);
        waits[b] = (waits[b] as number) + 1;
      }
    }
  }
  // Days come as soon as they can and take no column.
  const first = new Int32Array(groups).fill(-1);
  for (let u = count - 1; u >= 0; u--) first[group[u] as number] = u;
  const ready = [...waits.keys()].filter((g) => waits[g] === 0);
  const column = new Int32Array(groups);
  let next = 0;
  while (ready.length > 0) {
    ready.sort((a, b) => (first[a] as number) - (first[b] as number));
    const g = ready.shift() as number;
    column[g] = first[g] === -1 ? next : next++;
    for (const f of follows[g] ?? []) {
      waits[f] = (waits[f] as number) - 1;
      if (waits[f] === 0) ready.push(f);
    }
  }
  return group.slice(0, count).map((g) => column[g] as number);
}

/** Strongly connected components (Tarjan), without recursion. */
function components(next: readonly (readonly number[])[]): number[] {
  const count = next.length;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const group: number[] = new Array(count).fill(-1);
  const stack: number[] = [];
  let counter = 0;
  let groups = 0;
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue;
    const work: [number, number][] = [[root, 0]];
    while (work.length > 0) {
      const top = work[work.length - 1] as [number, number];
      const [u, i] = top;
      if (i === 0 && index[u] === -1) {
        index[u] = low[u] = counter++;
        stack.push(u);
        onStack[u] = 1;
      }
      const v = next[u]?.[i];
      if (v !== undefined) {
        top[1]++;
        if (index[v] === -1) work.push([v, 0]);
        else if (onStack[v]) low[u] = Math.min(low[u] as number, index[v] as number);
        continue;
      }
      work.pop();
      const parent = work[work.length - 1]?.[0];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[u] as number);
      if (low[u] === index[u]) {
        for (;;) {
          const w = stack.pop() as number;
          onStack[w] = 0;
          group[w] = groups;
          if (w === u) break;
        }
        groups++;
      }
    }
  }
  return group;
}
