import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { gynecologicFeatures } from "./gynecologic-features.ts";
import type { Pecoma } from "./pecoma.ts";
import { answer, malignantAt, siteScope, type Scheme } from "./scheme.ts";

export type WhoGynecologicClass = "not malignant" | "malignant";

/** The female genital volume of the WHO classification, 2020, as a scheme. */
export function whoGynecologicScheme(tumor: Pecoma): Scheme<WhoGynecologicClass> {
  return malignantAt(3, {
    rule: "pathology/who-gynecologic-2020",
    name: "WHO",
    edition: "gynecologic 2020",
    group: "gynecologic",
    question: "Risk, WHO gynecologic 2020",
    source: cite("who2020gynecologic"),
    scope: siteScope(tumor, "gynecologic"),
    features: gynecologicFeatures(tumor),
    below: "not malignant",
    saying: { "not malignant": "not malignant (uncertain malignant potential)" },
    unverified: ["the five features, and uncertain malignant potential below three, are recalled"],
  });
}

/**
 * WHO 2020, female genital tumors: three or more of five features are malignant.
 *
 * @source who2020gynecologic
 */
export function whoGynecologic2020(tumor: Pecoma): Finding<WhoGynecologicClass | "out of scope" | "not applicable"> {
  return answer(whoGynecologicScheme(tumor));
}
