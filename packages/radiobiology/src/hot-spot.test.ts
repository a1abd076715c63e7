import { expect, test } from "vitest";
import { finding } from "./leach.fixture.ts";

test("the hot spot of 109.2 % in 5 is EQD2 32.1834, not 109.2 % of 28", () => {
  // 21.84 × (4.368 + 3) / 5 = 32.1834; at 10: 21.84 × 14.368 / 12 = 26.1498; 1.092 × 28 = 30.576
  const value = finding("radiobiology/hot-spot#palliative")?.value as { gy: number; eqd2: number; eqd2Of10: number; scaled: number };
  expect([value.gy, value.eqd2, value.eqd2Of10, value.scaled].map((v) => Number(v.toFixed(4)))).toEqual([21.84, 32.1834, 26.1498, 30.576]);
});
