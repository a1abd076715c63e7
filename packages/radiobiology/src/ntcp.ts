import type { Gy } from "@hapax/base";

/** Parameters of the Lyman model; a probability without the name of its set means nothing. */
export interface LymanSet {
  /** Who fitted it, to what. */
  readonly name: string;
  readonly td50: Gy;
  readonly m: number;
  /** Volume exponent; the gEUD is taken at a = 1/n. */
  readonly n: number;
}

/** A probability and the set of parameters that it belongs to. */
export interface Probability {
  readonly probability: number;
  readonly set: string;
}

/**
 * Complication probability by Lyman, Kutcher and Burman: Φ((gEUD − TD50) / (m TD50)).
 *
 * @param uniform  gEUD at a = 1/n of doses converted to 2 Gy fractions, Gy
 * @param set      parameters and their name
 * @source         lyman1985
 */
export function ntcpLyman(uniform: Gy, set: LymanSet): Probability {
  return { probability: normal((uniform - set.td50) / (set.m * set.td50)), set: set.name };
}

/**
 * Logistic dose response: 1 / (1 + (D50 / gEUD)^(4 γ50)), for complication (TD50) and control (TCD50) alike.
 *
 * @param uniform  gEUD, Gy
 * @param set      D50 in Gy, the normalized slope γ50, and their name
 * @source         niemierko1999
 */
export function logisticResponse(uniform: Gy, set: { readonly name: string; readonly d50: Gy; readonly gamma50: number }): Probability {
  return { probability: uniform <= 0 ? 0 : 1 / (1 + (set.d50 / uniform) ** (4 * set.gamma50)), set: set.name };
}

/**
 * Poisson dose response: 2^−exp((2 γ50 / ln 2) (1 − EUD / D50)).
 *
 * @param uniform  EUD, Gy
 * @param set      D50 in Gy, the normalized slope γ50, and their name
 * @source         kallman1992
 */
export function poissonResponse(uniform: Gy, set: { readonly name: string; readonly d50: Gy; readonly gamma50: number }): Probability {
  return { probability: 2 ** -Math.exp(((2 * set.gamma50) / Math.LN2) * (1 - uniform / set.d50)), set: set.name };
}

/** Φ, by Abramowitz and Stegun 26.2.17 where its error of 7.5e-8 does not show, and by symmetry below 0. */
function normal(z: number): number {
  if (z < 0) return 1 - normal(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}
