/** A number with a true minus and no minus before zero. */
export const signed = (value: number, decimals = 1): string => value.toFixed(decimals).replace(/^-(0(?:\.0+)?)$/, "$1").replace("-", "−");

/** Lengths of axes, longest first: "14.3 × 13.3 cm", or in mm below a centimeter. */
export function lengthsWords(mm: readonly number[]): string {
  const small = mm.every((one) => one < 10);
  return `${mm.map((one) => signed(small ? one : one / 10)).join(" × ")} ${small ? "mm" : "cm"}`;
}
