import type { Vec3 } from "@hapax/base";
import type { PlanBeam } from "@hapax/case";
import type { BeamAsked, PlanMade } from "@hapax/planning";

/** Beams that are only asked for, as a plan would have them: without leaves, and without monitor units. */
export const askedBeams = (beams: readonly BeamAsked[], isocenter: Vec3): PlanBeam[] =>
  beams.map(({ name, gantryDeg, collimatorDeg, couchDeg }, i) => ({
    number: i + 1, name, type: "STATIC", radiation: "PHOTON", sadMm: 1000,
    controlPoints: [{ metersetShare: 0, gantryDeg, collimatorDeg, couchDeg, isocenter, limits: {} }],
  }));

/** The directions of a made plan. */
export const directionsOf = ({ beams }: Pick<PlanMade, "beams">): BeamAsked[] =>
  beams.flatMap(({ name, controlPoints: [first] }) => (first === undefined ? [] : [{ name, gantryDeg: first.gantryDeg, collimatorDeg: first.collimatorDeg, couchDeg: first.couchDeg }]));

/** Whether a made plan has the directions that are asked for now: then its leaves are theirs. */
export const sameDirections = (made: readonly BeamAsked[], asked: readonly BeamAsked[]): boolean =>
  made.length === asked.length && made.every((one, i) => (["gantryDeg", "collimatorDeg", "couchDeg"] as const).every((key) => one[key] === asked[i]?.[key]));
