import { flat, HapaxError, spacingOf, type Grid, type Vec3, type Volume } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import {
  areaVector, contourStack, doseToVolume, doseVolume, facesOf, gapsOf, latticeOf, norm, occupancy, slabsOf, volumeAtDose,
  type Between, type Bounds, type ContourStack, type DoseField, type DoseVolume, type EndCap, type Slab,
} from "@hapax/kernels";

export interface DvhOptions {
  /** FrameOfReferenceUID of the structure set; it must be that of the dose. */
  readonly frameOfReference: string;
  /** What lies beyond the last contour; left out, half a slice. */
  readonly endCap?: EndCap;
  /** What lies between contours; left out, shapes where few planes lie far apart, else slabs. */
  readonly between?: Between;
  /** Distance of the image slices, mm: asked only of a structure on a single slice. */
  readonly sliceMm?: number;
  /** `fine` (left out): smaller than the dose voxels and the structure need. `dose voxels`: one sample each, as tools that count voxels do. */
  readonly samples?: "fine" | "dose voxels";
}

/** A dose–volume histogram without bins. Every number is bounds: they are one number where the whole structure has a dose. */
export interface Dvh {
  readonly name: string;
  readonly volumeCc: number;
  /** Share of the volume whose dose is known, 0 to 1. */
  readonly coverage: number;
  /** Dose that the hottest part receives at least, Gy. */
  readonly d98: Bounds;
  readonly d95: Bounds;
  readonly d50: Bounds;
  readonly d2: Bounds;
  readonly d003cc: Bounds;
  readonly mean: Bounds;
  readonly max: Bounds;
  readonly min: Bounds;
  /** Where the highest known dose is, LPS, mm. */
  readonly maxAt: Vec3;
  /** Dose to the hottest share of the volume, Gy; `dAt(0.02)` is D2%. */
  dAt(share: number): Bounds;
  /** Dose to the hottest volume, Gy; NaN where the structure is smaller. */
  dAtCc(cc: number): Bounds;
  /** Share of the volume that receives a dose or more, 0 to 1. */
  vAt(gy: number): Bounds;
  /** The same as a volume. */
  vAtCc(gy: number): Bounds;
  /** Share of the volume (of what is known) at 0, step, 2 step … Gy, up to the first that none receives. */
  cumulative(stepGy: number): { readonly gy: Float64Array; readonly share: Float64Array };
  /** Known volume between step edges: share of the volume per bin, doses in the middle of the bin. */
  differential(stepGy: number): { readonly gy: Float64Array; readonly share: Float64Array };
  /** The samples, hottest first: for gEUD and NTCP. */
  readonly samples: DoseVolume;
  /** What was decided on the way, in words. */
  readonly notes: readonly string[];
}

/** Samples of a structure, at least. */
const fewestSamples = 20_000;
/** Samples of a very large structure, at most, where dose voxels allow. */
const mostSamples = 1_000_000;
/** A structure on at most so many planes, at least so far apart, and no longer, is as much its ends as its middle: there shapes go from contour to contour. */
const fewPlanes = [{ most: 16, apartMm: 1.5, longMm: Infinity }, { most: 32, apartMm: 0.75, longMm: 30 }] as const;
/** Samples are no larger, but for a very large structure: 0.03 cc then holds nine. */
const sampleMm = 1.5;

/**
 * Dose–volume histogram of a structure.
 *
 * Samples lie with the contour planes, whatever their orientation; each has the share of its volume that lies inside
 * and the trilinear dose of its place in patient millimeters.
 *
 * @param structure  its closed contours count
 * @param dose       absorbed dose, Gy
 * @throws           radiotherapy/frame when contours and dose are not in one frame of reference
 * @throws           radiotherapy/dose-unit when the volume is no dose
 * @throws           radiotherapy/not-drawn when there is no closed contour
 * @throws           radiotherapy/slice-thickness when there is one slice and its thickness is not given
 */
export function dvhOf(structure: Structure, dose: Volume, asked: DvhOptions): Dvh {
  heldTogether(structure.name, asked.frameOfReference, dose);
  const stack = stackOf(structure, asked);
  const options = { ...asked, between: asked.between ?? betweenOf(stack) };
  const slabs = slabsOf(stack, slabOptions(options));
  const counting = options.samples === "dose voxels";
  const grid = counting ? doseField(dose) : latticeOf(stack, slabs, sampleStep(slabs, dose.grid));
  const inside = occupancy(stack, grid, { ...slabOptions(options), beyond: true });
  return dvhFrom(structure.name, doseVolume(inside, grid, doseField(dose), counting ? { at: "center" } : { surface: facesOf(stack, slabs) }), notesOf(stack, options));
}

/**
 * A histogram with the lower bounds of another: of a dose that is certain at least where the first has none, such as a
 * sum of courses of which one is unknown there.
 */
export function withLeast(dvh: Dvh, least: Dvh): Dvh {
  const both = (one: Bounds, other: Bounds): Bounds => ({ low: Math.max(one.low, other.low), high: one.high });
  const of = (key: "d98" | "d95" | "d50" | "d2" | "d003cc" | "mean" | "max" | "min") => both(dvh[key], least[key]);
  return {
    ...dvh,
    d98: of("d98"), d95: of("d95"), d50: of("d50"), d2: of("d2"), d003cc: of("d003cc"), mean: of("mean"), max: of("max"), min: of("min"),
    maxAt: least.max.low > dvh.max.low ? least.maxAt : dvh.maxAt,
    dAt: (share) => both(dvh.dAt(share), least.dAt(share)),
    dAtCc: (cc) => both(dvh.dAtCc(cc), least.dAtCc(cc)),
    vAt: (gy) => both(dvh.vAt(gy), least.vAt(gy)),
    vAtCc: (gy) => both(dvh.vAtCc(gy), least.vAtCc(gy)),
  };
}

function heldTogether(name: string, frameOfReference: string, dose: Volume): void {
  if (dose.grid.frameOfReference !== frameOfReference) {
    throw new HapaxError(
      "radiotherapy/frame",
      `${name} is drawn in the frame of reference ${frameOfReference || "(none)"}, the dose lies in ${dose.grid.frameOfReference || "(none)"}.`,
      "Choose structures and dose of one planning CT, or register the two first.",
    );
  }
  if (dose.unit !== "Gy") {
    throw new HapaxError("radiotherapy/dose-unit", `The volume given as dose is in ${dose.unit || "no unit"}.`, "Give a dose in Gy; a relative dose needs its prescription first.");
  }
}

function stackOf(structure: Structure, { sliceMm }: DvhOptions): ContourStack {
  const stack = contourStack(closedLoops(structure));
  if (stack.planes.length === 0) {
    const drawn = structure.contours.length === 0 ? "has no contours" : `has ${structure.contours.length === 1 ? "one contour, which does not enclose" : `${structure.contours.length} contours, of which none encloses`} an area`;
    throw new HapaxError("radiotherapy/not-drawn", `${structure.name} ${drawn}.`, "Draw it on the slices, or leave it out.");
  }
  if (stack.planes.length === 1 && sliceMm === undefined) {
    throw new HapaxError("radiotherapy/slice-thickness", `${structure.name} is drawn on a single slice, whose thickness its contours do not tell.`, "Give the distance of the image slices in mm.");
  }
  return stack;
}

function betweenOf({ planes, spacingMm }: ContourStack): Between {
  const mm = spacingMm ?? 0;
  const few = fewPlanes.some(({ most, apartMm, longMm }) => planes.length <= most && mm >= apartMm && planes.length * mm <= longMm);
  return planes.length > 2 && few ? "shape" : "slab";
}

function slabOptions({ endCap, between, sliceMm }: DvhOptions) {
  return { ...(between === undefined ? {} : { between }), ...(endCap === undefined ? {} : { endCap }), ...(sliceMm === undefined ? {} : { spacingMm: sliceMm }) };
}

const doseField = ({ grid, values, slope, intercept }: Volume): DoseField => ({ size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel), values, slope, intercept });

/** No larger than a dose voxel, and small enough that the structure has its samples. */
function sampleStep(slabs: readonly Slab[], dose: Grid): number {
  const mm3 = slabs.reduce((sum, slab) => sum + (slab.to - slab.from) * slab.loops.reduce((area, loop) => area + norm(areaVector(loop)), 0), 0);
  return Math.min(...spacingOf(dose), Math.cbrt(mm3 / fewestSamples), Math.max(sampleMm, Math.cbrt(mm3 / mostSamples)));
}

function notesOf(stack: ContourStack, { endCap = "half a slice", between }: DvhOptions & { readonly between: Between }): string[] {
  const whys = [...new Set(stack.ignored.map(({ why }) => why))];
  return [
    `End caps: ${endCap}${between === "shape" && endCap === "half a slice" ? ", or the tip that the areas lead to" : ""}; between contours: ${between}.`,
    ...gapsOf(stack).map(({ from, to }) => `No contour between ${from.toFixed(1)} and ${to.toFixed(1)} mm: the gap is not filled.`),
    ...whys.map((why) => `Contours left out, ${why}: ${stack.ignored.filter((one) => one.why === why).length}.`),
  ];
}

const mm3PerCc = 1000;

function dvhFrom(name: string, samples: DoseVolume, notes: readonly string[]): Dvh {
  const { volumeMm3, knownMm3 } = samples;
  const dAtCc = (cc: number) => doseToVolume(samples, cc * mm3PerCc);
  const dAt = (share: number) => doseToVolume(samples, share * volumeMm3);
  const vAtCc = (gy: number) => scaled(volumeAtDose(samples, gy), 1 / mm3PerCc);
  const vAt = (gy: number) => scaled(volumeAtDose(samples, gy), 1 / volumeMm3);
  const whole = volumeMm3 === knownMm3;
  const known = knownMm3 / volumeMm3;
  const highest = samples.highest.doseGy;
  return {
    name,
    volumeCc: volumeMm3 / mm3PerCc,
    coverage: known,
    d98: dAt(0.98),
    d95: dAt(0.95),
    d50: dAt(0.5),
    d2: dAt(0.02),
    d003cc: dAtCc(0.03),
    mean: whole ? exactly(samples.meanGy) : { low: knownMm3 > 0 ? samples.meanGy * known : 0, high: Infinity },
    max: whole ? exactly(highest) : { low: Number.isNaN(highest) ? 0 : highest, high: Infinity },
    min: whole ? exactly(samples.lowest.doseGy) : { low: 0, high: knownMm3 > 0 ? samples.lowest.doseGy : Infinity },
    maxAt: samples.highest.at,
    dAt,
    dAtCc,
    vAt,
    vAtCc,
    cumulative: (stepGy) => cumulativeCurve(samples, stepGy),
    differential: (stepGy) => differentialCurve(samples, stepGy),
    samples,
    notes: [...notes, ...(whole ? [] : [`Dose is known in ${(100 * known).toFixed(1)} % of the volume; the rest lies outside the dose grid.`])],
  };
}

const exactly = (value: number): Bounds => ({ low: value, high: value });
const scaled = ({ low, high }: Bounds, factor: number): Bounds => ({ low: low * factor, high: high * factor });

function cumulativeCurve(samples: DoseVolume, stepGy: number): { gy: Float64Array; share: Float64Array } {
  const hottest = samples.doseGy[0] ?? 0;
  const gy = Float64Array.from({ length: Math.floor(hottest / stepGy) + 2 }, (_, i) => i * stepGy);
  return { gy, share: gy.map((dose) => volumeAtDose(samples, dose).low / samples.knownMm3) };
}

function differentialCurve(samples: DoseVolume, stepGy: number): { gy: Float64Array; share: Float64Array } {
  const { gy, share } = cumulativeCurve(samples, stepGy);
  return { gy: gy.subarray(0, -1).map((dose) => dose + stepGy / 2), share: share.subarray(0, -1).map((value, i) => value - (share[i + 1] as number)) };
}
