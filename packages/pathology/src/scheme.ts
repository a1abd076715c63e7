import type { Assumption, Finding, Missing, Reason, RuleId, Tri } from "@hapax/case";
import type { Reference } from "@hapax/references";
import type { Criterion, Pecoma } from "./pecoma.ts";

/** A condition under which a scheme may be used at all. */
export interface Scope {
  /** Row of the matrix that holds it. */
  readonly row: string;
  readonly asks: string;
  readonly holds: Tri;
  /** Status and words where it does not hold. */
  readonly outside: "out of scope" | "not applicable";
  readonly why: string;
  readonly input: string;
  readonly says: string;
}

/** A published risk scheme, filled in for one tumor: a table that its author could check. */
export interface Scheme<C extends string> {
  readonly rule: RuleId;
  readonly name: string;
  readonly edition: string;
  readonly group: string;
  readonly question: string;
  readonly source: readonly Reference[];
  /** Criteria that are counted, by their row of the matrix. */
  readonly features: Readonly<Record<string, Criterion>>;
  /** Criteria that decide between classes without being counted. */
  readonly besides?: Readonly<Record<string, Criterion>>;
  /** Count from which the scheme speaks of malignant or high risk. */
  readonly needed: number;
  /** Every class, the mildest first. */
  readonly classes: readonly C[];
  /** The class when everything is known; several where the scheme itself leaves it open. */
  classesOf(met: ReadonlySet<string>): readonly C[];
  /** Why several classes remain when every input is known. */
  readonly leftOpen?: string;
  readonly scope?: Scope;
  /** What to add to the class for the eye. */
  readonly saying?: Partial<Record<C, string>>;
  readonly assumptions?: readonly Assumption[];
  readonly caveats?: readonly string[];
  readonly unverified?: readonly string[];
  /** Reasons that are not criteria. */
  readonly because?: readonly Reason[];
  readonly table?: Finding["table"];
}

/** What a scheme can say with what is known, and which unknown inputs decide. */
interface Outcome<C> {
  readonly possible: readonly C[];
  readonly deciding: readonly { readonly criterion: Criterion; readonly withIt: readonly C[]; readonly without: readonly C[] }[];
}

/** Tries every combination of what is not recorded; at most eight inputs, so at most 256 combinations. */
function outcome<C extends string>(scheme: Scheme<C>): Outcome<C> {
  const all = Object.entries({ ...scheme.features, ...scheme.besides });
  const open = all.filter(([, c]) => c.met === undefined);
  const fixed = all.filter(([, c]) => c.met === true).map(([key]) => key);
  const results = Array.from({ length: 2 ** open.length }, (_, mask) =>
    scheme.classesOf(new Set([...fixed, ...open.flatMap(([key], i) => (mask & (1 << i) ? [key] : []))])),
  );
  const collect = (keep: (mask: number) => boolean) => {
    const seen = new Set(results.flatMap((r, mask) => (keep(mask) ? r : [])));
    return scheme.classes.filter((c) => seen.has(c));
  };
  const deciding = open.flatMap(([, criterion], i) => {
    const bit = 1 << i;
    const flips = results.filter((r, mask) => (mask & bit) === 0 && String(r) !== String(results[mask | bit])).length;
    return flips === 0 ? [] : [{ criterion, flips, withIt: collect((m) => (m & bit) !== 0), without: collect((m) => (m & bit) === 0) }];
  });
  return { possible: collect(() => true), deciding: deciding.sort((a, b) => b.flips - a.flips) };
}

/** "{G2, G3}"; a single value stands without braces. */
export function braces(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `{${values.join(", ")}}`;
}

/** Features met and still possible, for the boxes under the matrix. */
export function countBoxes(scheme: Scheme<string>): { met: number; possible: number; of: number; needed: number } {
  const values = Object.values(scheme.features).map((c) => c.met);
  const met = values.filter((v) => v === true).length;
  return { met, possible: values.filter((v) => v === undefined).length, of: values.length, needed: scheme.needed };
}

/** What the scheme says: its class, or the classes still possible with the inputs that decide between them. */
export function answer<C extends string>(scheme: Scheme<C>): Finding<C | "out of scope" | "not applicable"> {
  const { scope, features, besides = {} } = scheme;
  const { possible, deciding } = outcome(scheme);
  const criteria = Object.values({ ...features, ...besides });
  const met = Object.values(features).filter((c) => c.met === true);
  const { possible: open, of } = countBoxes(scheme);
  const say = (classes: readonly C[]) => braces(classes.map((c) => scheme.saying?.[c] ?? c));
  const then = (classes: readonly C[]) => (classes.length > 1 && classes.length === possible.length ? "still open" : say(classes));
  const because: Reason[] = [
    ...(scope === undefined ? [] : [{ text: `condition ${scope.asks}: ${scope.holds === undefined ? `${scope.input.toLowerCase()} not recorded` : scope.says}`, met: scope.holds }]),
    ...criteria.map((c): Reason => ({
      text: `${c.name}: ${c.says === "" ? (c.origin.state === "recorded" ? "not recorded" : c.origin.state) : c.says}`,
      entries: c.origin.entries,
      met: c.met,
    })),
    {
      text:
        open === 0
          ? `${met.length} of ${of} features met; the scheme turns at ${scheme.needed}`
          : `${met.length} of ${of} features met and ${open} not recorded, so ${met.length} to ${met.length + open}; the scheme turns at ${scheme.needed}`,
    },
    ...(scheme.because ?? []),
  ];
  const common = {
    rule: scheme.rule,
    question: scheme.question,
    because,
    assumptions: scheme.assumptions ?? [],
    source: scheme.source,
    caveats: [...criteria.flatMap((c) => c.caveats), ...(scheme.caveats ?? [])],
    ...(scheme.unverified === undefined ? {} : { unverified: scheme.unverified }),
    ...(scheme.table === undefined ? {} : { table: scheme.table }),
  };
  if (scope?.holds === false) {
    return { ...common, status: scope.outside, text: `${scope.outside} (${scope.why})`, brief: `if it were used: ${say(possible)}`, missing: [] };
  }
  const missing: Missing[] = deciding.map((d) => ({
    input: d.criterion.input,
    decides: `${scheme.name} ${scheme.edition}: ${then(d.withIt)} if ${d.criterion.name}, ${then(d.without)} if not`,
    ...stateOfMissing(d.criterion),
  }));
  if (scope !== undefined && scope.holds === undefined) {
    return {
      ...common,
      status: "undecided",
      possible: [...possible, scope.outside],
      text: braces([...possible.map((c) => scheme.saying?.[c] ?? c), scope.outside]),
      brief: `${scope.input.toLowerCase()} decides whether it applies`,
      missing: [{ input: scope.input, decides: `whether ${scheme.name} ${scheme.edition} applies` }, ...missing],
    };
  }
  if (Object.values(features).every((c) => c.met === undefined) && possible.length > 1) {
    return { ...common, status: "not recorded", possible, text: "not recorded", brief: `none of its ${of} features is recorded`, missing };
  }
  const value = possible.length === 1 ? possible[0] : undefined;
  if (value !== undefined) {
    return { ...common, status: "determined", value, text: say([value]), brief: briefCount(scheme, met, open), missing: [] };
  }
  return {
    ...common,
    status: "undecided",
    possible,
    text: say(possible),
    brief: deciding.length === 0 ? (scheme.leftOpen ?? "the scheme leaves it open") : `decided by ${deciding.slice(0, 3).map((d) => d.criterion.input.toLowerCase()).join(", ")}`,
    missing,
  };
}

function stateOfMissing({ origin }: Criterion): Pick<Missing, "state"> {
  return origin.state === "not performed" || origin.state === "uncertain" ? { state: origin.state } : {};
}

function briefCount(scheme: Scheme<string>, met: readonly Criterion[], open: number): string {
  const names = met.length === 0 ? "" : `: ${met.slice(0, 2).map((c) => c.name).join(", ")}${met.length > 2 ? " …" : ""}`;
  return `${met.length}${open === 0 ? "" : ` to ${met.length + open}`} of ${Object.keys(scheme.features).length} features, turns at ${scheme.needed}${names}`;
}

/** A scheme of two classes that turns at `n` features, whatever they are. */
export function malignantAt<C extends string>(n: number, scheme: Omit<Scheme<C | "malignant">, "needed" | "classes" | "classesOf"> & { below: C }): Scheme<C | "malignant"> {
  const { below, ...rest } = scheme;
  const counted = new Set(Object.keys(scheme.features));
  return {
    ...rest,
    needed: n,
    classes: [below, "malignant"],
    classesOf: (met) => [[...met].filter((key) => counted.has(key)).length >= n ? "malignant" : below],
  };
}

const gynecologicSites = { uterus: "uterus", "other gynecologic": "gynecologic, not uterus", other: "not gynecologic" } as const;

/** Whether the site of a tumor is one that a scheme was made for. */
export function siteScope(tumor: Pecoma, kind: "gynecologic" | "uterine" | "not gynecologic"): Scope {
  const { siteGroup } = tumor;
  const holds =
    siteGroup === undefined ? undefined
    : kind === "uterine" ? siteGroup === "uterus"
    : kind === "gynecologic" ? siteGroup !== "other"
    : siteGroup === "other";
  const why = kind === "uterine" ? "for the uterus only" : kind === "gynecologic" ? "for gynecologic sites only" : "for sites that are not gynecologic";
  const place = tumor.place === undefined ? "" : ` (${tumor.place})`;
  return {
    row: "siteGroup",
    asks: kind === "uterine" ? "uterus" : kind,
    holds,
    outside: "out of scope",
    why,
    input: "Site",
    says: siteGroup === undefined ? "" : `${gynecologicSites[siteGroup]}${place}`,
  };
}

/** How a rule asks for an assumption with the reader's change applied: `view.assume`. */
export type Assume = <A extends Assumption>(assumption: A) => A;

/** Assumptions as they stand. */
export const asTheyStand: Assume = (assumption) => assumption;
