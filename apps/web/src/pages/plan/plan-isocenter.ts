import type { Vec3 } from "@hapax/base";
import { closedLoops, type Structure } from "@hapax/case";

/** Where beams are drawn before a plan says where its isocenter is: the middle of the box of all targets, LPS, to the millimeter. */
export function middleOfTargets(structures: readonly Structure[], targets: readonly string[]): Vec3 | undefined {
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (const loop of structures.filter(({ name }) => targets.includes(name)).flatMap(closedLoops)) {
    loop.forEach((at, i) => {
      low[i % 3] = Math.min(low[i % 3] as number, at);
      high[i % 3] = Math.max(high[i % 3] as number, at);
    });
  }
  return Number.isFinite(low[0]) ? (low.map((at, i) => Math.round((at + (high[i] as number)) / 2)) as unknown as Vec3) : undefined;
}
