import { z } from "zod";
import { Entry } from "./entries.ts";
import { fact, Id, quantityOf } from "./facts.ts";
import { TimePoint } from "./time.ts";

const line = z.string().min(1).max(300);
const paragraph = z.string().min(1).max(4000);

/** A document of the case: a letter, a report, a published paper. */
export const SourceDocument = z.strictObject({
  id: Id,
  title: line,
  kind: z.enum(["published report", "clinic letter", "radiology", "pathology", "plan", "typed in", "other"]),
  citation: line.optional().describe("Key of the bibliography"),
  file: line.optional().describe("File in the folder of the case"),
  gaps: z.array(line).max(20).optional().describe("What is known to be missing from it"),
});

export const Patient = z.strictObject({
  age: fact(quantityOf("a", "an age")),
  sex: fact(z.enum(["male", "female", "other"])),
  weight: fact(quantityOf("kg", "a mass")),
  height: fact(quantityOf("cm", "a length")),
  history: fact(paragraph),
  familyHistory: fact(paragraph),
  perspective: fact(paragraph),
  consent: fact(paragraph),
});

export const schemaName = "hapax/case";
export const schemaVersion = 1;

/** One patient's case: a document that its owner can read, and everything the rules may use. */
export const CaseRecord = z.strictObject({
  schema: z.literal(schemaName),
  version: z.literal(schemaVersion),
  id: Id,
  title: line.describe("Diagnosis and place, as a title"),
  name: line.describe("How the case is called, such as Leach 2025"),
  tumor: line.describe("Key of the tumor whose schemes apply, such as pecoma"),
  keywords: z.array(line).max(10).optional(),
  patient: Patient,
  documents: z.array(SourceDocument).max(200),
  timePoints: z.array(TimePoint).max(100),
  anchor: Id.optional().describe("Event or time point that is day 0"),
  entries: z.array(Entry).max(20_000),
});
export type CaseRecord = z.infer<typeof CaseRecord>;
export type Patient = z.infer<typeof Patient>;
