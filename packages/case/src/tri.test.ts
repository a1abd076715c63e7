import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { allOf, anyOf, atLeast, countOf, moreThan, not, type Tri } from "./index.ts";

const tri = fc.constantFrom<Tri>(true, false, undefined);
const settled = (values: readonly Tri[]) => fc.tuple(...values.map((v) => (v === undefined ? fc.boolean() : fc.constant(v))));

test.prop([fc.array(tri, { maxLength: 6 }).chain((values) => fc.tuple(fc.constant(values), settled(values)))])(
  "an answer given with unknowns holds however they turn out",
  ([values, truth]) => {
    const all = allOf(...values);
    const any = anyOf(...values);
    if (all !== undefined) expect(truth.every(Boolean)).toBe(all);
    if (any !== undefined) expect(truth.some(Boolean)).toBe(any);
    const { low, high } = countOf(values);
    const count = truth.filter(Boolean).length;
    expect(count).toBeGreaterThanOrEqual(low);
    expect(count).toBeLessThanOrEqual(high);
  },
);

test("5.0 cm is at least 5 cm and not more than 5 cm; 50 mm is the same", () => {
  expect(atLeast({ value: 5, unit: "cm" }, { value: 5, unit: "cm" })).toBe(true);
  expect(moreThan({ value: 50, unit: "mm" }, { value: 5, unit: "cm" })).toBe(false);
  expect(atLeast(undefined, { value: 5, unit: "cm" })).toBeUndefined();
});

test("not recorded stays not recorded when denied", () => {
  expect(not(undefined)).toBeUndefined();
  expect(not(false)).toBe(true);
});
