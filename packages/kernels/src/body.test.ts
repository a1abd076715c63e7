import { describe, expect, test } from "vitest";
import { bodyOf } from "./body.ts";

const size = [60, 50, 6] as const;
const spacing = [2.5, 2.5, 2.5] as const;
const criteria = { threshold: 0.3, openingMm: 5, leastPart: 0.05 };

/** Density by place, in voxels. */
function image(density: (x: number, y: number, z: number) => number): Float32Array {
  return Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => density(i % size[0], Math.floor(i / size[0]) % size[1], Math.floor(i / (size[0] * size[1]))));
}
const oval = (x: number, y: number, cx: number, cy: number, a: number, b: number) => ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1;
const voxels = (mask: Uint8Array) => mask.reduce((sum, one) => sum + one, 0);
const at = (mask: Uint8Array, x: number, y: number, z: number) => mask[x + size[0] * (y + size[1] * z)];

describe("finding a body", () => {
  test("lungs and gas that a body encloses belong to it", () => {
    const body = bodyOf(image((x, y) => (oval(x, y, 30, 22, 8, 6) ? 0.001 : oval(x, y, 30, 22, 25, 18) ? 1 : 0)), size, spacing, criteria);
    expect(body).toEqual(bodyOf(image((x, y) => (oval(x, y, 30, 22, 25, 18) ? 1 : 0)), size, spacing, criteria));
    expect(at(body, 30, 22, 0)).toBe(1);
  });

  test("the thin top of a couch that the back lies on is left out but where it touches", () => {
    const couch = (y: number) => y === 41 || y === 48;
    const body = bodyOf(image((x, y) => (oval(x, y, 30, 22, 25, 18.5) || couch(y) ? 1 : 0)), size, spacing, criteria);
    const alone = bodyOf(image((x, y) => (oval(x, y, 30, 22, 25, 18.5) ? 1 : 0)), size, spacing, criteria);
    expect(at(body, 2, 41, 3)).toBe(0);
    expect(at(body, 30, 48, 3)).toBe(0);
    expect(voxels(body) / voxels(alone)).toBeLessThan(1.02);
  });

  test("two legs are two parts of one body, and a tube beside it is none", () => {
    const body = bodyOf(image((x, y) => (oval(x, y, 15, 20, 9, 9) || oval(x, y, 42, 20, 9, 9) || oval(x, y, 29, 45, 1, 1) ? 1 : 0)), size, spacing, criteria);
    expect([at(body, 15, 20, 2), at(body, 42, 20, 2), at(body, 29, 45, 2)]).toEqual([1, 1, 0]);
  });

  test("an oval keeps its size within the voxels of its rim", () => {
    const inside = image((x, y) => (oval(x, y, 30, 24, 22.3, 17.6) ? 1 : 0));
    expect(voxels(bodyOf(inside, size, spacing, criteria)) / inside.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 2);
  });

  test("a body that the image cuts goes up to its edge", () => {
    const body = bodyOf(image((x) => (x >= 20 ? 1 : 0)), size, spacing, criteria);
    expect(voxels(body)).toBe(40 * 50 * 6);
  });

  test("air has no body, and an unknown voxel is not solid", () => {
    expect(voxels(bodyOf(image(() => 0), size, spacing, criteria))).toBe(0);
    expect(voxels(bodyOf(image(() => NaN), size, spacing, criteria))).toBe(0);
  });
});
