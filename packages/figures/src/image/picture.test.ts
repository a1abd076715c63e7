import { gridOf, type Volume } from "@hapax/base";
import { describe, expect, test } from "vitest";
import { figure2Levels, percentLevels } from "./dose-bands.ts";
import { picture } from "./picture.ts";
import { planeAlong, planeThrough } from "./plane.ts";

const layout = { size: [40, 30, 20], origin: [-19.5, -14.5, -19], spacing: [1, 1, 2], frameOfReference: "1" } as const;
const scan = (value: (x: number, y: number, z: number) => number): Volume<Int16Array> => {
  const grid = gridOf(layout);
  const values = Int16Array.from({ length: 40 * 30 * 20 }, (_, i) => value(-19.5 + (i % 40), -14.5 + (Math.floor(i / 40) % 30), -19 + 2 * Math.floor(i / 1200)));
  return { grid, values, slope: 1, intercept: 0, unit: "HU" };
};
const window = { center: 40, width: 400 };
const size = { width: 40, height: 40 };

describe("a plane of a scene", () => {
  test("shows a marker at the left front at the right top of the axial picture", () => {
    const volume = scan((x, y) => (x > 9 && x < 15 && y < -6 && y > -12 ? 1000 : -1000));
    const { values, plane } = picture({ image: { volume, window } }, planeThrough("axial", volume.grid, [0, 0, 0], size));
    const [bright] = [...values.entries()].filter(([, v]) => v > 500).map(([i]) => [i % plane.width, Math.floor(i / plane.width)]);
    expect(bright?.[0]).toBeGreaterThan(20);
    expect(bright?.[1]).toBeLessThan(20);
  });

  test("gives a linear volume back exactly on planes along and across its axes", () => {
    const volume = scan((x, y, z) => 10 * x - 4 * y + 6 * z);
    for (const plane of [
      planeThrough("axial", volume.grid, [0, 0, 0.3], size),
      planeThrough("coronal", volume.grid, [0, 1.2, 0], size),
      planeThrough("sagittal", volume.grid, [-3.1, 0, 0], size),
      planeAlong({ right: [1, 0.4, 0.1], down: [0, 1, -1] }, volume.grid, [1, 2, 3], size),
    ]) {
      const { values } = picture({ image: { volume, window } }, plane);
      const { rows: [a, b, c] } = plane.patientFromScreen;
      let compared = 0;
      for (let y = 0; y < 40; y++) {
        for (let x = 0; x < 40; x++) {
          const p = [a, b, c].map((r) => r[0] * x + r[1] * y + r[3]) as [number, number, number];
          if (Math.abs(p[0]) > 19.4 || Math.abs(p[1]) > 14.4 || Math.abs(p[2]) > 18.9) continue;
          expect(values[y * 40 + x]).toBeCloseTo(10 * p[0] - 4 * p[1] + 6 * p[2], 3);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(300);
    }
  });

  test("paints what lies outside of the scan in a blue-gray that no window gives to air", () => {
    const volume = scan(() => -1000);
    const { rgba } = picture({ image: { volume, window } }, planeThrough("axial", volume.grid, [0, 0, 0], size));
    // The grid is 40 × 30 mm in 40 × 40 px: the first rows are outside, the middle is air.
    expect(rgba[2]).toBeGreaterThan(rgba[0] as number);
    expect([...rgba.slice(4 * 820, 4 * 820 + 4)]).toEqual([0, 0, 0, 255]);
  });

  test("OHIF 5743: dose of a grid with a fractional offset is sampled in millimetres: the wash changes where the isodose lies", () => {
    const volume = scan(() => 40);
    const grid = gridOf({ size: [20, 15, 16], origin: [-18.63, -13.41, -18.7], spacing: [2, 2, 2.5], frameOfReference: "1" });
    // Dose rises with x: 20 Gy at x = 4.2 mm.
    const dose: Volume<Float32Array> = { grid, values: Float32Array.from({ length: 20 * 15 * 16 }, (_, i) => 20 + (-18.63 + 2 * (i % 20) - 4.2) * 0.5), slope: 1, intercept: 0, unit: "Gy" };
    const plane = planeThrough("axial", volume.grid, [0, 0, 0], { width: 400, height: 300 });
    const { rgba, isodoses } = picture({ image: { volume, window }, dose: { volume: dose, scheme: figure2Levels, referenceGy: 20 } }, plane);
    const line = isodoses.find(({ level }) => level.percent === 100)?.lines[0] as Float64Array;
    // x = 4.2 mm is (4.2 + 20) / 0.1 − 0.5 px.
    for (let i = 0; i < line.length; i += 2) expect(line[i]).toBeCloseTo(241.5, 2);
    const blue = (x: number) => { const o = 4 * (150 * 400 + x); return (rgba[o + 2] as number) - (rgba[o] as number); };
    expect(blue(241)).toBe(0);
    expect(blue(242)).toBeGreaterThan(40);
  });

  test("bands of the wash exclude one another: one color each, at the stated share", () => {
    const volume = scan(() => 40);
    const dose: Volume<Float32Array> = { grid: volume.grid, values: new Float32Array(24000).fill(21), slope: 1, intercept: 0, unit: "Gy" };
    const plane = planeThrough("axial", volume.grid, [0, 0, 0], size);
    const { rgba, values } = picture({ image: { volume, window }, dose: { volume: dose, scheme: percentLevels, referenceGy: 20, washShare: 0.5 } }, plane);
    expect(values[820]).toBe(40);
    // 105 % of 20 Gy is FF8A00; HU 40 in 40/400: ((40 − 39.5)/399 + 0.5) · 255 = 127.8, 128; half of each.
    expect([...rgba.slice(4 * 820, 4 * 820 + 3)]).toEqual([192, 133, 64]);
  });

  test("a dose in another frame of reference is refused", () => {
    const volume = scan(() => 0);
    const dose = { ...volume, grid: { ...volume.grid, frameOfReference: "2" }, unit: "Gy" } as const;
    const plane = planeThrough("axial", volume.grid, [0, 0, 0], size);
    expect(() => picture({ image: { volume, window }, dose: { volume: dose, scheme: percentLevels, referenceGy: 20 } }, plane)).toThrow(
      expect.objectContaining({ code: "figures/other-frame-of-reference" }),
    );
  });
});
