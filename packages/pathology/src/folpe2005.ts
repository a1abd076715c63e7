import type { Quantity } from "@hapax/base";
import type { Assumption, Finding } from "@hapax/case";
import { cite, type CitationKey } from "@hapax/references";
import {
  highGradeAndCellularity, mitosesOver, present, sizeOver, type Comparator, type Criterion, type Pecoma,
} from "./pecoma.ts";
import { answer, asTheyStand, type Assume, type Scheme } from "./scheme.ts";

/** The two printed sets of comparators for the features of Folpe; a tumor on a cut changes with them. */
export const comparatorSets = {
  "folpe.2005": { size: ">", mitoses: ">", from: "mitoses in the abstract of Folpe 2005, size in later reviews", source: "folpe2005" },
  "folpe.as-quoted-2014": { size: "≥", mitoses: "≥", from: "the extrauterine rule as Schoolmeester 2014 restates it", source: "schoolmeester2014" },
} as const satisfies Record<string, { size: Comparator; mitoses: Comparator; from: string; source: CitationKey }>;

export type ComparatorSet = keyof typeof comparatorSets;

const cut: Quantity = { value: 5, unit: "cm" };

/** Which comparator set a rule uses, as an assumption that the reader can change. */
export function comparatorsOf(rule: string, assume: Assume): { assumption: Assumption; set: ComparatorSet } {
  const assumption = assume({
    key: `${rule}/comparators`,
    name: "Comparators of size and mitoses",
    value: "folpe.2005",
    why: "two sets are printed: > 5 cm with > 1 per 50 HPF, and ≥ 5 cm with ≥ 1 per 50 HPF",
    options: Object.keys(comparatorSets),
  } as Assumption);
  const set = Object.hasOwn(comparatorSets, assumption.value as string) ? (assumption.value as ComparatorSet) : "folpe.2005";
  return { assumption, set };
}

/** The six features that Folpe counts. */
export function folpeFeatures(tumor: Pecoma, set: ComparatorSet): Record<string, Criterion> {
  const { size, mitoses } = comparatorSets[set];
  return {
    size: sizeOver(tumor, size, cut),
    infiltrative: present(tumor, "infiltrative"),
    gradeAndCellularity: highGradeAndCellularity(tumor),
    mitoses: mitosesOver(tumor, mitoses, 1),
    necrosis: present(tumor, "necrosis"),
    lymphovascularInvasion: present(tumor, "lymphovascularInvasion"),
  };
}

/** What the other comparator set would say where a value lies on a cut. */
export function otherSet(tumor: Pecoma, set: ComparatorSet): string[] {
  const other: ComparatorSet = set === "folpe.2005" ? "folpe.as-quoted-2014" : "folpe.2005";
  const here = folpeFeatures(tumor, set);
  return Object.entries(folpeFeatures(tumor, other)).flatMap(([key, c]) =>
    c.met === here[key]?.met ? [] : [`with ${other} (${c.asks}) this feature is ${c.met ? "met" : "not met"}: ${c.name}`],
  );
}

export type FolpeClass = "benign" | "uncertain malignant potential" | "unclassified (one feature, not size)" | "malignant";

/** Folpe's three tiers as a scheme. */
export function folpeScheme(tumor: Pecoma, assume: Assume = asTheyStand): Scheme<FolpeClass> {
  const { assumption, set } = comparatorsOf("pathology/folpe2005", assume);
  return {
    rule: "pathology/folpe2005",
    name: "Folpe",
    edition: "2005",
    group: "soft tissue",
    question: "Risk, Folpe 2005",
    source: cite("folpe2005"),
    features: folpeFeatures(tumor, set),
    besides: { pleomorphismOnly: present(tumor, "pleomorphismOnly") },
    needed: 2,
    classes: ["benign", "uncertain malignant potential", "unclassified (one feature, not size)", "malignant"],
    classesOf: (met) => {
      const features = [...met].filter((key) => key !== "pleomorphismOnly");
      if (features.length >= 2) return ["malignant"];
      if (features.length === 0) return [met.has("pleomorphismOnly") ? "uncertain malignant potential" : "benign"];
      return [features[0] === "size" ? "uncertain malignant potential" : "unclassified (one feature, not size)"];
    },
    assumptions: [assumption],
    caveats: [
      ...otherSet(tumor, set),
      ...(tumor.conflicts ?? []),
    ],
    because: [
      { text: `comparators ${set}: ${comparatorSets[set].from}` },
      { text: "one feature that is not size has no row in the published rule; many authors call it uncertain malignant potential" },
      { text: "in the series of 26 tumors, recurrence went with size > 8 cm (the median), mitoses > 1 per 50 HPF and necrosis" },
    ],
    unverified: ["the cut of 5 cm: read in later sources, not in Folpe's abstract"],
  };
}

/**
 * Folpe 2005: two or more of six features are malignant; none is benign; size alone, or nuclear pleomorphism alone, is
 * of uncertain malignant potential. One other feature alone is not covered.
 *
 * @source folpe2005
 */
export function folpe2005(tumor: Pecoma, assume: Assume = asTheyStand): Finding<FolpeClass | "out of scope" | "not applicable"> {
  return answer(folpeScheme(tumor, assume));
}
