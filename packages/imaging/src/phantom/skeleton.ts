import type { Vec3 } from "@hapax/base";
import { curve, halfTurn, oval, plate, profile, solidOf, tube, union, type Rectangle, type Solid } from "./solid.ts";

/** Upper edges of the vertebrae, mm from the carina's level; each reaches down to the next. */
const upperEdges = {
  C3: 174, C4: 157, C5: 140, C6: 123, C7: 106, T1: 89, T2: 67, T3: 45, T4: 23, T5: 0, T6: -23, T7: -47, T8: -71, T9: -96, T10: -121, T11: -147, T12: -174, L1: -202, L2: -232,
} as const;
type Level = keyof typeof upperEdges;
const levelNames = Object.keys(upperEdges) as Level[];

/** Upper and lower edge of a run of vertebrae, mm. */
export function spanOf([from, to]: readonly [string, string]): readonly [low: number, high: number] {
  const below = levelNames[levelNames.indexOf(to as Level) + 1] as Level;
  return [upperEdges[below], upperEdges[from as Level]];
}

/** The vertebra at a level, and how far down in it the level lies, 0 to 1. */
function vertebraAt(z: number): { share: number; heightMm: number } {
  const n = Math.max(0, levelNames.findLastIndex((name) => upperEdges[name] >= z));
  const top = upperEdges[levelNames[n] as Level], bottom = upperEdges[levelNames[n + 1] ?? "L2"];
  const heightMm = top > bottom ? top - bottom : 30;
  return { share: (top - z) / heightMm, heightMm };
}

/** Middle of the bodies from front to back, and their half depth and half width, mm. */
const bodies = profile([
  [176, 14, 8, 12], [123, 17, 8.5, 13], [98, 24, 9, 14], [78, 31, 10, 15], [34, 45, 12, 15], [-35, 56, 14, 15.5], [-110, 57, 15.5, 17.5], [-190, 47, 16.5, 20.5], [-240, 42, 17.5, 23],
]);

/** Centre of the spinal canal, mm from front to back. */
export function canalY(z: number): number {
  const [y = 0, depth = 0] = bodies(z);
  return y + depth + 8.5;
}

/** Front of the vertebral bodies, mm. */
export function spineFrontY(z: number): number {
  const [y = 0, depth = 0] = bodies(z);
  return y - depth;
}

const about = (x: number, y: number, rx: number, ry: number): Rectangle => [x - rx, x + rx, y - ry, y + ry];

/** Bodies and discs in one column. */
export const spinalColumn: Solid = solidOf((z) => {
  const [y = 0, depth = 0, width = 0] = bodies(z);
  const { share, heightMm } = vertebraAt(z);
  const fromDisc = Math.min(share, 1 - share) * heightMm;
  const waist = fromDisc < 3 ? 0.5 : Math.min(2, (fromDisc - 3) * 0.3);
  return { box: about(0, y, width + 1, depth + 1), at: (x, v) => Math.max(oval(x, v - y, width - waist, depth - waist * 0.6, 0.5), v - y - depth + 1.5) };
});

/** HU of the column: discs between endplates, cancellous bone in a cortex. */
export function columnHu(z: number): (depth: number, texture: number) => number {
  const { share, heightMm } = vertebraAt(z);
  const fromDisc = Math.min(share, 1 - share) * heightMm;
  if (fromDisc < 2.2) return (depth) => (depth < -3 ? 88 : 110);
  const endplate = fromDisc < 4.2 ? 260 : 0;
  return (depth, texture) => (depth > -1.6 ? 520 : 185 + endplate + 45 * texture);
}

/** The spinal canal; wide enough for the cord to give way. */
export const spinalCanal: Solid = solidOf((z) => {
  const y = canalY(z);
  return { box: about(0, y, 12, 10), at: (x, v) => oval(x, v - y, 10.5, 8.2, 0.2) };
});

/** The cord, shifted within the canal. */
export function spinalCord(shiftAt: (z: number) => number): Solid {
  return solidOf((z) => {
    if (z < -215) return undefined;
    const y = canalY(z) - 0.6, x0 = shiftAt(z);
    const wide = z > 75 ? 6.3 : 4.9, deep = z > 75 ? 4.2 : 3.8;
    return { box: about(x0, y, wide + 1, deep + 1), at: (x, v) => oval(x - x0, v - y, wide, deep, 0) };
  });
}

/** Pedicles and laminae around the canal, with gaps at the foramina. */
const arches: Solid = solidOf((z) => {
  const y = canalY(z);
  const { share, heightMm } = vertebraAt(z);
  const clear = (low: number, high: number) => Math.max(low - share, share - high) * heightMm;
  const lamina = clear(0.22, 0.86), pedicle = clear(0.14, 0.52);
  return {
    box: about(0, y, 18, 16),
    at(x, v) {
      const ring = Math.abs(oval(x, v - y, 13.2, 11, 0.2)) - 2.6;
      return Math.max(ring, v > y ? lamina : pedicle, y - v - 8);
    },
  };
});

const processes: Solid = union(levelNames.slice(0, -1).flatMap((name, n) => {
  const top = upperEdges[name], height = top - upperEdges[levelNames[n + 1] as Level];
  const z = top - 0.4 * height, y = canalY(z);
  const cervical = name.startsWith("C"), lumbar = name.startsWith("L");
  const reach = cervical ? 25 : lumbar ? 40 : 33 - n * 0.3;
  const back = cervical ? -5 : lumbar ? 6 : 11;
  const spine: Vec3 = cervical ? [0, y + (name === "C7" ? 40 : 27), z - 8] : lumbar ? [0, y + 38, z - 12] : [0, y + 32, z - 30];
  const sides = [-1, 1].flatMap((side): Solid[] => [
    tube([[side * 13, y + 3, z], [side * reach, y + back, z]], [4.2, 3.4]),
    tube([[side * 15, y + 7, z - 0.35 * height], [side * 15, y + 6, z - 0.75 * height]], 4.6),
  ]);
  return [tube([[0, y + 11, z - 2], spine], [4, 3], 1.6), ...sides];
}));

/** Everything of the vertebrae behind the bodies. */
export const posteriorElements: Solid = union([arches, processes], 2);

/** The pleural space of each side: middle of a lung's section and its half axes, mm. */
const pleura = profile([
  [85, 42, 3, 24, 3], [79, 45, 15, 22, 17], [66, 50, 31, 18, 34], [50, 54, 43, 13, 48], [25, 60, 58, 8, 66], [-20, 64, 72, 2, 78], [-70, 66, 77, -2, 84], [-130, 66, 78, -2, 86], [-240, 63, 78, -3, 84],
]);

/** The chest's inner surface on one side (−1 right, 1 left), to a little past the middle of the mediastinum. */
export function pleuralSpace(side: -1 | 1, middle: (z: number) => number = () => 0): Solid {
  return solidOf((z) => {
    if (z > 92) return undefined;
    const [cx = 0, a = 0, cy = 0, b = 0] = pleura(Math.min(z, 85));
    const over = Math.max(0, z - 85);
    const outer = cx + a, medial = Math.max(12, cx + 9 - side * middle(z));
    return {
      box: [side < 0 ? -outer - 1 : cx - medial - 1, side < 0 ? medial - cx + 1 : outer + 1, cy - b - 1, cy + b + 1],
      at(x, y) {
        const u = side * x - cx;
        return oval(u, y - cy, u > 0 ? a : medial * Math.min(1, a / 30), b) + over;
      },
    };
  });
}

/** Where the ribs run: half width, middle and half depth of the cage at a level, mm. */
function cage(z: number): { a: number; y: number; b: number } {
  const [cx = 0, a = 0, y = 0, b = 0] = pleura(z);
  return { a: cx + a + 6.5, y, b: b + 6 };
}

/** Signed distance from the rib cage in a plane. */
export function cageDistance(z: number): (x: number, y: number) => number {
  const { a, y, b } = cage(Math.min(z, 70));
  return (x, v) => oval(x, v - y, a, b);
}

const sternumTable = profile([[49, 14, -58, 5], [44, 27, -60, 6.5], [28, 29, -66, 6.5], [8, 19, -75, 6], [-2, 16, -79, 5.5], [-50, 18, -90, 5.5], [-92, 15, -96, 5], [-106, 7, -97, 4], [-128, 4, -95, 3]]);

export const sternum: Solid = solidOf((z) => {
  if (z > 49 || z < -128) return undefined;
  const [width = 0, y = 0, depth = 0] = sternumTable(z);
  return { box: about(0, y, width + 1, depth + 1), at: (x, v) => oval(x, v - y, width, depth, 0.6) };
});

const ribEnd = [0.78, 0.83, 0.85, 0.85, 0.84, 0.82, 0.8, 0.77, 0.73, 0.68, 0.5, 0.36];
const ribDrop = [32, 50, 62, 72, 82, 90, 96, 98, 96, 90, 62, 40];
const cartilageZ = [38, 4, -20, -42, -62, -80, -94];

/** A point of the cage's wall: share of the half turn from the back to the front. */
function wallPoint(side: number, share: number, z: number): Vec3 {
  const { a, y, b } = cage(z);
  const [sin, cos] = halfTurn(share);
  const norm = 1 + oval(sin, cos, 1, 1);
  return [(side * a * sin) / norm, y + (b * cos) / norm, z];
}

function ribLine(side: number, n: number): Vec3[] {
  const top = upperEdges[levelNames[n + 5] as Level];
  const z = top - 3, [y = 0, , width = 0] = bodies(z);
  const end = ribEnd[n] as number, drop = ribDrop[n] as number;
  const ring = Array.from({ length: 13 }, (_, i): Vec3 => {
    const t = i / 12;
    const start = n === 0 ? 0.3 : 0.16;
    return wallPoint(side, start + (end - start) * t, z - 6 - (drop - 6) * (0.75 * t + 0.25 * t * t));
  });
  return curve([[side * (width + 2), y + 9, z], [side * 30, canalY(z) + (n === 0 ? 2 : 8), z - 3], ...ring], 2);
}

function cartilageLine(side: number, n: number): Vec3[] {
  const last = ribLine(side, n).at(-1) as Vec3;
  const z = cartilageZ[n] ?? -104 - (n - 6) * 9;
  const [width = 0, y = 0] = sternumTable(Math.max(z, -96));
  const target: Vec3 = [side * (n < 7 ? width : 22 + (n - 6) * 16), n < 7 ? y : y + 5 + (n - 6) * 3, z];
  const middle = wallPoint(side, Math.min(0.93, (ribEnd[n] as number) + 0.07), last[2] + (z - last[2]) * 0.3);
  return curve([last, middle, target], 5);
}

/** Twelve ribs of a side. */
export const ribs = (side: -1 | 1): Solid[] => ribEnd.map((_, n) => tube(ribLine(side, n), n < 10 ? 3.3 : 2.8, 1.9));
/** Cartilages of the upper ten. */
export const cartilages = (side: -1 | 1): Solid[] => ribEnd.slice(0, 10).map((_, n) => tube(cartilageLine(side, n), 3.6, 1.5));

export const clavicle = (side: -1 | 1): Solid =>
  tube(curve([[side * 20, -58, 50], [side * 52, -60, 60], [side * 92, -36, 77], [side * 132, -4, 88], [side * 160, 6, 89]], 5), [7.5, 5.5, 6.5]);

export interface Shoulder {
  readonly scapula: Solid;
  readonly humerus: Solid;
}

/** Scapula and humerus; the medial border and the glenoid can be moved. */
export function shoulder(side: -1 | 1, medialMm: Vec3 = [0, 0, 0], glenoidMm: Vec3 = [0, 0, 0]): Shoulder {
  const moved = ([x, y, z]: Vec3, by: Vec3, share = 1): Vec3 => [side * x + by[0] * share, y + by[1] * share, z + by[2] * share];
  const upper = moved([76, 74, 84], medialMm), root = moved([72, 86, 50], medialMm), lower = moved([98, 95, -60], medialMm, 0.2);
  const glenoid = moved([150, 26, 58], glenoidMm), neck = moved([138, 40, 52], glenoidMm, 0.9), acromion = moved([162, 20, 92], glenoidMm);
  const ridge: Vec3 = [(root[0] + acromion[0]) / 2, (root[1] + acromion[1]) / 2 + 14, (root[2] + acromion[2]) / 2 + 6];
  return {
    scapula: union([
      plate(upper, neck, root, 1.9), plate(root, neck, lower, 1.9), tube([neck, lower], [5.5, 3.2]), tube([upper, root, lower], 2.8),
      tube([neck, glenoid], [7, 12], 1.3), plate(root, ridge, neck, 2), tube(curve([root, ridge, acromion], 4), [3, 5, 6.5]),
      tube(curve([moved([140, 20, 72], glenoidMm), moved([138, -6, 78], glenoidMm), moved([148, -14, 66], glenoidMm)], 3), 5.5),
    ], 3),
    humerus: union([
      tube([moved([176, 12, 60], glenoidMm), moved([177, 12, 59], glenoidMm)], 22.5),
      tube(curve([moved([184, 12, 54], glenoidMm), moved([204, 15, 0], glenoidMm), moved([221, 23, -100], glenoidMm, 0.5), [side * 226, 28, -260]], 4), [17, 11.5, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 12]),
    ], 10),
  };
}
