import type { Structure } from "@hapax/case";
import { imageColors } from "./image-colors.ts";
import { structureLook, tokenOf, type StructureLook } from "./structure-colors.ts";

const named = /^(gtv|ctv|itv|ptv|spinal|esoph|heart|trachea|bronch|lung|brachial|great|a_aorta|v_vena|liver|bone|scapula|rib|chestwall|skin|body|external|kidney|larynx)/i;
/** Targets at several dose levels, from the highest on: one family, each told from the next by lightness and by hue. */
const levels: readonly string[] = [imageColors["s-ptv-high"], "#FFC4EC", "#C06BFF", "#8F5BC4"];

/** The color of a rank among so many; the more levels there are than colors, the more share the last. */
const levelColor = (rank: number): string => levels[Math.min(rank, levels.length - 1)] as string;

/**
 * Colors by the names of TG-263, so that an organ looks the same in every case. A name that has no color there, and one
 * whose color is taken, keeps that of its file; targets with dose levels in their names go from strong to pale.
 */
export function looksOf(structures: readonly Pick<Structure, "number" | "name" | "color">[]): ReadonlyMap<number, StructureLook> {
  const looks = new Map<number, StructureLook>();
  const taken = new Set<string>();
  const dosed = structures.filter((s) => /^ptv.*\d{2}/i.test(s.name)).sort((a, b) => levelOf(b.name) - levelOf(a.name));
  const ranks = [...new Set(dosed.map((s) => levelOf(s.name)))];
  for (const { number, name, color } of structures) {
    const rank = dosed.findIndex((s) => s.number === number);
    const byName = dosed.length > 1 && rank !== -1 ? levelColor(ranks.indexOf(levelOf(name))) : named.test(name) ? imageColors[tokenOf(name)] : undefined;
    const look = structureLook(name, byName !== undefined && !(taken.has(byName) && color !== undefined && rank === -1) ? byName : color);
    // A planning risk volume has the color of its organ, dashed.
    if (!look.dashed) taken.add(look.color);
    looks.set(number, look.dashed ? structureLook(name) : look);
  }
  return looks;
}

/** The dose in a target's name, Gy: TG-263 writes cGy, `PTV_5400`, others `PTV54`. */
export function levelOf(name: string): number {
  const number = Number(/(\d{2,5})/.exec(name)?.[1] ?? 0);
  return number >= 200 ? number / 100 : number;
}
