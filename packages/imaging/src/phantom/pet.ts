import { gridOf, type Grid, type Volume } from "@hapax/base";
import type { Anatomy } from "./anatomy.ts";
import { hash, lumps } from "./chance.ts";
import { shared, type Solid } from "./solid.ts";
import type { StudySpec } from "./spec.ts";

/** The PET's grid, 4 mm, over the CT's field. */
export const petGrid = (frameOfReference: string): Grid =>
  gridOf({ size: [138, 138, 102], origin: [-274, -244, -224], spacing: [4, 4, 4], frameOfReference });

/** Uptake of FDG, SUVbw: blurred to the camera's resolution, then its noise. */
export function paintPet(anatomy: Anatomy, study: StudySpec, grid: Grid, progress: (share: number) => void = () => {}): Volume<Float32Array> {
  const [nx, ny, nz] = grid.size;
  const [[mm, , , x0], [, , , y0], [, , dz, z0]] = grid.patientFromVoxel.rows;
  const values = new Float32Array(nx * ny * nz);
  const sources = uptake(anatomy, study);
  for (let k = 0; k < nz; k++) {
    const z = z0 + k * dz;
    for (const { solid, suv } of sources) {
      const section = solid.section(z);
      if (section === undefined) continue;
      for (let j = 0; j < ny; j++) {
        const y = y0 + j * mm;
        if (y < section.box[2] - mm || y > section.box[3] + mm) continue;
        for (let i = 0; i < nx; i++) {
          const x = x0 + i * mm;
          if (x < section.box[0] - mm || x > section.box[1] + mm) continue;
          const share = Math.min(1, 0.5 - section.at(x, y) / mm);
          if (share <= 0) continue;
          const at = (k * ny + j) * nx + i;
          values[at] = (values[at] as number) * (1 - share) + share * (typeof suv === "number" ? suv : suv(x, y, z));
        }
      }
    }
    progress((0.8 * (k + 1)) / nz);
  }
  for (const step of [1, nx, nx * ny]) for (let pass = 0; pass < 2; pass++) blur(values, step);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    const draw = (hash(study.seed, i, 1) + hash(study.seed, i, 2)) / 4294967296 - 1;
    values[i] = Math.max(0, v + draw * 0.16 * Math.sqrt(v + 0.02));
  }
  progress(1);
  return { grid, values, slope: 1, intercept: 0, unit: "SUVbw" };
}

interface Source {
  readonly solid: Solid;
  readonly suv: number | ((x: number, y: number, z: number) => number);
}

/** Where the tracer is; values of ordinary organs are typical, those of the masses are the description's. */
function uptake(a: Anatomy, study: StudySpec): Source[] {
  const avid = (peak: number, seed: number) => (x: number, y: number, z: number) => peak * (0.82 + 0.18 * lumps(x / 18, y / 18, z / 18, seed));
  return [
    { solid: a.skin, suv: 0.35 }, { solid: a.muscle, suv: (x, y, z) => 0.6 + 0.1 * lumps(x / 25, y / 25, z / 25, 5) }, { solid: a.thorax, suv: 0.6 },
    { solid: a.abdomen.liver, suv: (x, y, z) => 2.2 + 0.15 * lumps(x / 14, y / 14, z / 14, 6) }, { solid: a.abdomen.spleen, suv: 1.8 }, { solid: a.abdomen.stomach, suv: 1.6 }, { solid: a.abdomen.kidneys, suv: 3.4 },
    ...a.lungs.map(({ lung }) => ({ solid: lung, suv: 0.45 })),
    { solid: a.organs.heart, suv: 3.6 }, ...a.organs.chambers.map(({ solid }) => ({ solid: shared([solid, a.organs.heart]), suv: 1.8 })),
    { solid: a.organs.aorta, suv: 1.8 }, { solid: a.organs.venaCava, suv: 1.7 }, { solid: a.organs.pulmonaryArteries, suv: 1.7 }, { solid: a.organs.thyroid, suv: 1.5 },
    { solid: a.column, suv: 1.5 }, { solid: a.cord, suv: 1.4 }, { solid: a.organs.trachea, suv: 0.1 },
    ...a.nodules.map((solid) => ({ solid, suv: 2.5 })),
    { solid: a.mediastinalMass, suv: avid(study.mediastinum.suv ?? 0, 41) }, { solid: shared([a.mediastinalMass, a.mediastinalCore]), suv: 2.5 },
    { solid: a.neckMass, suv: avid(study.neck.suv ?? 0, 42) }, { solid: shared([a.neckMass, a.neckCore]), suv: 2.5 },
  ];
}

/** One pass of a 1-2-1 blur along an axis. */
function blur(values: Float32Array, step: number): void {
  const source = values.slice();
  for (let i = step; i + step < values.length; i++) values[i] = 0.25 * (source[i - step] as number) + 0.5 * (source[i] as number) + 0.25 * (source[i + step] as number);
}
