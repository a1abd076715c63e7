import { test as property, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { ajcc8Tables, chapterFor, chapterOf, chaptersNamed, groupOf, tBySize, type Chapter, type ChapterKey, type G, type M, type N, type T } from "./chapter.ts";

const chapter = (key: ChapterKey): Chapter => {
  const found = chapterOf(key);
  if (found === undefined) throw new Error(key);
  return found;
};
const trunk = chapter("trunk and extremities");
const stage = (where: Chapter, cm: number, g: G, n: N = "N0", m: M = "M0") => {
  const t = tBySize(where, cm) ?? "TX";
  return `${t} ${groupOf(where, t, n, m, g)}`;
};

test("the chapter follows the topography, and for the chest and abdomen the wall or cavity", () => {
  expect(chapterFor("C49.3", "external")).toBe("trunk and extremities");
  expect(chapterFor("C49.3", "internal")).toBe("abdomen and thoracic viscera");
  expect(chapterFor("C49.3")).toBe("not staged");
  expect(chapterFor("C49.0")).toBe("head and neck");
  expect(chapterFor("C48.0")).toBe("retroperitoneum");
  expect(chapterFor("C38.3")).toBe("abdomen and thoracic viscera");
  expect(chapterFor("C49.2")).toBe("trunk and extremities");
  expect(chapterFor("C50.9")).toBe("trunk and extremities");
  expect(chapterFor("C22.0")).toBe("abdomen and thoracic viscera");
  expect(chapterFor("C54.9")).toBe("corpus uteri");
  expect(chapterFor("C80.9")).toBe("not staged");
});

test("the worked stages of trunk and extremities", () => {
  expect(stage(trunk, 5.0, "G1")).toBe("T1 IA");
  expect(stage(trunk, 5.1, "G2")).toBe("T2 IIIA");
  expect(stage(trunk, 10.0, "G3")).toBe("T2 IIIA");
  expect(stage(trunk, 10.1, "G3")).toBe("T3 IIIB");
  expect(stage(trunk, 15.1, "G1")).toBe("T4 IB");
  expect(stage(trunk, 3, "G1", "N1")).toBe("T1 IV");
  expect(stage(trunk, 17.1, "G3")).toBe("T4 IIIB");
});

test("a node is stage IV in the trunk and IIIB in the retroperitoneum", () => {
  expect(stage(chapter("retroperitoneum"), 3, "G1", "N1")).toBe("T1 IIIB");
  expect(stage(chapter("retroperitoneum"), 3, "G1", "N1", "M1")).toBe("T1 IV");
});

test("a grade that is not known is staged like G1: the trap", () => {
  expect(stage(trunk, 7, "GX")).toBe("T2 IB");
  expect(stage(trunk, 12, "GX")).toBe("T3 IB");
  expect(stage(trunk, 12, "G2")).toBe("T3 IIIB");
});

test("head and neck cuts at 2 and 4 cm and has no groups", () => {
  const neck = chapter("head and neck");
  expect(stage(neck, 2.0, "G3")).toBe("T1 no group");
  expect(stage(neck, 4.0, "G3")).toBe("T2 no group");
  expect(stage(neck, 4.1, "G3")).toBe("T3 no group");
});

test("abdomen and thoracic viscera take T from the extent and have no groups", () => {
  const viscera = chapter("abdomen and thoracic viscera");
  expect(tBySize(viscera, 12)).toBeUndefined();
  expect(groupOf(viscera, "T3", "N0", "M0", "G3")).toBe("no group");
});

test("the words of a site can name several chapters", () => {
  expect(chaptersNamed("Right base of the neck, periscapular region and posterior chest wall")).toEqual(["trunk and extremities", "head and neck"]);
  expect(chaptersNamed("mediastinum")).toEqual(["abdomen and thoracic viscera"]);
  expect(["alarm", "army", "facet joint", "legacy"].flatMap(chaptersNamed)).toEqual([]);
  expect(chaptersNamed("both arms")).toEqual(["trunk and extremities"]);
});

const sized = fc.constantFrom(...ajcc8Tables.chapters.filter((c) => c.sizeCm !== undefined));
property.prop([sized, fc.double({ min: 0.1, max: 40, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true })])("a larger tumor never has a lower T", (where, cm, more) => {
  expect(tBySize(where, cm + more)! >= tBySize(where, cm)!).toBe(true);
});

const ts = fc.constantFrom<T>("T0", "T1", "T2", "T3", "T4", "TX");
property.prop([ts, fc.constantFrom<N>("N0", "N1"), fc.constantFrom<M>("M0", "M1"), fc.constantFrom<G>("G1", "G2", "G3", "GX")])(
  "every combination has one row, and G2 and G3 share their group",
  (t, n, m, g) => {
    for (const where of [trunk, chapter("retroperitoneum")]) {
      const group = groupOf(where, t, n, m, g);
      if (t !== "T0") expect(group === "unknown").toBe(t === "TX" && n === "N0" && m === "M0" && (g === "G2" || g === "G3"));
      expect(groupOf(where, t, n, m, "G2")).toBe(groupOf(where, t, n, m, "G3"));
      if (m === "M1") expect(group).toBe("IV");
    }
  },
);
