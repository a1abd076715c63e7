import type { BeamPosition } from "@hapax/base";
import type { BeamLimits, ControlPoint, PlanBeam } from "@hapax/case";
import type { Interval, Machine, Mlc } from "@hapax/dose";
import { leavesOf } from "./leaf-grid.ts";
import { orderedForTravel } from "./order.ts";
import type { Segment } from "./segment.ts";

/** Jaws stand this far behind the ends of the leaves, mm, so that these make the edge. */
const jawMarginMm = 2;
/** Closed pairs stand this far behind the jaws, mm, so that what passes between their tips meets them. */
const parkedBehindMm = 5;

/**
 * Beams that give segments one after another: at each a pair of control points with the same opening, between which its share of the
 * meterset is given; from one pair to the next the leaves move and nothing is given. As the opening never changes while the meterset
 * does, such a beam is STATIC (DICOM PS3.3 C.8.8.14, Beam Type). Leaves stand at tenths of a millimeter, monitor units are tenths. Jaws
 * stay for a whole beam: around all openings, to the millimeter; closed pairs are hidden behind them.
 *
 * @param positions  of each beam, with its name
 * @returns          numbered from 1 by their positions; a beam without a segment is left out
 * @throws           planning/no-leaves
 */
export function beamsOf(segments: readonly Segment[], positions: readonly (BeamPosition & { readonly name: string })[], machine: Machine): PlanBeam[] {
  const mlc = leavesOf(machine);
  return positions.flatMap(({ name, isocenter, gantryDeg, collimatorDeg, couchDeg }, beam): PlanBeam[] => {
    const own = segments
      .filter((segment) => segment.beam === beam)
      .map(({ leavesMm, mu }) => ({ leavesMm: leavesMm.map(([one, two]): Interval => [tenths(one), tenths(two)]), mu: tenths(mu) }))
      .filter(({ leavesMm, mu }) => mu > 0 && leavesMm.some(isOpen));
    if (own.length === 0) return [];
    const field = unionOf(own.map(({ leavesMm }) => leavesMm), mlc);
    const parked = parkedAt(own.map(({ leavesMm }) => leavesMm), field.along, mlc);
    const ordered = orderedForTravel(own.map(({ leavesMm, mu }) => ({ mu, leavesMm: leavesMm.map((leaves, pair): Interval => (isOpen(leaves) ? leaves : [parked[pair] as number, parked[pair] as number])) })));
    const jaws = jawsAround(field, machine, mlc);
    const meterset = tenths(ordered.reduce((sum, { mu }) => sum + mu, 0));
    let given = 0;
    const controlPoints = ordered.flatMap(({ leavesMm, mu }, s): ControlPoint[] => {
      const at = (metersetShare: number) => ({ metersetShare, gantryDeg, collimatorDeg, couchDeg, isocenter, limits: { ...jaws, leaves: [0, 1].flatMap((bank) => leavesMm.map((leaves) => leaves[bank] as number)) } });
      const before = given / meterset;
      given += mu;
      return [at(before), at(s === ordered.length - 1 ? 1 : given / meterset)];
    });
    return [{
      number: beam + 1,
      name,
      type: "STATIC",
      radiation: "PHOTON",
      machine: machine.id,
      energyMv: machine.energyMv,
      sadMm: machine.sadMm,
      meterset,
      leafEdges: mlc.leafEdgesMm,
      leafAxis: mlc.axis,
      controlPoints,
    }];
  });
}

const tenths = (value: number): number => Math.round(10 * value) / 10;
const isOpen = ([one, two]: Interval): boolean => two > one;

interface Field {
  readonly along: Interval;
  readonly across: Interval;
}

/** What any opening leaves open, to the millimeter. */
function unionOf(openings: readonly (readonly Interval[])[], { leafEdgesMm }: Mlc): Field {
  let [one, two, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const leavesMm of openings) {
    for (const [pair, leaves] of leavesMm.entries()) {
      if (!isOpen(leaves)) continue;
      one = Math.min(one, leaves[0]);
      two = Math.max(two, leaves[1]);
      low = Math.min(low, leafEdgesMm[pair] as number);
      high = Math.max(high, leafEdgesMm[pair + 1] as number);
    }
  }
  return { along: [Math.floor(one - jawMarginMm), Math.ceil(two + jawMarginMm)], across: [Math.floor(low), Math.ceil(high)] };
}

function jawsAround({ along, across }: Field, { jaws }: Machine, { axis }: Mlc): BeamLimits {
  const [x, y] = axis === "x" ? [along, across] : [across, along];
  const within = (limits: Interval, pair: (typeof jaws)["x"]): Interval | undefined =>
    pair === undefined ? undefined : [Math.max(pair.travelMm[0], limits[0]), Math.min(pair.travelMm[1], limits[1])];
  const [jawX, jawY] = [within(x, jaws.x), within(y, jaws.y)];
  return { ...(jawX === undefined ? {} : { x: jawX }), ...(jawY === undefined ? {} : { y: jawY }) };
}

/** Where each pair stands while it is closed: behind the jaw that is nearer to what it leaves open at other times, or to the field's middle. */
function parkedAt(openings: readonly (readonly Interval[])[], along: Interval, { leafEdgesMm, travelMm }: Mlc): number[] {
  const fieldMiddle = middleOf(openings.flatMap((leavesMm) => leavesMm.filter(isOpen)));
  return leafEdgesMm.slice(1).map((_, pair) => {
    const own = openings.map((leavesMm) => leavesMm[pair] as Interval).filter(isOpen);
    const middle = own.length > 0 ? middleOf(own) : fieldMiddle;
    return middle - along[0] <= along[1] - middle ? Math.max(travelMm[0], along[0] - parkedBehindMm) : Math.min(travelMm[1], along[1] + parkedBehindMm);
  });
}

function middleOf(stretches: readonly Interval[]): number {
  return stretches.reduce((sum, [one, two]) => sum + (one + two) / 2, 0) / stretches.length;
}
