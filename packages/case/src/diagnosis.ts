import { convert, HapaxError, show, type Quantity } from "@hapax/base";
import { Histology, Mitoses, type Entry, type EntryOf } from "./entries.ts";
import { known, QuantitySchema, type Fact } from "./facts.ts";
import { lesionSeries, type SizePoint } from "./series.ts";
import type { CaseView } from "./view.ts";
import type { z } from "zod";

/** The lesion or lesions that a tumor is classified and staged by, and why these. */
export interface PrimaryLesions {
  readonly lesions: readonly EntryOf<"lesion">[];
  readonly why: string;
}

/** The primary lesions: those recorded as such, else the one that was biopsied, else the only one. */
export function primaryLesions(view: CaseView): PrimaryLesions {
  const all = view.all("lesion");
  const primary = all.filter((l) => known(l.role) === "primary");
  if (primary.length > 0) return { lesions: primary, why: "recorded as primary" };
  const specimens = new Set(view.all("histology").map((h) => h.specimen));
  const sampled = new Set(view.all("specimen").flatMap((s) => (specimens.has(s.id) && s.lesion !== undefined ? [s.lesion] : [])));
  const biopsied = all.filter((l) => sampled.has(l.id));
  if (biopsied.length > 0) return { lesions: biopsied, why: "the lesion that was sampled; none is recorded as primary" };
  if (all.length === 1) return { lesions: all, why: "the only lesion; its role is not recorded" };
  return { lesions: [], why: all.length === 0 ? "no lesion is recorded" : "no lesion is recorded as primary" };
}

/**
 * True when an event is certainly not after the start of the first treatment of the tumor that was given. Events and
 * treatments without any time do not count against it.
 */
export function beforeTreatment(view: CaseView, id: string): boolean {
  const { timing } = view;
  if (!timing.has(id)) return true;
  const points = view.record.timePoints;
  // b is certainly not after a.
  const notAfter = (b: string, a: string) => (timing.gap(a, b).atMostDays ?? Infinity) <= 0;
  const given = (e: Entry) => e.state === "recorded" || e.state === "completion not recorded" || e.state === "uncertain";
  const treatments = [...view.all("drug").filter((d) => d.purpose === "antitumor"), ...view.all("radiotherapy")].filter(given);
  return treatments.every((t) => {
    const ordered = timing.bounds(t.id).start.atLeastDays !== undefined || points.some((p) => notAfter(p.id, t.id) || notAfter(t.id, p.id));
    return !ordered || notAfter(id, t.id);
  });
}

/** Size of the primary at diagnosis: the measurement taken, and every other one from before treatment. */
export interface SizeAtDiagnosis {
  readonly size: Quantity;
  readonly used: SizePoint;
  readonly others: readonly SizePoint[];
}

const order = { pathology: 0, CT: 1, MR: 1, "PET/CT": 2, ultrasound: 2, "X-ray": 2, caliper: 3, palpation: 3 } as const;

/**
 * The largest diameter of the primary lesion at the first time point at which it was measured on a specimen, else by
 * CT or MR, else by any method.
 */
export function sizeAtDiagnosis(view: CaseView): SizeAtDiagnosis | undefined {
  const primary = new Set(primaryLesions(view).lesions.map((l) => l.id));
  const points = lesionSeries(view)
    .filter((s) => primary.has(s.lesion.id))
    .flatMap((s) => s.points)
    .filter((p) => p.measurement.state === "recorded" && beforeTreatment(view, p.measurement.id));
  const best = Math.min(...points.map((p) => order[p.measurement.method]));
  const when = (p: SizePoint) => view.timing.rank(p.timePoint ?? p.measurement.id)?.start ?? -1;
  const eligible = points.filter((p) => order[p.measurement.method] === best);
  const first = Math.min(...eligible.map(when));
  const used = eligible.filter((p) => when(p) === first).reduce<SizePoint | undefined>((a, b) => (a === undefined || longest(b) > longest(a) ? b : a), undefined);
  if (used === undefined) return undefined;
  const size = used.measurement.diameters.find((d) => convert(d, "cm") === longest(used));
  return size && { size, used, others: points.filter((p) => p !== used) };
}

const longest = (p: SizePoint) => p.diametersCm[0] ?? 0;

/** "CT at T1": how and when a size was measured. */
export function describeMethod(point: SizePoint): string {
  return `${point.measurement.method}${point.timePoint === undefined ? "" : ` at ${point.timePoint}`}`;
}

/** "14.3 cm by CT at T1". */
export function describeSize(point: SizePoint): string {
  return `${show({ value: longest(point), unit: "cm" })} by ${describeMethod(point)}`;
}

const histologyKeys = [
  "siteGroup", "size", "infiltrative", "nuclearGrade", "highCellularity", "mitoses", "atypicalMitoses", "necrosis",
  "necrosisPercent", "lymphovascularInvasion", "pleomorphismOnly", "differentiation", "resected", "margins",
] as const satisfies readonly (keyof EntryOf<"histology"> & keyof DiagnosisInputs)[];
type HistologyKey = (typeof histologyKeys)[number];

/** What is known of a tumor at diagnosis, over all its histologies; undefined is not recorded, never absent. */
export interface DiagnosisInputs {
  readonly siteGroup?: "uterus" | "other gynecologic" | "other" | undefined;
  readonly size?: Quantity | undefined;
  readonly infiltrative?: boolean | undefined;
  readonly nuclearGrade?: "low" | "intermediate" | "high" | undefined;
  readonly highCellularity?: boolean | undefined;
  readonly mitoses?: z.infer<typeof Mitoses> | undefined;
  readonly atypicalMitoses?: boolean | undefined;
  readonly necrosis?: boolean | undefined;
  readonly necrosisPercent?: number | undefined;
  readonly lymphovascularInvasion?: boolean | undefined;
  /** Nuclear pleomorphism or giant cells and nothing else. */
  readonly pleomorphismOnly?: boolean | undefined;
  readonly differentiation?: 1 | 2 | 3 | undefined;
  readonly resected?: boolean | undefined;
  readonly margins?: "R0" | "R1" | "R2" | undefined;
  readonly sex?: "male" | "female" | "other" | undefined;
}
export type DiagnosisKey = keyof DiagnosisInputs;

/** Where an input comes from, or why there is none. */
export interface Origin {
  readonly state: "recorded" | "supposed" | "not recorded" | "not performed" | "uncertain";
  readonly says?: string;
  readonly entries: readonly string[];
}

/** Inputs of the schemes with their origins. */
export interface AtDiagnosis {
  readonly inputs: DiagnosisInputs;
  readonly origins: Readonly<Partial<Record<DiagnosisKey, Origin>>>;
  /** Where two histologies differ and the later was taken. */
  readonly conflicts: readonly string[];
  /** Sizes from before treatment other than the one used. */
  readonly otherSizes: readonly SizePoint[];
}

type Draft = { -readonly [K in DiagnosisKey]?: DiagnosisInputs[K] };

/**
 * Gathers what schemes, grade and stage ask of a tumor at diagnosis: every histology merged (the latest recorded
 * value stands), the size at diagnosis, the sex, and then whatever the reader supposes.
 *
 * @throws case/suppose when a supposed value is not one that the input can have
 */
export function atDiagnosis(view: CaseView): AtDiagnosis {
  const inputs: Draft = {};
  const origins: Partial<Record<DiagnosisKey, Origin>> = {};
  const conflicts: string[] = [];
  for (const key of histologyKeys) merge(view, key, inputs, origins, conflicts);

  const measured = sizeAtDiagnosis(view);
  const stated = inputs.size;
  let otherSizes: readonly SizePoint[] = [];
  if (measured !== undefined) {
    const { used, others } = measured;
    // A pathologist's size that repeats a measurement is that measurement, not a second one.
    const same = stated === undefined || convert(stated, "cm") === longest(used);
    otherSizes = same ? others : [used, ...others];
    if (same) {
      inputs.size = measured.size;
      origins.size = { state: "recorded", says: describeMethod(used), entries: [used.measurement.id, ...(stated === undefined ? [] : (origins.size?.entries ?? []))] };
    }
  }
  if (inputs.necrosis === undefined && inputs.necrosisPercent !== undefined) {
    inputs.necrosis = inputs.necrosisPercent > 0;
    origins.necrosis = { ...noOrigin, ...origins.necrosisPercent, says: `${inputs.necrosisPercent} % of the tumor` };
  }
  if (inputs.resected === undefined && inputs.margins !== undefined) {
    inputs.resected = true;
    origins.resected = { ...noOrigin, ...origins.margins, says: "margins are recorded, so it was resected" };
  }
  if (inputs.siteGroup === undefined) {
    for (const lesion of primaryLesions(view).lesions) {
      const code = known(lesion.topography);
      if (code === undefined) continue;
      inputs.siteGroup = siteGroupOf(code);
      origins.siteGroup = { state: "recorded", says: `topography ${code}`, entries: [lesion.id] };
    }
  }
  const sex = known(view.record.patient.sex);
  inputs.sex = sex;
  origins.sex = { state: sex === undefined ? "not recorded" : "recorded", entries: [] };

  suppose(view, inputs, origins);
  return { inputs, origins, conflicts, otherSizes };
}

const noOrigin: Origin = { state: "recorded", entries: [] };

function merge<K extends HistologyKey>(
  view: CaseView, key: K, inputs: Draft, origins: Partial<Record<DiagnosisKey, Origin>>, conflicts: string[],
): void {
  let latest: { value: Draft[K]; id: string } | undefined;
  for (const histology of view.all("histology")) {
    if (histology.state !== "recorded") continue;
    const fact = histology[key] as Fact<NonNullable<Draft[K]>>;
    const value = known(fact);
    if (value === undefined) {
      if (latest === undefined && fact !== undefined && fact.state !== "recorded") {
        origins[key] = { state: fact.state, ...(fact.reason === undefined ? {} : { says: fact.reason }), entries: [histology.id] };
      }
      continue;
    }
    if (latest !== undefined && JSON.stringify(latest.value) !== JSON.stringify(value)) {
      conflicts.push(`${latest.id} and ${histology.id} differ in ${inputNames[key].toLowerCase()}: the later, ${histology.id}, is used`);
    }
    latest = { value, id: histology.id };
  }
  origins[key] ??= { state: "not recorded", entries: [] };
  if (latest === undefined) return;
  inputs[key] = latest.value;
  origins[key] = { state: "recorded", entries: [latest.id] };
}

/** Names of the inputs, the same in every rule that asks for one. */
export const inputNames: Readonly<Record<DiagnosisKey, string>> = {
  siteGroup: "Site",
  size: "Size",
  infiltrative: "Infiltrative growth",
  nuclearGrade: "Nuclear grade",
  highCellularity: "Cellularity",
  mitoses: "Mitotic count",
  atypicalMitoses: "Atypical mitoses",
  necrosis: "Necrosis",
  necrosisPercent: "Extent of necrosis",
  lymphovascularInvasion: "Vascular invasion",
  pleomorphismOnly: "Nuclear pleomorphism alone",
  differentiation: "Differentiation score",
  resected: "Resection",
  margins: "Margins",
  sex: "Sex",
};

/** ICD-O-3: C53 to C55 are the uterus, C51, C52 and C56 to C58 the other female genital organs. */
export function siteGroupOf(topography: string): "uterus" | "other gynecologic" | "other" {
  const site = Number(/^C(\d\d)/i.exec(topography)?.[1]);
  if (site >= 53 && site <= 55) return "uterus";
  return site >= 51 && site <= 58 ? "other gynecologic" : "other";
}

const schemas = Histology.shape;

/**
 * Puts the values that the reader tries in the place of the recorded ones. `null` tries "not recorded"; an object of
 * several inputs (nuclear grade with cellularity, resection with margins) sets each; mitoses may be a number per 50 HPF.
 */
function suppose(view: CaseView, inputs: Draft, origins: Partial<Record<DiagnosisKey, Origin>>): void {
  const set = (key: string, value: unknown) => {
    if (!Object.hasOwn(inputNames, key)) return;
    const name = key as DiagnosisKey;
    const parsed = value === null ? undefined : parseInput(name, value);
    Object.assign(inputs, { [name]: parsed });
    origins[name] = { state: parsed === undefined ? "not recorded" : "supposed", says: "supposed", entries: [] };
  };
  for (const [key, value] of Object.entries(view.suppose)) {
    if (value === undefined) continue;
    const joined = Object.hasOwn(joint, key) ? joint[key] : undefined;
    if (joined === undefined) set(key, value);
    else for (const part of joined) set(part, value === null ? null : ((value as Record<string, unknown>)[part] ?? null));
  }
}

/** Rows of a matrix that hold two inputs. */
const joint: Readonly<Record<string, readonly DiagnosisKey[]>> = {
  gradeAndCellularity: ["nuclearGrade", "highCellularity"],
  resection: ["resected", "margins"],
};

function parseInput(key: DiagnosisKey, value: unknown): unknown {
  const tried =
    key === "mitoses" ? Mitoses.safeParse(typeof value === "number" ? { count: value, hpf: 50 } : value)
    : key === "size" ? QuantitySchema.safeParse(typeof value === "number" ? { value, unit: "cm" } : value)
    : key === "sex" ? (["male", "female", "other"].includes(String(value)) ? { success: true as const, data: value } : { success: false as const })
    : schemas[key].safeParse({ state: "recorded", value });
  if (!tried.success) {
    throw new HapaxError("case/suppose", `${inputNames[key]} cannot be ${JSON.stringify(value)}.`, "Choose one of the values that the matrix of schemes offers.");
  }
  const data: unknown = tried.data;
  return typeof data === "object" && data !== null && "state" in data && "value" in data ? data.value : data;
}
