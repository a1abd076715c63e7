import type { Assumption, Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { male, positiveMargins, present, type Criterion, type Pecoma } from "./pecoma.ts";
import { answer, asTheyStand, braces, type Assume, type Scheme } from "./scheme.ts";

export type PecProGroup = "low" | "intermediate" | "high";

const items = ["margins", "sex", "necrosis", "lymphovascularInvasion"] as const;
type Item = (typeof items)[number];

const itemNames: Record<Item, string> = {
  margins: "positive margins", sex: "male sex", necrosis: "necrosis", lymphovascularInvasion: "vascular invasion",
};

/** The abstract gives a maximum of 5 over four items, so one of them counts two; it does not say which. */
const weightsKnown = "not published";

/** Points of a set of items, when one of them counts two. */
export function pecProScore(met: ReadonlySet<string>, counts2: string): number {
  return items.filter((i) => met.has(i)).length + (met.has(counts2) ? 1 : 0);
}

/** Group of a score: 0 low, 1 intermediate, 2 or more high. */
export function pecProGroup(score: number): PecProGroup {
  return score === 0 ? "low" : score === 1 ? "intermediate" : "high";
}

function subsets<T>(values: readonly T[]): T[][] {
  return values.reduce<T[][]>((all, v) => [...all, ...all.map((s) => [...s, v])], [[]]);
}

/** PEC-PRO as a scheme, under every way in which four items can give at most five points. */
export function pecProScheme(tumor: Pecoma, assume: Assume = asTheyStand): Scheme<PecProGroup> {
  const assumption = assume({
    key: "pathology/pec-pro/counts2",
    name: "Item that counts two points",
    value: weightsKnown,
    why: "four items and a maximum of five points; the order of the hazard ratios suggests the margins",
    options: [weightsKnown, ...items.map((i) => itemNames[i])],
  } as Assumption);
  const chosen = items.filter((i) => itemNames[i] === assumption.value);
  const variants = chosen.length > 0 ? chosen : items;
  const features: Record<Item, Criterion> = {
    margins: positiveMargins(tumor),
    sex: male(tumor),
    necrosis: present(tumor, "necrosis"),
    lymphovascularInvasion: present(tumor, "lymphovascularInvasion"),
  };
  const classesOf = (met: ReadonlySet<string>) => [...new Set(variants.map((v) => pecProGroup(pecProScore(met, v))))];
  const met = items.filter((i) => features[i].met === true);
  const open = items.filter((i) => features[i].met === undefined);
  const rows = items.map((v) => {
    const scores = [...new Set(subsets(open).map((more) => pecProScore(new Set<string>([...met, ...more]), v)))].sort();
    return [itemNames[v], braces(scores.map(String)), braces([...new Set(scores.map(pecProGroup))])];
  });
  const depends = new Set(rows.map((r) => r[2])).size > 1;
  const { resected } = tumor;
  return {
    rule: "pathology/pec-pro",
    name: "PEC-PRO",
    edition: "Gantzer",
    group: "PEC-PRO",
    question: "Risk after resection, PEC-PRO",
    source: cite("gantzer2025"),
    scope: {
      row: "resection",
      asks: "resected",
      holds: resected,
      outside: "not applicable",
      why: "not resected",
      input: "Resection",
      says: resected ? "resected" : "not resected",
    },
    features,
    needed: 2,
    classes: ["low", "intermediate", "high"],
    classesOf,
    leftOpen: "depends on weights that are not published",
    assumptions: [assumption],
    caveats: [
      ...(depends && chosen.length === 0 ? ["the group depends on weights that are not published"] : []),
      ...((tumor.spread ?? []).length > 0 ? [`made for localized tumors; recorded as nodal or metastatic: ${tumor.spread?.join(", ")}`] : []),
      "no external validation is stated in the abstract",
    ],
    because: [
      ...(depends && chosen.length === 0 ? [] : [{ text: `the same group${chosen.length > 0 ? "" : ", whatever the weights"}: ${braces([...new Set(rows.map((r) => String(r[2])))])}` }]),
      { text: "event-free at 2 years: low 93.7 %, intermediate 67.4 %, high 2.3 % of 87 localized, resected tumors" },
    ],
    unverified: ["the weights: the abstract gives only 0 to 5 points over four items", "vascular invasion as the fourth item, from the congress abstract"],
    table: { columns: ["If two points are for", "Points", "Group"], rows },
  };
}

/**
 * PEC-PRO: a score for event-free survival after resection of a localized PEComa; 0 low, 1 intermediate, 2 or more
 * high. The weights are not published, so every possible set is tried.
 *
 * @source gantzer2025
 */
export function pecPro(tumor: Pecoma, assume: Assume = asTheyStand): Finding<PecProGroup | "out of scope" | "not applicable"> {
  return answer(pecProScheme(tumor, assume));
}
