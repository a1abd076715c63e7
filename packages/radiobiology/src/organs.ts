import type { CitationKey } from "@hapax/references";

/** A published limit of cumulative dose, EQD2 in Gy at the α/β of its organ; a range where the source gives one. */
export interface PublishedLimit {
  readonly key: string;
  /** Who says so, as a tick is labeled. */
  readonly name: string;
  /** What a table adds to the name. */
  readonly detail?: string;
  readonly low: number;
  readonly high: number;
  readonly metric: "Dmax" | "D0.1cc" | "Dmean";
  readonly source: CitationKey;
  readonly note?: string;
  /** Among the few at which a table of a next course opens. */
  readonly leading?: boolean;
}

/** An organ of the ledger: one α/β, and what is published of its cumulative dose. */
export interface OrganData {
  /** TG-263, without side. */
  readonly organ: string;
  readonly name: string;
  readonly short: string;
  /** Gy. */
  readonly alphaBeta: number;
  readonly alphaBetaOptions: readonly number[];
  /** What the ledger adds up: the highest dose in the organ, or its mean. */
  readonly metric: "maximum" | "mean";
  readonly regions: readonly Region[];
  readonly sided?: boolean;
  readonly limits: readonly PublishedLimit[];
  /** Limits that are no single dose of this metric, in words. */
  readonly alsoSaid: readonly string[];
}

export type Region = "neck" | "thorax";

/** Words of a site that name a region. */
export const regionWords: Readonly<Record<Region, RegExp>> = {
  neck: /\b(neck|cervical|supraclavicular|C[1-7])\b/i,
  thorax: /\b(chest|thora\w*|lung|lungs|mediastin\w*|hil\w+|lobe|rib|T(?:[1-9]|1[0-2])|pulmonary|esophag\w*|cardi\w*|heart)\b/i,
};

/** α/β of an organ that the table does not have, Gy: late effects. */
export const otherOrganAlphaBeta = 3;

/**
 * α/β and limits of cumulative EQD2 for thoracic re-irradiation, as tabulated by Rulach 2021 (its Table 4), with the
 * cord of QUANTEC and HyTEC.
 */
export const organTable: readonly OrganData[] = [
  {
    organ: "SpinalCord",
    name: "Spinal cord",
    short: "Cord",
    alphaBeta: 2,
    alphaBetaOptions: [0.87, 2, 3, 4],
    metric: "maximum",
    regions: ["neck", "thorax"],
    limits: [
      {
        key: "quantec", name: "QUANTEC", detail: "< 1 %", low: 54, high: 54, metric: "Dmax", source: "kirkpatrick2010", leading: true,
        note: "myelopathy below 1 % after one course at 1.8 to 2 Gy per fraction, whose own fit has α/β 0.87; held here against the sum of courses",
      },
      { key: "paradis", name: "Paradis", low: 56.25, high: 56.25, metric: "D0.1cc", source: "paradis2019" },
      { key: "ars", name: "ARS", low: 57, high: 57, metric: "Dmax", source: "americanRadium2020" },
      { key: "delphi", name: "Delphi", detail: "Rulach 2021", low: 60, high: 60, metric: "Dmax", source: "rulach2021", leading: true },
      { key: "troost", name: "Troost", low: 65, high: 65, metric: "Dmax", source: "troost2020", note: "after 9 months" },
      {
        key: "hytec", name: "HyTEC", low: 70, high: 70, metric: "Dmax", source: "sahgal2019", leading: true,
        note: "thecal sac; with an interval of 5 months or more, and a stereotactic course of at most 25 Gy and half of the sum",
      },
    ],
    alsoSaid: [],
  },
  {
    organ: "BrachialPlex",
    name: "Brachial plexus",
    short: "Plexus",
    alphaBeta: 2,
    alphaBetaOptions: [2, 3],
    metric: "maximum",
    regions: ["neck"],
    sided: true,
    limits: [
      { key: "delphi", name: "Delphi", detail: "Rulach 2021", low: 80, high: 95, metric: "Dmax", source: "rulach2021", leading: true },
      { key: "paradis", name: "Paradis", low: 85, high: 85, metric: "D0.1cc", source: "paradis2019", leading: true },
      { key: "troost", name: "Troost", low: 85, high: 85, metric: "Dmax", source: "troost2020" },
      { key: "ars", name: "ARS", low: 85, high: 85, metric: "Dmax", source: "americanRadium2020" },
    ],
    alsoSaid: [],
  },
  {
    organ: "Esophagus",
    name: "Esophagus",
    short: "Esophagus",
    alphaBeta: 3,
    alphaBetaOptions: [3, 10],
    metric: "maximum",
    regions: ["neck", "thorax"],
    limits: [
      { key: "delphi", name: "Delphi", detail: "Rulach 2021", low: 75, high: 100, metric: "Dmax", source: "rulach2021", leading: true },
      { key: "paradis", name: "Paradis", low: 90.6, high: 90.6, metric: "D0.1cc", source: "paradis2019", leading: true },
      { key: "troost", name: "Troost", low: 100, high: 100, metric: "Dmax", source: "troost2020" },
      { key: "ars", name: "ARS", low: 100, high: 110, metric: "Dmax", source: "americanRadium2020" },
    ],
    alsoSaid: ["ARS also: V60 below 40 %."],
  },
  {
    organ: "GreatVes",
    name: "Great vessels",
    short: "Great vessels",
    alphaBeta: 3,
    alphaBetaOptions: [2, 3],
    metric: "maximum",
    regions: ["thorax"],
    limits: [
      { key: "delphi", name: "Delphi", detail: "Rulach 2021", low: 110, high: 115, metric: "Dmax", source: "rulach2021", leading: true },
      { key: "paradis", name: "Paradis", low: 123, high: 123, metric: "D0.1cc", source: "paradis2019" },
      { key: "troost", name: "Troost", low: 110, high: 110, metric: "Dmax", source: "troost2020", leading: true },
      { key: "ars", name: "ARS", low: 120, high: 120, metric: "Dmax", source: "americanRadium2020" },
    ],
    alsoSaid: [],
  },
  {
    organ: "BronchialTree",
    name: "Proximal bronchial tree",
    short: "Bronchi",
    alphaBeta: 3,
    alphaBetaOptions: [2, 3, 10],
    metric: "maximum",
    regions: ["thorax"],
    limits: [
      { key: "delphi", name: "Delphi", detail: "Rulach 2021", low: 80, high: 105, metric: "Dmax", source: "rulach2021", leading: true, note: "no consensus was reached" },
      { key: "paradis", name: "Paradis", low: 90.6, high: 90.6, metric: "D0.1cc", source: "paradis2019", leading: true },
      { key: "troost", name: "Troost", low: 110, high: 110, metric: "Dmax", source: "troost2020" },
      { key: "ars", name: "ARS", low: 110, high: 110, metric: "Dmax", source: "americanRadium2020" },
    ],
    alsoSaid: [],
  },
  {
    organ: "Heart",
    name: "Heart",
    short: "Heart",
    alphaBeta: 2.5,
    alphaBetaOptions: [2, 2.5, 3],
    metric: "maximum",
    regions: ["thorax"],
    limits: [{ key: "paradis", name: "Paradis", low: 85, high: 85, metric: "D0.1cc", source: "paradis2019", leading: true }],
    alsoSaid: ["Delphi: as low as reasonably achievable.", "Troost: mean below 70 Gy.", "ARS: V40 below 50 %."],
  },
  {
    organ: "Chestwall",
    name: "Chest wall and skin",
    short: "Chest wall",
    alphaBeta: 2.5,
    alphaBetaOptions: [2.5, 3],
    metric: "maximum",
    regions: ["thorax"],
    limits: [{ key: "paradis", name: "Paradis", low: 105, high: 105, metric: "D0.1cc", source: "paradis2019", leading: true }],
    alsoSaid: ["Delphi: as low as reasonably achievable."],
  },
  {
    organ: "Lungs",
    name: "Lungs",
    short: "Lungs",
    alphaBeta: 3,
    alphaBetaOptions: [3, 4],
    metric: "mean",
    regions: ["thorax"],
    limits: [{ key: "troost", name: "Troost", low: 22, high: 22, metric: "Dmean", source: "troost2020", leading: true }],
    alsoSaid: ["Delphi and Paradis: individual.", "ARS: V20 below 40 %."],
  },
];

/** The data of an organ by its TG-263 name, with or without its side; undefined for an organ the table does not have. */
export function organData(organ: string): OrganData | undefined {
  const plain = organ.replace(/_[LR]$/, "");
  return organTable.find((o) => o.organ === plain);
}

/** "Brachial plexus, right" for `BrachialPlex_R`; the name itself where the table does not have it. */
export function organName(organ: string): string {
  const side = organ.endsWith("_R") ? ", right" : organ.endsWith("_L") ? ", left" : "";
  const data = organData(organ);
  return data === undefined ? organ : `${data.name}${side}`;
}
