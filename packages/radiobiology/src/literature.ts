import { convert, Gy, showNumber } from "@hapax/base";
import type { CaseView, Finding, Missing, Study } from "@hapax/case";
import { cite, findReference, shortName } from "@hapax/references";
import { coursesOf, doseInFractions, gy, tenths } from "./courses.ts";
import { uniqueReferences } from "./ledger.ts";
import { bedWithTail, linearFrom } from "./lq-l.ts";

/** A regimen in numbers; keys of `eqd2` and `bed` are α/β in Gy. */
export interface Regimen {
  /** Key of the study, or id of the course of this case. */
  readonly key: string;
  readonly name: string;
  readonly ofThisCase: boolean;
  readonly gy: number;
  readonly fractions: number | undefined;
  readonly perFraction: number | undefined;
  readonly eqd2: Readonly<Record<string, number>> | undefined;
  readonly bed: Readonly<Record<string, number>> | undefined;
  readonly technique: string | undefined;
  readonly note: string | undefined;
}

const columns = [3, 4, 10] as const;

/**
 * A regimen's EQD2 and BED; undefined for both where the number of fractions is not known.
 *
 * @param linearFrom  Gy per fraction above which the model is linear; 0 for none
 */
export function regimen(
  of: Pick<Regimen, "key" | "name" | "ofThisCase" | "technique" | "note">,
  dose: Gy,
  fractions: number | undefined,
  linearFrom = 0,
): Regimen {
  const by = (value: (alphaBeta: Gy) => number) => Object.fromEntries(columns.map((a) => [String(a), value(Gy(a))]));
  return {
    ...of,
    gy: dose,
    fractions,
    perFraction: fractions === undefined ? undefined : dose / fractions,
    eqd2: fractions === undefined ? undefined : by((a) => bedWithTail(dose, fractions, a, linearFrom) / (1 + 2 / a)),
    bed: fractions === undefined ? undefined : by((a) => bedWithTail(dose, fractions, a, linearFrom)),
  };
}

/** The regimens of the library beside those of the case; a regimen without a fraction count is named and refused. */
export function literature(view: CaseView, studies: readonly Study[]): Finding<readonly Regimen[]>[] {
  const tail = linearFrom(view);
  const published = studies.flatMap((s) => {
    if (s.course === undefined) return [];
    const name = nameOf(view, s);
    const dose = Gy(convert(s.course.dose, "Gy"));
    return [regimen({ key: s.key, name, ofThisCase: false, technique: s.course.technique, note: s.course.note }, dose, s.course.fractions, tail.value)];
  });
  if (published.length === 0) return [];
  const own = coursesOf(view).flatMap((c) =>
    c.given === "not performed" || c.highest === undefined
      ? []
      : [regimen({ key: c.id, name: `this case: ${c.name}`, ofThisCase: true, technique: c.entry.technique, note: c.given === "given" ? undefined : c.entry.state }, c.highest, c.fractions, tail.value)],
  );
  const all = [...own, ...published];
  const unread = studies.filter((s) => s.course !== undefined && s.checked !== "read");
  const refused = published.filter((r) => r.fractions === undefined);
  const at4 = published.flatMap((r) => r.eqd2?.["4"] ?? []);
  const missing: Missing[] = refused.map((r) => ({ input: `fractions of ${r.name}, ${doseInFractions(r.gy, undefined)}`, decides: "its EQD2" }));
  const withNumbers = at4.length === 0 ? "no EQD2" : `EQD2 ${gy(Math.min(...at4))} to ${gy(Math.max(...at4))} Gy (α/β 4)`;
  return [
    {
      rule: "radiobiology/literature",
      question: "Regimens of the literature",
      status: at4.length > 0 ? "determined" : "not recorded",
      value: all,
      text: `${published.length} regimen${published.length === 1 ? "" : "s"}, ${withNumbers}`,
      brief: refused.length === 0 ? "Every regimen has its number of fractions" : `${refused.length} without a number of fractions: no EQD2`,
      because: [
        { text: `Each by its own dose per fraction: EQD2 = D (d + α/β) / (2 + α/β)${tail.value > 0 ? `, linear above ${showNumber(tail.value)} Gy per fraction` : ""}.`, entries: own.map((r) => r.key) },
        ...refused.map((r) => ({ text: `${r.name}: ${doseInFractions(r.gy, undefined)}, number of fractions not known, so neither BED nor EQD2.` })),
      ],
      missing,
      assumptions: [tail],
      source: uniqueReferences([...(tail.value > 0 ? cite("fowler1989", "guerrero2004") : cite("fowler1989")), ...studies.flatMap((s) => (s.course === undefined || s.citation === undefined ? [] : (findReference(s.citation) ?? [])))]),
      ...(unread.length === 0 ? {} : { unverified: unread.map((s) => `${nameOf(view, s)}: ${s.checked}`) }),
      caveats: [
        "EQD2 of large fractions is not proven beyond the range in which the model was made.",
        ...published.flatMap((r) => (r.note === undefined ? [] : [`${r.name}: ${r.note}`])),
      ],
      table: {
        columns: ["Regimen", "Gy in fractions", "Gy each", "EQD2, α/β 3", "4", "10", "BED, α/β 10"],
        rows: all.map((r) => [
          r.name,
          doseInFractions(r.gy, r.fractions),
          r.perFraction === undefined ? "not known" : showNumber(Number(r.perFraction.toFixed(2))),
          ...columns.map((a) => value(r.eqd2, a)),
          value(r.bed, 10),
        ]),
      },
    },
  ];
}

function value(of: Readonly<Record<string, number>> | undefined, alphaBeta: number): string {
  const number = of?.[String(alphaBeta)];
  return number === undefined ? "not computed" : tenths(number);
}

/** "Akay 2024 (63)"; a study known only through a document of the case is named by its number there. */
function nameOf(view: CaseView, study: Study): string {
  const reference = study.citation === undefined ? undefined : findReference(study.citation);
  const quoted = reference !== undefined && view.record.documents.some((d) => d.citation === reference.key);
  const number = study.reference;
  if (reference !== undefined && quoted && number !== undefined) return `reference ${number} of ${shortName(reference)}`;
  const label = reference === undefined ? study.key : shortName(reference);
  return number === undefined ? label : `${label} (${number})`;
}
