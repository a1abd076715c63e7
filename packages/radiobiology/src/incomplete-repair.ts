import { Gy } from "@hapax/base";
import { checkCourse } from "./linear-quadratic.ts";

/**
 * Hm, by which damage not yet repaired between fractions of one day adds to the quadratic term:
 * Hm = (2/m) (θ / (1 − θ)) (m − (1 − θᵐ) / (1 − θ)), θ = exp(−ln 2 · interval / half-time).
 *
 * @param perDay         fractions per day m
 * @param intervalHours  time between them, h
 * @param halfTimeHours  half-time of repair, h
 * @returns              Hm; 0 with one fraction per day, m − 1 with no time between them
 * @source               thames1985
 */
export function incompleteRepair(perDay: number, intervalHours: number, halfTimeHours: number): number {
  const theta = Math.exp((-Math.LN2 * intervalHours) / halfTimeHours);
  // Σ (m − k) θᵏ, k = 1 … m − 1, is the closed form without its 0/0 at θ = 1.
  let sum = 0;
  for (let k = 1; k < perDay; k++) sum += (perDay - k) * theta ** k;
  return (2 / perDay) * sum;
}

/**
 * BED of a course of several fractions a day: D (1 + (1 + Hm) d / (α/β)).
 *
 * @param dose       total physical dose D, Gy
 * @param fractions  number of equal fractions n; d = D / n
 * @param alphaBeta  α/β of the tissue, Gy
 * @param repair     Hm, from `incompleteRepair`
 * @returns          BED, Gy
 * @throws           radiobiology/fractions, radiobiology/alpha-beta
 * @source           thames1985
 */
export function bedIncompleteRepair(dose: Gy, fractions: number, alphaBeta: Gy, repair: number): Gy {
  checkCourse(dose, fractions, alphaBeta);
  return Gy(dose * (1 + ((1 + repair) * dose) / fractions / alphaBeta));
}
