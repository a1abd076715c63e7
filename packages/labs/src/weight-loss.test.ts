import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { recorded, viewOf, type Entry } from "@hapax/case";
import { caseOf } from "./blood.fixture.ts";
import { weightLossGrade } from "./ctcae5.ts";
import { weightLoss, weightLossRanges } from "./weight-loss.ts";

const complaint: Entry = {
  kind: "complaint", id: "loss", what: "Weight loss", state: "recorded",
  weightLoss: recorded({ value: 30, unit: "[lb_av]" }), over: recorded({ value: 6, unit: "mo" }),
};

test("30 lb is grade 1 above 136.1 kg, 2 down to 68.0, 3 from there", () => {
  // 30 lb = 13.6078 kg; / 0.20 = 68.04; / 0.10 = 136.08; / 0.05 = 272.16
  const [three, two, one, none] = weightLossRanges(13.60777);
  expect([three?.upToKg, two?.upToKg, one?.upToKg].map((kg) => kg?.toFixed(1))).toEqual(["68.0", "136.1", "272.2"]);
  expect([two?.aboveKg, one?.aboveKg, none?.aboveKg].map((kg) => kg?.toFixed(1))).toEqual(["68.0", "136.1", "272.2"]);
});

const kg = fc.double({ min: 1, max: 300, noNaN: true });
test.prop([kg, kg])("the range that holds a weight has the grade of the percent it lost", (loss, rest) => {
  const before = loss + rest;
  const inRange = weightLossRanges(loss).find((r) => before > r.aboveKg && before <= r.upToKg);
  const onBorder = [5, 10, 20].some((p) => Math.abs((100 * loss) / before - p) < 1e-9);
  if (!onBorder) expect(inRange?.grade).toBe(weightLossGrade((100 * loss) / before));
});

test("leach2025: without the weight before it, three grades are possible and the weight is asked for", () => {
  const [found] = weightLoss(viewOf(caseOf(complaint)));
  expect(found).toMatchObject({ status: "undecided", possible: [1, 2, 3], text: "{1, 2, 3}: 2 from 68.0 to 136.1 kg" });
  expect(found?.missing[0]?.input).toBe("Weight before the loss");
});

test("a weight at presentation decides: 80 kg after the loss was 93.6 kg, 14.5 %, grade 2", () => {
  const record = caseOf(complaint);
  record.patient.weight = recorded({ value: 80, unit: "kg" });
  expect(weightLoss(viewOf(record))[0]).toMatchObject({ status: "determined", value: 2 });
  // Taken before the loss, 65 kg lost 20.9 %; after it, 65 + 13.6 = 78.6 kg lost 17.3 %.
  record.patient.weight = recorded({ value: 65, unit: "kg" });
  expect(weightLoss(viewOf(record))[0]?.value).toBe(2);
  expect(weightLoss(viewOf(record, { assume: { "labs/weight-loss/weightIsBefore": true } }))[0]?.value).toBe(3);
});

test("a loss in kilograms is not converted to itself", () => {
  const [found] = weightLoss(viewOf(caseOf({ ...complaint, weightLoss: recorded({ value: 6, unit: "kg" }) } as Entry)));
  expect(found?.brief).toBe("6.0 kg in 6 months; grade 3 up to 30.0 kg");
  expect(found?.because.some((b) => b.text.includes("6 kg is"))).toBe(false);
});
