import { gridOf, type Grid, type Volume } from "@hapax/base";
import type { Anatomy } from "./anatomy.ts";
import { hash, lumps, noiseTile } from "./chance.ts";
import { cageDistance, columnHu } from "./skeleton.ts";
import { shared, swollen, type Rectangle, type Solid } from "./solid.ts";

/** Extent of every scan, mm: neck to the upper abdomen, with both arms. */
const field = { widthMm: 550, y: 30, lowZ: -225, highZ: 180, sliceMm: 3 };

/** Voxels across a slice: 256, or 512 for `fine`; `coarse` is for tests. */
export type Quality = "coarse" | "default" | "fine";
const edge: Readonly<Record<Quality, number>> = { coarse: 64, default: 256, fine: 512 };

/** The grid of a scan. */
export function ctGrid(quality: Quality, frameOfReference: string): Grid {
  const n = edge[quality], mm = field.widthMm / n;
  const sliceMm = quality === "coarse" ? 15 : field.sliceMm;
  const slices = Math.round((field.highZ - field.lowZ) / sliceMm) + 1;
  return gridOf({ size: [n, n, slices], origin: [(-field.widthMm + mm) / 2, field.y + (-field.widthMm + mm) / 2, field.lowZ], spacing: [mm, mm, sliceMm], frameOfReference });
}

/** What a solid is made of: one number, or HU from the place and the depth below its surface. */
type Stuff = number | ((x: number, y: number, z: number, depth: number) => number);

interface Layer {
  readonly solid: Solid;
  readonly stuff: Stuff | ((z: number) => Stuff);
  readonly perPlane?: true;
}

const layer = (solid: Solid, stuff: Stuff): Layer => ({ solid, stuff });
const layerByPlane = (solid: Solid, stuff: (z: number) => Stuff): Layer => ({ solid, stuff, perPlane: true });

/** A scan, painted from the skin inwards; its noise is the scanner's, seeded. */
export function paintCt(anatomy: Anatomy, grid: Grid, seed: number, progress: (share: number) => void = () => {}): Volume<Int16Array> {
  const [nx, ny, nz] = grid.size;
  const [[mm, , , x0], [, , , y0], [, , dz, z0]] = grid.patientFromVoxel.rows;
  const values = new Int16Array(nx * ny * nz);
  const plane = new Float32Array(nx * ny);
  const layers = layersOf(anatomy);
  const noise = noiseTile(256, seed, 0.42, 0.3), streaks = noiseTile(256, seed + 1, 0.95, 0.1);
  for (let k = 0; k < nz; k++) {
    const z = z0 + k * dz;
    plane.fill(-1000);
    for (const { solid, stuff, perPlane } of layers) {
      const section = solid.section(z);
      if (section === undefined) continue;
      const hu = perPlane === true ? (stuff as (z: number) => Stuff)(z) : (stuff as Stuff);
      const [i0, i1, j0, j1] = within(section.box, mm, x0, y0, nx, ny);
      for (let j = j0; j <= j1; j++) {
        const y = y0 + j * mm;
        for (let i = i0, d = 0, skip = 0; i <= i1; i += skip) {
          d = section.at(x0 + i * mm, y);
          // Far from the surface the next points are known: outside there is nothing to paint, inside the depth is enough.
          skip = Math.max(1, Math.floor((Math.abs(d) - (d > 0 ? mm : 22)) / (2 * mm)));
          const share = 0.5 - d / mm;
          if (share <= 0) continue;
          const until = Math.min(i + skip, i1 + 1);
          for (let n = i; n < until; n++) {
            const value = typeof hu === "number" ? hu : hu(x0 + n * mm, y, z, d), at = j * nx + n;
            plane[at] = share >= 1 ? value : (plane[at] as number) * (1 - share) + value * share;
          }
        }
      }
    }
    addNoise(plane, nx, z, hash(seed, k), noise, streaks);
    const first = k * nx * ny;
    for (let i = 0; i < plane.length; i++) values[first + i] = Math.max(-1024, Math.min(3071, Math.round(plane[i] as number)));
    progress((k + 1) / nz);
  }
  return { grid, values, slope: 1, intercept: 0, unit: "HU" };
}

/** Columns and rows of the voxels in a rectangle. */
function within([x0, x1, y0, y1]: Rectangle, mm: number, left: number, front: number, nx: number, ny: number): [number, number, number, number] {
  const low = (v: number) => Math.max(0, Math.floor(v)), high = (v: number, n: number) => Math.min(n - 1, Math.ceil(v));
  return [low((x0 - left) / mm - 1), high((x1 - left) / mm + 1, nx), low((y0 - front) / mm - 1), high((y1 - front) / mm + 1, ny)];
}

/** Noise of the reconstruction, with the streaks that shoulders leave. */
function addNoise(plane: Float32Array, nx: number, z: number, shift: number, noise: Float32Array, streaks: Float32Array): void {
  const shoulders = 1 / (1 + ((z - 58) / 38) ** 2);
  const fromX = shift & 255, fromY = (shift >>> 8) & 255;
  for (let i = 0; i < plane.length; i++) {
    const x = i % nx, y = (i - x) / nx;
    const at = ((y + fromY) & 255) * 256 + ((x + fromX) & 255);
    const air = (plane[i] as number) < -900 ? 0.5 : 1;
    plane[i] = (plane[i] as number) + air * ((9 + 4 * shoulders) * (noise[at] as number) + 9 * shoulders * (streaks[at] as number));
  }
}

const texture = (x: number, y: number, z: number, mm: number, seed: number) => lumps(x / mm, y / mm, z / mm, seed);

const fat = (x: number, y: number, z: number): number => -103 + 10 * texture(x, y, z, 7, 2);
const flesh = (x: number, y: number, z: number): number => 56 + 9 * texture(x, y, z, 5, 3);
const cortical = (marrow: number, shell: number, thick: number): Stuff => (x, y, z, depth) => (depth > -thick ? shell : marrow + 50 * texture(x, y, z, 3.5, 4));

/** From the outside inwards; what comes later lies over what came before. */
function layersOf(a: Anatomy): Layer[] {
  const o = a.organs;
  const fatRim = (solid: Solid, mm: number): Layer => layer(swollen(solid, mm), fat);
  return [
    layer(a.skin, (x, y, z, depth) => (depth > -1.8 ? 25 : -103 + 10 * texture(x, y, z, 7, 2))),
    layerByPlane(a.muscle, musclesAt),
    layer(a.thorax, fat),
    layer(a.abdomen.cavity, fat),
    layer(a.abdomen.liver, (x, y, z) => 108 + 7 * texture(x, y, z, 9, 8)),
    layer(a.abdomen.spleen, 122), layer(a.abdomen.kidneys, 165),
    layer(a.abdomen.stomach, (_, __, ___, depth) => (depth > -3.5 ? 70 : 22)), layer(a.abdomen.stomachGas, -960),
    ...(a.effusion === undefined ? [] : [layer(a.effusion, 11)]),
    ...a.lungs.flatMap((lung, n) => [
      layer(lung.lung, n === 0 && a.aerated !== undefined ? collapsed : air), ...(n === 0 && a.aerated !== undefined ? [layer(shared([lung.lung, a.aerated]), air)] : []),
      layer(shared([lung.fissures, lung.lung, ...(n === 0 && a.aerated !== undefined ? [a.aerated] : [])]), -640), ...lung.vessels.map((vessel) => layer(shared([vessel, lung.lung]), 70)),
    ]),
    fatRim(o.aorta, 2), layer(o.pericardium, (_, __, ___, depth) => (depth > -1.3 ? 15 : -92)),
    layer(o.heart, (x, y, z) => 98 + 6 * texture(x, y, z, 6, 9)), ...o.chambers.map(({ solid, hu }) => layer(shared([solid, o.heart]), hu)),
    layer(o.thyroid, 135), ...o.vessels.map(({ solid, hu }) => layer(solid, hu)),
    layer(o.venaCava, 210), layer(o.pulmonaryArteries, 190), layer(o.aorta, (_, __, z, depth) => (depth > -1.2 && z > 10 && z < 40 ? 190 : 178)),
    layer(swollen(o.esophagus, 1.5), fat), layer(o.esophagus, 52), layer(o.esophagusGas, -500),
    layer(swollen(o.trachea, 2), 45), layer(swollen(o.bronchi, 1.3), 30), layer(o.cartilageOfLarynx, 190), layer(o.trachea, -985), layer(o.bronchi, -970),
    layer(o.plexus, 42),
    ...a.cartilages.map((solid) => layer(solid, (x, y, z, depth) => (depth > -1.2 ? 150 : 95) + 25 * texture(x, y, z, 6, 21))),
    ...a.ribs.map((solid) => layer(solid, cortical(210, 680, 1.7))),
    layer(a.sternum, cortical(130, 480, 1.5)), ...a.clavicles.map((solid) => layer(solid, cortical(220, 820, 2.2))),
    ...[a.right, a.left].flatMap((s) => [layer(s.scapula, cortical(260, 760, 1.8)), layer(s.humerus, (x, y, z, depth) => (depth > -2.4 ? (z > 40 ? 620 : 1150) : z > 30 ? 190 + 50 * texture(x, y, z, 3.5, 4) : depth > -5.2 ? 1100 : -20))]),
    layer(a.arches, cortical(280, 640, 1.5)),
    layerByPlane(a.column, (z) => { const hu = columnHu(z); return (x, y, w, depth) => hu(depth, texture(x, y, w, 3.2, 6)); }),
    layer(a.canal, (_, __, ___, depth) => (depth > -1.6 ? -60 : 12)), layer(a.cord, 42),
    ...a.nodules.map((solid) => layer(solid, 48)),
    layer(a.mediastinalMass, tumor(31)), layer(shared([swollen(a.mediastinalMass, -8), a.mediastinalCore]), necrosis),
    ...(a.spinalTumor === undefined ? [] : [layer(a.spinalTumor, tumor(33))]), layer(a.neckMass, tumor(32)), layer(shared([swollen(a.neckMass, -8), a.neckCore]), necrosis),
  ];
}

const air: Stuff = (x, y, z) => -862 + 0.55 * (y + 20) + 22 * texture(x, y, z, 6, 10) + 14 * texture(x, y, z, 22, 11);
const collapsed: Stuff = (x, y, z) => 62 + 16 * texture(x, y, z, 7, 12);
const necrosis: Stuff = (x, y, z, depth) => 24 + 8 * texture(x, y, z, 9, 15) + (depth > -5 ? 14 : 0);

/** Enhancing tumor: nodules, darker clefts, bright vessels, a brighter rim. */
const tumor = (seed: number): Stuff => (x, y, z, depth) => {
  const coarse = texture(x, y, z, 17, seed), middle = texture(x, y, z, 7, seed + 2);
  const vessel = texture(x, y, z, 5, seed + 4) > 0.55 ? 45 : 0;
  return 84 + 26 * coarse + 14 * middle + vessel + (depth > -5 ? 12 : 0);
};

/** Muscle under the skin's fat, with the planes of fat between its layers. */
function musclesAt(z: number): Stuff {
  const wall = cageDistance(z);
  const chest = z < 66;
  return (x, y, _, depth) => {
    if (depth > -5) return fat(x, y, z);
    const under = 9 + (y < -40 && z < 40 ? 5 : 0) - (z > 100 ? 4 : 0) + 2.5 * texture(x, y, z, 30, 13);
    if (depth > -under) return fat(x, y, z);
    const d = chest ? wall(x, y) : 99;
    const wave = 1.6 * texture(x, y, z, 16, 14);
    // Between the layers on the ribs; between flexors and extensors of the arm; above, planes that wind between the neck's muscles.
    const onRibs = Math.min(Math.abs(d - 8 + wave) - 0.2, Math.abs(d - 19 + wave) - 0.1);
    const between = Math.abs(x) > 180 && z < 40 ? Math.abs(y - 22 + 0.12 * z + 4 * wave) : chest ? 99 : Math.abs(Math.abs(texture(x, y, z / 4, 24, 18)) - 0.04) * 16;
    const plane = Math.min(onRibs, between + 0.3);
    const share = Math.max(0, Math.min(1, 1.2 - plane / 1.3));
    const muscle = flesh(x, y, z);
    return muscle + share * (-80 - muscle);
  };
}
