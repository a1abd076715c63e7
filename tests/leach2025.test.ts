import { beforeAll, describe, expect, test } from "vitest";
import type { CaseRecord, Finding } from "@hapax/case";
import { openCase } from "@hapax/files";
import { workup, type Workup } from "@hapax/workup";

/** The yardstick: what the tumor board of the Leach case must read, from the record as the report gives it. */
let record: CaseRecord;
let whole: Workup;

beforeAll(async () => {
  record = await openCase(new URL("../cases/leach2025", import.meta.url).pathname);
  whole = workup(record);
});

const of = (rule: string, subject?: string): Finding => {
  const found = whole.findings.find((f) => f.rule === rule && (subject === undefined || f.subject === subject));
  if (found === undefined) throw new Error(`no finding ${rule} ${subject ?? ""}`);
  return found;
};

describe("pathology", () => {
  test("Folpe and WHO soft tissue are malignant on size and necrosis alone", () => {
    for (const rule of ["pathology/folpe2005", "pathology/who-soft-tissue-2020"]) {
      expect(of(rule)).toMatchObject({ status: "determined", value: "malignant" });
    }
  });

  test("Bleeker waits for the mitoses", () => {
    expect(of("pathology/bleeker2012").status).toBe("undecided");
    expect(of("pathology/bleeker2012").missing.map((m) => m.input.toLowerCase()).join()).toContain("mitotic count");
  });

  test("the gynecologic schemes are out of scope and PEC-PRO is not applicable", () => {
    for (const rule of ["pathology/schoolmeester2014", "pathology/bennett2018", "pathology/who-gynecologic-2020", "pathology/garzon2022"]) {
      expect(of(rule).status).toBe("out of scope");
    }
    expect(of("pathology/pec-pro").status).toBe("not applicable");
  });
});

describe("stage and grade", () => {
  test("IIIB holds under trunk and M0; IV and no group stand beside it", () => {
    const stage = of("staging/ajcc8");
    expect(stage.value).toBe("IIIB");
    expect(stage.possible).toEqual(expect.arrayContaining(["IIIB", "IV", "no group"]));
    expect(stage.stated?.agrees).toBe(true);
  });

  test("the grade is G2 or G3", () => {
    expect(of("staging/fnclcc").possible).toEqual(["G2", "G3"]);
  });
});

describe("response", () => {
  test("stable, then progressive, then progressive on sirolimus", () => {
    // sums 20.5, 21.6 (+5.4 %), 29.7 (+44.9 %), 30.0 cm (+46.3 %)
    expect(of("imaging/recist11", "sirolimus").value).toEqual(["SD", "PD", "PD"]);
  });
});

describe("dose", () => {
  test("66 Gy in 30 is 68.64 at α/β 3 and 67.10 at 10, and 70 only at 1.30", () => {
    const { value, status } = of("radiobiology/eqd2", "imrt-sib/PTV_High");
    const { eqd2, impliedAlphaBeta } = value as { eqd2: Record<string, number>; impliedAlphaBeta: number };
    expect(eqd2["3"]).toBeCloseTo(68.64, 6); // 66 (2.2 + 3) / (2 + 3)
    expect(eqd2["10"]).toBeCloseTo(67.1, 6); // 66 (2.2 + 10) / (2 + 10)
    expect(impliedAlphaBeta).toBeCloseTo(1.3, 6); // 66 (2.2 + x) / (2 + x) = 70
    expect(status).toBe("contradiction");
  });

  test("39 Gy in 30 is EQD2 32.175 to the cord", () => {
    // 39 (1.3 + 2) / (2 + 2)
    expect(JSON.stringify(of("radiobiology/organ-dose").value)).toContain("32.175");
  });

  test("26.3 Gy in 20 are left under 54, and nothing if 20 in 5 reached the cord in full", () => {
    const next = of("radiobiology/next-course", "SpinalCord");
    expect(next.text).toContain("26.3 Gy");
    expect(JSON.stringify(next)).toContain("62.2"); // 32.175 + 30 = 62.175
  });
});

test("a typical trough at 4 mg of sirolimus is 7.9 to 8.0 ng/mL, and 30.6 is outside the model", () => {
  const trough = of("systemic/sirolimus-typical").value as number;
  expect(trough).toBeGreaterThanOrEqual(7.9);
  expect(trough).toBeLessThanOrEqual(8.0);
  expect(of("systemic/sirolimus-level").text).toMatch(/outside/i);
});

describe("known up to a time point", () => {
  const at = (asOf: string) => workup(record, { asOf });
  const find = (w: Workup, rule: string, subject?: string) =>
    w.findings.find((f) => f.rule === rule && (subject === undefined || f.subject === subject));

  test("the M status changes with what was seen", () => {
    const m = (asOf: string) => JSON.stringify(find(at(asOf), "staging/metastasis")?.possible ?? find(at(asOf), "staging/metastasis")?.value);
    expect(m("T1")).not.toContain("M1");
    expect(m("T2")).toContain("M1");
    expect(m("T2")).toContain("M0");
    expect(m("T5")).toContain("M1");
    expect(m("T5")).not.toContain("M0");
  });

  test("the response is stable at T3 and progressive at T4", () => {
    expect(find(at("T3"), "imaging/recist11", "sirolimus")?.value).toEqual(["SD"]);
    expect(find(at("T4"), "imaging/recist11", "sirolimus")?.value).toEqual(["SD", "PD"]);
  });

  test("the stage has no lung nodules to doubt at T1", () => {
    expect(JSON.stringify(find(at("T1"), "staging/ajcc8")?.because)).not.toContain("nodule");
    expect(JSON.stringify(find(at("T2"), "staging/ajcc8"))).toContain("nodule");
  });

  test("no finding at a time point speaks of an entry that was not known then", () => {
    for (const { id } of record.timePoints) {
      const { view, findings } = at(id);
      const known = new Set([...view.record.entries.map((e) => e.id), ...view.record.timePoints.map((t) => t.id)]);
      for (const f of findings) {
        for (const entry of f.because.flatMap((b) => b.entries ?? [])) expect(known, `${id}: ${f.rule}`).toContain(entry);
      }
    }
  });
});

test("every finding says why, from where, and what it says in words", () => {
  for (const f of whole.findings) {
    expect(f.text, f.rule).not.toMatch(/undefined|NaN|null|\[object/);
    expect(f.brief, f.rule).not.toMatch(/undefined|NaN|null|\[object/);
    expect(f.text.length, f.rule).toBeGreaterThan(0);
    expect(f.because.length + f.missing.length, f.rule).toBeGreaterThan(0);
    // What is merely as recorded has the record for its source.
    const entries = f.because.flatMap((b) => b.entries ?? []);
    expect(f.source.length + entries.length, f.rule).toBeGreaterThan(0);
  }
});

test("every finding's rule is in the table of rules", async () => {
  const { rules } = await import("@hapax/workup");
  const ids = new Set(rules.map((r) => r.id));
  for (const f of whole.findings) expect(ids).toContain(f.rule);
});
