import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { gynecologicFeatures } from "./gynecologic-features.ts";
import type { Pecoma } from "./pecoma.ts";
import { answer, malignantAt, siteScope, type Scheme } from "./scheme.ts";

export type BennettClass = "not malignant" | "malignant";

/** Bennett's modified gynecologic rule as a scheme. */
export function bennettScheme(tumor: Pecoma): Scheme<BennettClass> {
  return malignantAt(3, {
    rule: "pathology/bennett2018",
    name: "Bennett",
    edition: "2018",
    group: "gynecologic",
    question: "Risk, Bennett 2018",
    source: cite("bennett2018"),
    scope: siteScope(tumor, "gynecologic"),
    features: gynecologicFeatures(tumor),
    below: "not malignant",
    saying: { "not malignant": "not malignant (uncertain malignant potential)" },
    caveats: tumor.siteGroup === "other gynecologic" ? ["the series of 32 tumors was uterine"] : [],
    unverified: ["the five features and the threshold of three; that part of the abstract was not read"],
  });
}

/**
 * Bennett 2018: three or more of five features are malignant, fewer of uncertain malignant potential.
 *
 * @source bennett2018
 */
export function bennett2018(tumor: Pecoma): Finding<BennettClass | "out of scope" | "not applicable"> {
  return answer(bennettScheme(tumor));
}
