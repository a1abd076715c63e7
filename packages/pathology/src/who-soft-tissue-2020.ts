import { countOf, type Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { comparatorsOf, folpeFeatures, otherSet } from "./folpe2005.ts";
import type { Pecoma } from "./pecoma.ts";
import { answer, asTheyStand, siteScope, type Assume, type Scheme } from "./scheme.ts";

export type WhoSoftTissueClass = "benign" | "not malignant, one risk feature" | "malignant";

/** The soft tissue volume of the WHO classification, 2020, as a scheme. */
export function whoSoftTissueScheme(tumor: Pecoma, assume: Assume = asTheyStand): Scheme<WhoSoftTissueClass> {
  const { assumption, set } = comparatorsOf("pathology/who-soft-tissue-2020", assume);
  const features = folpeFeatures(tumor, set);
  const { low, high } = countOf(Object.values(features).map((feature) => feature.met));
  return {
    rule: "pathology/who-soft-tissue-2020",
    name: "WHO",
    edition: "soft tissue 2020",
    group: "soft tissue",
    question: "Risk, WHO soft tissue 2020",
    source: cite("who2020softtissue", "folpe2005"),
    scope: siteScope(tumor, "not gynecologic"),
    features,
    needed: 2,
    classes: ["benign", "not malignant, one risk feature", "malignant"],
    classesOf: ({ size }) => [size >= 2 ? "malignant" : size === 1 ? "not malignant, one risk feature" : "benign"],
    // In a set of classes a comma would part it in two.
    saying: { "not malignant, one risk feature": "not malignant (one risk feature)" },
    assumptions: [assumption],
    caveats: otherSet(tumor, set),
    ...(low <= 1 && high >= 1 ? { unverified: ["the wording for exactly one feature (uncertain malignant potential) is recalled"] } : {}),
  };
}

/**
 * WHO 2020, soft tissue: the features of Folpe; two or more are malignant. For sites that are not gynecologic.
 *
 * @source who2020softtissue
 */
export function whoSoftTissue2020(tumor: Pecoma, assume: Assume = asTheyStand): Finding<WhoSoftTissueClass | "out of scope" | "not applicable"> {
  return answer(whoSoftTissueScheme(tumor, assume));
}
