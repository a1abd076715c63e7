import { beforeTreatment, known, type CaseView, type EntryOf, type Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import type { M } from "./chapter.ts";

/** What the record says of one lesion, or of one observation without a lesion, as a metastasis. */
export interface Evidence {
  readonly name: string;
  readonly lesion: string | undefined;
  readonly says: "unequivocal" | "equivocal" | "no";
  readonly text: string;
  readonly entries: readonly string[];
}

/**
 * Evidence of metastasis, lesion by lesion: the latest observation that speaks of it, else the role of the lesion.
 *
 * @param at  `now` everything seen in this view · `diagnosis` only what was seen before treatment
 */
export function metastasisEvidence(view: CaseView, at: "now" | "diagnosis"): Evidence[] {
  const inTime = (id: string) => at === "now" || beforeTreatment(view, id);
  const lesions = new Map(view.all("lesion").map((l) => [l.id, l]));
  const found = new Map<string, Evidence>();
  for (const seen of view.all("observation")) {
    if (seen.state !== "recorded" || !inTime(seen.id)) continue;
    const lesion = seen.lesion === undefined ? undefined : lesions.get(seen.lesion);
    const role = known(lesion?.role);
    if (role === "primary" || role === "nodal") continue;
    const says = speaks(seen, role);
    if (says === undefined) continue;
    const where = view.timePointOf(seen.id);
    found.set(lesion?.id ?? seen.id, {
      name: lesion?.name ?? seen.what,
      lesion: lesion?.id,
      says,
      text: `${seen.what}${where === undefined ? "" : ` (${where})`}: ${words[says]}`,
      entries: [seen.id],
    });
  }
  for (const lesion of lesions.values()) {
    const role = known(lesion.role);
    if ((role !== "metastasis" && role !== "equivocal") || !inTime(lesion.id)) continue;
    const observed = found.get(lesion.id);
    // A role without a time is what is known in the end; as of a time point only what was seen by then counts.
    const timed = view.timing.has(lesion.id) || (view.asOf === undefined && at === "now");
    if (observed === undefined) {
      const says = role === "metastasis" && timed ? "unequivocal" : "equivocal";
      const why = role === "metastasis" && !timed ? "recorded as metastasis, its time is not recorded" : role === "metastasis" ? "recorded as metastasis" : "recorded as equivocal";
      found.set(lesion.id, { name: lesion.name, lesion: lesion.id, says, text: `${lesion.name}: ${why}`, entries: [lesion.id] });
    } else if (role === "metastasis" && observed.says === "equivocal" && view.asOf === undefined && at === "now") {
      found.set(lesion.id, { ...observed, says: "unequivocal", text: `${lesion.name}: recorded as metastasis`, entries: [lesion.id, ...observed.entries] });
    }
  }
  return [...found.values()];
}

const words = { unequivocal: "unequivocal metastasis", equivocal: "may be metastasis", no: "not metastasis" } as const;

function speaks(seen: EntryOf<"observation">, role: string | undefined): Evidence["says"] | undefined {
  const stated = known(seen.metastatic);
  if (stated !== undefined) return stated;
  if (seen.metastatic?.state === "uncertain" && seen.metastatic.value !== "no") return "equivocal";
  if (known(seen.presence) === "equivocal" && (role === "metastasis" || role === "equivocal")) return "equivocal";
  return undefined;
}

/** M categories that the evidence leaves possible. */
export function mOf(evidence: readonly Evidence[]): M[] {
  if (evidence.some((e) => e.says === "unequivocal")) return ["M1"];
  return evidence.some((e) => e.says === "equivocal") ? ["M0", "M1"] : ["M0"];
}

/** Lesions that may be a second primary, an extension or a deposit: as a deposit they would be M1. */
export function openRoles(view: CaseView): EntryOf<"lesion">[] {
  return view.all("lesion").filter((l) => known(l.role) === "second primary or extension" && beforeTreatment(view, l.id));
}

/** M as it was known up to the time point asked: not revised, but learned. */
export function metastasis(view: CaseView): Finding<M> {
  const evidence = metastasisEvidence(view, "now");
  const possible = mOf(evidence);
  const value = possible.length === 1 ? possible[0] : undefined;
  const looked = view.all("imaging").some((i) => i.state === "recorded") || view.all("observation").length > 0;
  const blank = !looked && evidence.length === 0;
  const equivocal = evidence.filter((e) => e.says === "equivocal");
  const deciding = evidence.filter((e) => e.says === "unequivocal");
  const brief =
    blank ? "no imaging and no observation is recorded"
    : deciding.length > 0 ? deciding.map((e) => e.text).slice(0, 1).join("")
    : equivocal.length > 0 ? `${equivocal.map((e) => e.name.toLowerCase()).join(", ")}: may be metastasis`
    : "nothing recorded speaks for metastasis";
  return {
    rule: "staging/metastasis",
    question: view.asOf === undefined ? "Metastasis, as known in the end" : `Metastasis, as known at ${view.asOf}`,
    status: blank ? "not recorded" : value === undefined ? "undecided" : "determined",
    ...(blank ? { possible: ["M0", "M1"] as const } : value === undefined ? { possible } : { value }),
    text: blank ? "not recorded" : value === undefined ? `{${possible.join(", ")}}` : value === "M0" ? "M0, not contradicted" : value,
    brief,
    because: [
      ...evidence.map((e) => ({ text: e.text, entries: e.entries, met: e.says === "unequivocal" ? true : e.says === "no" ? false : undefined })),
      ...(evidence.length === 0 && !blank ? [{ text: "no lesion and no observation up to here is recorded as metastatic or equivocal" }] : []),
      ...openRoles(view).map((l) => ({ text: `${l.name}: recorded as second primary or extension; as a separate deposit it would be M1`, entries: [l.id] })),
    ],
    missing:
      value === undefined && !blank ? equivocal.map((e) => ({ input: `Nature of: ${e.name}`, decides: "M0 or M1; stage IV if it was there at diagnosis" }))
      : blank ? [{ input: "Imaging for metastases", decides: "M" }]
      : [],
    assumptions: [],
    source: cite("ajcc8", "seerEod2021"),
    caveats: ["this is what was known at that time; the stage at diagnosis is another finding and is not revised by progression"],
  };
}
