import type { Vec3 } from "@hapax/base";
import { draws } from "./chance.ts";
import { canalY, pleuralSpace, spineFrontY } from "./skeleton.ts";
import { curve, ellipsoid, kept, lumpy, oval, profile, shared, solidOf, swollen, tube, union, without, type Solid } from "./solid.ts";

/** How the middle of the chest gives way. */
export interface Push {
  /** Where a point of the undisturbed chest lies now. */
  (point: Vec3): Vec3;
}

/** A push to the left that is strongest at a level, fades towards the neck and the abdomen, the back and the left chest wall. */
export function pushLeft(mm: number, levelZ: number): Push {
  return ([x, y, z]) => {
    const u = (z - levelZ) / 84;
    const level = 1 / (1 + u * u * u * u);
    const back = y < 15 ? 1 : y > 45 ? 0.22 : 1 - ((y - 15) / 30) * 0.78;
    const side = x < 30 ? 1 : x > 120 ? 0 : (120 - x) / 90;
    return [x + mm * level * back * side, y, z];
  };
}

export interface Organs {
  readonly heart: Solid;
  readonly chambers: readonly { readonly solid: Solid; readonly hu: number }[];
  readonly pericardium: Solid;
  readonly aorta: Solid;
  readonly venaCava: Solid;
  readonly inferiorVenaCava: Solid;
  readonly pulmonaryArteries: Solid;
  readonly vessels: readonly { readonly solid: Solid; readonly hu: number }[];
  readonly trachea: Solid;
  readonly bronchi: Solid;
  readonly esophagus: Solid;
  readonly esophagusGas: Solid;
  readonly thyroid: Solid;
  readonly cartilageOfLarynx: Solid;
  readonly mediastinum: Solid;
  readonly plexus: Solid;
}

/** Organs of the mediastinum and the neck, with the mediastinum pushed and the right heart pressed flat by `collapse`, 0 to 1. */
export function organs(push: Push, collapse: number): Organs {
  const line = (points: readonly Vec3[], radii: number | readonly number[], steps = 4): Solid => tube(curve(points.map(push), steps), radii);
  const ball = (center: Vec3, radii: Vec3, turn?: readonly [number, number]): Solid => ellipsoid(push(center), radii, turn);
  const thin = 1 - 0.55 * collapse;

  const left: readonly [number, number] = [0.8, 0.6];
  const rightAtrium: Vec3 = [26 * thin, 29, 33], rightVentricle: Vec3 = [40, 24 * (1 - 0.25 * collapse), 36];
  const heart = kept(union([
    ball([43, -24, -76], [40, 31, 35], left), ball([4, -50, -74], rightVentricle, [0.94, 0.34]), ball([-28 + 12 * collapse, -22, -62], rightAtrium),
    ball([4, 8, -52], [32, 19, 25]), ball([2, -32, -38], [30, 24, 18]),
  ], 12));
  const chambers = [
    { solid: ball([45, -26, -75], [29, 19, 24], left), hu: 168 },
    { solid: ball([4, -51, -73], [rightVentricle[0] - 6, rightVentricle[1] - 6, rightVentricle[2] - 6], [0.94, 0.34]), hu: 178 },
    { solid: ball([-28 + 12 * collapse, -22, -62], [rightAtrium[0] - 2.5, rightAtrium[1] - 3, rightAtrium[2] - 3]), hu: 182 },
    { solid: ball([4, 9, -51], [29, 16, 22]), hu: 172 },
  ];

  const arch: Vec3[] = [[0, -30, -45], [-12, -33, -20], [-15, -33, 5], [-9, -25, 24], [4, -6, 33], [17, 14, 31], [25, 29, 18], [26, 37, -4], [25, 39, -40], [22, 38, -90], [12, 35, -140], [4, 27, -190], [2, 22, -240]];
  const aorta = line(arch, [15.5, 15.5, 15, 14, 13.5, 13, 12.5, 12.5, 12, 11.5, 11, 10.5, 10].flatMap((r, i, all) => (i + 1 < all.length ? [0, 1, 2, 3].map((k) => r + (((all[i + 1] as number) - r) * k) / 4) : [r])));
  const venaCava = line([[-27, -30, 46], [-28, -26, 25], [-29, -22, -5], [-28, -18, -42]], [8.5, 9.5]);
  const trunk = line([[14, -46, -42], [20, -42, -24], [23, -30, -10], [26, -10, -5]], [14, 13]);
  const rightPulmonary = line([[20, -22, -9], [0, -6, -13], [-22, 0, -14], [-42, 4, -18]], [11, 9.5]);
  const leftPulmonary = line([[24, -20, -8], [34, 4, -4], [44, 18, -14], [46, 20, -34]], [11, 7.5]);
  const inferiorVenaCava = line([[-26, -14, -82], [-26, -4, -104], [-25, 2, -150], [-24, 6, -240]], [12, 11.5]);
  const neckVessel = (points: Vec3[], r: number | readonly number[], hu: number) => ({ solid: line(points, r), hu });
  const vessels = [
    neckVessel([[-3, -14, 34], [-12, -16, 48], [-22, -12, 62], [-27, -10, 90], [-30, -8, 130], [-32, -4, 180]], [6.5, 3.8], 205),
    neckVessel([[8, -8, 35], [14, -10, 55], [24, -10, 85], [29, -8, 130], [31, -4, 180]], [4.6, 3.6], 205),
    neckVessel([[17, 8, 33], [24, 10, 55], [34, 2, 75], [60, -18, 79], [100, -22, 66], [140, -8, 40]], [5, 3.6], 205),
    neckVessel([[-22, -12, 60], [-36, -2, 76], [-62, -18, 79], [-100, -22, 66], [-140, -8, 40]], [4.8, 3.6], 205),
    neckVessel([[-27, -32, 46], [-34, -34, 58], [-38, -16, 92], [-40, -10, 130], [-40, -4, 180]], [7.5, 5.2], 165),
    neckVessel([[-27, -32, 40], [0, -42, 42], [24, -40, 52], [37, -22, 80], [40, -12, 110], [40, -4, 180]], [6.8, 4.6], 165),
    neckVessel([[-36, -36, 56], [-66, -34, 66], [-104, -28, 58], [-142, -12, 32]], [6, 4.5], 150),
    neckVessel([[34, -38, 56], [66, -34, 66], [104, -28, 58], [142, -12, 32]], [6, 4.5], 150),
    { solid: inferiorVenaCava, hu: 140 },
    ...[-1, 1].map((side) => ({ solid: tube(curve([[side * 142, -8, 36], [side * 172, 2, 0], [side * 196, 16, -80], [side * 202, 22, -240]]), [3.4, 2.4]), hu: 170 })),
    neckVessel([[-29, -14, 8], [-27, 8, 12], [-14, 36, 4], [-8, 40, -40], [-6, 42, -140]], [3.4, 2.6], 150),
    neckVessel([[-40, 14, -44], [-22, 12, -46], [-4, 10, -48]], [6, 7], 170),
    neckVessel([[48, 18, -46], [30, 14, -48], [12, 10, -50]], [6, 7], 170),
    neckVessel([[-38, -6, -28], [-22, -2, -40], [-6, 4, -46]], [5, 6.5], 170),
  ];

  const trachea = line([[0, -18, 122], [0, -14, 95], [0, -8, 65], [0, 2, 35], [1, 10, 3]], [8.8, 9]);
  const bronchi = union([
    line([[1, 10, 4], [-14, 15, -12], [-32, 18, -26]], [8, 6.8]), line([[1, 10, 4], [20, 17, -14], [42, 22, -30]], [7.6, 6]),
    line([[-26, 17, -20], [-44, 14, -8], [-60, 12, 4]], [4.6, 2.8]), line([[-32, 18, -26], [-40, 24, -46], [-52, 34, -74]], [5, 2.4]), line([[-35, 16, -36], [-52, -6, -50], [-66, -24, -60]], [3.6, 2]),
    line([[42, 22, -30], [56, 6, -18], [66, -4, -6]], [4.4, 2.4]), line([[42, 22, -30], [50, 32, -54], [62, 42, -80]], [4.6, 2.2]),
  ], 3);
  const gullet = [[0, -2, 118], [3, 2, 95], [4, 10, 65], [4, 20, 35], [3, 28, 5], [4, 29, -30], [8, 28, -70], [16, 18, -105], [28, -2, -128], [38, -10, -145]] as const;
  const behind = gullet.map(([x, y, z]): Vec3 => [x, Math.min(y, spineFrontY(z) - 7), z]);

  return {
    heart, chambers, inferiorVenaCava, pericardium: swollen(heart, 4.5), aorta, venaCava, vessels, trachea, bronchi,
    pulmonaryArteries: union([trunk, rightPulmonary, leftPulmonary], 6),
    esophagus: line(behind, [6.6, 7.4]),
    esophagusGas: line(behind.slice(1, 6).map(([x, y, z]): Vec3 => [x + 0.8, y - 1, z]), [1.6, 2.2]),
    thyroid: union([line([[-17, -14, 118], [-18, -14, 100], [-14, -14, 84]], [5, 8, 8, 8, 8, 8, 8, 8, 5]), line([[17, -14, 118], [18, -14, 100], [14, -14, 84]], [5, 8, 8, 8, 8, 8, 8, 8, 5]), line([[-12, -24, 96], [0, -28, 95], [12, -24, 96]], 3.5)], 4),
    cartilageOfLarynx: union([tube([[-1, -40, 150], [-19, -18, 152]], 2.4, 5), tube([[1, -40, 150], [19, -18, 152]], 2.4, 5), tube(curve([[-12, -14, 126], [-11, -28, 125], [0, -33, 125], [11, -28, 125], [12, -14, 126], [0, -8, 127], [-12, -14, 126]]), 2.2, 1.5)]),
    mediastinum: kept(mediastinum(push, heart, aorta)),
    plexus: plexus(),
  };
}

const mediastinalWidth = profile([[90, 42], [76, 36], [60, 31], [40, 29], [20, 29], [0, 31], [-20, 33], [-50, 30], [-100, 28], [-240, 30]]);

/** What the lungs leave free between them. */
function mediastinum(push: Push, heart: Solid, aorta: Solid): Solid {
  const column = solidOf((z) => {
    const [width = 0] = mediastinalWidth(z);
    const [x0] = push([0, -20, z]), front = z > 60 ? -55 : -74, back = canalY(z);
    const y = (front + back) / 2 - 10, b = (back - front) / 2 - 8;
    return {
      box: [x0 - width - 1, x0 + width + 1, y - b - 1, y + b + 1],
      // Narrower to the front, where the lungs nearly meet.
      at: (x, v) => oval(x - x0 * (v < 20 ? 1 : 0.4), v - y, width * (v < y ? 1 - 0.45 * ((y - v) / b) : 1), b, 0.3),
    };
  });
  const spine = solidOf((z) => {
    const y = canalY(z);
    return { box: [-30, 30, y - 40, y + 45], at: (x, v) => oval(x, v - y - 4, 25, 36, 0.3) };
  });
  return union([column, spine, swollen(heart, 6), swollen(aorta, 3)], 8);
}

/** Right brachial plexus: roots of C5 to T1, running together over the first rib to the axilla. */
function plexus(): Solid {
  const meeting: Vec3 = [-62, 0, 84], axilla: Vec3 = [-132, -2, 44];
  const roots = [134, 118, 101, 84, 66].map((z, n) => tube(curve([[-14, canalY(z) - 9, z], [-28, canalY(z) - 20, z - 4], [-46, 6, 0.5 * (z + 86)], [meeting[0], meeting[1] + n, meeting[2] + 4 - 2 * n]], 3), 2.3));
  return union([...roots, tube(curve([meeting, [-92, -10, 72], [-118, -8, 56], axilla], 4), [4.5, 3.8])], 3);
}

/** Level of the diaphragm above a point, mm. */
export function diaphragm(side: -1 | 1, dropMm: number): (x: number, y: number) => number {
  const top = side < 0 ? -90 - dropMm : -106;
  return (x, y) => {
    const u = side * x - 72, p = u / (u > 0 ? 78 : 165), q = y + 8;
    return top - 74 * (p * p + (q > 0 ? (q * q * 1.15) / 6400 : (q * q * 0.62) / 7225));
  };
}

/** The space above or below the diaphragm of one side. */
export function beyondDiaphragm(side: -1 | 1, dropMm: number, above: boolean, gapMm = 0): Solid {
  const level = diaphragm(side, dropMm);
  const sign = above ? 0.75 : -0.75;
  return solidOf((z) => ({ box: [-300, 300, -300, 300], at: (x, y) => sign * (level(x, y) - z) + gapMm }));
}

export interface Abdomen {
  readonly cavity: Solid;
  readonly liver: Solid;
  readonly stomach: Solid;
  readonly stomachGas: Solid;
  readonly spleen: Solid;
  readonly kidneys: Solid;
}

export function abdomen(dropMm: number, inferiorVenaCava: Solid): Abdomen {
  const below = (side: -1 | 1) => beyondDiaphragm(side, dropMm, false, 2.5);
  const cavity = union([shared([pleuralSpace(-1), below(-1)]), shared([pleuralSpace(1), below(1)])], 4);
  const inner = swollen(cavity, -2);
  const liver = shared([lumpy(union([ellipsoid([-64, -6, -185], [86, 90, 112]), ellipsoid([4, -46, -158], [62, 36, 46])], 20), 1.5, 40, 5), inner]);
  const stomach = shared([ellipsoid([72, -16, -172], [44, 44, 60]), swollen(inner, -3)]);
  return {
    cavity, liver: without(liver, [inferiorVenaCava]), stomach,
    stomachGas: shared([swollen(stomach, -4), solidOf(() => ({ box: [-300, 300, -300, 300], at: (_, y) => y + 26 }))]),
    spleen: shared([ellipsoid([112, 42, -168], [28, 44, 46], [0.9, 0.44]), inner]),
    kidneys: union([ellipsoid([-62, 52, -238], [26, 28, 45]), ellipsoid([66, 52, -228], [26, 28, 48])]),
  };
}

export interface Lung {
  /** The pleural space above the diaphragm and beside the mediastinum. */
  readonly space: Solid;
  readonly lung: Solid;
  readonly fissures: Solid;
  readonly vessels: readonly Solid[];
}

/** A lung in its space; fluid lies between the two, deepest at the back and the base. */
export function lung(side: -1 | 1, middle: Solid, push: Push, options: { dropMm: number; effusionMm: number; seed: number }): Lung {
  const wall = pleuralSpace(side, (z) => push([0, -20, z])[0]);
  const space = without(shared([wall, beyondDiaphragm(side, options.dropMm, true)]), [middle]);
  const depth = (y: number, z: number) => options.effusionMm * Math.max(0, Math.min(1, (y + 70) / 130)) * Math.max(0.12, Math.min(1, (60 - z) / 130));
  const level = diaphragm(side, options.dropMm);
  const dry = solidOf((z) => {
    const section = wall.section(z);
    return section && { box: section.box, at: (x, y) => Math.max(section.at(x, y), 0.75 * (level(x, y) - z)) + depth(y, z) };
  });
  return { space: kept(space), lung: kept(options.effusionMm > 0 ? shared([space, dry]) : space), fissures: fissures(side), vessels: vesselTree(side, push, options.seed) };
}

/** Planes between the lobes, half a millimetre thin. */
function fissures(side: -1 | 1): Solid {
  const sheet = (at: (x: number, y: number, z: number) => number): Solid => solidOf((z) => ({ box: side < 0 ? [-150, 0, -95, 95] : [0, 150, -95, 95], at: (x, y) => Math.abs(at(x, y, z)) - 0.5 }));
  const oblique = (x: number, y: number, z: number) => (z + 40 - 1.05 * y + 0.004 * (x - side * 70) * (x - side * 70)) * 0.66;
  const horizontal = (x: number, y: number, z: number) => Math.max(z + 34 + 0.002 * (x + 70) * (x + 70) + 0.12 * y, oblique(x, y, z) < 0 ? 9 : -9);
  return side < 0 ? union([sheet(oblique), sheet(horizontal)]) : sheet(oblique);
}

/** Arteries and veins from the hilum to the mantle of a lung, branching three times. */
function vesselTree(side: -1 | 1, push: Push, seed: number): Solid[] {
  const chance = draws(seed);
  const spread = (p: Vec3, mm: number): Vec3 => [p[0] + (chance() - 0.5) * 2 * mm, p[1] + (chance() - 0.5) * 2 * mm, p[2] + (chance() - 0.5) * 2 * mm];
  const midway = (p: Vec3, q: Vec3, bend: number): Vec3 => spread([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2], bend);
  const [hx] = push([side * 40, 14, -22]);
  const hilum: Vec3 = [hx, 12, -20];
  const lobes: Vec3[] = [[64, 6, 44], [70, -36, 18], [84, 26, 20], [78, -48, -30], [92, 0, -30], [74, 50, -40], [98, 34, -70], [62, 52, -96], [86, -22, -64], [70, 30, -80]];
  return lobes.flatMap((lobe) => {
    const trunk = spread([side * lobe[0] + (side * (hx * side - 40)) * 0.3, lobe[1], lobe[2]], 8);
    const pieces: Solid[] = [tube(curve([hilum, midway(hilum, trunk, 6), trunk], 4), [4.8, 2.8])];
    for (let n = 0; n < 9; n++) {
      const [outX, outY, outZ] = [trunk[0] - hilum[0], trunk[1] - hilum[1], trunk[2] - hilum[2]];
      const branch = spread([trunk[0] + outX * 0.4, trunk[1] + outY * 0.4, trunk[2] + outZ * 0.4], 27);
      pieces.push(tube(curve([trunk, midway(trunk, branch, 4), branch], 3), [2.7, 1.8]));
      for (let m = 0; m < 9; m++) {
        const tip = spread([branch[0] + outX * 0.22, branch[1] + outY * 0.22, branch[2] + outZ * 0.22], 21);
        pieces.push(tube(curve([branch, midway(branch, tip, 3), tip], 2), [1.6, 0.8]));
      }
    }
    return pieces;
  });
}
