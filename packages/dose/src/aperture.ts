import { HapaxError, type Vec3 } from "@hapax/base";
import type { BeamLimits, ControlPoint, PlanBeam } from "@hapax/case";
import type { Machine } from "./machine.ts";

export type Interval = readonly [number, number];

/** What limits a beam at one moment, mm at the isocenter in the frame of the collimator; what is left out does not limit. */
export interface Aperture {
  /** Jaws: x1, x2 and y1, y2. */
  readonly x?: Interval;
  readonly y?: Interval;
  readonly leaves?: Leaves;
  readonly blocks?: readonly Block[];
}

export interface Leaves {
  /** Bank 1, then bank 2, of each pair. */
  readonly positionsMm: readonly number[];
  /** Edges of the pairs and the axis of the motion, where they are not the machine's. */
  readonly edgesMm?: readonly number[];
  readonly axis?: "x" | "y";
}

export interface Block {
  /** `shielding` covers the inside of its outline, `aperture` all but the inside. */
  readonly kind: "shielding" | "aperture";
  /** Corners, not repeated at the end. */
  readonly outlineMm: readonly Interval[];
  /** Share that passes where it covers. */
  readonly transmission: number;
}

/** An aperture and the share of the beam's meterset that is given through it. */
export interface SharedAperture extends Aperture {
  readonly share: number;
}

/** A part of a beam from one direction, and what it is given through; the shares of its apertures sum to its own. */
export interface BeamSegment extends Pick<ControlPoint, "gantryDeg" | "collimatorDeg" | "couchDeg"> {
  readonly isocenter: Vec3;
  readonly share: number;
  readonly apertures: readonly SharedAperture[];
}

export interface BeamSegments {
  readonly segments: readonly BeamSegment[];
  /** What was assumed, in words for the result. */
  readonly notes: readonly string[];
}

/** A square around the axis. */
export function squareField(sideMm: number): Aperture {
  return rectangularField(sideMm, sideMm);
}

/** A rectangle around the axis. */
export function rectangularField(xMm: number, yMm: number): Aperture {
  return { x: [-xMm / 2, xMm / 2], y: [-yMm / 2, yMm / 2] };
}

/** Leaves and jaws go no further than this between two apertures of a beam that moves them, mm. */
const subStepMm = 2;
/** Positions in files are rounded; leaves that stand closer to where they stood have not moved, mm. */
const unmovedMm = 1e-3;

/**
 * The apertures of a planned beam: one for each interval between control points through which meterset is given, and where jaws or
 * leaves move in it, one for the middle of each 2 mm of motion. Where the gantry, collimator or couch turns, an interval is given from
 * its middle angle; intervals from one direction are one segment.
 *
 * @throws dose/radiation where the beam is not of photons; dose/modifier for a wedge, a compensator or a bolus; dose/meterset-order where its meterset does not rise
 */
export function beamSegments(beam: PlanBeam, machine: Machine): BeamSegments {
  if (beam.radiation !== "PHOTON") {
    throw new HapaxError("dose/radiation", `Beam ${beam.number}, ${beam.name}, is of kind ${beam.radiation}.`, "The engine calculates photons only; leave this beam out.");
  }
  const [modifier] = beam.modifiers ?? [];
  if (modifier !== undefined) {
    throw new HapaxError("dose/modifier", `Beam ${beam.number}, ${beam.name}, passes a ${modifier}.`, "The engine has no such part in its beam yet, and without it the dose would be wrong; leave this beam out.");
  }
  const segments: BeamSegment[] = [];
  for (let i = 1; i < beam.controlPoints.length; i++) {
    const [before, after] = [beam.controlPoints[i - 1] as ControlPoint, beam.controlPoints[i] as ControlPoint];
    const share = after.metersetShare - before.metersetShare;
    if (!(share >= 0)) {
      throw new HapaxError(
        "dose/meterset-order",
        `Beam ${beam.number} has the meterset share ${before.metersetShare} at control point ${i - 1} and ${after.metersetShare} at ${i}.`,
        "Export the plan again with cumulative meterset weights.",
      );
    }
    if (share === 0) continue;
    const steps = Math.max(1, Math.ceil(furthest(before.limits, after.limits) / subStepMm - unmovedMm));
    const apertures = Array.from({ length: steps }, (_, step) => ({ ...apertureOf(between(before.limits, after.limits, (step + 0.5) / steps), beam), share: share / steps }));
    const segment = {
      gantryDeg: middleDeg(before.gantryDeg, after.gantryDeg),
      collimatorDeg: middleDeg(before.collimatorDeg, after.collimatorDeg),
      couchDeg: middleDeg(before.couchDeg, after.couchDeg),
      isocenter: before.isocenter,
      share,
      apertures,
    };
    const last = segments.at(-1);
    if (last !== undefined && sameDirection(last, segment)) segments[segments.length - 1] = { ...last, share: last.share + share, apertures: [...last.apertures, ...apertures] };
    else segments.push(segment);
  }
  return { segments, notes: notesOf(beam, machine, segments) };
}

function notesOf(beam: PlanBeam, machine: Machine, segments: readonly BeamSegment[]): string[] {
  const notes: string[] = [];
  const hasLeaves = segments.some(({ apertures }) => apertures.some(({ leaves }) => leaves !== undefined));
  const { leafEdges: edges, leafAxis: axis } = beam;
  const { mlc } = machine;
  if (hasLeaves && mlc !== undefined) {
    const differs = (edges !== undefined && (edges.length !== mlc.leafEdgesMm.length || edges.some((edge, i) => Math.abs(edge - (mlc.leafEdgesMm[i] as number)) > unmovedMm))) || (axis !== undefined && axis !== mlc.axis);
    if (differs) notes.push(`Beam ${beam.number} has ${edges === undefined ? "" : `${edges.length - 1} `}pairs of leaves of its own along ${axis ?? mlc.axis}; they are calculated with the transmission and tips of ${machine.name}.`);
  }
  for (const jaw of ["x", "y"] as const) {
    const limited = segments.some(({ apertures }) => apertures.some((aperture) => aperture[jaw] !== undefined));
    if (hasLeaves && limited && machine.jaws[jaw] === undefined) notes.push(`Beam ${beam.number} has ${jaw} jaws, ${machine.name} has none; they are left out, the leaves limit the beam.`);
  }
  if (beam.blocks?.some(({ transmission }) => transmission === undefined) === true) notes.push(`Beam ${beam.number} has a block whose transmission is not recorded; it is taken as ${100 * blockTransmission} %.`);
  const turned = beam.controlPoints.some((point, i) => i > 0 && point.gantryDeg !== (beam.controlPoints[i - 1] as ControlPoint).gantryDeg);
  if (turned) notes.push(`Beam ${beam.number} turns; each interval between its control points is given from its middle angle.`);
  return notes;
}

/** A block of five half-value layers lets through 3 %: what is taken where a plan does not say. */
const blockTransmission = 0.03;

function apertureOf({ x, y, leaves }: BeamLimits, { leafEdges: edgesMm, leafAxis: axis, blocks = [] }: PlanBeam): Aperture {
  return {
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(blocks.length === 0 ? {} : { blocks: blocks.map(({ type, outlineMm, transmission = blockTransmission }) => ({ kind: type === "APERTURE" ? "aperture" as const : "shielding" as const, outlineMm, transmission })) }),
    ...(leaves === undefined ? {} : { leaves: { positionsMm: leaves, ...(edgesMm === undefined ? {} : { edgesMm }), ...(axis === undefined ? {} : { axis }) } }),
  };
}

/** The longest way of a jaw or leaf, mm. */
function furthest(before: BeamLimits, after: BeamLimits): number {
  let most = 0;
  for (const part of ["x", "y", "leaves"] as const) after[part]?.forEach((position, i) => (most = Math.max(most, Math.abs(position - (before[part]?.[i] ?? position)))));
  return most;
}

function between(before: BeamLimits, after: BeamLimits, share: number): BeamLimits {
  const moved = <Positions extends readonly number[]>(from: Positions | undefined, to: Positions | undefined): Positions | undefined =>
    from === undefined || to === undefined ? (to ?? from) : (from.map((position, i) => position + ((to[i] ?? position) - position) * share) as unknown as Positions);
  const [x, y, leaves] = [moved(before.x, after.x), moved(before.y, after.y), moved(before.leaves, after.leaves)];
  return { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }), ...(leaves === undefined ? {} : { leaves }) };
}

/** Halfway by the shorter way round, from 0 up to 360. */
function middleDeg(from: number, to: number): number {
  const turn = ((((to - from) % 360) + 540) % 360) - 180;
  return (((from + turn / 2) % 360) + 360) % 360;
}

function sameDirection(a: BeamSegment, b: BeamSegment): boolean {
  return a.gantryDeg === b.gantryDeg && a.collimatorDeg === b.collimatorDeg && a.couchDeg === b.couchDeg && a.isocenter.every((mm, i) => mm === b.isocenter[i]);
}
