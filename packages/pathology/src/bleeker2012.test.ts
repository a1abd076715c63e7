import { test as property, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { bleeker2012 } from "./bleeker2012.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

test("A is intermediate or high, and the mitoses decide", () => {
  const finding = bleeker2012(caseA);
  expect(finding).toMatchObject({ status: "undecided", possible: ["intermediate", "high"], text: "{intermediate, high}" });
  expect(finding.missing).toEqual([{ input: "Mitotic count", decides: "Bleeker 2012: high if mitoses > 1 per 50 HPF, intermediate if not" }]);
});

test("B is low and C high", () => {
  expect(bleeker2012(caseB).value).toBe("low");
  expect(bleeker2012(caseC).value).toBe("high");
});

test("labels and comparator rest on memory, and the finding says so", () => {
  expect(bleeker2012(caseB).unverified).toHaveLength(2);
});

property.prop([fc.double({ min: 0.1, max: 30, noNaN: true }), fc.integer({ min: 0, max: 40 })])("features are counted and nothing else", (cm, count) => {
  const met = (cm >= 5 ? 1 : 0) + (count > 1 ? 1 : 0);
  expect(bleeker2012({ size: { value: cm, unit: "cm" }, mitoses: { count, hpf: 50 } }).value).toBe(["low", "intermediate", "high"][met]);
});
