import { expect, test } from "vitest";
import { caseA, caseB, caseC } from "./worked-cases.ts";
import { schoolmeester2014 } from "./schoolmeester2014.ts";

test("A is not gynecologic: out of scope", () => {
  expect(schoolmeester2014(caseA)).toMatchObject({ status: "out of scope" });
});

test("A, if it were uterine, would need two of mitoses, grade and vascular invasion", () => {
  // size and necrosis are two of four; three are unknown: 2 to 5
  const finding = schoolmeester2014({ ...caseA, siteGroup: "uterus" });
  expect(finding.possible).toEqual(["not malignant", "malignant"]);
  expect(finding.missing.map((m) => m.input).sort()).toEqual(["Mitotic count", "Nuclear grade", "Vascular invasion"]);
});

test("B and C are not malignant: C has three of the four features needed", () => {
  expect(schoolmeester2014(caseB)).toMatchObject({ status: "determined", value: "not malignant" });
  expect(schoolmeester2014(caseC)).toMatchObject({ status: "determined", value: "not malignant" });
});

test("infiltration is not among its features", () => {
  expect(schoolmeester2014({ ...caseC, infiltrative: true }).value).toBe("not malignant");
  expect(schoolmeester2014({ ...caseC, necrosis: true }).value).toBe("malignant");
});
