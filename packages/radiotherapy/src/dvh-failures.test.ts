import type { Vec3 } from "@hapax/base";
import type { Contour } from "@hapax/case";
import { describe, expect, test } from "vitest";
import { dvhOf } from "./dvh.ts";
import { along, circle, doseOf, drawn, rectangle, structure } from "./shapes.fixture.ts";

const options = { frameOfReference: "1.2.3" };

/** A box 20 x 20 mm on slices of 3 mm from −12 to 12 mm: 9.6 cc. */
const slices3 = Array.from({ length: 8 }, (_, k) => -10.5 + 3 * k);
const box = structure("box", slices3.map((z) => rectangle(-10, 10, -10, 10, z)));

describe("eight ways to fail a dose–volume histogram", () => {
  test("1. end caps: a cylinder is as many slices long as it was drawn on, or ends on its contours, or tapers, and the result says so", () => {
    const area = Math.PI * 144;
    const volume = (endCap: "half a slice" | "none" | "taper") => dvhOf(drawn("cylinder", 3), doseOf(along.z), { ...options, endCap });
    // 8 slices of 3 mm; without caps 7 distances of 3 mm; with pyramids of a slice on both ends 7 + 2/3.
    expect(volume("half a slice").volumeCc).toBeCloseTo((area * 8 * 3) / 1000, 2);
    expect(volume("none").volumeCc).toBeCloseTo((area * 7 * 3) / 1000, 2);
    expect(volume("taper").volumeCc).toBeCloseTo((area * (7 + 2 / 3) * 3) / 1000, 2);
    expect(volume("taper").notes[0]).toContain("taper");
  });

  test("2. a dose grid not supersampled: along the axis of a cylinder, on a 3 mm grid half a slice off, D2 and D0.03cc make no stairs", () => {
    const dvh = dvhOf(drawn("cylinder", 3), doseOf(along.z, { spacing: 3, offset: [0, 0, 1.5] }), options);
    expect(dvh.d2.low).toBeCloseTo(27.52, 1);
    expect(dvh.d003cc.low).toBeCloseTo(27.9337, 1);
    // V falls by 1/24 with each Gy, wherever one looks.
    for (let gy = 5; gy < 28; gy += 0.37) expect(dvh.vAt(gy).low).toBeCloseTo((28 - gy) / 24, 2);
  });

  test("3. the nearest dose slice: a dose between two slices is between their doses", () => {
    // One slice of 2 mm at z = 1, dose planes at 0 and 3 mm with 16 and 19 Gy: 17 Gy in its middle.
    const dvh = dvhOf(structure("thin", [circle(5, 1)]), doseOf(along.z, { spacing: 3 }), { ...options, sliceMm: 2 });
    expect(dvh.mean.low).toBeCloseTo(17, 2);
  });

  test("4. voxel-center counting: a structure smaller than a dose voxel has its volume and its dose", () => {
    // Radius 1 mm on three slices of 1 mm, dose voxels of 5 mm.
    const dvh = dvhOf(structure("seed", [-1, 0, 1].map((z) => circle(1, z, [2.4, 2.4]))), doseOf(along.x, { spacing: 5 }), options);
    expect(dvh.volumeCc).toBeCloseTo(0.0094248, 5);
    expect(dvh.mean.low).toBeCloseTo(18.4, 2);
    expect(dvh.samples.doseGy.length).toBeGreaterThan(10_000);
  });

  test("5. resolution tied to the grid: shifting structure and dose together by any fraction of a voxel changes nothing", () => {
    const at = (shift: number) => {
      const moved = structure("box", slices3.map((z) => rectangle(-10 + shift, 10 + shift, -10, 10, z)));
      return dvhOf(moved, doseOf((x) => 16 + (x - shift) + 0.02 * (x - shift) ** 2, { offset: [shift, 0, 0], spacing: 2.5 }), options);
    };
    for (const shift of [0.31, 1.17, -0.73]) {
      expect(at(shift).d95.low).toBeCloseTo(at(0).d95.low, 2);
      expect(at(shift).d003cc.low).toBeCloseTo(at(0).d003cc.low, 2);
    }
  });

  test("6. bins: two dose levels one milligray apart stay two, and the maximum is that of the surface", () => {
    const dvh = dvhOf(box, doseOf((x) => (x < 0 ? 10 : 10.001), { spacing: 0.5, half: 15 }), options);
    expect(dvh.dAt(0.9).low).toBeCloseTo(10, 5);
    expect(dvh.dAt(0.1).low).toBeCloseTo(10.001, 5);
    expect(dvhOf(box, doseOf(along.x, { spacing: 3 }), options).max.low).toBeCloseTo(26, 4);
  });

  describe("7. how contours are drawn", () => {
    const dose = doseOf(along.x);
    const ring = 400 - 100;

    test("a hole drawn as its own contour", () => {
      const dvh = dvhOf(structure("ring", slices3.flatMap((z) => [rectangle(-10, 10, -10, 10, z), rectangle(-5, 5, -5, 5, z)])), dose, options);
      expect(dvh.volumeCc).toBeCloseTo((ring * 24) / 1000, 4);
    });

    test("a hole drawn through a keyhole", () => {
      const keyhole = (z: number): Contour => ({ type: "CLOSED_PLANAR", points: Float64Array.from([[-10, -10], [10, -10], [10, 10], [0, 10], [0, 5], [5, 5], [5, -5], [-5, -5], [-5, 5], [0, 5], [0, 10], [-10, 10]].flatMap(([x, y]) => [x as number, y as number, z])) });
      expect(dvhOf(structure("ring", slices3.map(keyhole)), dose, options).volumeCc).toBeCloseTo((ring * 24) / 1000, 4);
    });

    test("a hole drawn by the rule of CLOSEDPLANAR_XOR", () => {
      const xor = (contour: Contour): Contour => ({ ...contour, type: "CLOSEDPLANAR_XOR" });
      const dvh = dvhOf(structure("ring", slices3.flatMap((z) => [xor(rectangle(-10, 10, -10, 10, z)), xor(rectangle(-5, 5, -5, 5, z))])), dose, options);
      expect(dvh.volumeCc).toBeCloseTo((ring * 24) / 1000, 4);
    });

    test("a contour drawn twice is no hole", () => {
      const dvh = dvhOf(structure("box", [...box.contours, rectangle(-10, 10, -10, 10, -10.5), rectangle(10, -10, 10, -10, 4.51)]), dose, options);
      expect(dvh.volumeCc).toBeCloseTo(9.6, 3);
      expect(dvh.notes.join(" ")).toContain("drawn twice: 2");
    });

    test("two contours of one size in one frame, the halves of a square, are no contour drawn twice", () => {
      const half = (corner: number) => (z: number): Contour => ({ type: "CLOSED_PLANAR", points: Float64Array.of(corner, corner, z, 10, -10, z, -10, 10, z) });
      const dvh = dvhOf(structure("box", slices3.flatMap((z) => [half(-10)(z), half(10)(z)])), dose, options);
      expect(dvh.volumeCc).toBeCloseTo(9.6, 3);
      expect(dvh.notes.join(" ")).not.toContain("drawn twice");
    });

    test("slices of different distance each reach half-way to the next", () => {
      const dvh = dvhOf(structure("box", [0, 1, 2, 4, 6, 10, 14].map((z) => rectangle(-10, 10, -10, 10, z))), dose, options);
      // Half of 1 mm below 0, half of 4 mm beyond 14.
      expect(dvh.volumeCc).toBeCloseTo((400 * 16.5) / 1000, 3);
    });

    test("a gap is not filled, and told", () => {
      const dvh = dvhOf(structure("box", [-10.5, -7.5, -4.5, 4.5, 7.5, 10.5].map((z) => rectangle(-10, 10, -10, 10, z))), dose, options);
      expect(dvh.volumeCc).toBeCloseTo((400 * 18) / 1000, 3);
      expect(dvh.notes).toContain("No contour between -4.5 and 4.5 mm: the gap is not filled.");
    });

    test("the winding of a contour is of no consequence", () => {
      const backwards = slices3.map((z) => rectangle(10, -10, -10, 10, z));
      expect(dvhOf(structure("box", backwards), dose, options).volumeCc).toBeCloseTo(9.6, 4);
    });

    test.for([[[0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 1]], [[0.8, 0.6, 0], [0, 0, 1]], [[0.6, 0, 0.8], [0, 1, 0]]] as const)("planes spanned by %s and %s", ([u, v]) => {
      const n: Vec3 = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
      const contours = slices3.map((w): Contour => ({ type: "CLOSED_PLANAR", points: Float64Array.from([[-10, -10], [10, -10], [10, 10], [-10, 10]].flatMap(([a, b]) => [0, 1, 2].map((r) => (a as number) * (u[r] as number) + (b as number) * (v[r] as number) + w * (n[r] as number)))) }));
      const dvh = dvhOf(structure("box", contours), doseOf((x, y, z) => 16 + x * n[0] + y * n[1] + z * n[2]), options);
      expect(dvh.volumeCc).toBeCloseTo(9.6, 3);
      // The gradient runs along the normal: 24 mm, even.
      expect(dvh.d2.low).toBeCloseTo(27.52, 1);
      expect(dvh.d98.low).toBeCloseTo(4.48, 1);
    });

    test.for([["feet first", [[-1, 0, 0], [0, 1, 0], [0, 0, -1]]], ["prone", [[-1, 0, 0], [0, -1, 0], [0, 0, 1]]], ["on the side", [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]]] as const)("a patient %s: the dose grid runs the other way, the numbers are the same", ([, axes]) => {
      const dvh = dvhOf(drawn("cone", 1), doseOf(along.z, { axes }), options);
      expect(dvh.d50.low).toBeCloseTo(8.9512, 1);
      expect(dvh.mean.low).toBeCloseTo(10, 1);
    });
  });

  test("8. outside the dose grid: a dose is unknown, not 0; what is certain is given as bounds", () => {
    // The dose reaches from −20 to 5 mm (half a voxel beyond the last center), the box to 10: three quarters are known.
    const whole = doseOf(along.x, { spacing: 1, half: 20 });
    const [nx, ny, nz] = [25, 41, 41];
    const values = new Float32Array(nx * ny * nz).map((_, i) => whole.values[(i % nx) + 41 * Math.floor(i / nx)] as number);
    const dvh = dvhOf(box, { ...whole, grid: { ...whole.grid, size: [nx, ny, nz] }, values }, options);
    expect(dvh.coverage).toBeCloseTo(14.5 / 20, 2);
    expect(dvh.volumeCc).toBeCloseTo(9.6, 4);
    expect(dvh.mean.high).toBe(Infinity);
    expect(dvh.max.low).toBeCloseTo(20, 0);
    // The coldest 5 % may lie in the unknown: D95 is at least 0, at most what the known part says alone.
    expect(dvh.d95.low).toBe(0);
    expect(dvh.d95.high).toBeCloseTo(6 + 20 * 0.05, 1);
    expect(dvh.vAt(10)).toEqual({ low: expect.closeTo(0.525, 1), high: expect.closeTo(0.8, 1) });
    expect(dvh.notes.at(-1)).toContain("outside the dose grid");
  });
});

describe("complaints about other programs", () => {
  test("OnkoDICOM 76: the first and the last contour slice count as much as any other", () => {
    const dvh = dvhOf(drawn("cylinder", 3), doseOf((_x, _y, z) => (Math.abs(z) > 9 ? 30 : 10), { spacing: 0.5, half: 15 }), options);
    // 3 of 24 mm at each end: a quarter.
    expect(dvh.vAt(20).low).toBeCloseTo(0.25, 1);
  });

  test("dicompyler-core 340: a small structure keeps its volume", () => {
    const dvh = dvhOf(structure("lens", [-2.5, 0, 2.5].map((z) => circle(2.5, z, [31.3, 17.9]))), doseOf(along.x, { spacing: 2.5, half: 50 }), options);
    expect(dvh.volumeCc).toBeCloseTo((Math.PI * 6.25 * 7.5) / 1000, 4);
  });

  test("dicompyler-core 389: a contour along the edges of voxels is not empty", () => {
    const dvh = dvhOf(structure("voxel", [0, 3].map((z) => rectangle(-1.5, 1.5, -1.5, 1.5, z))), doseOf(along.x, { spacing: 3 }), options);
    expect(dvh.volumeCc).toBeCloseTo((9 * 6) / 1000, 6);
    const counted = dvhOf(structure("voxel", [0, 3].map((z) => rectangle(-1.5, 1.5, -1.5, 1.5, z))), doseOf(along.x, { spacing: 3 }), { ...options, samples: "dose voxels" });
    expect(counted.samples.doseGy.length).toBe(2);
    expect(counted.mean.low).toBeCloseTo(16, 5);
  });

  test("dicompyler-core 144: a structure beyond the dose grid has its full volume, and no dose there", () => {
    const dvh = dvhOf(structure("far", [0, 3].map((z) => circle(5, z, [100, 0]))), doseOf(along.x, { spacing: 3 }), options);
    expect(dvh.coverage).toBe(0);
    expect(dvh.volumeCc).toBeCloseTo((Math.PI * 25 * 6) / 1000, 4);
    expect(dvh.d50).toEqual({ low: 0, high: Infinity });
    expect(dvh.max).toEqual({ low: 0, high: Infinity });
  });

  test("dicompyler-core 235: contour planes between dose planes see the dose between them", () => {
    const dvh = dvhOf(structure("slice", [circle(5, 1.5)]), doseOf((_x, _y, z) => z * z, { spacing: 3 }), { ...options, sliceMm: 0.01 });
    // Dose planes at 0 and 3 mm have 0 and 9 Gy: 4.5 in the middle.
    expect(dvh.mean.low).toBeCloseTo(4.5, 1);
  });

  test("dicompyler-core 148: two small spheres in one structure have both their volumes (1.87 cc was given for 6.42 cc)", () => {
    const ball = (x: number) => Array.from({ length: 19 }, (_, k) => k - 9).map((z) => circle(Math.sqrt(9.15 ** 2 - z * z), z, [x, 0]));
    const dvh = dvhOf(structure("two", [...ball(-20), ...ball(20)]), doseOf(along.x, { spacing: 4, half: 60 }), options);
    expect(dvh.volumeCc).toBeCloseTo(6.42, 1);
  });

  test("DVH-Analytics 133: a structure at the border of the dose grid is no crash", () => {
    for (const x of [-36, -30.6, -30, 0, 29.9, 30.5, 36]) {
      const dvh = dvhOf(structure("edge", [0, 3].map((z) => circle(5, z, [x, 0]))), doseOf(along.x, { spacing: 3 }), options);
      expect(dvh.coverage).toBeGreaterThanOrEqual(0);
      expect(dvh.coverage).toBeLessThanOrEqual(1);
    }
  });

  test("another frame of reference is refused", () => {
    expect(() => dvhOf(box, doseOf(along.x), { frameOfReference: "9.9" })).toThrow(/radiotherapy\/frame/);
  });

  test("a structure without contours, of points, or of open lines is said to be not drawn", () => {
    const point: Contour = { type: "POINT", points: Float64Array.of(0, 0, 0) };
    const line: Contour = { ...rectangle(-1, 1, -1, 1, 0), type: "OPEN_PLANAR" };
    for (const contours of [[], [point], [line]]) expect(() => dvhOf(structure("none", contours), doseOf(along.x), options)).toThrow(/radiotherapy\/not-drawn/);
  });

  test("a single slice without thickness is not guessed", () => {
    expect(() => dvhOf(structure("one", [circle(5, 0)]), doseOf(along.x), options)).toThrow(/radiotherapy\/slice-thickness/);
  });

  test("a relative dose is no dose", () => {
    expect(() => dvhOf(box, { ...doseOf(along.x), unit: "%" }, options)).toThrow(/radiotherapy\/dose-unit/);
  });
});
