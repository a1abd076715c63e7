import { expect, test } from "vitest";
import { newCase, parseCase, recorded, viewOf, type Entry } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { changeAgainstMeasured } from "./change-against-measured.ts";

const record = parseCase(leach2025, "case.json");
const found = changeAgainstMeasured(viewOf(record));

test("modest enlargement to 13.2 × 7, from 14.3 × 13.3", () => {
  const change = found[0];
  expect(change?.text).toBe("larger, 13.2 × 7 cm ≠ smaller than 14.3 × 13.3 cm");
  // 14.3 × 13.3 = 190.19; 13.2 × 7 = 92.4
  expect(change?.brief).toBe("longest 14.3 → 13.2 cm, product 190.2 → 92.4 cm²");
  expect(change?.caveats?.[0]).toContain("CT neck, then CT chest");
  expect(found).toHaveLength(1);
});

test("it appears with the admission", () => {
  expect(changeAgainstMeasured(viewOf(record, { asOf: "T2" }))).toEqual([]);
  expect(changeAgainstMeasured(viewOf(record, { asOf: "T3" }))).toHaveLength(1);
});

const size = (id: string, day: number, ...cm: number[]): Entry[] => [
  { kind: "imaging", id: `ct-${id}`, state: "recorded", modality: "CT", region: "Chest", when: { day } },
  { kind: "measurement", id, state: "recorded", lesion: "mass", study: `ct-${id}`, method: "CT", diameters: cm.map((value) => ({ value, unit: "cm" })), when: { day } },
];
const mass: Entry = { kind: "lesion", id: "mass", state: "recorded", name: "Mass", site: "Chest" };
const called = (change: "larger" | "smaller" | "stable", day: number): Entry => ({ kind: "observation", id: "called", state: "recorded", lesion: "mass", study: "ct-b", what: "Mass", change: recorded(change), when: { day } });
const changes = (...entries: Entry[]) => changeAgainstMeasured(viewOf({ ...newCase("made", "Made", "none"), entries: [mass, ...entries] }))[0];

test("a mass called smaller that grew is a contradiction; one called larger that grew is not", () => {
  expect(changes(...size("a", 0, 4, 3), ...size("b", 30, 5, 4), called("smaller", 30))?.status).toBe("contradiction");
  expect(changes(...size("a", 0, 4, 3), ...size("b", 30, 5, 4), called("larger", 30))).toBeUndefined();
});

test("a longer and narrower mass bears out either word", () => {
  expect(changes(...size("a", 0, 4, 4), ...size("b", 30, 5, 2), called("larger", 30))).toBeUndefined();
  expect(changes(...size("a", 0, 4, 4), ...size("b", 30, 5, 2), called("smaller", 30))).toBeUndefined();
});
