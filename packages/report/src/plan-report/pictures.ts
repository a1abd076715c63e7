import { gridOf, type Grid, type PatientPosition, type Vec3, type Volume } from "@hapax/base";
import { closedLoops, type PlanBeam } from "@hapax/case";
import {
  beamOpenings, bevFigure, doseMaximum, dvhGoals, figure2Levels, outlinedOf, percentLevels, planBeams, planDvh, planFluence, planObjective, planeThrough, usualWindow, washFigure,
  type DvhCurve, type Figure, type OutlinedStructure, type Scene,
} from "@hapax/figures";
import type { PlanFacts, PlanMade, PlanningScan } from "@hapax/planning";

/** Percent of the prescription on planes through the isocenter, or the three levels of the report's Figure 2 on planes through the highest dose. */
export type WashLevels = "percent" | "figure2";

/** The pictures of a plan. */
export interface PlanPictures {
  readonly beams: Figure;
  readonly dvh: Figure;
  readonly washes: readonly { readonly levels: WashLevels; readonly figure: Figure }[];
  /** Of each beam: what its largest opening lets through, and of several the sum. */
  readonly fields: readonly { readonly beam: PlanBeam; readonly opening: Figure; readonly intensity?: Figure }[];
  readonly objective?: Figure;
}

export function planPictures(made: PlanMade, scan: PlanningScan, dose: Volume<Float32Array>, facts: PlanFacts, levels: readonly WashLevels[]): PlanPictures {
  const { request, isocenter, beams, history } = made;
  const body = scan.structures.find(({ type }) => type === "EXTERNAL");
  const wanted = wantedNames(made, facts);
  const organs = outlinedOf(scan.structures.filter((structure) => structure !== body && wanted.has(structure.name)), scan.ct.grid, scan.structures);
  const outlined = [...(body === undefined || closedLoops(body).length === 0 ? [] : [{ name: body.name, loops: closedLoops(body) }]), ...organs];
  const { synthetic, patientPosition } = scan;
  // Targets, and where one is among them the cord: what a beam is shaped by and what it is to miss.
  const inBeam = organs.filter(({ name }) => request.prescriptions.some(({ structure }) => structure === name) || /^spinal_?c/i.test(name));
  return {
    beams: planBeams({ beams: beams.map(({ number, name, controlPoints: [point] }) => ({ number, name, gantryDeg: point?.gantryDeg ?? 0, couchDeg: point?.couchDeg ?? 0 })), isocenter, patientPosition, structures: outlined.filter(({ name }) => name === body?.name || inBeam.some((one) => one.name === name)) }, { theme: "light", width: 300, height: 220 }),
    dvh: dvhOf(made, scan, facts, wanted, organs),
    washes: washes(made, scan, dose, outlined, organs, levels),
    fields: beams.map((beam) => fieldOf(beam, scan.ct, patientPosition, inBeam, synthetic)),
    ...(history.length === 0 ? {} : { objective: planObjective(history, { width: 640, height: 190, ...(request.modulated === undefined ? {} : { corrections: request.modulated.corrections }) }) }),
  };
}

/** Structures of prescriptions and goals. */
function wantedNames({ request }: PlanMade, { goalStructures }: PlanFacts): ReadonlySet<string> {
  return new Set([...request.prescriptions.map(({ structure }) => structure), ...goalStructures.flat()]);
}

function dvhOf({ request, outcomes }: PlanMade, { synthetic }: PlanningScan, { histograms, goalStructures }: PlanFacts, wanted: ReadonlySet<string>, outlined: readonly OutlinedStructure[]): Figure {
  const curves = histograms.filter(({ structure }) => wanted.has(structure)).map(({ structure, points, coverage }): DvhCurve => {
    const color = outlined.find(({ name }) => name === structure)?.color;
    return { name: structure, points, coverage, ...(color === undefined ? {} : { color }) };
  });
  const goals = request.goals.flatMap((goal, i) => (goal.cumulative === undefined ? (goalStructures[i] ?? []) : []).flatMap((structure) => {
    const { verdict } = outcomes[i] ?? {};
    const met = verdict === "met" || verdict === "held" ? { met: true } : verdict === "not met" ? { met: false } : {};
    return dvhGoals({ ...goal, structure }, histograms.find((one) => one.structure === structure)?.volumeCc).map((placed) => ({ ...placed, ...met }));
  }));
  return planDvh([{ name: request.name, curves }], goals, { width: 700, height: 345, theme: "light", synthetic });
}

const schemes = { percent: percentLevels, figure2: figure2Levels } as const;
const kinds = ["axial", "coronal", "sagittal"] as const;
/** px of the three planes side by side, and of a beam: four rows of three beams fill a page. */
const [planesWide, fieldWide, fieldHigh] = [800, 260, 230];
const gap = 2;

/** Around the body in the picture, mm; and how far along the patient around the targets it reaches. */
const [marginMm, alongMm] = [10, 110];

function washes({ request, isocenter }: PlanMade, { ct, synthetic }: PlanningScan, dose: Volume<Float32Array>, outlined: readonly OutlinedStructure[], organs: readonly OutlinedStructure[], levels: readonly WashLevels[]): PlanPictures["washes"] {
  const referenceGy = Math.max(...request.prescriptions.map(({ doseGy }) => doseGy));
  const targets = organs.filter(({ name }) => request.prescriptions.some(({ structure }) => structure === name));
  const box = boxAround(outlined, targets, isocenter, ct.grid);
  const [x, y, z] = box.size;
  const mmPerPx = (x + x + y) / (planesWide - 2 * gap);
  const height = Math.max(220, Math.round(Math.max(y, z) / mmPerPx));
  const highest = doseMaximum(dose)?.point ?? isocenter;
  return levels.map((level) => {
    // Hot spots are looked at where the dose is highest.
    const planes = kinds.map((kind) => planeThrough(kind, box, level === "figure2" ? highest : isocenter, { width: Math.round((kind === "sagittal" ? y : x) / mmPerPx), height }));
    const scene: Scene = { image: { volume: ct, window: { ...usualWindow(ct), law: "LINEAR" } }, structures: organs, dose: { volume: dose, scheme: schemes[level], referenceGy } };
    return { levels: level, figure: washFigure(scene, planes, { synthetic, levelKey: true }) };
  });
}

/** A box of 1 mm around the body as high as the targets with some room; the scan's own where nothing is drawn. */
function boxAround(outlined: readonly OutlinedStructure[], targets: readonly OutlinedStructure[], isocenter: Vec3, grid: Grid): Grid {
  if (outlined.length === 0) return grid;
  const [low, high] = extent(outlined);
  const [from, to] = targets.length === 0 ? [isocenter, isocenter] : extent(targets);
  const first: Vec3 = [Math.min(low[0], isocenter[0]) - marginMm, Math.min(low[1], isocenter[1]) - marginMm, Math.max(low[2] - marginMm, from[2] - alongMm)];
  const last: Vec3 = [Math.max(high[0], isocenter[0]) + marginMm, Math.max(high[1], isocenter[1]) + marginMm, Math.min(high[2] + marginMm, to[2] + alongMm)];
  const size = ([0, 1, 2] as const).map((axis) => Math.max(1, Math.round(last[axis] - first[axis]) + 1)) as unknown as Vec3;
  return gridOf({ size, origin: first, spacing: [1, 1, 1], frameOfReference: grid.frameOfReference });
}

function extent(structures: readonly OutlinedStructure[]): readonly [Vec3, Vec3] {
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (const { loops } of structures) {
    for (const loop of loops) {
      for (let i = 0; i < loop.length; i++) {
        low[i % 3] = Math.min(low[i % 3] as number, loop[i] as number);
        high[i % 3] = Math.max(high[i % 3] as number, loop[i] as number);
      }
    }
  }
  return [low as unknown as Vec3, high as unknown as Vec3];
}

function fieldOf(beam: PlanBeam, scan: Volume, patientPosition: PatientPosition, structures: readonly OutlinedStructure[], synthetic: boolean): PlanPictures["fields"][number] {
  const openings = beamOpenings(beam);
  const largest = [...openings].sort((a, b) => b.mu - a.mu)[0]?.point ?? beam.controlPoints[0];
  const size = { width: fieldWide, height: fieldHigh, synthetic };
  const controlPoint = largest === undefined ? 0 : Math.max(0, beam.controlPoints.indexOf(largest));
  const opening = bevFigure({ scan, beam, controlPoint, patientPosition, structures }, size);
  return openings.length < 2 ? { beam, opening } : { beam, opening, intensity: planFluence({ beam, patientPosition, structures }, size) };
}

