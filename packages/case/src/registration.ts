import { invert, transform, type Transform } from "@hapax/base";
import type { Registration } from "./scan.ts";

/** How points of one frame of reference are taken to another, and in words what it rests on. */
export interface FrameMap {
  readonly map: Transform<"patient", "patient">;
  readonly because: string;
}

/**
 * The map of points from one frame of reference to another: the identity where they are one, a registration or its
 * inverse otherwise.
 *
 * @param from           FrameOfReferenceUID of the points
 * @param to             FrameOfReferenceUID in which they are wanted
 * @param registrations  rigid or affine; no two are chained
 * @returns              undefined where nothing ties the two, or one of them is not recorded
 */
export function frameMap(from: string, to: string, registrations: readonly Registration[] = []): FrameMap | undefined {
  if (from === "" || to === "") return undefined;
  if (from === to) return { map: identity, because: "one frame of reference" };
  const forth = registrations.find((r) => r.from === from && r.to === to);
  if (forth !== undefined) return { map: mapOf(forth), because: `registration ${named(forth)}` };
  const back = registrations.find((r) => r.from === to && r.to === from);
  return back === undefined ? undefined : { map: invert(mapOf(back)), because: `inverse of registration ${named(back)}` };
}

const identity = transform<"patient", "patient">([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]);

function mapOf({ rows }: Registration): Transform<"patient", "patient"> {
  return transform(rows as unknown as Transform<"patient", "patient">["rows"]);
}

const named = ({ label, uid }: Registration): string => (label === "" ? uid : label);
