import { expect, test } from "vitest";
import { leachLike, look } from "./leach-like.ts";
import { metastasis } from "./metastasis.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const answer = (asOf?: string) => {
  const finding = metastasis(look(leachLike, { asOf }));
  return finding.value ?? finding.possible;
};

test("M is learned: none at T1, equivocal nodules from T2, unequivocal at T5 and in the end", () => {
  expect(["T1", "T2", "T3", "T4", "T5", undefined].map(answer)).toEqual(["M0", ["M0", "M1"], ["M0", "M1"], ["M0", "M1"], "M1", "M1"]);
});

test("M0 without evidence is not contradicted, and a mass of open role is named", () => {
  const finding = metastasis(look(leachLike, { asOf: "T1" }));
  expect(finding.text).toBe("M0, not contradicted");
  expect(finding.because.some((r) => r.text.startsWith("Mediastinal mass: recorded as second primary or extension"))).toBe(true);
});

test("where nobody looked, nothing is said of M", () => {
  expect(metastasis(look([]))).toMatchObject({ status: "not recorded", possible: ["M0", "M1"] });
});

test("a nodule that proves benign is no metastasis any more", () => {
  const benign = { id: "later", kind: "observation", lesion: "lung-nodules", what: "Granuloma on biopsy", metastatic: recorded("no"), when: { at: "T3" } };
  expect(metastasis(look([...leachLike, benign], { asOf: "T3" })).value).toBe("M0");
});

test("a metastasis whose time is not recorded is certain in the end and open before", () => {
  const entries = [{ id: "m", kind: "lesion", name: "Liver mass", site: "liver", role: recorded("metastasis") }];
  expect(metastasis(look(entries)).value).toBe("M1");
  expect(metastasis(look(entries, { asOf: "T1" })).possible).toEqual(["M0", "M1"]);
});

test("a doubt of the document is no certainty", () => {
  const entries = [{ id: "e", kind: "observation", what: "Effusion called malignant", metastatic: { state: "uncertain", value: "unequivocal" } }];
  expect(metastasis(look(entries)).possible).toEqual(["M0", "M1"]);
});

test("an involved node is N and not M", () => {
  const entries = [
    { id: "n", kind: "lesion", name: "Node", site: "groin", role: recorded("nodal") },
    { id: "o", kind: "observation", lesion: "n", what: "Involved node", metastatic: recorded("unequivocal") },
  ];
  expect(metastasis(look(entries)).value).toBe("M0");
});
