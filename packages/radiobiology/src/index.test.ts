import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { radiobiology } from "./index.ts";
import { count, imrt, palliative, viewWith } from "./leach.fixture.ts";

test("before any radiotherapy there is nothing to say", () => {
  expect(radiobiology(viewWith([]))).toEqual([]);
});

test.prop([fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom("Gy", "cGy", "mGy"), fc.integer({ min: 1, max: 200 }), fc.anything(), fc.string({ minLength: 1, maxLength: 40 })])(
  "any number, unit, name and setting is read or refused, never thrown",
  (value, unit, n, setting, name) => {
    fc.pre(name.trim() !== "");
    // The record lets in doses of 0 or more; assumptions come from outside it and may be anything.
    const dose = Math.abs(value);
    const hostile = {
      ...imrt, fractions: count(n), globalMaximum: count(Math.min(300, Math.abs(value) + 1)),
      volumes: [{ name, dose: { state: "recorded", value: { value: dose, unit } }, statedEqd2: { state: "recorded", value: { value: dose, unit } } }],
      organDoses: [{ organ: name, metric: "Dmax", dose: { state: "recorded", value: { value: dose, unit } } }],
    };
    const assume = { "radiobiology/ledger/recovery": value, "radiobiology/eqd2/alphaBeta": value, "radiobiology/next-course/fractions": value };
    const found = radiobiology(viewWith([hostile, palliativeAfter], { assume, suppose: { "dose/imrt/SpinalCord": setting } }));
    expect(found.length).toBeGreaterThan(5);
    for (const f of found) expect(`${f.text} ${f.brief}`).not.toMatch(/NaN|Infinity|undefined/);
  },
);
const palliativeAfter = { ...palliative, when: { after: [{ of: "imrt" }] } };
