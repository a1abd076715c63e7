import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { recorded, viewOf, type CaseRecord, type Entry } from "@hapax/case";
import { measurable, recist11, targetResponse } from "./recist11.ts";
import { caseOf, course, drug, lesion, observation, size, twoMasses } from "./two-masses.fixture.ts";

const of = (record: CaseRecord, subject: string, asOf?: string) => recist11(viewOf(record, { asOf })).find((f) => f.subject === subject);

describe("target lesions", () => {
  test("20 % alone is no progression: 10 to 12.4 mm is +24 % and +2.4 mm", () => {
    expect(targetResponse(12.4, 10, 10)).toBe("SD");
  });

  test("5 mm alone is no progression: 100 to 110 mm is +10 %", () => {
    expect(targetResponse(110, 100, 100)).toBe("SD");
  });

  test("both together are, at the border too: 25 to 30 mm is +20 % and +5 mm", () => {
    expect(targetResponse(30, 25, 25)).toBe("PD");
    expect(targetResponse(29.9, 25, 25)).toBe("SD");
  });

  test("70 % of baseline is partial response, 70.1 % is not", () => {
    expect(targetResponse(70, 100, 100)).toBe("PR");
    expect(targetResponse(70.1, 100, 100)).toBe("SD");
  });

  test("progression is against the nadir: 60 mm is below a baseline of 100 and above a nadir of 50", () => {
    expect(targetResponse(60, 100, 50)).toBe("PD");
  });

  test("a target not measured is not evaluable", () => {
    expect(targetResponse(undefined, 100, 100)).toBe("NE");
  });

  const mm = fc.double({ min: 10, max: 400, noNaN: true });
  test.prop([mm, mm, fc.double({ min: 1, max: 3, noNaN: true })])("a larger sum never makes a better response", (baseline, sum, more) => {
    const order = ["CR", "PR", "SD", "PD"];
    expect(order.indexOf(targetResponse(sum * more, baseline, baseline))).toBeGreaterThanOrEqual(order.indexOf(targetResponse(sum, baseline, baseline)));
  });

  test.prop([mm, mm, fc.double({ min: 1, max: 20, noNaN: true })])("magnified, a response stays or turns from stable to progressive, where 5 mm held it back", (baseline, sum, scale) => {
    const [small, large] = [targetResponse(sum, baseline, baseline), targetResponse(sum * scale, baseline * scale, baseline * scale)];
    expect(large === small || (small === "SD" && large === "PD")).toBe(true);
  });
});

describe("what may be a target", () => {
  test("CT needs 10 mm, or twice a slice thicker than 5 mm", () => {
    expect(measurable("CT", 10)).toBe(true);
    expect(measurable("CT", 9.9)).toBe(false);
    expect(measurable("CT", 10, { sliceMm: 5 })).toBe(true);
    expect(measurable("CT", 15, { sliceMm: 8 })).toBe(false);
    expect(measurable("CT", 16, { sliceMm: 8 })).toBe(true);
  });

  test("a node needs 15 mm of short axis, and without it nothing is known", () => {
    expect(measurable("CT", 30, { node: true, shortMm: 15 })).toBe(true);
    expect(measurable("CT", 30, { node: true, shortMm: 14 })).toBe(false);
    expect(measurable("CT", 30, { node: true })).toBeUndefined();
  });

  test("calipers need 10 mm, X-ray 20, palpation never suffices", () => {
    expect([measurable("caliper", 10), measurable("X-ray", 19), measurable("X-ray", 20), measurable("palpation", 150)]).toEqual([true, false, true, false]);
  });
});

describe("the two masses of Leach 2025", () => {
  test("sirolimus: stable at T3, progressive at T4 and T5, against 20.5 cm at T1", () => {
    // 14.3 + 6.2 = 20.5; 13.2 + 8.4 = 21.6 (+5.4 %); 17.1 + 12.6 = 29.7 (+44.9 %); 14 + 16 = 30.0 (+46.3 %)
    const found = of(twoMasses(), "sirolimus");
    expect(found?.value).toEqual(["SD", "PD", "PD"]);
    expect(found?.text).toBe("SD, then PD");
    expect(found?.table?.rows.map((r) => r[2])).toEqual(["20.5 cm", "not compared", "21.6 cm", "29.7 cm", "30.0 cm"]);
    expect(found?.table?.rows.map((r) => r[3])).toEqual(["baseline", "not compared", "+5.4 %", "+44.9 %", "+46.3 %"]);
    expect(found?.brief).toBe("Sum 20.5 → 21.6 cm (+5 %) at T3; 29.7 cm (+45 %) at T4");
  });

  test("PET/CT is listed and not compared; its sum would have been 19.2 cm", () => {
    expect(of(twoMasses(), "sirolimus")?.because.find((b) => b.text.startsWith("T2"))?.text).toContain("19.2 cm");
  });

  test("the course of radiotherapy has a baseline of its own: T3, 21.6 cm, +37.5 % at T4", () => {
    // 29.7 / 21.6 = 1.375
    const found = of(twoMasses(), "imrt");
    expect(found?.value).toEqual(["PD", "PD"]);
    expect(found?.table?.rows[1]?.[3]).toBe("+37.5 %");
  });

  test("a course is asked about by its technique and highest dose, in Gy", () => {
    const boosted = course("boosted", {
      technique: "IMRT",
      fractions: recorded(30),
      volumes: [{ name: "PTV_Low", dose: recorded({ value: 5400, unit: "cGy" }) }, { name: "PTV_High", dose: recorded({ value: 66, unit: "Gy" }) }],
      when: { after: [{ of: "T1" }], before: [{ of: "T2" }] },
    });
    const masses = [lesion("a", { target: recorded(true) }), size("a1", "a", "T1", "CT", 5), size("a2", "a", "T2", "CT", 5)];
    expect(of(caseOf(["T1", "T2"], [...masses, boosted]), "boosted")?.question).toBe("Response to IMRT 66 Gy, RECIST");
  });

  test("a course that was planned and not given has no response", () => {
    expect(of(twoMasses(), "not-given")).toBeUndefined();
  });

  test("the mediastinal mass alone had grown by a third while the sum was stable", () => {
    // 8.4 / 6.2 = 1.355
    expect(of(twoMasses(), "sirolimus")?.caveats?.join()).toContain("mediastinum alone grew +35.5 % by T3");
  });

  test("a target outside the field of a course is summed, and said to be outside", () => {
    expect(of(twoMasses(), "imrt")?.caveats?.join()).toContain("mediastinum lay outside the field of imrt, and counts in the sum all the same");
    expect(of(twoMasses(), "sirolimus")?.caveats?.join()).not.toContain("outside the field");
  });

  test("what was irradiated after baseline is said", () => {
    expect(of(twoMasses(), "sirolimus")?.caveats?.join()).toContain("neck was irradiated after baseline");
  });

  test("numerous metastases where nodules were doubted are progression of what is no target", () => {
    expect(of(twoMasses(), "sirolimus")?.because.at(-1)?.text).toContain("unequivocal progression");
  });

  test("as of T3 it is stable, as of T2 the drug had not begun", () => {
    expect(of(twoMasses(), "sirolimus", "T3")?.value).toEqual(["SD"]);
    expect(of(twoMasses(), "sirolimus", "T2")).toBeUndefined();
  });
});

describe("records that lack something", () => {
  const start = drug("drug", { when: { after: [{ of: "T1" }], before: [{ of: "T2" }] } });
  const masses = [lesion("a", { target: recorded(true) }), lesion("b", { target: recorded(true) }), size("a1", "a", "T1", "CT", 5), size("b1", "b", "T1", "CT", 5)];
  const record = (...more: Entry[]) => caseOf(["T1", "T2", "T3"], [...masses, start, ...more]);

  test("a target not measured makes the time point not evaluable and is asked for", () => {
    const found = of(record(size("a2", "a", "T2", "CT", 5)), "drug");
    expect(found?.status).toBe("undecided");
    expect(found?.missing.map((m) => m.input)).toEqual(["b at T2"]);
  });

  test("unless those measured alone have passed the line: 13 cm is above 1.2 × 10", () => {
    expect(of(record(size("a2", "a", "T2", "CT", 13)), "drug")?.value).toEqual(["PD"]);
  });

  test("an MR is not held against a CT", () => {
    const found = of(record(size("a2", "a", "T2", "MR", 5), size("b2", "b", "T2", "MR", 5)), "drug");
    expect(found?.status).toBe("not recorded");
    expect(found?.text).toBe("not assessed");
  });

  test("a new lesion is progression whatever the sum", () => {
    const found = of(record(size("a2", "a", "T2", "CT", 2), size("b2", "b", "T2", "CT", 2), observation("liver", "T2", { change: recorded("new"), metastatic: recorded("unequivocal") })), "drug");
    expect(found?.value).toEqual(["PD"]);
  });

  test("where a new lesion decides, a target not measured is not asked for", () => {
    const found = of(record(size("a2", "a", "T2", "CT", 5), observation("liver", "T2", { change: recorded("new"), metastatic: recorded("unequivocal") })), "drug");
    expect(found).toMatchObject({ value: ["PD"], missing: [] });
  });

  test("a new lesion in doubt is not, until it is confirmed", () => {
    const doubt = observation("liver", "T2", { change: recorded("new"), metastatic: recorded("equivocal") });
    expect(of(record(size("a2", "a", "T2", "CT", 5), size("b2", "b", "T2", "CT", 5), doubt), "drug")?.value).toEqual(["SD"]);
  });

  test("both targets gone is complete response; a third lesion not seen to be gone makes it partial", () => {
    const gone = [size("a2", "a", "T2", "CT", 0), size("b2", "b", "T2", "CT", 0)];
    expect(of(record(...gone), "drug")?.value).toEqual(["CR"]);
    expect(of(record(...gone, lesion("c")), "drug")?.value).toEqual(["PR"]);
  });

  test("without any CT before the start there is no baseline, and it says so", () => {
    const found = of(caseOf(["T1", "T2"], [lesion("a"), size("a1", "a", "T2", "CT", 5), course("field", { when: { at: "T1" } })]), "field");
    expect(found?.status).toBe("not recorded");
    expect(found?.missing).toHaveLength(1);
  });

  test("a node counts by its short axis", () => {
    const nodes = caseOf(["T1", "T2"], [
      lesion("node", { target: recorded(true), node: recorded(true) }),
      size("x1", "node", "T1", "CT", 4, 2), size("x2", "node", "T2", "CT", 4, 1.4), drug("drug", { when: { at: "T1" } }),
    ]);
    // 14 mm is 70 % of 20 mm
    expect(of(nodes, "drug")?.value).toEqual(["PR"]);
  });

  test("a target recorded below 10 mm is doubted aloud", () => {
    const small = caseOf(["T1", "T2"], [lesion("a", { target: recorded(true) }), size("a1", "a", "T1", "CT", 0.8), size("a2", "a", "T2", "CT", 0.8), drug("drug", { when: { at: "T1" } })]);
    expect(of(small, "drug")?.caveats?.join()).toContain("too small to be one at T1");
  });

  test("with no target recorded at most five are taken, two in an organ, and it is called an assumption", () => {
    const many = ["a", "b", "c", "d", "e", "f", "g"].flatMap((id, i) => [lesion(id, { organ: i < 3 ? "liver" : id }), size(`${id}1`, id, "T1", "CT", 2 + i), size(`${id}2`, id, "T2", "CT", 2 + i)]);
    const found = of(caseOf(["T1", "T2"], [...many, drug("drug", { when: { at: "T1" } })]), "drug");
    // largest first: g 8, f 7, e 6, d 5, then c 4 of the liver; b and a would be a sixth and a third of the liver
    expect(found?.assumptions[0]?.value).toBe("g, f, e, d, c");
    expect(found?.table?.rows[0]?.[2]).toBe("30.0 cm");
  });

  test("an order that the record leaves open is said beside the answer", () => {
    const open = caseOf(["T1", "T2"], [...masses, size("a2", "a", "T2", "CT", 5), size("b2", "b", "T2", "CT", 5), drug("drug", { when: { after: [{ of: "T1" }] } })]);
    expect(of(open, "drug")?.caveats?.join()).toContain("Whether T2 lies after the start of drug is not recorded");
  });
});

const factor = fc.double({ min: 0.5, max: 2, noNaN: true });
test.prop([factor])("percentages do not depend on the unit of length", (scale) => {
  const record = twoMasses();
  const scaled: CaseRecord = {
    ...record,
    entries: record.entries.map((e) => (e.kind === "measurement" ? { ...e, diameters: e.diameters.map((d) => ({ ...d, value: d.value * scale })) } : e)),
  };
  const percents = (r: CaseRecord) => of(r, "sirolimus")?.table?.rows.map((row) => row[3]);
  expect(percents(scaled)).toEqual(percents(record));
});

test("a progression after a response is told from the smallest sum: 8, 5, then 7 cm", () => {
  const record = caseOf(["T1", "T2", "T3"], [
    lesion("mass", { target: recorded(true) }),
    size("a", "mass", "T1", "CT", 8),
    size("b", "mass", "T2", "CT", 5),
    size("c", "mass", "T3", "CT", 7),
    drug("pazopanib", { line: 1, when: { after: [{ of: "T1" }] }, steps: [{ when: { before: [{ of: "T2" }] } }] }),
  ]);
  // 5 / 8 = −38 % of baseline; 7 / 5 = +40 % from the smallest, though 7 / 8 = −13 %
  expect(of(record, "pazopanib")?.value).toEqual(["PR", "PD"]);
  expect(of(record, "pazopanib")?.brief).toBe("Sum 8.0 → 5.0 cm (−38 %) at T2; 7.0 cm (+40 % from the smallest) at T3");
});
