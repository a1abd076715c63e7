import { showNumber } from "@hapax/base";
import type { Bounds } from "@hapax/kernels";

/** One number, or its bounds where part of a structure has no dose. */
export function boundsText({ low, high }: Bounds): string {
  if (Number.isNaN(low)) return "too small";
  if (showNumber(low, 2) === showNumber(high, 2)) return showNumber(low, 2);
  return high === Infinity ? `≥ ${showNumber(low, 2)}` : `${showNumber(low, 2)} to ${showNumber(high, 2)}`;
}

/** The same for programs; null where there is none. */
export function boundsJson({ low, high }: Bounds): unknown {
  if (low === high) return low;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return Number.isNaN(low) ? null : { low: finite(low), high: finite(high) };
}
