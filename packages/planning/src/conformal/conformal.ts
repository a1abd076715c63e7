import type { BeamPosition } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import { beamDose, headFluence, type Aperture, type ConeCount, type Interval, type Mlc } from "@hapax/dose";
import { doseOfBeams } from "../collapsed.ts";
import { beamsOf } from "../deliver/beams.ts";
import { leavesOf } from "../deliver/leaf-grid.ts";
import type { Segment } from "../deliver/segment.ts";
import { meritOf } from "../optimize/merit.ts";
import type { PlanningProgress } from "../plan-made.ts";
import type { ConformalAsked } from "../request.ts";
import type { PlanningWork, Setting } from "../setting.ts";
import { fieldInField } from "./field-in-field.ts";
import { judgedBy, type Judged } from "./judged.ts";
import { fittedLeaves } from "./leaves.ts";
import { normalizedFactor } from "./normalize.ts";
import { beamsEyeOutline, distancesAround } from "./outline.ts";
import { beamPositions, type PlacedBeam } from "./positions.ts";
import { openingWeights, type OpeningWeights } from "./weights.ts";

/** Weights are sought with few cones; what is normalized has those of the final dose. */
const [seekingCones, finalCones]: readonly [ConeCount, ConeCount] = [24, 72];
/** The final dose of a beam takes as long as so many while weights are sought. */
const finalRuns = finalCones / seekingCones;
/** An opening is worth its while from so many monitor units of a fraction. */
const leastMu = 5;
/** Another round must lower the merit by this part. */
const gainOfRound = 0.02;
/** The mean dose at which weights are sought has settled when the normalization would change it by less. */
const settled = 0.003;

/** An opening of a beam and what it gives. */
interface Opening {
  readonly beam: number;
  readonly leavesMm: readonly Interval[];
  /** Gy per MU on the dose grid. */
  readonly doseGy: Float32Array;
}

/** The whole opening of a beam, and the jaws around it. */
interface OpenField {
  readonly position: PlacedBeam;
  readonly leavesMm: readonly Interval[];
  readonly jaws: Pick<Aperture, "x" | "y">;
}

/**
 * Plans open fields: leaves around the targets in each beam's eye view, weights for an even dose and the goals of organs, fields within
 * the fields where more is worth most, as long as they gain, and monitor units as the request normalizes.
 *
 * Told to stop, it ends with the weights at hand.
 *
 * @throws planning/no-leaves; as `beamPositions`, `fittedLeaves`, `normalizedFactor` and `beamDose`; the signal's reason when it is aborted
 */
export async function conformalBeams(setting: Setting, work: PlanningWork): Promise<{ beams: PlanBeam[]; notes: string[] }> {
  const { request, machine } = setting;
  const asked = request.conformal ?? { marginMm: 0, leafStrategy: "middle", fieldsInField: 0, hottestPercent: Infinity };
  const mlc = leavesOf(machine);
  const told = new Steps(work, asked);
  told.now("choosing beams");
  const positions = beamPositions(setting);
  told.beams = positions.length;
  told.now("fitting leaves");
  const fields = positions.map((position) => openField(setting, position, mlc, asked));
  const whole: Opening[] = [];
  for (const [beam, field] of fields.entries()) whole.push(await opened(setting, work, told, field, { beam, leavesMm: field.leavesMm }));

  const judged = judgedBy(setting, whole.map(({ doseGy }) => doseGy));
  told.now("optimizing");
  let found = await worthwhile(setting, work, judged, whole, 1);
  for (let round = 0; round < asked.fieldsInField && work.stop?.aborted !== true; round++) {
    const more = await within(setting, work, told, mlc, fields, whole, judged, found);
    if (more.length === 0) break;
    told.now("optimizing");
    const next = await worthwhile(setting, work, judged, [...found.openings, ...more], found.normalizing);
    if (!(next.weights.value < (1 - gainOfRound) * found.weights.value)) break;
    found = next;
  }
  const segments = found.openings.map(({ beam, leavesMm }, s): Segment => ({ beam, leavesMm, mu: (found.weights.mu[s] as number) / request.fractions }));
  const beams = beamsOf(segments, positions, machine);
  told.now("calculating the dose");
  const { doseGy } = await doseOfBeams(setting, beams, { crew: work.crew, cones: finalCones, signal: work.signal, onProgress: (share) => told.within(finalRuns * positions.length * share) });
  const factor = normalizedFactor(setting, volumeOf(setting, doseGy));
  const normalized = beamsOf(segments.map((segment) => ({ ...segment, mu: factor * segment.mu })), positions, machine);
  return { beams: normalized, notes: notesOf(setting, asked, positions, found, highestOf(doseGy) * factor) };
}

function openField({ request, machine, targets }: Setting, position: PlacedBeam, mlc: Mlc, { marginMm, leafStrategy }: ConformalAsked): OpenField {
  const outline = beamsEyeOutline(targets.map(({ structure }) => structure), position, machine.sadMm, request.gridMm);
  const leavesMm = fittedLeaves(mlc, distancesAround(outline, marginMm), marginMm, leafStrategy);
  const [beam] = beamsOf([{ beam: 0, leavesMm, mu: 1 }], [position], machine);
  const { x, y } = beam?.controlPoints[0]?.limits ?? {};
  return { position, leavesMm, jaws: { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) } };
}

/** An opening with its dose; closed pairs stand behind the jaw, as they will when it is given. */
async function opened({ machine, medium }: Setting, { crew, signal }: PlanningWork, told: Steps, { position, jaws }: OpenField, opening: Omit<Opening, "doseGy">): Promise<Opening> {
  told.now("calculating the dose");
  const mlc = leavesOf(machine);
  const jaw = jaws[mlc.axis];
  const behind = Math.max(mlc.travelMm[0], (jaw?.[0] ?? Math.min(...opening.leavesMm.map(([from]) => from))) - 5);
  const bank = (of: 0 | 1) => opening.leavesMm.map((ends) => (ends[1] > ends[0] ? ends[of] : behind));
  const head = headFluence(machine, [{ ...jaws, leaves: { positionsMm: [...bank(0), ...bank(1)] }, share: 1 }]);
  const doseGy = await beamDose({ machine, medium, position: placeOf(position), head, cones: seekingCones, crew, signal, onProgress: (share) => told.within(share) });
  told.calculated();
  return { ...opening, doseGy };
}

const placeOf = ({ isocenter, patientPosition, gantryDeg, collimatorDeg, couchDeg }: BeamPosition): BeamPosition => ({ isocenter, patientPosition, gantryDeg, collimatorDeg, couchDeg });

/** Openings, their weights, and by what the mean dose of the target is multiplied so that the normalization holds. */
interface Weighed {
  readonly openings: readonly Opening[];
  readonly weights: OpeningWeights;
  readonly normalizing: number;
}

/** Weights at the dose that the normalization asks for: sought, normalized, and sought again there. */
async function weighed(setting: Setting, { signal }: PlanningWork, { voxels, target, aims }: Judged, openings: readonly Opening[], from: number): Promise<Weighed> {
  const prescribedGy = setting.targets[0]?.doseGy as number;
  const doses = openings.map(({ doseGy }) => Float32Array.from(voxels, (voxel) => doseGy[voxel] as number));
  let normalizing = from;
  let weights: OpeningWeights | undefined;
  for (let round = 0; round < 3; round++) {
    weights = await openingWeights({ doses, target, meanGy: prescribedGy * normalizing, merit: meritOf(aims), signal, ...(weights === undefined ? {} : { start: weights.mu }) });
    const factor = normalizedFactor(setting, volumeOf(setting, summed(openings, weights.mu)));
    if (Math.abs(factor - 1) < settled) break;
    normalizing *= factor;
  }
  return { openings, weights: weights as OpeningWeights, normalizing };
}

/** The same without openings that would have too few monitor units. */
async function worthwhile(setting: Setting, work: PlanningWork, judged: Judged, openings: readonly Opening[], from: number): Promise<Weighed> {
  const found = await weighed(setting, work, judged, openings, from);
  const least = leastMu * setting.request.fractions;
  const kept = openings.filter((_, s) => (found.weights.mu[s] as number) >= least);
  return kept.length === 0 || kept.length === openings.length ? found : worthwhile(setting, work, judged, kept, found.normalizing);
}

function summed(openings: readonly Opening[], mu: Float64Array): Float32Array<ArrayBuffer> {
  const total = new Float32Array((openings[0] as Opening).doseGy.length);
  openings.forEach(({ doseGy }, s) => {
    const weight = mu[s] as number;
    if (weight > 0) for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + weight * (doseGy[i] as number);
  });
  return total;
}

/** For each beam a field within its field, where more is worth most at these weights. */
async function within(setting: Setting, work: PlanningWork, told: Steps, mlc: Mlc, fields: readonly OpenField[], whole: readonly Opening[], { voxels }: Judged, { weights }: Weighed): Promise<Opening[]> {
  const more: Opening[] = [];
  for (const [beam, field] of fields.entries()) {
    const { doseGy } = whole[beam] as Opening;
    const prices = weights.prices.map((price, place) => price * (doseGy[voxels[place] as number] as number));
    const leavesMm = fieldInField(mlc, field.leavesMm, field.position, setting.machine.sadMm, setting.medium.grid, { voxels, prices });
    if (leavesMm !== undefined) more.push(await opened(setting, work, told, field, { beam, leavesMm }));
  }
  return more;
}

function volumeOf({ medium: { grid } }: Setting, values: Float32Array) {
  return { grid, values: values as Float32Array<ArrayBuffer>, slope: 1, intercept: 0, unit: "Gy" as const };
}

const highestOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, value), 0);

function notesOf({ request, targets }: Setting, { fieldsInField, hottestPercent }: ConformalAsked, positions: readonly PlacedBeam[], { openings }: Weighed, highestGy: number): string[] {
  const percent = (100 * highestGy) / (targets[0]?.doseGy as number);
  const openingsOf = (beam: number) => openings.filter((opening) => opening.beam === beam).length;
  const idle = positions.filter((_, beam) => openingsOf(beam) === 0).map(({ name }) => name);
  return [
    ...positions.map(({ name, why }) => `${name}: ${why}.`),
    ...(idle.length === 0 ? [] : [`The plan is better without ${idle.join(", ")}: left out.`]),
    ...(fieldsInField === 0 ? [] : [`Openings with the fields within fields: ${positions.map(({ name }, beam) => `${name} ${openingsOf(beam)}`).join(", ")}.`]),
    ...(request.technique !== "SBRT" && percent > hottestPercent ? [`The hottest place has ${percent.toFixed(1)} % of the prescription; at most ${hottestPercent} % was wanted.`] : []),
  ];
}

/** Tells how far open fields are: what takes long are the doses of openings. */
class Steps {
  beams = 1;
  readonly #work: PlanningWork;
  readonly #perBeam: number;
  #step: PlanningProgress["step"] = "choosing beams";
  #calculated = 0;

  constructor(work: PlanningWork, { fieldsInField }: ConformalAsked) {
    this.#work = work;
    this.#perBeam = 1 + fieldsInField + finalRuns;
  }

  now(step: PlanningProgress["step"]): void {
    this.#work.signal?.throwIfAborted();
    this.#step = step;
    this.within(0);
  }

  /** Of the step at hand, 0 to 1. */
  within(share: number): void {
    this.#work.onProgress?.({ step: this.#step, share: Math.min(1, (this.#calculated + share) / (this.beams * this.#perBeam)) });
  }

  calculated(): void {
    this.#calculated++;
  }
}
