import { convert, sameKind, show, showNumber } from "@hapax/base";
import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, documentReferences, placeOf } from "./contradiction.ts";

export const horizonRule: RuleInfo = {
  id: "audit/horizon",
  question: "Is a rate given beyond the follow-up?",
  about: "A rate at k years cited with a follow-up shorter than k years.",
  source: cite("care2013"),
};

/** Claims that give a rate at a time which their follow-up does not reach. */
export function horizon(view: CaseView): Finding[] {
  return view.all("claim").flatMap((claim) => {
    const followUp = claim.figures?.find((f) => /follow-up/i.test(f.name));
    if (followUp === undefined || !sameKind(followUp.quantity.unit, "mo")) return [];
    const reached = convert(followUp.quantity, "mo");
    return (claim.figures ?? []).flatMap((rate) => {
      const [, count, unit] = /^(\d+(?:\.\d+)?)-(year|month)\b/.exec(rate.name) ?? [];
      if (count === undefined) return [];
      const asked = Number(count) * (unit === "year" ? 12 : 1);
      if (asked <= reached) return [];
      const place = placeOf(view, claim.from, claim.id);
      return [
        contradiction({
          rule: horizonRule,
          subject: `${claim.id}/${rate.name}`,
          question: `${rate.name} and its follow-up, reference ${claim.reference}`,
          first: { says: `${rate.name} of ${show(rate.quantity)}, that is at ${showNumber(asked)} months`, place, entries: [claim.id] },
          second: { says: `over ${show(followUp.quantity)}`, place, entries: [claim.id] },
          brief: `${showNumber(asked)} months are more than ${showNumber(Number(reached.toFixed(1)))}`,
          caveats: ["Where the follow-up is a median, some patients were seen longer, and the rate rests on them."],
          source: documentReferences(view),
        }),
      ];
    });
  });
}
