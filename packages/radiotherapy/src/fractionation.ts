import { showNumber } from "@hapax/base";
import { known, titleOf, type CaseView, type Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { doseOf, perFraction } from "./courses.ts";

export type FractionationClass =
  | "hyperfractionated"
  | "conventional"
  | "between conventional and moderate"
  | "moderately hypofractionated"
  | "between moderate and ultra"
  | "ultrahypofractionated";

/** Classes by Gy per fraction, both ends included; between two of them a dose has no name of its own. From memory. */
export const fractionationBands: readonly { readonly name: FractionationClass; readonly from: number; readonly to: number; readonly above: FractionationClass }[] = [
  { name: "conventional", from: 1.8, to: 2.2, above: "between conventional and moderate" },
  { name: "moderately hypofractionated", from: 2.4, to: 3.4, above: "between moderate and ultra" },
  { name: "ultrahypofractionated", from: 5, to: Infinity, above: "ultrahypofractionated" },
];

/**
 * The class of a dose per fraction.
 *
 * @param gyPerFraction  Gy
 * @source               morgan2018
 */
export function fractionationClass(gyPerFraction: number): FractionationClass {
  const reached = fractionationBands.findLast((b) => gyPerFraction >= b.from);
  if (reached === undefined) return "hyperfractionated";
  return gyPerFraction <= reached.to ? reached.name : reached.above;
}

/** Class of every volume whose dose and fraction count are recorded. */
export interface Fractionation {
  readonly perFraction: number;
  readonly class: FractionationClass;
}

/** How each volume was fractionated, by its own dose per fraction. */
export function fractionation(view: CaseView): Finding<Fractionation>[] {
  return view.all("radiotherapy").flatMap((course) =>
    course.volumes.map((volume, i): Finding<Fractionation> => {
      const dose = doseOf(volume.dose);
      const fractions = known(course.fractions);
      const each = perFraction(dose, fractions);
      const repeated = course.volumes.slice(0, i).filter((v) => v.name === volume.name).length;
      const amount = dose === undefined ? volume.name : `${showNumber(dose)} Gy${fractions === undefined ? "" : ` in ${fractions}`}`;
      const common = {
        rule: "radiotherapy/fractionation",
        subject: `${course.id}/${volume.name}${repeated > 0 ? ` (${repeated + 1})` : ""}`,
        question: `Fractionation of ${amount}`,
        source: cite("morgan2018"),
        assumptions: [],
        unverified: ["The bounds of the classes are from memory, and from a guideline on the prostate."],
      } as const;
      if (dose === undefined || fractions === undefined || each === undefined) {
        return {
          ...common,
          status: "not recorded",
          text: "not recorded",
          brief: fractions === undefined ? "The number of fractions is not recorded" : "The dose is not recorded",
          because: [{ text: "The class follows from the dose per fraction.", entries: [course.id] }],
          missing: [{ input: fractions === undefined ? `fractions of ${titleOf(course)}` : `dose of ${volume.name}`, decides: "fractionation" }],
        };
      }
      const name = fractionationClass(each);
      return {
        ...common,
        status: "determined",
        value: { perFraction: each, class: name },
        text: name,
        brief: `${showNumber(Number(each.toFixed(3)))} Gy each; conventional is 1.8 to 2.2, moderate 2.4 to 3.4`,
        because: [
          { text: `${showNumber(dose)} Gy / ${fractions} = ${showNumber(Number(each.toFixed(3)))} Gy per fraction.`, entries: [course.id] },
          ...fractionationBands.map((b) => ({
            text: `${b.name}: ${b.to === Infinity ? `${showNumber(b.from)} Gy or more` : `${showNumber(b.from)} to ${showNumber(b.to)} Gy`}.`,
            met: each >= b.from && each <= b.to,
          })),
        ],
        missing: [],
      };
    }),
  );
}
