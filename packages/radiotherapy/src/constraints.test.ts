import { describe, expect, test } from "vitest";
import { constraints, constraintSets, constraintsFor, cumulativeConstraints, isFor, judge, metricOf, setOf, type Constraint } from "./constraints.ts";
import { dvhOf, withLeast } from "./dvh.ts";
import { conformityPaddick, conformityRtog, gradientIndex, homogeneityD5D95, homogeneityIcru83, r50, targetCover } from "./indices.ts";
import { along, circle, doseOf, drawn, radii, structure } from "./shapes.fixture.ts";

const options = { frameOfReference: "1.2.3" };
const find = (set: string, name: string, metric: string, fractions?: number) => constraints.find((c) => c.set === set && c.structure === name && c.metric === metric && c.fractions === fractions) as Constraint;

describe("limits", () => {
  const cord = dvhOf({ ...drawn("cylinder", 3), name: "Cord" }, doseOf(along.z), options);

  test("every limit belongs to a set, can be read, and says how far it was verified", () => {
    for (const constraint of constraints) {
      expect(() => metricOf(constraint.metric, cord), constraint.metric).not.toThrow();
      expect(setOf(constraint).source.length).toBeGreaterThan(10);
      expect(constraint.atMost ?? constraint.atLeast).toBeGreaterThan(0);
    }
    for (const set of constraintSets) expect(typeof set.verified).toBe("boolean");
  });

  test("cord limits of RTOG SABR are 14, 18, 26 and 30 Gy in 1, 3, 4 and 5 fractions", () => {
    expect([1, 3, 4, 5].map((n) => find("rtog-sabr", "SpinalCord", "Max[Gy]", n).atMost)).toEqual([14, 18, 26, 30]);
  });

  test("limits of cumulative EQD2 are those of their α/β: from 56.25 to 70 Gy for the cord at 2 Gy, none at 3 Gy", () => {
    const cordAt = (alphaBeta: number) => cumulativeConstraints(alphaBeta).filter((c) => isFor(c, "SpinalCord")).map(({ set, atMost }) => [set, atMost]);
    expect(cordAt(2)).toEqual([["rulach2021", 60], ["paradis2019", 56.25], ["troost2020", 65], ["americanRadium2020", 57], ["hytec-cumulative", 70]]);
    expect(cordAt(3)).toEqual([]);
  });

  test("a cord unknown in one half fails where what is certain of that half is too much, and cannot pass", () => {
    const halfKnown = doseOf((_x, _y, z) => (z < 0 ? 16 : NaN));
    const whole = dvhOf(drawn("cylinder", 3), halfKnown, options);
    const certain = withLeast(whole, dvhOf(drawn("cylinder", 3), doseOf((_x, _y, z) => (z < 0 ? 16 : 40)), options));
    expect(whole.max).toEqual({ low: 16, high: Infinity });
    expect(certain.max).toEqual({ low: 40, high: Infinity });
    expect(certain.maxAt[2]).toBeGreaterThanOrEqual(0);
    expect(certain.dAtCc(1).low).toBe(40);
    const limit = (atMost: number): Constraint => ({ set: "rulach2021", structure: "SpinalCord", metric: "Max[Gy]", atMost });
    expect([30, 60].map((gy) => judge(limit(gy), certain).verdict)).toEqual(["fail", "cannot tell"]);
  });

  test("HyTEC's doses to 0.035 cc of cord are one EQD2, whatever the fractions: 44.6 Gy where wished, 56 Gy where asked", () => {
    const eqd2 = (dose: number, n: number) => (dose * (dose / n + 2)) / 4;
    for (const n of [1, 3, 4, 5]) {
      const { ideal, atMost } = find("hytec", "SpinalCord", "D0.035cc[Gy]", n);
      expect(eqd2(ideal as number, n)).toBeCloseTo(44.6, 0);
      expect(Math.abs(eqd2(atMost as number, n) - 56)).toBeLessThan(0.2);
    }
  });

  test("two values of one source are both said", () => {
    expect(judge(find("hytec", "SpinalCord", "D0.035cc[Gy]", 5), cord).why).toMatch(/at most 28.8 asked, 25.3 wished\.$/);
  });

  test("lungs without their target are lungs, and a kidney without one is not what was asked", () => {
    const lungs = find("quantec", "Lungs", "V20Gy[%]");
    expect(["Lungs", "Lungs-GTV", "Lungs-CTV", "Lung_L"].map((name) => isFor(lungs, name))).toEqual([true, true, true, false]);
    expect(isFor(find("quantec", "Kidneys", "Mean[Gy]"), "Kidneys-PTV")).toBe(false);
  });

  test("DVH-Analytics 53: a maximum of 28 Gy passes 30 and fails 26 Gy", () => {
    expect(judge(find("rtog-sabr", "SpinalCord", "Max[Gy]", 5), cord).verdict).toBe("pass");
    expect(judge(find("rtog-sabr", "SpinalCord", "Max[Gy]", 4), cord)).toMatchObject({ verdict: "fail", why: "Max[Gy] is 28.00, at most 26 asked." });
  });

  test("what is not drawn cannot be told", () => {
    expect(judge(find("quantec", "SpinalCord", "Max[Gy]"), undefined)).toMatchObject({ verdict: "cannot tell", why: "SpinalCord is not drawn." });
  });

  test("a volume larger than the structure cannot be told", () => {
    expect(judge({ set: "tg101", structure: "SpinalCord", metric: "D15cc[Gy]", atMost: 24 }, cord)).toMatchObject({ verdict: "cannot tell", why: "Cord has 10.86 cc: D15cc[Gy] asks for more." });
  });

  test("where the dose grid ends within an organ, a limit already broken fails, another cannot be told", () => {
    // The dose reaches to z = 5.5 mm and 21.5 Gy.
    const cut = doseOf(along.z, { half: 20 });
    const part = dvhOf({ ...drawn("cylinder", 3), name: "Cord" }, { ...cut, grid: { ...cut.grid, size: [41, 41, 26] }, values: cut.values.slice(0, 41 * 41 * 26) }, options);
    expect(judge(find("rtog-sabr", "SpinalCord", "Max[Gy]", 3), part).verdict).toBe("fail");
    const open = judge(find("rtog-sabr", "SpinalCord", "Max[Gy]", 5), part);
    expect(open.verdict).toBe("cannot tell");
    expect(open.why).toContain("the dose is known in 72.9 % of Cord");
  });

  test("a volume to be spared counts what receives less", () => {
    // Along the axis half of 10.857 cc receives less than 16 Gy.
    expect(metricOf("CV16Gy[cc]", cord).low).toBeCloseTo(5.43, 1);
  });

  test("limits are those of the number of fractions, and none without it", () => {
    expect(constraintsFor({})).toEqual([]);
    expect(new Set(constraintsFor({ fractions: 5 }).map((c) => c.set))).toEqual(new Set(["rtog-sabr", "hospital-sabr", "tg101", "hytec"]));
    expect(new Set(constraintsFor({ fractions: 30, perFractionGy: 2 }).map((c) => c.set))).toEqual(new Set(["hospital-conventional", "quantec"]));
    expect(constraintsFor({ fractions: 20, perFractionGy: 3 })).toEqual([]);
  });

  test("a limit finds its organ however the file spells it, and never a planning structure", () => {
    const parotid = find("quantec", "Parotid", "Mean[Gy]");
    for (const name of ["Parotid_L", "LeftParotid", "parotid rt", "Rt Parotid"]) expect(isFor(parotid, name), name).toBe(true);
    for (const name of ["Parotids", "zParotid_L", "~Parotid_L", "PTV"]) expect(isFor(parotid, name), name).toBe(false);
    // A planning organ at risk volume is not the organ.
    expect(isFor(find("quantec", "SpinalCord", "Max[Gy]"), "SpinalCord_PRV05")).toBe(false);
  });
});

describe("indices", () => {
  test("a sphere of 20 mm in an isodose sphere of 22 mm: RTOG 1.331, Paddick 0.7513", () => {
    const sphere = (r: number) => (4 / 3) * Math.PI * r ** 3 / 1000;
    const cover = { targetCc: sphere(20), prescribedCc: sphere(22), coveredCc: sphere(20) };
    expect(cover.targetCc).toBeCloseTo(33.5103, 4);
    expect(conformityRtog(cover)).toBeCloseTo(1.331, 4);
    expect(conformityPaddick(cover)).toBeCloseTo(0.7513, 4);
  });

  test("the same from contours and a dose", () => {
    // 1 Gy/mm from 50 Gy in the middle: 28 Gy at 22 mm, 39 Gy at half the way.
    const dose = doseOf((x, y, z) => 50 - Math.hypot(x, y, z), { half: 40, spacing: 2 });
    const ball = (r: number) => structure("ball", Array.from({ length: r }, (_, k) => 2 * k - r + 1).map((z) => circle(Math.sqrt(r * r - z * z), z)));
    const [low, high] = [targetCover(dvhOf(ball(20), dose, options), dvhOf(ball(36), dose, options), 28).low, radii.sphere(0)];
    expect(conformityRtog(low)).toBeCloseTo(1.331, 1);
    expect(conformityPaddick(low)).toBeCloseTo(0.751, 1);
    expect(high).toBe(12);
  });

  test("homogeneity of a cylinder along its axis: (27.52 − 4.48) / 16 and 26.8 / 5.2", () => {
    const dvh = dvhOf(drawn("cylinder", 1), doseOf(along.z), options);
    expect(homogeneityIcru83(dvh).low).toBeCloseTo(1.44, 2);
    expect(homogeneityD5D95(dvh).high).toBeCloseTo(26.8 / 5.2, 2);
  });

  test("gradient index and R50", () => {
    expect(gradientIndex(120, 40)).toBe(3);
    expect(r50(120, 30)).toBe(4);
  });
});
