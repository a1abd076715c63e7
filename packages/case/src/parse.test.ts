import { readFileSync } from "node:fs";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { HapaxError } from "@hapax/base";
import { caseJsonSchema, known, migrate, newCase, parseCase, schemaVersion, stateOf, type Fact } from "./index.ts";

const empty = newCase("x", "X", "pecoma");

test("an empty case is a case, and parsing it changes nothing", () => {
  expect(parseCase(structuredClone(empty), "test")).toEqual(empty);
});

test("every problem of a record is named, with its place", () => {
  const bad = { ...empty, entries: [{ id: "a", kind: "lab", analyte: 3 }, { id: "b", kind: "measurement", lesion: "c", method: "CT", diameters: [{ value: 1, unit: "banana" }] }] };
  try {
    parseCase(bad, "case.json");
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(HapaxError);
    const places = (error as HapaxError).problems.map((p) => p.what).join("\n");
    expect(places).toContain("entries.0.analyte");
    expect(places).toContain("entries.1.diameters.0.unit");
  }
});

test("an id used twice and a reference that leads nowhere are refused", () => {
  const lab = { id: "a", kind: "lab", analyte: "hemoglobin" };
  expect(() => parseCase({ ...empty, entries: [lab, lab] }, "t")).toThrow(/used twice/);
  expect(() => parseCase({ ...empty, entries: [{ ...lab, from: [{ document: "nowhere", place: "p" }] }] }, "t")).toThrow(/nowhere/);
});

test("a NaN is no value", () => {
  expect(() => parseCase({ ...empty, patient: { age: { state: "recorded", value: { value: Number.NaN, unit: "a" } } } }, "t")).toThrow(HapaxError);
});

test("a record of the draft version arrives in the present one", () => {
  const draft = { ...empty, version: 0, entries: [{ id: "a", kind: "procedure", what: "endoscopy", status: "not performed" }] };
  expect(parseCase(draft, "t").entries[0]?.state).toBe("not performed");
  expect(parseCase(draft, "t").version).toBe(schemaVersion);
});

test("a record of a later version is refused and not guessed at", () => {
  expect(() => migrate({ ...empty, version: 99 }, "t")).toThrow(/99/);
});

test("only a recorded fact has a value", () => {
  const doubtful: Fact<number> = { state: "uncertain", value: 3 };
  expect(known(doubtful)).toBeUndefined();
  expect(known({ state: "recorded", value: 3 })).toBe(3);
  expect(stateOf(undefined)).toBe("not recorded");
});

test.prop([fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true })])("whatever comes in, the answer is a record or a HapaxError", (value) => {
  try {
    parseCase(value, "t");
  } catch (error) {
    expect(error).toBeInstanceOf(HapaxError);
  }
});

test("the committed JSON Schema is the one that the types give", () => {
  const file = readFileSync(new URL("../case.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(caseJsonSchema())));
});
