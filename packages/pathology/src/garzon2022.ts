import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { highGradeAndCellularity, mitosesOver, present, sizeOver, type Pecoma } from "./pecoma.ts";
import { answer, malignantAt, siteScope, type Scheme } from "./scheme.ts";

export type GarzonClass = "not malignant" | "malignant";

/** Garzon's cut-offs as a scheme. */
export function garzonScheme(tumor: Pecoma): Scheme<GarzonClass> {
  return malignantAt(2, {
    rule: "pathology/garzon2022",
    name: "Garzon",
    edition: "cut-offs",
    group: "gynecologic",
    question: "Risk, Garzon cut-offs",
    source: cite("garzon2022", "leach2025"),
    scope: siteScope(tumor, "uterine"),
    features: {
      size: sizeOver(tumor, "≥", { value: 8, unit: "cm" }),
      infiltrative: present(tumor, "infiltrative"),
      gradeAndCellularity: highGradeAndCellularity(tumor),
      mitoses: mitosesOver(tumor, "≥", 5),
      necrosis: present(tumor, "necrosis"),
      lymphovascularInvasion: present(tumor, "lymphovascularInvasion"),
    },
    below: "not malignant",
    because: [{ text: "the cut-offs of 8 cm and 5 mitoses per 50 HPF, as the report of Leach 2025 quotes them; fewer than two features is not malignant, none is benign" }],
    unverified: ["the threshold of two features is assumed", "the features are those of the modified Folpe classification, whose definition was not found"],
  });
}

/**
 * Garzon's proposed cut-offs: features of Folpe with size ≥ 8 cm and mitoses ≥ 5 per 50 HPF. For the uterus.
 *
 * @source garzon2022
 */
export function garzon2022(tumor: Pecoma): Finding<GarzonClass | "out of scope" | "not applicable"> {
  return answer(garzonScheme(tumor));
}
