import { expect, test } from "vitest";
import { rgbOf } from "./image-colors.ts";
import { levelOf, looksOf } from "./structure-looks.ts";

const named = (...names: string[]) => names.map((name, i) => ({ number: i + 1, name }));
const colors = (...names: string[]) => [...looksOf(named(...names)).values()].map(({ color }) => color);

/** Difference of two colors, ΔE of CIE 1976: about 2 is just seen side by side, 20 is seen in thin lines. */
function difference(a: string, b: string): number {
  const [p, q] = [labOf(a), labOf(b)];
  return Math.hypot(...p.map((v, i) => v - (q[i] as number)));
}

function labOf(hex: string): number[] {
  const [r, g, b] = rgbOf(hex).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389 / 27 + 16) / 116);
  const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map(f) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test("targets of several dose levels are told apart, the highest the strongest", () => {
  for (const names of [["PTV56", "PTV63", "PTV70"], ["PTV_5400", "PTV_6600"], ["PTV_5000", "PTV_5400", "PTV_6000", "PTV_6600"]]) {
    const found = colors(...names);
    for (const [i, a] of found.entries()) for (const b of found.slice(i + 1)) expect(difference(a, b)).toBeGreaterThan(20);
    expect(found.at(-1)).toBe("#FF4FB8");
  }
});

test("two targets of one dose level look alike, whatever the order of the file", () => {
  const [left, low, right] = colors("PTV66_L", "PTV54", "PTV66_R");
  expect(left).toBe(right);
  expect(low).not.toBe(left);
  expect(colors("PTV54", "PTV66_L")).toEqual([low, left]);
});

test("the dose in a name is Gy, or cGy as TG-263 writes it", () => {
  expect(["PTV70", "PTV_5400", "PTV_6600_L", "PTV_High"].map(levelOf)).toEqual([70, 54, 66, 0]);
});
