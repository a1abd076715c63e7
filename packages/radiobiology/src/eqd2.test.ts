import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { newCase, parseCase, viewOf, type ViewOptions } from "@hapax/case";
import { describe, expect } from "vitest";
import { bed, eqd2, eqd2OfVolumes, impliedAlphaBeta } from "./index.ts";

const doses = fc.double({ min: 0.1, max: 120, noNaN: true });
const counts = fc.integer({ min: 1, max: 60 });
const alphaBetas = fc.double({ min: 0.5, max: 30, noNaN: true });

test.prop([counts, alphaBetas])("2 Gy fractions are left unchanged", (n, ab) => {
  expect(eqd2(Gy(2 * n), n, Gy(ab))).toBeCloseTo(2 * n, 9);
});

test.prop([doses, counts, alphaBetas])("EQD2 is BED over 1 + 2 / (α/β)", (dose, n, ab) => {
  expect(eqd2(Gy(dose), n, Gy(ab)) / (bed(Gy(dose), n, Gy(ab)) / (1 + 2 / ab))).toBeCloseTo(1, 10);
});

test.prop([doses, doses, counts, alphaBetas])("more dose is more EQD2", (dose, more, n, ab) => {
  expect(eqd2(Gy(dose + more), n, Gy(ab))).toBeGreaterThan(eqd2(Gy(dose), n, Gy(ab)));
});

test.prop([doses, counts, alphaBetas])("the same dose in more fractions is less EQD2", (dose, n, ab) => {
  expect(eqd2(Gy(dose), n + 1, Gy(ab))).toBeLessThan(eqd2(Gy(dose), n, Gy(ab)));
});

test.prop([doses, counts])("with a very large α/β EQD2 is the dose itself", (dose, n) => {
  expect(eqd2(Gy(dose), n, Gy(1e12))).toBeCloseTo(dose, 6);
});

// D (1 + d / x) and D (d + x) / (2 + x); 66 in 30 at 3: 66 × 5.2 / 5 = 68.64, BED 66 × (1 + 2.2 / 3) = 114.4
const regimens: [number, number, number[], number[]][] = [
  [54, 30, [118.8, 102.6, 86.4, 78.3, 63.72], [50.9143, 51.3, 51.84, 52.2, 53.1]],
  [66, 30, [162.8, 138.6, 114.4, 102.3, 80.52], [69.7714, 69.3, 68.64, 68.2, 67.1]],
  [60, 20, [180, 150, 120, 105, 78], [77.1429, 75, 72, 70, 65]],
  [20, 5, [73.3333, 60, 46.6667, 40, 28], [31.4286, 30, 28, 26.6667, 23.3333]],
  [60, 8, [360, 285, 210, 172.5, 105], [154.2857, 142.5, 126, 115, 87.5]],
  [30, 6, [130, 105, 80, 67.5, 45], [55.7143, 52.5, 48, 45, 37.5]],
  [46.8, 26, [102.96, 88.92, 74.88, 67.86, 55.224], [44.1257, 44.46, 44.928, 45.24, 46.02]],
  [24, 8, [72, 60, 48, 42, 31.2], [30.8571, 30, 28.8, 28, 26]],
  [39, 30, [72.8, 64.35, 55.9, 51.675, 44.07], [31.2, 32.175, 33.54, 34.45, 36.725]],
];
test.each(regimens)("%s Gy in %s has its BED and EQD2 at α/β 1.5, 2, 3, 4 and 10", (dose, n, beds, eqd2s) => {
  for (const [i, ab] of [1.5, 2, 3, 4, 10].entries()) {
    expect(bed(Gy(dose), n, Gy(ab))).toBeCloseTo(beds[i] ?? NaN, 4);
    expect(eqd2(Gy(dose), n, Gy(ab))).toBeCloseTo(eqd2s[i] ?? NaN, 4);
  }
});

test("the reader may draw the curve straight above 6 Gy per fraction: 60 Gy in 8 then has BED 204 at α/β 3", () => {
  const sbrt = { id: "sbrt", kind: "radiotherapy", technique: "SBRT", site: "lung", organDoses: [], fractions: { state: "recorded", value: 8 }, volumes: [{ name: "PTV", dose: { state: "recorded", value: { value: 60, unit: "Gy" } } }] };
  const found = (options?: ViewOptions) => eqd2OfVolumes(viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries: [sbrt] }, "test"), options))[0];
  expect(found()?.assumptions.map((a) => a.key)).toContain("radiobiology/eqd2/linearFrom");
  expect(found()?.value?.bed["3"]).toBeCloseTo(210, 9);
  const linear = found({ assume: { "radiobiology/eqd2/linearFrom": 6 } });
  // 8 × (6 × (1 + 6/3) + (1 + 12/3) × 1.5) = 8 × 25.5 = 204; EQD2 204 / (1 + 2/3) = 122.4
  expect(linear?.value?.bed["3"]).toBeCloseTo(204, 9);
  expect(linear?.value?.eqd2["3"]).toBeCloseTo(122.4, 9);
  expect(linear?.because.map((b) => b.text).join()).toContain("Linear above 6 Gy per fraction (LQ-L): BED 204.00 in the place of 210.00 Gy.");
});

test("HyTEC's cord limits of one to five fractions are one EQD2, 44.5 to 44.7 at α/β 2", () => {
  for (const [dose, n] of [[12.4, 1], [17, 2], [20.3, 3], [23, 4], [25.3, 5]] as const) {
    const value = eqd2(Gy(dose), n, Gy(2));
    expect(value).toBeGreaterThan(44.4);
    expect(value).toBeLessThan(44.7);
  }
});

test("leach2025: 66 Gy in 30 reaches the reported 70 Gy EQD2 at α/β = 1.3 Gy", () => {
  expect(eqd2(Gy(66), 30, Gy(1.3))).toBeCloseTo(70, 6);
  expect(impliedAlphaBeta(Gy(66), 30, Gy(70))).toBeCloseTo(1.3, 9);
});

describe("volumes of a record", () => {
  const gyOf = (value: number) => ({ state: "recorded", value: { value, unit: "Gy" } });
  const imrt = {
    id: "imrt", kind: "radiotherapy", technique: "IMRT", site: "right neck", organDoses: [],
    fractions: { state: "recorded", value: 30 },
    volumes: [{ name: "PTV_Low", dose: gyOf(54) }, { name: "PTV_High", dose: gyOf(66), statedEqd2: gyOf(70) }],
  };
  const findings = (entry: unknown, options?: ViewOptions) =>
    eqd2OfVolumes(viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries: [entry] }, "test"), options));

  test("the boost contradicts its stated EQD2 of 70 Gy, and says at which α/β it would be so", () => {
    const high = findings(imrt)[1];
    expect(high?.status).toBe("contradiction");
    expect(high?.text).toBe("68.6 Gy (α/β 3)");
    expect(high?.brief).toBe("70 Gy only at α/β 1.3; 67.1 Gy at 10");
    expect(high?.stated).toMatchObject({ text: "70 Gy", agrees: false });
    expect(high?.value?.eqd2["3"]).toBeCloseTo(68.64, 9);
    expect(high?.value?.eqd2["10"]).toBeCloseTo(67.1, 9);
    expect(high?.value?.impliedAlphaBeta).toBeCloseTo(1.3, 9);
    expect(high?.because.at(-1)?.text).toContain("0.50 Gy per day saved (7 days fewer than 70 Gy in 35)");
  });

  test("at α/β 1.3, chosen by the reader or stated by the document, it agrees", () => {
    expect(findings(imrt, { assume: { "radiobiology/eqd2/alphaBeta": 1.3 } })[1]).toMatchObject({ status: "determined", text: "70 Gy (α/β 1.3)" });
    const stated = { ...imrt, volumes: [{ ...imrt.volumes[1], statedAlphaBeta: gyOf(1.3) }] };
    expect(findings(stated)[0]?.status).toBe("determined");
  });

  test("a course without a fraction count refuses, and asks for it", () => {
    const [low] = findings({ ...imrt, fractions: { state: "not recorded" } });
    expect(low?.status).toBe("undecided");
    expect(low?.value).toBeUndefined();
    expect(low?.missing.map((m) => m.input)).toEqual(["fractions of IMRT 54 and 66 Gy"]);
  });

  test("a course that was planned and not given is computed, and says so", () => {
    const [low] = findings({ ...imrt, state: "planned, not given" });
    expect(low?.value?.eqd2["3"]).toBeCloseTo(51.84, 9);
    expect(low?.brief).toBe("planned, not given; 51.3 at α/β 2, 53.1 at 10");
  });

  test("a time factor given by the reader takes its BED away", () => {
    // BED10 80.52 − 0.6 × (39 − 28) = 73.92; / 1.2 = 61.6
    const found = findings(imrt, { assume: { "radiobiology/eqd2/repopulation": 0.6 } })[1];
    expect(found?.value?.eqd2["10"]).toBeCloseTo(61.6, 9);
    expect(found?.assumptions.map((a) => a.key)).toContain("radiobiology/eqd2/onset");
  });

  test("an α/β outside its sense leaves the default", () => {
    expect(findings(imrt, { assume: { "radiobiology/eqd2/alphaBeta": -2 } })[0]?.text).toBe("51.8 Gy (α/β 3)");
  });

  test("two volumes of one name keep two keys", () => {
    const twice = findings({ ...imrt, volumes: [imrt.volumes[0], imrt.volumes[0]] });
    expect(twice.map((f) => f.subject)).toEqual(["imrt/PTV_Low", "imrt/PTV_Low (2)"]);
  });
});
