import { HapaxError } from "@hapax/base";
import type { Entry, EntryOf, Kind } from "./entries.ts";
import type { Assumption } from "./finding.ts";
import { withDatedOccasions } from "./occasions.ts";
import type { CaseRecord } from "./record.ts";
import { solveTiming, stepId, type Timing } from "./timing.ts";

export interface ViewOptions {
  /** A time point of the case; only what was certainly known by then is seen. */
  readonly asOf?: string | undefined;
  /** Assumptions changed by the reader, by their key. */
  readonly assume?: Readonly<Record<string, string | number | boolean>>;
  /** What if: inputs tried without touching the record, by their name in the rule's features. */
  readonly suppose?: Readonly<Record<string, unknown>>;
}

/** The record as a rule sees it: up to a time point, in order, with its times solved. */
export interface CaseView {
  readonly record: CaseRecord;
  readonly asOf: string | undefined;
  readonly timing: Timing;
  readonly suppose: Readonly<Record<string, unknown>>;
  /** Entries of a kind, in the order of their times. */
  all<K extends Kind>(kind: K): EntryOf<K>[];
  get(id: string): Entry | undefined;
  /** The time point at which an entry lies, or the last one before it. */
  timePointOf(id: string): string | undefined;
  /** An assumption with its value as the reader set it, or as it stands. */
  assume<A extends Assumption>(assumption: A): A;
}

/**
 * Looks at a record, whole or as it was known at a time point.
 *
 * @throws case/time-point when `asOf` is not a time point of the case
 */
export function viewOf(stored: CaseRecord, options: ViewOptions = {}): CaseView {
  const record = withDatedOccasions(stored);
  const timing = solveTiming(record);
  const { asOf } = options;
  let seen = record;
  if (asOf !== undefined) {
    if (!record.timePoints.some((t) => t.id === asOf)) {
      throw new HapaxError(
        "case/time-point",
        `${record.id} has no time point ${asOf}.`,
        `Give one of ${record.timePoints.map((t) => t.id).join(", ") || "its time points (it has none)"}.`,
      );
    }
    seen = asKnownAt(record, timing, asOf);
  }
  const rankOf = (id: string) => timing.rank(id)?.start ?? -1;
  const ordered = seen.entries
    .map((entry, i) => ({ entry, rank: rankOf(entry.id), i }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map((x) => x.entry);
  const byKind = new Map<Kind, Entry[]>();
  for (const entry of ordered) {
    const list = byKind.get(entry.kind);
    if (list) list.push(entry);
    else byKind.set(entry.kind, [entry]);
  }
  const byId = new Map(seen.entries.map((e) => [e.id, e]));
  const points = record.timePoints.map((t) => ({ id: t.id, rank: rankOf(t.id) }));
  return {
    record: seen,
    asOf,
    timing,
    suppose: options.suppose ?? {},
    all: <K extends Kind>(kind: K) => [...((byKind.get(kind) ?? []) as EntryOf<K>[])],
    get: (id) => byId.get(id),
    timePointOf: (id) => {
      const rank = timing.rank(id)?.start;
      return rank === undefined ? undefined : points.findLast((p) => p.rank <= rank)?.id;
    },
    assume: (assumption) => {
      const value = options.assume?.[assumption.key];
      return value === undefined || typeof value !== typeof assumption.value ? assumption : { ...assumption, value };
    },
  };
}

/** The record with only what was certainly known at a time point: entries, dose steps, later time points removed. */
function asKnownAt(record: CaseRecord, timing: Timing, asOf: string): CaseRecord {
  const knownAt = (id: string) => timing.knownAt(asOf, id);
  const entries = record.entries.flatMap((entry): Entry[] => {
    if (!knownAt(entry.id)) return [];
    if (entry.kind !== "drug") return [entry];
    return [{ ...entry, steps: entry.steps.filter((_, i) => knownAt(stepId(entry.id, i))) }];
  });
  return { ...record, timePoints: record.timePoints.filter((t) => knownAt(t.id)), entries };
}
