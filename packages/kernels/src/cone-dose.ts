import type { ConeField, Cones } from "./cone-field.ts";

/** Density below which the cones do not go: energy crosses air and vacuum, and a dose remains a number. */
export const leastConeDensity = 0.001;

/** How the parallel lines of a cone run through the voxels: on plane k a line has moved by `first[k]` and `second[k]` voxels. */
export interface ConeLines {
  /** Axis (0, 1, 2 for x, y, z) whose planes are stepped: the one along which the direction crosses most of them. */
  readonly along: number;
  /** The other two axes, the lower one first. */
  readonly across: readonly [number, number];
  /** +1 or −1: which way the planes are stepped. */
  readonly sign: number;
  /** Way from plane to plane, mm. */
  readonly wayMm: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
}

/** Which voxels the lines of a direction visit. Each voxel of a plane is on exactly one line; mirrored directions have mirrored lines. */
export function coneLines({ size, spacingMm }: Pick<ConeField, "size" | "spacingMm">, direction: readonly [number, number, number]): ConeLines {
  const planesPerMm = direction.map((d, axis) => d / (spacingMm[axis] as number)) as [number, number, number];
  let along = 2;
  for (const axis of [1, 0]) if (Math.abs(planesPerMm[axis] as number) > Math.abs(planesPerMm[along] as number)) along = axis;
  const across = [0, 1, 2].filter((axis) => axis !== along) as [number, number];
  const perPlane = Math.abs(planesPerMm[along] as number);
  const offsets = (axis: number) => {
    const slope = (planesPerMm[axis] as number) / perPlane;
    // Rounded by size and not by value, so that a mirrored direction makes mirrored lines.
    return Int32Array.from({ length: size[along] as number }, (_, k) => Math.sign(slope) * Math.round(Math.abs(slope) * k));
  };
  return { along, across, sign: (direction[along] as number) < 0 ? -1 : 1, wayMm: 1 / perPlane, first: offsets(across[0]), second: offsets(across[1]) };
}

/** Direction of a cone. */
export const coneDirection = ({ directions }: Cones, c: number): [number, number, number] => [...directions.subarray(3 * c, 3 * c + 3)] as [number, number, number];

/**
 * Dose by collapsed cones: of the energy that each voxel releases, what each later voxel of its lines absorbs.
 *
 * Inside a voxel the source is uniform and the exponentials are exact; between voxels lines go straight and are not interpolated.
 *
 * @param field  density, TERMA and where the beam comes from
 * @param cones  directions and what travels along them
 * @returns      dose, in the unit of the TERMA; length nx·ny·nz
 * @source       ahnesjo1989
 */
export function coneDose(field: ConeField, cones: Cones): Float32Array {
  const dose = new Float32Array(field.density.length);
  for (let c = 0; c < cones.count; c++) addConeDose(dose, field, cones, c);
  return dose;
}

/** Adds to `dose` what one cone brings; `coneDose` is the sum of all. */
export function addConeDose(dose: Float32Array, field: ConeField, cones: Cones, cone: number): void {
  const { rows, follow } = coneRows(dose, field, cones, cone);
  for (let row = 0; row < rows; row++) follow(row);
}

/** The same, a row of lines at a time. */
export function coneRows(dose: Float32Array, field: ConeField, cones: Cones, cone: number): { readonly rows: number; follow(row: number): void } {
  const { density, terma, hardTerma, size, spacingMm, sourceMm, axis } = field;
  const direction = coneDirection(cones, cone);
  const lines = coneLines(field, direction);
  const { along, wayMm, first, second } = lines;
  const strides = [1, size[0], size[0] * size[1]] as const;
  const [acrossA, acrossB] = lines.across as [0 | 1 | 2, 0 | 1 | 2];
  const [planes, na, nb] = [size[along] as number, size[acrossA], size[acrossB]];
  const [lastFirst, lastSecond] = [first[planes - 1] as number, second[planes - 1] as number];
  const [firstStart, firstCount] = [Math.min(0, -lastFirst), na + Math.abs(lastFirst)];
  const [secondStart, secondCount] = [Math.min(0, -lastSecond), nb + Math.abs(lastSecond)];

  const rate = Array.from({ length: 3 }, (_, p) => (cones.rates[2 * cone + (p === 2 ? 1 : 0)] as number) * (p === 1 ? 2 : 1)) as [number, number, number];
  const shares = cones.shares.subarray(6 * cone, 6 * cone + 6);
  const tilt = cones.tilts[cone] as number;
  const onAxis = direction[0] * axis[0] + direction[1] * axis[1] + direction[2] * axis[2];
  const [dx, dy, dz] = direction;
  /** Energy that each line carries in each part, per volume of a voxel. */
  const carried = [0, 1, 2].map(() => new Float64Array(firstCount)) as [Float64Array, Float64Array, Float64Array];
  const at = [0, 0, 0] as [number, number, number];

  const follow = (line: number) => {
    const b = secondStart + line;
    for (const part of carried) part.fill(0);
    for (let k = 0; k < planes; k++) {
      at[acrossB] = b + (second[k] as number);
      if (at[acrossB] < 0 || at[acrossB] >= nb) continue;
      at[along as 0 | 1 | 2] = lines.sign > 0 ? k : planes - 1 - k;
      at[acrossA] = 0;
      const row = at[0] * strides[0] + at[1] * strides[1] + at[2] * strides[2];
      const line0 = -(first[k] as number) - firstStart;
      for (let a = 0; a < na; a++) {
        const voxel = row + a * strides[acrossA];
        at[acrossA] = a;
        const x = at[0] * spacingMm[0] - sourceMm[0];
        const y = at[1] * spacingMm[1] - sourceMm[1];
        const z = at[2] * spacingMm[2] - sourceMm[2];
        const before = x * axis[0] + y * axis[1] + z * axis[2];
        const leaning = tilt * ((before > 0 ? (dx * x + dy * y + dz * z) / before : 0) - onAxis);
        const tilted = 1 + leaning + leaning ** 2 / 2;
        const mass = Math.max(leastConeDensity, density[voxel] as number);
        const released = (terma[voxel] as number) * mass * tilted;
        const hardened = (hardTerma[voxel] as number) * mass * tilted;
        let perMass = 0;
        for (let p = 0; p < 3; p++) {
          const part = carried[p] as Float64Array;
          const thickness = (rate[p] as number) * mass * wayMm;
          const source = released * (shares[p] as number) + hardened * (shares[p + 3] as number);
          const passing = part[line0 + a] as number;
          const mean = meanOfExp(thickness);
          // Absorbed over the voxel: passing · (1 − e^−x) + source · (1 − mean).
          const absorbed = thickness * (passing * mean + source * fallOfMean(thickness, mean));
          perMass += absorbed / mass;
          part[line0 + a] = passing + source - absorbed;
        }
        dose[voxel] = (dose[voxel] as number) + perMass;
      }
    }
  };
  return { rows: secondCount, follow };
}

/** Mean of e^−t over t from 0 to x: (1 − e^−x) / x. */
const meanOfExp = (x: number): number => (x === 0 ? 1 : -Math.expm1(-x) / x);

/** How far that mean is below 1, per x: a series where the difference would be lost in rounding. */
const fallOfMean = (x: number, mean: number): number => (x < 0.01 ? 1 / 2 - x * (1 / 6 - x * (1 / 24 - x * (1 / 120 - x / 720))) : (1 - mean) / x);
