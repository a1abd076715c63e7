/**
 * Dose of the same effect in fractions of `referenceGy`, voxel by voxel, linear-quadratic model:
 * EQDx = D (D / n + α/β) / (x + α/β). With x = 2 it is EQD2, with x = 0 BED.
 *
 * Each voxel has its own dose per fraction, so that a simultaneous boost needs nothing special. Never convert a sum of courses:
 * convert each, then add.
 *
 * @param doseGy       physical dose of all n fractions, Gy; NaN stays NaN
 * @param fractions    n, equal fractions
 * @param alphaBetaGy  α/β, Gy
 * @param referenceGy  x, Gy
 * @param factor       what the result is multiplied by, after conversion; 1 leaves it
 * @returns            Gy, one for each dose
 * @source             fowler1989
 */
export function equieffectiveDose(doseGy: Float32Array, fractions: number, alphaBetaGy: number, referenceGy: number, factor = 1): Float32Array {
  const out = new Float32Array(doseGy.length);
  const [linear, quadratic] = [(factor * alphaBetaGy) / (referenceGy + alphaBetaGy), factor / (fractions * (referenceGy + alphaBetaGy))];
  for (let i = 0; i < out.length; i++) {
    const dose = doseGy[i] as number;
    out[i] = dose * (linear + dose * quadratic);
  }
  return out;
}

/** Adds the values of one volume to another in place: unknown and known make unknown. */
export function addTo(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
}
