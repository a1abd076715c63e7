import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { convert, HapaxError, isUcum, show, showNumber } from "./index.ts";

test("30 lb are 13.6 kg", () => {
  // 30 × 0.45359237 = 13.6077711
  expect(convert({ value: 30, unit: "[lb_av]" }, "kg")).toBeCloseTo(13.6077711, 7);
});

test("563 000 platelets per microliter are 563 G/L", () => {
  expect(convert({ value: 563_000, unit: "/uL" }, "10*9/L")).toBe(563);
});

test.prop([fc.double({ min: 1e-6, max: 1e9, noNaN: true })])("a conversion and back gives the value again", (value) => {
  const there = convert({ value, unit: "g/dL" }, "g/L");
  expect(convert({ value: there, unit: "g/L" }, "g/dL") / value).toBeCloseTo(1, 10);
});

test("a length is not a mass, and the error says what to give", () => {
  expect(() => convert({ value: 3, unit: "cm" }, "kg")).toThrow(HapaxError);
});

test("a word is not a unit", () => {
  expect(isUcum("banana")).toBe(false);
  expect(isUcum("ng/mL")).toBe(true);
});

test("quantities are shown with a space, a true minus and thin groups, and no invented digits", () => {
  expect(show({ value: 30.6, unit: "ng/mL" })).toBe("30.6 ng/mL");
  expect(show({ value: 563_000, unit: "/uL" })).toBe("563\u202f000 /µL");
  expect(showNumber(-6.34, 1)).toBe("−6.3");
  expect(showNumber(7)).toBe("7");
});
