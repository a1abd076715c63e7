import { compose, invert, transform, type Transform } from "@hapax/base";
import type { Registration } from "./scan.ts";

/** How points of one frame of reference are taken to another, and in words what it rests on. */
export interface FrameMap {
  readonly map: Transform<"patient", "patient">;
  readonly because: string;
}

/**
 * The map of points from one frame of reference to another: the identity where they are one, otherwise a registration,
 * its inverse, or the shortest chain of these: two series are often both registered to a third.
 *
 * @param from           FrameOfReferenceUID of the points
 * @param to             FrameOfReferenceUID in which they are wanted
 * @param registrations  rigid or affine
 * @returns              undefined where nothing ties the two, or one of them is not recorded
 */
export function frameMap(from: string, to: string, registrations: readonly Registration[] = []): FrameMap | undefined {
  if (from === "" || to === "") return undefined;
  if (from === to) return { map: identity, because: "one frame of reference" };
  const steps = registrations.flatMap((one): Step[] => [
    { from: one.from, to: one.to, map: mapOf(one), because: `registration ${named(one)}` },
    { from: one.to, to: one.from, map: invert(mapOf(one)), because: `inverse of registration ${named(one)}` },
  ]);
  const reached = new Map<string, FrameMap>([[from, { map: identity, because: "" }]]);
  // A map keeps the order of its keys: frames are reached by ever longer chains.
  for (const [frame, here] of reached) {
    if (frame === to) return here;
    for (const step of steps) {
      if (step.from !== frame || reached.has(step.to)) continue;
      reached.set(step.to, { map: compose(step.map, here.map), because: here.because === "" ? step.because : `${here.because}, then ${step.because}` });
    }
  }
  return undefined;
}

interface Step extends FrameMap {
  readonly from: string;
  readonly to: string;
}

const identity = transform<"patient", "patient">([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]);

function mapOf({ rows }: Registration): Transform<"patient", "patient"> {
  return transform(rows as unknown as Transform<"patient", "patient">["rows"]);
}

const named = ({ label, uid }: Registration): string => (label === "" ? uid : label);
