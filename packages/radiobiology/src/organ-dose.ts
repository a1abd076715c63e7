import { Gy, showNumber } from "@hapax/base";
import { known, type CaseView, type Finding, type Missing } from "@hapax/case";
import { cite } from "@hapax/references";
import { bed } from "./bed.ts";
import { courseCaveats, coursesOf, distinct, doseInFractions, doseOf, gy, tenths } from "./courses.ts";
import { eqd2 } from "./eqd2.ts";
import { organAlphaBeta } from "./ledger.ts";
import { organData, organName } from "./organs.ts";

/** A recorded organ dose in EQD2 and BED at the α/β of the organ, Gy. */
export interface OrganEqd2 {
  readonly organ: string;
  readonly metric: string;
  readonly gy: number;
  readonly fractions: number;
  readonly alphaBeta: number;
  readonly eqd2: number;
  readonly bed: number;
}

/** EQD2 of every organ dose that is recorded. */
export function organDoses(view: CaseView): Finding<OrganEqd2>[] {
  return coursesOf(view).flatMap((course) => {
    const withDose = course.entry.organDoses.filter((o) => known(o.dose) !== undefined);
    const names = distinct(withDose.map((o) => o.organ));
    return withDose.map((recorded, i): Finding<OrganEqd2> => {
      const dose = doseOf(recorded.dose);
      const { fractions } = course;
      const alphaBeta = organAlphaBeta(view, recorded.organ);
      const name = organName(recorded.organ);
      const common = {
        rule: "radiobiology/organ-dose",
        subject: `${course.id}/${names[i] ?? recorded.organ}`,
        question: `${name}, ${recorded.metric} ${doseInFractions(dose, fractions)}`,
        source: cite("fowler1989", "rulach2021"),
        assumptions: [alphaBeta],
      } as const;
      if (dose === undefined || fractions === undefined) {
        const missing: Missing[] = [];
        if (dose === undefined) missing.push({ input: `${name.toLowerCase()} dose of ${course.name} in Gy`, decides: "its EQD2" });
        if (fractions === undefined) missing.push({ input: `fractions of ${course.name}`, decides: `EQD2 of ${name.toLowerCase()}` });
        return {
          ...common,
          status: dose === undefined ? "not recorded" : "undecided",
          text: "not computed",
          brief: dose === undefined ? "What is recorded is no dose between 0 and 1000 Gy" : "The number of fractions is not recorded",
          because: [{ text: "EQD2 needs the dose and the number of fractions.", entries: [course.id] }],
          missing,
        };
      }
      const at = (a: number) => eqd2(dose, fractions, Gy(a));
      const own = alphaBeta.value;
      const perFraction = Number((dose / fractions).toFixed(4));
      const columns = [...new Set([...(organData(recorded.organ)?.alphaBetaOptions ?? [2, 3, 10]), own])].sort((a, b) => a - b);
      return {
        ...common,
        status: "determined",
        value: {
          organ: recorded.organ,
          metric: recorded.metric,
          gy: dose,
          fractions,
          alphaBeta: own,
          eqd2: at(own),
          bed: bed(dose, fractions, Gy(own)),
        },
        text: `${gy(at(own))} Gy (α/β ${showNumber(own)})`,
        brief: `${doseInFractions(dose, fractions)}, ${showNumber(perFraction)} Gy each; BED ${gy(bed(dose, fractions, Gy(own)))}`,
        because: [
          {
            text: `${showNumber(dose)} × (${showNumber(perFraction)} + ${showNumber(own)}) / (2 + ${showNumber(own)}) = ${showNumber(at(own), 3)} Gy.`,
            entries: [course.id],
          },
        ],
        missing: [],
        caveats: courseCaveats(course),
        table: {
          columns: ["α/β, Gy", "BED, Gy", "EQD2, Gy"],
          rows: columns.map((a) => [showNumber(a), tenths(bed(dose, fractions, Gy(a))), tenths(at(a))]),
        },
      };
    });
  });
}
