import { HapaxError } from "@hapax/base";

const limit = 16;
const withoutLeadingZero = (text: string) => text.replace(/^(-?)0\./, "$1.");

/** The shortest ways to write a number: as it is, with an exponent, and each without its leading zero. */
const spellings = (value: number): string[] =>
  [String(value), value.toExponential()].map((text) => text.replace("e+", "e")).flatMap((text) => [text, withoutLeadingZero(text)]);

/**
 * A number as a decimal string (DS) of at most 16 bytes, as near as 16 bytes allow.
 *
 * @throws dicom/decimal when it is not finite, or so near the largest number that it cannot be rounded
 */
export function decimal(value: number): string {
  if (!(Math.abs(value) <= 1e308)) throw new HapaxError("dicom/decimal", `${value} was to be written as a decimal string.`, "Give a number of at most 1e308.");
  let digits = 17;
  let written: string | undefined;
  // At ten digits every number fits with its exponent.
  do written = spellings(Number(value.toPrecision(digits--))).find((text) => text.length <= limit);
  while (written === undefined);
  return written;
}
