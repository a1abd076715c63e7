import { expect, test } from "vitest";
import { newCase, parseCase, viewOf, type Entry } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { time } from "./time.ts";

test("no order of events clashes in Leach 2025", () => {
  expect(time(viewOf(parseCase(leach2025, "case.json")))).toEqual([]);
});

test("times that cannot hold together are named with their places", () => {
  const a: Entry = { kind: "procedure", id: "a", state: "recorded", what: "First", when: { day: 5 }, from: [{ document: "typed-in", place: "letter of admission" }] };
  const b: Entry = { kind: "procedure", id: "b", state: "recorded", what: "Second", when: { day: 3, after: [{ of: "a" }] }, from: [{ document: "typed-in", place: "letter of discharge" }] };
  const clash = time(viewOf({ ...newCase("made", "Made", "none"), entries: [a, b] }))[0];
  expect(clash?.status).toBe("contradiction");
  expect(clash?.table?.rows.map((r) => r[1]).join()).toMatch(/letter of admission[\s\S]*letter of discharge|letter of discharge[\s\S]*letter of admission/);
});
