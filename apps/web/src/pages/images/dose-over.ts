import type { Vec3, Volume } from "@hapax/base";
import { gammaBands, hexOf, type DoseLayer, type DoseLevel, type DoseScheme } from "@hapax/figures";
import { grayScheme } from "./dose-levels.ts";

/** What was computed from several doses and stands in the views instead of one of them. */
export type DoseOver =
  | { readonly is: "sum"; readonly volume: Volume; /** "Gy EQD2" */ readonly unit: string; readonly highest: { readonly gy: number; readonly at: Vec3 } | undefined }
  | { readonly is: "gamma"; readonly volume: Volume };

/** Gamma in the bands of its figure: points that pass in blues, those that fail in red. */
const gammaScheme: DoseScheme = gammaBands.map(({ from, rgb, alpha }): DoseLevel => ({ percent: 100 * from, color: hexOf(rgb), drawn: "wash", density: alpha })).toReversed();

/** How it is drawn, and its lines. */
export function layerOf(over: DoseOver, draw: { readonly wash: boolean; readonly lines: boolean }, washShare: number): DoseLayer {
  if (over.is === "gamma") return { volume: over.volume, scheme: gammaScheme, referenceGy: 1, draw: { wash: true, lines: false }, washShare: 1, interpolation: "nearest" };
  return { volume: over.volume, scheme: grayScheme(over.highest?.gy ?? 1), referenceGy: 100, draw, washShare };
}
