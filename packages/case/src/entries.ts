import { z } from "zod";
import { fact, Id, Provenance, QuantitySchema, quantityOf, states } from "./facts.ts";
import { When } from "./time.ts";

const line = z.string().min(1).max(300);
const paragraph = z.string().min(1).max(4000);
const quantity = QuantitySchema;
const yesNo = fact(z.boolean());
const words = fact(line);
const amount = fact(quantity);
const length = quantityOf("cm", "a length");
const dose = quantityOf("Gy", "a dose");
const mass = quantityOf("kg", "a mass");
const time = quantityOf("d", "a time");

/** What every entry has. `state` is of the event itself: a course planned and never given is still an entry. */
const common = {
  id: Id,
  label: line.optional().describe("Short name on pages and in the timeline"),
  when: When.optional(),
  state: z.enum(states).default("recorded"),
  reason: line.optional().describe("Why it was not given, not done or is uncertain"),
  from: z.array(Provenance).max(20).optional(),
  note: paragraph.optional(),
};

const entry = <K extends string, S extends z.core.$ZodLooseShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...common, ...shape });

/** Vertebral or other ordered levels, as named: C7 to T2. */
const Levels = z.strictObject({ from: line, to: line });

/** Unique identifiers of DICOM. */
const uid = z.string().regex(/^[0-9.]{1,64}$/, "Give a DICOM UID: digits and dots, at most 64.");
const dicom = z.array(uid).max(200).optional();

/** Where a measurement was drawn: end points of its axes in pairs, so that it can be shown again on its scan. */
const Drawn = z.strictObject({
  series: uid,
  points: z.array(z.tuple([z.number(), z.number(), z.number()])).min(2).max(6).describe("LPS, mm"),
});

export const Complaint = entry("complaint", {
  what: line,
  weightLoss: fact(mass).describe("Weight lost"),
  over: fact(time).describe("Over which time"),
});

export const Examination = entry("examination", { what: line, result: words });

export const Lesion = entry("lesion", {
  name: line,
  site: line.describe("Where, in words"),
  organ: line.optional().describe("Organ, for at most two targets each"),
  topography: words.describe("ICD-O-3 topography, such as C49.3"),
  compartment: fact(z.enum(["external", "internal"])).describe("C49.3–C49.5: wall (external) or cavity (internal)"),
  role: fact(z.enum(["primary", "second primary or extension", "nodal", "metastasis", "equivocal"])),
  target: yesNo.describe("Followed as a target lesion"),
  node: yesNo.describe("A lymph node, measured by its short axis"),
});

export const Imaging = entry("imaging", {
  modality: z.enum(["CT", "MR", "PET/CT", "ultrasound", "X-ray", "other"]),
  region: line,
  contrast: yesNo,
  sliceThickness: fact(length),
  tracer: words,
  sulPeak: fact(z.number()).describe("SULpeak of the hottest lesion"),
  suvMax: fact(z.number()),
  liverSul: fact(z.number()),
  result: words,
  series: dicom.describe("SeriesInstanceUID of its scans"),
});

export const Measurement = entry("measurement", {
  lesion: Id,
  study: Id.optional().describe("Imaging study or examination"),
  method: z.enum(["CT", "MR", "PET/CT", "ultrasound", "X-ray", "caliper", "palpation", "pathology"]),
  diameters: z.array(length).min(1).max(3).describe("As reported, longest first where known"),
  plane: fact(z.enum(["axial", "coronal", "sagittal", "oblique"])),
  coverage: words.describe("Whether the whole lesion was in the field"),
  drawn: Drawn.optional(),
});

export const Observation = entry("observation", {
  lesion: Id.optional(),
  study: Id.optional(),
  what: line,
  levels: fact(Levels),
  presence: fact(z.enum(["present", "equivocal", "absent"])),
  change: fact(z.enum(["new", "larger", "stable", "smaller", "resolved"])).describe("As the document states it"),
  count: fact(z.union([z.number().int().min(0), z.literal("numerous")])),
  metastatic: fact(z.enum(["unequivocal", "equivocal", "no"])),
});

export const Specimen = entry("specimen", {
  lesion: Id.optional(),
  method: line,
  site: line,
});

/** Mitoses as counted: figures in a number of high-power fields, whose area decides what that means. */
export const Mitoses = z.strictObject({
  count: z.number().min(0).max(10_000),
  hpf: z.number().positive().max(1000),
  hpfAreaMm2: z.number().positive().max(10).optional(),
});

export const Histology = entry("histology", {
  specimen: Id.optional(),
  diagnosis: line,
  morphology: words.describe("ICD-O-3 morphology, such as 8714/3"),
  pattern: words,
  siteGroup: fact(z.enum(["uterus", "other gynecologic", "other"])),
  size: fact(length).describe("Largest size of the primary"),
  infiltrative: yesNo,
  nuclearGrade: fact(z.enum(["low", "intermediate", "high"])),
  highCellularity: yesNo,
  mitoses: fact(Mitoses),
  atypicalMitoses: yesNo,
  necrosis: yesNo,
  necrosisPercent: fact(z.number().min(0).max(100)),
  lymphovascularInvasion: yesNo,
  pleomorphismOnly: yesNo.describe("Nuclear pleomorphism or giant cells and nothing else"),
  differentiation: fact(z.union([z.literal(1), z.literal(2), z.literal(3)])).describe("FNCLCC differentiation score"),
  resected: yesNo,
  margins: fact(z.enum(["R0", "R1", "R2"])),
});

export const Stain = entry("stain", {
  specimen: Id.optional(),
  marker: line,
  result: fact(z.enum(["positive", "focal", "negative", "equivocal"])),
});

export const Molecular = entry("molecular", {
  gene: line,
  method: words,
  result: fact(z.enum(["altered", "not altered", "uncertain significance"])),
  variant: words,
});

export const Stage = entry("stage", {
  system: line,
  t: words,
  n: words,
  m: words,
  g: words,
  group: words,
  chapter: words.describe("Chapter or site that was used"),
});

export const Lab = entry("lab", {
  analyte: line.describe("hemoglobin, MCV, platelets, ferritin …"),
  loinc: line.optional(),
  value: amount,
  result: words.describe("When the document gives words only"),
  lowerLimit: amount,
  upperLimit: amount,
});

export const Transfusion = entry("transfusion", {
  product: words,
  units: fact(z.number().positive()),
  keepAbove: amount.describe("Hemoglobin that was to be kept"),
});

/** One step of a drug's dose: from when, how much, how often, and why it changed. */
const DoseStep = z.strictObject({
  dose: amount,
  every: fact(time).describe("Dosing interval"),
  when: When.optional(),
  reason: line.optional(),
  from: z.array(Provenance).max(20).optional(),
});

export const Drug = entry("drug", {
  name: line,
  rxnorm: line.optional(),
  route: words,
  purpose: z.enum(["antitumor", "supportive"]),
  line: z.number().int().min(1).max(20).optional().describe("Line of antitumor therapy"),
  steps: z.array(DoseStep).max(50),
  plannedLength: fact(time),
  stop: words.describe("Why it ended"),
});

export const DrugLevel = entry("drugLevel", {
  drug: Id,
  value: amount,
  assay: words,
  draw: fact(z.enum(["trough", "peak", "random"])),
  dayOfTherapy: fact(z.number().min(0).max(10_000)),
  dose: amount.describe("Dose at which it was drawn"),
});

const Volume = z.strictObject({
  name: line.describe("TG-263: PTV_High, PTV_Low"),
  dose: fact(dose),
  site: words,
  boost: z.boolean().optional(),
  statedEqd2: fact(dose).describe("EQD2 as the document states it"),
  statedAlphaBeta: fact(dose),
  from: z.array(Provenance).max(20).optional(),
});

const OrganDose = z.strictObject({
  organ: line.describe("TG-263: SpinalCord, BrachialPlex_R"),
  metric: z.enum(["Dmax", "D0.1cc", "D1cc", "Dmean"]),
  dose: fact(dose),
  from: z.array(Provenance).max(20).optional(),
});

export const Radiotherapy = entry("radiotherapy", {
  technique: line.describe("3D conformal, IMRT, SBRT …"),
  intent: fact(z.enum(["definitive", "preoperative", "adjuvant", "palliative", "re-irradiation"])),
  site: line,
  lesions: z.array(Id).max(50).optional().describe("Lesions in the field"),
  volumes: z.array(Volume).max(20),
  fractions: fact(z.number().int().positive().max(200)),
  fractionsPerWeek: fact(z.number().positive().max(21)),
  organDoses: z.array(OrganDose).max(100),
  globalMaximum: fact(z.number().positive().max(300)).describe("Percent of the prescription"),
  plans: dicom.describe("SOPInstanceUID of its RT plans"),
});

export const Procedure = entry("procedure", { what: line, result: words });

export const Decision = entry("decision", {
  what: line,
  because: words,
  bears: z.array(line).max(20).optional().describe("Ids of the rules that bear on it"),
});

export const Complication = entry("complication", {
  what: line,
  levels: fact(Levels),
  attribution: fact(z.enum(["tumor", "radiotherapy", "drug", "procedure", "other"])),
  grade: fact(z.number().int().min(1).max(5)),
});

export const Encounter = entry("encounter", {
  setting: z.enum(["outpatient", "admission", "intensive care", "hospice", "home"]),
  what: line,
});

export const Outcome = entry("outcome", {
  status: z.enum(["alive", "died", "lost to follow-up"]),
  place: words,
  cause: words,
});

/** Something a document says about its own data. Two statements on one topic with different readings contradict. */
export const Statement = entry("statement", {
  topic: line.describe("What it is about, the same words for the same thing"),
  reading: line.describe("What it says of the topic, in few words"),
  about: z.array(Id).max(20).optional().describe("Entries that it speaks of"),
  value: amount,
});

/** What the document says that the literature found. */
export const Claim = entry("claim", {
  reference: line.describe("As the document numbers it"),
  study: words.describe("Key of the study in the library; not recorded where it is unresolved"),
  topic: line,
  says: paragraph,
  reading: line.optional().describe("The claim in few words, to be held against the source"),
  figures: z.array(z.strictObject({ name: line, quantity })).max(20).optional(),
});

export const Entry = z.discriminatedUnion("kind", [
  Complaint, Examination, Lesion, Imaging, Measurement, Observation, Specimen, Histology, Stain, Molecular, Stage, Lab,
  Transfusion, Drug, DrugLevel, Radiotherapy, Procedure, Decision, Complication, Encounter, Outcome, Statement, Claim,
]);
export type Entry = z.infer<typeof Entry>;
export type Kind = Entry["kind"];
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;

/** Kinds whose events take time; all others are points. */
export const lasting: ReadonlySet<Kind> = new Set(["drug", "radiotherapy", "encounter", "complication", "complaint"]);
