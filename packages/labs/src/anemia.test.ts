import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { viewOf, type Entry } from "@hapax/case";
import { anemia, anemiaCauses, causes, type AnemiaInputs } from "./anemia.ts";
import { caseOf, lab, leachBlood } from "./blood.fixture.ts";

const left = (inputs: AnemiaInputs) => anemiaCauses(inputs).filter((h) => !h.excluded).map((h) => h.cause);

describe("worked cases", () => {
  test("ferritin 8, TIBC 480, MCV 71 is iron deficiency", () => {
    expect(left({ ferritin: 8, bindingCapacity: 480, mcv: 71 })).toEqual(["iron deficiency"]);
  });

  test("ferritin 350, TSAT 12 %, TIBC 210 is anemia of chronic disease", () => {
    expect(left({ ferritin: 350, saturation: 12, bindingCapacity: 210 })).toEqual(["anemia of chronic disease"]);
  });

  test("ferritin 60, TSAT 10 %, CRP 80 is mixed", () => {
    expect(left({ ferritin: 60, saturation: 10, crp: 80 })).toEqual(["mixed"]);
  });

  test("the same iron without inflammation is iron deficiency", () => {
    expect(left({ ferritin: 60, saturation: 10, crp: 2 })).toEqual(["iron deficiency"]);
  });

  test("a high receptor index keeps iron deficiency beside a high ferritin", () => {
    // 6 / log10(200) = 2.6
    expect(left({ ferritin: 200, saturation: 10, transferrinReceptor: 6 })).toEqual(["mixed"]);
  });

  test("a low receptor index leaves chronic disease alone", () => {
    // 1.5 / log10(200) = 0.65
    expect(left({ ferritin: 200, transferrinReceptor: 1.5 })).toEqual(["anemia of chronic disease"]);
  });
});

const maybe = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: undefined });
const inputs = fc.record({
  mcv: maybe(130), ferritin: maybe(2000), saturation: maybe(100), bindingCapacity: maybe(700), transferrinReceptor: maybe(20), crp: maybe(300),
  inflammation: fc.constantFrom(true, false, undefined), stoolBlood: fc.constantFrom(true, false, undefined), ironStudiesFavor: fc.constantFrom(...causes, undefined),
});
test.prop([inputs])("all causes are listed once, those excluded last", (given) => {
  const ranked = anemiaCauses(given);
  expect(ranked.map((h) => h.cause).sort()).toEqual([...causes].sort());
  expect(ranked.map((h) => Number(h.excluded))).toEqual(ranked.map((h) => Number(h.excluded)).sort());
});
test.prop([inputs])("words, MCV and stool alone exclude nothing", ({ mcv, stoolBlood, ironStudiesFavor }) => {
  expect(left({ mcv, stoolBlood, ironStudiesFavor })).toHaveLength(3);
});

describe("leach2025", () => {
  const sirolimus: Entry = { kind: "drug", id: "sirolimus", name: "sirolimus", purpose: "antitumor", state: "recorded", steps: [], when: { after: [{ of: "T1" }] } };
  const [found] = anemia(viewOf(caseOf(...leachBlood(), sirolimus)));

  test("chronic disease by the report, iron deficiency not excluded, mixed possible", () => {
    expect(found).toMatchObject({ status: "undecided", possible: ["anemia of chronic disease", "iron deficiency", "mixed"], text: "Ranked, 3 left" });
    expect(found?.brief).toBe("MCV 71, blood in stool; ferritin and TSAT missing");
    expect(found?.stated?.agrees).toBe(true);
  });

  test("what is missing is named", () => {
    expect(found?.missing.map((m) => m.input)).toEqual(["Ferritin", "TSAT", "Soluble transferrin receptor", "C-reactive protein", "RDW", "Erythrocytes", "Reticulocytes"]);
  });

  test("blood in stool stays open beside the iron, and a drug begun later cannot have caused it", () => {
    const text = found?.because.map((b) => b.text).join("\n");
    expect(text).toContain("loss from the gut stays open");
    expect(text).toContain("sirolimus began after this hemoglobin");
  });

  test("as of T1 the stool had not been tested", () => {
    expect(anemia(viewOf(caseOf(...leachBlood()), { asOf: "T1" }))[0]?.brief).not.toContain("stool");
  });
});

test("ferritin in µg/L and a saturation decide", () => {
  const [found] = anemia(viewOf(caseOf(lab("hb", "Hb", 9, "g/dL"), lab("f", "Ferritin", 350, "ug/L"), lab("s", "TSAT", 12, "%"))));
  expect(found).toMatchObject({ status: "determined", value: "anemia of chronic disease", missing: [] });
});

test("the reader's threshold counts: ferritin 25 is deficient below 30, not below 15", () => {
  const record = caseOf(lab("hb", "Hb", 9, "g/dL"), lab("f", "ferritin", 25, "ng/mL"));
  expect(anemia(viewOf(record))[0]?.value).toBe("iron deficiency");
  expect(anemia(viewOf(record, { assume: { "labs/anemia/ferritinLow": 15 } }))[0]?.status).toBe("undecided");
});

test("a normal hemoglobin has no cause to look for, and none recorded no answer", () => {
  expect(anemia(viewOf(caseOf(lab("hb", "Hb", 14, "g/dL"))))[0]?.status).toBe("not applicable");
  expect(anemia(viewOf(caseOf()))).toEqual([]);
});

test("red cells give the Mentzer index", () => {
  const [found] = anemia(viewOf(caseOf(...leachBlood(), lab("rbc", "RBC", 5, "10*12/L"))));
  // 71 / 5 = 14.2
  expect(found?.because.some((b) => b.text.includes("Mentzer index 14.2"))).toBe(true);
  expect(found?.missing.map((m) => m.input)).not.toContain("Erythrocytes");
});
