import { test as prop, fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { gray, hotIron, inverseGray, paintBands, paintColors, paintGray } from "./slice-shades.ts";

const painted = (values: readonly number[], window: Parameters<typeof paintGray>[2]) => {
  const rgba = new Uint8ClampedArray(4 * values.length);
  paintGray(Float32Array.from(values), values.length, window, rgba);
  return rgba;
};

describe("grays", () => {
  test("LINEAR is the function of PS3.3 C.11.2.1.2.1, example: center 2048, width 4096 leaves 12 bits as they are", () => {
    // ((x − 2047.5) / 4095 + 0.5) · 255 with x = 0, 4095: 0 and 255; x = 1024: 63.77.
    const window = { center: 2048, width: 4096 };
    expect(gray(0, window)).toBeCloseTo(0, 9);
    expect(gray(4095, window)).toBeCloseTo(255, 9);
    expect(gray(1024, window)).toBeCloseTo((1024 / 4095) * 255, 9);
    expect(gray(-50, window)).toBe(0);
  });

  test("a LINEAR window of width 1 is a step above center − 0.5", () => {
    expect(gray(39, { center: 40, width: 1 })).toBe(0);
    expect(gray(40, { center: 40, width: 1 })).toBe(255);
  });

  test("LINEAR_EXACT halves at its center: SUV 0 to 10", () => {
    const window = { center: 5, width: 10, law: "LINEAR_EXACT" } as const;
    expect([0, 2.5, 5, 10, 12].map((v) => gray(v, window))).toEqual([0, 63.75, 127.5, 255, 255]);
    expect(gray(2.5, { ...window, inverse: true })).toBeCloseTo(191.25, 9);
  });

  test("a window that its law does not know is refused", () => {
    expect(() => gray(0, { center: 0, width: 0.5 })).toThrow(RangeError);
    expect(() => gray(0, { center: 0, width: 0, law: "LINEAR_EXACT" })).toThrow(RangeError);
    expect(() => gray(0, { center: Number.NaN, width: 100 })).toThrow(RangeError);
  });

  prop.prop([fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 2, max: 3000 }), fc.array(fc.float({ min: -2000, max: 3000, noNaN: true }), { minLength: 2, maxLength: 20 })])(
    "are opaque, rise with the value, and are the rounded formula",
    (center, width, values) => {
      const sorted = Float32Array.from(values).sort();
      const rgba = painted([...sorted], { center, width });
      sorted.forEach((v, i) => {
        expect(Math.abs((rgba[4 * i] as number) - gray(v, { center, width }))).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(rgba[4 * i + 3]).toBe(255);
        if (i > 0) expect(rgba[4 * i]).toBeGreaterThanOrEqual(rgba[4 * i - 4] as number);
      });
    },
  );

  test("an unknown value is no gray at all, in any window", () => {
    for (const inverse of [false, true]) {
      const rgba = painted([Number.NaN, Number.NaN, -1000, 3000], { center: 40, width: 400, inverse });
      for (const i of [0, 1]) expect((rgba[4 * i + 2] as number) - (rgba[4 * i] as number)).toBeGreaterThan(10);
      for (const i of [2, 3]) expect(rgba[4 * i]).toBe(rgba[4 * i + 2]);
    }
  });
});

describe("colors", () => {
  test("hot iron runs from black over red and yellow to white (PS3.6 B.1.1)", () => {
    const at = (i: number) => [...hotIron.subarray(3 * i, 3 * i + 3)];
    expect([at(0), at(127), at(128), at(192), at(255)]).toEqual([[0, 0, 0], [254, 0, 0], [255, 0, 0], [255, 128, 0], [255, 254, 252]]);
    expect([...inverseGray.subarray(0, 3), ...inverseGray.subarray(765)]).toEqual([255, 255, 255, 0, 0, 0]);
  });

  test("are laid over at their share, and not where nothing is known", () => {
    const rgba = Uint8ClampedArray.of(100, 100, 100, 255, 100, 100, 100, 255);
    paintColors(Float32Array.of(10, Number.NaN), 0, 10, inverseGray, 0.25, rgba);
    expect([...rgba]).toEqual([75, 75, 75, 255, 100, 100, 100, 255]);
  });
});

describe("bands", () => {
  const bands = [{ from: 21, rgb: [255, 0, 0], alpha: 0.5 }, { from: 20, rgb: [0, 0, 255], alpha: 0.5 }] as const;

  test("exclude one another, begin at their value and leave the rest", () => {
    const rgba = new Uint8ClampedArray(20).fill(100);
    paintBands(Float32Array.of(19.999, 20, 20.999, 21, Number.NaN), bands, rgba);
    const pixel = (i: number) => [...rgba.slice(4 * i, 4 * i + 3)];
    // Half of 100 and half of the color; 177.5 goes to the even 178.
    expect([0, 1, 2, 3, 4].map(pixel)).toEqual([[100, 100, 100], [50, 50, 178], [50, 50, 178], [178, 50, 50], [100, 100, 100]]);
  });
});
