import type { Band } from "@hapax/kernels";
import { imageColors, rgbOf } from "./image-colors.ts";

/** A level of dose: where its band begins and what its line looks like. */
export interface DoseLevel {
  /** Percent of the reference dose. */
  readonly percent: number;
  /** `#rrggbb`. */
  readonly color: string;
  /** Part of the wash, of the lines, or of both. */
  readonly drawn: "wash" | "line" | "both";
  /** The wash of this band against the others'; default 1. */
  readonly density?: number;
}

/** Levels in falling order. */
export type DoseScheme = readonly DoseLevel[];

/** Percent of the prescription, from hot to cold. */
export const percentLevels: DoseScheme = ([110, 107, 105, 100, 95, 90, 80, 50, 30] as const).map((percent) => ({
  percent,
  color: imageColors[`iso-${percent}`],
  drawn: "both",
}));

/**
 * The report's Figure 2: blue from 100 %, green from 102 %, a line at 105 %, red from 109 %, denser since red and green
 * are close for some eyes.
 *
 * @source leach2025, Figure 2
 */
export const figure2Levels: DoseScheme = [
  { percent: 109, color: imageColors["fig2-109"], drawn: "both", density: 1.6 },
  { percent: 105, color: imageColors["iso-105"], drawn: "line" },
  { percent: 102, color: imageColors["fig2-102"], drawn: "both" },
  { percent: 100, color: imageColors["fig2-100"], drawn: "both" },
];

/** Share of the wash over the image, unless a person moves it. */
export const washShare = 0.35;

/**
 * Bands of the wash: each dose has the color of one band.
 *
 * @param referenceGy  dose of 100 %
 * @param share        0 to 1
 */
export function bandsOf(scheme: DoseScheme, referenceGy: number, share = washShare): Band[] {
  return scheme
    .filter(({ drawn }) => drawn !== "line")
    .map(({ percent, color, density = 1 }) => ({ from: (percent / 100) * referenceGy, rgb: rgbOf(color), alpha: Math.min(share * density, 1) }));
}

/** Levels that have a line. */
export function lineLevels(scheme: DoseScheme): DoseLevel[] {
  return scheme.filter(({ drawn }) => drawn !== "wash");
}
