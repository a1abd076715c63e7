import { Gy, transform } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { medianMs, report } from "@hapax/kernels/stopwatch";
import { cumulativeDose, type DoseCourse } from "./cumulative-dose.ts";
import { cube, doseOn } from "./dose-on-a-grid.fixture.ts";

const sine = (x: number, y: number, z: number) => 30 + 30 * Math.sin((x + y + z) / 20);
const first: DoseCourse = { name: "first", dose: doseOn(cube(128, 2.5), sine), fractions: 30 };
const second: DoseCourse = { name: "second", dose: doseOn(cube(128, 2.6), sine), fractions: 5 };
const earlier: DoseCourse = { ...second, dose: doseOn(cube(128, 2.6, [0, 0, 0], "earlier"), sine) };
const turned: Registration = {
  uid: "9", studyUid: "", seriesUid: "", files: [], label: "turned by 3°", synthetic: true, problems: [], from: "earlier", to: "planning",
  rows: transform([[0.9986, -0.0523, 0, 3], [0.0523, 0.9986, 0, -2], [0, 0, 1, 1]]).rows,
};

/** The sum without places, coverage and extremes, of doses on one grid: what it cannot be faster than. */
function plain(): Float32Array {
  const [a, b] = [first.dose.values, second.dose.values];
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) {
    const [d, e] = [a[i] as number, b[i] as number];
    out[i] = (d * (d / 30 + 2)) / 4 + (e * (e / 5 + 2)) / 4;
  }
  return out;
}

/** Two courses of two million voxels each, on another grid each, and turned against each other. */
export function bench(): void {
  const floor = medianMs(plain);
  const sum = (courses: readonly DoseCourse[]) => medianMs(() => cumulativeDose(courses, first.dose.grid, Gy(2), { measure: "EQD2", registrations: [turned] }));
  report("radiobiology/cumulative-dose", sum([first, second]), "formula on one grid", floor, "2 × 2.1 million voxels");
  report("radiobiology/cumulative-dose, turned", sum([first, earlier]), "formula on one grid", floor, "through a registration");
}

if (import.meta.main) bench();
