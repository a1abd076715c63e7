import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fractionation, fractionationClass } from "./index.ts";
import { boost, count, gyOf, viewWith } from "./boost.fixture.ts";

test("66 Gy and 54 Gy in 30 are conventional by their dose per fraction, 60 Gy in 20 moderately hypofractionated", () => {
  // 66 / 30 = 2.2, 54 / 30 = 1.8, 60 / 20 = 3
  const found = fractionation(viewWith(boost, { ...boost, id: "second", fractions: count(20), volumes: [{ name: "PTV", dose: gyOf(60) }] }));
  expect(found.map((f) => f.value)).toEqual([
    { perFraction: 1.8, class: "conventional" },
    { perFraction: 2.2, class: "conventional" },
    { perFraction: 3, class: "moderately hypofractionated" },
  ]);
});

test("between the named classes a dose per fraction has none of their names", () => {
  expect([1.2, 2.3, 4, 7.5].map(fractionationClass)).toEqual([
    "hyperfractionated",
    "between conventional and moderate",
    "between moderate and ultra",
    "ultrahypofractionated",
  ]);
});

const order = ["hyperfractionated", "conventional", "between conventional and moderate", "moderately hypofractionated", "between moderate and ultra", "ultrahypofractionated"];
test.prop([fc.double({ min: 0.1, max: 30, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true })])(
  "a larger dose per fraction is never of a smaller class",
  (each, more) => {
    expect(order.indexOf(fractionationClass(each + more))).toBeGreaterThanOrEqual(order.indexOf(fractionationClass(each)));
  },
);

test("a course without a fraction count has no class, and says what would give it one", () => {
  const [found] = fractionation(viewWith({ ...boost, fractions: { state: "not recorded" } }));
  expect(found?.status).toBe("not recorded");
  expect(found?.missing[0]).toEqual({ input: "fractions of IMRT 54 and 66 Gy", decides: "fractionation" });
});
