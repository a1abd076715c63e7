import type { Vec3 } from "@hapax/base";
import type { Scene, StructureLook } from "@hapax/figures";

/** A structure as the reader has it: its look, whether it is drawn, and the parts that are no closed contour. */
export interface ShownStructure extends StructureLook {
  readonly number: number;
  readonly name: string;
  readonly visible: boolean;
  /** POINT contours, LPS, mm. */
  readonly points: readonly Vec3[];
  /** OPEN contours: x, y, z of each point, LPS, mm. */
  readonly openLines: readonly Float64Array[];
  /** Why it cannot be drawn. */
  readonly lacks: string | undefined;
  /** What its name should be by TG-263. */
  readonly hint: string | undefined;
}

/** What lies in the views beside the picture. */
export interface Shown {
  readonly scene: Scene;
  /** Words for the corner of every view of a study that is no scan of a person. */
  readonly synthetic: boolean;
  /** Dose of 100 %, Gy; undefined where nobody has said it. */
  readonly referenceGy: number | undefined;
  /** Of the values that stand in the place of a dose: "Gy", "Gy EQD2 at α/β 2 Gy", "gamma". */
  readonly doseUnit: string;
  /** Whether they are differences, told with their sign. */
  readonly signed?: boolean;
  readonly dmax: { readonly at: Vec3; readonly gy: number } | undefined;
  readonly structures: readonly ShownStructure[];
}
