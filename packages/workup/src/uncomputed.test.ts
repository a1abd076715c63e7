import { expect, test } from "vitest";
import { HapaxError } from "@hapax/base";
import { newCase, type TumorProfile } from "@hapax/case";
import { tumors, workup } from "./index.ts";

const [pecoma] = tumors as [TumorProfile];
const failing = (error: Error): TumorProfile => ({
  ...pecoma,
  findings: () => {
    throw error;
  },
});
const record = newCase("x", "X", "pecoma");

test("a part that cannot be read says so and takes nothing else away", () => {
  const { findings } = workup(record, { tumors: [failing(new HapaxError("base/unit", "2 kg is no length.", "Give cm."))] });
  expect(findings.find((f) => f.rule === "workup/uncomputed")?.text).toBe("2 kg is no length.");
  expect(findings.some((f) => f.rule === "staging/ajcc8")).toBe(true);
});

test("a fault of the program does not pass for a property of the case", () => {
  expect(() => workup(record, { tumors: [failing(new TypeError("not a function"))] })).toThrow(TypeError);
});
