import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { HapaxError } from "@hapax/base";
import { recorded, viewOf } from "@hapax/case";
import { bsa, duBois, mosteller } from "./bsa.ts";
import { caseOf } from "./sirolimus-case.fixture.ts";

test("180 cm and 80 kg are 2.00 m² after both", () => {
  // √(180 · 80 / 3600) = 2; 0.007184 · 80^0.425 · 180^0.725 = 1.996
  expect(mosteller(180, 80)).toBeCloseTo(2, 12);
  expect(duBois(180, 80)).toBeCloseTo(1.996, 3);
});

const height = fc.double({ min: 140, max: 210, noNaN: true });
const weight = fc.double({ min: 40, max: 150, noNaN: true });
test.prop([height, weight])("both formulas lie within 15 % of one another in adults", (h, w) => {
  expect(Math.abs(duBois(h, w) / mosteller(h, w) - 1)).toBeLessThan(0.15);
});
test.prop([height, weight, fc.double({ min: 1.001, max: 1.5, noNaN: true })])("taller or heavier is more surface", (h, w, k) => {
  for (const area of [duBois, mosteller]) {
    expect(area(h * k, w)).toBeGreaterThan(area(h, w));
    expect(area(h, w * k)).toBeGreaterThan(area(h, w));
  }
});

test("what is missing is named", () => {
  expect(bsa(viewOf(caseOf()))[0]?.missing.map((m) => m.input)).toEqual(["Height", "Weight"]);
});

test("pounds and inches are converted: 70 in and 176 lb", () => {
  const record = caseOf();
  record.patient = { height: recorded({ value: 70, unit: "[in_i]" }), weight: recorded({ value: 176, unit: "[lb_av]" }) };
  // 177.8 cm, 79.83 kg: √(177.8 · 79.83 / 3600) = 1.986
  expect(bsa(viewOf(record))[0]?.value?.mosteller).toBeCloseTo(1.986, 3);
});

test("a weight of zero is refused", () => {
  expect(() => duBois(180, 0)).toThrow(HapaxError);
});
