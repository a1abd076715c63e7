import type { Grid } from "@hapax/base";
import type { Contour, Structure } from "@hapax/case";
import type { Anatomy } from "./anatomy.ts";
import { outlinesAt } from "./outline.ts";
import { shared, swollen, union, without, type Solid } from "./solid.ts";
import type { StudySpec } from "./spec.ts";

/** A structure before it is drawn. */
export interface NamedSolid {
  readonly name: string;
  readonly type: "EXTERNAL" | "ORGAN" | "GTV" | "CTV" | "PTV";
  readonly color: string;
  readonly solid: Solid;
  /** Distance of the sampling points in a plane, mm; half of what the smallest part needs. */
  readonly stepMm: number;
}

/** Structures of a study, named after TG-263. */
export function namedSolids(study: StudySpec, a: Anatomy): NamedSolid[] {
  const organ = (name: string, color: string, solid: Solid, stepMm = 2): NamedSolid => ({ name, type: "ORGAN", color, solid, stepMm });
  const o = a.organs;
  return [
    { name: "Body", type: "EXTERNAL", color: "#8fa3ad", solid: a.skin, stepMm: 3 },
    organ("Lung_R", "#5b9ee6", a.lungs[0].lung), organ("Lung_L", "#8cc6ff", a.lungs[1].lung),
    organ("Heart", "#f08a8a", o.heart), organ("Esophagus", "#d9a15b", o.esophagus, 1), organ("Trachea", "#7fd6c2", o.trachea, 1.5),
    organ("SpinalCord", "#ffe04d", a.cord, 1), organ("SpinalCanal", "#c9b458", a.canal, 1), organ("BrachialPlex_R", "#c792ea", o.plexus, 1),
    organ("GreatVes", "#e05c5c", union([o.aorta, o.venaCava, o.pulmonaryArteries])), organ("A_Aorta", "#ff6b6b", o.aorta, 1.5), organ("V_Venacava_S", "#6b8cff", o.venaCava, 1.5),
    organ("Scapula_R", "#d8d0c0", a.right.scapula, 1.5), organ("Liver", "#b9825a", a.abdomen.liver, 3),
    ...targets(study, a),
  ];
}

/** Targets: each mass, both together, and the volumes of the treatment that was planned on this scan. */
function targets(study: StudySpec, a: Anatomy): NamedSolid[] {
  const neck = a.spinalTumor === undefined ? a.neckMass : union([a.neckMass, a.spinalTumor]);
  const target = (name: string, type: NamedSolid["type"], color: string, solid: Solid): NamedSolid => ({ name, type, color, solid, stepMm: 2 });
  const gtvs = [
    target("GTVp_neck", "GTV", "#ff5d5d", a.neckMass), target("GTVp_mediast", "GTV", "#ff8f5d", a.mediastinalMass),
    ...(a.spinalTumor === undefined ? [] : [target("GTVp_spine", "GTV", "#ffb05d", a.spinalTumor)]),
    target("GTV", "GTV", "#ff3b3b", union([neck, a.mediastinalMass])),
  ];
  const inside = swollen(a.skin, -3);
  if (study.treatment === "imrt-sib") {
    const nearCord = swollen(a.canal, 6);
    const ctv = without(shared([swollen(a.neckMass, 10), swollen(a.skin, -5)]), [a.lungs[0].lung, a.lungs[1].lung]);
    const high = without(shared([swollen(a.neckMass, 5), swollen(a.skin, -4)]), [nearCord]);
    return [...gtvs, target("CTV", "CTV", "#ffc94d", ctv), target("PTV_High", "PTV", "#ff6ad5", high), target("PTV_Low", "PTV", "#b07cff", union([shared([swollen(ctv, 5), inside]), high]))];
  }
  if (study.treatment === "re-irradiation") {
    const ctv = swollen(a.mediastinalMass, 5);
    const ptv = without(swollen(a.mediastinalMass, 10), [swollen(a.canal, 3)]);
    return [...gtvs, target("CTV", "CTV", "#ffc94d", ctv), target("PTV", "PTV", "#ff6ad5", ptv)];
  }
  if (study.treatment === "palliative-3d") {
    const ctv = swollen(a.mediastinalMass, 5);
    return [...gtvs, target("CTV", "CTV", "#ffc94d", ctv), target("PTV", "PTV", "#ff6ad5", swollen(a.mediastinalMass, 12))];
  }
  return gtvs;
}

/** Draws structures on the planes of a scan: closed contours with at most 0.3 mm between drawn and true. */
export function drawn(solids: readonly NamedSolid[], grid: Grid, progress: (share: number) => void = () => {}): Structure[] {
  const rows = grid.patientFromVoxel.rows;
  const contours: Contour[][] = solids.map(() => []);
  for (let k = 0; k < grid.size[2]; k++) {
    const z = rows[2][3] + k * rows[2][2];
    solids.forEach(({ solid, stepMm }, n) => {
      for (const loop of outlinesAt(solid, z, stepMm)) (contours[n] as Contour[]).push({ type: "CLOSED_PLANAR", points: lifted(loop, z) });
    });
    progress((k + 1) / grid.size[2]);
  }
  return solids.map(({ name, type, color }, n) => ({ number: n + 1, name, type, color, contours: contours[n] as Contour[] }));
}

function lifted(loop: Float64Array, z: number): Float64Array {
  const points = new Float64Array((loop.length / 2) * 3);
  for (let i = 0, j = 0; i < loop.length; i += 2) {
    points[j++] = loop[i] as number;
    points[j++] = loop[i + 1] as number;
    points[j++] = z;
  }
  return points;
}
