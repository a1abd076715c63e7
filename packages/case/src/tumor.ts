import type { Quantity } from "@hapax/base";
import type { CitationKey } from "@hapax/references";
import type { Finding, RuleInfo } from "./finding.ts";
import type { Tri } from "./tri.ts";
import type { CaseView } from "./view.ts";

/** One cell of the matrix of schemes: what the scheme asks of a feature, and whether it is met. */
export interface SchemeCell {
  /** `used` the feature counts · `condition` it must hold for the scheme to apply · `not used` */
  readonly role: "used" | "condition" | "not used" | "pending";
  readonly asks?: string;
  readonly met?: Tri;
}

/** All schemes of a tumor side by side: features down, schemes across. */
export interface SchemeMatrix {
  readonly features: readonly {
    /** Name of the input; `suppose: { [key]: value }` tries another value. */
    readonly key: string;
    readonly name: string;
    /** As recorded, for the eye; undefined when not recorded. */
    readonly recorded: string | undefined;
    readonly state: "recorded" | "not recorded" | "not performed" | "uncertain";
    /** Values worth trying, with what they are called. */
    readonly tries: readonly { readonly name: string; readonly value: unknown }[];
    readonly cells: Readonly<Record<string, SchemeCell>>;
  }[];
  readonly schemes: readonly {
    readonly key: string;
    readonly name: string;
    readonly edition: string;
    /** Schemes of one group stand together. */
    readonly group: string;
    /** Count of features met and still possible, and the count from which it is malignant or high. */
    readonly count?: { readonly met: number; readonly possible: number; readonly of: number; readonly needed: number };
    readonly finding: Finding;
    /** What it would say where it is out of scope. */
    readonly ifForced?: string;
  }[];
}

/** A marker of the panel of a tumor, and what its result would bear on. */
export interface PanelMarker {
  readonly marker: string;
  readonly also: readonly string[];
  readonly lineage: "melanocytic" | "myoid" | "other";
  readonly expected: "positive" | "negative" | "either";
  readonly bears: string;
}

/** What is published of a drug in this tumor: display band, model, caveats. */
export interface DrugFacts {
  readonly drug: string;
  readonly band?: { readonly low: Quantity; readonly high: Quantity; readonly from: string; readonly source: CitationKey };
  readonly model?: "wu2012";
}

/** One thing that a study found, in the words of the house, to be held against claims on the same topic. */
export interface StudyResult {
  readonly topic: string;
  readonly says: string;
  readonly reading: string;
  readonly figures?: readonly { readonly name: string; readonly quantity: Quantity; readonly interval?: readonly [number, number] }[];
  /** A condition that a claim must not drop, such as "in preclinical models". */
  readonly qualifier?: string;
}

/** A study, series or single patient of the library. */
export interface Study {
  readonly key: string;
  /** Number in the report that cites it, where one does. */
  readonly reference?: string;
  readonly citation?: CitationKey;
  readonly design: string;
  readonly n?: number;
  readonly population: string;
  readonly site?: string;
  readonly treatment?: string;
  readonly course?: { readonly dose: Quantity; readonly fractions?: number; readonly technique?: string; readonly note?: string };
  readonly response?: string;
  readonly outcome?: string;
  readonly biomarker?: string;
  /** Whether it is about this tumor, or about others. */
  readonly directness: "this tumor" | "other tumors" | "preclinical" | "unclear";
  readonly checked: "read" | "second-hand" | "inferred" | "unresolved";
  readonly results: readonly StudyResult[];
}

/** Everything that belongs to one tumor and to no other. */
export interface TumorProfile {
  readonly key: string;
  readonly name: string;
  /** ICD-O-3 morphology codes. */
  readonly morphology: readonly string[];
  readonly rules: readonly RuleInfo[];
  /** Schemes, profile and molecular findings. */
  findings(view: CaseView): Finding[];
  matrix(view: CaseView): SchemeMatrix;
  readonly panel: readonly PanelMarker[];
  readonly drugs: readonly DrugFacts[];
  readonly studies: readonly Study[];
  /** FNCLCC differentiation scores that this histology can have; all three where nothing is known. */
  readonly differentiation?: { readonly scores: readonly (1 | 2 | 3)[]; readonly why: string };
  /** How registries treat this histology under AJCC chapters; undefined where nothing special is known. */
  readonly registryGate?: { readonly says: string; readonly source: CitationKey };
}
