import { expect, test } from "vitest";
import { parseCase, viewOf, type Finding } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { pecomaStudies } from "./pecoma-studies.ts";
import { treatmentFacts } from "./treatment-facts.ts";

const found = treatmentFacts(viewOf(parseCase(leach2025, "case.json")), pecomaStudies)[0] as Finding;

test("pazopanib was planned, and its class is in the library", () => {
  const { because } = found;
  expect(because.find((b) => b.text.startsWith("pazopanib"))?.text).toMatch(/planned, not given.*Sanfilippo 2019/);
});

test("temsirolimus and nab-sirolimus do not count as sirolimus; they are of its class", () => {
  const sirolimus = found.because.find((b) => b.text.startsWith("sirolimus"))?.text ?? "";
  const [own = "", others = ""] = sirolimus.split("others of its class");
  expect(own).not.toMatch(/reference 72|Wagner 2021/);
  expect(others).toMatch(/Wagner 2021.*reference 72/);
});

test("PD-L1 and TFE3 would decide what concerns this tumor", () => {
  const { missing } = found;
  expect(missing.find((m) => m.input === "PD-L1")?.state).toBe("not performed");
  expect(missing.find((m) => m.input === "TFE3")?.state).toBe("not recorded");
});
