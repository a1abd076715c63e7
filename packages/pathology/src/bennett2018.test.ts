import { expect, test } from "vitest";
import { bennett2018 } from "./bennett2018.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

test("A is not gynecologic: out of scope; if it were uterine, one more feature would decide", () => {
  expect(bennett2018(caseA).status).toBe("out of scope");
  const forced = bennett2018({ ...caseA, siteGroup: "uterus" });
  expect(forced.possible).toEqual(["not malignant", "malignant"]);
  expect(bennett2018({ ...caseA, siteGroup: "uterus", lymphovascularInvasion: true }).value).toBe("malignant");
});

test("B is not malignant, C with three features is: the tumor on which Bennett and Schoolmeester differ", () => {
  expect(bennett2018(caseB)).toMatchObject({ value: "not malignant", text: "not malignant (uncertain malignant potential)" });
  expect(bennett2018(caseC)).toMatchObject({ status: "determined", value: "malignant" });
});

test("outside the uterus it says that its series was uterine", () => {
  expect(bennett2018({ ...caseC, siteGroup: "other gynecologic" }).caveats).toContain("the series of 32 tumors was uterine");
});
