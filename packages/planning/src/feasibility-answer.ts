/** What a target is to have. */
export interface Fractionation {
  readonly doseGy: number;
  readonly fractions: number;
}

/** A limit and the prescription that reaches it. */
export interface LimitReached {
  /** ROIName. */
  readonly organ: string;
  readonly metric: string;
  /** Gy, % or cc, as the metric says; of a cumulative limit an EQD2. */
  readonly limit: number;
  /** What the organ has at the prescription asked for. */
  readonly atAsked: number;
  /** Prescription at which the limit is reached, Gy; Infinity where none does, 0 where earlier doses alone pass it. */
  readonly atPrescriptionGy: number;
  /** False where a part of the organ has no known dose: the limit may be reached sooner. */
  readonly whole: boolean;
  /** Name of the set of limits. */
  readonly set: string;
  readonly source: string;
  readonly verified: boolean;
  /** α/β of the sum with earlier doses, Gy; left out for a limit of this course alone. */
  readonly cumulativeAlphaBeta?: number;
}

/** How far a stereotactic dose to a target can go, by the limits of the organs around it. */
export interface Feasibility {
  readonly fractionation: Fractionation;
  /** Of the least prescription first. */
  readonly reaches: readonly LimitReached[];
  /** The limit that is reached first; undefined where there is none. */
  readonly limiting?: LimitReached;
  /** Whether every limit that can be judged holds at the prescription; undefined where none can, or where one is judged on a part of its organ. */
  readonly feasible: boolean | undefined;
  /** The answer as a sentence. */
  readonly why: string;
  /** Organs with a limit in so many fractions that are not drawn. */
  readonly notDrawn: readonly string[];
  /** Drawn organs that have limits in other numbers of fractions and none in this. */
  readonly withoutLimit: readonly string[];
}
