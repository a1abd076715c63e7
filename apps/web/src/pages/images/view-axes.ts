import { axesOf, cross, spacingOf, times, type Grid, type Vec3 } from "@hapax/base";

/** The three planes that cut a patient. */
export type PlaneName = "axial" | "coronal" | "sagittal";
export const planeNames: readonly PlaneName[] = ["axial", "coronal", "sagittal"];

/** How a plane lies: unit vectors in LPS to the right and down on the screen and along right × down, and the step between slices, mm. */
export interface ViewAxes {
  readonly right: Vec3;
  readonly down: Vec3;
  readonly normal: Vec3;
  readonly stepMm: number;
}

/** As a reader expects them: the patient's right at the left of the screen, the head up, the front up or at the left. */
const usual: Readonly<Record<PlaneName, { readonly right: Vec3; readonly down: Vec3; readonly through: 0 | 1 | 2 }>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], through: 2 },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], through: 1 },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], through: 0 },
};

/**
 * The planes of a series: along its own voxels, so that a slice on the screen is a slice of the scanner, turned so that
 * each lies as near as it can to the plane whose name it has.
 */
export function viewAxes(grid: Grid): Readonly<Record<PlaneName, ViewAxes>> {
  const along = nearest(axesOf(grid));
  const spacing = spacingOf(grid);
  const axis = (direction: Vec3): Vec3 => {
    const patient = direction.findIndex((part) => part !== 0) as 0 | 1 | 2;
    const { of, sign } = along[patient];
    return times(axesOf(grid)[of], sign * direction[patient]);
  };
  const plane = (name: PlaneName): ViewAxes => {
    const [right, down] = [axis(usual[name].right), axis(usual[name].down)];
    return { right, down, normal: cross(right, down), stepMm: spacing[along[usual[name].through].of] };
  };
  return { axial: plane("axial"), coronal: plane("coronal"), sagittal: plane("sagittal") };
}

interface Along {
  readonly of: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/** Which axis of the grid runs along the patient's left, back and head, each once: of the six ways the best in all. */
function nearest(axes: readonly [Vec3, Vec3, Vec3]): readonly [Along, Along, Along] {
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;
  const fit = (order: readonly (0 | 1 | 2)[]) => order.reduce<number>((sum, of, patient) => sum + Math.abs(axes[of][patient] ?? 0), 0);
  const best = orders.reduce((a, b) => (fit(b) > fit(a) + 1e-9 ? b : a));
  const along = (patient: 0 | 1 | 2): Along => ({ of: best[patient], sign: axes[best[patient]][patient] < 0 ? -1 : 1 });
  return [along(0), along(1), along(2)];
}
