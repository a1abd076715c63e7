import { imageColors, type ImageColor } from "./image-colors.ts";

/** Prefixes of TG-263 names, in any case; the longest that fits gives the color. */
const byPrefix: Readonly<Record<string, ImageColor>> = {
  gtv: "s-gtv", ctv: "s-ctv", itv: "s-itv", ptv: "s-ptv", ptv_high: "s-ptv-high", ptv_low: "s-ptv-low",
  spinalcord: "s-spinalcord", spinalcanal: "s-spinalcord", esophagus: "s-esophagus", heart: "s-heart",
  trachea: "s-trachea", bronchus: "s-bronchus", lung: "s-lung-l", lung_l: "s-lung-l", lung_r: "s-lung-r", lungs: "s-lung-l",
  brachialplex: "s-brachialplex", greatves: "s-greatves", a_aorta: "s-greatves", v_venacava: "s-greatves",
  liver: "s-liver", bone: "s-rib", bone_scapula: "s-bone-scapula", scapula: "s-bone-scapula", rib: "s-rib", chestwall: "s-rib",
  skin: "s-skin", body: "s-body", external: "s-body", kidney: "s-kidney", larynx: "s-larynx",
};

/** Colors for names that TG-263 gives no place here: kept apart by their number. */
const others: readonly ImageColor[] = ["s-larynx", "s-kidney", "s-bronchus", "s-liver", "s-trachea", "s-greatves", "s-heart", "s-esophagus"];

/** How a structure's outline is drawn. */
export interface StructureLook {
  /** `#rrggbb`. */
  readonly color: string;
  /** A planning risk volume has the color of its organ, dashed. */
  readonly dashed: boolean;
}

/**
 * The look of a structure by its TG-263 name.
 *
 * @param name   as in the file: `SpinalCord_PRV05`
 * @param color  one that a person has set, `#rrggbb`; it beats the name
 */
export function structureLook(name: string, color?: string): StructureLook {
  return { color: color ?? imageColors[tokenOf(name)], dashed: /prv/i.test(name) };
}

/** Token of tokens.css for a structure's name; a name that fits no prefix always gets the same of a few. */
export function tokenOf(name: string): ImageColor {
  const lower = name.toLowerCase();
  const prefix = Object.keys(byPrefix)
    .filter((p) => lower.startsWith(p))
    .sort((a, b) => b.length - a.length)[0];
  if (prefix !== undefined) return byPrefix[prefix] as ImageColor;
  let sum = 0;
  for (const c of lower) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973;
  return others[sum % others.length] as ImageColor;
}
