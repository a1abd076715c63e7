import { HapaxError } from "@hapax/base";
import type { DicomFile } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { decodeFrames } from "../pixels.ts";
import type { Pixels } from "./resample.ts";
import { holderOf, type Slice } from "./slices.ts";
import type { PlacedSlice } from "./stacks.ts";

/** Stored value to real value: value · slope + intercept. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** One of the two is not recorded, or the slope is 0: the stored values have no stated meaning. */
  readonly absent: boolean;
  readonly type?: string;
}

/** RescaleSlope and RescaleIntercept of one frame: they may differ from slice to slice. */
export function rescaleOf({ file: { data }, frame }: Slice): Rescale {
  const holder = holderOf(data, frame, tags.PixelValueTransformationSequence, tags.RescaleSlope);
  const [slope, intercept, type] = [holder.number(tags.RescaleSlope), holder.number(tags.RescaleIntercept), holder.text(tags.RescaleType)];
  const absent = slope === undefined || slope === 0 || intercept === undefined;
  return { slope: absent ? 1 : slope, intercept: absent ? 0 : intercept, absent, ...(type === undefined ? {} : { type }) };
}

/** Stored values of slices, each file decoded once. @throws dicom/… where the pixels cannot be had truly */
export async function storedValues(slices: readonly Slice[]): Promise<Pixels[]> {
  const decoded = new Map<DicomFile, readonly Pixels[]>();
  for (const { file } of slices) if (!decoded.has(file)) decoded.set(file, (await decodeFrames(file)).frames);
  return slices.map(({ file, frame }) => decoded.get(file)?.[frame] as Pixels);
}

/** Slices that lie in one place with others, compared by their pixels. */
export interface ComparedSlices {
  /** Without copies whose pixels are damaged where the same instance is there whole. */
  readonly slices: readonly PlacedSlice[];
  readonly problems: readonly HapaxError[];
  /** Whether two of `slices` hold the same numbers. */
  readonly same: (a: number, b: number) => boolean;
}

/** Compares slices that lie in one place, and decodes only those. */
export async function compared(slices: readonly PlacedSlice[]): Promise<ComparedSlices> {
  const places = Map.groupBy(slices, ({ plane }) => plane.position.map((mm) => mm.toFixed(1)).join());
  const values = new Map<Slice, Pixels>();
  const damaged: { readonly slice: Slice; readonly error: HapaxError }[] = [];
  for (const slice of [...places.values()].filter((group) => group.length > 1).flat()) {
    try {
      values.set(slice, (await storedValues([slice]))[0] as Pixels);
    } catch (error) {
      if (!(error instanceof HapaxError)) throw error;
      damaged.push({ slice, error });
    }
  }
  const spare = damaged.filter(({ slice }) => [...values.keys()].some((other) => instanceOf(other) === instanceOf(slice)));
  const left = slices.filter((slice) => !spare.some((one) => one.slice === slice));
  return { slices: left, problems: spare.map(({ error }) => error), same: (a, b) => sameValues(values, left[a] as Slice, left[b] as Slice) };
}

const instanceOf = ({ file, frame }: Slice) => `${file.data.text(tags.SOPInstanceUID)} ${frame}`;

function sameValues(values: ReadonlyMap<Slice, Pixels>, one: Slice, other: Slice): boolean {
  const [left, right] = [values.get(one), values.get(other)];
  if (left === undefined || right === undefined) return false;
  const [p, q] = [rescaleOf(one), rescaleOf(other)];
  return p.slope === q.slope && p.intercept === q.intercept && left.length === right.length && left.every((value, i) => value === right[i]);
}
