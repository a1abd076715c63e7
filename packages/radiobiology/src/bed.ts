import { Gy } from "@hapax/base";
import { checkCourse } from "./linear-quadratic.ts";

/**
 * Biologically effective dose, linear-quadratic model: BED = D (1 + d / (α/β)).
 *
 * @param dose       total physical dose D, Gy
 * @param fractions  number of equal fractions n; d = D / n
 * @param alphaBeta  α/β of the tissue, Gy
 * @returns          BED, Gy
 * @throws           radiobiology/fractions, radiobiology/alpha-beta
 * @source           fowler1989
 */
export function bed(dose: Gy, fractions: number, alphaBeta: Gy): Gy {
  checkCourse(dose, fractions, alphaBeta);
  return Gy(dose * (1 + dose / fractions / alphaBeta));
}
