import { HapaxError } from "@hapax/base";
import type { ScanPicture } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { decodeFrames } from "../pixels.ts";
import { originOfFile } from "./origin.ts";
import type { Pixels } from "./resample.ts";
import { frameCount } from "./slices.ts";

/** An image without a place in the patient: one picture for each frame. */
export function picturesOf(file: DicomFile): ScanPicture[] {
  const { data } = file;
  const [width, height] = [data.number(tags.Columns), data.number(tags.Rows)];
  if (width === undefined || height === undefined || width < 1 || height < 1) {
    throw new HapaxError("dicom/size-missing", `${file.name} does not say how many Rows and Columns it has.`, "Export the picture again.");
  }
  const count = frameCount(data);
  const origin = originOfFile(file, data.text(tags.SeriesDescription) ?? data.text(tags.Modality) ?? "picture");
  return Array.from({ length: count }, (_, frame) => ({
    ...origin,
    uid: frame === 0 ? origin.uid : `${origin.uid}#${frame + 1}`,
    width,
    height,
    pixels: async () => {
      const { frames, photometric } = await decodeFrames(file);
      return rgba(frames[frame] as Pixels, width * height, photometric, file);
    },
  }));
}

/** Color as it is; gray through the file's window, or between its darkest and brightest pixel. */
function rgba(values: Pixels, count: number, photometric: string, { data, name }: DicomFile): Uint8ClampedArray {
  if (values.length === 3 * count) return colored(values, count, photometric.startsWith("YBR"));
  if (photometric === "PALETTE COLOR") return fromPalette(values, paletteOf(data, name));
  const out = new Uint8ClampedArray(count * 4).fill(255);
  const { low, high } = windowOf(values, data.number(tags.WindowCenter), data.number(tags.WindowWidth), data.number(tags.RescaleSlope) ?? 1, data.number(tags.RescaleIntercept) ?? 0);
  const inverted = photometric === "MONOCHROME1";
  for (let i = 0; i < count; i++) {
    const share = ((values[i] as number) - low) / (high - low || 1);
    out.fill(255 * (inverted ? 1 - share : share), 4 * i, 4 * i + 3);
  }
  return out;
}

/** Three samples a pixel; luminance and chrominance to red, green and blue as PS3.3 C.7.6.3.1.2 has it. */
function colored(values: Pixels, count: number, chrominance: boolean): Uint8ClampedArray {
  const out = new Uint8ClampedArray(count * 4).fill(255);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [values[3 * i], values[3 * i + 1], values[3 * i + 2]] as [number, number, number];
    const [cb, cr] = [b - 128, c - 128];
    out.set(chrominance ? [a + 1.402 * cr, a - 0.344136 * cb - 0.714136 * cr, a + 1.772 * cb] : [a, b, c], 4 * i);
  }
  return out;
}

/** First stored value, and a color for each from there on. */
interface Palette {
  readonly first: number;
  readonly colors: Uint8ClampedArray;
}

function paletteOf(data: DataSet, name: string): Palette {
  const [, first, bits] = data.numbers(tags.RedPaletteColorLookupTableDescriptor);
  const tables = [tags.RedPaletteColorLookupTableData, tags.GreenPaletteColorLookupTableData, tags.BluePaletteColorLookupTableData].map((tag) => data.elements.get(tag)?.bytes);
  const entries = Math.min(...tables.map((table) => (table?.length ?? 0) / (bits === 8 ? 1 : 2)));
  if (first === undefined || !(entries >= 1)) {
    throw new HapaxError("dicom/palette", `${name} is in PALETTE COLOR and its color tables are not there.`, "Export the picture again, in RGB.");
  }
  const colors = new Uint8ClampedArray(Math.floor(entries) * 4).fill(255);
  const high = bits === 8 ? 0 : data.littleEndian ? 1 : 0;
  for (let i = 0; i < Math.floor(entries); i++) tables.forEach((table, c) => (colors[4 * i + c] = table?.[bits === 8 ? i : 2 * i + high] as number));
  return { first, colors };
}

function fromPalette(values: Pixels, { first, colors }: Palette): Uint8ClampedArray {
  const out = new Uint8ClampedArray(values.length * 4);
  const last = colors.length / 4 - 1;
  values.forEach((value, i) => {
    const at = 4 * Math.min(last, Math.max(0, value - first));
    out.set(colors.subarray(at, at + 4), 4 * i);
  });
  return out;
}

/** Stored values that are black and white. */
function windowOf(values: Pixels, center: number | undefined, width: number | undefined, slope: number, intercept: number) {
  if (center !== undefined && width !== undefined && width > 0 && slope !== 0) {
    return { low: (center - width / 2 - intercept) / slope, high: (center + width / 2 - intercept) / slope };
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
