import { compose, type Volume } from "@hapax/base";
import { frameMap, type Registration } from "@hapax/case";
import type { RegistrationInfo } from "./scan-summary.ts";

/** A volume in another frame of reference: its voxels stay as they are, only their places are told anew. */
export function inFrame(volume: Volume, frameOfReference: string, registrations: readonly RegistrationInfo[]): Volume | undefined {
  const { grid } = volume;
  if (grid.frameOfReference === frameOfReference) return volume;
  const found = between(grid.frameOfReference, frameOfReference, registrations);
  if (found === undefined) return undefined;
  return { ...volume, grid: { ...grid, patientFromVoxel: compose(found.map, grid.patientFromVoxel), frameOfReference } };
}

/** How points of one frame are taken to another, by the registrations of the case; undefined where nothing ties the two. */
export const between = (from: string, to: string, registrations: readonly RegistrationInfo[]) => frameMap(from, to, registrations as unknown as readonly Registration[]);
