import { HapaxError } from "@hapax/base";
import type { DataSet, Tag } from "./data-set.ts";
import { tags } from "./dictionary.ts";
import type { Frames, Samples } from "./pixels.ts";

/** A picture for a screen: red, green, blue, opacity of each pixel, row after row from the top. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** Writes the color of pixel i at byte 4·i. */
type Paint = (rgba: Uint8ClampedArray, samples: Samples, i: number) => void;

function put(rgba: Uint8ClampedArray, i: number, r: number, g: number, b: number): void {
  rgba[4 * i] = r;
  rgba[4 * i + 1] = g;
  rgba[4 * i + 2] = b;
  rgba[4 * i + 3] = 255;
}

/** Lowest and highest stored value that are told apart: those of the file's window, else those met. */
function windowOf(data: DataSet, samples: Samples): readonly [number, number] {
  const [center, width] = [data.number(tags.WindowCenter), data.number(tags.WindowWidth)];
  if (center !== undefined && width !== undefined && width >= 1) {
    const [slope, intercept] = [data.number(tags.RescaleSlope) ?? 1, data.number(tags.RescaleIntercept) ?? 0];
    // PS3.3 C.11.2.1.2: the window of a width w reaches from c - 0.5 - (w - 1)/2 to c - 0.5 + (w - 1)/2.
    if (slope !== 0) return [(center - 0.5 - (width - 1) / 2 - intercept) / slope, (center - 0.5 + (width - 1) / 2 - intercept) / slope];
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of samples) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function gray(data: DataSet, samples: Samples, inverted: boolean): Paint {
  const [low, high] = windowOf(data, samples);
  const scale = high === low ? 0 : 255 / (high - low);
  return (rgba, values, i) => {
    const level = Math.max(0, Math.min(255, ((values[i] as number) - low) * scale));
    const shade = inverted ? 255 - level : level;
    put(rgba, i, shade, shade, shade);
  };
}

/** A color table of PS3.3 C.7.6.3.1.5: from a stored value to 0 to 255. */
function lookup(data: DataSet, descriptor: Tag, table: Tag): (value: number) => number {
  const [count = 0, first = 0, bits = 0] = data.numbers(descriptor);
  const entries = count === 0 ? 65536 : count;
  const values = data.numbers(table);
  // Tables of 8 bits are packed two to a word.
  const at = bits === 8 && values.length < entries ? (i: number) => ((values[i >> 1] as number) >> (8 * (i & 1))) & 255 : (i: number) => (values[i] as number) >> (bits - 8);
  const held = bits === 8 && values.length < entries ? values.length * 2 : values.length;
  if ((bits !== 8 && bits !== 16) || held < entries) {
    throw new HapaxError("dicom/palette", `A color table of ${entries} entries of ${bits} bits has ${values.length} words.`, "Export the picture in RGB.");
  }
  return (value) => at(Math.max(0, Math.min(entries - 1, value - first)));
}

function palette(data: DataSet): Paint {
  const red = lookup(data, tags.RedPaletteColorLookupTableDescriptor, tags.RedPaletteColorLookupTableData);
  const green = lookup(data, tags.GreenPaletteColorLookupTableDescriptor, tags.GreenPaletteColorLookupTableData);
  const blue = lookup(data, tags.BluePaletteColorLookupTableDescriptor, tags.BluePaletteColorLookupTableData);
  return (rgba, samples, i) => put(rgba, i, red(samples[i] as number), green(samples[i] as number), blue(samples[i] as number));
}

const rgb = (shift: number): Paint => (rgba, samples, i) =>
  put(rgba, i, (samples[3 * i] as number) >> shift, (samples[3 * i + 1] as number) >> shift, (samples[3 * i + 2] as number) >> shift);

/** PS3.3 C.7.6.3.1.2: full range, as CCIR 601 has it. */
const ybr = (shift: number): Paint => (rgba, samples, i) => {
  const [y, cb, cr] = [(samples[3 * i] as number) >> shift, ((samples[3 * i + 1] as number) >> shift) - 128, ((samples[3 * i + 2] as number) >> shift) - 128];
  put(rgba, i, y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb);
};

function paintOf({ photometric, bitsStored }: Frames, data: DataSet, samples: Samples): Paint {
  const shift = Math.max(0, bitsStored - 8);
  switch (photometric) {
    case "MONOCHROME1": return gray(data, samples, true);
    case "MONOCHROME2": return gray(data, samples, false);
    case "PALETTE COLOR": return palette(data);
    case "RGB": return rgb(shift);
    case "YBR_FULL": return ybr(shift);
    default: throw new HapaxError("dicom/photometric", `The pixels are ${photometric === "" ? "of no stated color" : photometric}, which cannot be shown.`, "Export the picture in gray or in RGB.");
  }
}

/**
 * One frame as a picture: gray by the file's window (else from its lowest to its highest value), color by its tables.
 *
 * @param frames  as decoded
 * @param data    the data set that they belong to
 * @param frame   counted from 0
 * @throws        dicom/photometric or dicom/palette where the colors are not known, dicom/no-pixels beyond the last frame
 */
export function toRgba(frames: Frames, data: DataSet, frame = 0): RgbaPicture {
  const samples = frames.frames[frame];
  if (samples === undefined) throw new HapaxError("dicom/no-pixels", `Frame ${frame + 1} of ${frames.frames.length} was asked for.`, "Ask for a frame that is there.");
  const { width, height } = frames;
  const rgba = new Uint8ClampedArray(width * height * 4);
  const paint = paintOf(frames, data, samples);
  for (let i = 0; i < width * height; i++) paint(rgba, samples, i);
  return { width, height, rgba };
}
