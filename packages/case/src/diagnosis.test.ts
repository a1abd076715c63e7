import { expect, test } from "vitest";
import { atDiagnosis, beforeTreatment, newCase, parseCase, primaryLesions, siteGroupOf, sizeAtDiagnosis, viewOf } from "./index.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const viewWith = (entries: object[], points = 3) =>
  viewOf(parseCase({ ...newCase("x", "X", "pecoma"), timePoints: Array.from({ length: points }, (_, i) => ({ id: `T${i + 1}`, label: `${i + 1}` })), entries }, "test"));
const lesion = (id: string, more: object = {}) => ({ id, kind: "lesion", name: id, site: "thigh", ...more });
const size = (id: string, method: string, cm: number, when?: object, of = "a") => ({ id, kind: "measurement", lesion: of, method, diameters: [{ value: cm, unit: "cm" }], when });

test("the primary is the lesion recorded as such, else the sampled one, else the only one, else none", () => {
  expect(primaryLesions(viewWith([lesion("a"), lesion("b", { role: recorded("primary") })])).lesions.map((l) => l.id)).toEqual(["b"]);
  const sampled = [lesion("a"), lesion("b"), { id: "s", kind: "specimen", lesion: "a", method: "biopsy", site: "thigh" }, { id: "h", kind: "histology", specimen: "s", diagnosis: "PEComa" }];
  expect(primaryLesions(viewWith(sampled)).lesions.map((l) => l.id)).toEqual(["a"]);
  expect(primaryLesions(viewWith([lesion("a")])).lesions.map((l) => l.id)).toEqual(["a"]);
  expect(primaryLesions(viewWith([lesion("a"), lesion("b")])).lesions).toEqual([]);
});

test("a size on the specimen comes before CT, and CT before palpation, however large", () => {
  const found = sizeAtDiagnosis(viewWith([lesion("a"), size("felt", "palpation", 15), size("ct", "CT", 14.3), size("cut", "pathology", 13)]));
  expect(found?.size.value).toBe(13);
  expect(sizeAtDiagnosis(viewWith([lesion("a"), size("felt", "palpation", 15)]))?.size.value).toBe(15);
});

test("an event whose order with a treatment is not known is not taken as before it", () => {
  const drug = { id: "drug", kind: "drug", name: "sirolimus", purpose: "antitumor", steps: [], when: { at: "T2" } };
  const view = viewWith([drug, lesion("a"), size("early", "CT", 5, { at: "T1" }), size("loose", "CT", 9, { after: [{ of: "T1" }] }), size("late", "CT", 9, { at: "T3" }), size("timeless", "CT", 4)]);
  expect(["early", "loose", "late", "timeless"].map((id) => beforeTreatment(view, id))).toEqual([true, false, false, true]);
});

test("a treatment that was planned and never given ends nothing", () => {
  const drug = { id: "drug", kind: "drug", name: "pazopanib", purpose: "antitumor", steps: [], state: "planned, not given", when: { at: "T1" } };
  expect(beforeTreatment(viewWith([drug, lesion("a"), size("late", "CT", 9, { at: "T3" })]), "late")).toBe(true);
});

test("a percentage of necrosis is necrosis, and zero percent is none", () => {
  const necrosis = (percent: number) => atDiagnosis(viewWith([{ id: "h", kind: "histology", diagnosis: "PEComa", necrosisPercent: recorded(percent) }])).inputs.necrosis;
  expect([necrosis(0), necrosis(30)]).toEqual([false, true]);
});

test("ICD-O-3: cervix and corpus are uterus, ovary and vagina gynecologic, the rest other", () => {
  expect(["C53.9", "C54.1", "C55.9", "C56.9", "C52.9", "C49.3", "C48.0"].map(siteGroupOf)).toEqual(["uterus", "uterus", "uterus", "other gynecologic", "other gynecologic", "other", "other"]);
});
