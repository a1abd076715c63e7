import type { Vec3, Volume } from "@hapax/base";
import { gammaBands, hexOf, type DoseLayer, type DoseLevel, type DoseScheme } from "@hapax/figures";
import { grayScheme } from "./dose-levels.ts";

/** What was computed from several doses and stands in the views instead of one of them. */
export type DoseOver =
  | { readonly is: "sum"; readonly volume: Volume; /** "Gy EQD2" */ readonly unit: string; readonly highest: { readonly gy: number; readonly at: Vec3 } | undefined }
  | { readonly is: "gamma"; readonly volume: Volume }
  | { readonly is: "difference"; /** Gy */ readonly volume: Volume; /** Dose of 100 %, Gy. */ readonly wholeGy: number };

/** Gamma in the bands of its figure: points that pass in blues, those that fail in red. */
const gammaScheme: DoseScheme = gammaBands.map(({ from, rgb, alpha }): DoseLevel => ({ percent: 100 * from, color: hexOf(rgb), drawn: "wash", density: alpha })).toReversed();

/** A band of a difference: from which percent, its color, and its words; the middle one is bare. */
export const differenceBands = [
  { percent: -Infinity, color: "#2E6BFF", density: 1.7, words: "under −5 %" },
  { percent: -5, color: "#35A7FF", density: 1.2, words: "to −2 %" },
  { percent: -2, color: undefined, density: 0, words: "±2 %" },
  { percent: 2, color: "#FF8A00", density: 1.2, words: "to +5 %" },
  { percent: 5, color: "#FF3B30", density: 1.7, words: "over +5 %" },
] as const;
const differenceScheme: DoseScheme = differenceBands.map(({ percent, color = "#000000", density }): DoseLevel => ({ percent, color, drawn: "wash", density })).toReversed();

/** How it is drawn, and its lines. */
export function layerOf(over: DoseOver, draw: { readonly wash: boolean; readonly lines: boolean }, washShare: number): DoseLayer {
  if (over.is === "gamma") return { volume: over.volume, scheme: gammaScheme, referenceGy: 1, draw: { wash: true, lines: false }, washShare: 1, interpolation: "nearest" };
  if (over.is === "difference") return { volume: over.volume, scheme: differenceScheme, referenceGy: over.wholeGy, draw: { wash: true, lines: false }, washShare };
  return { volume: over.volume, scheme: grayScheme(over.highest?.gy ?? 1), referenceGy: 100, draw, washShare };
}
