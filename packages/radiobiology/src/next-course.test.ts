import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { doseForEqd2, eqd2, nextCourse } from "./index.ts";
import { count, finding, gyOf, row } from "./leach.fixture.ts";

// Left: limit − 32.175 (1 − recovery); in n fractions the root of D (D/n + 2) / 4 = left.
const cases: [number, number, number, number][] = [
  [54, 0, 26.3249, 16.4826],
  [60, 0, 31.2445, 19.1143],
  [70, 0, 38.532, 22.9553],
  [60, 25, 37.1795, 22.2466],
  [70, 50, 48.6513, 28.2152],
];
test.each(cases)("under %s with recovery %s %% the cord may still have %s Gy in 20 and %s in 5", (limit, recovery, in20, in5) => {
  const cord = row("SpinalCord");
  const dose = (fractions: number) => nextCourse(cord, { fractions, recovery }).rows.find((r) => r.limit.low === limit)?.most.dose;
  expect(dose(20)).toBeCloseTo(in20, 4);
  expect(dose(5)).toBeCloseTo(in5, 4);
});

test("at α/β 0.87, QUANTEC's own, 60 leaves 34.0445 Gy in 20 and 18.8626 in 5; at 3, 29.5483 and 19.2909", () => {
  const dose = (alphaBeta: number, fractions: number) =>
    nextCourse(row("SpinalCord"), { fractions, alphaBeta }).rows.find((r) => r.limit.key === "delphi")?.most.dose;
  expect(dose(0.87, 20)).toBeCloseTo(34.0445, 4);
  expect(dose(0.87, 5)).toBeCloseTo(18.8626, 4);
  expect(dose(3, 20)).toBeCloseTo(29.5483, 4);
  expect(dose(3, 5)).toBeCloseTo(19.2909, 4);
});

test("if 20 Gy in 5 reached the cord in full, nothing is left under 54 or 60", () => {
  const rows = nextCourse(row("SpinalCord"), { fractions: 20 }).rows;
  expect(rows.map((r) => [r.limit.low, (r.least?.left ?? NaN) > 0])).toEqual([[54, false], [56.25, false], [57, false], [60, false], [65, true], [70, true]]);
});

test("the finding says at most 26.3 Gy, after what, before what, and under which limit", () => {
  const found = finding("radiobiology/next-course#SpinalCord");
  expect(found).toMatchObject({
    question: "Cord, re-irradiation in 20",
    text: "At most 26.3 Gy",
    brief: "After 39 Gy in 30 (EQD2 32.2), before 20 in 5; cumulative 54, no recovery",
  });
  expect(found?.table?.rows.filter((r) => /QUANTEC|Delphi|HyTEC/.test(r[0] ?? "")).map((r) => r.slice(1, 4))).toEqual([
    ["21.8", "26.3", "16.5"],
    ["27.8", "31.2", "19.1"],
    ["37.8", "38.5", "23.0"],
  ]);
  expect(found?.because.map((b) => b.text).join(" ")).toContain("Spinal cord may take 44 % of it under 54, 52 % under 60, 64 % under 70.");
});

test("beyond the limit nothing is left, and by how much it is passed is said", () => {
  const given = (id: string, dose: number, fractions: number, at: object) => ({
    id, kind: "radiotherapy", technique: "IMRT", site: "spine", fractions: count(fractions), volumes: [],
    organDoses: [{ organ: "SpinalCord", metric: "Dmax", dose: gyOf(dose) }], when: at,
  });
  const courses = [given("one", 45, 30, { after: [{ of: "T1" }] }), given("two", 15, 3, { after: [{ of: "one" }] })];
  const found = finding("radiobiology/next-course#SpinalCord", {}, courses);
  // 45 × 3.5 / 4 = 39.375; 15 × 7 / 4 = 26.25; 65.625 − 54 = 11.625
  expect(found?.text).toBe("None");
  expect(found?.because[0]?.text).toBe("45 Gy in 30 (EQD2 39.4) and 15 Gy in 3 (EQD2 26.3) are 65.625 Gy of EQD2 (α/β 2), 11.625 Gy above the limit of 54: nothing is left under it.");
  expect(found?.table?.rows[0]?.slice(1)).toEqual(["none", "none", "none"]);
  expect(found?.brief.length).toBeLessThan(90);
});

test("the conditions of a limit stand beside it", () => {
  const caveats = finding("radiobiology/cord-palliative#spine")?.caveats?.join(" ");
  // HyTEC's 70 Gy asks for more than a sum: 20 Gy in 5 alone is 30 Gy.
  expect(caveats).toContain("HyTEC 70 Gy: thecal sac; with an interval of 5 months or more, and a stereotactic course of at most 25 Gy");
  expect(caveats).toContain("Troost 65 Gy: after 9 months.");
});

test("a limit that is none of the organ's leaves the lowest", () => {
  const found = finding("radiobiology/next-course#SpinalCord", { assume: { "radiobiology/next-course/SpinalCord/limit": "mine" } });
  expect(found?.text).toBe("At most 26.3 Gy");
  expect(finding("radiobiology/next-course#SpinalCord", { assume: { "radiobiology/next-course/SpinalCord/limit": "hytec" } })?.text).toBe("At most 38.5 Gy");
});

test.prop([fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.5, max: 20, noNaN: true })])(
  "giving what is left reaches the limit and no more",
  (fractions, alphaBeta) => {
    const next = nextCourse(row("SpinalCord"), { fractions, alphaBeta });
    for (const r of next.rows) expect(next.cumulative.low + eqd2(Gy(r.most.dose), fractions, Gy(alphaBeta))).toBeCloseTo(Math.max(r.limit.low, next.cumulative.low), 6);
  },
);

test.prop([fc.integer({ min: 1, max: 39 })])("more fractions never allow less", (n) => {
  expect(doseForEqd2(Gy(20), n + 1, Gy(2))).toBeGreaterThan(doseForEqd2(Gy(20), n, Gy(2)));
});
