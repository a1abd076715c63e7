/**
 * A dose calculation in the frame of its grid: axes along the grid, origin at the centre of the first voxel, mm; voxels
 * x fastest, then y, then z.
 */
export interface ConeField {
  readonly size: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  /** Density relative to water, for transport and for the mass that dose is per; length nx·ny·nz. */
  readonly density: Float32Array;
  /** TERMA: energy released per mass, in the unit that the dose will have; same length. */
  readonly terma: Float32Array;
  /** TERMA times its hardening (0 at the surface, 1 where the kernel's second shares hold); same length. */
  readonly hardTerma: Float32Array;
  /** Where the source stands: rays diverge from here, and the kernel tilts with them. */
  readonly sourceMm: readonly [number, number, number];
  /** Unit vector of the central ray, from the source. */
  readonly axis: readonly [number, number, number];
}

/**
 * Directions along which released energy travels, in the axes of the grid. Along each, three parts leave the voxel where
 * they are released and fade exponentially with the water-equivalent way: at `rates[2c]`, at twice that, and at `rates[2c + 1]`.
 */
export interface Cones {
  readonly count: number;
  /** Unit vectors, x, y, z of each cone. */
  readonly directions: Float32Array;
  /** Two rates of each cone, per mm of water: α (its second part has 2α), and β. */
  readonly rates: Float32Array;
  /**
   * Six shares of the TERMA of each cone: those of the parts α, 2α, β where the beam is unhardened, and what hardening adds to
   * them. A part may be negative, their sum at any distance is not.
   */
  readonly shares: Float32Array;
  /**
   * Logarithmic change of a cone's energy with the cosine between it and the local ray: shares × (1 + t + t²/2), the start of e^t and
   * above 0 for all, with t = tilt · (cos − cos on the axis).
   * For a voxel x mm from the source, direction c and axis a, cos is c · x / (x · a): the ray to first order in its angle to the axis.
   */
  readonly tilts: Float32Array;
}
