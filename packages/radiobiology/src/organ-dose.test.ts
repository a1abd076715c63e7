import { expect, test } from "vitest";
import { finding, imrt, unknown } from "./leach.fixture.ts";

test("39 Gy in 30 is EQD2 32.175 at α/β 2", () => {
  expect(finding("radiobiology/organ-dose#imrt/SpinalCord")).toMatchObject({ text: "32.2 Gy (α/β 2)", value: { eqd2: expect.closeTo(32.175, 9) } });
});

test("an organ dose of a course without a fraction count is not turned into EQD2", () => {
  const found = finding("radiobiology/organ-dose#imrt/SpinalCord", {}, [{ ...imrt, fractions: unknown }]);
  expect([found?.status, found?.text, found?.missing.map((m) => m.input)]).toEqual(["undecided", "not computed", ["fractions of IMRT 54 and 66 Gy"]]);
});

test("QUANTEC's α/β of 0.87 makes it 29.49", () => {
  // 39 × 2.17 / 2.87 = 29.4878
  const found = finding("radiobiology/organ-dose#imrt/SpinalCord", { assume: { "radiobiology/ledger/SpinalCord/alphaBeta": 0.87 } });
  expect(found?.value).toMatchObject({ eqd2: expect.closeTo(29.4878, 4), bed: expect.closeTo(97.2759, 4) });
});
