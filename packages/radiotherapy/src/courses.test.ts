import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { courses, radiotherapy } from "./index.ts";
import { boost, count, viewWith } from "./boost.fixture.ts";

test("a course of 30 fractions takes at least 39 days on weekdays", () => {
  const [found] = courses(viewWith(boost));
  expect(found?.value?.shortestDays).toBe(39);
  expect(found?.text).toBe("66 and 54 Gy in 30");
  expect(found?.brief).toBe("given; at least 39 days");
  expect(found?.missing.map((m) => m.input)).toEqual(["intent of IMRT 54 and 66 Gy in 30"]);
});

test("a course declined before it had a dose is a recorded decision, with nothing missing", () => {
  const [found] = courses(viewWith({ ...boost, state: "not performed", volumes: [], fractions: undefined, reason: "risk of myelopathy" }));
  expect([found?.status, found?.text, found?.brief, found?.missing]).toEqual(["determined", "no dose", "considered, not given", []]);
});

test("a course whose completion is not recorded says so and asks for it", () => {
  const [found] = courses(viewWith({ ...boost, state: "completion not recorded" }));
  expect(found?.status).toBe("undecided");
  expect(found?.missing[0]?.input).toBe("completion of IMRT 54 and 66 Gy in 30");
});

test.prop([fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.constantFrom("Gy", "cGy", "mGy"), fc.integer({ min: 1, max: 200 })])(
  "any dose in any unit of dose is read or refused, never thrown",
  (value, unit, n) => {
    const view = viewWith({ ...boost, fractions: count(n), volumes: [{ name: "PTV", dose: { state: "recorded", value: { value, unit } } }] });
    expect(radiotherapy(view)).toHaveLength(2);
  },
);
