import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, placeOf } from "./contradiction.ts";

export const timeRule: RuleInfo = {
  id: "audit/time",
  question: "Can all times hold together?",
  about: "Dates, days and orders that cannot all be true.",
  source: cite("dechter1991"),
};

/** Constraints of time that clash, as far as their events are known at the time of the view. */
export function time(view: CaseView): Finding[] {
  const seen = (id: string) => view.get(id) !== undefined || view.record.timePoints.some((t) => t.id === id);
  return view.timing.contradictions
    .filter((c) => c.entries.every(seen))
    .map(({ constraints, entries }, i) => {
      const places = constraints.map((says) => {
        const about = entries.filter((id) => says.split(/[\s,:]+/).includes(id));
        const from = about.flatMap((id) => view.get(id)?.from ?? []);
        return { says, place: placeOf(view, from, about.join(", ") || "the record"), entries: about };
      });
      const [first = { says: "a time", place: "the record" }, second = { says: "another", place: "the record" }, ...more] = places;
      return contradiction({
        rule: timeRule,
        subject: entries.join("/") || String(i + 1),
        question: "Times that cannot all hold",
        first,
        second,
        more,
        brief: `${constraints.length} constraints clash; the last is set aside`,
      });
    });
}
