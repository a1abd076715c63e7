import { HapaxError } from "@hapax/base";

/**
 * Refuses what the linear-quadratic model has no meaning for.
 *
 * @throws radiobiology/fractions when n is not a positive integer; radiobiology/alpha-beta when α/β is not above 0
 */
export function checkCourse(dose: number, fractions: number, alphaBeta: number): void {
  if (!Number.isInteger(fractions) || fractions < 1) {
    throw new HapaxError(
      "radiobiology/fractions",
      `A course of ${dose} Gy was given with ${fractions} fractions.`,
      "Give the number of fractions as a whole number, 1 or more.",
    );
  }
  if (!(alphaBeta > 0)) {
    throw new HapaxError("radiobiology/alpha-beta", `α/β was given as ${alphaBeta} Gy.`, "Give α/β in Gy, above 0.");
  }
}
