import type { BeamLimits, ControlPoint, PlanBeam } from "@hapax/case";
import type { DeliveryTime } from "../plan-made.ts";

/** What a machine is assumed to do: none of its data say it. */
const muPerMinute = 600;
const leafMmPerSecond = 20;
const gantryDegPerSecond = 6;
/** The couch is turned from within the room. */
const couchTurnSeconds = 60;
const beamStartSeconds = 2;

/** How long a fraction takes from the first beam's start to the last one's end, in the order of the beams. */
export function deliveryTime(beams: readonly PlanBeam[]): DeliveryTime {
  let seconds = 0;
  let before: ControlPoint | undefined;
  for (const { controlPoints, meterset = 0 } of beams) {
    const first = controlPoints[0];
    if (first === undefined) continue;
    if (before !== undefined) {
      seconds += Math.abs(fromAbove(first.gantryDeg) - fromAbove(before.gantryDeg)) / gantryDegPerSecond;
      if (first.couchDeg !== before.couchDeg) seconds += couchTurnSeconds;
    }
    seconds += beamStartSeconds;
    for (const [i, point] of controlPoints.entries()) {
      const last = controlPoints[i - 1];
      if (last === undefined) continue;
      const giving = (60 * meterset * (point.metersetShare - last.metersetShare)) / muPerMinute;
      seconds += Math.max(giving, longestWay(last.limits, point.limits) / leafMmPerSecond, Math.abs(fromAbove(point.gantryDeg) - fromAbove(last.gantryDeg)) / gantryDegPerSecond);
    }
    before = controlPoints.at(-1);
  }
  return {
    seconds,
    assumptions: [
      `${muPerMinute} monitor units a minute, and ${beamStartSeconds} s for a beam to start`,
      `leaves and jaws move at ${leafMmPerSecond} mm/s, all at once, and nothing else is waited for between segments`,
      `the gantry turns ${gantryDegPerSecond} degrees a second and does not pass below the couch; the collimator turns meanwhile`,
      `${couchTurnSeconds} s for each turn of the couch, with the way into the room`,
      "setup and imaging are not counted; all of this is assumed, none of it is measured on a machine",
    ],
  };
}

/** From −180 to 180: a gantry stops at the bottom. */
function fromAbove(gantryDeg: number): number {
  const turned = ((gantryDeg % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** The longest way of a leaf or jaw, mm. */
function longestWay(before: BeamLimits, after: BeamLimits): number {
  let most = 0;
  for (const part of ["x", "y", "leaves"] as const) after[part]?.forEach((position, i) => (most = Math.max(most, Math.abs(position - (before[part]?.[i] ?? position)))));
  return most;
}
