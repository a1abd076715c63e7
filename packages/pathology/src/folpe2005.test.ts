import { test as property, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { folpe2005, otherSet } from "./folpe2005.ts";
import type { Pecoma } from "./pecoma.ts";
import { caseA, caseB, caseC } from "./worked-cases.ts";

const asQuoted = (a: { key: string; value: unknown }) => ({ ...a, value: "folpe.as-quoted-2014" }) as never;
const none: Pecoma = { ...caseB, siteGroup: "other" };

test("A: two features of six recorded are enough for malignant, whatever the other four are", () => {
  const finding = folpe2005(caseA);
  expect(finding).toMatchObject({ status: "determined", value: "malignant", missing: [] });
  expect(finding.because.some((r) => r.text.includes("so 2 to 6"))).toBe(true);
});

test("B has no feature and is benign; C has size, grade and mitoses and is malignant", () => {
  expect(folpe2005(caseB)).toMatchObject({ status: "determined", value: "benign" });
  expect(folpe2005(caseC)).toMatchObject({ status: "determined", value: "malignant" });
});

test("a published pair of the kidney: 4 cm without criteria is benign, 5.5 cm with infiltration malignant", () => {
  expect(folpe2005({ ...none, size: { value: 4, unit: "cm" } }).value).toBe("benign");
  expect(folpe2005({ ...none, size: { value: 5.5, unit: "cm" }, infiltrative: true }).value).toBe("malignant");
});

test("size alone and pleomorphism alone are of uncertain malignant potential", () => {
  expect(folpe2005({ ...none, size: { value: 7, unit: "cm" } }).value).toBe("uncertain malignant potential");
  expect(folpe2005({ ...none, pleomorphismOnly: true }).value).toBe("uncertain malignant potential");
});

test("one feature that is not size is not covered by the published rule", () => {
  for (const feature of [{ necrosis: true }, { infiltrative: true }, { lymphovascularInvasion: true }, { mitoses: { count: 4, hpf: 50 } }]) {
    expect(folpe2005({ ...none, ...feature }).value).toBe("unclassified (one feature, not size)");
  }
});

test("high grade without high cellularity is not the feature", () => {
  expect(folpe2005({ ...none, nuclearGrade: "high" }).value).toBe("benign");
  expect(folpe2005({ ...none, nuclearGrade: "high", highCellularity: true }).value).toBe("unclassified (one feature, not size)");
  // intermediate decides it without cellularity
  expect(folpe2005({ ...none, nuclearGrade: "intermediate", highCellularity: undefined }).status).toBe("determined");
});

test("with only the size recorded, every further feature decides", () => {
  const finding = folpe2005({ size: { value: 7, unit: "cm" } });
  expect(finding.status).toBe("undecided");
  expect(finding.possible).toEqual(["uncertain malignant potential", "malignant"]);
  expect(finding.missing.map((m) => m.input)).toEqual(["Infiltrative growth", "Nuclear grade and cellularity", "Mitotic count", "Necrosis", "Vascular invasion"]);
});

test("nothing recorded is not recorded, and all classes stay possible", () => {
  const finding = folpe2005({});
  expect(finding.status).toBe("not recorded");
  expect(finding.possible).toHaveLength(4);
});

test("exactly 5.0 cm and exactly 1 per 50 lie on a cut: flagged, and the two printed comparator sets differ", () => {
  const onCut: Pecoma = { ...none, size: { value: 50, unit: "mm" }, mitoses: { count: 1, hpf: 50 } };
  const original = folpe2005(onCut);
  expect(original.value).toBe("benign");
  expect(original.caveats?.filter((c) => c.startsWith("boundary"))).toHaveLength(2);
  expect(otherSet(onCut, "folpe.2005")).toHaveLength(2);
  const quoted = folpe2005(onCut, asQuoted);
  expect(quoted.value).toBe("malignant");
  expect(quoted.caveats?.filter((c) => c.startsWith("boundary"))).toHaveLength(2);
  expect(folpe2005(caseA).caveats?.some((c) => c.startsWith("boundary"))).toBe(false);
});

test("mitoses in 10 fields are scaled to 50, and the scaling is said", () => {
  // 1 in 10 HPF = 5 per 50 HPF
  const finding = folpe2005({ ...none, mitoses: { count: 1, hpf: 10, hpfAreaMm2: 0.2 } });
  expect(finding.value).toBe("unclassified (one feature, not size)");
  expect(finding.because.some((r) => r.text.includes("1 in 10 HPF, 0.2 mm² each = 5 per 50 HPF"))).toBe(true);
});

test("a measurement on the other side of the cut is named", () => {
  const finding = folpe2005({ ...none, size: { value: 5.2, unit: "cm" }, otherSizes: [{ says: "4.8 cm by PET/CT at T1", cm: 4.8 }] });
  expect(finding.caveats).toContain("by another measurement (4.8 cm by PET/CT at T1) the size is not > 5 cm");
});

const tri = fc.constantFrom(true, false, undefined);
const anyTumor: fc.Arbitrary<Pecoma> = fc.record({
  size: fc.option(fc.double({ min: 0.1, max: 30, noNaN: true }).map((value) => ({ value, unit: "cm" })), { nil: undefined }),
  infiltrative: tri, highCellularity: tri, necrosis: tri, lymphovascularInvasion: tri, pleomorphismOnly: tri,
  nuclearGrade: fc.constantFrom("low" as const, "intermediate" as const, "high" as const, undefined),
  mitoses: fc.option(fc.record({ count: fc.integer({ min: 0, max: 30 }), hpf: fc.constantFrom(10, 50) }), { nil: undefined }),
});
const rank = { benign: 0, "uncertain malignant potential": 1, "unclassified (one feature, not size)": 1, malignant: 2, "out of scope": 0, "not applicable": 0 };
const classes = (t: Pecoma) => {
  const f = folpe2005(t);
  return f.value === undefined ? (f.possible ?? []) : [f.value];
};

property.prop([anyTumor, fc.constantFrom("infiltrative" as const, "necrosis" as const, "lymphovascularInvasion" as const)])(
  "one more feature never lowers the class",
  (tumor, key) => {
    const without = classes({ ...tumor, [key]: false }).map((c) => rank[c]);
    const withIt = classes({ ...tumor, [key]: true }).map((c) => rank[c]);
    expect(Math.min(...withIt)).toBeGreaterThanOrEqual(Math.min(...without));
    expect(Math.max(...withIt)).toBeGreaterThanOrEqual(Math.max(...without));
  },
);

property.prop([anyTumor, fc.constantFrom("infiltrative" as const, "necrosis" as const, "size" as const, "mitoses" as const, "nuclearGrade" as const, "pleomorphismOnly" as const)])(
  "what is possible with an input unknown includes what is possible when it is known",
  (tumor, key) => {
    expect(classes({ ...tumor, [key]: undefined })).toEqual(expect.arrayContaining([...classes(tumor)]));
  },
);

property.prop([anyTumor])("an answer has one class or says what decides", (tumor) => {
  const finding = folpe2005(tumor);
  if (finding.status === "determined") expect(finding.missing).toEqual([]);
  else expect(finding.missing.length).toBeGreaterThan(0);
});
