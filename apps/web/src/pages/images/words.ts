/** A number with a true minus and no minus before zero. */
export const signed = (value: number, decimals = 1): string => value.toFixed(decimals).replace(/^-(0(?:\.0+)?)$/, "$1").replace("-", "−");
