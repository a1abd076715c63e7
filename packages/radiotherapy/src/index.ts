import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { courses } from "./courses.ts";
import { fractionation } from "./fractionation.ts";

export * from "./constraints.ts";
export * from "./courses.ts";
export * from "./dose-compare.ts";
export * from "./dvh.ts";
export * from "./fractionation.ts";
export * from "./indices.ts";
export * from "./gamma.ts";
export * from "./target-indices.ts";

/** The rules of this discipline. */
export const rules: readonly RuleInfo[] = [
  {
    id: "radiotherapy/courses",
    question: "Course as recorded",
    about: "Dose, fractions, technique, intent, state and shortest length of each course, and what its record leaves out.",
    source: [],
  },
  {
    id: "radiotherapy/fractionation",
    question: "Fractionation of each volume",
    about: "Conventional, moderately or ultra-hypofractionated by the dose per fraction.",
    source: cite("morgan2018"),
  },
];

/** Every finding of radiotherapy as recorded. */
export function radiotherapy(view: CaseView): Finding[] {
  return [...courses(view), ...fractionation(view)];
}
