import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { inFont, shorten, textWidth, wrap } from "./text.ts";

test("figures are tabular, so numbers of equal length are equally wide", () => {
  expect(textWidth("111.1", 12)).toBe(textWidth("888.8", 12));
  // Source Sans 3 has figures of 497 thousandths of an em: 0.497 × 10 = 4.97 px.
  expect(textWidth("0", 10)).toBeCloseTo(4.97, 9);
});

test("600 is wider than 400", () => {
  expect(textWidth("Radiotherapy", 13, 600)).toBeGreaterThan(textWidth("Radiotherapy", 13));
});

test("the signs of the house are in the font, the half disc is not", () => {
  expect(inFont("α/β ≥ ≤ ≠ ≈ → × − – … “ ” ₂ µ 563\u202f000")).toBe(true);
  expect(inFont("◐")).toBe(false);
});

const line = fc.string({ unit: "grapheme", maxLength: 80 });

test.prop([line, fc.double({ min: 0, max: 300, noNaN: true })])("a shortened text is no wider than asked and the same when it fits", (text, width) => {
  const short = shorten(text, width, 12);
  expect(textWidth(short, 12)).toBeLessThanOrEqual(width + 1e-9);
  if (textWidth(text, 12) <= width && text.trim() === text && !/\s{2}|[\t\n\r]/.test(text)) expect(short).toBe(text.replace(/\s/g, " "));
});

test.prop([line, fc.integer({ min: 1, max: 4 })])("wrapped lines are no wider and no more than asked", (text, lines) => {
  const wrapped = wrap(text, 120, 12, lines);
  expect(wrapped.length).toBeLessThanOrEqual(lines);
  for (const l of wrapped) expect(textWidth(l, 12)).toBeLessThanOrEqual(120 + 1e-9);
});
