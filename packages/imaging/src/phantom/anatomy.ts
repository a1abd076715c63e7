import type { Vec3 } from "@hapax/base";
import { draws } from "./chance.ts";
import { coreOf, keptClear, mass, rightOf } from "./masses.ts";
import { abdomen, lung, organs, pushLeft, type Abdomen, type Lung, type Organs } from "./organs.ts";
import { cartilages, clavicle, pleuralSpace, posteriorElements, ribs, shoulder, spanOf, spinalCanal, spinalColumn, spinalCord, sternum, type Shoulder } from "./skeleton.ts";
import { ellipsoid, kept, levels, lumpy, oval, profile, shared, solidOf, swollen, tube, union, without, type Solid } from "./solid.ts";
import type { StudySpec } from "./spec.ts";

/** Everything of the patient at one time point, as solids in the patient frame. */
export interface Anatomy {
  readonly skin: Solid;
  readonly muscle: Solid;
  readonly thorax: Solid;
  readonly column: Solid;
  readonly arches: Solid;
  readonly canal: Solid;
  readonly cord: Solid;
  readonly ribs: readonly Solid[];
  readonly cartilages: readonly Solid[];
  readonly sternum: Solid;
  readonly clavicles: readonly Solid[];
  readonly right: Shoulder;
  readonly left: Shoulder;
  readonly organs: Organs;
  readonly abdomen: Abdomen;
  readonly lungs: readonly [right: Lung, left: Lung];
  /** What of the right lung holds air; undefined where all of it does. */
  readonly aerated?: Solid;
  readonly effusion?: Solid;
  readonly neckMass: Solid;
  readonly neckCore: Solid;
  /** Tumor in the spinal canal and the eroded bone. */
  readonly spinalTumor?: Solid;
  readonly mediastinalMass: Solid;
  readonly mediastinalCore: Solid;
  readonly nodules: readonly Solid[];
}

const trunk = profile([
  [-240, 164, -106, 102], [-150, 167, -112, 108], [-100, 171, -113, 112], [-50, 174, -109, 115], [0, 170, -98, 113], [40, 158, -85, 108], [70, 138, -72, 102],
  [90, 108, -62, 97], [105, 84, -55, 92], [120, 68, -53, 86], [140, 62, -55, 80], [200, 60, -60, 76],
]);

const arm = (side: number): Solid =>
  tube([[side * 140, 18, 66], [side * 184, 12, 50], [side * 210, 15, -20], [side * 224, 24, -120], [side * 227, 28, -260]], [42, 47, 43, 41, 37]);
const slope = (side: number): Solid => tube([[side * 38, 32, 140], [side * 92, 30, 108], [side * 152, 18, 80]], [26, 25, 36]);

const bodyWithoutMass: Solid = kept(union([
  solidOf((z) => {
    const [a = 0, front = 0, back = 0] = trunk(z);
    const y = (front + back) / 2, b = (back - front) / 2;
    return { box: [-a - 1, a + 1, front - 1, back + 1], at: (x, v) => oval(x, v - y, a, b, 0.32) };
  }),
  arm(-1), arm(1), slope(-1), slope(1),
], 16));

/** The patient as a study has him. */
export function anatomyOf(study: StudySpec): Anatomy {
  const push = pushLeft(study.shiftMm, study.mediastinum.center[2] - 10);
  const inner = organs(push, Math.min(1, study.shiftMm / 40));
  const right = shoulder(-1, study.scapula.medialMm, study.scapula.glenoidMm), left = shoulder(1);
  const chest = union([pleuralSpace(-1), pleuralSpace(1)]);
  const spine = union([spinalColumn, posteriorElements, spinalCanal]);

  const neckMass = kept(mass(study.neck, neckLimits(study, spine, chest), study.seed));
  const beside = spinalTumor(study, spine);
  const mediastinalMass = kept(mass(study.mediastinum, (solid) =>
    without(without(shared([solid, swollen(chest, 1.5)]), [swollen(spine, 1), inner.trachea, inner.aorta, inner.esophagus], 1.5), [neckMass], 2), study.seed + 1));
  const masses = kept(union([neckMass, mediastinalMass, ...(beside === undefined ? [] : [beside])]));
  const clear = (solid: Solid, gap = 1): Solid => without(solid, [masses], gap);

  const lungOf = (side: -1 | 1, effusionMm: number): Lung => {
    const built = lung(side, union([inner.mediastinum, swollen(neckMass, 2)]), push, { dropMm: side < 0 ? study.diaphragmMm : 0, effusionMm, seed: 7 + side });
    return { ...built, space: kept(clear(built.space)), lung: kept(clear(built.lung)) };
  };
  const lungs = [lungOf(-1, study.effusionMm), lungOf(1, 0)] as const;
  const belly = abdomen(study.diaphragmMm, inner.inferiorVenaCava);
  const heart = kept(clear(inner.heart));
  const scapula = clear(right.scapula, 0.5);
  return {
    skin: kept(union([bodyWithoutMass, swollen(neckMass, 7), swollen(right.scapula, 9)], 16)),
    muscle: union([bodyWithoutMass, swollen(right.scapula, 7)], 12),
    thorax: swollen(chest, 2.5),
    column: study.erosion === undefined ? spinalColumn : clear(spinalColumn, 0), arches: study.erosion === undefined ? posteriorElements : clear(posteriorElements, 0),
    canal: spinalCanal, cord: spinalCord(cordShift(study)),
    ribs: [...ribs(-1).map((rib) => clear(rib, 0)), ...ribs(1)], cartilages: [...cartilages(-1), ...cartilages(1)], sternum, clavicles: [clear(clavicle(-1), 0), clavicle(1)],
    right: { scapula, humerus: right.humerus }, left,
    organs: { ...inner, heart, pericardium: clear(inner.pericardium, 0), venaCava: clear(inner.venaCava), pulmonaryArteries: clear(inner.pulmonaryArteries), plexus: inner.plexus },
    abdomen: belly, lungs,
    ...(study.aeration < 1 ? { aerated: aerated(study) } : {}),
    ...(beside === undefined ? {} : { spinalTumor: beside }),
    ...(study.effusionMm > 0 ? { effusion: without(lungs[0].space, [lungs[0].lung]) } : {}),
    neckMass, neckCore: coreOf(study.neck), mediastinalMass, mediastinalCore: coreOf(study.mediastinum),
    nodules: nodules(study, lungs),
  };
}

/** Bone stops the mass in the neck where it has not eroded it; the chest wall always does. */
function neckLimits(study: StudySpec, spine: Solid, chest: Solid): (solid: Solid) => Solid {
  const wall = swollen(chest, 13);
  if (study.erosion === undefined) return keptClear([swollen(spine, 1.5), wall], 0);
  const [low, high] = spanOf(study.erosion);
  const whole = [levels(spine, -400, low), levels(spine, high, 400), without(spine, [rightOf(-5)]), spinalCanal, swollen(chest, -12)];
  return (solid) => keptClear(whole, 0)(shared([solid, rightOf(14)]));
}

/** The part beside and in the spine: in the canal on its right, where it presses the dural sac to the left, and in the eroded bone. */
function spinalTumor(study: StudySpec, spine: Solid): Solid | undefined {
  const { epidural, erosion } = study;
  if (epidural === undefined || erosion === undefined) return undefined;
  const cord = spinalCord(cordShift(study));
  const inCanal = levels(without(shared([swollen(spinalCanal, -0.5), rightOf(-1)]), [cord], 1.5), ...spanOf(epidural));
  const inBone = levels(without(shared([spine, lumpy(rightOf(-1), 5, 10, study.seed)]), [spinalCanal]), ...spanOf(erosion));
  const [low, high] = spanOf(erosion), middle = (low + high) / 2;
  const beside = without(lumpy(ellipsoid([-21, 54, middle], [18, 32, (high - low) / 2 + 6]), 4, 14, study.seed), [union([spinalColumn, spinalCanal])]);
  return kept(union([inCanal, inBone, beside]));
}

/** The cord moves to the left where tumor lies in the canal, mm. */
function cordShift(study: StudySpec): (z: number) => number {
  if (study.epidural === undefined) return () => 0;
  const [low, high] = spanOf(study.epidural);
  return (z) => 3.2 * Math.max(0, Math.min(1, (z - low + 8) / 16, (high + 8 - z) / 16));
}

/** Where the right lung still holds air: all of it, or what is left of the upper lobe. */
function aerated(study: StudySpec): Solid {
  const reach = 40 + 190 * study.aeration;
  return lumpy(solidOf((z) => ({ box: [-400, 400, -400, 400], at: (x, y) => Math.sqrt((x + 62) * (x + 62) + (y + 25) * (y + 25) * 0.7 + (z - 62) * (z - 62) * 0.9) - reach })), 6, 18, 17);
}

function nodules(study: StudySpec, [right, left]: readonly [Lung, Lung]): Solid[] {
  const chance = draws(4211);
  const place = (side: number, home: Lung): Solid => {
    for (;;) {
      const p: Vec3 = [side * (35 + 100 * chance()), -70 + 140 * chance(), -150 + 220 * chance()];
      const depth = home.lung.section(p[2])?.at(p[0], p[1]) ?? 1;
      const mm = study.nodules.mm[0] + (study.nodules.mm[1] - study.nodules.mm[0]) * chance();
      if (depth < -mm / 2 - 2) return ellipsoid(p, [mm / 2, mm / 2, mm / 2]);
    }
  };
  return [...Array.from({ length: study.nodules.left }, () => place(1, left)), ...Array.from({ length: study.nodules.right }, () => place(-1, right))];
}
