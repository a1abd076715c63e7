import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { bed, bedLqL } from "./index.ts";

const doses = fc.double({ min: 0.1, max: 120, noNaN: true });
const counts = fc.integer({ min: 1, max: 60 });
const alphaBetas = fc.double({ min: 0.5, max: 30, noNaN: true });

test("LQ-L: 60 Gy in 8, α/β 3, has BED 205.4933 with dT 6.2 and 204 with dT 6; 24 Gy in 1 has 108", () => {
  // 8 × (6.2 × (1 + 6.2/3) + (1 + 12.4/3) × 1.3) = 205.4933; 6 × 3 + 5 × 18 = 108
  expect(bedLqL(Gy(60), 8, Gy(3), Gy(6.2))).toBeCloseTo(205.4933, 4);
  expect(bedLqL(Gy(60), 8, Gy(3), Gy(6))).toBeCloseTo(204, 9);
  expect(bedLqL(Gy(60), 8, Gy(10), Gy(6.2))).toBeCloseTo(103.648, 4);
  expect(bedLqL(Gy(24), 1, Gy(3), Gy(6))).toBeCloseTo(108, 9);
});

test.prop([doses, counts, alphaBetas, fc.double({ min: 0.5, max: 20, noNaN: true })])(
  "LQ-L is never above the quadratic model, and is it below the transition",
  (dose, n, ab, dT) => {
    const linear = bedLqL(Gy(dose), n, Gy(ab), Gy(dT));
    const quadratic = bed(Gy(dose), n, Gy(ab));
    expect(linear).toBeLessThanOrEqual(quadratic * (1 + 1e-12));
    if (dose / n <= dT) expect(linear).toBe(quadratic);
  },
);
