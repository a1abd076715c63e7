import { Gy } from "@hapax/base";
import { expect, test } from "vitest";
import { bed, bedIncompleteRepair, incompleteRepair } from "./index.ts";

test("two fractions a day add θ to the quadratic term; one adds nothing; with no time between, m act as one", () => {
  // 6 h at a half-time of 1.5 h: θ = 2⁻⁴ = 0.0625
  expect(incompleteRepair(2, 6, 1.5)).toBeCloseTo(0.0625, 12);
  expect(incompleteRepair(1, 6, 1.5)).toBe(0);
  expect(bedIncompleteRepair(Gy(60), 40, Gy(3), incompleteRepair(2, 0, 1.5))).toBeCloseTo(bed(Gy(60), 20, Gy(3)), 9);
  expect(bedIncompleteRepair(Gy(60), 60, Gy(3), incompleteRepair(3, 0, 1.5))).toBeCloseTo(bed(Gy(60), 20, Gy(3)), 9);
});
