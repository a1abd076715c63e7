import { test as prop, fc } from "@fast-check/vitest";
import { gridOf, type Vec3 } from "@hapax/base";
import { describe, expect, test } from "vitest";
import {
  fit, lettersOf, middleOf, offPlaneMm, panned, patientFromPixel, pixelFromPatient, placeOf, planeAlong, planeThrough, resized, stepped, through, turned, zoomed,
} from "./plane.ts";

const grid = gridOf({ size: [100, 80, 40], origin: [-49.5, -39.5, -58.5], spacing: [1, 1, 3], frameOfReference: "1" });
const size = { width: 200, height: 160 };
const kinds = ["axial", "coronal", "sagittal"] as const;
const close = (a: Vec3, b: Vec3) => a.forEach((v, i) => expect(v).toBeCloseTo(b[i] as number, 9));

describe("planes of a patient", () => {
  test("axial shows the patient's right at the left and anterior up; coronal head up; sagittal anterior at the left", () => {
    expect(planeThrough("axial", grid, [0, 0, 0], size).letters).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
    expect(planeThrough("coronal", grid, [0, 0, 0], size).letters).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
    expect(planeThrough("sagittal", grid, [0, 0, 0], size).letters).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
  });

  test("a point to the left, to the front and to the head lies where the letters say", () => {
    const point: Vec3 = [20, -15, 30];
    const [x, y] = pixelFromPatient(planeThrough("axial", grid, point, size), point);
    expect(x).toBeGreaterThan(99.5);
    expect(y).toBeLessThan(79.5);
    const [across, down] = pixelFromPatient(planeThrough("sagittal", grid, point, size), point);
    expect(across).toBeLessThan(99.5);
    expect(down).toBeLessThan(79.5);
  });

  test("the whole grid, to the faces of its outer voxels, just fits", () => {
    const axial = planeThrough("axial", grid, [0, 0, 0], size);
    // 100 mm in 200 px and 80 mm in 160 px: both 0.5 mm per px; pixel −0.5 is the edge of the picture.
    expect(axial.mmPerPx).toBeCloseTo(0.5, 12);
    close(patientFromPixel(axial, -0.5, -0.5), [-50, -40, 0]);
    close(patientFromPixel(axial, 199.5, 159.5), [50, 40, 0]);
  });

  test("a step is one slice of the grid, and lands on the center of a slice", () => {
    const axial = planeThrough("axial", grid, [0, 0, 0.7], size);
    expect(placeOf(axial)).toBe("z 0.7 mm");
    expect(placeOf(stepped(axial, grid, 1))).toBe("z 4.5 mm"); // centers at −58.5 + 3 k: 3.7 is nearest to 4.5
    expect(placeOf(stepped(axial, grid, -1))).toBe("z −1.5 mm"); // −2.3 is nearest to −1.5
    expect(placeOf(stepped(planeThrough("coronal", grid, [0, 10.5, 0], size), grid, 3))).toBe("y 13.5 mm");
    // Right × down of a sagittal picture points to the patient's right.
    expect(placeOf(stepped(planeThrough("sagittal", grid, [10.5, 0, 0], size), grid, 1))).toBe("x 9.5 mm");
  });

  test("letters are two where a direction leans more than 6 degrees to a second side", () => {
    expect(lettersOf([1, 0, 0])).toBe("L");
    expect(lettersOf([-Math.cos(0.05), Math.sin(0.05), 0])).toBe("R");
    expect(lettersOf([0, -0.8, 0.6])).toBe("AS");
    expect(lettersOf([0.6, 0.5, -0.62])).toBe("IL");
  });

  test("a plane turned by 90 degrees around its right axis is the next one of the patient", () => {
    const axial = planeThrough("axial", grid, [0, 0, 0], size);
    const upright = turned(axial, "right", -90, [0, 0, 0], grid);
    expect(upright.letters).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
    expect(upright.kind).toBe("coronal");
    const leaning = turned(axial, "right", -30, [5, 6, 0], grid);
    expect(leaning.kind).toBe("oblique");
    expect(leaning.letters.top).toBe("AS");
    close(pixelFromPatient(leaning, [5, 6, 0]), pixelFromPatient(axial, [5, 6, 0]));
  });

  test("an oblique plane keeps its directions at right angles", () => {
    const plane = planeAlong({ right: [1, 0, 0], down: [0.5, 1, -1] }, grid, [0, 0, 0], size);
    expect(plane.letters).toEqual({ left: "R", right: "L", top: "AS", bottom: "PI" });
    expect(offPlaneMm(plane, [30, 5, -5])).toBeCloseTo(0, 9);
  });

  const px = fc.double({ min: -50, max: 250, noNaN: true });
  prop.prop([fc.constantFrom(...kinds), px, px, fc.double({ min: 0.2, max: 5, noNaN: true })])("zoom keeps what is under the pointer, drag takes it along", (kind, x, y, factor) => {
    const plane = planeThrough(kind, grid, [3, -4, 5], size);
    const point = patientFromPixel(plane, x, y);
    close(patientFromPixel(zoomed(plane, factor, [x, y]), x, y), point);
    close(patientFromPixel(panned(plane, 12, -7), x + 12, y - 7), point);
    close(middleOf(resized(plane, { width: 77, height: 33 })), middleOf(plane));
  });

  prop.prop([fc.constantFrom(...kinds), fc.tuple(px, px, px)])("pixel and patient are each other's way back, and through a point nothing is off the plane", (kind, point) => {
    const plane = through(planeThrough(kind, grid, [0, 0, 0], size), point);
    const [x, y, off] = pixelFromPatient(plane, point);
    expect(off).toBeCloseTo(0, 9);
    close(patientFromPixel(plane, x, y), point);
    close(middleOf(fit(zoomed(plane, 3, [0, 0]), grid)), middleOf(plane));
  });

  test("a grid of a feet-first prone patient is shown by the same letters: the patient frame has accounted for it", () => {
    const turnedGrid = gridOf({ size: [100, 80, 40], origin: [49.5, 39.5, 58.5], spacing: [1, 1, 3], axes: [[-1, 0, 0], [0, -1, 0], [0, 0, -1]], frameOfReference: "1" });
    expect(planeThrough("axial", turnedGrid, [0, 0, 0], size)).toEqual(planeThrough("axial", grid, [0, 0, 0], size));
  });
});
