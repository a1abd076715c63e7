import { minimize } from "./nelder-mead.ts";
import { medianMs, report } from "./stopwatch.ts";

const rosenbrock = (p: Float64Array) => 100 * ((p[1] as number) - (p[0] as number) ** 2) ** 2 + (1 - (p[0] as number)) ** 2;

/** Search along the coordinates with halving steps: the plain reference. */
function coordinateSearch(): number {
  const point = Float64Array.of(-1.2, 1);
  let best = rosenbrock(point);
  for (let step = 0.5; step > 1e-7; ) {
    let moved = false;
    for (let i = 0; i < 2; i++) {
      for (const sign of [1, -1]) {
        const before = point[i] as number;
        point[i] = before + sign * step;
        const value = rosenbrock(point);
        if (value < best) {
          best = value;
          moved = true;
        } else point[i] = before;
      }
    }
    if (!moved) step /= 2;
  }
  return best;
}

/** Rosenbrock's valley from (−1.2, 1): the simplex against a search along the coordinates. */
export function bench(): void {
  const ours = () => minimize(rosenbrock, Float64Array.of(-1.2, 1), Float64Array.of(0.5, 0.5));
  const found = ours();
  report("kernels/nelder-mead", medianMs(ours), "coordinate search", medianMs(coordinateSearch), `${found.evaluations} evaluations, value ${found.value.toExponential(1)} and ${coordinateSearch().toExponential(1)}`);
}

if (import.meta.main) bench();
