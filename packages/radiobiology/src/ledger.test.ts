import { fc, test } from "@fast-check/vitest";
import { Gy } from "@hapax/base";
import { expect } from "vitest";
import { cumulate, eqd2, ledger, ledgerFinding } from "./index.ts";
import { gyOf, imrt, leach, palliative, row, unknown, viewWith } from "./leach.fixture.ts";

test("the cord after 39 Gy in 30 and 20 Gy in 5 is between 32.175 and 62.175 Gy at α/β 2", () => {
  // 39 × (1.3 + 2) / 4 = 32.175; 20 × (4 + 2) / 4 = 30
  const cord = row("SpinalCord");
  expect(cord.cumulative.low).toBeCloseTo(32.175, 9);
  expect(cord.cumulative.high).toBeCloseTo(62.175, 9);
  expect(cord.contributions.map((c) => c.known)).toEqual(["recorded", "bounds only"]);
  expect(ledgerFinding(cord)).toMatchObject({ status: "undecided", text: "32.2 to 62.2 Gy (α/β 2)" });
  expect(ledgerFinding(cord).missing[0]).toEqual({ input: "cord dose of 20 Gy in 5", decides: "cumulative cord, 32.2 to 62.2 Gy" });
});

test("EQD2 is summed over courses; EQD2 of the summed dose would lose 7.8 Gy", () => {
  // 59 Gy in 35: 59 × (59/35 + 2) / 4 = 54.364, which is 7.81 below 62.175
  const bounds = (dose: number) => ({ low: dose, high: dose });
  const sum = cumulate([{ dose: bounds(39), fractions: 30 }, { dose: bounds(20), fractions: 5 }], 2, 0);
  expect(sum.high).toBeCloseTo(62.175, 9);
  expect(eqd2(Gy(59), 35, Gy(2))).toBeCloseTo(54.3643, 4);
});

test("a course that stayed a plan is not in the sum; it would have reached 107.175 Gy", () => {
  const [plan] = row("SpinalCord").planned;
  expect(plan?.before).toEqual({ low: expect.closeTo(32.175, 9), high: expect.closeTo(32.175, 9) });
  expect(plan?.reaching).toBeCloseTo(107.175, 9);
});

test("an organ dose that is not recorded is bounded by the highest prescription of its course", () => {
  // plexus: 66 in 30 at α/β 2 is 69.3, 20 in 5 is 30
  const plexus = row("BrachialPlex_R");
  expect(plexus.cumulative).toEqual({ low: 0, high: expect.closeTo(99.3, 9) });
  expect(plexus.contributions[0]?.label).toBe("66 Gy in 30");
  expect(row("Esophagus").cumulative.high).toBeCloseTo(68.64 + 28, 9);
});

test("organs come from the sites of the courses, and the reader may name others", () => {
  expect(ledger(viewWith(leach)).map((r) => r.organ)).toEqual(["SpinalCord", "BrachialPlex_R", "Esophagus", "GreatVes", "BronchialTree", "Heart", "Chestwall", "Lungs"]);
  expect(ledger(viewWith(leach, { assume: { "radiobiology/ledger/organs": "SpinalCord, Kidney_L" } })).map((r) => r.organ)).toEqual(["SpinalCord", "Kidney_L"]);
});

test("the lowest limit binds; each stands below, open or exceeded", () => {
  const cord = row("SpinalCord");
  expect(cord.binding?.key).toBe("quantec");
  expect(cord.limits.map((l) => [l.low, l.stands])).toEqual([[54, "open"], [56.25, "open"], [57, "open"], [60, "open"], [65, "below"], [70, "below"]]);
});

test("limits, α/β and recovery are the reader's to change", () => {
  const assume = { "radiobiology/ledger/SpinalCord/limit/hytec": 50, "radiobiology/ledger/SpinalCord/alphaBeta": 3, "radiobiology/ledger/recovery": 25 };
  const cord = row("SpinalCord", { assume });
  expect(cord.binding?.key).toBe("hytec");
  // 39 × 4.3 / 5 = 33.54, of which three quarters: 25.155
  expect(cord.cumulative.low).toBeCloseTo(25.155, 9);
});

test("with the maxima apart, the sum is between the highest course and all of them", () => {
  const both = [imrt, { ...palliative, state: "recorded", organDoses: [{ organ: "SpinalCord", metric: "Dmax", dose: gyOf(20) }], when: { after: [{ of: "imrt" }] } }];
  const cord = row("SpinalCord", { assume: { "radiobiology/ledger/samePoint": false } }, both);
  expect([cord.cumulative.low, cord.cumulative.high]).toEqual([expect.closeTo(32.175, 9), expect.closeTo(62.175, 9)]);
});

test("a supposed organ dose settles the sum without touching the record", () => {
  // 10 Gy in 5 at α/β 2: 10 × 4 / 4 = 10
  const cord = row("SpinalCord", { suppose: { "dose/palliative/SpinalCord": 10 } });
  expect(cord.cumulative).toEqual({ low: expect.closeTo(42.175, 9), high: expect.closeTo(42.175, 9) });
});

test("the hot spot is said beside the bound, and recovery is not credited without an interval", () => {
  expect(row("SpinalCord").caveats).toEqual([
    "From IMRT 54 and 66 Gy in 30 to 3D conformal 20 Gy in 5 the interval is not recorded: without 6 months shown, no recovery is credited.",
    "20 Gy in 5 is bounded by its prescription; its hot spot was 109.2 %, 21.84 Gy.",
  ]);
});

test("a course without a fraction count leaves the sum without an upper bound", () => {
  const cord = row("SpinalCord", {}, [imrt, { ...palliative, fractions: unknown, when: { after: [{ of: "imrt" }] } }]);
  expect(cord.cumulative).toEqual({ low: expect.closeTo(32.175, 9), high: undefined });
  expect(cord.missing[0]?.input).toBe("fractions of 3D conformal 20 Gy");
});

const part = fc.record({
  given: fc.double({ min: 0, max: 1, noNaN: true }),
  dose: fc.double({ min: 0.1, max: 80, noNaN: true }),
  fractions: fc.integer({ min: 1, max: 40 }),
});
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const alphaBetas = fc.double({ min: 0.5, max: 20, noNaN: true });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

test.prop([parts, alphaBetas, shares])("whatever was given, the bounds contain it", (courses, ab, recovery) => {
  const bounds = cumulate(courses.map((c) => ({ dose: { low: 0, high: c.dose }, fractions: c.fractions })), ab, recovery);
  const real = cumulate(courses.map((c) => ({ dose: { low: c.dose * c.given, high: c.dose * c.given }, fractions: c.fractions })), ab, recovery);
  expect(real.low).toBeGreaterThanOrEqual(bounds.low - 1e-9);
  expect(real.high ?? Infinity).toBeLessThanOrEqual((bounds.high ?? Infinity) + 1e-9);
});

test.prop([parts, alphaBetas, shares, shares])("more recovery never leaves more dose", (courses, ab, a, b) => {
  const at = (recovery: number) => cumulate(courses.map((c) => ({ dose: { low: c.dose, high: c.dose }, fractions: c.fractions })), ab, recovery, { credit: "all" }).low;
  expect(at(Math.max(a, b))).toBeLessThanOrEqual(at(Math.min(a, b)) + 1e-9);
});

test.prop([parts, alphaBetas])("the order of the courses does not matter where nothing recovers", (courses, ab) => {
  const list = courses.map((c) => ({ dose: { low: c.dose, high: c.dose }, fractions: c.fractions }));
  expect(cumulate(list, ab, 0).low).toBeCloseTo(cumulate(list.toReversed(), ab, 0).low, 6);
});
