import tables from "./ajcc8-tables.json" with { type: "json" };
import type { CitationKey } from "@hapax/references";

export type ChapterKey = "trunk and extremities" | "head and neck" | "abdomen and thoracic viscera" | "retroperitoneum" | "corpus uteri";
export type T = "T0" | "T1" | "T2" | "T3" | "T4" | "TX";
export type N = "N0" | "N1";
export type M = "M0" | "M1";
export type G = "G1" | "G2" | "G3" | "GX";
/** A stage group; two chapters have none, and some sites are not staged at all. */
export type Group = "IA" | "IB" | "I" | "II" | "IIIA" | "IIIB" | "IV" | "unknown" | "no group" | "not staged" | "table not held";

/** A chapter of the AJCC manual, as far as its numbers are held. */
export interface Chapter {
  readonly key: ChapterKey;
  readonly name: string;
  readonly number: string;
  readonly sites: readonly string[];
  /** Words of a site, in the singular or as a stem, that speak for this chapter. */
  readonly words: readonly string[];
  readonly sizeCm?: readonly { readonly upTo?: number; readonly t: T }[];
  readonly t4?: string;
  readonly extent?: readonly { readonly t: T; readonly when: string }[];
  readonly groups: "by T, N, M and G" | "none" | "not held";
  readonly n1?: Group;
}

interface Tables {
  readonly edition: string;
  readonly source: CitationKey;
  readonly verify: string;
  readonly chapters: readonly Chapter[];
  readonly byCompartment: readonly string[];
  readonly groups: readonly {
    readonly t: readonly (T | "any")[];
    readonly n: readonly (N | "any")[];
    readonly m: readonly (M | "any")[];
    readonly g: readonly (G | "any")[];
    readonly group: Group | "of the chapter";
  }[];
}

/** Tables of AJCC 8 as data: replace the file to replace the edition. */
export const ajcc8Tables = tables as Tables;

export function chapterOf(key: string): Chapter | undefined {
  return ajcc8Tables.chapters.find((c) => c.key === key);
}

/** True where the same code belongs to one chapter for the wall and to another for what lies within. */
export function needsCompartment(topography: string): boolean {
  return ajcc8Tables.byCompartment.some((code) => topography.toUpperCase().startsWith(code));
}

/**
 * The chapter by which a site is staged.
 *
 * @param topography   ICD-O-3 code, such as C49.3
 * @param compartment  for C47.3, C47.5 and C49.3 to C49.5: wall or cavity
 * @returns            the chapter, or "not staged" where the site has none or its compartment is not named
 */
export function chapterFor(topography: string, compartment?: "external" | "internal"): ChapterKey | "not staged" {
  const code = topography.toUpperCase().trim();
  const found = ajcc8Tables.chapters.find((c) => c.sites.some((site) => covers(site, code, compartment)));
  return found?.key ?? "not staged";
}

function covers(site: string, code: string, compartment: string | undefined): boolean {
  const [codes = "", wall] = site.split(" ");
  if (wall !== undefined && wall !== compartment) return false;
  const [from = "", to = from] = codes.split("-");
  return code.slice(0, from.length) >= from && code.slice(0, to.length) <= to;
}

/** Chapters that the words of a site speak for: "base of the neck and chest wall" names two. */
export function chaptersNamed(site: string): ChapterKey[] {
  return ajcc8Tables.chapters
    .filter((c) => c.words.some((word) => speaksOf(word).test(site)))
    .map((c) => c.key);
}

/** Short words stand whole ("arm" is not in "alarm" or "army"); longer ones are stems, with or without "peri" before. */
function speaksOf(word: string): RegExp {
  return new RegExp(`(?<![a-z])(?:peri|supra|infra|sub|para)?${word}${word.length <= 5 ? "s?(?![a-z])" : ""}`, "i");
}

/** T by size in a chapter; undefined in chapters where extent decides and not size. */
export function tBySize(chapter: Chapter, sizeCm: number): T | undefined {
  return chapter.sizeCm?.find((row) => row.upTo === undefined || sizeCm <= row.upTo)?.t;
}

/** Stage group from T, N, M and grade, in a chapter. */
export function groupOf(chapter: Chapter, t: T, n: N, m: M, g: G): Group {
  if (chapter.groups === "none") return "no group";
  if (chapter.groups === "not held") return "table not held";
  const fits = (list: readonly string[], value: string) => list.includes("any") || list.includes(value);
  const row = ajcc8Tables.groups.find((r) => fits(r.t, t) && fits(r.n, n) && fits(r.m, m) && fits(r.g, g));
  if (row === undefined) return "unknown";
  return row.group === "of the chapter" ? (chapter.n1 ?? "unknown") : row.group;
}
