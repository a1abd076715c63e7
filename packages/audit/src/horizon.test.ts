import { expect, test } from "vitest";
import { newCase, parseCase, viewOf, type Entry } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { horizon } from "./horizon.ts";

test("a 5-year rate over 55.7 months is beyond its follow-up", () => {
  const found = horizon(viewOf(parseCase(leach2025, "case.json")));
  expect(found.map((f) => f.text)).toEqual(["5-year OS of 65 %, that is at 60 months ≠ over 55.7 months"]);
});

test("a rate within its follow-up, in years or months, is not", () => {
  const claim = (name: string, followUp: number, unit: string): Entry => ({
    kind: "claim", id: "c", state: "recorded", reference: "1", topic: "Topic", says: "Says.",
    figures: [{ name, quantity: { value: 65, unit: "%" } }, { name: "median follow-up", quantity: { value: followUp, unit } }],
  });
  const at = (...of: Parameters<typeof claim>) => horizon(viewOf({ ...newCase("made", "Made", "none"), entries: [claim(...of)] })).length;
  expect(at("5-year OS", 5, "a")).toBe(0);
  expect(at("18-month PFS", 20, "mo")).toBe(0);
  expect(at("18-month PFS", 1, "a")).toBe(1);
});
