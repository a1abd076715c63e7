import { apply, compose, HapaxError, type Grid, type Transform, type Vec3, type Volume } from "@hapax/base";
import { closedLoops, frameMap, type DoseGrid, type ScanOrigin, type Scans, type ScanSeries, type Structure, type StructureSet, type TreatmentPlan } from "@hapax/case";

/** Which of the scans are meant, by UID; left out, the one that belongs to the others. */
export interface ScanChoice {
  readonly series?: string;
  readonly dose?: string;
  readonly plan?: string;
  readonly structures?: string;
}

/** What belongs together, as far as it is there. */
export interface ChosenScans {
  readonly series: ScanSeries | undefined;
  readonly structureSet: StructureSet | undefined;
  readonly plan: TreatmentPlan | undefined;
  readonly dose: DoseGrid | undefined;
}

/**
 * The series, structures, plan and dose that are meant: named ones first, then what these refer to, then what is the
 * only one of its kind in their frame of reference. Where several are left, none is taken; `needed` says why not.
 *
 * @throws figure/not-there where a UID is none of the scans'
 */
export function chosenScans(scans: Scans, choice: ScanChoice): ChosenScans {
  const named = { series: byUid(scans.series, "series", choice.series), plan: byUid(scans.plans, "plan", choice.plan) };
  const dose = byUid(scans.doses, "dose", choice.dose) ?? only(dosesOf(scans, named));
  const plan = named.plan ?? scans.plans.find((p) => p.uid === dose?.planUid) ?? only(scans.plans);
  const sets = scans.structureSets.filter((set) => ties(scans, set.frameOfReference, named.series?.frameOfReference ?? dose?.grid.frameOfReference));
  const structureSet = byUid(scans.structureSets, "structure set", choice.structures) ?? sets.find((set) => set.uid === plan?.structureSetUid) ?? only(sets);
  return { plan, dose, structureSet, series: named.series ?? seriesFor(scans, structureSet, dose) };
}

/** Doses that are absorbed dose, of the plan and in reach of the series where these are named. */
export function dosesOf(scans: Scans, { plan, series }: { readonly plan?: TreatmentPlan | undefined; readonly series?: ScanSeries | undefined }): DoseGrid[] {
  return scans.doses.filter((d) => d.type !== "ERROR" && (plan === undefined || d.planUid === plan.uid) && ties(scans, d.grid.frameOfReference, series?.frameOfReference));
}

/** The images that structures were drawn on; else the only ones in the frame of reference of structures or dose. */
function seriesFor(scans: Scans, set: StructureSet | undefined, dose: DoseGrid | undefined): ScanSeries | undefined {
  const shown = scans.series.filter((s) => s.grid !== undefined);
  const frame = dose?.grid.frameOfReference ?? set?.frameOfReference;
  const same = shown.filter((s) => frame === undefined || s.frameOfReference === frame);
  return same.find((s) => s.uid === set?.referencedSeries) ?? only(same) ?? only(same.filter((s) => s.modality === "CT")) ?? (same.length > 0 ? undefined : only(shown.filter((s) => ties(scans, s.frameOfReference, frame))));
}

const ties = ({ registrations }: Scans, from: string, to: string | undefined): boolean => to === undefined || frameMap(from, to, registrations) !== undefined;

const only = <T>(all: readonly T[]): T | undefined => (all.length === 1 ? all[0] : undefined);

function byUid<T extends ScanOrigin>(all: readonly T[], what: string, uid: string | undefined): T | undefined {
  if (uid === undefined) return undefined;
  const found = all.find((one) => one.uid === uid);
  if (found !== undefined) return found;
  throw new HapaxError("figure/not-there", `There is no ${what} ${uid}. ${listed(all, what)}`, "Name one that is there by its UID.");
}

/**
 * What a figure cannot do without.
 *
 * @param all  of which one was to be chosen
 * @throws     figure/not-there where there is none, figure/several where nothing says which is meant
 */
export function needed<T extends ScanOrigin>(one: T | undefined, what: string, all: readonly T[]): T {
  if (one !== undefined) return one;
  if (all.length === 0) throw new HapaxError("figure/not-there", `The scans hold no ${what}.`, `Add the files of the ${what}.`);
  throw new HapaxError("figure/several", `Nothing says which ${what} is meant. ${listed(all, what)}`, `Name the ${what} by its UID.`);
}

function listed(all: readonly ScanOrigin[], what: string): string {
  if (all.length === 0) return `The scans hold no ${what}.`;
  return `There are ${all.map(({ uid, label, date }) => `${uid} (${[label, date].filter((part) => part !== undefined && part !== "").join(", ")})`).join("; ")}.`;
}

/**
 * How points are taken from one frame of reference to another.
 *
 * @param what  lies in `from`: "the dose"
 * @throws      figure/frame where they differ and no registration ties them
 */
function mapBetween(from: string, to: string, scans: Pick<Scans, "registrations">, what: string): Transform<"patient", "patient"> {
  const found = frameMap(from, to, scans.registrations);
  if (found !== undefined) return found.map;
  const said = (frame: string) => (frame === "" ? "one that is not recorded" : frame);
  throw new HapaxError(
    "figure/frame",
    `The frame of reference of ${what} is ${said(from)}, and ${said(to)} that of what it is drawn on.`,
    "Choose scans of one frame of reference, or add a registration between the two.",
  );
}

/** A volume in a frame of reference; its grid moves, its numbers stay. */
export function volumeIn<V extends Volume>(volume: V, frame: string, scans: Pick<Scans, "registrations">, what: string): V {
  const map = mapBetween(volume.grid.frameOfReference, frame, scans, what);
  const grid: Grid = { ...volume.grid, patientFromVoxel: compose(map, volume.grid.patientFromVoxel), frameOfReference: frame };
  return { ...volume, grid };
}

/**
 * Structures in a frame of reference: those named, or all that are drawn.
 *
 * @throws figure/structure where a name is none of theirs, or has no contours
 */
export function structuresIn(set: StructureSet, names: readonly string[] | undefined, frame: string, scans: Pick<Scans, "registrations">): Structure[] {
  const drawn = set.structures.filter((s) => s.contours.length > 0);
  for (const name of names ?? []) {
    if (drawn.some((s) => s.name === name)) continue;
    const met = set.structures.some((s) => s.name === name) ? `${name} has no contours` : `${set.label} has no structure ${JSON.stringify(name)}`;
    throw new HapaxError("figure/structure", `${met}.`, drawn.length === 0 ? "None of its structures is drawn." : `Drawn are ${drawn.map((s) => s.name).join(", ")}.`);
  }
  const map = mapBetween(set.frameOfReference, frame, scans, `the structure set ${set.label}`);
  const asked = drawn.filter((s) => names === undefined || names.includes(s.name));
  if (set.frameOfReference === frame) return asked;
  return asked.map((s) => ({ ...s, contours: s.contours.map((c) => ({ ...c, points: moved(map, c.points) })) }));
}

function moved(map: Transform<"patient", "patient">, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i + 2 < points.length; i += 3) out.set(apply(map, [points[i] as number, points[i + 1] as number, points[i + 2] as number]), i);
  return out;
}

/**
 * The target: what the plan prescribes most to, else a GTV, CTV or PTV; undefined where none is drawn.
 *
 * @param plan  one that was made on these structures: numbers of structures mean nothing in another set
 */
export function targetOf(structures: readonly Structure[], plan: TreatmentPlan | undefined): Structure | undefined {
  const drawn = structures.filter((s) => closedLoops(s).length > 0);
  const prescribed = (plan?.prescriptions ?? []).filter((p) => p.role === "TARGET").sort((a, b) => (b.targetGy ?? 0) - (a.targetGy ?? 0));
  const byKind = (kind: string) => drawn.find((s) => s.type === kind || s.name.toUpperCase().startsWith(kind));
  return prescribed.map((p) => drawn.find((s) => s.number === p.structure)).find((s) => s !== undefined) ?? byKind("GTV") ?? byKind("CTV") ?? byKind("PTV");
}

/** Least and greatest x, y and z of a contour, LPS, mm. */
export function boxOf(loop: Float64Array): readonly [Vec3, Vec3] {
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  loop.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3] as number, value);
    high[i % 3] = Math.max(high[i % 3] as number, value);
  });
  return [low as unknown as Vec3, high as unknown as Vec3];
}

/** The middle of the box around the closed contours of a structure, LPS, mm. */
export function middleOfStructure(structure: Structure): Vec3 {
  const boxes = closedLoops(structure).map(boxOf);
  const middle = (a: 0 | 1 | 2) => (Math.min(...boxes.map(([low]) => low[a])) + Math.max(...boxes.map(([, high]) => high[a]))) / 2;
  return [middle(0), middle(1), middle(2)];
}

/**
 * Dose of 100 %, Gy, as the plan of the dose says it.
 *
 * @param prescriptionGy  as a person says it; it beats the plan
 * @returns               undefined where nothing says it, or too much; `why` says what
 */
export function prescribedGy({ dose, plan, structureSet }: ChosenScans, prescriptionGy: number | undefined): { readonly gy: number | undefined; readonly why: string } {
  if (prescriptionGy !== undefined) return { gy: prescriptionGy, why: "given" };
  if (dose === undefined || plan === undefined) return { gy: undefined, why: "The scans hold no plan of this dose." };
  if (dose.planUid !== plan.uid) return { gy: undefined, why: `The dose does not say that it is of the plan ${plan.label}.` };
  if (dose.summation !== "PLAN") return { gy: undefined, why: `The dose is of a ${dose.summation}, the prescription of the plan ${plan.label} is of the whole plan.` };
  const prescribed = plan.prescriptions.filter((p) => p.role === "TARGET" && p.targetGy !== undefined);
  const doses = [...new Set(prescribed.map((p) => p.targetGy))];
  if (doses.length === 1) return { gy: doses[0], why: `prescribed by ${plan.label}` };
  const named = plan.structureSetUid === structureSet?.uid ? structureSet?.structures : [];
  const name = (number: number | undefined) => named?.find((s) => s.number === number)?.name;
  const said = prescribed.map(({ structure, targetGy, description }) => `${targetGy} Gy to ${name(structure) ?? description ?? "a target"}`);
  return { gy: undefined, why: `The plan ${plan.label} prescribes ${said.length === 0 ? "no dose" : said.join(", ")}.` };
}
