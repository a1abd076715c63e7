import { show } from "@hapax/base";
import { known, type CaseView, type EntryOf, type Finding, type RuleInfo, type Tri } from "@hapax/case";
import { cite } from "@hapax/references";

/** What an agent does to the clearance of a substrate of CYP3A4 and P-gp. */
export interface Interaction {
  readonly agent: string;
  readonly also?: readonly string[];
  readonly effect: "inhibits" | "induces";
  readonly strength: "strong or moderate" | "weak to moderate";
}

/** Substrates of CYP3A4 and P-gp whose level moves. */
export const substrates: readonly string[] = ["sirolimus", "everolimus", "temsirolimus"];

/** Agents that move their level, as named beside sirolimus; not a complete list of either kind. */
export const interactionTable: readonly Interaction[] = [
  { agent: "ketoconazole", effect: "inhibits", strength: "strong or moderate" },
  { agent: "itraconazole", effect: "inhibits", strength: "strong or moderate" },
  { agent: "voriconazole", effect: "inhibits", strength: "strong or moderate" },
  { agent: "posaconazole", effect: "inhibits", strength: "strong or moderate" },
  { agent: "fluconazole", effect: "inhibits", strength: "strong or moderate" },
  { agent: "clarithromycin", effect: "inhibits", strength: "strong or moderate" },
  { agent: "diltiazem", effect: "inhibits", strength: "strong or moderate" },
  { agent: "cyclosporine", also: ["ciclosporin", "cyclosporin"], effect: "inhibits", strength: "strong or moderate" },
  { agent: "grapefruit", also: ["grapefruit juice"], effect: "inhibits", strength: "strong or moderate" },
  { agent: "rifampin", also: ["rifampicin"], effect: "induces", strength: "strong or moderate" },
  { agent: "phenytoin", effect: "induces", strength: "strong or moderate" },
  { agent: "St John's wort", also: ["hypericum"], effect: "induces", strength: "strong or moderate" },
  { agent: "dexamethasone", effect: "induces", strength: "weak to moderate" },
];

export const interactionsInfo: RuleInfo = {
  id: "systemic/interactions",
  question: "Drug interactions",
  about: "Inhibitors and inducers of CYP3A4 and P-gp beside an mTOR inhibitor, and whether both were taken at one time.",
  source: cite("sirolimusLabel"),
};

const given = (drug: EntryOf<"drug">) => drug.state === "recorded" || drug.state === "completion not recorded";

/** An agent recorded beside a substrate, and whether both were taken at one time. */
export interface RecordedInteraction extends Interaction {
  readonly drug: EntryOf<"drug">;
  readonly overlap: Tri;
  readonly overlapText: string;
}

/** Agents of the table among the drugs of the record. */
export function interactionsWith(view: CaseView, substrate: EntryOf<"drug">): RecordedInteraction[] {
  return view.all("drug").flatMap((drug) => {
    const name = drug.name.trim().toLowerCase();
    const row = interactionTable.find((r) => [r.agent, ...(r.also ?? [])].some((n) => n.toLowerCase() === name));
    if (row === undefined || drug.id === substrate.id || !given(drug)) return [];
    const overlap = overlapOf(view, substrate.id, drug.id);
    return [{ ...row, drug, overlap, overlapText: overlap === undefined ? "at one time: cannot tell" : overlap ? "at one time" : "not at one time" }];
  });
}

/** Whether two courses certainly overlap, certainly do not, or the record does not say. */
export function overlapOf(view: CaseView, a: string, b: string): Tri {
  const [toEndOfA, toEndOfB] = [view.timing.gap(b, a, { end: true }), view.timing.gap(a, b, { end: true })];
  if ([toEndOfA, toEndOfB].some((g) => g.atMostDays !== undefined && g.atMostDays < 0)) return false;
  return [toEndOfA, toEndOfB].every((g) => g.atLeastDays !== undefined && g.atLeastDays >= 0) ? true : undefined;
}

/** One answer per pair recorded; one that says so where there is none. */
export function interactions(view: CaseView): Finding<string>[] {
  return view.all("drug").filter((d) => given(d) && substrates.includes(d.name.trim().toLowerCase())).flatMap((substrate): Finding<string>[] => {
    const found = interactionsWith(view, substrate);
    const others = view.all("drug").filter((d) => d.id !== substrate.id && given(d));
    if (found.length === 0) {
      return [{
        rule: interactionsInfo.id,
        subject: substrate.id,
        question: `Interactions of ${substrate.name}`,
        status: "determined",
        value: "none found",
        text: "none in the table",
        brief: others.length === 0 ? "No other drug is recorded" : `Looked up: ${others.map((d) => d.name).join(", ")}`,
        because: [{ text: `${others.length === 0 ? "No other drug is recorded" : `${others.map((d) => d.name).join(", ")}: not in the table of ${interactionTable.length} agents`}.`, entries: others.map((d) => d.id) }],
        missing: [{ input: "All drugs taken, with over-the-counter ones and grapefruit", decides: `interactions of ${substrate.name}` }],
        assumptions: [],
        source: interactionsInfo.source,
        unverified: ["the table is short and partly recalled"],
      }];
    }
    return found.map((f): Finding<string> => {
      const direction = f.effect === "inhibits" ? "raises" : "lowers";
      const levels = view.all("drugLevel").filter((l) => l.drug === substrate.id);
      return {
        rule: interactionsInfo.id,
        subject: `${substrate.id}/${f.drug.id}`,
        question: `${substrate.name.charAt(0).toUpperCase()}${substrate.name.slice(1)} with ${f.drug.name}`,
        status: f.overlap === undefined ? "undecided" : f.overlap ? "determined" : "not applicable",
        ...(f.overlap === undefined ? { possible: [`${direction} the level`, "not taken at one time"] } : f.overlap ? { value: `${direction} the level` } : {}),
        text: f.overlap === undefined ? `{${direction} the level, not at one time}` : f.overlap ? `${direction} the level` : "not taken at one time",
        brief: `${f.strength.charAt(0).toUpperCase()}${f.strength.slice(1)} ${f.effect === "inhibits" ? "inhibitor" : "inducer"} of CYP3A4; ${f.overlapText}`,
        because: [
          { text: `${f.drug.name} ${f.effect} CYP3A4 (${f.strength}): it ${direction} ${substrate.name}.`, entries: [f.drug.id, substrate.id] },
          { text: f.overlap === undefined ? `Times do not say whether both were taken together.` : f.overlap ? "Both were taken at one time." : "One had ended before the other began.", entries: [f.drug.id, substrate.id] },
          ...levels.flatMap((l) => {
            const after = view.timing.gap(l.id, f.drug.id).atLeastDays;
            return after !== undefined && after >= 0 ? [{ text: `${levels.length > 1 ? levelName(l) : "The level"} was drawn before ${f.drug.name} began: it cannot explain it.`, entries: [l.id, f.drug.id] }] : [];
          }),
        ],
        missing: f.overlap === undefined ? [{ input: view.timing.has(f.drug.id) ? `End of ${substrate.name}` : `Times of ${f.drug.name}`, decides: `whether ${f.drug.name} met it` }] : [],
        assumptions: [],
        source: interactionsInfo.source,
        unverified: ["strength of the effect recalled or from secondary pages"],
      };
    });
  });
}

function levelName(level: EntryOf<"drugLevel">): string {
  const value = known(level.value);
  return value === undefined ? "A level" : `The level of ${show(value)}`;
}
