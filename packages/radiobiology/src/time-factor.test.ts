import { Days, Gy } from "@hapax/base";
import { expect, test } from "vitest";
import { bed, bedAfterTime } from "./index.ts";

test("66 in 30 and 70 in 35 are equal at α/β 10 when each of 7 days costs 0.497 Gy", () => {
  // (84 − 80.52) / (46 − 39) = 3.48 / 7 = 0.4971
  const time = { perDay: Gy(3.48 / 7), onset: Days(28) };
  const short = bedAfterTime(bed(Gy(66), 30, Gy(10)), Days(39), time);
  expect(short).toBeCloseTo(bedAfterTime(bed(Gy(70), 35, Gy(10)), Days(46), time), 9);
  // At K 0.6 and Tk 28: 80.52 − 0.6 × 11 = 73.92 and 84 − 0.6 × 18 = 73.2
  const faster = { perDay: Gy(0.6), onset: Days(28) };
  expect(bedAfterTime(Gy(80.52), Days(39), faster)).toBeCloseTo(73.92, 9);
  expect(bedAfterTime(Gy(84), Days(46), faster)).toBeCloseTo(73.2, 9);
  expect(bedAfterTime(Gy(84), Days(20), faster)).toBe(84);
});
