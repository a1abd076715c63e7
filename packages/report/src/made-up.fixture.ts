import { newCase, recorded, type CaseRecord, type Entry, type Finding } from "@hapax/case";
import { cite } from "@hapax/references";

/** A made-up case with a little of everything; the dose of its only course can be chosen. */
export function madeUp(doseGy = 50, more: readonly Entry[] = []): CaseRecord {
  const entries: Entry[] = [
    { kind: "complaint", id: "lump", state: "recorded", what: "Painless lump of the thigh" },
    { kind: "lesion", id: "thigh", state: "recorded", name: "Thigh mass", site: "Left thigh", when: { at: "T1" } },
    { kind: "imaging", id: "mri", state: "recorded", modality: "MR", region: "Left thigh", when: { at: "T1" } },
    { kind: "measurement", id: "size", state: "recorded", lesion: "thigh", study: "mri", method: "MR", diameters: [{ value: 7.5, unit: "cm" }, { value: 6, unit: "cm" }], when: { at: "T1" } },
    { kind: "histology", id: "histology", state: "recorded", diagnosis: "Clear cell sarcoma", necrosis: recorded(false), when: { at: "T1" } },
    {
      kind: "radiotherapy",
      id: "course",
      state: "recorded",
      technique: "IMRT",
      site: "Left thigh",
      volumes: [{ name: "PTV", dose: recorded({ value: doseGy, unit: "Gy" }) }],
      fractions: recorded(25),
      organDoses: [],
      when: { after: [{ of: "T1" }] },
    },
    { kind: "outcome", id: "outcome", state: "recorded", status: "alive" },
    ...more,
  ];
  return {
    ...newCase("made-up", "Made up", "pecoma"),
    title: "Clear cell sarcoma of the left thigh",
    patient: { age: recorded({ value: 81, unit: "a" }), sex: recorded("female") },
    timePoints: [{ id: "T1", label: "Diagnosis" }, { id: "T2", label: "End of treatment" }],
    entries,
  };
}

/** A finding on the course of the made-up case that differs from what its document states. */
export const disputed: Finding = {
  rule: "radiobiology/eqd2",
  subject: "course/PTV",
  question: "EQD2 of 50 Gy in 25",
  status: "contradiction",
  value: 50,
  text: "50.0 Gy (α/β 3)",
  brief: "60 Gy at no α/β",
  because: [{ text: "2 Gy fractions are unchanged.", entries: ["course"] }],
  missing: [{ input: "α/β of the stated EQD2", decides: "whether it agrees" }],
  assumptions: [],
  source: cite("fowler1989"),
  stated: { text: "60 Gy", from: [{ document: "typed-in", place: "Letter, page 2" }], agrees: false },
};
