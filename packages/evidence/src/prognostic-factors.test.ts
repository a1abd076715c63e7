import { expect, test } from "vitest";
import { newCase, parseCase, viewOf, type Finding, type ViewOptions } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { pecomaStudies } from "./pecoma-studies.ts";
import { prognosticFactors } from "./prognostic-factors.ts";

const record = parseCase(leach2025, "case.json");
const at = (options: ViewOptions = {}): Finding => {
  const [found] = prognosticFactors(viewOf(record, options), pecomaStudies);
  if (found === undefined) throw new Error("no finding");
  return found;
};

test("size, necrosis and male sex are present; TFE3 and mitoses are open; N0 is absent", () => {
  const { because, value } = at();
  expect(value).toEqual(["tumor size", "necrosis", "male sex"]);
  const met = Object.fromEntries(because.map((b) => [b.text.split(":")[0], b.met]));
  expect(met).toMatchObject({ "TFE3 over-expression": undefined, "mitotic rate": undefined, "lymph node metastasis": false });
});

test("at T1 there were no nodules to doubt M0; at T2 there were", () => {
  const metastasis = (asOf: string) => at({ asOf }).because.find((b) => b.text.startsWith("metastasis at diagnosis"))?.met;
  expect(metastasis("T1")).toBe(false);
  expect(metastasis("T2")).toBeUndefined();
});

test("a size that the reader tries changes the factor", () => {
  const { because } = at({ suppose: { size: 6 } });
  // 6 cm: above the 5 cm of Bleeker, below the 8 cm of Folpe
  expect(because.find((b) => b.text.startsWith("tumor size"))?.met).toBeUndefined();
});

test("a size between two cuts, and margins of what was not resected, are open and lack nothing", () => {
  const missing = at({ suppose: { size: 6 } }).missing.map((m) => m.input);
  expect(missing).not.toContain("tumor size");
  expect(missing).not.toContain("positive margins");
  expect(missing).toContain("mitotic rate");
});

test("NX is neither a nodal metastasis nor its absence", () => {
  const entries = record.entries.map((e) => (e.kind === "stage" ? { ...e, n: { state: "recorded" as const, value: "NX" } } : e));
  const [found] = prognosticFactors(viewOf({ ...record, entries }), pecomaStudies);
  expect(found?.because.find((b) => b.text.startsWith("lymph node"))).toMatchObject({ text: "lymph node metastasis: NX as stated", met: undefined });
});

test("a tumor without published factors has no such finding", () => {
  expect(prognosticFactors(viewOf(newCase("empty", "Empty", "none")), [])).toEqual([]);
});
