import type { DataSet, Tag } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { parallel, type Plane } from "./geometry.ts";
import { holderOf, type Slice } from "./slices.ts";

/** A slice whose place is known. */
export type PlacedSlice = Slice & { readonly plane: Plane };

/** Slices of a series that can be one volume, and why they were set apart from the rest. */
export interface Stack {
  readonly slices: readonly PlacedSlice[];
  readonly localizer: boolean;
  readonly frameOfReference: string;
  /** Attributes that tell this stack from others in the same place, as `EchoTime 80`. */
  readonly apart?: string;
}

/** ImageType says that it is a scout view. */
export function isLocalizer({ file: { data }, frame }: Slice): boolean {
  const types = [...data.texts(tags.ImageType), ...data.items(tags.PerFrameFunctionalGroupsSequence)[frame]?.items(tags.CTImageFrameTypeSequence)[0]?.texts(tags.FrameType) ?? []];
  return types.some((type) => type.toUpperCase() === "LOCALIZER");
}

/** Where images of one place may differ in what they show. */
const told: readonly (readonly [group: Tag, tag: Tag, name: string])[] = [
  [tags.FrameContentSequence, tags.TemporalPositionIdentifier, "TemporalPositionIdentifier"],
  [tags.FrameContentSequence, tags.TemporalPositionIndex, "TemporalPositionIndex"],
  [tags.MREchoSequence, tags.EffectiveEchoTime, "EffectiveEchoTime"],
  [tags.MRTimingAndRelatedParametersSequence, tags.EchoTime, "EchoTime"],
  [tags.MRDiffusionSequence, tags.DiffusionBValue, "DiffusionBValue"],
  [tags.FrameContentSequence, tags.TriggerTime, "TriggerTime"],
  [tags.CTReconstructionSequence, tags.ConvolutionKernel, "ConvolutionKernel"],
  [tags.FrameContentSequence, tags.AcquisitionNumber, "AcquisitionNumber"],
  [tags.CTImageFrameTypeSequence, tags.ImageType, "ImageType"],
];

/** The stacks of a series, in an order that does not depend on that of the files. */
export function stacksOf(slices: readonly PlacedSlice[]): Stack[] {
  const byKey = Map.groupBy(slices, (slice) => `${isLocalizer(slice)} ${slice.file.data.text(tags.FrameOfReferenceUID) ?? ""} ${slice.file.data.text(tags.PatientID) ?? ""}`);
  const stacks = [...byKey.values()].flatMap((group) => parallelGroups(group).flatMap((one) => phasesOf(one)));
  return stacks.sort((a, b) => b.slices.length - a.slices.length || (a.slices[0]?.name ?? "").localeCompare(b.slices[0]?.name ?? "", "en"));
}

function parallelGroups(slices: readonly PlacedSlice[]): PlacedSlice[][] {
  const groups: PlacedSlice[][] = [];
  for (const slice of slices) {
    const group = groups.find(([first]) => parallel((first as PlacedSlice).plane, slice.plane));
    if (group === undefined) groups.push([slice]);
    else group.push(slice);
  }
  return groups;
}

/** One stack, or several where the same places were imaged again and an attribute tells which is which. */
function phasesOf(slices: readonly PlacedSlice[]): Stack[] {
  const stack = (part: readonly PlacedSlice[], apart?: string): Stack => {
    const first = part[0] as PlacedSlice;
    return { slices: part, localizer: isLocalizer(first), frameOfReference: first.file.data.text(tags.FrameOfReferenceUID) ?? "", ...(apart === undefined ? {} : { apart }) };
  };
  if (!overlapping(slices)) return [stack(slices)];
  for (const [group, tag, name] of told) {
    const parts = Map.groupBy(slices, (slice) => valueOf(slice, group, tag));
    if (parts.size > 1 && !parts.has("") && [...parts.values()].every((part) => !overlapping(part))) {
      return [...parts].map(([value, part]) => stack(part, `${name} ${value}`));
    }
  }
  return [stack(slices)];
}

function valueOf({ file: { data }, frame }: Slice, group: Tag, tag: Tag): string {
  const holder: DataSet = holderOf(data, frame, group, tag);
  return holder.has(tag) ? holder.texts(tag).join("\\") : "";
}

/** Whether two slices begin at one point, to a hundredth of a millimetre. */
function overlapping(slices: readonly PlacedSlice[]): boolean {
  return new Set(slices.map(({ plane }) => plane.position.map((mm) => mm.toFixed(2)).join())).size < slices.length;
}
