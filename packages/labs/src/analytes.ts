import { convert, HapaxError, type Quantity } from "@hapax/base";
import { known, type CaseView, type EntryOf } from "@hapax/case";

/** How an analyte is written in records, its LOINC codes, and the unit in which the rules read it. */
export interface Analyte {
  readonly name: string;
  readonly also: readonly string[];
  readonly loinc: readonly string[];
  readonly unit: string;
  /** Where laboratories also report an amount of substance: how many of `unit` one mmol/L is. */
  readonly perMmolPerL?: number;
}

const analyte = (name: string, unit: string, also: readonly string[], loinc: readonly string[]): Analyte => ({ name, unit, also, loinc });

/** Analytes that the rules of this package read. LOINC codes as in public code tables. */
export const analytes = {
  // Per mole of heme: 16 114.5 g.
  hemoglobin: { ...analyte("hemoglobin", "g/dL", ["hb", "hgb", "haemoglobin"], ["718-7"]), perMmolPerL: 1.61145 },
  mcv: analyte("MCV", "fL", ["mean corpuscular volume"], ["787-2"]),
  platelets: analyte("platelets", "10*9/L", ["plt", "platelet count", "thrombocytes"], ["777-3"]),
  ferritin: analyte("ferritin", "ng/mL", [], ["2276-4"]),
  saturation: analyte("transferrin saturation", "%", ["tsat", "iron saturation"], ["2502-3"]),
  bindingCapacity: analyte("iron binding capacity", "ug/dL", ["tibc", "total iron binding capacity"], ["2500-7"]),
  transferrinReceptor: analyte("soluble transferrin receptor", "mg/L", ["stfr"], ["30248-9"]),
  crp: analyte("C-reactive protein", "mg/L", ["crp"], ["1988-5"]),
  erythrocytes: analyte("erythrocytes", "10*12/L", ["rbc", "red cells", "red blood cells"], ["789-8"]),
  rdw: analyte("RDW", "%", ["red cell distribution width"], ["788-0"]),
  reticulocytes: analyte("reticulocytes", "%", [], ["4679-7"]),
  stoolBlood: analyte("occult blood in stool", "1", ["haemoccult", "hemoccult", "occult blood", "stool blood", "fecal occult blood"], ["2335-8"]),
  ironStudies: analyte("iron studies", "1", ["iron panel"], []),
} as const satisfies Record<string, Analyte>;

/** Labs of one analyte, in the order of their times; found by LOINC code or by name. */
export function labsOf(view: CaseView, wanted: Analyte): EntryOf<"lab">[] {
  const names = new Set([wanted.name, ...wanted.also].map((n) => n.toLowerCase()));
  return view
    .all("lab")
    .filter((l) => l.state === "recorded" && ((l.loinc !== undefined && wanted.loinc.includes(l.loinc)) || names.has(l.analyte.trim().toLowerCase())));
}

/** A value of a lab in the unit of its analyte; undefined when none is recorded or the unit is of another kind. */
export function valueOf(lab: EntryOf<"lab"> | undefined, wanted: Analyte): number | undefined {
  return inUnit(known(lab?.value), wanted);
}

/** The lower limit of normal that the laboratory gave beside a value, in the unit of its analyte. */
export function lowerLimitOf(lab: EntryOf<"lab">, wanted: Analyte): number | undefined {
  return inUnit(known(lab.lowerLimit), wanted);
}

/** A quantity in the unit of an analyte; undefined when none is recorded or its unit is of another kind. */
export function inUnit(quantity: Quantity | undefined, { unit, perMmolPerL }: Analyte): number | undefined {
  if (quantity === undefined) return undefined;
  try {
    return convert(quantity, unit);
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
  }
  if (perMmolPerL === undefined) return undefined;
  try {
    return convert(quantity, "mmol/L") * perMmolPerL;
  } catch (error) {
    if (error instanceof HapaxError) return undefined;
    throw error;
  }
}

/** The latest lab of an analyte that has a value. */
export function latest(view: CaseView, wanted: Analyte): { lab: EntryOf<"lab">; value: number } | undefined {
  const lab = labsOf(view, wanted).findLast((l) => valueOf(l, wanted) !== undefined);
  const value = valueOf(lab, wanted);
  return lab === undefined || value === undefined ? undefined : { lab, value };
}

/** "at T3", "after T3" where it certainly lies after it, its date, or that its time is not recorded. */
export function whenText(view: CaseView, id: string): string {
  const point = view.timePointOf(id);
  const gap = point === undefined ? undefined : view.timing.gap(point, id);
  if (gap?.atLeastDays === 0 && gap.atMostDays === 0) return `at ${point}`;
  if (gap?.atLeastDays !== undefined && gap.atLeastDays >= 0) return `after ${point}`;
  const date = view.get(id)?.when?.date;
  return date === undefined ? "time not recorded" : `on ${date}`;
}

/** The same within a sentence, where a time that nobody wrote down stands in brackets. */
export function whenClause(view: CaseView, id: string): string {
  const text = whenText(view, id);
  return text === "time not recorded" ? `(${text})` : text;
}
