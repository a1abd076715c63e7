/** A number with a true minus and no minus before zero. */
export const signed = (value: number, decimals = 1): string => value.toFixed(decimals).replace(/^-(0(?:\.0+)?)$/, "$1").replace("-", "−");

/** With its sign, also where it is positive. */
export const plus = (value: number, decimals = 1): string => (Number(value.toFixed(decimals)) > 0 ? `+${signed(value, decimals)}` : signed(value, decimals));

/** Lengths of axes, longest first: "14.3 × 13.3 cm", or in mm below a centimeter. */
export function lengthsWords(mm: readonly number[]): string {
  const small = mm.every((one) => one < 10);
  return `${mm.map((one) => signed(small ? one : one / 10)).join(" × ")} ${small ? "mm" : "cm"}`;
}

/** A number of 0 or more as a reader writes it; undefined where it is none. */
export const amount = (text: string): number | undefined => {
  const value = Number(text.replace(",", "."));
  return text.trim() !== "" && Number.isFinite(value) && value >= 0 ? value : undefined;
};
