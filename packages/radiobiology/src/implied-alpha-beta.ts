import { Gy } from "@hapax/base";

/**
 * The α/β at which a course has a stated EQD2: x from D (d + x) = E (2 + x), so x = (2E − D d) / (D − E).
 *
 * @param dose       total physical dose D, Gy
 * @param fractions  number of equal fractions n; d = D / n
 * @param eqd2       EQD2 E as stated, Gy
 * @returns          α/β, Gy; undefined where no positive α/β gives the stated value
 * @source           fowler1989
 */
export function impliedAlphaBeta(dose: Gy, fractions: number, eqd2: Gy): Gy | undefined {
  const alphaBeta = (2 * eqd2 - (dose * dose) / fractions) / (dose - eqd2);
  return Number.isFinite(alphaBeta) && alphaBeta > 0 ? Gy(alphaBeta) : undefined;
}
