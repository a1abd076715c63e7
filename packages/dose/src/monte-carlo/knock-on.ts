import { electronMev, electronRadiusCm } from "./compton.ts";

/** Møller's two factors for an electron of some kinetic energy, and what stands before them, cm² MeV. */
function factors(energyMev: number): { square: number; cross: number; size: number } {
  const tau = energyMev / electronMev;
  const gamma = tau + 1;
  const betaSquared = 1 - 1 / (gamma * gamma);
  return {
    square: (tau / gamma) ** 2,
    cross: (2 * tau + 1) / (gamma * gamma),
    size: (2 * Math.PI * electronRadiusCm * electronRadiusCm * electronMev) / betaSquared,
  };
}

/**
 * Cross section of a free electron to be knocked on with more than some energy, cm², and the mean energy that goes with
 * it, cm² MeV; the slower of the two counts as the one knocked on.
 *
 * @param energyMev  kinetic energy of the electron that comes
 * @param leastMev   of the electron knocked on
 * @source           moller1932
 */
export function knockOn(energyMev: number, leastMev: number): { number: number; energy: number } {
  const least = leastMev / energyMev;
  if (least >= 0.5) return { number: 0, energy: 0 };
  const { square, cross, size } = factors(energyMev);
  const rest = 1 - least;
  return {
    number: (size / energyMev) * (1 / least - 1 / rest + square * (0.5 - least) - cross * Math.log(rest / least)),
    energy: size * (-Math.log(2 * least) + 2 - 1 / rest - Math.log(2 * rest) + square * (0.125 - (least * least) / 2) - cross * Math.log(2 * rest)),
  };
}

/** Kinetic energy of an electron knocked on, MeV, drawn by rejection; more than `leastMev`, at most half. @source moller1932 */
export function knockOnEnergy(energyMev: number, leastMev: number, random: () => number): number {
  const { square, cross } = factors(energyMev);
  const most = energyMev / leastMev;
  for (;;) {
    const share = 1 / (most - random() * (most - 2));
    const other = share / (1 - share);
    const weight = 1 + other * other + square * share * share - cross * other;
    if (random() * (2 + square / 4) < weight) return share * energyMev;
  }
}

/** Cosine of the angle of an electron with `energyMev` after one with `fromMev` met one at rest. */
export const knockOnCosine = (fromMev: number, energyMev: number): number =>
  Math.min(1, Math.sqrt((energyMev * (fromMev + 2 * electronMev)) / (fromMev * (energyMev + 2 * electronMev))));
