import { apply, dot, lengthOf, minus, plus, times, transform, voxelFromPatient, type Grid, type Vec3 } from "@hapax/base";
import { lettersOf, type ViewPlane } from "@hapax/figures";
import type { PlaneName, ViewAxes } from "./view-axes.ts";
import type { NamedWindow } from "@hapax/figures";

export type ViewName = PlaneName | "beam";

/** How the reader looks at a study; the three planes share one point, one place and one scale. */
export interface Viewer {
  /** The crosshair, LPS, mm. */
  readonly point: Vec3;
  /** What stands in the middle of the views, LPS, mm. */
  readonly middle: Vec3;
  readonly mmPerPx: number;
  readonly window: NamedWindow;
  readonly inverted: boolean;
  /** The view that fills the page; undefined shows all four. */
  readonly large: ViewName | undefined;
}

/** The plane of a view that is so many CSS px wide and high; `dense` device px stand for one of them. */
export function planeOf(viewer: Viewer, kind: PlaneName, { right, down, normal, stepMm }: ViewAxes, width: number, height: number, dense = 1): ViewPlane {
  const mmPerPx = viewer.mmPerPx / dense;
  const middle = plus(viewer.middle, times(normal, dot(minus(viewer.point, viewer.middle), normal)));
  const [w, h] = [Math.max(1, Math.round(width * dense)), Math.max(1, Math.round(height * dense))];
  const corner = minus(minus(middle, times(right, (mmPerPx * (w - 1)) / 2)), times(down, (mmPerPx * (h - 1)) / 2));
  const row = (i: 0 | 1 | 2) => [right[i] * mmPerPx, down[i] * mmPerPx, normal[i] * stepMm, corner[i]] as const;
  const letters = { left: lettersOf(times(right, -1)), right: lettersOf(right), top: lettersOf(times(down, -1)), bottom: lettersOf(down) };
  return { kind, patientFromScreen: transform([row(0), row(1), row(2)]), width: w, height: h, mmPerPx, letters };
}

/** The center of the voxel that a point lies in, or of the nearest: so that a slice on the screen is one of the scanner. */
export function snapped(grid: Grid, point: Vec3): Vec3 {
  const at = apply(voxelFromPatient(grid), point);
  const inside = (i: 0 | 1 | 2) => Math.min(grid.size[i] - 1, Math.max(0, Math.round(at[i])));
  return apply(grid.patientFromVoxel, [inside(0), inside(1), inside(2)]);
}

/** The crosshair so many slices further along the normal of a plane. */
export function scrolled(viewer: Viewer, grid: Grid, { normal, stepMm }: ViewAxes, slices: number): Viewer {
  return { ...viewer, point: snapped(grid, plus(viewer.point, times(normal, slices * stepMm))) };
}

/** The same, from the last slice on to the first. */
export function looped(viewer: Viewer, grid: Grid, axes: ViewAxes, slices: number): Viewer {
  const next = scrolled(viewer, grid, axes, slices);
  const still = lengthOf(minus(next.point, viewer.point)) < axes.stepMm / 2;
  return still ? scrolled(viewer, grid, axes, -slices * Math.max(...grid.size)) : next;
}

/** Larger or smaller by a factor, while the place under the cursor stays where it is. */
export function zoomed(viewer: Viewer, at: Vec3, factor: number): Viewer {
  const mmPerPx = Math.min(8, Math.max(0.02, viewer.mmPerPx / factor));
  const ratio = mmPerPx / viewer.mmPerPx;
  return { ...viewer, mmPerPx, middle: plus(at, times(minus(viewer.middle, at), ratio)) };
}

/** Moved with the hand by so many px. */
export function panned(viewer: Viewer, { right, down }: ViewAxes, dx: number, dy: number): Viewer {
  const shift = plus(times(right, -dx * viewer.mmPerPx), times(down, -dy * viewer.mmPerPx));
  return { ...viewer, middle: plus(viewer.middle, shift) };
}

/** Window changed by hand: to the right wider, down brighter, a step for each px in proportion to the width. */
export function windowed(viewer: Viewer, dx: number, dy: number): Viewer {
  const { center, width } = viewer.window;
  const next = Math.max(width * Math.exp(dx / 200), 1e-3);
  return { ...viewer, window: { name: "Window", center: center - (dy * width) / 300, width: next } };
}
