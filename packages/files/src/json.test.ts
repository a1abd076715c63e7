import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { HapaxError } from "@hapax/base";
import { newCase } from "@hapax/case";
import { maxCaseBytes, parseCaseText, parseJson, printJson } from "./text.ts";

const refusal = (text: string): HapaxError => {
  try {
    parseJson(text, "case.json");
  } catch (error) {
    if (error instanceof HapaxError) return error;
    throw error;
  }
  throw new Error(`${text.slice(0, 60)} was read`);
};

const keys = fc.string().filter((k) => !["__proto__", "constructor", "prototype"].includes(k) && !k.includes("\0"));
const texts = fc.string({ unit: "grapheme" }).filter((t) => !t.includes("\0"));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
    texts,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test.prop([json])("what is printed is read back equal, and a second print is the same text", (value) => {
  const text = printJson(value);
  expect(parseJson(text, "t")).toEqual(value);
  expect(printJson(parseJson(text, "t"))).toBe(text);
});

test.prop([json, fc.nat(3)])("it reads what JSON.parse reads, with any white space", (value, spaces) => {
  expect(parseJson(` \n${JSON.stringify(value, null, spaces)}\t`, "t")).toEqual(JSON.parse(JSON.stringify(value)));
});

test.prop([fc.string()])("whatever comes in, the answer is a value or a HapaxError, never more lenient than JSON.parse", (text) => {
  let value: unknown;
  try {
    value = parseJson(text, "t");
  } catch (error) {
    expect(error).toBeInstanceOf(HapaxError);
    return;
  }
  expect(value).toEqual(JSON.parse(text));
});

test.prop([json, fc.nat(), fc.string({ maxLength: 3 })])("a damaged document is a HapaxError or still JSON", (value, at, noise) => {
  const text = printJson(value);
  const place = at % text.length;
  const damaged = text.slice(0, place) + noise + text.slice(place + 1);
  try {
    parseJson(damaged, "t");
    JSON.parse(damaged);
  } catch (error) {
    expect(error).toBeInstanceOf(HapaxError);
  }
});

test("a key given twice is refused with both lines", () => {
  const error = refusal('{\n  "mitoses": 0,\n  "size": 4,\n  "mitoses": 3\n}');
  expect(error.code).toBe("files/json");
  expect(error.what).toBe('case.json:4:3: the key "mitoses" is given twice; first in line 2.');
});

test("two spellings of one key are one key", () => {
  expect(refusal('{ "size": 1, "s\\u0069ze": 2 }').what).toContain("given twice");
});

test.each(["__proto__", "constructor", "prototype"])("the key %s is refused and reaches no prototype", (key) => {
  expect(refusal(`{ "a": { "${key}": { "polluted": true } } }`).what).toContain(key);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("NaN, infinities and numbers beyond a double are no values", () => {
  for (const text of ["NaN", "[Infinity]", '{"a":-Infinity}', "1e400", "[-1e999]", "01", "+1", ".5", "1.", "0x10"]) {
    expect(refusal(text).code).toBe("files/json");
  }
});

test("half of a surrogate pair and a NUL are refused, a whole pair is read", () => {
  expect(refusal('"\\ud83d"').what).toContain("surrogate");
  expect(refusal('"a\\u0000b"').what).toContain("NUL");
  expect(parseJson('"\\ud83e\\udde0"', "t")).toBe("🧠");
});

test("nesting deeper than any record is refused and does not exhaust the stack", () => {
  expect(refusal("[".repeat(100_000)).what).toContain("nested");
  expect(refusal('{"a":'.repeat(100_000)).what).toContain("nested");
});

test("every key that is refused is named at once", () => {
  const error = refusal('{ "a": 1, "a": 2,\n "b": 1, "b": 2 }');
  expect(error.problems.map((p) => /\d+:\d+/.exec(p.what)?.[0])).toEqual(["1:11", "2:10"]);
});

test("a byte order mark is not a part of the document", () => {
  expect(parseJson("\ufeff[1]", "t")).toEqual([1]);
});

test("a syntax error says where and what was met", () => {
  expect(refusal('{\n  "a": 1\n  "b": 2\n}').what).toBe('case.json:3:3: "\\"b\\": 2\\n}" stands where a comma or } should be.');
});

test("a case larger than any is refused before it is read, in no time", () => {
  const huge = `{"schema":"hapax/case","x":"${"x".repeat(50 * 1024 * 1024)}"}`;
  const start = performance.now();
  expect(() => parseCaseText(huge, "huge.json")).toThrow(/files\/too-large .*50\.0 MiB.*32 MiB/);
  expect(performance.now() - start).toBeLessThan(100);
  expect(huge.length).toBeGreaterThan(maxCaseBytes);
});

test("script and formulas in names stay text", () => {
  const record = { ...newCase("x", "<script>alert(1)</script>", "pecoma"), title: "=cmd|' /C calc'!A0" };
  expect(parseCaseText(printJson(record), "t")).toEqual(record);
});

test("small things stand in one line, so that a change is a small difference", () => {
  const record = newCase("x", "X", "pecoma");
  const lines = (value: unknown) => printJson(value).split("\n");
  const before = lines(record);
  const after = lines({ ...record, patient: { sex: { state: "recorded", value: "male" } } });
  expect(before.filter((l) => !after.includes(l))).toHaveLength(1);
  expect(before).toContain('  "timePoints": [{ "id": "T1", "label": "Diagnosis" }],');
});
