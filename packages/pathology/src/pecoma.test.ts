import { newCase, parseCase, viewOf, type ViewOptions } from "@hapax/case";
import { expect, test } from "vitest";
import { gatherPecoma } from "./pecoma.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const gather = (entries: object[], options: ViewOptions = {}, patient: object = {}) =>
  gatherPecoma(viewOf(parseCase({ ...newCase("x", "X", "pecoma"), patient, entries }, "test"), options));
const lesion = { id: "mass", kind: "lesion", name: "Mass", site: "thigh", topography: recorded("C49.2"), role: recorded("primary"), when: { at: "T1" } };
const size = (id: string, method: string, cm: number, when: object = { at: "T1" }) => ({
  id, kind: "measurement", lesion: "mass", method, diameters: [{ value: cm, unit: "cm" }], when,
});

test("an empty case has no feature absent: all are not recorded", () => {
  const tumor = gather([]);
  expect([tumor.size, tumor.necrosis, tumor.mitoses, tumor.siteGroup, tumor.sex]).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test("the size is the largest by CT or MR at the first time point; palpation and PET are its range", () => {
  const tumor = gather([lesion, size("felt", "palpation", 15), size("ct", "CT", 14.3), size("pet", "PET/CT", 12.8)]);
  expect(tumor.size).toEqual({ value: 14.3, unit: "cm" });
  expect(tumor.origins?.size?.says).toBe("CT at T1");
  expect(tumor.otherSizes?.map((o) => o.cm)).toEqual([15, 12.8]);
});

test("a later growth under treatment is no size at diagnosis", () => {
  const drug = { id: "drug", kind: "drug", name: "sirolimus", purpose: "antitumor", steps: [], when: { after: [{ of: "T1", atLeastDays: 1 }] } };
  const tumor = gather([lesion, size("ct", "CT", 6), drug, size("later", "CT", 17, { after: [{ of: "drug", atLeastDays: 7 }] })]);
  expect(tumor.size?.value).toBe(6);
  expect(tumor.otherSizes).toEqual([]);
});

test("the site group follows the topography where the pathologist gave none", () => {
  expect(gather([lesion]).siteGroup).toBe("other");
  expect(gather([{ ...lesion, topography: recorded("C54.9") }]).siteGroup).toBe("uterus");
  expect(gather([{ ...lesion, topography: recorded("C56.9") }]).siteGroup).toBe("other gynecologic");
});

test("of two histologies the later stands, and the difference is named", () => {
  const tumor = gather([
    { id: "biopsy", kind: "histology", diagnosis: "PEComa", necrosis: recorded(false), nuclearGrade: recorded("high"), when: { at: "T1" } },
    { id: "resection", kind: "histology", diagnosis: "PEComa", necrosis: recorded(true), margins: recorded("R1"), when: { after: [{ of: "T1", atLeastDays: 3 }] } },
  ]);
  expect(tumor).toMatchObject({ necrosis: true, nuclearGrade: "high", margins: "R1", resected: true });
  expect(tumor.conflicts).toEqual(["biopsy and resection differ in necrosis: the later, resection, is used"]);
});

test("a doubt is no value", () => {
  const tumor = gather([{ id: "h", kind: "histology", diagnosis: "PEComa", necrosis: { state: "uncertain", value: true } }]);
  expect(tumor.necrosis).toBeUndefined();
  expect(tumor.origins?.necrosis?.state).toBe("uncertain");
});

test("what if: a supposed input stands in the place of the recorded one, and the record is untouched", () => {
  const histology = { id: "h", kind: "histology", diagnosis: "PEComa", necrosis: recorded(true) };
  const tumor = gather([lesion, histology], { suppose: { necrosis: false, mitoses: { count: 3, hpf: 50 }, resection: { resected: true, margins: "R0" }, unrelated: 1 } });
  expect(tumor).toMatchObject({ necrosis: false, mitoses: { count: 3, hpf: 50 }, resected: true, margins: "R0" });
  expect(gather([lesion, histology], { suppose: { necrosis: null } }).necrosis).toBeUndefined();
});

test("a value that an input cannot have is refused, not taken", () => {
  expect(() => gather([], { suppose: { nuclearGrade: "very high" } })).toThrow(/Nuclear grade cannot be/);
  expect(() => gather([], { suppose: { mitoses: -1 } })).toThrow(/Mitotic count/);
  expect(() => gather([], { suppose: { size: "12 bananas" } })).toThrow(/Size/);
  expect(gather([], { suppose: { resection: undefined, gradeAndCellularity: 3, __proto__: { necrosis: true } } }).necrosis).toBeUndefined();
});
