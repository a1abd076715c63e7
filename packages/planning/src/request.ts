import type { Vec3 } from "@hapax/base";

export const planSchema = "hapax/plan";
export const planVersion = 1;

/** What a volume is to receive. */
export interface Prescription {
  /** ROIName of the target. */
  readonly structure: string;
  /** Gy over all fractions. */
  readonly doseGy: number;
}

/** A number of the dose that a plan is judged by. */
export interface Goal {
  /** ROIName, or the TG-263 name of an organ that may not be drawn. */
  readonly structure: string;
  /** As TG-263 writes it and `metricOf` reads it: `D95%[Gy]`, `Max[Gy]`, `Mean[Gy]`, `D0.03cc[Gy]`, `V20Gy[%]`. */
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** From 1; a goal gives way to those of a lesser number. Those of 1 are limits: the plan is sought within them. */
  readonly priority: number;
  readonly source: string;
  /** False where the source was recalled or read second-hand; shown so. */
  readonly verified: boolean;
  /** The limit is for the sum of EQD2 of this plan and the earlier doses, at this α/β, Gy. */
  readonly cumulative?: { readonly alphaBeta: number };
}

/** A direction, IEC 61217, degrees. */
export interface BeamAsked {
  readonly name: string;
  readonly gantryDeg: number;
  readonly collimatorDeg: number;
  readonly couchDeg: number;
}

/** Beams as given, or chosen here: so many evenly spaced, or so many of least overlap with organs. */
export type BeamsAsked = { readonly given: readonly BeamAsked[] } | { readonly even: number } | { readonly chosen: number };

/** Where leaves stand against the outline of the target with its margin: wholly outside, across it, or wholly inside. */
export type LeafStrategy = "outside" | "middle" | "inside";

/** How open fields are shaped. */
export interface ConformalAsked {
  /** From the target to the edge of the field in the beam's eye view, mm at the isocenter; negative for a prescription isodose well inside. */
  readonly marginMm: number;
  readonly leafStrategy: LeafStrategy;
  /** Fields within fields of each beam, at most; 0 leaves each beam one opening. */
  readonly fieldsInField: number;
  /** Where the fields within fields are to hold the hottest place, percent of the prescription. */
  readonly hottestPercent: number;
}

/** How intensity is modulated. */
export interface ModulatedAsked {
  /** Side of the bixels at the isocenter, mm. */
  readonly bixelMm: number;
  /** Segments of a beam, at most. */
  readonly segmentsPerBeam: number;
  readonly leastSegmentMu: number;
  /** Weight of smoothness of the fluence, relative; 0 for none. */
  readonly smoothing: number;
  /** Iterations of the optimizer at each priority, at most. */
  readonly iterations: number;
  /** How often the dose is corrected to collapsed cones before sequencing. */
  readonly corrections: number;
}

/** The value that the monitor units are scaled to in the end; ICRU 50 and 62 take a point, ICRU 83 the median. */
export type Normalization =
  | { readonly kind: "metric"; readonly structure: string; readonly metric: string; readonly gy: number }
  | { readonly kind: "isocenter"; readonly gy: number }
  | { readonly kind: "none" };

/** A dose that was given before, as the plan is to reckon with it. */
export interface EarlierAsked {
  /** What it is called among the doses given with the request. */
  readonly label: string;
  readonly fractions: number;
  /** How far it may lie from where it is taken to lie, mm: the worst within this distance counts. */
  readonly shiftMm: number;
  /** Share of its EQD2 that is forgotten, 0 to 1, with its source where it is not 0. */
  readonly recovery: number;
  readonly recoverySource?: string;
  /** How it came onto this scan, in words. */
  readonly registration: string;
}

/** Everything that a plan is made from: the same request on the same scan gives the same plan. */
export interface PlanRequest {
  readonly schema: typeof planSchema;
  readonly version: typeof planVersion;
  /** Among the plans of a case; letters, digits and hyphens. */
  readonly id: string;
  readonly name: string;
  /** Id of the radiotherapy entry in the record that it plans. */
  readonly course?: string;
  /** Id of the template that it was made from. */
  readonly template?: string;
  readonly technique: "3D conformal" | "IMRT" | "SBRT";
  /** RT Plan Intent: CURATIVE, PALLIATIVE, … */
  readonly intent: string;
  readonly fractions: number;
  /** Of the highest dose first. */
  readonly prescriptions: readonly Prescription[];
  readonly normalization: Normalization;
  readonly machine: { readonly id: string; readonly version: string };
  /** Id of the density curve. */
  readonly curve: string;
  /** Spacing of the dose grid, mm. */
  readonly gridMm: number;
  /** LPS, mm; left out, the middle of all targets, to the millimeter. */
  readonly isocenter?: Vec3;
  readonly beams: BeamsAsked;
  readonly goals: readonly Goal[];
  /** Given for open fields; a stereotactic plan has one of the two. */
  readonly conformal?: ConformalAsked;
  /** Given for modulated beams. */
  readonly modulated?: ModulatedAsked;
  readonly earlier?: readonly EarlierAsked[];
}
