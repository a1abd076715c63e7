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
  /** Neither is recorded: the stored values have no stated meaning. */
  readonly absent: boolean;
  readonly type?: string;
}

/** RescaleSlope and RescaleIntercept of one frame: they may differ from slice to slice. */
export function rescaleOf({ file: { data }, frame }: Slice): Rescale {
  const holder = holderOf(data, frame, tags.PixelValueTransformationSequence, tags.RescaleSlope);
  const [slope, intercept, type] = [holder.number(tags.RescaleSlope), holder.number(tags.RescaleIntercept), holder.text(tags.RescaleType)];
  return { slope: slope ?? 1, intercept: intercept ?? 0, absent: slope === undefined || intercept === undefined, ...(type === undefined ? {} : { type }) };
}

/** Stored values of slices, each file decoded once. @throws dicom/… where the pixels cannot be had truly */
export async function storedValues(slices: readonly Slice[]): Promise<Pixels[]> {
  const decoded = new Map<DicomFile, readonly Pixels[]>();
  for (const { file } of slices) if (!decoded.has(file)) decoded.set(file, (await decodeFrames(file)).frames);
  return slices.map(({ file, frame }) => decoded.get(file)?.[frame] as Pixels);
}

/** Whether two slices in one place hold the same numbers; only slices in one place are decoded. */
export async function identicalPixels(slices: readonly PlacedSlice[]): Promise<(a: number, b: number) => boolean> {
  const places = Map.groupBy(slices, ({ plane }) => plane.position.map((mm) => mm.toFixed(1)).join());
  const doubtful = [...places.values()].filter((group) => group.length > 1).flat();
  const values = new Map<Slice, Pixels | undefined>();
  for (const slice of doubtful) values.set(slice, await storedValues([slice]).then(([pixels]) => pixels, () => undefined));
  return (a, b) => {
    const [one, other] = [slices[a] as Slice, slices[b] as Slice];
    const [left, right] = [values.get(one), values.get(other)];
    if (left === undefined || right === undefined) return false;
    const [p, q] = [rescaleOf(one), rescaleOf(other)];
    return p.slope === q.slope && p.intercept === q.intercept && left.length === right.length && left.every((value, i) => value === right[i]);
  };
}
