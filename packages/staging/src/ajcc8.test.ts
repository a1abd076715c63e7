import { expect, test } from "vitest";
import { ajcc8 } from "./ajcc8.ts";
import { leachLike, likePecoma, look } from "./leach-like.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const simple = (cm: number, more: object[] = [], lesion: object = {}) => [
  { id: "mass", kind: "lesion", name: "Mass", site: "thigh", role: recorded("primary"), topography: recorded("C49.2"), ...lesion },
  { id: "m", kind: "measurement", lesion: "mass", method: "CT", diameters: [{ value: cm, unit: "cm" }] },
  ...more,
];
const stated = (parts: Record<string, string>) => ({
  id: "s", kind: "stage", system: "AJCC", ...Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, recorded(v)])),
});

test("the published case: IIIB under trunk and extremities and M0, as stated, with IV and no group still possible", () => {
  const finding = ajcc8(look(leachLike), likePecoma);
  expect(finding).toMatchObject({ status: "undecided", value: "IIIB", possible: ["IIIB", "IV", "no group"], text: "IIIB {IIIB, IV, no group}" });
  expect(finding.stated).toMatchObject({ text: "T3 N0 M0 G3, IIIB", agrees: true });
  expect(finding.table?.rows).toEqual([
    ["Trunk and extremities", "M0", "T3", "IIIB"],
    ["Trunk and extremities", "M1: lung nodules or mediastinal mass", "T3", "IV"],
    ["Head and neck", "M0", "T3 or T4", "no group"],
    ["Abdomen and thoracic viscera, mediastinum", "M0, mediastinal mass as the primary", "by extent, not size", "no group"],
    ["No chapter", "C49.3 without wall or cavity", "not used", "not staged"],
    ["Registry rule for this histology", "soft tissue site", "not used", "not staged"],
  ]);
  expect(finding.caveats).toContain("8714 is not applicable");
  // 12.8 by PET, 14.3 by CT and 15.0 by hand are all above 10 and at most 15
  expect(finding.because.some((r) => r.text === "12.8 to 15 cm by all methods before treatment: all T3")).toBe(true);
  expect(finding.because.some((r) => r.text.includes("the group is IIIB for both"))).toBe(true);
});

test("known up to T1 the nodules are not seen yet; progression to 17.1 cm and later metastases do not revise the stage", () => {
  const first = ajcc8(look(leachLike, { asOf: "T1" }), likePecoma);
  expect(first.table?.rows[1]).toEqual(["Trunk and extremities", "M1: mediastinal mass", "T3", "IV"]);
  const last = ajcc8(look(leachLike, { asOf: "T5" }), likePecoma);
  expect(last.value).toBe("IIIB");
  expect(last.because.some((r) => r.text.startsWith("later: Numerous metastases (T5)") && r.text.includes("were M1 then"))).toBe(true);
  expect(ajcc8(look(leachLike, { asOf: "T4" }), likePecoma).because.some((r) => r.text.startsWith("later:"))).toBe(false);
});

test("the reader may take the nodules as metastases, or another chapter", () => {
  expect(ajcc8(look(leachLike, { assume: { "staging/ajcc8/m": "M1" } }), likePecoma)).toMatchObject({ value: "IV" });
  const neck = ajcc8(look(leachLike, { assume: { "staging/ajcc8/chapter": "head and neck" } }), likePecoma);
  expect(neck.value).toBe("no group");
  expect(neck.table?.rows.some((r) => r[0] === "Trunk and extremities" && r[3] === "IIIB")).toBe(true);
});

test("a plain tumor of the thigh with its grade stated is determined, with no alternative", () => {
  const finding = ajcc8(look(simple(5.1, [stated({ g: "G2" })])), undefined);
  expect(finding).toMatchObject({ status: "determined", value: "IIIA", text: "IIIA", missing: [] });
  expect(finding.table?.rows).toEqual([["Trunk and extremities", "M0", "T2", "IIIA"]]);
});

test("without a grade the table gives IB, and a warning says what that hides", () => {
  const finding = ajcc8(look(simple(7)), undefined);
  expect(finding).toMatchObject({ status: "undecided", value: "IB", possible: ["IB", "IIIA"] });
  expect(finding.caveats?.some((c) => c.includes("the grade is missing") && c.includes("IIIA"))).toBe(true);
  expect(finding.missing.map((m) => m.input)).toContain("Grade");
});

test("high grade without a number is G2 or G3: the same group", () => {
  expect(ajcc8(look(simple(12, [stated({ g: "high" })])), undefined)).toMatchObject({ status: "determined", value: "IIIB" });
});

test("a nodal lesion is N1: stage IV in a limb", () => {
  const node = { id: "node", kind: "lesion", name: "Groin node", site: "groin", role: recorded("nodal") };
  expect(ajcc8(look(simple(3, [stated({ g: "G1" }), node])), undefined)).toMatchObject({ value: "IV" });
});

test("a stated stage that cannot come out is a contradiction, with both kept", () => {
  const finding = ajcc8(look(simple(4, [stated({ t: "T3", g: "G3", group: "IIIB" })])), undefined);
  // 4 cm is T1, with G3 stage II
  expect(finding).toMatchObject({ status: "contradiction", value: "II", stated: { text: "T3 G3, IIIB", agrees: false } });
});

test("without a topography every chapter is an alternative and none is chosen", () => {
  const finding = ajcc8(look(simple(12, [stated({ g: "G3" })], { topography: undefined })), undefined);
  expect(finding.status).toBe("undecided");
  expect(finding.value).toBeUndefined();
  expect(finding.possible).toEqual(["IIIB", "no group", "table not held"]);
  expect(finding.missing[0]?.input).toBe("Topography (ICD-O-3)");
});

test("chest wall or chest cavity not recorded: wall, cavity, or not staged", () => {
  const finding = ajcc8(look(simple(12, [stated({ g: "G3" })], { topography: recorded("C49.3"), site: "thorax" })), undefined);
  expect(finding).toMatchObject({ status: "undecided", possible: ["IIIB", "no group", "not staged"] });
});

test("the uterus has a chapter of its own, whose table is not held here", () => {
  const finding = ajcc8(look(simple(6, [], { topography: recorded("C54.9"), site: "uterus" })), likePecoma);
  expect(finding).toMatchObject({ status: "pending", text: "chapter 54.1, table not held", brief: "corpus uteri: its table is not held here" });
  // Registries leave 8714 out at soft tissue sites; in the uterus they stage it.
  expect(finding.table?.rows.map((r) => r[0])).toEqual(["Corpus uteri"]);
});

test("an empty case is not recorded", () => {
  expect(ajcc8(look([]), undefined)).toMatchObject({ status: "not recorded", text: "not recorded" });
});

test("NX, MX, a grade in words and a grade of two contradict nothing that they leave open", () => {
  const finding = (parts: Record<string, string>) => ajcc8(look(simple(12, [stated(parts)])), undefined);
  expect(finding({ t: "cT3", n: "NX", m: "MX", g: "grade 3", group: "IIIB" })).toMatchObject({ value: "IIIB", stated: { agrees: true } });
  expect(finding({ g: "grade 3" }).because.at(-1)?.text).toBe("grade 3, as stated");
  expect(finding({ g: "G2-3" })).toMatchObject({ status: "determined", value: "IIIB" });
  expect(finding({ g: "2/3" })).toMatchObject({ status: "determined", value: "IIIB" });
  expect(finding({ t: "T3", g: "poorly differentiated" })).toMatchObject({ stated: { agrees: true } });
});

test("with a metastasis the grade decides nothing and is not asked for", () => {
  const liver = { id: "liver", kind: "lesion", name: "Liver lesion", site: "liver", role: recorded("metastasis"), when: { at: "T1" } };
  expect(ajcc8(look(simple(7, [liver])), undefined)).toMatchObject({ value: "IV", missing: [] });
});

test("an empty case asks for site, size and grade", () => {
  expect(ajcc8(look([]), undefined).missing.map((m) => m.input)).toEqual(["Topography (ICD-O-3)", "Size", "Grade"]);
});

test("no cell of the table is blank", () => {
  for (const row of ajcc8(look(leachLike), likePecoma).table?.rows ?? []) expect(row.every((cell) => cell.trim() !== "")).toBe(true);
});
