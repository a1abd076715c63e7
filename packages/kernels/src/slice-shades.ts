/** Which numbers become black and white. */
export interface GrayWindow {
  readonly center: number;
  /** Above 0; with the law LINEAR at least 1. */
  readonly width: number;
  /** VOI LUT function of DICOM; default LINEAR. LINEAR_EXACT suits what is not counted in whole numbers (SUV, Gy). */
  readonly law?: "LINEAR" | "LINEAR_EXACT";
  /** High values black. */
  readonly inverse?: boolean;
}

/** Colors of unknown values: a dark blue-gray with stripes, which no window gives to air. */
export const unknownColors = { ground: [16, 22, 31], stripe: [25, 34, 47], everyPx: 6 } as const;

/**
 * Gray of a value, 0 to 255, not rounded.
 *
 * @throws RangeError when the window is narrower than its law allows
 * @source DICOM PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.2 (LINEAR_EXACT)
 */
export function gray(value: number, window: GrayWindow): number {
  const { slope, shift } = ramp(window);
  return Math.min(Math.max(value * slope + shift, 0), 255);
}

/** Gray before it is cut to 0 and 255: `value · slope + shift`. */
export function ramp({ center, width, law = "LINEAR", inverse = false }: GrayWindow): { slope: number; shift: number } {
  const least = law === "LINEAR" ? 1 : 0;
  if (!(width >= least && width > 0 && Number.isFinite(center) && Number.isFinite(width))) throw new RangeError(`A window of center ${center} and width ${width} is not one of ${law}.`);
  // LINEAR of width 1 is a step: above center − 0.5 white; a slope this steep is one within any stored value.
  const span = law === "LINEAR" ? Math.max(width - 1, 1e-6) : width;
  const middle = law === "LINEAR" ? center - 0.5 : center;
  const slope = 255 / span;
  const shift = 127.5 - middle * slope;
  return inverse ? { slope: -slope, shift: 255 - shift } : { slope, shift };
}

/**
 * Paints values as grays, opaque; NaN as stripes on dark blue-gray.
 *
 * @param values  width × height
 * @param rgba    width × height × 4, written
 */
export function paintGray(values: Float32Array, width: number, window: GrayWindow, rgba: Uint8ClampedArray): void {
  const { slope, shift } = ramp(window);
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const g = (values[i] as number) * slope + shift;
    const level = g >= 255 ? 255 : g >= 0 ? (g + 0.5) | 0 : 0;
    words[i] = g === g ? 0xff000000 | (level * 0x010101) : 0xff000000 | unknownWord(i % width, (i / width) | 0);
  }
}

function unknownWord(x: number, y: number): number {
  const [r, g, b] = (x + y) % unknownColors.everyPx < 1 ? unknownColors.stripe : unknownColors.ground;
  return r | (g << 8) | (b << 16);
}

/** 256 colors, red, green, blue each. */
export type ColorTable = Uint8Array;

/** High uptake black on white, as PET is read. */
export const inverseGray: ColorTable = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3));

/**
 * Black, red, yellow, white.
 *
 * @source DICOM PS3.6 B.1.1, Hot Iron
 */
export const hotIron: ColorTable = Uint8Array.from({ length: 768 }, (_, i) => {
  const level = Math.floor(i / 3);
  return Math.min(Math.max([2 * level, 2 * (level - 128), 4 * (level - 192)][i % 3] as number, 0), 255);
});

/**
 * Paints values in the colors of a table over what is there: `under · (1 − alpha) + color · alpha`. NaN is left as it is.
 *
 * @param from   value of the first color
 * @param to     value of the last color
 * @param alpha  0 to 1
 * @param rgba   four bytes per value, written
 */
export function paintColors(values: Float32Array, from: number, to: number, table: ColorTable, alpha: number, rgba: Uint8ClampedArray): void {
  const slope = 255 / (to - from);
  for (let i = 0, o = 0; i < values.length; i++, o += 4) {
    const value = values[i] as number;
    if (value !== value) continue;
    const c = 3 * Math.round(Math.min(Math.max((value - from) * slope, 0), 255));
    mix(rgba, o, table[c] as number, table[c + 1] as number, table[c + 2] as number, alpha);
  }
}

/** A color that holds from a value up to where the next band begins. */
export interface Band {
  readonly from: number;
  readonly rgb: readonly [number, number, number];
  /** 0 to 1. */
  readonly alpha: number;
}

/**
 * Paints each value in the color of its one band: the highest that begins at or below it. Values below all bands and NaN
 * are left as they are.
 *
 * @param bands  in any order
 * @param rgba   four bytes per value, written
 */
export function paintBands(values: Float32Array, bands: readonly Band[], rgba: Uint8ClampedArray): void {
  const rising = [...bands].sort((a, b) => a.from - b.from);
  const from = Float64Array.from(rising, (band) => band.from);
  const mixed = rising.map(mixedWith);
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, values.length);
  const lowest = from[0] ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(value >= lowest)) continue;
    let b = from.length - 1;
    while (value < (from[b] as number)) b--;
    const table = mixed[b] as Uint8ClampedArray;
    const under = words[i] as number;
    words[i] = (table[under & 255] as number) | ((table[256 + ((under >>> 8) & 255)] as number) << 8) | ((table[512 + ((under >>> 16) & 255)] as number) << 16) | 0xff000000;
  }
}

/** What each red, green and blue becomes under a band. */
function mixedWith({ rgb, alpha }: Band): Uint8ClampedArray {
  const table = new Uint8ClampedArray(768);
  for (let i = 0; i < 768; i++) table[i] = (i & 255) * (1 - alpha) + (rgb[i >> 8] as number) * alpha;
  return table;
}

function mix(rgba: Uint8ClampedArray, o: number, r: number, g: number, b: number, alpha: number): void {
  const under = 1 - alpha;
  rgba[o] = (rgba[o] as number) * under + r * alpha;
  rgba[o + 1] = (rgba[o + 1] as number) * under + g * alpha;
  rgba[o + 2] = (rgba[o + 2] as number) * under + b * alpha;
}
