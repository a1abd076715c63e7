import { edtfDays, lasting, type CaseView, type Entry, type Gap } from "@hapax/case";
import { showNumber } from "@hapax/base";
import { courseDays, timeNames } from "./timeline-rows.ts";

/** Where an event lies on the picture, px; `low` and `high` where its place is only bounded. */
export interface Place {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** The horizontal axis of a timeline: columns in order, or true time where the record has it. */
export interface Axis {
  readonly scale: "order" | "days" | "dates";
  readonly left: number;
  readonly right: number;
  start(id: string): Place | undefined;
  /** The end of an event that takes time; undefined where the record does not bound it. */
  end(id: string): Place | undefined;
  /** Ticks of the spine: columns in order, or dates. */
  readonly ticks: readonly { readonly x: number; readonly text?: string }[];
  /** Where events without a place in true time begin, to the right of an axis break. */
  readonly breakAt: number | undefined;
}

/** Room wanted from one event to another, to the end of one, or to the right edge, px; `firm` needs come first. */
export interface Need {
  readonly from: string;
  readonly to?: string | undefined;
  readonly toEnd?: boolean;
  readonly px: number;
  readonly firm: boolean;
}

/** The part of the record that is looked at: from one time point to another. */
export interface Zoom {
  readonly from: string;
  readonly to: string;
}

/** True when the record says something of the end of an event, so that its bar may end. */
export function endIsKnown(view: CaseView, entry: Entry): boolean {
  if (!lasting.has(entry.kind)) return false;
  if (courseDays(entry) !== undefined) return true;
  const when = entry.when;
  if (when === undefined) return false;
  // With nothing said of its beginning an event is a point at its limit, not a bar of unknown length.
  const begins = when.at ?? when.startsWith ?? when.after ?? when.date ?? when.day ?? when.during ?? when.lasts;
  if (begins === undefined) return false;
  if (when.endDay !== undefined || when.lasts?.atMostDays !== undefined || (when.before?.length ?? 0) > 0) return true;
  if (when.date !== undefined && Number.isFinite(edtfDays(when.date).end[1]) && when.date.includes("/")) return true;
  return view.record.entries.some((e) => e.when?.after?.some((b) => b.of === entry.id));
}

/**
 * Lays the events of a view along the axis.
 *
 * @param entries  the entries to be drawn
 * @param needs    room between neighbors of a row; met as far as the width allows
 * @param left     px
 * @param right    px
 * @param anchor   event or time point that is day 0 on a true axis
 * @param zoom     the part of the record to fill the width with
 */
export function layAxis(
  view: CaseView,
  entries: readonly Entry[],
  needs: readonly Need[],
  left: number,
  right: number,
  anchor: string | undefined,
  zoom: Zoom | undefined,
): Axis {
  const relative = view.record.entries.filter((e) => e.when?.day !== undefined).length >= 2;
  if (view.timing.dated || relative) return trueAxis(view, entries, left, right, anchor, zoom);
  return orderAxis(view, entries, needs, left, right, zoom);
}

function orderAxis(
  view: CaseView,
  entries: readonly Entry[],
  needs: readonly Need[],
  left: number,
  right: number,
  zoom: Zoom | undefined,
): Axis {
  const first = zoom === undefined ? -Infinity : (view.timing.rank(zoom.from)?.start ?? -Infinity);
  const final = zoom === undefined ? Infinity : (view.timing.rank(zoom.to)?.start ?? Infinity);
  const ranks = new Set<number>();
  const within = (rank: number) => Math.min(final, Math.max(first, rank));
  const add = (rank: number | undefined) => {
    if (rank !== undefined) ranks.add(within(rank));
  };
  const ends = new Map<string, number>();
  const loose = looseSpans(view, entries);
  const together = sameKnowledge(view, entries);
  const rankOf = (id: string) => together.get(id) ?? view.timing.rank(id)?.start;
  for (const point of view.record.timePoints) add(rankOf(point.id));
  for (const entry of entries) {
    const span = loose.get(entry.id);
    if (span !== undefined) {
      add(span.low);
      add(span.high);
      if (entry.kind !== "drugLevel") continue;
    }
    for (const name of timeNames(entry)) add(rankOf(name));
    const rank = endIsKnown(view, entry) ? view.timing.rank(entry.id)?.end : undefined;
    if (rank === undefined) continue;
    add(rank);
    ends.set(entry.id, rank);
  }
  const columns = [...ranks].sort((a, b) => a - b);
  const columnOf = new Map(columns.map((rank, i) => [rank, i]));
  const at = (id: string) => {
    const rank = rankOf(id);
    return rank === undefined ? undefined : columnOf.get(within(rank));
  };
  const atEnd = (id: string) => {
    const rank = ends.get(id);
    return rank === undefined ? undefined : columnOf.get(within(rank));
  };

  const available = right - left;
  const last = columns.length - 1;
  const even = last > 0 ? available / (last + 1) : available;
  // On a narrow picture the columns stand closer than evenly, so that room is left for what needs it.
  const gaps: number[] = new Array(last + 1).fill(Math.min(0.6 * even, 15));
  const total = () => gaps.reduce((a, b) => a + b, 0);
  const spans = needs
    .flatMap((need) => {
      const a = at(need.from);
      const b = need.to === undefined ? last + 1 : need.toEnd ? atEnd(need.to) : at(need.to);
      return a === undefined || b === undefined || b <= a ? [] : [{ a, b, px: need.px, firm: need.firm }];
    })
    .sort((p, q) => Number(q.firm) - Number(p.firm) || p.b - p.a - (q.b - q.a) || p.a - q.a);
  let room = available - total();
  for (const span of spans) {
    const lacking = span.px - gaps.slice(span.a, span.b).reduce((x, y) => x + y, 0);
    // What does not fit is left out: its label then moves to another side or another row.
    if (lacking <= 0 || lacking > room) continue;
    for (let i = span.a; i < span.b; i++) gaps[i] = (gaps[i] as number) + lacking / (span.b - span.a);
    room -= lacking;
  }
  const spare = (available - total()) / gaps.length;
  const xs: number[] = [];
  gaps.reduce((x, gap) => {
    xs.push(x);
    return x + gap + spare;
  }, left);

  const place = (column: number | undefined): Place | undefined => {
    const x = column === undefined ? undefined : xs[column];
    return x === undefined ? undefined : { x, low: x, high: x };
  };
  return {
    scale: "order",
    left,
    right,
    breakAt: undefined,
    start: (id) => {
      const own = place(at(id));
      const span = loose.get(id);
      if (span === undefined) return own;
      const low = place(columnOf.get(within(span.low)))?.x ?? left;
      const high = place(columnOf.get(within(span.high)))?.x ?? right;
      return { x: own?.x ?? (low + high) / 2, low, high };
    },
    end: (id) => place(atEnd(id)),
    ticks: xs.map((x) => ({ x })),
  };
}

/** Events said only to lie within another one whose end is known: between which ranks. */
function looseSpans(view: CaseView, entries: readonly Entry[]): Map<string, { low: number; high: number }> {
  const spans = new Map<string, { low: number; high: number }>();
  const spanOf = (id: string, seen: readonly string[]): { low: number; high: number } | undefined => {
    const entry = view.get(id);
    if (entry === undefined || seen.includes(id)) return undefined;
    // Within something that itself lies loosely within a third: the third bounds both.
    const holders = (entry.when?.during ?? []).flatMap((other) => {
      const holder = view.get(other);
      const rank = view.timing.rank(other);
      const outer = spanOf(other, [...seen, id]);
      if (outer !== undefined) return [outer];
      return holder === undefined || rank === undefined || !endIsKnown(view, holder) ? [] : [{ low: rank.start, high: rank.end }];
    });
    if (holders.length === 0 || entry.when?.at !== undefined) return undefined;
    const low = Math.max(...holders.map((r) => r.low));
    const high = Math.min(...holders.map((r) => r.high));
    return high > low ? { low, high } : undefined;
  };
  for (const entry of entries) {
    const span = spanOf(entry.id, []);
    if (span !== undefined) spans.set(entry.id, span);
  }
  return spans;
}

/**
 * Events of which the record says the same, such as "after the MRI and before T5", share a column: an order among
 * them would be invented. Those that others name as a later limit keep their own.
 */
function sameKnowledge(view: CaseView, entries: readonly Entry[]): Map<string, number> {
  const limits = new Set(
    view.record.entries.flatMap((e) => {
      const whens = [e.when, ...(e.kind === "drug" ? e.steps.map((s) => s.when) : [])];
      return whens.flatMap((w) => [...(w?.before ?? []).map((b) => b.of), ...(w?.startsWith === undefined ? [] : [w.startsWith])]);
    }),
  );
  const groups = new Map<string, string[]>();
  for (const { id, when } of entries) {
    if (when === undefined || limits.has(id) || when.at !== undefined || when.startsWith !== undefined || when.during !== undefined) continue;
    const sides = [when.after, when.before].map((bounds) => (bounds ?? []).map((b) => [b.of, b.atLeastDays, b.atMostDays].join(" ")).sort());
    const key = JSON.stringify(sides);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  const columns = new Map<string, number>();
  for (const ids of groups.values()) {
    const first = Math.min(...ids.map((id) => view.timing.rank(id)?.start ?? Infinity));
    for (const id of ids) columns.set(id, first);
  }
  return columns;
}

function trueAxis(
  view: CaseView,
  entries: readonly Entry[],
  left: number,
  right: number,
  anchor: string | undefined,
  zoom: Zoom | undefined,
): Axis {
  const names = [...view.record.timePoints.map((t) => t.id), ...entries.flatMap(timeNames)];
  const bounds = new Map(names.map((id) => [id, view.timing.bounds(id)]));
  const finite: number[] = [];
  for (const { start, end } of bounds.values()) {
    for (const gap of [start, end]) {
      if (gap.atLeastDays !== undefined && gap.atMostDays !== undefined) finite.push(gap.atLeastDays, gap.atMostDays);
    }
  }
  const first = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const final = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const zoomed = (id: string | undefined, bound: keyof Gap) => (id === undefined ? undefined : view.timing.bounds(id).start[bound]);
  const from = zoomed(zoom?.from, "atLeastDays") ?? (Number.isFinite(first) ? first : 0);
  const to = Math.max(zoomed(zoom?.to, "atMostDays") ?? (Number.isFinite(final) ? final : 0), from + 1);
  const unplaced = names.filter((id) => {
    const start = bounds.get(id)?.start;
    return view.timing.has(id) && (start?.atLeastDays === undefined || start.atMostDays === undefined);
  });
  // Events known in order only stand after the break, evenly; a bound on one side is in the table.
  const orderOf = new Map(
    unplaced.sort((a, b) => (view.timing.rank(a)?.start ?? 0) - (view.timing.rank(b)?.start ?? 0)).map((id, i) => [id, i]),
  );
  const width = right - left;
  const breakAt = unplaced.length > 0 ? right - Math.min(0.35 * width, 60 + 40 * unplaced.length) : undefined;
  const edge = breakAt === undefined ? right - 8 : breakAt - 14;
  const xOf = (day: number) => left + 8 + Math.min(1, Math.max(0, (day - from) / (to - from))) * (edge - left - 8);
  const afterBreak = (id: string): Place | undefined => {
    const order = orderOf.get(id);
    if (order === undefined || breakAt === undefined) return undefined;
    const x = breakAt + 14 + ((order + 0.5) / unplaced.length) * (right - breakAt - 20);
    return { x, low: x, high: x };
  };
  const between = (gap: Gap | undefined): Place | undefined => {
    if (gap?.atLeastDays === undefined || gap.atMostDays === undefined) return undefined;
    const low = xOf(gap.atLeastDays);
    const high = xOf(gap.atMostDays);
    return { x: (low + high) / 2, low, high };
  };
  const dated = view.timing.dated;
  const zero = anchor === undefined || !view.timing.has(anchor) ? undefined : view.timing.bounds(anchor).start;
  const zeroDay =
    zero?.atLeastDays === undefined || zero.atMostDays === undefined
      ? undefined
      : Math.floor((zero.atLeastDays + zero.atMostDays) / 2);
  const ticks =
    dated && zeroDay === undefined
      ? dateTicks(from, to).map((t) => ({ x: xOf(t.day), text: t.text }))
      : dayTicks(from - (zeroDay ?? 0), to - (zeroDay ?? 0)).map((day) => ({
          x: xOf(day + (zeroDay ?? 0)),
          text: `day ${showNumber(day)}`,
        }));
  return {
    scale: dated && zeroDay === undefined ? "dates" : "days",
    left,
    right,
    breakAt,
    ticks,
    start: (id) => between(bounds.get(id)?.start) ?? afterBreak(id),
    end: (id) => {
      const entry = view.get(id);
      return entry !== undefined && endIsKnown(view, entry) ? between(bounds.get(id)?.end) : undefined;
    },
  };
}

/** Round days between two days: at most twelve, at 1, 2, 5 or 7 times a power of ten. */
function dayTicks(from: number, to: number): number[] {
  const steps = [1, 2, 7, 14, 28, 56, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
  const step = steps.find((s) => (to - from) / s <= 12) ?? 50_000;
  const ticks: number[] = [];
  for (let day = Math.ceil(from / step) * step; day <= to; day += step) ticks.push(day);
  return ticks;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** First days of months or years between two days since 1970-01-01, at most about twelve. */
function dateTicks(from: number, to: number): { day: number; text: string }[] {
  const span = to - from;
  if (span < 40) {
    return dayTicks(from, to).map((day) => {
      const { month, dayOfMonth } = civil(day);
      return { day, text: `${dayOfMonth} ${months[month - 1] ?? ""}` };
    });
  }
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].find((m) => span / (m * 30.44) <= 12) ?? 1200;
  const ticks: { day: number; text: string }[] = [];
  const start = civil(from);
  const firstMonth = start.year * 12 + start.month - 1;
  for (let m = Math.ceil(firstMonth / step) * step; ; m += step) {
    const day = dayOf(Math.floor(m / 12), (m % 12) + 1);
    if (day > to) return ticks;
    const year = Math.floor(m / 12);
    if (day >= from) ticks.push({ day, text: step >= 12 ? String(year) : `${months[m % 12] ?? ""} ${year}` });
  }
}

/**
 * The calendar date of a day since 1970-01-01.
 *
 * @source  Hinnant, chrono-compatible low-level date algorithms: days from and to the proleptic Gregorian calendar
 */
function civil(day: number): { year: number; month: number; dayOfMonth: number } {
  const z = Math.floor(day) + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** Days since 1970-01-01 of the first day of a month. */
function dayOf(year: number, month: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}
