import { expect, test } from "vitest";
import { finding, imrt } from "./leach.fixture.ts";

test("a single course is no re-irradiation", () => {
  expect(finding("radiobiology/nieder", {}, [imrt])?.status).toBe("not applicable");
  expect(finding("radiobiology/reirradiation-type", {}, [imrt])?.status).toBe("not applicable");
});

test("without dose distributions types 1 and 2 remain; without concern, 1 and the repeats", () => {
  expect(finding("radiobiology/reirradiation-type")?.possible).toEqual(["type 1", "type 2"]);
  const unconcerned = { assume: { "radiobiology/reirradiation-type/concern": false } };
  expect(finding("radiobiology/reirradiation-type", unconcerned)?.possible).toEqual(["type 1", "repeat organ irradiation", "repeat irradiation"]);
});
