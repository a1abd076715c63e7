import { HapaxError } from "@hapax/base";
import type { ScanPicture } from "@hapax/case";
import type { DicomFile } from "../data-set.ts";
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
      const decoded = await decodeFrames(file);
      return rgba(decoded.frames[frame] as Pixels, width * height, file);
    },
  }));
}

/** Gray through the file's window, or between its darkest and brightest pixel; color as it is. */
function rgba(values: Pixels, count: number, { data }: DicomFile): Uint8ClampedArray {
  const out = new Uint8ClampedArray(count * 4).fill(255);
  if (values.length === 3 * count) {
    for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) out[4 * i + c] = values[3 * i + c] as number;
    return out;
  }
  const { low, high } = windowOf(values, data.number(tags.WindowCenter), data.number(tags.WindowWidth), data.number(tags.RescaleSlope) ?? 1, data.number(tags.RescaleIntercept) ?? 0);
  const inverted = data.text(tags.PhotometricInterpretation) === "MONOCHROME1";
  for (let i = 0; i < count; i++) {
    const share = ((values[i] as number) - low) / (high - low || 1);
    out.fill(255 * (inverted ? 1 - share : share), 4 * i, 4 * i + 3);
  }
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
