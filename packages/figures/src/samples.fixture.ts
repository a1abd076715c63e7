import { fc } from "@fast-check/vitest";
import { newCase, parseCase, type CaseRecord, type Entry } from "@hapax/case";
import leachRecord from "../../../cases/leach2025/case.json" with { type: "json" };
import { overlap, textBoxes } from "./text.ts";
import type { DrugCourse } from "./drug-level-chart.ts";
import type { LedgerBar } from "./ledger-figure.ts";
import type { Figure } from "./svg.ts";

/** The published case, for tests and kept pictures. */
export function leach(): CaseRecord {
  return parseCase(leachRecord, "leach2025");
}

/** A small made-up case with dates, one approximate, and one event known in order only. */
export function dated(): CaseRecord {
  const cm = (...values: number[]) => values.map((value) => ({ value, unit: "cm" }));
  return parseCase(
    {
      ...newCase("dated", "Dated", "pecoma"),
      timePoints: [
        { id: "T1", label: "Diagnosis", when: { date: "2023-01-10" } },
        { id: "T2", label: "After surgery", when: { date: "2023-04-02" } },
        { id: "T3", label: "Recurrence", when: { date: "2024-02" } },
      ],
      entries: [
        { kind: "lesion", id: "uterus", name: "Uterine mass", site: "Uterus" },
        { kind: "imaging", id: "ct-1", modality: "CT", region: "Abdomen", when: { at: "T1" } },
        { kind: "imaging", id: "ct-2", modality: "CT", region: "Abdomen", when: { at: "T3" } },
        { kind: "measurement", id: "size-1", lesion: "uterus", study: "ct-1", method: "CT", diameters: cm(6, 5.2), when: { at: "T1" } },
        { kind: "measurement", id: "size-2", lesion: "uterus", study: "ct-2", method: "CT", diameters: cm(2.1), when: { at: "T3" } },
        { kind: "procedure", id: "surgery", what: "Hysterectomy", when: { date: "2023-02-14" } },
        { kind: "drug", id: "sirolimus", name: "sirolimus", purpose: "antitumor", when: { date: "2023-05-01/2023-11" }, steps: [{ dose: { state: "recorded", value: { value: 2, unit: "mg" } } }] },
        {
          kind: "radiotherapy", id: "pelvis", technique: "IMRT", site: "Pelvis", organDoses: [],
          volumes: [{ name: "PTV", dose: { state: "recorded", value: { value: 45, unit: "Gy" } } }],
          fractions: { state: "recorded", value: 25 }, when: { date: "2023-06-05" },
        },
        { kind: "complication", id: "mucositis", what: "Mucositis", when: { during: ["sirolimus"] } },
        { kind: "encounter", id: "admission", setting: "admission", what: "Admission", when: { date: "2023-02-13/2023-02-20" } },
        { kind: "outcome", id: "outcome", status: "alive", when: { after: [{ of: "T3" }] } },
      ],
    },
    "dated",
  );
}

/** Cord of the published case: 39 Gy in 30 recorded (EQD2 32.175 at α/β 2), 60 in 20 planned (75), 20 in 5 bounds (0 to 30). */
export const cord: LedgerBar = {
  organ: "Spinal cord",
  alphaBeta: 2,
  metric: "maximum",
  segments: [
    { course: "imrt-sib", low: 32.175, high: 32.175, state: "recorded", label: "39 Gy in 30" },
    { course: "re-irradiation", low: 0, high: 75, state: "planned", label: "60 Gy in 20" },
    { course: "palliative-3d", low: 0, high: 30, state: "bounds", label: "20 Gy in 5" },
  ],
  limits: [
    { name: "QUANTEC", value: 54 }, { name: "ARS", value: 57 }, { name: "Delphi", value: 60 }, { name: "Troost", value: 65 },
    { name: "HyTEC", value: 70 }, { name: "made up", value: [80, 95] },
  ],
};

/** What a model of sirolimus could say, made up for pictures. */
export const course: DrugCourse = {
  tDays: [0, 1, 2, 5, 10],
  typical: [0, 4, 6, 7.5, 8],
  low: [0, 2, 3, 4, 4],
  high: [0, 8, 12, 14, 15],
  trough: 8,
  band: { low: 5, high: 15, from: "from LAM" },
  level: { value: 30.6 },
  forecasts: [{ label: "2 mg daily", low: 15.5, high: 26.1 }],
};

const words = fc.oneof(
  fc.constantFrom("CT chest", "a", "Near-total collapse of the right lung and of much else besides, as the report has it", "<script>alert(1)</script>", "=cmd"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 90 }),
);

const points = ["T1", "T2", "T3", "T4"];
const dose = (max: number, unit: string) =>
  fc.option(fc.integer({ min: 1, max }).map((value) => ({ state: "recorded" as const, value: { value, unit } })), { nil: undefined });

/** Events of random kinds, states and times: at a point, between points, within another event, dated or without any time. */
const anyEntry = (withDates: boolean) =>
  fc.record({
    kind: fc.constantFrom("imaging", "observation", "procedure", "complication", "encounter", "transfusion", "decision", "drug", "drugLevel", "radiotherapy", "measurement", "lab", "outcome", "complaint"),
    words,
    reason: fc.option(words, { nil: undefined }),
    state: fc.constantFrom("recorded", "uncertain", "not recorded", "not performed", "planned, not given", "completion not recorded"),
    place: fc.integer({ min: 0, max: withDates ? 6 : 5 }),
    point: fc.integer({ min: 0, max: 3 }),
    days: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
    date: fc.integer({ min: 0, max: 800 }),
    sizes: fc.array(fc.double({ min: 0.1, max: 40, noNaN: true }), { minLength: 1, maxLength: 3 }),
    doses: fc.array(dose(80, "mg"), { maxLength: 4 }),
    gray: dose(80, "Gy"),
    fractions: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  });

function whenOf(r: { place: number; point: number; days: number | undefined; date: number }): Entry["when"] {
  const at = points[r.point] ?? "T1";
  const length = r.days === undefined ? {} : { lasts: { atLeastDays: r.days } };
  switch (r.place) {
    case 0: return { at, ...length };
    case 1: return { after: [{ of: at }], ...length };
    case 2: return { before: [{ of: at, ...(r.days === undefined ? {} : { atLeastDays: r.days }) }] };
    case 3: return { after: [{ of: at }], before: [{ of: points[Math.min(r.point + 1, 3)] ?? "T4" }] };
    case 4: return { during: ["frame"] };
    case 6: return { date: `20${20 + Math.floor(r.date / 365)}-${String(1 + (r.date % 12)).padStart(2, "0")}` };
    default: return undefined;
  }
}

/** Random records, hostile in wording and unkind in time. */
export const anyRecord = (withDates: boolean): fc.Arbitrary<CaseRecord> =>
  fc.array(anyEntry(withDates), { maxLength: 24 }).map((rows) => {
    const record = newCase("random", "Random", "pecoma");
    const entries: Entry[] = [
      { kind: "lesion", id: "mass", name: "Mass", site: "Neck", state: "recorded" },
      { kind: "lesion", id: "nodules", name: "Nodules with quite a long name of their own", site: "Lung", state: "recorded" },
      { kind: "encounter", id: "frame", setting: "admission", what: "Admission", state: "recorded", when: { after: [{ of: "T2" }], before: [{ of: "T3" }] } },
      { kind: "drug", id: "base-drug", name: "sirolimus", purpose: "antitumor", steps: [], state: "recorded", when: { after: [{ of: "T1" }] } },
    ];
    rows.forEach((r, i) => {
      const when = whenOf(r);
      const common = { id: `e${i}`, state: r.state, ...(r.reason === undefined ? {} : { reason: r.reason }), ...(when === undefined ? {} : { when }) } as const;
      const fractions = r.fractions === undefined ? {} : { fractions: { state: "recorded" as const, value: r.fractions } };
      const made: Record<typeof r.kind, Entry> = {
        imaging: { ...common, kind: "imaging", modality: "CT", region: r.words },
        observation: { ...common, kind: "observation", what: r.words, lesion: i % 2 === 0 ? "nodules" : "mass" },
        procedure: { ...common, kind: "procedure", what: r.words },
        complication: { ...common, kind: "complication", what: r.words },
        complaint: { ...common, kind: "complaint", what: r.words },
        encounter: { ...common, kind: "encounter", setting: "admission", what: r.words },
        transfusion: { ...common, kind: "transfusion" },
        decision: { ...common, kind: "decision", what: r.words },
        drug: { ...common, kind: "drug", name: r.words, purpose: "antitumor", steps: r.doses.map((d) => (d === undefined ? {} : { dose: d })) },
        drugLevel: { ...common, kind: "drugLevel", drug: "base-drug", value: { state: "recorded", value: { value: 30.6, unit: "ng/mL" } } },
        radiotherapy: { ...common, kind: "radiotherapy", technique: r.words, site: "Neck", volumes: r.gray === undefined ? [] : [{ name: "PTV", dose: r.gray }], organDoses: [], ...fractions },
        measurement: { ...common, kind: "measurement", lesion: "mass", method: i % 3 === 0 ? "PET/CT" : "CT", diameters: r.sizes.map((value) => ({ value: Math.round(value * 10) / 10, unit: "cm" })) },
        lab: { ...common, kind: "lab", analyte: "hemoglobin", value: { state: "recorded", value: { value: r.sizes[0] ?? 10, unit: "g/dL" } } },
        outcome: { ...common, kind: "outcome", status: "died" },
      };
      entries.push(made[r.kind]);
    });
    return { ...record, timePoints: points.map((id) => ({ id, label: id })), entries };
  });

/** Labels of a picture that meet another one or leave its frame; empty for a picture that can be read. */
export function unreadable(figure: Figure): string[] {
  const boxes = textBoxes(figure.root);
  const problems = boxes
    .filter((b) => b.x0 < -0.5 || b.x1 > figure.width + 0.5 || b.y0 < -0.5 || b.y1 > figure.height + 0.5)
    .map((b) => `"${b.text}" leaves the picture`);
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) if (overlap(a, b)) problems.push(`"${a.text}" meets "${b.text}"`);
  }
  return problems;
}
