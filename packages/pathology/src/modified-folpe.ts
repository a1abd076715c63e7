import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";

/**
 * The modified Folpe classification of Garzon's comparison. Its definition was not found, so it says nothing of any
 * tumor; it is another system than Schoolmeester's.
 *
 * @source garzon2022
 */
export function modifiedFolpe(): Finding<never> {
  return {
    rule: "pathology/modified-folpe",
    question: "Risk, modified Folpe",
    status: "pending",
    text: "definition pending",
    brief: "definition not found; not in use",
    because: [
      { text: "Garzon compares four systems: Folpe, modified Folpe, Bennett, Schoolmeester; the second is not defined in what was read" },
      { text: "candidates: a Folpe rule of two tiers, or the variant of a review of 2015 (J Clin Pathol 68:418)" },
    ],
    missing: [],
    assumptions: [],
    source: cite("garzon2022"),
    caveats: ["the abstract says that the systems use immunohistochemical characteristics too; which one does is not known"],
  };
}
