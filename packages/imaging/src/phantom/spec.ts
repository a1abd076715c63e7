import { HapaxError, type Vec3 } from "@hapax/base";

/** Raised when the same specification gives other scans, so that those made earlier are made anew. */
export const phantomEdition = 5;

/** Why a point of one time point is the same point at another, for what takes a dose from scan to scan; after "of T3". */
export const phantomRegistration = "by construction; what a mass has pushed aside has moved";

/** One mass at one time. Which plane the published diameters were taken in is not recorded; here they are axial. */
export interface MassSpec {
  /** The measurement of the record that it gives back. */
  readonly measurement: string;
  /** LPS, mm; the origin is the carina's level in the midline. */
  readonly center: Vec3;
  /** Longest axial diameter and the longest square to it in the same plane, mm. */
  readonly axialMm: readonly [number, number];
  /** Craniocaudal extent before anything cuts it, mm: not reported, an assumption. */
  readonly heightMm: number;
  /** Direction of the long axis in the axial plane, left and back. */
  readonly longAxis: readonly [number, number];
  /** Share of the radius that is necrotic, 0 to 1. */
  readonly necrosis: number;
  /** Uptake of FDG, SUVbw: words only in the report, an assumption; undefined where there is no PET. */
  readonly suv?: number;
  /** What was chosen where the report is silent. */
  readonly chosen: string;
}

/** One time point of the case as a scan. */
export interface StudySpec {
  readonly id: string;
  readonly timePoint: string;
  readonly title: string;
  /** Entries of the record, kind imaging, that this scan stands for. */
  readonly entries: readonly string[];
  readonly seed: number;
  readonly pet: boolean;
  readonly neck: MassSpec;
  readonly mediastinum: MassSpec;
  /** How far the mediastinum is pushed to the left, mm. */
  readonly shiftMm: number;
  /** How far the right dome of the diaphragm is pressed down, mm. */
  readonly diaphragmMm: number;
  /** Depth of the right pleural effusion at the back of the base, mm. */
  readonly effusionMm: number;
  /** Share of the right lung that holds air, 0 to 1. */
  readonly aeration: number;
  /** Shift of the right scapula's medial border and of its glenoid, LPS, mm. */
  readonly scapula: { readonly medialMm: Vec3; readonly glenoidMm: Vec3 };
  /** Levels where bone is eroded and where tumor lies in the canal; undefined is none. */
  readonly erosion?: readonly [from: string, to: string];
  readonly epidural?: readonly [from: string, to: string];
  /** Nodules of the lungs by side, with their range of diameters, mm. */
  readonly nodules: { readonly left: number; readonly right: number; readonly mm: readonly [number, number] };
  /** Radiotherapy entry whose volumes are drawn on this scan. */
  readonly treatment?: "imrt-sib" | "re-irradiation" | "palliative-3d";
}

export interface PhantomSpec {
  readonly case: string;
  readonly notice: string;
  readonly studies: readonly StudySpec[];
}

/**
 * Reads a phantom's description.
 *
 * @param json  the parsed file `phantom.json`
 * @throws      imaging/phantom with the place and the value of everything that does not fit
 */
export function phantomSpec(json: unknown): PhantomSpec {
  const problems: HapaxError[] = [];
  const wrong = (place: string, met: unknown, wanted: string): undefined => {
    problems.push(new HapaxError("imaging/phantom", `${place} is ${JSON.stringify(met) ?? "missing"}.`, `Give ${wanted}.`));
    return undefined;
  };
  const spec = readObject(json, "phantom", {
    case: text, notice: text, studies: list(object({
      id: text, timePoint: text, title: text, entries: list(text), seed: number, pet: flag, neck: mass, mediastinum: mass,
      shiftMm: number, diaphragmMm: number, effusionMm: number, aeration: number, scapula: object({ medialMm: numbers(3), glenoidMm: numbers(3) }),
      erosion: optional(list(level)), epidural: optional(list(level)), nodules: object({ left: number, right: number, mm: numbers(2) }), treatment: optional(oneOf("imrt-sib", "re-irradiation", "palliative-3d")),
    })),
  }, wrong);
  if (problems.length === 1) throw problems[0];
  if (problems.length > 0) throw new HapaxError("imaging/phantom", `The phantom's description has ${problems.length} problems. ${problems[0]?.what ?? ""}`, "Correct each of them.", problems);
  return spec as unknown as PhantomSpec;
}

type Wrong = (place: string, met: unknown, wanted: string) => undefined;
type Reader = (value: unknown, place: string, wrong: Wrong) => unknown;

const text: Reader = (value, place, wrong) => (typeof value === "string" && value !== "" ? value : wrong(place, value, "a text"));
const number: Reader = (value, place, wrong) => (typeof value === "number" && Number.isFinite(value) ? value : wrong(place, value, "a number"));
const flag: Reader = (value, place, wrong) => (typeof value === "boolean" ? value : wrong(place, value, "true or false"));
const level: Reader = (value, place, wrong) => (typeof value === "string" && /^(C[3-7]|T[1-9]|T1[0-2]|L1)$/.test(value) ? value : wrong(place, value, "a vertebra from C3 to L1"));
const oneOf = (...words: string[]): Reader => (value, place, wrong) => (words.includes(value as string) ? value : wrong(place, value, words.join(" or ")));
const optional = (read: Reader): Reader => (value, place, wrong) => (value === undefined ? undefined : read(value, place, wrong));
const list = (read: Reader): Reader => (value, place, wrong) => (Array.isArray(value) ? value.map((item, i) => read(item, `${place}[${i}]`, wrong)) : wrong(place, value, "a list"));
const numbers = (count: number): Reader => (value, place, wrong) =>
  Array.isArray(value) && value.length === count && value.every((v) => typeof v === "number" && Number.isFinite(v)) ? value : wrong(place, value, `${count} numbers`);
const object = (readers: Readonly<Record<string, Reader>>): Reader => (value, place, wrong) => readObject(value, place, readers, wrong);
const mass = object({ measurement: text, center: numbers(3), axialMm: numbers(2), heightMm: number, longAxis: numbers(2), necrosis: number, suv: optional(number), chosen: text });

function readObject(value: unknown, place: string, readers: Readonly<Record<string, Reader>>, wrong: Wrong): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return wrong(place, value, "an object");
  const given = value as Record<string, unknown>;
  for (const key of Object.keys(given)) if (!(key in readers)) wrong(`${place}.${key}`, given[key], "only what the phantom knows");
  const read = Object.entries(readers).map(([key, reader]) => [key, reader(given[key], `${place}.${key}`, wrong)] as const);
  return Object.fromEntries(read.filter(([, v]) => v !== undefined));
}
