import { expect, test } from "vitest";
import type { Structure } from "@hapax/case";
import { middleOf, tumorOf } from "./opening-point.ts";

const box = (x: number, y: number, z: number, half: number) => Float64Array.of(x - half, y - half, z, x + half, y - half, z, x + half, y + half, z, x - half, y + half, z);
const drawn = (name: string, ...loops: Float64Array[]): Structure => ({ number: 1, name, contours: loops.map((points) => ({ type: "CLOSED_PLANAR", points })) }) as unknown as Structure;

test("the middle of a structure counts its contours by their area, either way round", () => {
  // 400 mm² at x = 0 and 100 mm² at x = 50: 5000 / 500 = 10 mm.
  const middle = middleOf([box(0, 0, 0, 10), box(50, 0, 10, 5)]);
  expect(middle?.[0]).toBeCloseTo(10, 9);
  expect(middle?.[2]).toBeCloseTo(2, 9);
  // An L of three squares of 10 mm: (5 + 15 + 5) / 3 along each side.
  const l = Float64Array.of(0, 0, 0, 0, 20, 0, 10, 20, 0, 10, 10, 0, 20, 10, 0, 20, 0, 0);
  expect(middleOf([l])?.[0]).toBeCloseTo(25 / 3, 9);
});

test("a study opens on the largest gross tumor, else on what is treated", () => {
  const [small, large, target] = [drawn("GTVp_hilar", box(9, 9, 9, 2)), drawn("GTVp", box(30, 20, 10, 8)), drawn("PTV_High", box(0, 0, 0, 40))];
  expect(tumorOf([target, small, large])).toEqual([30, 20, 10]);
  expect(tumorOf([drawn("GTV", box(0, 0, 0, 20), box(90, 0, 0, 9)), drawn("GTVp_neck", box(90, 0, 0, 9))])).toEqual([90, 0, 0]);
  expect(tumorOf([target, drawn("GTV")])).toEqual([0, 0, 0]);
  expect(tumorOf([drawn("SpinalCord", box(0, 0, 0, 5))])).toBeUndefined();
});
