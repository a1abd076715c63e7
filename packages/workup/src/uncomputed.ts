import { HapaxError } from "@hapax/base";
import type { Finding, RuleInfo } from "@hapax/case";

export const uncomputedRules: RuleInfo[] = [
  {
    id: "workup/uncomputed",
    question: "Part that could not be computed",
    about: "A part of the record that its rules cannot read takes only its own findings away: what was met, and what to do.",
    source: [],
  },
];

/** The findings of one part, or a finding that says why there are none; the other parts stay as they are. */
export function computed(part: string, find: () => readonly Finding[]): readonly Finding[] {
  try {
    return find();
  } catch (error) {
    // Anything else is a fault of the program, which must not pass for a property of the case.
    if (!(error instanceof HapaxError)) throw error;
    return [
      {
        rule: "workup/uncomputed",
        subject: part,
        question: `${part}: not computed`,
        status: "not applicable",
        text: error.what,
        brief: error.remedy,
        because: [{ text: `${error.code}: ${error.what} ${error.remedy}` }],
        missing: [],
        assumptions: [],
        source: [],
      },
    ];
  }
}
