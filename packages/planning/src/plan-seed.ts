import type { PlanMade } from "./plan-made.ts";

/**
 * The text that all UIDs of the files come from, with the label that they have: it holds everything that they say, so that
 * files that differ are never called alike, and a plan that is written twice has the same.
 *
 * @param joined  patient, study and date of the files
 */
export function planSeed<Joined>({ request, madeFrom, beams, notes }: PlanMade, joined: Joined): { readonly seed: string; readonly label: string } {
  return { seed: JSON.stringify(inOrder([joined, request, madeFrom, beams, notes])), label: request.name };
}

/** With the members of every object by name: what is told in another order is the same. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, inOrder(member)]));
}
