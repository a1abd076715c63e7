import type { SchemeName } from "./dose-levels.ts";

/** How the reader looks at the dose. */
export interface DoseView {
  /** SOPInstanceUID; undefined takes the first of the study. */
  readonly uid: string | undefined;
  /** A second dose, drawn as dashed lines. */
  readonly secondUid: string | undefined;
  readonly shown: boolean;
  readonly wash: boolean;
  readonly lines: boolean;
  /** Share of the wash over the image, 0 to 1. */
  readonly share: number;
  /** Undefined takes the one that suits the prescription. */
  readonly scheme: SchemeName | undefined;
  /** Dose of 100 % as the reader has chosen it, Gy. */
  readonly statedGy: number | undefined;
}

export const firstDoseView: DoseView = { uid: undefined, secondUid: undefined, shown: true, wash: true, lines: true, share: 0.35, scheme: undefined, statedGy: undefined };
