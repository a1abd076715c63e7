import type { Volume } from "@hapax/base";

/** The same dose with its values in Gy as they stand. */
export function inGray(volume: Volume): Volume<Float32Array> {
  const { values, slope, intercept } = volume;
  if (values instanceof Float32Array && slope === 1 && intercept === 0) return { ...volume, values };
  return { ...volume, values: Float32Array.from(values, (value) => value * slope + intercept), slope: 1, intercept: 0 };
}
