import { expect, test } from "vitest";
import { parseCase, viewOf } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { metastasis } from "./metastasis.ts";

const record = parseCase(leach2025, "case.json");
const at = (asOf?: string) => metastasis(viewOf(record, { asOf }))[0];

test("M0, with pulmonary metastasis in the title, a multifocal tumor and three nodules", () => {
  const m0 = at();
  expect(m0?.status).toBe("contradiction");
  const says = m0?.table?.rows.map((r) => r[0]).join(" | ");
  for (const words of ["M0", "pulmonary metastasis", "multifocal", "three pulmonary nodules"]) expect(says).toContain(words);
  expect(m0?.table?.rows.map((r) => r[1]).join()).toContain("Title");
});

test("M0 is open at T2, where the nodules are in doubt, and contradicted at T5", () => {
  expect(at("T1")?.text).toBe("M0 beside multifocal");
  expect(at("T2")).toMatchObject({ status: "undecided", text: "M0 beside three pulmonary nodules, equivocal" });
  expect(at("T5")?.status).toBe("contradiction");
});
