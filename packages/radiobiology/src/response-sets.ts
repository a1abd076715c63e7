import type { CitationKey, Reading } from "@hapax/references";

/** A dose response of an organ or a tumor: without its set a probability means nothing. */
export interface ResponseSet {
  readonly key: string;
  /** Whose parameters, of what. */
  readonly name: string;
  /** TG-263, without side. */
  readonly organ: string;
  readonly endpoint?: string;
  readonly model: ResponseModel;
  /** α/β that the source takes for the EQD2 of its doses, Gy; undefined where it says none. */
  readonly alphaBeta?: number;
  readonly source: CitationKey;
  /** How the numbers were read. */
  readonly verified: Reading;
  readonly note?: string;
}

/** Doses in Gy of 2 Gy fractions. `n` is 1/a; `a` is the exponent of the gEUD. */
export type ResponseModel =
  | { readonly kind: "Lyman"; readonly td50: number; readonly m: number; readonly n: number }
  | { readonly kind: "logistic" | "Poisson"; readonly d50: number; readonly gamma50: number; readonly a: number };

type LymanRow = readonly [organ: string, words: string, td50: number, m: number, n: number, note?: string];

const burman: readonly LymanRow[] = [
  ["Lungs", "lung", 24.5, 0.18, 0.87],
  ["Esophagus", "esophagus", 68, 0.11, 0.06],
  ["Heart", "heart", 48, 0.1, 0.35],
  ["SpinalCord", "spinal cord", 66.5, 0.175, 0.05],
  ["BrachialPlex", "brachial plexus", 75, 0.12, 0.03],
  ["Liver", "liver", 40, 0.15, 0.32],
  ["Bowel_Small", "small bowel", 55, 0.16, 0.15],
  ["Kidney", "kidney", 28, 0.1, 0.7],
  ["Skin", "skin", 70, 0.12, 0.1],
  ["Brain", "brain", 60, 0.15, 0.25],
];

const michigan: readonly LymanRow[] = [
  ["Lungs", "lungs", 30.8, 0.37, 0.99],
  ["Esophagus", "esophagus", 82.3, 0.11, 0.06, "TD50 82.3 Gy stands so in the source; Burman's is 68 Gy"],
  ["Heart", "heart", 48, 0.1, 0.35],
  ["SpinalCord", "spinal cord", 66.5, 0.175, 0.05],
  ["Liver-GTV", "liver less GTV", 35.4, 0.12, 0.97],
  ["Bowel_Small", "small bowel", 55, 0.16, 0.15],
  ["Duodenum", "duodenum", 56, 0.21, 0.1],
  ["Stomach", "stomach", 56, 0.21, 0.1],
  ["Parotid", "parotid", 40, 0.36, 1],
];

type GeudRow = readonly [organ: string, words: string, endpoint: string, a: number, gamma50: number, d50: number];

const emami: readonly GeudRow[] = [
  ["Brain", "brain", "necrosis", 5, 3, 60],
  ["Brainstem", "brainstem", "necrosis", 7, 3, 65],
  ["OpticChiasm", "optic chiasm", "blindness", 25, 3, 65],
  ["OpticNrv", "optic nerve", "blindness", 25, 3, 65],
  ["Colon", "colon", "obstruction or perforation", 6, 4, 55],
  ["Esophagus", "esophagus", "perforation", 19, 4, 68],
  ["Heart", "heart", "pericarditis", 3, 3, 50],
  ["Kidney", "kidney", "nephritis", 1, 3, 28],
  ["Liver", "liver", "liver failure", 3, 3, 40],
  ["Lungs", "lung", "pneumonitis", 1, 2, 24.5],
];

const lyman = (prefix: string, whose: string, rows: readonly LymanRow[], rest: Pick<ResponseSet, "source" | "verified" | "alphaBeta">): ResponseSet[] =>
  rows.map(([organ, words, td50, m, n, note]) => ({
    key: `${prefix}/${organ}`, name: `${whose}, ${words}`, organ, model: { kind: "Lyman", td50, m, n }, ...rest, ...(note === undefined ? {} : { note }),
  }));

/**
 * Parameter sets of the library. Sets are never mixed: a TD50 of one with the slope of another is no set. Burman's are fits to
 * Emami's consensus; they are not Emami's own doses.
 */
export const responseSets: readonly ResponseSet[] = [
  ...lyman("burman1991", "Burman 1991", burman, { source: "burman1991", verified: "recalled" }),
  ...lyman("aviPlanner2022", "University of Michigan 2022", michigan, { source: "aviPlanner2022", verified: "read", alphaBeta: 2.5 }),
  {
    key: "seppenwoolde2003/Lungs", name: "Seppenwoolde 2003, lung", organ: "Lungs", endpoint: "pneumonitis",
    model: { kind: "Lyman", td50: 30.8, m: 0.37, n: 1 }, source: "seppenwoolde2003", verified: "read", note: "mean lung dose model of 382 patients",
  },
  ...emami.map(([organ, words, endpoint, a, gamma50, d50]): ResponseSet => ({
    key: `emami1991/${organ}`, name: `Emami 1991 by gEUD, ${words}`, organ, endpoint, model: { kind: "logistic", d50, gamma50, a }, source: "emami1991", verified: "second-hand",
  })),
];

/** The sets of an organ by its TG-263 name, with or without side. */
export function responseSetsOf(organ: string): ResponseSet[] {
  const plain = organ.replace(/_[LR]$/, "");
  return responseSets.filter((set) => set.organ === plain);
}
