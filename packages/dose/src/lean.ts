import type { ConeField, Cones } from "@hapax/kernels";

/** Energy is counted to this way, mm: as far as it stays in a patient. */
const countedMm = 400;

/**
 * What cones gain where rays lean, per squared tangent of the lean: a tilt t makes 1 + t + t²/2 of a share, and about the ray
 * the mean of t is 0 while that of t² is not. For t = k tan(lean) sin θ cos φ, the mean of t²/2 is k² sin² θ tan² / 4.
 */
export function gainOfLean(cones: Cones, axis: readonly [number, number, number]): number {
  let [gain, energy] = [0, 0];
  for (let c = 0; c < cones.count; c++) {
    const share = (part: number) => cones.shares[6 * c + part] as number;
    const counted = share(0) + share(1) - share(2) * Math.expm1(-(cones.rates[2 * c + 1] as number) * countedMm);
    const cosine = axis.reduce((sum, value, a) => sum + value * (cones.directions[3 * c + a] as number), 0);
    energy += counted;
    gain += (counted * (cones.tilts[c] as number) ** 2 * (1 - cosine ** 2)) / 4;
  }
  return gain / energy;
}

/** A field whose TERMA, in place, is lowered by what its cones gain where rays lean, so that energy is kept. */
export function keepingEnergy(field: ConeField, cones: Cones): ConeField {
  const { size: [nx, ny, nz], spacingMm: [dx, dy, dz], sourceMm, axis, terma, hardTerma } = field;
  const gain = gainOfLean(cones, axis);
  for (let k = 0, voxel = 0; k < nz; k++) {
    const z = k * dz - sourceMm[2];
    for (let j = 0; j < ny; j++) {
      const y = j * dy - sourceMm[1];
      for (let i = 0; i < nx; i++, voxel++) {
        if (terma[voxel] === 0) continue;
        const x = i * dx - sourceMm[0];
        const along = x * axis[0] + y * axis[1] + z * axis[2];
        const kept = 1 / (1 + gain * ((x * x + y * y + z * z) / (along * along) - 1));
        terma[voxel] = (terma[voxel] as number) * kept;
        hardTerma[voxel] = (hardTerma[voxel] as number) * kept;
      }
    }
  }
  return field;
}
