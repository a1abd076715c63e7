import { newCase, recorded, type CaseRecord, type Entry, type EntryOf } from "@hapax/case";

export const step = (mg: number, when: EntryOf<"drug">["steps"][number]["when"]) => ({ dose: recorded({ value: mg, unit: "mg" }), every: recorded({ value: 24, unit: "h" }), ...(when === undefined ? {} : { when }) });

export const drug = (id: string, more: Partial<EntryOf<"drug">> = {}): Entry => ({ kind: "drug", id, name: id, purpose: "supportive", state: "recorded", steps: [], ...more });

export const level = (more: Partial<EntryOf<"drugLevel">> = {}): Entry => ({
  kind: "drugLevel", id: "level", drug: "sirolimus", state: "recorded", value: recorded({ value: 30.6, unit: "ng/mL" }), dose: recorded({ value: 4, unit: "mg" }),
  when: { after: [{ of: "T2" }], before: [{ of: "T3" }] }, ...more,
});

export const sirolimus = (more: Partial<EntryOf<"drug">> = {}): Entry =>
  drug("sirolimus", {
    purpose: "antitumor", line: 1, when: { after: [{ of: "T1" }] },
    steps: [step(4, { after: [{ of: "T1" }], before: [{ of: "T2" }] }), { ...step(2, { after: [{ of: "level" }], before: [{ of: "T3" }] }), reason: "supratherapeutic level" }],
    ...more,
  });

/** Sirolimus 4 mg, a level of 30.6 ng/mL on a day not recorded, 2 mg after it; hemoglobin 10 g/dL. */
export function sirolimusCase(...more: Entry[]): CaseRecord {
  return caseOf(sirolimus(), level(), hemoglobin, ...more);
}

export const hemoglobin: Entry = { kind: "lab", id: "hb", analyte: "hemoglobin", state: "recorded", value: recorded({ value: 10, unit: "g/dL" }), when: { at: "T1" } };

export function caseOf(...entries: Entry[]): CaseRecord {
  return { ...newCase("test", "Test", "pecoma"), timePoints: ["T1", "T2", "T3", "T4"].map((id) => ({ id, label: id })), entries };
}
