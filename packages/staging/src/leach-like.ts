import { newCase, parseCase, viewOf, type CaseView, type ViewOptions } from "@hapax/case";

const recorded = (value: unknown) => ({ state: "recorded", value });
const size = (id: string, lesion: string, method: string, cm: number, at: string) => ({
  id, kind: "measurement", lesion, method, diameters: [{ value: cm, unit: "cm" }], when: { at },
});

/** A record with the shape of the published report: one primary, a second mass, nodules that become metastases. */
export const leachLike: readonly object[] = [
  {
    id: "neck-back-mass", kind: "lesion", name: "Neck and back mass", site: "Right neck and posterior chest wall", role: recorded("primary"),
    topography: { state: "uncertain", value: "C49.3" }, compartment: { state: "uncertain", value: "external" }, when: { at: "T1" },
  },
  {
    id: "mediastinal-mass", kind: "lesion", name: "Mediastinal mass", site: "Mediastinum", role: recorded("second primary or extension"),
    topography: { state: "uncertain", value: "C38.3" }, when: { at: "T1" },
  },
  { id: "lung-nodules", kind: "lesion", name: "Lung nodules", site: "Lungs", role: recorded("equivocal"), when: { at: "T2" } },
  { id: "ct", kind: "imaging", modality: "CT", region: "neck", when: { at: "T1" } },
  size("felt", "neck-back-mass", "palpation", 15, "T1"),
  size("ct-neck", "neck-back-mass", "CT", 14.3, "T1"),
  size("pet-neck", "neck-back-mass", "PET/CT", 12.8, "T2"),
  { id: "nodules", kind: "observation", lesion: "lung-nodules", what: "Three nodules", presence: recorded("present"), metastatic: recorded("equivocal"), when: { at: "T2" } },
  { id: "histology", kind: "histology", diagnosis: "Malignant PEComa", necrosis: recorded(true), when: { at: "T1" } },
  {
    id: "stage-stated", kind: "stage", system: "AJCC", t: recorded("T3"), n: recorded("N0"), m: recorded("M0"), g: recorded("G3"), group: recorded("IIIB"), when: { at: "T1" },
  },
  { id: "sirolimus", kind: "drug", name: "sirolimus", purpose: "antitumor", steps: [], when: { after: [{ of: "T2" }], before: [{ of: "T3" }] } },
  size("ct-neck-4", "neck-back-mass", "CT", 17.1, "T4"),
  { id: "many", kind: "observation", lesion: "lung-nodules", what: "Numerous metastases", presence: recorded("present"), metastatic: recorded("unequivocal"), when: { at: "T5" } },
];

/** Looks at a case made of these entries, with five time points. */
export function look(entries: readonly object[], options: ViewOptions = {}): CaseView {
  const timePoints = [1, 2, 3, 4, 5].map((n) => ({ id: `T${n}`, label: `${n}` }));
  return viewOf(parseCase({ ...newCase("x", "X", "pecoma"), timePoints, entries: structuredClone(entries) }, "test"), options);
}

/** What the profile of PEComa brings to staging. */
export const likePecoma = {
  differentiation: { scores: [2, 3] as const, why: "the type is certain or not" },
  registryGate: { says: "8714 is not applicable", source: "seerEod2021" as const },
};
