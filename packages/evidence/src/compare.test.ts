import { test, fc } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { EntryOf, Study } from "@hapax/case";
import { compareClaim } from "./compare.ts";

const claim = (more: Partial<EntryOf<"claim">> = {}): EntryOf<"claim"> => ({
  kind: "claim", id: "c", state: "recorded", reference: "1", topic: "Topic", says: "It works.", reading: "works", study: { state: "recorded", value: "a" }, ...more,
});
const study = (more: Partial<Study> = {}): Study => ({
  key: "a", design: "series", population: "this tumor", directness: "this tumor", checked: "read", results: [{ topic: "Topic", says: "It works.", reading: "works" }], ...more,
});
const kinds = (c: EntryOf<"claim">, ...studies: Study[]) => compareClaim(c, studies).differences.map((d) => d.kind);

describe("a claim held against its source", () => {
  test("agrees where the readings are the same", () => {
    expect(kinds(claim(), study())).toEqual([]);
  });

  test("differs in its reading", () => {
    expect(kinds(claim(), study({ results: [{ topic: "Topic", says: "It fails.", reading: "fails" }] }))).toEqual(["reading"]);
  });

  test("meets a source that contradicts itself", () => {
    const both = study({ results: [{ topic: "Topic", says: "It works.", reading: "works" }, { topic: "Topic", says: "It is stable.", reading: "stable" }] });
    expect(kinds(claim(), both)).toEqual(["source against itself"]);
  });

  test("is indirect where the source is about other tumors", () => {
    expect(kinds(claim(), study({ directness: "other tumors", population: "any sarcoma" }))).toEqual(["directness"]);
  });

  test("drops a qualifier, unless it names it", () => {
    const source = study({ results: [{ topic: "Topic", says: "It works in mice.", reading: "works", qualifier: "in mice" }] });
    expect(kinds(claim(), source)).toEqual(["qualifier"]);
    expect(kinds(claim({ says: "It works in mice." }), source)).toEqual([]);
  });

  test("compares figures across units and tells another figure", () => {
    const source = study({ results: [{ topic: "Topic", says: "", reading: "works", figures: [{ name: "size", quantity: { value: 50, unit: "mm" } }] }] });
    const of = (value: number) => claim({ figures: [{ name: "size", quantity: { value, unit: "cm" } }] });
    expect(kinds(of(5), source)).toEqual([]);
    expect(kinds(of(5.1), source)).toEqual(["figure"]);
  });

  test("stands beside one patient who fared otherwise, and against a series that did", () => {
    const other = (n: number) => study({ key: "b", n, results: [{ topic: "Topic", says: "It fails.", reading: "fails" }] });
    expect(kinds(claim(), study(), other(1))).toEqual([]);
    expect(kinds(claim(), study(), other(30))).toEqual(["another source"]);
    expect(compareClaim(claim(), [study(), other(1)]).beside).toHaveLength(1);
  });

  test("is compared with nothing where the source was not found", () => {
    const unknown = claim({ study: { state: "not recorded" } });
    expect(compareClaim(unknown, [study({ checked: "unresolved" })])).toMatchObject({ study: undefined, differences: [] });
  });
});

test.prop([fc.array(fc.constantFrom("works", "fails", "stable"), { maxLength: 5 }), fc.constantFrom("works", "fails", "stable")])(
  "a claim agrees with its source only where every result on the topic reads the same",
  (readings, reading) => {
    const source = study({ results: readings.map((r) => ({ topic: "Topic", says: r, reading: r })) });
    expect(kinds(claim({ reading }), source).length === 0).toBe(readings.every((r) => r === reading));
  },
);
