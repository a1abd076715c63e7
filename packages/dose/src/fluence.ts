/** Numbers in the plane of the isocenter, beam limiting device frame, x fastest. */
export interface FluenceMap {
  readonly size: readonly [number, number];
  readonly spacingMm: number;
  /** Centre of the first pixel. */
  readonly originMm: readonly [number, number];
  readonly values: Float32Array;
}

/**
 * What leaves the head per MU, each relative to the primary energy fluence on the axis of an open field: the primary with its
 * horns and blurred edges, the extra-focal photons, and the electrons.
 */
export interface HeadFluence {
  readonly primary: FluenceMap;
  readonly extraFocal: FluenceMap;
  readonly electrons: FluenceMap;
}
