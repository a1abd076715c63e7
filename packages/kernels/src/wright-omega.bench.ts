import { medianMs, report } from "./stopwatch.ts";
import { wrightOmega } from "./wright-omega.ts";

/** The same root by bisection: the plain reference. */
function bisection(y: number): number {
  let [low, high] = [0, Math.max(1, y + 1)];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (middle + Math.log(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A thousand values from −10 to 10. */
export function bench(): void {
  const over = (f: (y: number) => number) => () => {
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += f(-10 + i / 50);
    return sum;
  };
  report("kernels/wright-omega", medianMs(over(wrightOmega)), "bisection", medianMs(over(bisection)), "1000 values");
}

if (import.meta.main) bench();
