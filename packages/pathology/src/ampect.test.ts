import { expect, test } from "vitest";
import { ampect } from "./ampect.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

test("marked atypia with mitotic activity meets the trial definition", () => {
  expect(ampect(caseC).value).toBe("meets the trial definition");
  expect(ampect({ ...caseB, mitoses: { count: 2, hpf: 50 } }).value).toBe("does not meet the trial definition");
  expect(ampect({ ...caseC, mitoses: { count: 0, hpf: 50 } }).value).toBe("does not meet the trial definition");
});

test("neither is recorded of A", () => {
  expect(ampect(caseA).status).toBe("not recorded");
});

test("atypical mitoses are mitotic activity, counted or not", () => {
  expect(ampect({ nuclearGrade: "high", atypicalMitoses: true }).value).toBe("meets the trial definition");
});

test("pleomorphism counts as marked atypia, and its absence does not stand for a grade", () => {
  expect(ampect({ pleomorphismOnly: true, mitoses: { count: 1, hpf: 50 } }).value).toBe("meets the trial definition");
  expect(ampect({ pleomorphismOnly: false, mitoses: { count: 1, hpf: 50 } }).status).toBe("undecided");
});
