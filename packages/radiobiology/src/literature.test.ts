import type { Study } from "@hapax/case";
import { expect, test } from "vitest";
import { literature } from "./index.ts";
import { leach, viewWith } from "./leach.fixture.ts";

const study = (key: string, course: Study["course"]): Study => ({
  key, design: "single patient", population: "PEComa", directness: "this tumor", checked: "unresolved", results: [],
  ...(course === undefined ? {} : { course }),
});
const dose = (value: number) => ({ value, unit: "Gy" });

test("60 Gy in 8 is EQD2 115 at α/β 4; 50 Gy without a fraction count is named and refused", () => {
  const [found] = literature(viewWith(leach), [study("sbrt", { dose: dose(60), fractions: 8 }), study("preoperative", { dose: dose(50) }), study("drug", undefined)]);
  const by = new Map(found?.value?.map((r) => [r.key, r]));
  expect(by.get("sbrt")?.eqd2?.["4"]).toBeCloseTo(115, 9);
  expect(by.get("preoperative")?.eqd2).toBeUndefined();
  expect(found?.missing.map((m) => m.input)).toEqual(["fractions of preoperative, 50 Gy"]);
  expect(found?.table?.rows.at(-1)).toEqual(["preoperative", "50 Gy", "not known", "not computed", "not computed", "not computed", "not computed"]);
  expect(found?.value?.filter((r) => r.ofThisCase).map((r) => r.key)).toEqual(["imrt", "re-irradiation", "palliative"]);
});

test("a library without courses has no comparison", () => {
  expect(literature(viewWith(leach), [study("drug", undefined)])).toEqual([]);
});

test("a study known only through the case's own document is named by its number there, and marked as not read", () => {
  const quoted: Study = { ...study("sbrt", { dose: dose(60), fractions: 8 }), citation: "leach2025", reference: "62" };
  const view = viewWith(leach);
  const documents = [{ id: "report", title: "Report", kind: "published report" as const, citation: "leach2025" }];
  const [found] = literature({ ...view, record: { ...view.record, documents } }, [quoted]);
  expect(found?.value?.at(-1)?.name).toBe("reference 62 of Leach 2025");
  expect(found?.unverified).toEqual(["reference 62 of Leach 2025: unresolved"]);
});
