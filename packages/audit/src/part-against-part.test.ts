import { expect, test } from "vitest";
import { newCase, parseCase, viewOf, type Entry, type Finding } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { partAgainstPart } from "./part-against-part.ts";

const record = parseCase(leach2025, "case.json");
const found = partAgainstPart(viewOf(record));
const of = (list: readonly Finding[], subject: string) => list.find((f) => f.subject === subject);
const places = (f: Finding | undefined) => f?.table?.rows.map((r) => r[1]).join(" | ");

test("lobes: middle and lower, upper and lower with the hilum, upper and middle", () => {
  const lobes = of(found, "lobes-of-the-right-lung-replaced-or-treated");
  expect(lobes?.text).toBe("middle and lower ≠ upper and lower, with the hilum ≠ upper and middle");
  for (const place of ["Abstract", "Figure 1", "Figure 2", "Conclusions"]) expect(places(lobes)).toContain(place);
});

test("mediastinal mass: superior, anterior, pericardiophrenic", () => {
  const mass = of(found, "place-of-the-mediastinal-mass");
  expect(mass?.text).toBe("superior ≠ anterior ≠ pericardiophrenic");
  expect(places(mass)).toContain("paragraph 6");
});

test("nodules: larger on later imaging, stable on the admission", () => {
  const nodules = of(found, "growth-of-the-lung-nodules");
  expect(nodules?.table?.rows.map((r) => r[0])).toEqual(["stable", "larger"]);
  expect(places(nodules)).toBe("Case presentation, paragraph 4 | Case presentation, paragraph 2");
});

test("size from which risk counts: ≥ 5 cm and > 5 cm in neighboring sentences", () => {
  expect(of(found, "tumor-size-from-which-risk-counts")?.text).toBe("≥ 5 cm ≠ > 5 cm");
});

test("vertebrae: C7 to T2 on CT, C6 to T1 on MRI", () => {
  expect(of(found, "vertebrae-with-tumor-at-progression")?.text).toBe("C7 to T2 ≠ C6 to T1");
});

test("the lobes contradict only once the report is written", () => {
  expect(of(partAgainstPart(viewOf(record, { asOf: "T5" })), "lobes-of-the-right-lung-replaced-or-treated")).toBeUndefined();
});

const made = (...entries: Entry[]) => viewOf({ ...newCase("made", "Made", "none"), entries });
const mass: Entry = { kind: "lesion", id: "mass", state: "recorded", name: "Mass", site: "Chest" };

test("statements about different things on one topic do not contradict", () => {
  const say = (id: string, reading: string, about: string): Entry => ({ kind: "statement", id, state: "recorded", topic: "Side", reading, about: [about] });
  expect(partAgainstPart(made(mass, { ...mass, id: "other" }, say("x", "left", "mass"), say("y", "right", "other")))[0]).toBeUndefined();
  expect(partAgainstPart(made(mass, say("x", "left", "mass"), say("y", "right", "mass")))[0]?.text).toBe("left ≠ right");
});
