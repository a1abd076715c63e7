import { Gy, HapaxError } from "@hapax/base";

/**
 * Generalized equivalent uniform dose: (Σ vᵢ Dᵢᵃ / Σ vᵢ)^(1/a). Doses are taken as they are: convert them to EQD2 first.
 *
 * @param dosesGy  dose of each part, Gy
 * @param volumes  volume of each part, any unit; same length
 * @param a        1 is the mean; large is near the maximum, very negative near the minimum; not 0
 * @returns        gEUD, Gy; 0 for a below 0 where a part has no dose
 * @throws         radiobiology/geud when the lengths differ, the volume is 0, or a is 0
 * @source         niemierko1999
 */
export function geud(dosesGy: ArrayLike<number>, volumes: ArrayLike<number>, a: number): Gy {
  let total = 0;
  let scale = a > 0 ? 0 : Infinity;
  for (let i = 0; i < dosesGy.length; i++) {
    const volume = volumes[i] ?? 0;
    const dose = dosesGy[i] ?? 0;
    total += volume;
    if (volume > 0) scale = a > 0 ? Math.max(scale, dose) : Math.min(scale, dose);
  }
  if (dosesGy.length !== volumes.length || !(total > 0) || a === 0 || !Number.isFinite(a)) {
    throw new HapaxError(
      "radiobiology/geud",
      `${dosesGy.length} doses, ${volumes.length} volumes of ${total} in all, a = ${a}.`,
      "Give as many volumes as doses, some volume, and an a that is not 0.",
    );
  }
  if (scale === 0) return Gy(0);
  // Scaled by the extreme dose, no power overflows: every term is between 0 and its volume.
  let sum = 0;
  for (let i = 0; i < dosesGy.length; i++) sum += (volumes[i] ?? 0) * ((dosesGy[i] ?? 0) / scale) ** a;
  return Gy(scale * (sum / total) ** (1 / a));
}
