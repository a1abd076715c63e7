import { Gy } from "@hapax/base";
import type { Assumption, CaseView } from "@hapax/case";
import { bed } from "./bed.ts";
import { assumeNumber } from "./courses.ts";

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

/** Where the linear tail begins, as the reader set it; 0 keeps the model linear-quadratic throughout. */
export function linearFrom(view: CaseView): Assumption & { readonly value: number } {
  return assumeNumber(
    view,
    {
      key: "radiobiology/eqd2/linearFrom",
      name: "dose per fraction above which the model is linear (LQ-L)",
      value: 0,
      unit: "Gy",
      why: "0: linear-quadratic throughout; 6 and 6.2 Gy have been used (recalled)",
      options: [0, 6, 6.2, 10],
    },
    (value) => value >= 0 && value <= 100,
  );
}

/** BED by the linear-quadratic model, with a linear tail above `transition` Gy per fraction where that is above 0. */
export function bedWithTail(dose: Gy, fractions: number, alphaBeta: Gy, transition: number): Gy {
  return transition > 0 ? bedLqL(dose, fractions, alphaBeta, Gy(transition)) : bed(dose, fractions, alphaBeta);
}
