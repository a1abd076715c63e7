import { Gy, showNumber } from "@hapax/base";
import type { CaseView, Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { aboveZero, assumeNumber, coursesOf, doseInFractions, gy } from "./courses.ts";
import { eqd2 } from "./eqd2.ts";
import { cumulate, limitNotes, limitText, uniqueReferences, type LedgerRow } from "./ledger.ts";

/** What a palliative course to the spine that was not given would have brought the cord to, EQD2 in Gy. */
export interface CordPalliative {
  readonly dose: number;
  readonly fractions: number;
  readonly before: number;
  readonly added: number;
  readonly cumulative: number;
  readonly exceeds: readonly string[];
  readonly within: readonly string[];
}

const spine = /\b(spin\w*|vertebr\w*|cord|[CTL]\d{1,2})\b/i;

/** For each course to the spine that was considered and not given: the cord after a palliative regimen in full. */
export function cordPalliative(view: CaseView, cord: LedgerRow | undefined): Finding<CordPalliative>[] {
  const declined = coursesOf(view).filter(
    (c) => (c.given === "not performed" || c.given === "planned, not given") && c.volumes.length === 0 && spine.test(`${c.entry.site} ${c.name}`),
  );
  return declined.map((course): Finding<CordPalliative> => {
    const dose = assumeNumber(
      view,
      { key: "radiobiology/cord-palliative/dose", name: "dose of the palliative course", value: 20, unit: "Gy", why: "no dose is recorded; 20 Gy in 5 is a common regimen", options: [8, 20, 30] },
      aboveZero,
    );
    const fractions = assumeNumber(
      view,
      { key: "radiobiology/cord-palliative/fractions", name: "its fractions", value: 5, why: "no fractions are recorded", options: [1, 5, 10] },
      (value) => Number.isInteger(value) && value >= 1 && value <= 200,
    );
    const regimen = doseInFractions(dose.value, fractions.value);
    // Only what is certain counts as before: a course whose completion is not recorded may have come later or not at all.
    const before = (cord?.contributions ?? []).filter((c) => c.known === "recorded");
    const common = {
      rule: "radiobiology/cord-palliative",
      subject: course.id,
      question: `Cord, had ${regimen} been given to the spine`,
      source: uniqueReferences([...cite("fowler1989"), ...(cord?.limits ?? []).flatMap((l) => l.source)]),
      assumptions: [dose, fractions, ...(cord?.assumptions ?? []).filter((a) => a.key !== "radiobiology/ledger/organs" && !a.key.includes("/limit/"))],
    } as const;
    if (cord === undefined || before.length === 0) {
      return {
        ...common,
        status: "undecided",
        text: "not computed",
        brief: "No cord dose of an earlier course is recorded",
        because: [{ text: "The sum needs the cord dose of what was given before.", entries: [course.id] }],
        missing: [{ input: "spinal cord dose of the earlier courses", decides: "cumulative cord dose" }],
      };
    }
    const earlier = cumulate(before, cord.alphaBeta, cord.recovery / 100, { credit: "all" }).low;
    const added = eqd2(Gy(dose.value), fractions.value, Gy(cord.alphaBeta));
    const cumulative = earlier + added;
    const exceeds = cord.limits.filter((l) => cumulative > l.high);
    const within = cord.limits.filter((l) => cumulative <= l.low);
    // The nearest limit on either side, preferring those at which the table opens.
    const nearest = (list: typeof exceeds, last: boolean) => {
      const lead = list.filter((l) => l.leading === true);
      return (lead.length > 0 ? lead : list).at(last ? -1 : 0);
    };
    const named = (word: string, limit: (typeof exceeds)[number] | undefined) => (limit === undefined ? [] : [`${word} ${limitText(limit)} (${limit.name})`]);
    const place = [...named("above", nearest(exceeds, true)), ...named("below", nearest(within, false))].join(", ");
    return {
      ...common,
      status: "determined",
      value: {
        dose: dose.value,
        fractions: fractions.value,
        before: earlier,
        added,
        cumulative,
        exceeds: exceeds.map((l) => l.key),
        within: within.map((l) => l.key),
      },
      text: `${gy(cumulative)} Gy (α/β ${showNumber(cord.alphaBeta)})`,
      brief: `${regimen} on the cord would reach EQD2 ${gy(cumulative)}${place === "" ? "" : `: ${place}`}`,
      because: [
        { text: `${before.map((c) => `${c.label}, EQD2 ${showNumber(c.eqd2.low, 3)}`).join("; ")} Gy before.`, entries: before.map((c) => c.course) },
        { text: `${regimen} in full to the same point adds ${showNumber(added, 3)}: ${showNumber(cumulative, 3)} Gy.`, entries: [course.id] },
        ...cord.limits.map((l) => ({ text: `${l.name} ${limitText(l)} Gy.`, met: cumulative <= l.low ? true : cumulative > l.high ? false : undefined })),
      ],
      missing: [],
      caveats: ["The doses are of the same point and of the whole regimen: the field, its technique and its dose were not recorded.", ...limitNotes(cord.limits)],
    };
  });
}
