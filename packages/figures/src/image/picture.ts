import { compose, flat, HapaxError, voxelFromPatient, type Grid, type Volume } from "@hapax/base";
import { hotIron, inverseGray, isolines, paintBands, paintColors, paintGray, slice, type GrayWindow } from "@hapax/kernels";
import { bandsOf, lineLevels, washShare, type DoseLevel, type DoseScheme } from "./dose-bands.ts";
import type { ViewPlane } from "./plane.ts";
import { structureLines, structurePoints, type OutlinedStructure } from "./structure-lines.ts";
import { structureLook, type StructureLook } from "./structure-colors.ts";

/** The scan, in grays. */
export interface ImageLayer {
  readonly volume: Volume;
  /** In the unit of the volume. */
  readonly window: GrayWindow;
  /** Default trilinear. */
  readonly interpolation?: "trilinear" | "nearest";
}

/** A second scan in colors over the first. */
export interface FusionLayer {
  readonly volume: Volume;
  /** Values of the first and of the last color. */
  readonly range: readonly [number, number];
  readonly colors: "inverse gray" | "hot iron";
  /** 0 to 1. */
  readonly share: number;
}

/** Absorbed dose over the scan. */
export interface DoseLayer {
  /** Gy. */
  readonly volume: Volume;
  readonly scheme: DoseScheme;
  /** Dose of 100 %, Gy. */
  readonly referenceGy: number;
  /** Default both. */
  readonly draw?: { readonly wash: boolean; readonly lines: boolean };
  /** 0 to 1; default 0.35. */
  readonly washShare?: number;
  /** Default trilinear; nearest for what is told voxel by voxel, such as gamma. */
  readonly interpolation?: "trilinear" | "nearest";
}

/** What lies in one frame of reference and is shown together. */
export interface Scene {
  readonly image: ImageLayer;
  readonly fusion?: FusionLayer;
  readonly dose?: DoseLayer;
  /** Lines only, dashed. */
  readonly comparedDose?: DoseLayer;
  readonly structures?: readonly OutlinedStructure[];
}

/** Lines of one dose on a plane: x, y … in px, (0, 0) the center of the first pixel. */
export interface Isodose {
  readonly level: DoseLevel;
  readonly gy: number;
  readonly lines: readonly Float64Array[];
}

/** Outlines of one structure on a plane, as isodoses. */
export interface StructureOutline extends StructureLook {
  readonly name: string;
  readonly lines: readonly Float64Array[];
  /** Its points within half a slice, px. */
  readonly points: readonly (readonly [number, number])[];
}

/** A plane of a scene: pixels, and the lines above them. */
export interface Picture {
  readonly plane: ViewPlane;
  /** width × height × 4, opaque. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Values under the pixels, in the unit of the image; NaN outside. */
  readonly values: Float32Array;
  readonly fusionValues?: Float32Array;
  /** Gy; NaN where the dose is unknown. */
  readonly doseGy?: Float32Array;
  readonly isodoses: readonly Isodose[];
  readonly comparedIsodoses: readonly Isodose[];
  readonly outlines: readonly StructureOutline[];
}

/**
 * Draws a plane of a scene on the CPU: the specification that the WebGL2 renderer is held against.
 *
 * @param before  a picture that is no longer needed: where it has the same size, its arrays are written anew
 * @throws        figures/other-frame-of-reference when layers do not share a frame of reference
 */
export function picture(scene: Scene, plane: ViewPlane, before?: Picture): Picture {
  const { image, fusion, dose, comparedDose } = scene;
  refuseOtherFrames(scene);
  const old = before?.values.length === plane.width * plane.height ? before : undefined;
  const rgba = old?.rgba ?? new Uint8ClampedArray(4 * plane.width * plane.height);
  const values = sliceOf(image.volume, plane, image.interpolation, old?.values);
  paintGray(values, plane.width, image.window, rgba);
  const fusionValues = fusion && sliceOf(fusion.volume, plane, "trilinear", old?.fusionValues);
  if (fusion && fusionValues) paintColors(fusionValues, ...fusion.range, colorTables[fusion.colors], fusion.share, rgba);
  const doseGy = dose && sliceOf(dose.volume, plane, dose.interpolation, old?.doseGy);
  if (dose && doseGy && dose.draw?.wash !== false) paintBands(doseGy, bandsOf(dose.scheme, dose.referenceGy, dose.washShare ?? washShare), rgba);
  return {
    plane, rgba, values,
    ...(fusionValues && { fusionValues }),
    ...(doseGy && { doseGy }),
    isodoses: dose && doseGy && dose.draw?.lines !== false ? isodosesOf(doseGy, plane, dose) : [],
    comparedIsodoses: comparedDose ? isodosesOf(sliceOf(comparedDose.volume, plane), plane, comparedDose) : [],
    outlines: outlinesOf(scene, plane),
  };
}

/** Outlines of a scene's structures on a plane; structures that do not meet it are left out. */
export function outlinesOf({ structures = [] }: Scene, plane: ViewPlane): StructureOutline[] {
  return structures
    .map((s) => ({ name: s.name, ...structureLook(s.name, s.color), lines: structureLines(s, plane), points: structurePoints(s, plane) }))
    .filter(({ lines, points }) => lines.length + points.length > 0);
}

/** Color tables by name. */
export const colorTables = { "inverse gray": inverseGray, "hot iron": hotIron } as const;

/** Values of a volume on a plane, in its unit; NaN outside. */
export function sliceOf(volume: Volume, plane: ViewPlane, interpolation: "trilinear" | "nearest" = "trilinear", out?: Float32Array): Float32Array {
  const { grid, values, slope, intercept } = volume;
  return slice({ values, size: grid.size, slope, intercept }, voxelFromScreen(grid, plane), plane.width, plane.height, { interpolation, ...(out && { out }) });
}

/** Rows of the map from px of a plane to voxel counts of a grid. */
export function voxelFromScreen(grid: Grid, plane: ViewPlane): Float64Array {
  return flat(compose(voxelFromPatient(grid), plane.patientFromScreen));
}

/** Isodoses of dose values on a plane. */
export function isodosesOf(doseGy: Float32Array, plane: ViewPlane, { scheme, referenceGy }: DoseLayer): Isodose[] {
  const levels = lineLevels(scheme);
  const gy = levels.map(({ percent }) => (percent / 100) * referenceGy);
  return isolines(doseGy, plane.width, plane.height, gy).map((lines, i) => ({ level: levels[i] as DoseLevel, gy: gy[i] as number, lines }));
}

/** @throws figures/other-frame-of-reference when layers do not share one */
export function refuseOtherFrames({ image, fusion, dose, comparedDose }: Scene): void {
  const frame = image.volume.grid.frameOfReference;
  for (const [what, layer] of Object.entries({ "second image": fusion, dose, "second dose": comparedDose })) {
    if (layer === undefined || layer.volume.grid.frameOfReference === frame) continue;
    throw new HapaxError(
      "figures/other-frame-of-reference",
      `The ${what} is in the frame of reference ${layer.volume.grid.frameOfReference}, the image in ${frame}.`,
      "Give a registration between them, or show them side by side.",
    );
  }
}
