import { newCase, recorded, type CaseRecord, type Entry, type EntryOf } from "@hapax/case";

export const lab = (id: string, analyte: string, value: number | undefined, unit = "1", timePoint = "T1", more: Partial<EntryOf<"lab">> = {}): Entry => ({
  kind: "lab", id, analyte, state: "recorded", when: { at: timePoint },
  ...(value === undefined ? {} : { value: recorded({ value, unit }) }),
  ...more,
});

export const transfusion = (id: string, timePoint: string, more: Partial<EntryOf<"transfusion">> = {}): Entry => ({ kind: "transfusion", id, state: "recorded", when: { at: timePoint }, ...more });

/** A man with three time points and the entries given. */
export function caseOf(...entries: Entry[]): CaseRecord {
  return {
    ...newCase("test", "Test", "pecoma"),
    patient: { sex: recorded("male" as const) },
    timePoints: ["T1", "T2", "T3"].map((id) => ({ id, label: id })),
    entries,
  };
}

/** The blood count of Leach 2025 and what it says of iron and stool. */
export const leachBlood = (): Entry[] => [
  lab("hb", "hemoglobin", 10, "g/dL"),
  lab("mcv", "MCV", 71, "fL"),
  lab("plt", "platelets", 563_000, "/uL"),
  lab("iron", "iron studies", undefined, "1", "T1", { result: recorded("More consistent with anemia of chronic disease") }),
  lab("stool", "occult blood in stool", undefined, "1", "T2", { result: recorded("Positive") }),
];
