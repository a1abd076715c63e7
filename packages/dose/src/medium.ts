import type { Grid } from "@hapax/base";

/** What the beam passes: density relative to water on the dose grid, and how it was had. */
export interface Medium {
  readonly grid: Grid;
  /** Relative electron density; 0 outside the body; length nx·ny·nz. */
  readonly density: Float32Array;
  /** Id of the density curve, or "water" where there was no CT. */
  readonly curve: string;
  /** What was overridden, cut or assumed, in words for the result. */
  readonly notes: readonly string[];
}
