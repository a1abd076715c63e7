import { inflateSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { PlanMade } from "@hapax/planning";
import { dose, made, scan } from "./made-up-plan.fixture.ts";
import { bounds, duration, goalText, indexText } from "./numbers.ts";
import { planReportPdf } from "./plan-report.ts";

/**
 * What a reader reads, without blanks: the letters of each font by the map that a PDF keeps for copying.
 * Lines break where they do, so words are compared without spaces.
 */
function lettersOf(pdf: Uint8Array): string[] {
  const raw = Buffer.from(pdf).toString("latin1");
  const object = (id: string) => new RegExp(`(?:^|\\n)${id} 0 obj([^]*?)endobj`).exec(raw)?.[1] ?? "";
  const streamOf = (id: string) => {
    const body = object(id);
    const bytes = Buffer.from(/stream\r?\n([^]*?)\r?\nendstream/.exec(body)?.[1] ?? "", "latin1");
    return (body.includes("FlateDecode") ? inflateSync(bytes) : bytes).toString("latin1");
  };
  const maps = new Map<string, Map<number, string>>();
  const mapOf = (font: string) => {
    const known = maps.get(font);
    if (known !== undefined) return known;
    const map = new Map<number, string>();
    const cmap = streamOf(/\/ToUnicode (\d+) 0 R/.exec(object(font))?.[1] ?? "");
    for (const [, from, , list] of cmap.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
      [...(list as string).matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex = ""], i) => map.set(Number.parseInt(from as string, 16) + i, Buffer.from(hex.replace(/ /g, ""), "hex").swap16().toString("utf16le")));
    }
    maps.set(font, map);
    return map;
  };
  const pages = [...raw.matchAll(/\/Type \/Page\n([^]*?)endobj/g)].map(([, page]) => page as string);
  return pages.map((page) => {
    const resources = object(/\/Resources (\d+) 0 R/.exec(page)?.[1] ?? "");
    const fontOf = (name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(resources)?.[1] ?? "";
    let map = new Map<number, string>();
    let text = "";
    for (const [, font, shown] of streamOf(/\/Contents (\d+) 0 R/.exec(page)?.[1] ?? "").matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font !== undefined) map = mapOf(fontOf(font));
      else for (const [, hex] of (shown as string).matchAll(/<([0-9a-f]+)>/gi)) for (const code of (hex as string).match(/.{4}/g) ?? []) text += map.get(Number.parseInt(code, 16)) ?? "";
    }
    return text.replace(/\s/g, "");
  });
}

const blank = (text: string) => text.replace(/\s/g, "");

describe("a plan on paper", () => {
  let pages: string[];
  let pdf: Uint8Array;
  beforeAll(async () => {
    pdf = await planReportPdf({ made, scan, dose, revision: "4", date: "2026-03-02", washes: ["figure2"] });
    pages = lettersOf(pdf);
  }, 60_000);
  const says = (...words: readonly string[]) => {
    const whole = pages.join("");
    for (const word of words) expect(whole, word).toContain(blank(word));
  };

  test("says on every page what it is not for, whose it is, and which page of how many", () => {
    expect(pages.length).toBeGreaterThan(2);
    pages.forEach((page, i) => {
      for (const words of ["Research and education. Not a medical device. Not for clinical use.", `page ${i + 1} of ${pages.length}`, "SYNTHETIC", "revision 4", "2026-03-02"]) expect(page).toContain(blank(words));
    });
  });

  test("holds prescription, fractions, dose of a fraction and how it was scaled", () => {
    // 19 Gy in 5 are 3.80 Gy each.
    says("19.0 Gy", "3.80 Gy", "D98% of PTV is 19.1 Gy");
  });

  test("holds each goal with its limit, what was achieved, the verdict in words, its source and whether that was verified", () => {
    says("D95% ≥ 18.1 Gy", "19.2 Gy", "Max ≤ 20.3 Gy", "20.9 Gy", "not met", "11.8 to 13.4 %", "D0.03cc ≤ 8.2 Gy", "8.1 Gy", "met, holds", "QUANTEC, cord", "recalled; unverified", "sum of EQD2 with earlier doses, α/β 2 Gy", "Larynx is not drawn.", "cannot tell");
    says("Of 6 goals: met 4, of which at the limit 1; not met 1; cannot tell 1");
  });

  test("holds what keeps the plan from being better, and the price", () => {
    says("The cord stands at its limit.", "D95% +0.31 Gy", "V10Gy −0.42 %");
  });

  test("holds every beam with angles, distance to the skin, jaws, segments and monitor units, their sums, and the time with what it was reckoned with", () => {
    // The front of the box stands 95 mm from the isocenter: SSD 90.5 cm.
    says("AP", "311.4", "left oblique", "287.9", "345°", "90.5", "−4.8 to 4.8", "−4.6 to 4.7", "599.3 MU through 4 segments", "2 min 17 s", "600 monitor units a minute");
  });

  test("holds indices with their source, and the highest dose with its place", () => {
    // 20.87 of 19 Gy are 109.8 %.
    says("conformity, Paddick", "0.79", "Paddick 2000", "R50%", "4.37", "100.0 %", "20.9 Gy, 109.8 % of 19.0 Gy, at −2.5, −32.5, −2.5 mm");
  });

  test("tells which organ's limit a stereotactic dose reaches first, and which limits none reaches", () => {
    says("Stereotactic feasibility", "Esophagus reaches its limit at 18.3 Gy.", "D0.1cc 40 Gy", "41.5 Gy", "at none", "another set; unverified; known only in part of the organ", "not drawn: Bronchus_Main.");
  });

  test("holds the loss by sequencing, the earlier doses, the notes", () => {
    says("19.4 Gy", "−0.2 Gy", "−0.9 %", "First course", "4.0 mm", "25.0 %; assumed", "Lung_R was sampled at every second voxel.");
  });

  test("holds all that is needed to make it again", () => {
    says("1.2.840.1.1", "1.2.840.1.2", "1.2.840.1.77", "generic-6mv, version 2", "schneider2000-gate", "2.5 mm", "72 directions", "Hapax 0.1.0", "hapax/plan version 1, id made-up");
  });

  test("says where the numbers of the machine and its calibration come from", () => {
    says("generic: Spectrum and electrons fitted to one measured depth dose", "assumed: 1 MU gives 0.01 Gy", "Table of densities of GATE");
  });

  test("has the three levels of a hot spot, with the highest dose in the picture", () => {
    says("from 100 %, 19.0 Gy", "from 102 %, 19.4 Gy", "from 109 %, 20.7 Gy", "Dmax 20.9 Gy, 109.8 %");
  });

  test("leaves nothing blank", () => {
    says("not recorded");
    expect(pages.join("")).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  test("is a plan that nobody ran an optimizer for, with nothing to tell, as well; the same bytes twice, without a date", async () => {
    const { goals: _goals, earlier: _earlier, modulated: _modulated, course: _course, ...request } = made.request;
    const bare: PlanMade = { ...made, request: { ...request, technique: "3D conformal", goals: [], normalization: { kind: "none" }, machine: { id: "other", version: "9" } }, madeFrom: { ...made.madeFrom, machine: { id: "other", version: "9", name: "Another" }, earlier: [] }, beams: [], outcomes: [], holds: [], indices: [], history: [], sequencing: [], notes: [], stopped: true };
    const [one, two] = [await planReportPdf({ made: bare, scan: { ...scan, structures: [], synthetic: false }, dose, washes: [] }), await planReportPdf({ made: bare, scan: { ...scan, structures: [], synthetic: false }, dose, washes: [] })];
    expect(Buffer.compare(Buffer.from(one), Buffer.from(two))).toBe(0);
    expect(Buffer.from(one).toString("latin1")).not.toMatch(/CreationDate \d/);
    const text = lettersOf(one).join("");
    for (const words of ["patient not recorded", "date not recorded", "No goal was asked", "No goal was found to hold", "Nothing was sequenced", "No index was calculated", "None: limits are those of this plan alone.", "ended by a person", "not among the machines here in version 9"]) expect(text).toContain(blank(words));
  }, 60_000);
});

test("a goal, a span and a time are written with their units", () => {
  expect(blank(goalText({ structure: "Lung_R", metric: "V20Gy[%]", atMost: 30, priority: 3, source: "", verified: true }))).toBe("V20Gy≤30.0%");
  expect(bounds({ low: 3.04, high: 3.01 }, "Gy")).toBe("3.0\u00a0Gy");
  expect(bounds({ low: 3, high: Infinity }, "Gy")).toBe("3.0 or more\u00a0Gy");
  expect(bounds({ low: NaN, high: NaN }, "Gy")).toBe("cannot tell");
  expect(blank(duration(59.6))).toBe("1min0s");
  expect(indexText({ name: "D2cm", structure: "PTV", value: { low: 61.25, high: 61.25 }, source: "" })).toBe("61.3\u00a0%");
});
