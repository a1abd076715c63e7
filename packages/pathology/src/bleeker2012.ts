import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { mitosesOver, sizeOver, type Pecoma } from "./pecoma.ts";
import { answer, type Scheme } from "./scheme.ts";

export type BleekerClass = "low" | "intermediate" | "high";

/** Bleeker's two features as a scheme. */
export function bleekerScheme(tumor: Pecoma): Scheme<BleekerClass> {
  return {
    rule: "pathology/bleeker2012",
    name: "Bleeker",
    edition: "2012",
    group: "soft tissue",
    question: "Risk, Bleeker 2012",
    source: cite("bleeker2012"),
    features: {
      size: sizeOver(tumor, "≥", { value: 5, unit: "cm" }),
      mitoses: mitosesOver(tumor, ">", 1),
    },
    needed: 2,
    classes: ["low", "intermediate", "high"],
    classesOf: ({ size }) => [size === 2 ? "high" : size === 1 ? "intermediate" : "low"],
    because: [{ text: "in 234 cases only size (P = 0.02) and mitoses (P < 0.0001) went with recurrence after resection" }],
    unverified: [
      "the table and its labels low, intermediate and high are recalled",
      "whether mitoses are > 1 or ≥ 1 per 50 HPF: the sign is lost in the copies read",
    ],
  };
}

/**
 * Bleeker 2012: size and mitoses only; none low, one intermediate, both high.
 *
 * @source bleeker2012
 */
export function bleeker2012(tumor: Pecoma): Finding<BleekerClass | "out of scope" | "not applicable"> {
  return answer(bleekerScheme(tumor));
}
