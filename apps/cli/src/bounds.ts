import { showNumber } from "@hapax/base";
import type { Bounds } from "@hapax/kernels";

/** One number, or its bounds where part of a structure has no dose. */
export function boundsText({ low, high }: Bounds, digits = 2): string {
  if (Number.isNaN(low)) return "too small";
  if (showNumber(low, digits) === showNumber(high, digits)) return showNumber(low, digits);
  return high === Infinity ? `≥ ${showNumber(low, digits)}` : `${showNumber(low, digits)} to ${showNumber(high, digits)}`;
}

/** The same for programs; null where there is none. */
export function boundsJson({ low, high }: Bounds): unknown {
  if (low === high) return low;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return Number.isNaN(low) ? null : { low: finite(low), high: finite(high) };
}
