export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
  /** False when the evaluations ran out first. */
  readonly converged: boolean;
}

export interface SimplexOptions {
  /** Spread of the simplex, in the unit of the coordinates, below which it stops; 1e-6 unless given. */
  readonly pointTolerance?: number;
  /** Spread of the values below which it stops; 1e-9 unless given. */
  readonly valueTolerance?: number;
  readonly maxEvaluations?: number;
}

/**
 * Finds a local minimum by the simplex of Nelder and Mead: reflect, expand, contract, shrink. Needs no derivative and no
 * chance: the same input gives the same answer.
 *
 * @param objective  value at a point; NaN counts as worse than any number
 * @param start      first corner of the simplex; left as it is
 * @param step       length of the first edge along each coordinate, not zero; same length
 * @returns          the best point met
 */
export function minimize(objective: (point: Float64Array) => number, start: Float64Array, step: Float64Array, options: SimplexOptions = {}): Minimum {
  const { pointTolerance = 1e-6, valueTolerance = 1e-9, maxEvaluations = 2000 } = options;
  const n = start.length;
  let evaluations = 0;
  const evaluate = (point: Float64Array) => {
    evaluations++;
    const value = objective(point);
    return Number.isNaN(value) ? Infinity : value;
  };
  const corner = (point: Float64Array) => ({ point, value: evaluate(point) });
  const simplex = [corner(Float64Array.from(start))];
  for (let i = 0; i < n; i++) {
    const point = Float64Array.from(start);
    point[i] = (point[i] as number) + (step[i] as number);
    simplex.push(corner(point));
  }
  const byValue = (a: { value: number }, b: { value: number }) => a.value - b.value;
  const centroid = new Float64Array(n);
  const along = (from: Float64Array, factor: number) => {
    const point = new Float64Array(n);
    for (let i = 0; i < n; i++) point[i] = (centroid[i] as number) + factor * ((from[i] as number) - (centroid[i] as number));
    return corner(point);
  };
  let converged = false;
  for (;;) {
    simplex.sort(byValue);
    const best = simplex[0] as (typeof simplex)[0];
    const worst = simplex[n] as (typeof simplex)[0];
    let spread = 0;
    for (const { point } of simplex) {
      for (let i = 0; i < n; i++) spread = Math.max(spread, Math.abs((point[i] as number) - (best.point[i] as number)));
    }
    // Equal values alone are no minimum: a simplex can straddle it evenly.
    converged = spread <= pointTolerance && worst.value - best.value <= valueTolerance;
    if (n === 0 || converged || evaluations >= maxEvaluations) return { ...best, evaluations, converged: converged || n === 0 };
    centroid.fill(0);
    for (let c = 0; c < n; c++) {
      for (let i = 0; i < n; i++) centroid[i] = (centroid[i] as number) + ((simplex[c] as typeof best).point[i] as number) / n;
    }
    const second = simplex[n - 1] as typeof best;
    const reflected = along(worst.point, -1);
    if (reflected.value < best.value) {
      const expanded = along(worst.point, -2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
      continue;
    }
    if (reflected.value < second.value) {
      simplex[n] = reflected;
      continue;
    }
    const outside = reflected.value < worst.value;
    const contracted = along(worst.point, outside ? -0.5 : 0.5);
    if (contracted.value < Math.min(reflected.value, worst.value)) {
      simplex[n] = contracted;
      continue;
    }
    for (let c = 1; c <= n; c++) {
      const { point } = simplex[c] as typeof best;
      for (let i = 0; i < n; i++) point[i] = ((point[i] as number) + (best.point[i] as number)) / 2;
      simplex[c] = corner(point);
    }
  }
}
