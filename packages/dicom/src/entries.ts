import { convert, HapaxError, listed, type Quantity } from "@hapax/base";
import {
  known,
  recorded,
  stateOf,
  type CaseRecord,
  type Entry,
  type EntryOf,
  type Fact,
  type Provenance,
  type ScanOrigin,
  type Scans,
  type ScanSeries,
  type Structure,
  type TreatmentPlan,
} from "@hapax/case";

/** What the scans of a case add to its record. */
export interface FromScans {
  readonly record: CaseRecord;
  /** Entries that were not there before. */
  readonly added: readonly Entry[];
  /** Where the files and the record differ; the record stays as it was. */
  readonly problems: readonly HapaxError[];
}

/** A plan is read as what was intended; whether it was given stands in the record of treatment, which is no plan. */
export const planIsNoProof = "A plan in the files is no proof that it was given.";

/**
 * The record with what its scans say: an imaging entry for each study and modality, a course for each treatment plan,
 * a document for each study, and facts of the patient that nobody had recorded. Nothing recorded is changed, and the
 * same scans add nothing a second time.
 */
export function entriesOf(scans: Scans, record: CaseRecord): FromScans {
  const documents = documentsOf(scans, record);
  const withSeries = imagingOf(scans.series, record);
  const plans = plansOf(scans, record);
  const { patient, problems } = patientOf(scans, record);
  const entries = [...record.entries.map((e) => withSeries.joined.get(e.id) ?? e), ...withSeries.added, ...plans.added];
  return {
    record: { ...record, patient, documents: [...record.documents, ...documents], entries },
    added: [...withSeries.added, ...plans.added],
    problems: [...problems, ...plans.problems],
  };
}

/** Studies by their UID, in order of date. */
function studiesOf(scans: Scans): Map<string, ScanOrigin[]> {
  const parts: readonly ScanOrigin[] = [...scans.series, ...scans.structureSets, ...scans.plans, ...scans.doses, ...scans.registrations, ...scans.pictures];
  const dated = [...parts].filter((p) => isUid(p.studyUid)).sort((a, b) => ((a.date ?? "9") < (b.date ?? "9") ? -1 : 1));
  return Map.groupBy(dated, (part) => part.studyUid);
}

function documentsOf(scans: Scans, record: CaseRecord): CaseRecord["documents"] {
  const kinds: readonly (readonly [name: string, parts: readonly ScanOrigin[]])[] = [
    ["structures", scans.structureSets],
    ["plan", scans.plans],
    ["dose", scans.doses],
  ];
  return [...studiesOf(scans)].flatMap(([studyUid, parts]) => {
    if (record.documents.some((d) => d.id === documentId(studyUid))) return [];
    const images = [...new Set(scans.series.filter((s) => s.studyUid === studyUid).map((s) => modalityName(s.modality)))];
    const others = kinds.flatMap(([name, list]) => (list.some((p) => p.studyUid === studyUid) ? [name] : []));
    const what = listed([...images, ...others]) || "pictures";
    const date = parts.find((p) => p.date !== undefined)?.date;
    const title = `DICOM: ${what}${date === undefined ? "" : ` of ${date}`}${parts.some((p) => p.synthetic) ? ", SYNTHETIC" : ""}`;
    return [{ id: documentId(studyUid), title, kind: images.length > 0 ? ("radiology" as const) : ("plan" as const) }];
  });
}

/** Imaging entries that are new, and those of the record that only lacked their series. */
function imagingOf(all: readonly ScanSeries[], record: CaseRecord): { added: Entry[]; joined: Map<string, Entry> } {
  const there = record.entries.filter((e) => e.kind === "imaging");
  const linked = new Set(there.flatMap((e) => e.series ?? []));
  const fresh = all.filter((s) => isUid(s.seriesUid) && isUid(s.studyUid) && !linked.has(s.seriesUid));
  const groups = Map.groupBy(fresh, (s) => imagingId(s.studyUid, modalityIn(s, all)));
  const added: Entry[] = [];
  const joined = new Map<string, Entry>();
  for (const [id, group] of groups) {
    const series = [...new Set(group.map((s) => s.seriesUid))];
    const own = there.find((e) => e.id === id) ?? soleOfDay(there, group, all);
    if (own === undefined) added.push(imagingEntry(id, group, modalityIn(group[0] as ScanSeries, all), series));
    else joined.set(own.id, { ...own, series: [...(own.series ?? []), ...series] });
  }
  return { added, joined };
}

/** The study that a person typed in for the same day and modality, where there is just one and it has no scans yet. */
function soleOfDay(there: readonly EntryOf<"imaging">[], group: readonly ScanSeries[], all: readonly ScanSeries[]): EntryOf<"imaging"> | undefined {
  const date = dateOf(group);
  const modality = modalityIn(group[0] as ScanSeries, all);
  const same = there.filter((e) => date !== undefined && e.when?.date === date && e.modality === modality && e.series === undefined);
  return same.length === 1 ? same[0] : undefined;
}

function imagingEntry(id: string, group: readonly ScanSeries[], modality: Modality, series: string[]): EntryOf<"imaging"> {
  const images = group.filter((s) => !s.geometry.classes.includes("localizer"));
  const first = images[0] ?? (group[0] as ScanSeries);
  const date = dateOf(group);
  const thickness = thicknessOf(images);
  return {
    kind: "imaging",
    id,
    ...(group.some((s) => s.synthetic) ? { label: `SYNTHETIC ${modality}` } : {}),
    state: "recorded",
    modality,
    region: regionOf(group) ?? "region not recorded",
    ...(date === undefined ? {} : { when: { date } }),
    ...(thickness === undefined ? {} : { sliceThickness: thickness }),
    series,
    from: [{ document: documentId(first.studyUid), place: line(`Series ${first.description || first.label || first.seriesUid}`, 160) }],
  };
}

/** The thickest of the series is said: a lesion may have been measured on any. */
function thicknessOf(images: readonly ScanSeries[]): Fact<Quantity> {
  const stated = images.flatMap((s) => s.sliceThicknessMm ?? []);
  if (stated.length > 0) return recorded({ value: rounded(Math.max(...stated)), unit: "mm" });
  const steps = images.flatMap(({ geometry: { positionsMm } }) => positionsMm.slice(1).map((z, i) => z - (positionsMm[i] as number)));
  if (steps.length === 0) return undefined;
  return { state: "uncertain", value: { value: rounded(Math.max(...steps)), unit: "mm" }, reason: "The distance of the slices; their thickness is not in the files" };
}

type Modality = EntryOf<"imaging">["modality"];

/** The CT of a PET study is part of the PET/CT. */
function modalityIn(series: ScanSeries, all: readonly ScanSeries[]): Modality {
  const ofPet = series.modality === "PT" || (series.modality === "CT" && all.some((s) => s.modality === "PT" && s.studyUid === series.studyUid));
  return ofPet ? "PET/CT" : modalityName(series.modality);
}

function modalityName(modality: ScanSeries["modality"]): Modality {
  return modality === "PT" ? "PET/CT" : modality;
}

function regionOf(series: readonly ScanSeries[]): string | undefined {
  const part = series.find((s) => s.bodyPart !== undefined)?.bodyPart;
  if (part !== undefined) return line(bodyParts[part] ?? part.toLowerCase());
  const described = series.find((s) => s.description !== "")?.description;
  return described === undefined ? undefined : line(described);
}

/** Body parts of PS3.16 annex L that are written as one word. */
const bodyParts: Readonly<Record<string, string>> = {
  HEADNECK: "head and neck",
  CHESTABDOMEN: "chest and abdomen",
  CHESTABDPELVIS: "chest, abdomen and pelvis",
  ABDOMENPELVIS: "abdomen and pelvis",
  NECKCHEST: "neck and chest",
  NECKCHESTABDOMEN: "neck, chest and abdomen",
  NECKCHESTABDPELV: "neck, chest, abdomen and pelvis",
  WHOLEBODY: "whole body",
  CSPINE: "cervical spine",
  TSPINE: "thoracic spine",
  LSPINE: "lumbar spine",
};

/** Plans that treat nobody are no course. */
const intentsOfMachines: ReadonlySet<string> = new Set(["VERIFICATION", "MACHINE_QA", "SERVICE"]);

function plansOf(scans: Scans, record: CaseRecord): { added: Entry[]; problems: HapaxError[] } {
  const linked = new Set(record.entries.flatMap((e) => (e.kind === "radiotherapy" ? (e.plans ?? []) : [])));
  const fresh = scans.plans.filter((p) => isUid(p.uid) && isUid(p.studyUid) && !linked.has(p.uid));
  const forMachines = fresh.filter((p) => intentsOfMachines.has(p.intent ?? ""));
  return {
    added: fresh.filter((p) => !forMachines.includes(p)).map((plan) => courseOf(plan, scans)),
    problems: forMachines.map(
      (p) => new HapaxError("dicom/plan-of-machine", `The plan ${p.label} is for ${p.intent}; it is no course of the patient.`, "Nothing is to be done; it can be looked at with the images."),
    ),
  };
}

function courseOf(plan: TreatmentPlan, scans: Scans): EntryOf<"radiotherapy"> {
  const set = scans.structureSets.find((s) => s.uid === plan.structureSetUid);
  const series = scans.series.filter((s) => s.seriesUid === set?.referencedSeries || s.frameOfReference === set?.frameOfReference);
  const { fractions } = plan;
  return {
    kind: "radiotherapy",
    id: `plan-${plan.uid}`,
    ...(plan.label === "" ? {} : { label: line(`${plan.synthetic ? "SYNTHETIC " : ""}${plan.label}`) }),
    state: "uncertain",
    reason: planIsNoProof,
    technique: techniqueOf(plan),
    ...(plan.intent === "PALLIATIVE" ? { intent: recorded("palliative" as const, placeIn(plan)) } : {}),
    site: regionOf(series) ?? "site not recorded",
    volumes: volumesOf(plan, set?.structures ?? []),
    ...(fractions !== undefined && Number.isInteger(fractions) && fractions >= 1 && fractions <= 200 ? { fractions: recorded(fractions, placeIn(plan)) } : {}),
    organDoses: [],
    plans: [plan.uid],
    // The date of a plan is not that of a treatment, so it is no `when`.
    ...(plan.date === undefined ? {} : { note: `Planned on ${plan.date}.` }),
    from: [placeIn(plan)],
  };
}

/** Targets with a prescribed dose; one named twice keeps the larger, as a plan of two phases states its sum last. */
function volumesOf(plan: TreatmentPlan, structures: readonly Structure[]): EntryOf<"radiotherapy">["volumes"] {
  const targets = plan.prescriptions.filter((p) => p.role === "TARGET");
  const volumes = targets.map(({ structure, description, targetGy }) => ({
    name: line(structures.find((s) => s.number === structure)?.name ?? description ?? "target not named"),
    ...(targetGy === undefined ? {} : { dose: recorded({ value: rounded(targetGy), unit: "Gy" }, placeIn(plan)) }),
  }));
  return volumes.filter((v, i) => volumes.findIndex((w) => w.name === v.name && w.dose?.state === v.dose?.state && sameDose(w.dose, v.dose)) === i).slice(0, 20);
}

function sameDose(a: Fact<Quantity>, b: Fact<Quantity>): boolean {
  return known(a)?.value === known(b)?.value;
}

/** As far as the beams show it; what makes a technique conformal stands in no plan. */
export function techniqueOf({ beams }: Pick<TreatmentPlan, "beams">): string {
  const kinds = [...new Set(beams.map((b) => b.radiation))];
  if (beams.length === 0) return "technique not in the plan";
  if (kinds.length !== 1 || kinds[0] !== "PHOTON") return listed(kinds.map((k) => line(k.toLowerCase(), 60)));
  const turns = (degrees: readonly number[]) => degrees.some((d) => Math.abs(d - (degrees[0] as number)) > 0.1);
  const shapes = (leaves: readonly (readonly number[] | undefined)[]) => {
    const given = leaves.filter((l) => l !== undefined);
    return given.some((l) => l.some((position, i) => Math.abs(position - (given[0]?.[i] ?? position)) > 0.1));
  };
  const arc = beams.some((b) => turns(b.controlPoints.map((c) => c.gantryDeg)));
  const modulated = beams.some((b) => shapes(b.controlPoints.map((c) => c.limits.leaves)));
  if (arc) return modulated ? "VMAT" : "arc";
  return modulated ? "IMRT" : "static fields";
}

/** Facts of the patient where the record has none; a difference is told. */
function patientOf({ patient: files, ...scans }: Scans, record: CaseRecord): { patient: CaseRecord["patient"]; problems: HapaxError[] } {
  const first = [...studiesOf({ patient: files, ...scans }).keys()][0];
  const from = (attribute: string): Provenance[] => (first === undefined ? [] : [{ document: documentId(first), place: attribute }]);
  const problems: HapaxError[] = [];
  const differs = (what: string, ofFiles: string, ofRecord: string) =>
    problems.push(new HapaxError("dicom/differs", `The files say ${what} ${ofFiles}, the record says ${ofRecord}; the record was kept.`, "Check that the scans are of this patient, and mend what is wrong."));
  const quantity = (what: string, attribute: string, value: number | undefined, unit: string, own: Fact<Quantity>, tolerance: number): Fact<Quantity> => {
    if (value === undefined || !Number.isFinite(value) || value < 0) return own;
    if (isOpen(own)) return recorded({ value: rounded(value), unit }, ...from(attribute));
    const recordedValue = known(own);
    const inUnit = recordedValue === undefined ? undefined : convert(recordedValue, unit);
    if (inUnit !== undefined && Math.abs(inUnit - value) > tolerance) differs(what, `${rounded(value)} ${unit}`, `${rounded(inUnit)} ${unit}`);
    return own;
  };
  const { age, sex, weight, height, ...rest } = record.patient;
  const ownSex = known(sex);
  if (files.sex !== undefined && ownSex !== undefined && ownSex !== files.sex) differs("sex", files.sex, ownSex);
  const facts = {
    // An age in whole years is up to one year off; what lies beyond that is another age.
    age: quantity("age", "PatientAge", files.ageYears, "a", age, 1),
    sex: files.sex !== undefined && isOpen(sex) ? recorded(files.sex, ...from("PatientSex")) : sex,
    weight: quantity("weight", "PatientWeight", files.weightKg, "kg", weight, 0.5),
    height: quantity("height", "PatientSize", files.heightM === undefined ? undefined : files.heightM * 100, "cm", height, 0.5),
  };
  const given = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
  return { patient: { ...rest, ...given }, problems };
}

function isOpen(fact: Fact<unknown>): boolean {
  return stateOf(fact) === "not recorded";
}

function dateOf(parts: readonly ScanOrigin[]): string | undefined {
  return parts.flatMap((p) => p.date ?? []).sort()[0];
}

function placeIn(plan: TreatmentPlan): Provenance {
  return { document: documentId(plan.studyUid), place: line(`RT Plan ${plan.label || plan.uid}`, 160) };
}

/** Ids carry the UID, so that what is known of a study is found again. */
function documentId(studyUid: string): string {
  return `study-${studyUid}`;
}

function imagingId(studyUid: string, modality: Modality): string {
  return `${modality.toLowerCase().replace(/[^a-z]+/g, "-")}-${studyUid}`;
}

function isUid(text: string): boolean {
  return /^[0-9.]{1,64}$/.test(text);
}

/** Text of a file as a line of the record. */
function line(text: string, most = 300): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim().slice(0, most).toWellFormed() || "not named";
}

/** Three decimals: more is not in the files. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
