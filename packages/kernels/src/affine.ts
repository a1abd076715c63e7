/** Three rows of four, row by row: an affine map of points; the fourth of each row is the shift. */
export type Affine = ArrayLike<number>;

/** The map that leaves every point where it is. */
export const identityAffine: Float64Array = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

/** The map that first goes by `inner`, then by `outer`. */
export function composeAffine(outer: Affine, inner: Affine): Float64Array {
  const out = new Float64Array(12);
  for (let row = 0; row < 12; row += 4) {
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? at(outer, row + 3) : 0;
      for (let k = 0; k < 3; k++) sum += at(outer, row + k) * at(inner, 4 * k + column);
      out[row + column] = sum;
    }
  }
  return out;
}

/**
 * The map back.
 *
 * @throws RangeError when the map is flat
 */
export function invertAffine(map: Affine): Float64Array {
  const [a, b, c, d, e, f, g, h, i] = [0, 1, 2, 4, 5, 6, 8, 9, 10].map((k) => at(map, k)) as [number, number, number, number, number, number, number, number, number];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!Number.isFinite(1 / det)) throw new RangeError("The affine map is flat and has no inverse.");
  const linear = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
  const out = new Float64Array(12);
  for (let row = 0; row < 3; row++) {
    const [p, q, r] = linear.slice(3 * row, 3 * row + 3).map((cofactor) => cofactor / det) as [number, number, number];
    out.set([p, q, r, -(p * at(map, 3) + q * at(map, 7) + r * at(map, 11))], 4 * row);
  }
  return out;
}

function at(map: Affine, k: number): number {
  return map[k] as number;
}
