import { expect, test } from "vitest";
import { caseA, caseB, caseC } from "./worked-cases.ts";
import { whoSoftTissue2020 } from "./who-soft-tissue-2020.ts";

test("A is malignant by two features", () => {
  expect(whoSoftTissue2020(caseA)).toMatchObject({ status: "determined", value: "malignant" });
});

test("tumors like B and C outside the gynecologic tract are benign and malignant", () => {
  expect(whoSoftTissue2020({ ...caseB, siteGroup: "other" }).value).toBe("benign");
  expect(whoSoftTissue2020({ ...caseC, siteGroup: "other" }).value).toBe("malignant");
});

test("exactly one feature is not malignant, with one risk feature", () => {
  expect(whoSoftTissue2020({ ...caseB, siteGroup: "other", necrosis: true }).value).toBe("not malignant, one risk feature");
});

test("B and C are uterine, so the soft tissue volume is out of scope", () => {
  for (const tumor of [caseB, caseC]) {
    const finding = whoSoftTissue2020(tumor);
    expect(finding).toMatchObject({ status: "out of scope", missing: [] });
    expect(finding.value).toBeUndefined();
  }
});

test("without a site it stays open whether the volume applies, even where the count would decide", () => {
  const finding = whoSoftTissue2020({ ...caseA, siteGroup: undefined });
  expect(finding).toMatchObject({ status: "undecided", possible: ["malignant", "out of scope"] });
  expect(finding.missing[0]?.input).toBe("Site");
});
