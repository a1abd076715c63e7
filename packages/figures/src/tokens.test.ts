import { expect, test } from "vitest";
import { colors, contrast, resolveTokens, type Color } from "./tokens.ts";

const themes = ["light", "dark"] as const;

test("black on white has the largest contrast, a color on itself the smallest", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21, 9);
  expect(contrast("#443C94", "#443C94")).toBe(1);
});

test("every text color is at least 4.5 to 1 on paper and on desk", () => {
  const texts: Color[] = ["ink", "ink-2", "ink-3", "accent", "uncertain", "contradiction", "met"];
  for (const theme of themes) {
    for (const text of texts) {
      for (const ground of ["paper", "desk"] as const) {
        expect(contrast(colors[text][theme], colors[ground][theme]), `${text} on ${ground}, ${theme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colors.uncertain[theme], colors["uncertain-wash"][theme])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colors.ink[theme], colors["uncertain-wash"][theme])).toBeGreaterThanOrEqual(4.5);
    // Text inside bars and filled boxes.
    for (const fill of ["radiotherapy", "ink"] as const) {
      expect(contrast(colors.paper[theme], colors[fill][theme]), `text in ${fill}, ${theme}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("every color of a graphic is at least 3 to 1 on paper and on desk", () => {
  const graphics: Color[] = [
    "disease", "imaging", "systemic", "radiotherapy", "supportive", "outcome", "rule-strong",
    "data-1", "data-2", "data-3", "data-4", "data-5", "data-6",
  ];
  for (const theme of themes) {
    for (const graphic of graphics) {
      for (const ground of ["paper", "desk"] as const) {
        expect(contrast(colors[graphic][theme], colors[ground][theme]), `${graphic} on ${ground}, ${theme}`).toBeGreaterThanOrEqual(3);
      }
    }
  }
});

test("a token that is not of the house stays as it is", () => {
  expect(resolveTokens("var(--ink) var(--constructor)", "light")).toBe("#16211F var(--constructor)");
});
