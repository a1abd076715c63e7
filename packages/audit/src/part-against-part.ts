import type { CaseView, EntryOf, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, documentReferences, placeOf, type Place } from "./contradiction.ts";

export const partAgainstPartRule: RuleInfo = {
  id: "audit/part-against-part",
  question: "Do the parts of the documents agree?",
  about: "Statements on one topic, about the same thing, that read differently.",
  source: cite("care2013"),
};

type Statement = EntryOf<"statement">;

/** Statements on one topic with more than one reading, each reading with every place in which it stands. */
export function partAgainstPart(view: CaseView): Finding[] {
  const topics = Map.groupBy(view.all("statement"), (s) => s.topic);
  return [...topics].flatMap(([topic, statements]) => {
    const clashing = statements.filter((s) => statements.some((other) => other.reading !== s.reading && sameThing(s, other)));
    const [first, second, ...more] = readings(view, clashing);
    if (first === undefined || second === undefined) return [];
    return [
      contradiction({
        rule: partAgainstPartRule,
        subject: topic.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, ""),
        question: topic,
        first,
        second,
        more,
        shown: 3,
        brief: `${2 + more.length} readings in ${clashing.length} places`,
        source: documentReferences(view),
      }),
    ];
  });
}

/** Statements that name entries speak of the same thing when they share one; without names the topic decides. */
function sameThing(a: Statement, b: Statement): boolean {
  return a.about === undefined || b.about === undefined || a.about.some((id) => b.about?.includes(id));
}

function readings(view: CaseView, statements: readonly Statement[]): Place[] {
  return [...Map.groupBy(statements, (s) => s.reading)].map(([says, list]) => ({
    says,
    place: [...new Set(list.map((s) => placeOf(view, s.from, s.id)))].join("; "),
    entries: list.map((s) => s.id),
  }));
}
