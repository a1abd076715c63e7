import { expect, test } from "vitest";
import type { EntryOf } from "@hapax/case";
import { addedByItself, plansNotGiven } from "./added-by-itself.ts";
import type { DoseInfo } from "./scan-summary.ts";

const dose = (uid: string, frameOfReference: string, more: Partial<DoseInfo> = {}): DoseInfo => ({ uid, label: uid, planUid: `plan of ${uid}`, type: "PHYSICAL", summation: "PLAN", grid: { size: [1, 1, 1], rows: [], frameOfReference }, ...more }) as DoseInfo;
const first = dose("definitive", "T3");
const none: ReadonlySet<string> = new Set();
const course = (state: EntryOf<"radiotherapy">["state"], plans?: string[]): EntryOf<"radiotherapy"> => ({ kind: "radiotherapy", id: state, state, technique: "IMRT", site: "Chest", volumes: [], organDoses: [], ...(plans && { plans }) });

test("the one plan of each other study is added", () => {
  expect([...addedByItself(first, [first, dose("chest", "T4"), dose("palliative", "T5")], none)]).toEqual(["chest", "palliative"]);
});

test("alternatives of one study are not added to what was given, nor to one another", () => {
  const alternatives = ["cord 54", "cord 60", "cord 70", "stereotactic"].map((uid) => dose(uid, "T4"));
  expect([...addedByItself(first, [first, ...alternatives, dose("palliative", "T5")], none)]).toEqual(["palliative"]);
  expect([...addedByItself(alternatives[0] as DoseInfo, [first, ...alternatives], none)]).toEqual(["definitive"]);
});

test("a dose that was calculated again is not added beside that of its plan, wherever it stands", () => {
  const planned = dose("chest", "T4", { planUid: "p" }), again = dose("again", "T4", { planUid: "p", comment: "calculated: 72 cones" });
  for (const list of [[planned, again], [again, planned]]) expect([...addedByItself(first, [first, ...list], none)]).toEqual(["chest"]);
});

test("errors of a dose, doses of a fraction or a beam are never added", () => {
  expect([...addedByItself(first, [first, dose("e", "T4", { type: "ERROR" }), dose("f", "T5", { summation: "FRACTION" })], none)]).toEqual([]);
});

test("a plan that stayed one is not added, alone as it may be on its study", () => {
  const notGiven = plansNotGiven([course("recorded", ["plan of definitive"]), course("planned, not given", ["plan of chest"]), course("completion not recorded", ["plan of palliative"]), course("not performed")]);
  expect([...addedByItself(first, [first, dose("chest", "T4"), dose("palliative", "T5")], notGiven)]).toEqual(["palliative"]);
  // Of two plans of one study the other is then the one that may have been given.
  expect([...addedByItself(first, [first, dose("chest", "T4"), dose("replanned", "T4")], notGiven)]).toEqual(["replanned"]);
});
