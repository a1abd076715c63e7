import { Gy, showNumber } from "@hapax/base";
import { known, type CaseView, type Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { aboveZero, assumeNumber, courseCaveats, coursesOf, doseInFractions, gy } from "./courses.ts";
import { eqd2 } from "./eqd2.ts";

/** The highest dose of a plan, Gy. */
export interface HotSpot {
  readonly percent: number;
  readonly gy: number;
  readonly fractions: number;
  readonly alphaBeta: number;
  readonly eqd2: number;
  readonly eqd2Of10: number;
  /** What scaling the EQD2 of the prescription would give, which is too low. */
  readonly scaled: number;
}

/** EQD2 of the global maximum of every plan that records one. */
export function hotSpots(view: CaseView): Finding<HotSpot>[] {
  return coursesOf(view).flatMap((course): Finding<HotSpot>[] => {
    const percent = known(course.entry.globalMaximum);
    if (percent === undefined || course.given === "not performed") return [];
    const alphaBeta = assumeNumber(
      view,
      {
        key: "radiobiology/hot-spot/alphaBeta",
        name: "α/β of the tissue at the hot spot",
        value: 3,
        unit: "Gy",
        why: "late effects; the tissue there is not contoured",
        options: [2, 2.5, 3, 10],
      },
      aboveZero,
    );
    const common = {
      rule: "radiobiology/hot-spot",
      subject: course.id,
      question: `Hot spot of ${doseInFractions(course.highest, course.fractions)}`,
      source: cite("fowler1989"),
      assumptions: [alphaBeta],
    } as const;
    const { fractions, highest } = course;
    if (highest === undefined || fractions === undefined) {
      return [
        {
          ...common,
          status: "undecided",
          text: `${showNumber(percent)} %`,
          brief: highest === undefined ? "The prescription is not recorded" : "The number of fractions is not recorded",
          because: [{ text: "A percentage becomes a dose by the prescription, and EQD2 by the number of fractions.", entries: [course.id] }],
          missing: [{ input: highest === undefined ? `dose of ${course.name}` : `fractions of ${course.name}`, decides: "EQD2 of the hot spot" }],
        },
      ];
    }
    // Twelve digits: 20 × 109.2 / 100 is 21.84.
    const dose = Gy(Number(((highest * percent) / 100).toPrecision(12)));
    const at = (a: number) => eqd2(dose, fractions, Gy(a));
    const own = alphaBeta.value;
    const ofPrescription = eqd2(highest, fractions, Gy(own));
    const scaled = (ofPrescription * percent) / 100;
    return [
      {
        ...common,
        status: "determined",
        value: { percent, gy: dose, fractions, alphaBeta: own, eqd2: at(own), eqd2Of10: at(10), scaled },
        text: `${showNumber(Number(dose.toFixed(2)))} Gy, EQD2 ${gy(at(own))} (α/β ${showNumber(own)})`,
        brief: `${showNumber(percent)} % of ${doseInFractions(highest, fractions)}; EQD2 grows faster than dose`,
        because: [
          {
            text: `${showNumber(percent)} % of ${showNumber(highest)} Gy is ${showNumber(Number(dose.toFixed(2)))} Gy, ${showNumber(Number((dose / fractions).toFixed(3)))} Gy each: EQD2 ${showNumber(at(own), 2)} Gy.`,
            entries: [course.id],
          },
          {
            text: `The dose per fraction rises too, so it is not ${showNumber(percent)} % of ${gy(ofPrescription)}, which would be ${showNumber(scaled, 2)} Gy.`,
          },
        ],
        missing: [],
        caveats: courseCaveats(course),
      },
    ];
  });
}
