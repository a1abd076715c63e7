import { show, showNumber } from "@hapax/base";
import { known, type Assumption, type CaseView, type Finding, type Missing, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { analytes, whenClause, whenText, labsOf, lowerLimitOf, valueOf } from "./analytes.ts";

/** Grade 0 says that the value does not reach grade 1. */
export type Grade = 0 | 1 | 2 | 3 | 4 | 5;

/** A grade keeps the edition by which it was given; a grade of version 5 is never one of version 6. */
export interface CtcaeGrade {
  readonly term: "Anemia" | "Platelet count decreased" | "Weight loss";
  readonly version: "5.0";
  readonly grade: Grade;
}

/**
 * Cut-offs of CTCAE v5. A row "A – B" leaves A out and takes B in: hemoglobin 10.0 is grade 1, 8.0 grade 2, 7.9 grade 3.
 *
 * @source ctcae5
 */
export const ctcae5 = {
  anemia: { grade2Below: 10, grade3Below: 8, unit: "g/dL" },
  platelets: { grade2Below: 75, grade3Below: 50, grade4Below: 25, unit: "10*9/L" },
  weightLoss: { grade1From: 5, grade2From: 10, grade3From: 20, unit: "%" },
} as const;

/**
 * Grade of anemia from the hemoglobin. Grades 4 and 5 are of consequences, not of numbers.
 *
 * @param hemoglobin  g/dL, before any transfusion
 * @param lowerLimit  lower limit of normal, g/dL
 * @param transfused  a transfusion was given: grade 3 at least
 * @source            ctcae5
 */
export function anemiaGrade(hemoglobin: number | undefined, lowerLimit: number, transfused = false): Grade | undefined {
  const { grade2Below, grade3Below } = ctcae5.anemia;
  if (transfused) return 3;
  if (hemoglobin === undefined) return undefined;
  if (hemoglobin < grade3Below) return 3;
  if (hemoglobin < grade2Below) return 2;
  return hemoglobin < lowerLimit ? 1 : 0;
}

/**
 * Grade of a low platelet count. There is no term for a high one.
 *
 * @param platelets   10⁹/L
 * @param lowerLimit  lower limit of normal, 10⁹/L
 * @source            ctcae5
 */
export function plateletGrade(platelets: number, lowerLimit: number): Grade {
  const { grade2Below, grade3Below, grade4Below } = ctcae5.platelets;
  if (platelets < grade4Below) return 4;
  if (platelets < grade3Below) return 3;
  if (platelets < grade2Below) return 2;
  return platelets < lowerLimit ? 1 : 0;
}

/**
 * Grade of weight loss.
 *
 * @param percent  loss in percent of the weight before it
 * @source         ctcae5
 */
export function weightLossGrade(percent: number): Grade {
  const { grade1From, grade2From, grade3From } = ctcae5.weightLoss;
  if (percent >= grade3From) return 3;
  if (percent >= grade2From) return 2;
  return percent >= grade1From ? 1 : 0;
}

export const ctcae5Info: RuleInfo = {
  id: "labs/ctcae5",
  question: "Toxicity grade, CTCAE v5",
  about: "Anemia and platelets by value; a transfusion makes anemia grade 3. Weight loss is graded in labs/weight-loss.",
  source: cite("ctcae5"),
};

/** The lower limit of normal of hemoglobin, by sex where the laboratory gives none. */
export function hemoglobinLimit(view: CaseView): Assumption {
  const female = known(view.record.patient.sex) === "female";
  return view.assume({
    key: "labs/ctcae5/hemoglobinLowerLimit",
    name: "Lower limit of normal, hemoglobin",
    value: female ? 12 : 13,
    unit: "g/dL",
    why: `The laboratory's limit is not recorded; ${female ? "12 is common for women" : "13 is common for men"} (recalled).`,
    options: [12, 13, 13.5],
  });
}

/** Grades of what is recorded, the worst for each term. */
export function gradesOf(view: CaseView): Finding<CtcaeGrade>[] {
  return [...anemiaFinding(view), ...plateletFinding(view)];
}

function anemiaFinding(view: CaseView): Finding<CtcaeGrade>[] {
  const assumption = hemoglobinLimit(view);
  const labs = labsOf(view, analytes.hemoglobin).flatMap((lab) => {
    const hemoglobin = valueOf(lab, analytes.hemoglobin);
    if (hemoglobin === undefined) return [];
    const limit = lowerLimitOf(lab, analytes.hemoglobin) ?? Number(assumption.value);
    const grade = anemiaGrade(hemoglobin, limit) ?? 0;
    return [{ id: lab.id, grade, label: `Hb ${showNumber(hemoglobin, 1)} g/dL`, text: `Hemoglobin ${showNumber(hemoglobin, 1)} g/dL ${whenClause(view, lab.id)}, lower limit ${showNumber(limit)}: grade ${grade}.` }];
  });
  const transfusions = view.all("transfusion").filter((t) => t.state === "recorded").map((t) => ({
    id: t.id,
    grade: 3 as Grade,
    label: "transfused",
    text: `${t.label ?? "Transfusion"} ${whenClause(view, t.id)}: a transfusion is grade 3.`,
  }));
  const events = [...labs, ...transfusions];
  const worst = events.reduce<(typeof events)[0] | undefined>((a, b) => (a === undefined || b.grade > a.grade ? b : a), undefined);
  if (worst === undefined) return [];
  const byValue = labs.reduce<(typeof labs)[0] | undefined>((a, b) => (a === undefined || b.grade > a.grade ? b : a), undefined);
  const missing: Missing[] = transfusions.length === 0 ? [] : [{ input: "Hemoglobin before each transfusion", decides: "grade by value, and what was treated" }];
  return [{
    rule: ctcae5Info.id,
    subject: "anemia",
    question: "Anemia, CTCAE v5",
    status: "determined",
    value: { term: "Anemia", version: "5.0", grade: worst.grade },
    text: byValue === undefined || byValue.grade === worst.grade ? `Grade ${worst.grade}` : `Grade ${byValue.grade}, then ${worst.grade} when transfused`,
    brief: [byValue === undefined ? undefined : `${byValue.label} is grade ${byValue.grade}`, transfusions.length === 0 ? undefined : "any transfusion is grade 3"].filter(Boolean).join("; "),
    because: events.map((e) => ({ text: e.text, entries: [e.id] })),
    missing,
    assumptions: [assumption],
    source: ctcae5Info.source,
    caveats: ["Grades 4 (life-threatening) and 5 (death) are not given from a number."],
    table: { columns: ["Event", "When", "Grade"], rows: events.map((e) => [e.label, whenText(view, e.id), String(e.grade)]) },
  }];
}

function plateletFinding(view: CaseView): Finding<CtcaeGrade>[] {
  const counts = labsOf(view, analytes.platelets).flatMap((lab) => {
    const platelets = valueOf(lab, analytes.platelets);
    return platelets === undefined ? [] : [{ lab, platelets }];
  });
  if (counts.length === 0) return [];
  const assumption = view.assume({
    key: "labs/ctcae5/plateletLowerLimit",
    name: "Lower limit of normal, platelets",
    value: 150,
    unit: "10*9/L",
    why: "The laboratory's limit is not recorded; 150 is common (recalled).",
    options: [140, 150],
  });
  const graded = counts.map(({ lab, platelets }) => ({ lab, platelets, grade: plateletGrade(platelets, lowerLimitOf(lab, analytes.platelets) ?? Number(assumption.value)) }));
  const worst = graded.reduce((a, b) => (b.grade > a.grade ? b : a));
  return [{
    rule: ctcae5Info.id,
    subject: "platelets",
    question: "Platelet count decreased, CTCAE v5",
    status: "determined",
    value: { term: "Platelet count decreased", version: "5.0", grade: worst.grade },
    text: worst.grade === 0 ? "No grade" : `Grade ${worst.grade}`,
    brief: `${show({ value: worst.platelets, unit: "10*9/L" })}${worst.grade === 0 ? ": not low; CTCAE has no term for a high count" : ""}`,
    because: graded.map((g) => ({ text: `Platelets ${show({ value: g.platelets, unit: "10*9/L" })} ${whenClause(view, g.lab.id)}: grade ${g.grade}.`, entries: [g.lab.id] })),
    missing: [],
    assumptions: [assumption],
    source: ctcae5Info.source,
  }];
}
