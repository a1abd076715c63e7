import { plainCrew, type Crew } from "@hapax/kernels";
import { squareField } from "./aperture.ts";
import { dosePerFluence } from "./beam-dose.ts";
import type { ConeCount } from "./cone-kernel.ts";
import { headFluence } from "./head.ts";
import type { Machine } from "./machine.ts";
import { waterMedium } from "./medium.ts";

export interface TankOptions {
  /** Side of the square field at the isocenter. */
  readonly fieldMm: number;
  /** Source to surface. */
  readonly ssdMm: number;
  /** How deep dose is asked for; the water goes on below for what it scatters back. */
  readonly toDepthMm: number;
  /** Left out, 2.5 mm for fields up to 50 mm, else 5; half of it along the beam where no more than 30 mm of depth are asked for. */
  readonly spacingMm?: number;
  /** How far off the axis, in the plane of a point, dose is asked for; left out, on the axis alone. */
  readonly toRadiusMm?: number;
  /** Left out, 72. */
  readonly cones?: ConeCount;
  readonly crew?: Crew;
}

/** Dose in water per unit of fluence at a depth and at x, y of the collimator in the plane of that depth, mm. */
export type TankDose = (depthMm: number, xMm?: number, yMm?: number) => number;

/** Water below the deepest point and beside the outermost ray. */
const belowMm = 110;
const besideMm = 70;
/** Dose bends most above here: voxels of 5 mm along the beam lose 0.3 % of it. */
const buildUpMm = 30;
/** Half of a tank of half a meter. */
const tankHalfMm = 250;

/** The engine's dose of an open square field in a tank of water, as a machine is commissioned: the beam from above. */
export async function tankDose(machine: Machine, { fieldMm, ssdMm, toDepthMm, spacingMm = fieldMm <= 50 ? 2.5 : 5, toRadiusMm = 0, cones = 72, crew = plainCrew }: TankOptions): Promise<TankDose> {
  const deepest = Math.min(450, toDepthMm + belowMm);
  const widest = (fieldMm / 2) * ((ssdMm + deepest) / machine.sadMm);
  const half = Math.min(tankHalfMm, Math.max(widest, toRadiusMm) + besideMm);
  const across = 2 * Math.ceil(half / spacingMm) + 1;
  const alongMm = toDepthMm <= buildUpMm ? spacingMm / 2 : spacingMm;
  const deep = Math.ceil(deepest / alongMm);
  const size = [across, deep, across] as const;
  const dose = await dosePerFluence({
    machine,
    medium: waterMedium({ size, spacingMm: [spacingMm, alongMm, spacingMm] }),
    position: { isocenter: [0, machine.sadMm - ssdMm, 0], patientPosition: "HFS", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 },
    head: headFluence(machine, [{ ...squareField(fieldMm), share: 1 }]),
    cones,
    crew,
  });
  const middle = (across - 1) / 2;
  return (depthMm, xMm = 0, yMm = 0) => {
    const [[x, wx], [y, wy], [z, wz]] = [cubic(xMm / spacingMm + middle, across), cubic(depthMm / alongMm - 0.5, deep), cubic(yMm / spacingMm + middle, across)];
    let sum = 0;
    wz.forEach((c, k) => wy.forEach((b, j) => wx.forEach((a, i) => (sum += a * b * c * (dose[x + i + across * (y + j + deep * (z + k))] as number)))));
    return sum;
  };
}

/** The first of four voxels and the weights of the cubic through them. */
function cubic(place: number, count: number): [first: number, weights: readonly number[]] {
  const first = Math.min(count - 4, Math.max(0, Math.floor(place) - 1));
  const t = place - first;
  return [first, [((t - 1) * (t - 2) * (t - 3)) / -6, (t * (t - 2) * (t - 3)) / 2, (t * (t - 1) * (t - 3)) / -2, (t * (t - 1) * (t - 2)) / 6]];
}
