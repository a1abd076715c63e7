import ucum from "@lhncbc/ucum-lhc";
import { HapaxError } from "./errors.ts";
import { showNumber } from "./words.ts";

declare const brand: unique symbol;
type Branded<Unit extends string> = number & { readonly [brand]: Unit };

/** Absorbed dose or dose-like quantity (BED, EQD2), gray. */
export type Gy = Branded<"Gy">;
export type Cm = Branded<"cm">;
export type Days = Branded<"d">;

export const Gy = (value: number) => value as Gy;
export const Cm = (value: number) => value as Cm;
export const Days = (value: number) => value as Days;

/** A value in the unit in which it was reported; `unit` is a UCUM code such as `cm`, `g/dL`, `[lb_av]`. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** The table of units, made when it is first asked: who only counts in Gy does without it. */
const table = () => ucum.UcumLhcUtils.getInstance();
const factors = new Map<string, number>();

/** True when `unit` is a UCUM code that the library knows. */
export function isUcum(unit: string): boolean {
  return unit.length <= 40 && table().validateUnitString(unit).status === "valid";
}

/** True when both codes measure the same kind of thing, so that one can be given in the other. */
export function sameKind(unit: string, other: string): boolean {
  return isUcum(unit) && table().convertUnitTo(unit, 1, other).status === "succeeded";
}

/**
 * The same quantity in another unit.
 *
 * @param quantity  value with its UCUM code
 * @param unit      the UCUM code wanted, of the same dimension
 * @returns         the number in `unit`
 * @throws          base/unit when either code is unknown or the dimensions differ
 */
export function convert(quantity: Quantity, unit: string): number {
  if (quantity.unit === unit) return quantity.value;
  const key = `${quantity.unit}→${unit}`;
  let factor = factors.get(key);
  if (factor === undefined) {
    const result = table().convertUnitTo(quantity.unit, 1, unit);
    if (result.status !== "succeeded" || result.toVal === null) {
      throw new HapaxError(
        "base/unit",
        `${quantity.value} ${quantity.unit} cannot be given in ${unit}.`,
        "Give a UCUM code of the same kind, such as cm, g/dL, Gy, mg, d or [lb_av].",
      );
    }
    // Every unit of the record is proportional to its base unit (no temperatures), so one factor serves.
    factor = result.toVal;
    factors.set(key, factor);
  }
  // Twelve digits: 563 000 /µL is 563 G/L, not 562.9999999999999.
  return Number((quantity.value * factor).toPrecision(12));
}

/** UCUM codes as a reader expects them; anything else is shown as it is. */
const printed: Record<string, string> = {
  "[lb_av]": "lb",
  "[in_i]": "in",
  "%": "%",
  "10*9/L": "×10⁹/L",
  "10*3/uL": "×10³/µL",
  "/uL": "/µL",
  "ug/L": "µg/L",
  "mg/m2": "mg/m²",
  a: "years",
  mo: "months",
  wk: "weeks",
  d: "days",
  h: "h",
  "1": "",
};

/** A quantity for the eye: `30.6 ng/mL`, `14.3 cm`, `563 ×10⁹/L`. */
export function show(quantity: Quantity): string {
  const unit = printed[quantity.unit] ?? quantity.unit;
  return unit === "" ? showNumber(quantity.value) : `${showNumber(quantity.value)} ${unit}`;
}
