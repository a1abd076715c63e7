import { Gy, HapaxError } from "@hapax/base";
import { expect, test } from "vitest";
import { bed, eqd2 } from "./index.ts";

test("half a fraction and an α/β of zero are refused", () => {
  expect(() => eqd2(Gy(60), 2.5, Gy(3))).toThrow(HapaxError);
  expect(() => bed(Gy(60), 0, Gy(3))).toThrow(/radiobiology\/fractions/);
  expect(() => bed(Gy(60), 20, Gy(0))).toThrow(/radiobiology\/alpha-beta/);
});
