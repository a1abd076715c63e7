import { expect, test } from "vitest";
import { caseA, caseB, caseC } from "./worked-cases.ts";
import { whoGynecologic2020 } from "./who-gynecologic-2020.ts";

test("A is out of scope, B not malignant, C malignant by three features", () => {
  expect(whoGynecologic2020(caseA).status).toBe("out of scope");
  expect(whoGynecologic2020(caseB).value).toBe("not malignant");
  expect(whoGynecologic2020(caseC).value).toBe("malignant");
});
