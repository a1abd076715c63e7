import { expect, test } from "vitest";
import { garzon2022 } from "./garzon2022.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

test("A is not uterine: out of scope; if it were, size and necrosis would make it malignant", () => {
  expect(garzon2022(caseA).status).toBe("out of scope");
  expect(garzon2022({ ...caseA, siteGroup: "uterus" })).toMatchObject({ status: "determined", value: "malignant" });
});

test("C is below both cut-offs, 6.0 < 8 cm and 3 < 5 per 50 HPF: one feature, not malignant", () => {
  expect(garzon2022(caseC)).toMatchObject({ status: "determined", value: "not malignant" });
  // also when the cellularity was not recorded: 0 or 1 features
  expect(garzon2022({ ...caseC, highCellularity: undefined }).value).toBe("not malignant");
});

test("B has no feature", () => {
  const finding = garzon2022(caseB);
  expect(finding.value).toBe("not malignant");
  expect(finding.because.some((r) => r.text.startsWith("0 of 6"))).toBe(true);
});

test("the cut-offs of 8 cm and 5 per 50 HPF belong to the feature", () => {
  expect(garzon2022({ ...caseB, size: { value: 8, unit: "cm" }, mitoses: { count: 1, hpf: 10 } }).value).toBe("malignant");
  expect(garzon2022({ ...caseB, size: { value: 7.9, unit: "cm" }, mitoses: { count: 1, hpf: 10 } }).value).toBe("not malignant");
});

test("a site of the gynecologic tract other than the uterus is out of scope", () => {
  expect(garzon2022({ ...caseC, siteGroup: "other gynecologic" }).status).toBe("out of scope");
});
