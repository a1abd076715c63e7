import type { Entry } from "./entries.ts";
import type { CaseRecord } from "./record.ts";
import type { TimePoint } from "./time.ts";

const day = /^\d{4}-\d{2}-\d{2}$/;

const dayOf = (when: Entry["when"]): string | undefined =>
  when?.at === undefined && when?.date !== undefined && day.test(when.date) ? when.date : undefined;

/**
 * The record with a time point for each day on which lesions were seen or measured and which has none of its own, so
 * that sizes of a dated case can be set against one another without time points typed in by hand. Where time points
 * have no dates among which a day could take its place, nothing is added: no order is invented. One time point without
 * a date, as a new case has it, stays the first.
 */
export function withDatedOccasions(record: CaseRecord): CaseRecord {
  const [first, ...rest] = record.timePoints;
  const dated = record.timePoints.flatMap((t) => (dayOf(t.when) === undefined ? [] : [t]));
  const undated = record.timePoints.filter((t) => dayOf(t.when) === undefined);
  const leading = undated.length === 1 && rest.length === 0 && first !== undefined && first.when === undefined ? [first] : [];
  if (undated.length !== leading.length) return record;
  const taken = new Set([...dated.map((t) => dayOf(t.when)), ...record.entries.map((e) => e.id)]);
  const days = new Set(record.entries.flatMap((e) => (e.kind === "imaging" || e.kind === "measurement" ? (dayOf(e.when) ?? []) : [])));
  const added = [...days].filter((d) => !taken.has(d)).map((date): TimePoint => ({ id: date, label: date, when: { date } }));
  if (added.length === 0) return record;
  const inOrder = [...dated, ...added].sort((a, b) => ((a.when?.date ?? "") < (b.when?.date ?? "") ? -1 : 1));
  return { ...record, timePoints: [...leading, ...inOrder] };
}
