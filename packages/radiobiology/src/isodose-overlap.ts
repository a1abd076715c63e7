import { HapaxError, showNumber, voxelMm3, type Grid, type Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { doseOnGrid } from "./course-dose.ts";
import type { ReirradiationType } from "./reirradiation-type.ts";

/** A course and the isodose that stands for what it irradiated. */
export interface IrradiatedVolume {
  readonly name: string;
  /** Physical dose, Gy. */
  readonly dose: Volume;
  /** The isodose, Gy: for example half of the prescription. */
  readonly isodoseGy: number;
}

/** What two isodose volumes share, cc, counted in voxels of the chosen grid. */
export interface IsodoseOverlap {
  readonly firstCc: number;
  readonly secondCc: number;
  readonly bothCc: number;
  /** Inside the isodose of one course where the dose of the other is not known: overlap is possible there. */
  readonly unknownCc: number;
  /** The volumes are counted in steps of this. */
  readonly voxelCc: number;
  /** How it was done, sentence by sentence. */
  readonly method: readonly string[];
}

/**
 * Overlap of what two courses irradiated, by an isodose of each.
 *
 * @param grid  where it is counted, in the frame of reference of both doses or tied to it
 * @throws      radiobiology/isodose when a level is not above 0; radiobiology/unit, radiobiology/frame
 */
export function isodoseOverlap(first: IrradiatedVolume, second: IrradiatedVolume, grid: Grid, registrations: readonly Registration[] = []): IsodoseOverlap {
  const [a, b] = [first, second].map(({ name, dose, isodoseGy }) => {
    if (!(isodoseGy > 0)) throw new HapaxError("radiobiology/isodose", `The isodose of ${name} was given as ${isodoseGy} Gy.`, "Give a dose above 0 Gy, such as half of the prescription.");
    return doseOnGrid(name, dose, grid, registrations);
  }) as [ReturnType<typeof doseOnGrid>, ReturnType<typeof doseOnGrid>];
  const voxelCc = voxelMm3(grid) / 1000;
  let [inFirst, inSecond, both, unknown] = [0, 0, 0, 0];
  for (let i = 0; i < a.gy.length; i++) {
    const [x, y] = [a.gy[i] as number, b.gy[i] as number];
    const [hasFirst, hasSecond] = [x >= first.isodoseGy, y >= second.isodoseGy];
    if (hasFirst) inFirst++;
    if (hasSecond) inSecond++;
    if (hasFirst && hasSecond) both++;
    if ((hasFirst && Number.isNaN(y)) || (hasSecond && Number.isNaN(x))) unknown++;
  }
  return {
    firstCc: inFirst * voxelCc,
    secondCc: inSecond * voxelCc,
    bothCc: both * voxelCc,
    unknownCc: unknown * voxelCc,
    voxelCc,
    method: [
      `${first.name}: isodose of ${showNumber(first.isodoseGy)} Gy; ${a.because}.`,
      `${second.name}: isodose of ${showNumber(second.isodoseGy)} Gy; ${b.because}.`,
      `Counted in voxels of ${showNumber(Number(voxelCc.toPrecision(3)))} cc of the chosen grid, within that grid.`,
    ],
  };
}

/** What else decides the type of a re-irradiation; undefined is not known. */
export interface ReirradiationTerms {
  readonly sameOrgan?: boolean;
  /** Concern for the cumulative dose. */
  readonly concern?: boolean;
}

/**
 * Types of re-irradiation that the geometry leaves open, in the terms of ESTRO and EORTC: overlap is type 1; without it,
 * concern for the cumulative dose is type 2; without both, the same organ or not decides.
 *
 * @returns all that remain, one where it is settled
 * @source  andratschke2022
 */
export function typesByOverlap({ bothCc, unknownCc }: IsodoseOverlap, { sameOrgan, concern }: ReirradiationTerms): ReirradiationType[] {
  if (bothCc > 0) return ["type 1"];
  const apart: ReirradiationType[] = [];
  if (concern !== false) apart.push("type 2");
  if (concern !== true && sameOrgan !== false) apart.push("repeat organ irradiation");
  if (concern !== true && sameOrgan !== true) apart.push("repeat irradiation");
  return unknownCc > 0 ? ["type 1", ...apart] : apart;
}
