import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { recorded, viewOf, type Entry } from "@hapax/case";
import { metabolicResponse, percist10 } from "./percist10.ts";
import { caseOf } from "./two-masses.fixture.ts";

const pet = (id: string, point: string, sulPeak?: number, liverSul?: number): Entry => ({
  kind: "imaging", id, modality: "PET/CT", region: "whole body", state: "recorded", when: { at: point },
  ...(sulPeak === undefined ? {} : { sulPeak: recorded(sulPeak) }), ...(liverSul === undefined ? {} : { liverSul: recorded(liverSul) }),
});

test("a fall needs 30 % and 0.8 SUL, a rise more than both", () => {
  expect(metabolicResponse(10, 7)).toBe("PMR");
  expect(metabolicResponse(2, 1.3)).toBe("SMD"); // −35 %, −0.7 SUL
  expect(metabolicResponse(10, 7.5)).toBe("SMD"); // −25 %
  expect(metabolicResponse(10, 13)).toBe("SMD"); // +30 %, not more
  expect(metabolicResponse(10, 13.1)).toBe("PMD");
});

const sul = fc.double({ min: 0.5, max: 40, noNaN: true });
test.prop([sul, sul, fc.double({ min: 0, max: 10, noNaN: true })])("more uptake never makes a better response", (baseline, now, more) => {
  const order = ["PMR", "SMD", "PMD"];
  expect(order.indexOf(metabolicResponse(baseline, now + more))).toBeGreaterThanOrEqual(order.indexOf(metabolicResponse(baseline, now)));
});

test("one PET/CT in words is not evaluable and names what is missing", () => {
  const [found] = percist10(viewOf(caseOf(["T1"], [pet("p", "T1")])));
  expect(found).toMatchObject({ status: "not recorded", text: "not evaluable" });
  expect(found?.missing.map((m) => m.input)).toEqual(["SULpeak of the hottest lesion, PET/CT T1", "SUL of the liver, PET/CT T1", "A second PET/CT"]);
});

test("two scans alike give an answer, two with livers apart do not", () => {
  expect(percist10(viewOf(caseOf(["T1", "T2"], [pet("p", "T1", 10, 1.5), pet("q", "T2", 6, 1.6)])))[0]?.value).toBe("PMR");
  expect(percist10(viewOf(caseOf(["T1", "T2"], [pet("p", "T1", 10, 1.5), pet("q", "T2", 6, 2.2)])))[0]?.status).toBe("not applicable");
});

test("a baseline below 1.5 times the liver is not evaluable, whatever its standard deviation", () => {
  // 1.5 × 2.0 = 3.0
  const [found] = percist10(viewOf(caseOf(["T1", "T2"], [pet("p", "T1", 2.9, 2), pet("q", "T2", 1.5, 2)])));
  expect(found).toMatchObject({ status: "not applicable", text: "not evaluable", brief: "Baseline SULpeak 2.9 is below 1.5 times the liver" });
});

test("a case without PET/CT has no such answer", () => {
  expect(percist10(viewOf(caseOf(["T1"], [])))).toEqual([]);
});
