import list from "./tg263.json" with { type: "json" };

/** A name of AAPM TG-263, without its side. */
export interface StandardName {
  readonly name: string;
  /** Comes as _L and _R. */
  readonly sided?: boolean;
  /** The pair together. */
  readonly plural?: string;
  /** A target: numbers, doses and levels may follow. */
  readonly target?: boolean;
  /** Read in a published protocol; false is recalled and not looked up. */
  readonly verified: boolean;
  /** How it is called elsewhere, in lower case. */
  readonly also: readonly string[];
}

export const standardNames: readonly StandardName[] = list.names;

/** What a name says, and how TG-263 would say it. */
export interface NameReading {
  /** TG-263 name, with its side and its planning margin; undefined where the name is not in the list. */
  readonly standard?: string;
  /** The name as it is follows TG-263. */
  readonly fine: boolean;
  /** What is wrong, in words. */
  readonly faults: readonly string[];
  /** Whether the list entry was read in a published protocol. */
  readonly verified: boolean;
  /** `z` made for optimization, `~` not for evaluation. */
  readonly purpose: "evaluation" | "optimization" | "not for evaluation";
}

/** Longest name that every system keeps. */
const longest = 16;

/**
 * Reads the name of a structure by TG-263: organ, side (`_L`, `_R`), margin of a planning organ at risk volume (`_PRV05`,
 * mm), prefix (`z`, `~`).
 */
export function readName(name: string): NameReading {
  const { prefix, body } = prefixed(name.trim());
  const { organ, prv } = marginOf(body);
  const found = lookUp(organ);
  const standard = found === undefined ? undefined : `${prefix}${found.name}${prv}`;
  const faults = [
    ...(name.length > longest ? [`${name.length} characters: some systems keep ${longest}`] : []),
    ...(/[^\w~^!+\-.]/.test(name) ? ["a character that is not a letter, digit, _, ^, !, +, - or ~"] : []),
    ...(standard === undefined ? ["not in the list of TG-263 names kept here"] : standard === name ? [] : [`TG-263 has ${standard}`]),
  ];
  return {
    ...(standard === undefined ? {} : { standard }),
    fine: faults.length === 0,
    faults,
    verified: found?.verified ?? false,
    purpose: prefix === "z" ? "optimization" : prefix === "~" ? "not for evaluation" : "evaluation",
  };
}

/** TG-263 name of a structure, or the name itself where it is not in the list. */
export const standardNameOf = (name: string): string => readName(name).standard ?? name;

function prefixed(name: string): { prefix: "" | "z" | "~"; body: string } {
  if (name.startsWith("~")) return { prefix: "~", body: name.slice(1) };
  return /^z[_A-Z]/.test(name) ? { prefix: "z", body: name.slice(1).replace(/^_/, "") } : { prefix: "", body: name };
}

function marginOf(name: string): { organ: string; prv: string } {
  const found = /^(.*?)[\s_+-]*prv[\s_]*(\d+)?(?:\s*mm)?$/i.exec(name);
  if (found === null) return { organ: name, prv: "" };
  return { organ: found[1] as string, prv: `_PRV${found[2] === undefined ? "" : found[2].padStart(2, "0")}` };
}

function lookUp(organ: string): { name: string; verified: boolean } | undefined {
  for (const entry of standardNames) {
    if (entry.target === true) {
      if (organ === entry.name || new RegExp(`^${entry.name}(?:[pn]\\d?|\\d)?(?:[_!^-].*)?$`).test(organ)) return { name: organ, verified: entry.verified };
      continue;
    }
    if (organ === entry.name || organ === entry.plural) return { name: organ, verified: entry.verified };
    if (entry.sided === true && (organ === `${entry.name}_L` || organ === `${entry.name}_R`)) return { name: organ, verified: entry.verified };
  }
  return byOtherName(organ);
}

function byOtherName(organ: string): { name: string; verified: boolean } | undefined {
  const whole = plain(organ);
  const { side, rest } = sideOf(organ);
  for (const entry of standardNames) {
    const known = new Set([entry.name, ...entry.also].map(plain));
    if (entry.plural !== undefined && (whole === plain(entry.plural) || (side === undefined && known.has(whole.replace(/s$/, "")) && whole.endsWith("s")))) return { name: entry.plural, verified: entry.verified };
    if (entry.target === true) {
      if (known.has(whole)) return { name: entry.name, verified: entry.verified };
    } else if (known.has(whole)) return { name: entry.name, verified: entry.verified };
    else if (entry.sided === true && side !== undefined && known.has(plain(rest))) return { name: `${entry.name}_${side}`, verified: entry.verified };
  }
  return undefined;
}

/** A side at either end: LeftParotid, Parotid left, LT_LUNG, lung rt, Lens - right. */
function sideOf(name: string): { side?: "L" | "R"; rest: string } {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[\s_.\-]+/).filter((word) => word !== "");
  const sideWord = (word: string | undefined) => (word === undefined ? undefined : /^(l|lt|left|li)$/i.test(word) ? "L" : /^(r|rt|right|re)$/i.test(word) ? "R" : undefined);
  const last = sideWord(words.at(-1));
  if (last !== undefined) return { side: last, rest: words.slice(0, -1).join("") };
  const first = sideWord(words[0]);
  return first === undefined ? { rest: name } : { side: first, rest: words.slice(1).join("") };
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
