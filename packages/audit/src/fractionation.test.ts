import { expect, test } from "vitest";
import { newCase, parseCase, recorded, viewOf, type Entry } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { fractionation } from "./fractionation.ts";

const found = fractionation(viewOf(parseCase(leach2025, "case.json")));
const of = (subject: string) => found.find((f) => f.subject === subject);

test("hypofractionated, at 1.8 and 2.2 Gy per fraction; 3 Gy per fraction is", () => {
  expect(of("imrt-sib")).toMatchObject({ status: "contradiction", text: "hypofractionated ≠ 1.8 and 2.2 Gy per fraction" });
  expect(of("re-irradiation")).toMatchObject({ status: "determined", text: "hypofractionated, 3 Gy per fraction" });
});

test("where hypofractionation begins is the reader's to change", () => {
  const course: Entry = {
    kind: "radiotherapy", id: "course", state: "recorded", technique: "IMRT", site: "Neck", fractions: recorded(30), organDoses: [],
    volumes: [{ name: "PTV_Low", dose: recorded({ value: 54, unit: "Gy" }) }, { name: "PTV_High", dose: recorded({ value: 66, unit: "Gy" }) }],
  };
  const word: Entry = { kind: "statement", id: "word", state: "recorded", topic: "Fractionation", reading: "hypofractionated", about: ["course"] };
  const at = (from: number) => fractionation(viewOf({ ...newCase("made", "Made", "none"), entries: [course, word] }, { assume: { "audit/fractionation/from": from } }))[0]?.status;
  // 54 / 30 = 1.8, 66 / 30 = 2.2
  expect([at(2.4), at(2.2), at(1.8)]).toEqual(["contradiction", "undecided", "determined"]);
});
