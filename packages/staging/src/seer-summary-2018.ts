import { beforeTreatment, known, primaryLesions, type CaseView, type Finding, type Reason } from "@hapax/case";
import { cite } from "@hapax/references";
import { chaptersNamed } from "./chapter.ts";
import { metastasisEvidence, mOf, openRoles, type Evidence } from "./metastasis.ts";

export type SummaryStage = "localized" | "regional" | "distant";

/** Words of an observation that speak of growth beyond the organ or tissue of origin. */
const beyond = /invad|invasi|exten[ds]|infiltrat|erod|erosion|encas|reaches (into|down)|growing into/i;

/** What speaks for growth beyond the site of origin, or against it. */
function extension(view: CaseView, at: "now" | "diagnosis"): { met: boolean | undefined; reasons: Reason[] } {
  const { lesions } = primaryLesions(view);
  const reasons: Reason[] = [];
  for (const lesion of lesions) {
    const regions = chaptersNamed(lesion.site);
    if (regions.length > 1) reasons.push({ text: `${lesion.name} spans several regions: ${lesion.site}`, entries: [lesion.id], met: true });
  }
  const about = new Set([...lesions, ...openRoles(view)].map((l) => l.id));
  const inTime = (id: string) => at === "now" || beforeTreatment(view, id);
  let denied = false;
  for (const seen of view.all("observation")) {
    if (seen.lesion === undefined || !about.has(seen.lesion) || !inTime(seen.id) || !beyond.test(seen.what)) continue;
    const presence = known(seen.presence);
    if (presence === "present") reasons.push({ text: seen.what, entries: [seen.id], met: true });
    if (presence === "absent") {
      denied = true;
      reasons.push({ text: `${seen.what}: absent`, entries: [seen.id], met: false });
    }
  }
  for (const lesion of openRoles(view)) {
    reasons.push({ text: `${lesion.name}: an extension is regional, a deposit distant, a second primary is staged by itself`, entries: [lesion.id] });
  }
  for (const node of view.all("lesion").filter((l) => known(l.role) === "nodal" && inTime(l.id))) reasons.push({ text: `${node.name}: nodal, regional`, entries: [node.id], met: true });
  const met = reasons.some((r) => r.met === true) ? true : denied ? false : undefined;
  return { met, reasons };
}

function summary(view: CaseView, at: "now" | "diagnosis", evidence: readonly Evidence[], deposits: boolean): { possible: SummaryStage[]; reasons: Reason[] } {
  const m = mOf(evidence);
  const { met, reasons } = extension(view, at);
  if (!m.includes("M0")) return { possible: ["distant"], reasons };
  const possible: SummaryStage[] = met === true ? ["regional"] : met === false ? ["localized"] : ["localized", "regional"];
  return { possible: m.includes("M1") || deposits ? [...possible, "distant"] : possible, reasons };
}

/**
 * SEER Summary Stage 2018 in two findings: at diagnosis, which progression does not revise, and the extent as known
 * up to the time point asked (`#now`).
 *
 * @source seerEod2021
 */
export function seerSummary2018(view: CaseView): Finding<SummaryStage>[] {
  const blank = view.all("lesion").length === 0;
  const finding = (at: "diagnosis" | "now"): Finding<SummaryStage> => {
    const evidence = metastasisEvidence(view, at);
    const deposits = openRoles(view);
    const { possible, reasons } = summary(view, at, evidence, deposits.length > 0);
    const value = possible.length === 1 ? possible[0] : undefined;
    const deciders = [...evidence.filter((e) => e.says === "equivocal"), ...deposits].map((e) => e.name);
    return {
      rule: "staging/seer-summary-2018",
      ...(at === "now" ? { subject: "now" } : {}),
      question: at === "now" ? `Extent ${view.asOf === undefined ? "in the end" : `at ${view.asOf}`}, in the words of SEER` : "Stage at diagnosis, SEER Summary 2018",
      status: blank ? "not recorded" : value === undefined ? "undecided" : "determined",
      ...(value === undefined ? { possible } : { value }),
      text: blank ? "not recorded" : (value ?? `{${possible.join(", ")}}`),
      brief:
        blank ? "no lesion is recorded"
        : value === "distant" ? (evidence.find((e) => e.says === "unequivocal")?.text ?? "metastasis")
        : value !== undefined ? (reasons[0]?.text ?? "")
        : deciders.length === 0 ? "growth beyond the site of origin decides"
        : `${deciders.join(", ").toLowerCase()} ${deciders.length === 1 ? "decides" : "decide"}`,
      because: [...reasons, ...evidence.map((e) => ({ text: e.text, entries: e.entries, met: e.says === "unequivocal" ? true : undefined }))],
      missing:
        value !== undefined || blank
          ? []
          : [
              ...deciders.map((name) => ({ input: `Nature of: ${name}`, decides: "distant or not" })),
              ...(possible.includes("localized") ? [{ input: "Growth beyond the site of origin", decides: "localized or regional" }] : []),
            ],
      assumptions: [],
      source: cite("seerEod2021"),
      caveats: [
        at === "now" ? "progression is not part of a summary stage; this says how far the disease is known to reach" : "what became known only by progression does not count",
        ...(blank || value === "distant" || view.all("imaging").some((i) => i.state === "recorded") ? [] : ["no imaging is recorded that would have shown metastasis: distant disease is not looked for"]),
      ],
    };
  };
  return [finding("diagnosis"), finding("now")];
}
