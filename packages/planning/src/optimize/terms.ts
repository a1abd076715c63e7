/** Voxels of one structure among those that an operator computes. */
export interface VoxelGroup {
  readonly name: string;
  /** Places in the operator's dose. */
  readonly places: Int32Array;
  /** Share of the structure's volume that each stands for; they sum to 1. */
  readonly shares: Float32Array;
  readonly volumeCc: number;
}

/** What is wanted of the dose in a group; doses in Gy over all fractions. */
export type Aim = {
  readonly group: VoxelGroup;
  /** From 1; see `Goal`. */
  readonly priority: number;
  /** Among those of the same priority; 1 unless given. */
  readonly weight?: number;
} & (
  /** Σ share (d − gy)² over voxels above, below, or either side; `gy` may differ from voxel to voxel. */
  | { readonly kind: "overdose" | "underdose" | "deviation"; readonly gy: number | Float32Array }
  /** Square of what the mean, or the generalized mean with exponent `a`, lies beyond `gy`. */
  | { readonly kind: "mean"; readonly gy: number }
  | { readonly kind: "gEUD"; readonly gy: number; readonly a: number; readonly side: "above" | "below" }
  /** Squared excess of voxels between `gy` and the dose at `share` of the volume: at most, or at least, that share may have more. Where `gy` differs, what lies farthest beyond its own counts as the hottest. */
  | { readonly kind: "DVH"; readonly gy: number | Float32Array; readonly share: number; readonly side: "above" | "below" }
  /** The same as limits: never traded, held by multipliers; of each voxel, of the mean, or of the dose at a share of the volume. */
  | { readonly kind: "limit"; readonly of: "each voxel"; readonly gy: number | Float32Array; readonly side: "above" | "below" }
  | { readonly kind: "limit"; readonly of: "mean"; readonly gy: number }
  | { readonly kind: "limit"; readonly of: "share"; readonly share: number; readonly gy: number | Float32Array; readonly side: "above" | "below" }
);

/** Something to be made small, as a function of the dose. */
export interface Merit {
  /** Adds its gradient, per Gy of each voxel of the operator, to `gradient` and returns its value. */
  value(doseGy: Float32Array, gradient: Float32Array): number;
  /** Moves multipliers after the dose has come to rest; returns the greatest violation of a limit, Gy. */
  update(doseGy: Float32Array): number;
}
