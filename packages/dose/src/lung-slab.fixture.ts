import { coneDoseWith, type Crew } from "@hapax/kernels";
import { releasedIn } from "./beam-dose.ts";
import { coneKernel, conesFor } from "./cone-kernel.ts";
import { waterMedium, type Slab } from "./medium.ts";
import monteCarlo from "./monte-carlo/slab.json" with { type: "json" };
import { pointMachine, sharpOpening } from "./point-beam.fixture.ts";
import { aliRogersSpectrum, varianClinac6 } from "./spectrum.ts";

// 5 cm of water, 10 cm of lung of density 0.25, then water; the surface at the isocenter, 1000 mm from a point source.
const lung: Slab = { fromMm: 50, toMm: 150, density: 0.25 };
export const spectrum = aliRogersSpectrum(varianClinac6);
const machine = pointMachine(spectrum);
export const depthsMm = [40, 50, 60, 80, 100, 120, 140, 155, 160, 180, 200, 250];

/** Dose over the dose in water at the same depth: full superposition of density-scaled kernels that all stand along the axis, made elsewhere from the same kernels. */
export const table: Readonly<Record<number, readonly number[]>> = {
  30: [0.998, 0.993, 0.991, 0.983, 1.029, 1.098, 1.178, 1.321, 1.356, 1.391, 1.404, 1.411],
  50: [0.997, 0.991, 1.009, 1.041, 1.087, 1.149, 1.226, 1.299, 1.314, 1.345, 1.365, 1.388],
  100: [0.992, 0.985, 1.003, 1.043, 1.089, 1.141, 1.203, 1.242, 1.248, 1.274, 1.294, 1.331],
  200: [0.986, 0.978, 0.993, 1.028, 1.069, 1.113, 1.167, 1.199, 1.203, 1.22, 1.237, 1.27],
};
export const fieldsMm = [30, 50, 100, 200] as const;

/** Dose on the axis at the depths, in voxels of 2.5 mm, 4 mm across for the widest field; the grid ends where the field does, lines to the axis all lie in it. */
async function onAxis(crew: Crew, fieldMm: number, slabs: readonly Slab[], turned: boolean): Promise<number[]> {
  const across = fieldMm > 100 ? 4 : 2.5;
  const [n, deep] = [2 * Math.ceil((1.36 * fieldMm + 8) / 2 / across) + 1, 140];
  const { field } = await releasedIn({
    machine,
    medium: waterMedium({ size: [n, deep, n], spacingMm: [across, 2.5, across], slabs }),
    position: { isocenter: [0, 0, 0], patientPosition: "HFS", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 },
    head: sharpOpening([-fieldMm / 2, fieldMm / 2], [-fieldMm / 2, fieldMm / 2]),
    crew,
  });
  const cones = conesFor(coneKernel(spectrum), field.axis, 72);
  if (!turned) cones.tilts.fill(0);
  const dose = await coneDoseWith(crew, field, cones);
  const middle = (n - 1) / 2;
  const at = (j: number) => dose[middle + n * (j + deep * middle)] as number;
  // Depths lie on faces of voxels: the mean of the two beside.
  return depthsMm.map((depth) => (at(depth / 2.5 - 1) + at(depth / 2.5)) / 2);
}

/** Dose behind the slab over that in water, at the depths; `turned` kernels follow their rays. */
export async function ratiosOf(crew: Crew, fieldMm: number, turned: boolean): Promise<number[]> {
  const water = await onAxis(crew, fieldMm, [], turned);
  return (await onAxis(crew, fieldMm, [lung], turned)).map((dose, d) => dose / (water[d] as number));
}

/** Our Monte Carlo's ratio at a point of the table, and its standard deviation. */
export function monteCarloRatio(fieldMm: number, depthMm: number): readonly [value: number, sigma: number] {
  return monteCarlo.ratio[monteCarlo.sidesCm.indexOf(fieldMm / 10)]?.[monteCarlo.depthsCm.indexOf(depthMm / 10)] as [number, number];
}
