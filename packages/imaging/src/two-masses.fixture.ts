import { newCase, recorded, type CaseRecord, type Entry, type EntryOf } from "@hapax/case";

const cm = (...diameters: number[]) => diameters.map((value) => ({ value, unit: "cm" }));

export const lesion = (id: string, more: Partial<EntryOf<"lesion">> = {}): Entry => ({ kind: "lesion", id, name: id, site: id, state: "recorded", ...more });

export const size = (id: string, lesionId: string, timePoint: string, method: EntryOf<"measurement">["method"], ...diameters: number[]): Entry => ({
  kind: "measurement", id, lesion: lesionId, method, diameters: cm(...diameters), state: "recorded", when: { at: timePoint },
});

export const drug = (id: string, more: Partial<EntryOf<"drug">> = {}): Entry => ({ kind: "drug", id, name: id, purpose: "antitumor", state: "recorded", steps: [], ...more });

export const course = (id: string, more: Partial<EntryOf<"radiotherapy">> = {}): Entry => ({
  kind: "radiotherapy", id, technique: id, site: "neck", state: "recorded", volumes: [], organDoses: [], ...more,
});

export const observation = (id: string, timePoint: string, more: Partial<EntryOf<"observation">> = {}): Entry => ({
  kind: "observation", id, what: id, state: "recorded", when: { at: timePoint }, ...more,
});

/** A case of its own, with the time points given. */
export function caseOf(timePoints: readonly string[], entries: Entry[]): CaseRecord {
  return { ...newCase("test", "Test", "pecoma"), timePoints: timePoints.map((id) => ({ id, label: id })), anchor: timePoints[0], entries };
}

/**
 * The sizes that Leach 2025 reports of its two masses, with sirolimus between T2 and T3 and a course of 30 fractions on the
 * neck between T3 and T4.
 */
export function twoMasses(): CaseRecord {
  return caseOf(["T1", "T2", "T3", "T4", "T5"], [
    lesion("neck", { target: recorded(true), organ: "soft tissue" }),
    lesion("mediastinum", { target: recorded(true), organ: "mediastinum" }),
    lesion("nodules", { target: recorded(false), organ: "lung" }),
    size("n0", "neck", "T1", "palpation", 15, 15),
    size("n1", "neck", "T1", "CT", 14.3, 13.3),
    size("m1", "mediastinum", "T1", "CT", 6.2, 5.5),
    size("n2", "neck", "T2", "PET/CT", 12.8),
    size("m2", "mediastinum", "T2", "PET/CT", 6.4),
    size("n3", "neck", "T3", "CT", 13.2, 7),
    size("m3", "mediastinum", "T3", "CT", 6.7, 8.4),
    size("n4", "neck", "T4", "CT", 16.4, 17.1),
    size("m4", "mediastinum", "T4", "CT", 12.6, 9.1),
    size("n5", "neck", "T5", "CT", 14, 13),
    size("m5", "mediastinum", "T5", "CT", 15, 16),
    observation("doubted", "T2", { lesion: "nodules", metastatic: recorded("equivocal") }),
    observation("called-larger", "T3", { lesion: "neck", change: recorded("larger"), what: "Modest enlargement" }),
    observation("metastases", "T5", { lesion: "nodules", metastatic: recorded("unequivocal") }),
    drug("sirolimus", { line: 1, when: { after: [{ of: "T2" }] }, steps: [{ when: { before: [{ of: "T3" }] } }] }),
    course("imrt", { lesions: ["neck"], fractions: recorded(30), when: { after: [{ of: "T3" }], before: [{ of: "T4" }] } }),
    course("not-given", { lesions: ["mediastinum"], state: "planned, not given", when: { after: [{ of: "T4" }], before: [{ of: "T5" }] } }),
  ]);
}
