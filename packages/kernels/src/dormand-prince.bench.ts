import { integrate } from "./dormand-prince.ts";
import { medianMs, report } from "./stopwatch.ts";

const mu = 0.012277471;
const period = 17.0652165601579625588917206249;
const start = Float64Array.of(0.994, 0, 0, -2.00158510637908252240537862224);

/** A satellite of earth and moon on Arenstorf's closed orbit: slow far away, fast at each passage. */
function arenstorf(_: number, y: Float64Array, out: Float64Array): void {
  const [x = 0, z = 0, u = 0, v = 0] = y;
  const earth = ((x + mu) ** 2 + z * z) ** 1.5;
  const moon = ((x - 1 + mu) ** 2 + z * z) ** 1.5;
  out[0] = u;
  out[1] = v;
  out[2] = x + 2 * v - ((1 - mu) * (x + mu)) / earth - (mu * (x - 1 + mu)) / moon;
  out[3] = z - 2 * u - ((1 - mu) * z) / earth - (mu * z) / moon;
}

/** Classical Runge-Kutta with a fixed step: the plain reference. */
function rungeKutta4(steps: number): Float64Array {
  const h = period / steps;
  const n = start.length;
  const y = Float64Array.from(start);
  const k = Array.from({ length: 4 }, () => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const at = new Float64Array(n);
  const move = (slope: Float64Array, by: number) => {
    for (let i = 0; i < n; i++) at[i] = (y[i] as number) + by * (slope[i] as number);
  };
  for (let s = 0; s < steps; s++) {
    arenstorf(0, y, k[0]);
    move(k[0], h / 2);
    arenstorf(0, at, k[1]);
    move(k[1], h / 2);
    arenstorf(0, at, k[2]);
    move(k[2], h);
    arenstorf(0, at, k[3]);
    for (let i = 0; i < n; i++) {
      y[i] = (y[i] as number) + (h / 6) * ((k[0][i] as number) + 2 * (k[1][i] as number) + 2 * (k[2][i] as number) + (k[3][i] as number));
    }
  }
  return y;
}

const miss = (x: number, z: number) => Math.hypot(x - (start[0] as number), z);

/** Once around the orbit: adaptive steps against as many fixed ones as come about as close to the start. */
export function bench(): void {
  const adaptive = () => integrate(arenstorf, start, Float64Array.of(0, period), { relative: 1e-9, absolute: 1e-9 });
  const fixed = () => rungeKutta4(100_000);
  const [ours, plain] = [adaptive(), fixed()];
  const note = `misses the start by ${miss(ours[4] as number, ours[5] as number).toExponential(1)} and ${miss(plain[0] as number, plain[1] as number).toExponential(1)}`;
  report("kernels/dormand-prince", medianMs(adaptive), "fixed-step RK4", medianMs(fixed), note);
}

if (import.meta.main) bench();
