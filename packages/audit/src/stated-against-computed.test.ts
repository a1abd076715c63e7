import { expect, test } from "vitest";
import { newCase, viewOf, type Finding } from "@hapax/case";
import { statedAgainstComputed } from "./stated-against-computed.ts";

const finding = (more: Partial<Finding>): Finding => ({
  rule: "staging/fnclcc", question: "Grade", status: "determined", text: "G2", brief: "", because: [{ text: "because" }], missing: [], assumptions: [], source: [], ...more,
});

const stated = (more: Partial<Finding>) => statedAgainstComputed(viewOf(newCase("made", "Made", "none")), [finding(more)])[0];

test("a stated value that differs is a contradiction with both places", () => {
  const eqd2 = stated({ rule: "radiobiology/eqd2", subject: "a", text: "68.6 Gy (α/β 3)", status: "contradiction", stated: { text: "70 Gy", agrees: false, from: [{ document: "typed-in", place: "page 3" }] } });
  expect(eqd2).toMatchObject({ status: "contradiction", text: "70 Gy ≠ 68.6 Gy (α/β 3)", subject: "radiobiology/eqd2#a" });
  expect(eqd2?.table?.rows.map((r) => r[1]).join(" | ")).toBe("page 3 | computed by radiobiology/eqd2");
});

test("a value stated as certain, of which more than one is possible, stays undecided", () => {
  expect(stated({ status: "undecided", possible: ["G2", "G3"], text: "{G2, G3}", stated: { text: "G3", agrees: true } })).toMatchObject({ status: "undecided", text: "G3 beside {G2, G3}" });
});

test("where the values are the same and their parts differ, the parts are said", () => {
  const stage = stated({ rule: "staging/ajcc8", text: "IIIB", brief: "retroperitoneum, T3 N1 M0 G1", stated: { text: "T3 N1 M0 G3, IIIB", agrees: false } });
  expect(stage?.text).toBe("T3 N1 M0 G3, IIIB ≠ IIIB: retroperitoneum, T3 N1 M0 G1");
});

test("a stated value that agrees is no finding", () => {
  expect(stated({ stated: { text: "G2", agrees: true } })).toBeUndefined();
});

test("what has a rule of the audit to itself is not told twice", () => {
  expect(stated({ rule: "imaging/comparability", status: "contradiction" })).toBeUndefined();
});
