import { convert, show, showNumber } from "@hapax/base";
import { known, type CaseView, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { ctcae5, weightLossGrade, type Grade } from "./ctcae5.ts";

/** For which weight before the loss each grade holds: above `above` and up to `upTo`, kg. */
export interface GradeRange {
  readonly grade: Grade;
  readonly aboveKg: number;
  readonly upToKg: number;
}

/**
 * The grade of a weight loss as a function of the weight before it: the heavier the patient, the smaller the part lost.
 *
 * @param lossKg  weight lost, kg, above 0
 * @returns       ranges of the weight before, from the lightest
 * @source        ctcae5
 */
export function weightLossRanges(lossKg: number): GradeRange[] {
  const { grade1From, grade2From, grade3From } = ctcae5.weightLoss;
  const weightAt = (percent: number) => (100 * lossKg) / percent;
  return [
    { grade: 3, aboveKg: lossKg, upToKg: weightAt(grade3From) },
    { grade: 2, aboveKg: weightAt(grade3From), upToKg: weightAt(grade2From) },
    { grade: 1, aboveKg: weightAt(grade2From), upToKg: weightAt(grade1From) },
    { grade: 0, aboveKg: weightAt(grade1From), upToKg: Infinity },
  ];
}

export const weightLossInfo: RuleInfo = {
  id: "labs/weight-loss",
  question: "Weight loss, CTCAE v5",
  about: "Grade of the weight lost in percent of the weight before it; where that is not recorded, the weight at which each grade holds.",
  source: cite("ctcae5"),
};

const kg = (value: number) => `${showNumber(value, 1)} kg`;

/** One answer per complaint of weight loss with an amount. */
export function weightLoss(view: CaseView): Finding<Grade>[] {
  const complaints = view.all("complaint").flatMap((c) => {
    const loss = known(c.weightLoss);
    return loss === undefined || !(loss.value > 0) ? [] : [{ complaint: c, loss }];
  });
  return complaints.map(({ complaint, loss }): Finding<Grade> => {
    const lossKg = convert(loss, "kg");
    const over = known(complaint.over);
    const weight = known(view.record.patient.weight);
    const isBefore = view.assume({
      key: "labs/weight-loss/weightIsBefore",
      name: "The weight recorded is the one before the loss",
      value: false,
      why: "A weight is usually taken at presentation, after the loss.",
      options: [true, false],
    });
    const ranges = weightLossRanges(lossKg);
    const before = weight === undefined ? undefined : convert(weight, "kg") + (isBefore.value ? 0 : lossKg);
    const percent = before === undefined ? undefined : (100 * lossKg) / before;
    const grade = percent === undefined ? undefined : weightLossGrade(percent);
    const range = (g: Grade) => ranges.find((r) => r.grade === g) as GradeRange;
    const [two, three] = [range(2), range(3)];
    return {
      rule: weightLossInfo.id,
      ...(complaints.length > 1 ? { subject: complaint.id } : {}),
      question: "Weight loss, CTCAE v5",
      status: grade === undefined ? "undecided" : "determined",
      ...(grade === undefined ? { possible: [1, 2, 3] as Grade[] } : { value: grade }),
      text: grade === undefined ? `{1, 2, 3}: 2 from ${showNumber(two.aboveKg, 1)} to ${kg(two.upToKg)}` : `Grade ${grade}`,
      brief:
        percent === undefined || before === undefined
          ? `${loss.unit === "kg" ? "" : `${show(loss)} = `}${kg(lossKg)}${over === undefined ? "" : ` in ${show(over)}`}; grade 3 up to ${kg(three.upToKg)}`
          : `${kg(lossKg)} of ${kg(before)} is ${showNumber(percent, 1)} %`,
      because: [
        ...(loss.unit === "kg" ? [] : [{ text: `${show(loss)} is ${kg(lossKg)}.`, entries: [complaint.id] }]),
        ...(percent === undefined || before === undefined
          ? ranges.map((r) => ({
              text:
                r.grade === 3
                  ? `Grade 3 (20 % or more) when the weight before was ${kg(r.upToKg)} or less: ${kg(lossKg)} / 0.20.`
                  : r.grade === 0
                    ? `Below grade 1 (under 5 %) above ${kg(r.aboveKg)}.`
                    : `Grade ${r.grade} when it was above ${kg(r.aboveKg)} and up to ${kg(r.upToKg)}.`,
              entries: [complaint.id],
            }))
          : [{ text: `${kg(lossKg)} / ${kg(before)} = ${showNumber(percent, 1)} %: grade ${grade}.`, entries: [complaint.id] }]),
      ],
      missing: grade === undefined ? [{ input: "Weight before the loss", decides: "grade of the weight loss" }] : [],
      assumptions: weight === undefined ? [] : [isBefore],
      source: weightLossInfo.source,
      table: {
        columns: ["Grade", "Weight before the loss"],
        rows: ranges.map((r) => [r.grade === 0 ? "below 1" : String(r.grade), r.grade === 3 ? `up to ${kg(r.upToKg)}` : r.upToKg === Infinity ? `above ${kg(r.aboveKg)}` : `above ${showNumber(r.aboveKg, 1)}, up to ${kg(r.upToKg)}`]),
      },
    };
  });
}
