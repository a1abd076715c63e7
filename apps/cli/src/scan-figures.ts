import { apply, compose, flat, HapaxError, spacingOf, transform, voxelFromPatient, type Grid, type PatientPosition, type Vec3, type Volume } from "@hapax/base";
import { closedLoops, type DoseGrid, type Scans, type ScanSeries, type Structure } from "@hapax/case";
import {
  bevFigure, compareFigure, doseMaximum, dvhFigure, figure2Levels, gammaFigure, looksOf, mprFigure, outlineGrid, percentLevels, planeThrough,
  usualWindow, washFigure, windowsOf,
  type DoseLayer, type DvhCurve, type Figure, type ImageLayer, type OutlinedStructure, type PlaneFigureOptions, type Scene, type ViewPlane,
} from "@hapax/figures";
import { occupancy } from "@hapax/kernels";
import { dvhOf, gammaOf } from "@hapax/radiotherapy";
import { boxOf, chosenScans, dosesOf, middleOfStructure, needed, prescribedGy, structuresIn, targetOf, volumeIn, type ChosenScans, type ScanChoice } from "./scan-choice.ts";

export const scanFigureNames = ["mpr", "wash", "bev", "dvh", "compare", "gamma"] as const;
export type ScanFigureName = (typeof scanFigureNames)[number];

export const planeKinds = ["axial", "coronal", "sagittal"] as const;
export type PlaneChoice = (typeof planeKinds)[number] | "all";
export const doseSchemes = { percent: percentLevels, figure2: figure2Levels } as const;

/** How far two doses may differ. */
export interface GammaCriteria {
  /** Dose difference, %. */
  readonly percent: number;
  /** Distance to agreement, mm. */
  readonly mm: number;
  /** Percent of the dose at each point, not of the highest. */
  readonly local: boolean;
  /** Points below this share of the highest dose are not compared, %. */
  readonly thresholdPercent: number;
}

export interface ScanFigureOptions extends ScanChoice {
  /** Structures to draw; left out, all that are drawn. */
  readonly names?: readonly string[];
  /** LPS, mm; left out, the middle of the target, else the highest dose, else the middle of the scan. */
  readonly at?: Vec3;
  readonly plane?: PlaneChoice;
  /** Name of a usual window, or center and width in the unit of the scan. */
  readonly window?: string | readonly [number, number];
  /** Dose of 100 %, Gy; left out, what the plan prescribes to all its targets alike. */
  readonly prescriptionGy?: number;
  readonly scheme?: keyof typeof doseSchemes;
  /** Number of a beam; left out, the first. */
  readonly beam?: number;
  /** Of the whole figure, px. */
  readonly width?: number;
  /** The dose that is compared; its registrations are among those of the scans. */
  readonly second?: DoseGrid;
  readonly gamma?: GammaCriteria;
}

/**
 * A picture of scans: planes, dose on planes, what a beam sees, histograms, two doses, or where they agree.
 *
 * @throws figure/… with what is missing, not tied by a frame of reference, or not said; dicom/… where pixels cannot be had
 */
export async function scanFigure(name: ScanFigureName, scans: Scans, options: ScanFigureOptions = {}): Promise<Figure> {
  checkSize(options);
  const study: Study = { scans, options, chosen: chosenScans(scans, options) };
  return drawn[name](study);
}

interface Study {
  readonly scans: Scans;
  readonly options: ScanFigureOptions;
  readonly chosen: ChosenScans;
}

const drawn: Readonly<Record<ScanFigureName, (study: Study) => Promise<Figure>>> = { mpr, wash, bev, dvh, compare, gamma };

async function mpr(study: Study): Promise<Figure> {
  refuseAnyOfMany(study);
  const { scene, planes } = await sceneOf(study, undefined);
  return mprFigure(scene, planes, wordsOf(study));
}

/** A dose says which images it belongs to; planes alone do not, where there are several. */
function refuseAnyOfMany({ scans, options: { series, dose, plan, structures } }: Study): void {
  const shown = scans.series.filter((s) => s.grid !== undefined);
  const named = [series, dose, plan, structures].some((uid) => uid !== undefined);
  if (!named && shown.length > 1 && scans.structureSets.length !== 1) needed(undefined, "series of images", shown);
}

async function wash(study: Study): Promise<Figure> {
  const dose = doseOf(study);
  const referenceGy = reference(study);
  const { scene, planes } = await sceneOf(study, dose);
  return washFigure({ ...scene, dose: await layerOf(study, dose, scene.image.volume.grid, referenceGy) }, planes, wordsOf(study, dose));
}

async function compare(study: Study): Promise<Figure> {
  const [first, second] = [doseOf(study), secondOf(study)];
  const referenceGy = reference(study);
  const { scene, planes } = await sceneOf(study, first);
  const layer = (dose: DoseGrid) => layerOf(study, dose, scene.image.volume.grid, referenceGy);
  const named = namesOf(first, second);
  return compareFigure({ ...scene, dose: await layer(first), comparedDose: await layer(second) }, planes, { ...wordsOf(study, first, second), names: named });
}

async function gamma(study: Study): Promise<Figure> {
  const [first, second] = [doseOf(study), secondOf(study)];
  const criteria = study.options.gamma;
  if (criteria === undefined) throw new HapaxError("figure/criteria", "Gamma was asked for without its criteria.", "Give the dose difference in percent and the distance in mm, such as 3 % and 3 mm.");
  const result = gammaOf(await first.volume(), await second.volume(), { ...criteria, registrations: study.scans.registrations });
  if (result.passRate === undefined) throw new HapaxError("figure/nothing-compared", `No point could be compared. ${result.method.join(" ")}`, "Give two doses that overlap, or a lower threshold.");
  const { scene, planes } = await sceneOf(study, first);
  const map = volumeIn(result.map, scene.image.volume.grid.frameOfReference, study.scans, "the first dose");
  const words = `${criteria.percent} % / ${criteria.mm} mm, ${criteria.local ? "local" : "global"}, from ${criteria.thresholdPercent} %`;
  return gammaFigure(scene, { volume: map, criteria: words, passPercent: 100 * result.passRate }, planes, wordsOf(study, first, second));
}

async function dvh(study: Study): Promise<Figure> {
  const { options, chosen, scans } = study;
  const dose = doseOf(study);
  const set = needed(chosen.structureSet, "structure set", scans.structureSets);
  const volume = await dose.volume();
  const structures = structuresIn(set, options.names, volume.grid.frameOfReference, scans).filter((s) => options.names !== undefined || closedLoops(s).length > 0);
  if (structures.length === 0) throw new HapaxError("figure/structure", `No structure of ${set.label} is drawn.`, "Give a structure set with closed contours.");
  const looks = looksOf(set.structures);
  const slice = chosen.series?.grid === undefined ? {} : { sliceMm: spacingOf(chosen.series.grid)[2] };
  const curves = structures.map((structure): DvhCurve => {
    const found = dvhOf(structure, volume, { frameOfReference: volume.grid.frameOfReference, ...slice });
    const { gy } = found.cumulative((doseMaximum(volume)?.gy || 1) / curveSteps);
    const points = Array.from(gy, (at) => [at, 100 * found.vAt(at).low] as const);
    return { name: structure.name, ...colorOf(looks, structure), points, coverage: found.coverage };
  });
  const { gy } = prescribedGy(chosen, options.prescriptionGy);
  const width = options.width ?? 720;
  return dvhFigure(curves, { ...wordsOf(study, dose), width, height: Math.round(width * 0.65), ...(gy === undefined ? {} : { referenceGy: gy }) });
}

async function bev(study: Study): Promise<Figure> {
  const { options, chosen, scans } = study;
  const plan = needed(chosen.plan, "plan", scans.plans);
  const series = needed(chosen.series, "series of images", scans.series);
  const beam = plan.beams.find((b) => options.beam === undefined || b.number === options.beam);
  if (beam === undefined || beam.controlPoints.length === 0) {
    const said = plan.beams.map((b) => `${b.number} (${b.name})`).join(", ");
    const asked = beam === undefined ? (options.beam === undefined ? "no beams" : `no beam ${options.beam}`) : `no control point of beam ${beam.number}`;
    throw new HapaxError("figure/beam", `The plan ${plan.label} has ${asked}.`, said === "" ? "Give a plan with beams; this one holds the prescription only." : `Its beams are ${said}.`);
  }
  const frame = frameOfPlan(study);
  if (frame !== series.frameOfReference) {
    throw new HapaxError("figure/frame", `The plan ${plan.label} was made in the frame of reference ${frame ?? "of scans that are not there"}, and the series lies in ${series.frameOfReference || "one that is not recorded"}.`, "Choose the CT that the plan was made on, with its structure set or its dose.");
  }
  const image = await series.volume();
  const side = options.width ?? 640;
  const words = wordsOf(study);
  const seen = outlined(study, image.grid, true).filter(({ name }) => options.names !== undefined || !/^(body|external|skin|couch|support)/i.test(name));
  return bevFigure({ scan: image, beam, patientPosition: positionOf(series), structures: seen }, { ...words, synthetic: words.synthetic === true || plan.synthetic, width: side, height: side });
}

/** A plan stands in the frame of reference of its structures, or of its dose. */
function frameOfPlan({ chosen: { plan }, scans }: Study): string | undefined {
  return (scans.structureSets.find((s) => s.uid === plan?.structureSetUid)?.frameOfReference ?? scans.doses.find((d) => d.planUid === plan?.uid)?.grid.frameOfReference);
}

function positionOf({ label, patientPosition }: ScanSeries): PatientPosition {
  if (patientPosition !== undefined && patientPosition !== "") return patientPosition as PatientPosition;
  throw new HapaxError("figure/patient-position", `The series ${label} does not say how the patient lay.`, "Export it again with PatientPosition: without it no beam can be placed.");
}

/** Steps of a curve up to the highest dose. */
const curveSteps = 300;

const doseOf = ({ chosen, scans }: Study): DoseGrid => needed(chosen.dose, "dose", dosesOf(scans, {}));

function secondOf({ options }: Study): DoseGrid {
  if (options.second !== undefined) return options.second;
  throw new HapaxError("figure/second", "A second dose was not given.", "Give the dose that is held against the first.");
}

/** What two doses are called; where both are called the same, by their files. */
function namesOf(first: DoseGrid, second: DoseGrid): [string, string] {
  return first.label === second.label ? [first.files[0] ?? first.uid, second.files[0] ?? second.uid] : [first.label, second.label];
}

/** @throws figure/prescription */
function reference({ chosen, options }: Study): number {
  const { gy, why } = prescribedGy(chosen, options.prescriptionGy);
  if (gy !== undefined && gy > 0) return gy;
  throw new HapaxError("figure/prescription", `Which dose is 100 % is not said. ${why}`, "Give the prescription in Gy.");
}

async function layerOf({ scans, options }: Study, dose: DoseGrid, { frameOfReference }: Grid, referenceGy: number): Promise<DoseLayer> {
  const volume = volumeIn(await dose.volume(), frameOfReference, scans, `the dose ${dose.label}`);
  return { volume, scheme: doseSchemes[options.scheme ?? "percent"], referenceGy };
}

/** Scan and outlines, and the planes through what is looked at. */
async function sceneOf(study: Study, dose: DoseGrid | undefined): Promise<{ scene: Scene; planes: readonly ViewPlane[] }> {
  const { options, chosen, scans } = study;
  const series = needed(chosen.series, "series of images", scans.series);
  if (series.grid === undefined) throw new HapaxError("figure/refused", `The series ${series.label} cannot be shown. ${series.geometry.notice ?? ""}`.trim(), "Choose another series.");
  const volume = await series.volume();
  const { grid } = volume;
  const at = options.at ?? snapped(grid, await lookedAt(study, grid, dose ?? chosen.dose));
  if (!within(grid, at)) throw new HapaxError("figure/outside", `${at.join(", ")} mm lies outside the series ${series.label}.`, `Its voxels reach ${reachOf(grid)}.`);
  const planes = planesOf(await fieldOf(study, grid, at, dose), at, options);
  return { scene: { image: imageOf(volume, options.window), structures: outlined(study, grid, planes.some((p) => p.kind !== "axial")) }, planes };
}

/** @throws figure/window */
function imageOf(volume: Volume, asked: ScanFigureOptions["window"]): ImageLayer {
  const usual = windowsOf(volume);
  const law = volume.unit === "HU" ? "LINEAR" : "LINEAR_EXACT";
  if (asked === undefined) return { volume, window: { ...usualWindow(volume), law } };
  const named = typeof asked === "string" ? usual.find((w) => w.name.toLowerCase() === asked.toLowerCase()) : { center: asked[0], width: asked[1] };
  if (named !== undefined && named.width >= (law === "LINEAR" ? 1 : Number.MIN_VALUE)) return { volume, window: { center: named.center, width: named.width, law } };
  throw new HapaxError("figure/window", `The window is ${typeof asked === "string" ? JSON.stringify(asked) : asked.join(", ")}.`, `Give center and width, or one of ${usual.map((w) => w.name).join(", ")}.`);
}

/** Structures as pictures need them; `inside` also for planes that do not run along their contours. */
function outlined({ chosen: { structureSet }, options, scans }: Study, grid: Grid, inside: boolean): OutlinedStructure[] {
  if (structureSet === undefined) {
    if (options.names !== undefined) needed(structureSet, "structure set", scans.structureSets);
    return [];
  }
  const looks = looksOf(structureSet.structures);
  return structuresIn(structureSet, options.names, grid.frameOfReference, scans).map((structure) => {
    const loops = closedLoops(structure);
    const { contours } = structure;
    return {
      name: structure.name,
      ...colorOf(looks, structure),
      loops,
      open: contours.filter((c) => c.type === "OPEN_PLANAR" || c.type === "OPEN_NONPLANAR").map((c) => c.points),
      points: contours.filter((c) => c.type === "POINT").map(({ points: [x = 0, y = 0, z = 0] }): Vec3 => [x, y, z]),
      ...(inside && loops.length > 0 ? { occupancy: insideOf(loops, grid) } : {}),
    };
  });
}

function insideOf(loops: readonly Float64Array[], images: Grid): NonNullable<OutlinedStructure["occupancy"]> {
  const grid = outlineGrid(images, loops);
  // A short scan may end within a structure, whose shadow in a beam does not.
  return { grid, ...occupancy(loops, { size: grid.size, patientFromVoxel: flat(grid.patientFromVoxel) }, { beyond: true }) };
}

function colorOf(looks: ReturnType<typeof looksOf>, { number }: Structure): { color?: string } {
  const color = looks.get(number)?.color;
  return color === undefined ? {} : { color };
}

/** The middle of the target, else the highest dose, else the middle of the scan. */
async function lookedAt({ chosen: { structureSet, plan }, scans }: Study, grid: Grid, dose: DoseGrid | undefined): Promise<Vec3> {
  const target = structureSet && targetOf(structuresIn(structureSet, undefined, grid.frameOfReference, scans), plan?.structureSetUid === structureSet.uid ? plan : undefined);
  if (target !== undefined) return middleOfStructure(target);
  const highest = dose && doseMaximum(volumeIn(await dose.volume(), grid.frameOfReference, scans, `the dose ${dose.label}`));
  return highest?.point ?? apply(grid.patientFromVoxel, grid.size.map((n) => (n - 1) / 2) as unknown as Vec3);
}

/** Around structures and the highest dose, mm. */
const margin = 30;

/** The part of a scan that holds all structures, the highest dose and the place that is looked at; the whole where none is drawn. */
async function fieldOf({ chosen: { structureSet }, scans }: Study, grid: Grid, at: Vec3, dose: DoseGrid | undefined): Promise<Grid> {
  const structures = structureSet === undefined ? [] : structuresIn(structureSet, undefined, grid.frameOfReference, scans);
  const boxes = structures.flatMap((s) => closedLoops(s)).map(boxOf);
  if (boxes.length === 0) return grid;
  const highest = dose && doseMaximum(volumeIn(await dose.volume(), grid.frameOfReference, scans, `the dose ${dose.label}`));
  const points = [...boxes.flat(), at, ...(highest === undefined ? [] : [highest.point])];
  const ends = ([0, 1, 2] as const).map((a) => [Math.min(...points.map((p) => p[a])) - margin, Math.max(...points.map((p) => p[a])) + margin] as const);
  return partOf(grid, corners(ends as unknown as Ends));
}

type Ends = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];
const corners = ([xs, ys, zs]: Ends): Vec3[] => xs.flatMap((x) => ys.flatMap((y) => zs.map((z): Vec3 => [x, y, z])));

/** The voxels of a grid that lie between points of the patient. */
function partOf(grid: Grid, points: readonly Vec3[]): Grid {
  const counts = points.map((p) => apply(voxelFromPatient(grid), p));
  const range = ([0, 1, 2] as const).map((a) => {
    const inside = (v: number) => Math.min((grid.size[a] as number) - 1, Math.max(0, Math.round(v)));
    return [inside(Math.min(...counts.map((c) => c[a]))), inside(Math.max(...counts.map((c) => c[a])))] as const;
  }) as unknown as Ends;
  const first = range.map(([from]) => from) as unknown as Vec3;
  const shift = transform<"voxel", "voxel">([[1, 0, 0, first[0]], [0, 1, 0, first[1]], [0, 0, 1, first[2]]]);
  return { ...grid, size: range.map(([from, to]) => to - from + 1) as unknown as Vec3, patientFromVoxel: compose(grid.patientFromVoxel, shift) };
}

/** The center of the nearest voxel: a picture then is a slice of the scanner, with the contours that were drawn on it. */
function snapped(grid: Grid, point: Vec3): Vec3 {
  const at = apply(voxelFromPatient(grid), point);
  return apply(grid.patientFromVoxel, at.map((v, a) => Math.min((grid.size[a] as number) - 1, Math.max(0, Math.round(v)))) as unknown as Vec3);
}

function within(grid: Grid, point: Vec3): boolean {
  return apply(voxelFromPatient(grid), point).every((v, a) => v >= -0.5 && v <= (grid.size[a] as number) - 0.5);
}

/** Least and most along an axis of the patient, mm. */
function spanOf({ size, patientFromVoxel }: Grid, axis: 0 | 1 | 2): readonly [number, number] {
  const places = corners(size.map((n) => [-0.5, n - 0.5]) as unknown as Ends).map((corner) => apply(patientFromVoxel, corner)[axis]);
  return [Math.min(...places), Math.max(...places)];
}

const reachOf = (grid: Grid): string => ([0, 1, 2] as const).map((axis) => `${"xyz"[axis]} ${spanOf(grid, axis).map((v) => v.toFixed(1)).join(" to ")}`).join(", ");

const gap = 2;

/** The planes through a point side by side, at one scale. */
function planesOf(grid: Grid, at: Vec3, { plane = "all", width }: ScanFigureOptions): ViewPlane[] {
  const kinds: readonly (typeof planeKinds)[number][] = plane === "all" ? planeKinds : [plane];
  const [x, y, z] = ([0, 1, 2] as const).map((axis) => spanOf(grid, axis)[1] - spanOf(grid, axis)[0]) as unknown as Vec3;
  const wide = { axial: x, coronal: x, sagittal: y };
  const high = { axial: y, coronal: z, sagittal: z };
  const px = (width ?? (kinds.length === 1 ? 640 : 1440)) - gap * (kinds.length - 1);
  const mmPerPx = kinds.reduce((sum, kind) => sum + wide[kind], 0) / px;
  const height = Math.max(leastHeight, Math.round(Math.max(...kinds.map((kind) => high[kind])) / mmPerPx));
  return kinds.map((kind) => planeThrough(kind, grid, at, { width: Math.round(wide[kind] / mmPerPx), height }));
}

/** Room for what stands in the corners, px. */
const leastHeight = 220;

/** @throws figure/width */
function checkSize({ width = 640 }: ScanFigureOptions): void {
  if (Number.isInteger(width) && width >= 240 && width <= 4000) return;
  throw new HapaxError("figure/width", `The figure was asked ${width} px wide.`, "Give a whole number of px from 240 to 4000.");
}

/** What a figure says about itself: never a name of a patient. */
function wordsOf({ chosen: { series, structureSet, plan } }: Study, ...doses: readonly DoseGrid[]): PlaneFigureOptions {
  const scan = series && [series.modality === "other" ? "images" : series.modality, series.description || series.bodyPart].filter((part) => part !== undefined && part !== "").join(" ");
  const named = doses.map((d) => (d.planUid !== undefined && d.planUid === plan?.uid ? `plan ${plan.label}` : d.label));
  const label = [scan, ...new Set(named)].filter((part) => part !== undefined && part !== "").join(" · ");
  const synthetic = [series, structureSet, ...doses].some((one) => one?.synthetic === true);
  return { synthetic, ...(label === "" ? {} : { label }) };
}
