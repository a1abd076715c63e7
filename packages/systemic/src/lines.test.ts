import { expect, test } from "vitest";
import { viewOf } from "@hapax/case";
import { lines } from "./lines.ts";
import { caseOf, drug, sirolimusCase } from "./sirolimus-case.fixture.ts";

const pazopanib = drug("pazopanib", { purpose: "antitumor", line: 2, state: "planned, not given", reason: "Intubated", plannedLength: { state: "recorded", value: { value: 6, unit: "wk" } } });

test("one line given with its doses and why they changed, one planned and why it was not given", () => {
  const [found] = lines(viewOf(sirolimusCase(pazopanib)));
  expect(found).toMatchObject({ value: 1, text: "1 given, 1 not", brief: "sirolimus 4 mg daily → 2 mg daily; pazopanib planned, not given" });
  expect(found?.table?.rows).toEqual([
    ["1", "sirolimus", "given", "4 mg daily, after T1; 2 mg daily, after T2 (supratherapeutic level)", "end not recorded"],
    ["2", "pazopanib", "planned, not given", "planned for 6 weeks", "Intubated"],
  ]);
});

test("as of T2 the dose had not been changed", () => {
  expect(lines(viewOf(sirolimusCase(), { asOf: "T2" }))[0]?.brief).toBe("sirolimus 4 mg daily");
});

test("two drugs of one line are one line", () => {
  expect(lines(viewOf(caseOf(drug("doxorubicin", { purpose: "antitumor", line: 1 }), drug("ifosfamide", { purpose: "antitumor", line: 1 }))))[0]?.value).toBe(1);
});

test("supportive drugs are no line", () => {
  expect(lines(viewOf(caseOf(drug("pantoprazole"))))).toEqual([]);
});
