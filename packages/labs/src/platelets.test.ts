import { expect, test } from "vitest";
import { viewOf } from "@hapax/case";
import { caseOf, lab } from "./blood.fixture.ts";
import { thrombocytosis } from "./platelets.ts";

test("563 000 per µL is thrombocytosis in any unit, and does not discriminate", () => {
  for (const [value, unit] of [[563_000, "/uL"], [563, "10*3/uL"], [563, "10*9/L"]] as const) {
    expect(thrombocytosis(viewOf(caseOf(lab("p", "platelets", value, unit))))[0]).toMatchObject({ value: true, text: "Yes, not discriminating" });
  }
});

test("450 is not above 450", () => {
  expect(thrombocytosis(viewOf(caseOf(lab("p", "PLT", 450, "10*9/L"))))[0]?.value).toBe(false);
});
