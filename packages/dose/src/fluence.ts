import type { PlaneMap } from "@hapax/kernels";

/** Numbers in the plane of the isocenter, beam limiting device frame, mm. */
export type FluenceMap = PlaneMap;

/**
 * What leaves the head per MU, each relative to the primary energy fluence on the axis of an open field: the primary with its
 * horns and blurred edges, the extra-focal photons, and the electrons.
 */
export interface HeadFluence {
  readonly primary: FluenceMap;
  readonly extraFocal: FluenceMap;
  readonly electrons: FluenceMap;
}
