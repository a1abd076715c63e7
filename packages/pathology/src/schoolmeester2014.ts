import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { gynecologicFeatures } from "./gynecologic-features.ts";
import type { Pecoma } from "./pecoma.ts";
import { answer, malignantAt, siteScope, type Scheme } from "./scheme.ts";

export type SchoolmeesterClass = "not malignant" | "malignant";

/** Schoolmeester's gynecologic rule as a scheme. */
export function schoolmeesterScheme(tumor: Pecoma): Scheme<SchoolmeesterClass> {
  return malignantAt(4, {
    rule: "pathology/schoolmeester2014",
    name: "Schoolmeester",
    edition: "2014",
    group: "gynecologic",
    question: "Risk, Schoolmeester 2014",
    source: cite("schoolmeester2014", "bennett2018"),
    scope: siteScope(tumor, "gynecologic"),
    features: gynecologicFeatures(tumor),
    below: "not malignant",
    because: [{ text: "in its 16 cases every tumor with a bad course met two or more of the extrauterine features" }],
    unverified: ["the list of five features is recalled; the threshold of four is quoted by Bennett 2018", "how not malignant divides into benign and uncertain"],
  });
}

/**
 * Schoolmeester 2014: four or more of five features are malignant. For gynecologic sites.
 *
 * @source schoolmeester2014
 */
export function schoolmeester2014(tumor: Pecoma): Finding<SchoolmeesterClass | "out of scope" | "not applicable"> {
  return answer(schoolmeesterScheme(tumor));
}
