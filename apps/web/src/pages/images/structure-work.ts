import type { Grid, HapaxError, Vec3, Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { OccupancyBox } from "@hapax/figures";
import type { Bounds } from "@hapax/kernels";
import type { Verdict } from "@hapax/radiotherapy";

/** What the worker of structures is given: everything at once, and it answers structure by structure. */
export interface StructureWork {
  readonly structures: readonly Structure[];
  readonly frameOfReference: string;
  /** The grid of the images that they are drawn on. */
  readonly grid: Grid;
  /** Gy. */
  readonly dose: Volume | undefined;
  /** Left out, outlines come before the numbers; false leaves them out, where they are had already. */
  readonly outlines?: boolean;
}

/** What a structure receives. */
export interface DoseNumbers {
  /** Share of the volume whose dose is known. */
  readonly coverage: number;
  readonly mean: Bounds;
  readonly d95: Bounds;
  readonly d003cc: Bounds;
  readonly max: Bounds;
  readonly maxAt: Vec3;
  /** Share of the volume at 0, step, 2 step … Gy or more. */
  readonly cumulative: Float64Array;
  /** Share of the volume per step of dose. */
  readonly differential: Float64Array;
  readonly stepGy: number;
  readonly notes: readonly string[];
}

/** What limits may be asked of: the course that the dose belongs to, as its plan says it. */
export interface Course {
  readonly fractions: number | undefined;
  readonly perFractionGy: number | undefined;
}

/** A limit held against a structure. */
export interface Goal extends Verdict {
  /** Name in the structure set. */
  readonly name: string;
}

/** What the worker is told, and what it tells. */
export type Told = { readonly work: StructureWork } | { readonly course: Course };
export type Answered = { readonly structure: StructureAnswer } | { readonly goals: readonly Goal[] };

/** What comes back of one structure. */
export interface StructureAnswer {
  readonly number: number;
  readonly occupancy?: OccupancyBox;
  readonly volumeCc?: number;
  readonly dose?: DoseNumbers;
  readonly problem?: Pick<HapaxError, "code" | "what" | "remedy">;
}
