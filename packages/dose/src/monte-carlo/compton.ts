/** Rest energy of the electron, MeV. */
export const electronMev = 0.51099895;
/** Classical radius of the electron, cm. */
export const electronRadiusCm = 2.8179403e-13;

/**
 * Cross section of a free electron for a photon, cm²: all energies and angles of Klein and Nishina.
 *
 * @param energyMev  of the photon
 * @source           klein1929
 */
export function kleinNishina(energyMev: number): number {
  const k = energyMev / electronMev;
  const log = Math.log(1 + 2 * k);
  const parts = ((1 + k) / (k * k)) * ((2 * (1 + k)) / (1 + 2 * k) - log / k) + log / (2 * k) - (1 + 3 * k) / ((1 + 2 * k) * (1 + 2 * k));
  return 2 * Math.PI * electronRadiusCm * electronRadiusCm * parts;
}

/**
 * Energy of the photon over its energy after one Compton scatter, drawn by Kahn's rejection; 1 − cos of its angle is
 * (ratio − 1) times the electron's rest energy over the photon's. Free electron at rest.
 *
 * @source kahn1956
 */
export function comptonRatio(energyMev: number, random: () => number): number {
  const k = energyMev / electronMev;
  const span = 1 + 2 * k;
  for (;;) {
    if (random() * (9 + 2 * k) <= span) {
      const ratio = 1 + 2 * k * random();
      if (random() <= 4 * (1 / ratio - 1 / (ratio * ratio))) return ratio;
    } else {
      const ratio = span / (1 + 2 * k * random());
      const cosine = 1 - (ratio - 1) / k;
      if (2 * random() <= cosine * cosine + 1 / ratio) return ratio;
    }
  }
}
