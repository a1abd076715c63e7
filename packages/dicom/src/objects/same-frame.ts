import { HapaxError, invert, transform, type Transform } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { mapOf } from "./registration.ts";

/**
 * The map that takes points of frame of reference `from` to `to`: nothing moves where they are equal; otherwise by the
 * registration between them, in either direction.
 *
 * @param registrations  of the case, asked in their order
 * @throws dicom/other-frame-of-reference where nothing links the two: an overlay would be in the wrong place
 */
export function sameFrame(to: string, from: string, registrations: readonly Registration[] = []): Transform<"patient", "patient"> {
  if (to === from && to !== "") return transform([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]);
  const forth = registrations.find((one) => one.from === from && one.to === to);
  if (forth !== undefined) return mapOf(forth);
  const back = registrations.find((one) => one.from === to && one.to === from);
  if (back !== undefined) return invert(mapOf(back));
  throw new HapaxError(
    "dicom/other-frame-of-reference",
    `One lies in the frame of reference ${from === "" ? "(not recorded)" : from}, the other in ${to === "" ? "(not recorded)" : to}, and no registration links them.`,
    "Choose the images on which it was drawn or planned, or give the registration object.",
  );
}
