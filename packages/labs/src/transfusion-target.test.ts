import { expect, test } from "vitest";
import { recorded, viewOf } from "@hapax/case";
import { caseOf, lab, transfusion } from "./blood.fixture.ts";
import { transfusionTarget } from "./transfusion-target.ts";

const support = transfusion("support", "T2", { keepAbove: recorded({ value: 8, unit: "g/dL" }) });
const of = (...more: Parameters<typeof caseOf>) => transfusionTarget(viewOf(caseOf(support, ...more)))[0];

test("leach2025: 10.0 before the target was set says nothing of it, and later values are asked for", () => {
  const found = of(lab("hb", "hemoglobin", 10, "g/dL"));
  expect(found).toMatchObject({ status: "not recorded", text: "later values not recorded" });
  expect(found?.missing).toHaveLength(1);
});

test("a later 7.8 is below, 8.0 is kept", () => {
  expect(of(lab("hb", "hemoglobin", 7.8, "g/dL", "T3"))).toMatchObject({ value: "below", text: "below 8 g/dL: 7.8 at T3" });
  expect(of(lab("hb", "hemoglobin", 80, "g/L", "T3"))?.value).toBe("kept");
});

test("a case that set no target has no such answer", () => {
  expect(transfusionTarget(viewOf(caseOf(transfusion("t", "T2"))))).toEqual([]);
});
