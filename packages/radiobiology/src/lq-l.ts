import { Gy } from "@hapax/base";
import { bed } from "./bed.ts";

/**
 * BED with a linear tail for large fractions (LQ-L). Above the transition dose dT the survival curve goes on as its
 * tangent at dT: BED = n (dT (1 + dT / (α/β)) + (1 + 2 dT / (α/β)) (d − dT)).
 *
 * @param dose        total physical dose D, Gy
 * @param fractions   number of equal fractions n; d = D / n
 * @param alphaBeta   α/β of the tissue, Gy
 * @param transition  dT, Gy per fraction; up to it the model is linear-quadratic
 * @returns           BED, Gy
 * @throws            radiobiology/fractions, radiobiology/alpha-beta
 * @source            guerrero2004
 */
export function bedLqL(dose: Gy, fractions: number, alphaBeta: Gy, transition: Gy): Gy {
  const perFraction = dose / fractions;
  if (perFraction <= transition) return bed(dose, fractions, alphaBeta);
  const slope = 1 + (2 * transition) / alphaBeta;
  return Gy(bed(Gy(fractions * transition), fractions, alphaBeta) + fractions * slope * (perFraction - transition));
}
