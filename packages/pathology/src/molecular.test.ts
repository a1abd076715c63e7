import { newCase, parseCase, viewOf, type Finding } from "@hapax/case";
import { expect, test } from "vitest";
import { molecular } from "./molecular.ts";

const withEntries = (...entries: object[]) => {
  const view = viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries: entries.map((e, i) => ({ id: `e${i}`, ...e })) }, "test"));
  return Object.fromEntries(molecular(view).map((f): [string, Finding] => [f.subject ?? "", f]));
};

test("TFE3 not reported, TSC not mentioned, PD-L1 not tested: three findings, each with what it would change", () => {
  const found = withEntries(
    { kind: "stain", marker: "TFE3", state: "not recorded", result: { state: "not recorded" } },
    { kind: "stain", marker: "PD-L1", state: "not performed", result: { state: "not performed" } },
  );
  expect(found["tfe3"]).toMatchObject({ status: "not recorded", text: "not recorded" });
  expect(found["tsc"]).toMatchObject({ status: "not recorded", text: "not recorded" });
  expect(found["pd-l1"]).toMatchObject({ status: "not recorded", text: "not performed" });
  expect(found["pd-l1"]?.missing[0]?.state).toBe("not performed");
  for (const finding of Object.values(found)) expect(finding.because.some((r) => r.text.startsWith("it would not change"))).toBe(true);
});

test("an altered TSC2 beside a TSC1 that is not altered is altered, not a contradiction", () => {
  const found = withEntries(
    { kind: "molecular", gene: "TSC2", result: { state: "recorded", value: "altered" } },
    { kind: "molecular", gene: "TSC1", result: { state: "recorded", value: "not altered" } },
  );
  expect(found["tsc"]).toMatchObject({ status: "determined", value: "altered" });
});

test("a TFE3 stain and a TFE3 test that differ contradict each other", () => {
  const found = withEntries(
    { kind: "stain", marker: "TFE3", result: { state: "recorded", value: "positive" } },
    { kind: "molecular", gene: "TFE3", result: { state: "recorded", value: "not altered" } },
  );
  expect(found["tfe3"]?.status).toBe("contradiction");
});

test("cathepsin K is named where TFE3 is not known", () => {
  const found = withEntries({ kind: "stain", marker: "cathepsin K", result: { state: "recorded", value: "positive" } });
  expect(found["tfe3"]?.because.some((r) => r.text.startsWith("cathepsin K is positive"))).toBe(true);
});
