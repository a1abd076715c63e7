/** A spectrum in the bins of the kernels: energies of the photons, MeV, and their shares of the energy fluence, summing to 1. */
export interface Spectrum {
  readonly energiesMev: readonly number[];
  readonly energyFluence: readonly number[];
}

/** Jaws or leaf bank: where they stand and what they let through. */
export interface JawPair {
  /** From the source to the middle of the jaws, mm. */
  readonly distanceMm: number;
  /** Least and greatest position at the isocenter, mm. */
  readonly travelMm: readonly [number, number];
  /** Share of the primary fluence that passes. */
  readonly transmission: number;
}

export interface Mlc {
  /** Leaves move along x (MLCX) or y (MLCY) of the beam limiting device. */
  readonly axis: "x" | "y";
  /** Edges of the leaf pairs across the motion, mm at the isocenter; n pairs have n + 1. */
  readonly leafEdgesMm: readonly number[];
  readonly distanceMm: number;
  readonly travelMm: readonly [number, number];
  /** Between and through leaves, averaged. */
  readonly transmission: number;
  /** How far the radiation edge of a rounded tip lies behind its light edge, mm at the isocenter. */
  readonly tipOffsetMm: number;
  /** Width of the tongue at a leaf's side, mm at the isocenter, and what passes it. */
  readonly tongueMm: number;
  readonly tongueTransmission: number;
}

/** How a number of a machine came about; shown with every dose. */
export interface MachineOrigin {
  /** `fitted` to measurements, `generic`, or `assumed` by convention. */
  readonly kind: "fitted" | "generic" | "assumed";
  readonly statement: string;
  /** Keys of the bibliography. */
  readonly sources: readonly string[];
}

/**
 * A linear accelerator as the engine sees it. Lengths in mm, from the source unless said; the plane of the isocenter
 * stands at `sadMm`.
 */
export interface Machine {
  readonly id: string;
  readonly name: string;
  /** Changes whenever a number changes; part of every dose. */
  readonly version: string;
  readonly energyMv: number;
  readonly filter: "flattened" | "FFF";
  readonly sadMm: number;
  readonly primary: {
    readonly spectrum: Spectrum;
    /** Energy fluence off axis relative to the axis, at the isocenter; 0 beyond the last radius. */
    readonly horns: { readonly radiiMm: readonly number[]; readonly values: readonly number[] };
    /** Relative rise of the attenuation per 100 mm off axis at the isocenter. */
    readonly softeningPer100Mm: number;
    /** Standard deviation of the source seen at the isocenter, mm along collimator x and y. */
    readonly blurMm: readonly [number, number];
  };
  /** Scatter of the head: a Gaussian source below the target. */
  readonly extraFocal: {
    /** Its energy fluence on the axis of a fully open beam, relative to the primary. */
    readonly weight: number;
    readonly distanceMm: number;
    /** Standard deviation at its own plane. */
    readonly sigmaMm: number;
    readonly spectrum: Spectrum;
  };
  /** Electrons from the head: dose at the surface relative to the primary TERMA, fading with depth, spread sideways. */
  readonly contamination: { readonly weight: number; readonly ratePerMm: number; readonly sigmaMm: number };
  readonly jaws: { readonly x?: JawPair; readonly y?: JawPair };
  readonly mlc?: Mlc;
  readonly calibration: {
    /** Gy per MU in water at the stated conditions. */
    readonly gyPerMu: number;
    readonly fieldMm: number;
    readonly ssdMm: number;
    readonly depthMm: number;
    /** What the engine itself gives there per unit of fluence and MU: divides out, found when the machine is fitted. */
    readonly engineGy: number;
    readonly origin: MachineOrigin;
  };
  readonly origin: MachineOrigin;
}
