import { convert, showNumber } from "@hapax/base";
import { known, type CaseView, type EntryOf, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { contradiction, documentReferences, placeOf } from "./contradiction.ts";

export const fractionationRule: RuleInfo = {
  id: "audit/fractionation",
  question: "Is the fractionation what it is called?",
  about: "A course called hypofractionated or conventional beside its dose per fraction.",
  source: cite("morgan2018"),
};

/** What a course is called, beside the dose per fraction of each of its volumes. */
export function fractionation(view: CaseView): Finding[] {
  const from = view.assume({
    key: "audit/fractionation/from",
    name: "hypofractionated from",
    value: 2.4,
    unit: "Gy per fraction",
    why: "Moderate hypofractionation is mostly taken to begin at 2.4 Gy per fraction; conventional is 1.8 to 2 Gy.",
    options: [2.01, 2.2, 2.4, 2.5],
  });
  return view.all("radiotherapy").flatMap((course) => {
    const called = view.all("statement").filter((s) => s.about?.includes(course.id) && /fractionated/i.test(s.reading));
    const doses = perFraction(course);
    const [first] = called;
    if (first === undefined || doses.length === 0) return [];
    const hypo = /hypofractionated/i.test(first.reading);
    const fits = doses.filter((d) => d.gy >= from.value === hypo);
    const says = `${doses.map((d) => showNumber(Number(d.gy.toFixed(2)))).join(" and ")} Gy per fraction`;
    const finding = contradiction({
      rule: fractionationRule,
      subject: course.id,
      question: `${course.technique}, ${course.site}: fractionation as called`,
      status: fits.length === 0 ? "contradiction" : fits.length < doses.length ? "undecided" : "determined",
      first: { says: first.reading, place: [...new Set(called.map((s) => placeOf(view, s.from, s.id)))].join("; "), entries: called.map((s) => s.id) },
      second: { says, place: `${placeOf(view, course.from, course.id)}, dose divided by fractions`, entries: [course.id] },
      brief: doses.map((d) => d.arithmetic).join(", "),
      because: doses.map((d) => ({ text: `${d.volume}: ${d.arithmetic}`, entries: [course.id] })),
      assumptions: [from],
      unverified: ["Where hypofractionation begins is from memory."],
      source: [...documentReferences(view), ...fractionationRule.source],
    });
    return [fits.length === doses.length ? { ...finding, text: `${first.reading}, ${says}` } : finding];
  });
}

function perFraction(course: EntryOf<"radiotherapy">): { volume: string; gy: number; arithmetic: string }[] {
  const fractions = known(course.fractions);
  if (fractions === undefined) return [];
  return course.volumes.flatMap((v) => {
    const dose = known(v.dose);
    if (dose === undefined) return [];
    const total = convert(dose, "Gy");
    const gy = total / fractions;
    return [{ volume: v.name, gy, arithmetic: `${showNumber(total)} / ${fractions} = ${showNumber(Number(gy.toFixed(2)))} Gy` }];
  });
}
