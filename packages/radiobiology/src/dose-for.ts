import { Gy } from "@hapax/base";
import { checkCourse } from "./linear-quadratic.ts";

/**
 * Total dose in n fractions that has a given BED: the positive root of n d (1 + d / (α/β)) = BED.
 *
 * @param bed        BED wanted, Gy; what is not above 0 needs no dose
 * @param fractions  number of equal fractions n
 * @param alphaBeta  α/β of the tissue, Gy
 * @returns          total physical dose, Gy
 * @throws           radiobiology/fractions, radiobiology/alpha-beta
 * @source           fowler1989
 */
export function doseForBed(bed: Gy, fractions: number, alphaBeta: Gy): Gy {
  checkCourse(bed, fractions, alphaBeta);
  if (bed <= 0) return Gy(0);
  // (−a + √(a² + 4aB/n)) / 2 loses its digits where B/n is small beside a; this form of the same root does not.
  const perFraction = (2 * (bed / fractions)) / (1 + Math.sqrt(1 + (4 * bed) / fractions / alphaBeta));
  return Gy(fractions * perFraction);
}

/**
 * Total dose in n fractions that has a given EQD2.
 *
 * @param eqd2       EQD2 wanted, Gy
 * @param fractions  number of equal fractions n
 * @param alphaBeta  α/β of the tissue, Gy
 * @returns          total physical dose, Gy
 * @throws           radiobiology/fractions, radiobiology/alpha-beta
 * @source           fowler1989
 */
export function doseForEqd2(eqd2: Gy, fractions: number, alphaBeta: Gy): Gy {
  return doseForBed(Gy(eqd2 * (1 + 2 / alphaBeta)), fractions, alphaBeta);
}
