import { HapaxError, axesOf, compose, flat, gridOf, originOf, plus, spacingOf, times, voxelCount, voxelFromPatient, type Grid, type Vec3, type Volume } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";
import { addPlaneAverage, bodyOf, occupancy, rowShares, type Occupancy } from "@hapax/kernels";
import { electronDensity, metalHu, type DensityCurve } from "./density.ts";

/** What the beam passes: density relative to water on the dose grid, and how it was had. */
export interface Medium {
  readonly grid: Grid;
  /** Relative electron density; 0 outside the body; length nx·ny·nz. */
  readonly density: Float32Array;
  /** Id of the density curve, or "water" where there was no CT. */
  readonly curve: string;
  /** What was overridden, cut or assumed, in words for the result. */
  readonly notes: readonly string[];
  /** Voxels of the body next to places that the image or the grid does not hold; left out, there are none. */
  readonly cut?: CutVoxels;
  /** Voxels of the body whose CT number is not known; their density stands as 0. Left out, there are none. */
  readonly unknown?: Int32Array;
}

export interface CutVoxels {
  readonly voxels: Int32Array;
  /** The face at which nothing is known: 0 to 5 for −x, +x, −y, +y, −z, +z of the grid. */
  readonly faces: Uint8Array;
}

/** A structure whose density is set. */
export interface DensityOverride {
  readonly structure: Structure;
  /** Electron density relative to water. */
  readonly density: number;
}

export interface MediumOptions {
  readonly ct: Volume;
  readonly curve: DensityCurve;
  /** The dose grid, its axes parallel to those of the CT; or its spacing, mm, then it covers the body. Left out, 2.5 mm. */
  readonly grid?: Grid | number;
  /** Structure EXTERNAL; left out, the body is found in the image. */
  readonly body?: Structure;
  readonly overrides?: readonly DensityOverride[];
  /** Whether what lies outside the body (couch, masks, clothes) is left out; left out, it is. */
  readonly couch?: "exclude" | "as imaged";
  readonly signal?: AbortSignal;
}

/** Thicker and denser than this, and a twentieth of the largest part, is body: couch tops and their covers are thinner than 10 mm. */
const bodyCriteria = { threshold: 0.3, openingMm: 5, leastPart: 0.05 } as const;
/** Empty voxels around the body. */
const marginVoxels = 2;
/** Air is lighter. */
const tissueDensity = 0.05;

/**
 * Densities of a CT on the dose grid. Each voxel holds the volume average of the electron densities of the CT voxels within
 * it, so that mass is conserved; outside the body nothing is.
 *
 * @throws dose/ct-unit where the volume is not in HU; dose/grid-oblique, dose/grid-frame for a grid that does not lie with
 *         the CT; dose/no-body where none is found; dose/override for a density that is none
 */
export async function mediumOf({ ct, curve, grid: asked = 2.5, body, overrides = [], couch = "exclude", signal }: MediumOptions): Promise<Medium> {
  if (ct.unit !== "HU") throw new HapaxError("dose/ct-unit", `The volume is in ${ct.unit === "" ? "no unit" : ct.unit}, not in HU.`, "Give the CT that the plan was made on.");
  for (const { structure, density } of overrides) {
    if (!(density >= 0 && density < 25)) throw new HapaxError("dose/override", `The density ${density} was asked for ${structure.name}.`, "Give an electron density relative to water, 0 or more.");
  }
  const grid = typeof asked === "number" ? coveringGrid(ct.grid, asked) : asked;
  const shares = sharesOf(ct.grid, grid);
  const outline = body === undefined || couch === "as imaged" ? undefined : insideOf(body, ct.grid);
  const regions = overrides.map(({ structure, density }) => ({ inside: insideOf(structure, ct.grid), density }));
  const averaged = await average(ct, curve, grid, shares, outline, regions, signal);
  const inBody = bodyVoxels(averaged, grid, outline !== undefined, couch);
  const whole = settle(averaged, inBody, grid, shares, [
    `Density curve ${curve.id} (${curve.name}${curve.verified ? "" : ", not verified"}): ${curve.quantity}${curve.quantity === "mass density" ? ", to electron density by tissues of ICRU 44" : ""}; beyond ${curve.nodes[0]?.[0]} and ${curve.nodes.at(-1)?.[0]} HU the density of the last node holds. Dose is to water.`,
    couch === "as imaged" ? "Everything in the image is passed, couch and air too." : body === undefined ? "The body was found in the image; couch and what lies outside it is nothing." : `Outside ${body.name} is nothing: no couch, no air.`,
    ...overrides.map(({ structure, density }) => `${structure.name} has the density ${density}.`),
  ]);
  return { ...(typeof asked === "number" ? cropped(whole) : whole), curve: curve.id };
}

/** A grid along the axes of an image, from its first corner to its last. */
function coveringGrid(image: Grid, spacingMm: number): Grid {
  if (!(spacingMm > 0)) throw new HapaxError("dose/grid-spacing", `A dose grid of ${spacingMm} mm was asked for.`, "Give the distance of its voxels in mm, such as 2.5.");
  const axes = axesOf(image);
  const spacing = spacingOf(image);
  // The first voxel begins where the image begins.
  const origin = axes.reduce((at, axis, a) => plus(at, times(axis, (spacingMm - (spacing[a] as number)) / 2)), originOf(image));
  const size = image.size.map((n, a) => Math.max(1, Math.ceil((n * (spacing[a] as number)) / spacingMm - 1e-6))) as unknown as Vec3;
  return gridOf({ size, origin, spacing: [spacingMm, spacingMm, spacingMm], axes, frameOfReference: image.frameOfReference });
}

type Shares = readonly [ReturnType<typeof rowShares>, ReturnType<typeof rowShares>, ReturnType<typeof rowShares>];

function sharesOf(image: Grid, grid: Grid): Shares {
  if (image.frameOfReference !== grid.frameOfReference) {
    throw new HapaxError("dose/grid-frame", "The dose grid and the CT are in different frames of reference.", "Take the CT that the plan was made on, or register them first.");
  }
  const { rows } = compose(voxelFromPatient(image), grid.patientFromVoxel);
  if (rows.some((row, r) => row.slice(0, 3).some((value, c) => c !== r && Math.abs(value) * Math.max(...grid.size) > 0.01))) {
    throw new HapaxError("dose/grid-oblique", "The dose grid is turned against the CT.", "Give a spacing, and the grid is laid along the CT.");
  }
  const along = (a: 0 | 1 | 2) => rowShares(image.size[a], grid.size[a], rows[a][a], rows[a][3]);
  return [along(0), along(1), along(2)];
}

function insideOf(structure: Structure, image: Grid): Occupancy {
  return occupancy(closedLoops(structure), { size: image.size, patientFromVoxel: flat(image.patientFromVoxel) });
}

interface Averaged {
  readonly density: Float32Array;
  /** Part of each voxel whose CT number is not known; undefined where all are. */
  readonly unknown?: Float32Array;
  /** Part of each voxel that lies in the structure of the body; undefined where none was given. */
  readonly inside?: Float32Array;
  /** Voxels with metal, or beyond the end of the curve. */
  readonly metal: ReadonlySet<number>;
}

async function average(ct: Volume, curve: DensityCurve, grid: Grid, shares: Shares, outline: Occupancy | undefined, regions: readonly { readonly inside: Occupancy; readonly density: number }[], signal: AbortSignal | undefined): Promise<Averaged> {
  const [nx, ny, nz] = ct.grid.size;
  const { values, slope, intercept } = ct;
  const densityAt = electronDensity(curve);
  const densityOf = remembered(values, (stored) => densityAt(stored * slope + intercept));
  const count = voxelCount(grid);
  const density = new Float32Array(count);
  const inside = outline === undefined ? undefined : new Float32Array(count);
  let unknown: Float32Array | undefined;
  const metal = new Set<number>();
  const limit = Math.min(metalHu, curve.nodes.at(-1)?.[0] as number);
  const plane = new Float32Array(nx * ny);
  const flags = new Float32Array(nx * ny);
  let pausedAt = performance.now();
  for (let k = 0; k < nz; k++) {
    if (performance.now() - pausedAt > 30) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      pausedAt = performance.now();
    }
    signal?.throwIfAborted();
    const start = k * nx * ny;
    let gaps = false;
    for (let i = 0; i < plane.length; i++) {
      const stored = values[start + i] as number;
      const at = densityOf(stored);
      plane[i] = at;
      if (at !== at) gaps = true;
      else if (stored * slope + intercept > limit) for (const voxel of targetsOf(i % nx, Math.floor(i / nx), k, grid, shares)) metal.add(voxel);
    }
    for (const { inside: region, density: set } of regions) {
      eachInPlane(region, k, nx, (i, part) => {
        const before = plane[i] as number;
        // An unknown number within the structure is what it was set to.
        plane[i] = part * set + (part === 1 || Number.isNaN(before) ? 0 : (1 - part) * before);
      });
    }
    if (outline !== undefined && inside !== undefined) {
      flags.fill(0);
      eachInPlane(outline, k, nx, (i, part) => (flags[i] = part >= 0.5 ? 1 : 0));
      for (let i = 0; i < plane.length; i++) if (flags[i] === 0) plane[i] = 0;
      addPlaneAverage(inside, flags, k, shares);
    }
    if (gaps) {
      flags.fill(0);
      for (let i = 0; i < plane.length; i++) {
        if (!Number.isNaN(plane[i])) continue;
        plane[i] = 0;
        flags[i] = 1;
      }
      addPlaneAverage((unknown ??= new Float32Array(count)), flags, k, shares);
    }
    addPlaneAverage(density, plane, k, shares);
  }
  return { density, metal, ...(unknown === undefined ? {} : { unknown }), ...(inside === undefined ? {} : { inside }) };
}

/** A function of the numbers of an image, each worked out once: all there can be of two bytes, others as they come. */
function remembered(values: Volume["values"], of: (stored: number) => number): (stored: number) => number {
  const least = values instanceof Int16Array ? -0x8000 : values instanceof Uint16Array ? 0 : undefined;
  if (least !== undefined) {
    const table = Float32Array.from({ length: 0x10000 }, (_, i) => of(i + least));
    return (stored) => table[stored - least] as number;
  }
  const known = new Map<number, number>();
  return (stored) => {
    let found = known.get(stored);
    if (found === undefined) known.set(stored, (found = of(stored)));
    return found;
  };
}

/** Voxels of the grid in which a voxel of the image lies. */
function targetsOf(x: number, y: number, z: number, grid: Grid, [xs, ys, zs]: Shares): number[] {
  const along = ({ from, target }: Shares[0], at: number) => [...target.subarray(from[at], from[at + 1])];
  return along(zs, z).flatMap((k) => along(ys, y).flatMap((j) => along(xs, x).map((i) => i + grid.size[0] * (j + grid.size[1] * k))));
}

/** Goes through the places in a plane of the image of which a structure takes a part. */
function eachInPlane({ first, size, fraction }: Occupancy, z: number, nx: number, visit: (at: number, part: number) => void): void {
  const k = z - first[2];
  if (k < 0 || k >= size[2]) return;
  for (let j = 0, n = k * size[0] * size[1]; j < size[1]; j++) {
    for (let i = 0; i < size[0]; i++, n++) {
      const part = fraction[n] as number;
      if (part > 0) visit(first[0] + i + nx * (first[1] + j), part);
    }
  }
}

/** 1 where the body is, with the voxels that its skin shares with the air. */
function bodyVoxels({ density, inside }: Averaged, grid: Grid, outlined: boolean, couch: "exclude" | "as imaged"): Uint8Array {
  if (couch === "as imaged") return new Uint8Array(density.length).fill(1);
  const found = outlined && inside !== undefined ? inside.map((part) => (part > 0 ? 1 : 0)) : bodyOf(density, grid.size, spacingOf(grid), bodyCriteria);
  if (!found.includes(1)) {
    throw new HapaxError("dose/no-body", outlined ? "The outline of the body lies outside the CT." : "No body was found in the CT.", "Give the structure of the outline (EXTERNAL) and the CT that it was drawn on.");
  }
  const body = Uint8Array.from(found);
  if (outlined) return body;
  const [nx, ny, nz] = grid.size;
  for (let k = 0, i = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let x = 0; x < nx; x++, i++) {
        if (found[i] !== 1) continue;
        if (x > 0) body[i - 1] = 1;
        if (x + 1 < nx) body[i + 1] = 1;
        if (j > 0) body[i - nx] = 1;
        if (j + 1 < ny) body[i + nx] = 1;
        if (k > 0) body[i - nx * ny] = 1;
        if (k + 1 < nz) body[i + nx * ny] = 1;
      }
    }
  }
  return body;
}

/** The medium within the body, with what is not known of it. */
function settle({ density, unknown, metal }: Averaged, body: Uint8Array, grid: Grid, [xs, ys, zs]: Shares, notes: readonly string[]): Omit<Medium, "curve"> {
  const kept = new Float32Array(density.length);
  for (let i = 0; i < kept.length; i++) if (body[i] === 1) kept[i] = density[i] as number;
  const dark: number[] = [];
  unknown?.forEach((part, i) => {
    if (part > 0.01 && body[i] === 1) dark.push(i);
  });
  const metals = [...metal].filter((i) => body[i] === 1).length;
  const [nx, ny, nz] = grid.size;
  const [endsX, endsY, endsZ] = [endsOf(xs), endsOf(ys), endsOf(zs)];
  const strides = [1, nx, nx * ny] as const;
  const voxels: number[] = [];
  const faces: number[] = [];
  for (let k = 0, i = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const ofRow = ((endsY[j] as number) << 2) | ((endsZ[k] as number) << 4);
      for (let x = 0; x < nx; x++, i++) {
        const ends = ofRow | (endsX[x] as number);
        if ((ends === 0 && unknown === undefined) || (kept[i] as number) < tissueDensity) continue;
        for (let face = 0; face < 6; face++) {
          const beside = i + (face % 2 === 0 ? -1 : 1) * (strides[face >> 1] as number);
          if ((ends >> face) % 2 === 1 || (unknown !== undefined && (unknown[beside] as number) > 0.5 && body[beside] !== 1)) {
            voxels.push(i);
            faces.push(face);
          }
        }
      }
    }
  }
  return {
    grid,
    density: kept,
    notes: [
      ...notes,
      ...(metals > 0 ? [`Metal, or CT numbers beyond the curve, in ${metals} voxels of the body: their density is an assumption.`] : []),
      ...(dark.length > 0 ? [`The CT number is unknown in ${dark.length} voxels of the body; nothing is there for the beam.`] : []),
    ],
    ...(voxels.length > 0 ? { cut: { voxels: Int32Array.from(voxels), faces: Uint8Array.from(faces) } } : {}),
    ...(dark.length > 0 ? { unknown: Int32Array.from(dark) } : {}),
  };
}

/** Of each voxel of a row, whether the image ends beside it: 1 before, 2 behind. Half a voxel of image tells that a body ends; less is a rounded edge. */
function endsOf({ count, target, share }: Shares[0]): Uint8Array {
  const imaged = new Float64Array(count + 2);
  target.forEach((t, n) => (imaged[t + 1] = (imaged[t + 1] as number) + (share[n] as number)));
  return Uint8Array.from({ length: count }, (_, t) => ((imaged[t] as number) < 0.5 ? 1 : 0) + ((imaged[t + 2] as number) < 0.5 ? 2 : 0));
}

/** Only the box of the body, with a margin. */
function cropped<M extends Omit<Medium, "curve">>(medium: M): M {
  const { grid, density, cut, unknown } = medium;
  const [nx, ny, nz] = grid.size;
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  const reach = (axis: 0 | 1 | 2, at: number) => {
    low[axis] = Math.min(low[axis] as number, at);
    high[axis] = Math.max(high[axis] as number, at);
  };
  for (let row = 0; row < ny * nz; row++) {
    const line = density.subarray(row * nx, (row + 1) * nx);
    const from = line.findIndex((value) => value !== 0);
    if (from === -1) continue;
    reach(0, from);
    reach(0, line.findLastIndex((value) => value !== 0));
    reach(1, row % ny);
    reach(2, Math.floor(row / ny));
  }
  const first = low.map((at) => at - marginVoxels) as unknown as Vec3;
  const size = high.map((at, a) => at + marginVoxels + 1 - (first[a] as number)) as unknown as Vec3;
  const moved = (i: number) => (i % nx) - first[0] + size[0] * ((Math.floor(i / nx) % ny) - first[1] + size[1] * (Math.floor(i / (nx * ny)) - first[2]));
  const box = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = low[2] as number; k <= (high[2] as number); k++) {
    for (let j = low[1] as number; j <= (high[1] as number); j++) {
      const from = (low[0] as number) + nx * (j + ny * k);
      box.set(density.subarray(from, from + (high[0] as number) - (low[0] as number) + 1), moved(from));
    }
  }
  const [spacing, axes] = [spacingOf(grid), axesOf(grid)];
  const origin = axes.reduce((at, axis, a) => plus(at, times(axis, (first[a] as number) * (spacing[a] as number))), originOf(grid));
  return {
    ...medium,
    grid: gridOf({ size, origin, spacing, axes, frameOfReference: grid.frameOfReference }),
    density: box,
    ...(cut === undefined ? {} : { cut: { voxels: cut.voxels.map(moved), faces: cut.faces } }),
    ...(unknown === undefined ? {} : { unknown: unknown.map(moved) }),
  };
}

/** A layer of a phantom across one axis of its grid. */
export interface Slab {
  /** 0, 1, 2: left, back, head; left out, to the back, as a beam at gantry 0 comes. */
  readonly axis?: 0 | 1 | 2;
  /** From the first face of the grid, mm. */
  readonly fromMm: number;
  readonly toMm: number;
  readonly density: number;
}

/**
 * A phantom of water with slabs in it, its axes left, back and head.
 *
 * @param size       voxels
 * @param spacingMm  along each axis, or along all
 * @param origin     center of the first voxel, LPS, mm; left out, the phantom is centered on 0 along x and z and begins at y = 0
 */
export function waterMedium({ size, spacingMm, origin, slabs = [], frameOfReference = "phantom" }: { readonly size: Vec3; readonly spacingMm: number | Vec3; readonly origin?: Vec3; readonly slabs?: readonly Slab[]; readonly frameOfReference?: string }): Medium {
  const spacing: Vec3 = typeof spacingMm === "number" ? [spacingMm, spacingMm, spacingMm] : spacingMm;
  const centered: Vec3 = [(-(size[0] - 1) * spacing[0]) / 2, spacing[1] / 2, (-(size[2] - 1) * spacing[2]) / 2];
  const density = new Float32Array(size[0] * size[1] * size[2]).fill(1);
  const strides = [1, size[0], size[0] * size[1]] as const;
  for (const { axis = 1, fromMm, toMm, density: set } of slabs) {
    const { from, target, share } = rowShares(1, size[axis], spacing[axis] / (toMm - fromMm), (spacing[axis] / 2 - (fromMm + toMm) / 2) / (toMm - fromMm));
    const parts = new Float64Array(size[axis]);
    for (let n = from[0] as number; n < (from[1] as number); n++) parts[target[n] as number] = share[n] as number;
    density.forEach((before, i) => {
      const part = parts[Math.floor(i / strides[axis]) % size[axis]] as number;
      density[i] = part * set + (1 - part) * before;
    });
  }
  return {
    grid: gridOf({ size, origin: origin ?? centered, spacing, frameOfReference }),
    density,
    curve: "water",
    notes: [`A phantom of water${slabs.map(({ fromMm, toMm, density: set }) => `, from ${fromMm} to ${toMm} mm of density ${set}`).join("")}.`],
  };
}
