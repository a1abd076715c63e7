import { convert, type Quantity } from "@hapax/base";

/** True, false, or not recorded. */
export type Tri = boolean | undefined;

export function atLeast(value: Quantity | undefined, cut: Quantity): Tri {
  return value === undefined ? undefined : convert(value, cut.unit) >= cut.value;
}

export function moreThan(value: Quantity | undefined, cut: Quantity): Tri {
  return value === undefined ? undefined : convert(value, cut.unit) > cut.value;
}

/** Kleene's and: one false decides, whatever is unknown. */
export function allOf(...values: readonly Tri[]): Tri {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

/** Kleene's or: one true decides, whatever is unknown. */
export function anyOf(...values: readonly Tri[]): Tri {
  if (values.includes(true)) return true;
  return values.includes(undefined) ? undefined : false;
}

export function not(value: Tri): Tri {
  return value === undefined ? undefined : !value;
}

/** How many are true: between those known to be, and those that still could be. */
export function countOf(values: readonly Tri[]): { low: number; high: number } {
  const low = values.filter((v) => v === true).length;
  return { low, high: low + values.filter((v) => v === undefined).length };
}
