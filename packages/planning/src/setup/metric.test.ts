import { expect, test } from "vitest";
import { constraints } from "@hapax/radiotherapy";
import { metricAsked, unitOf } from "./metric.ts";

test("every metric of the published limits can be read", () => {
  for (const { metric } of constraints) expect(() => metricAsked(metric), metric).not.toThrow();
});

test("a metric says what it asks for, and its unit stands in its brackets", () => {
  expect(metricAsked("D95%[Gy]")).toEqual({ kind: "dose", to: "share", part: 0.95 });
  expect(metricAsked("D0.03cc[Gy]")).toEqual({ kind: "dose", to: "cc", part: 0.03 });
  expect(metricAsked("V20Gy[%]")).toEqual({ kind: "volume", gy: 20, in: "%" });
  expect(metricAsked("CV12.5Gy[cc]")).toEqual({ kind: "spared", gy: 12.5 });
  expect(["D95%[Gy]", "V20Gy[%]", "V15Gy[cc]"].map(unitOf)).toEqual(["Gy", "%", "cc"]);
});

test.each(["Dmax", "D95[Gy]", "V20[%]", "D5%[%]", "V20Gy[Gy]", "D1.2.3cc[Gy]", ""])("%j is no metric", (metric) => {
  expect(() => metricAsked(metric)).toThrow(expect.objectContaining({ code: "planning/metric" }));
});
